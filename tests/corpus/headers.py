"""Headers: tags, several rows, titles above, footers below, names that repeat."""

from __future__ import annotations

from tests.corpus.case import GOOD, PLACED, SHOWN, counts, csv, good, places

TAGGED = {"name": "#loc+name", "lat_deg": "#geo+lat", "lon_deg": "#geo+lon"}
TAGS = "#loc+name,#geo+lat,#geo+lon"
DAY = "2024-01-05"
SERIES = {"place_code": "code", "start": "day"}


CASES = (
    places("tags right below the header", csv(TAGS, good()), columns=TAGGED, kept=GOOD),
    places("tags below a translated header", csv("nom,nord,est", TAGS, good()), columns=TAGGED,
           kept=GOOD, out={2: "not_a_position"}),
    places("tags with blanks, capitals and attributes in another order",
           csv("#LOC +name,# geo+lat,#geo +LON", good()), columns=TAGGED, kept=GOOD),
    places("tags win over headers that are exchanged", "name,lon,lat\n" + TAGS + "\n" + good()
           + "\n", columns=TAGGED | {"lat_deg": ["lat", "#geo+lat"], "lon_deg": ["lon", "#geo+lon"]},
           kept=GOOD),
    places("a header that its tag contradicts", "name,lat,lon\n#loc+name,#geo+lon,#geo+lat\n"
           "Ras Jedir,33.14,11.55\n", said=["declared as lat_deg but tagged #geo+lon"],
           kept=[GOOD[0]]),
    places("a tag that the file lacks", csv(good()), columns=TAGGED, refused="#loc+name"),
    places("a row of tags only in one column is data", csv("#tag,33.2,11.5", good()),
           kept=[("#tag", 33.2, 11.5), *GOOD]),
    places("titles above the header", "Points of entry\n\nUpdated 2024\n" + csv(good()),
           read={"header_row": 4}, kept=GOOD),
    places("titles above the header, undeclared", "Points of entry,,\n,,\n" + csv(good()),
           refused="a column 'name'"),
    places("a header row beyond the end", csv(good()), read={"header_row": 40},
           refused="header in row 40"),
    places("a header in two rows", "Place,Position,\n,North,East\n" + good() + "\n",
           read={"header_rows": 2}, kept=GOOD,
           columns={"name": "Place", "lat_deg": "Position / North", "lon_deg": "Position / East"}),
    places("a header that repeats on each page", csv(good(2), "name,lat,lon",
           "Sabha,27.04,14.43"), kept=GOOD, out={4: "not_a_position"}),
    places("a footer with its source", csv(good(), "Source: IOM,,", "* estimated,,"), kept=GOOD,
           out={5: "missing_required", 6: "missing_required"}),
    places("a row of totals", csv(good(), "Total,,"), kept=GOOD, out={5: "total_row"}),
    places("a petrol station called Total", csv(good(), "Total,33.2,11.4"),
           kept=[*GOOD, ("Total", 33.2, 11.4)]),
    places("a row of units below the header", csv("text,degrees,degrees", good()), kept=GOOD,
           out={2: "not_a_position"}),
    places("names of columns twice", "name,lat,lon,lat\nRas Jedir,33.14,11.55,99\n",
           kept=[GOOD[0]], said=["the name of column 'lat' occurs again; read as 'lat (2)'"]),
    places("columns without names", "name,lat,lon,,\nRas Jedir,33.14,11.55,x,\n", kept=[GOOD[0]]),
    places("names with capitals and blanks", " NAME , Lat ,LON\n" + good() + "\n", kept=GOOD),
    places("two names that differ in capitals only", "name,lat,Lat,lon\nA,33.1,99,12.5\n",
           kept=[("A", 33.1, 12.5)]),
    places("two names that fit equally", "name,LAT,Lat,lon\nA,33.1,99,12.5\n",
           refused="a column 'lat'"),
    places("a name with a line end in it", 'name,"lat\n(WGS84)",lon\nA,33.1,12.5\n',
           columns=PLACED | {"lat_deg": "lat (WGS84)"}, kept=[("A", 33.1, 12.5)]),
    places("a column that is not there", "name,latitude,lon\nA,33.1,12.5\n",
           refused="found columns name, latitude, lon"),
    places("columns declared by nobody, known by their headers", "Nom,Latitude,Longitude\n"
           + good() + "\n", columns={"name": "Nom"}, kept=GOOD,
           said=["column 'Latitude' taken for lat_deg: declare it"]),
    places("columns declared by nobody, known in arabic", "الاسم,خط العرض,خط الطول\n" + good()
           + "\n", columns={"name": "الاسم"}, kept=GOOD, said=["taken for lon_deg"]),
    places("columns declared by nobody, two of which would do", "name,lat,latitude,lon\n"
           "A,33.1,33.1,12.5\n", columns={"name": "name"}, out={2: "missing_required"},
           fails=True),
    places("a code that any row may have, declared by two headers in turn",
           "name,lat,lon,nom\n,33.14,11.55,Ras Jedir\nGhadames,30.13,9.5,x\n",
           columns=PLACED | {"name": ["name", "nom"]}, kept=GOOD[:2]),
    places("more columns than any table has",
           ",".join(["name", "lat", "lon", *(f"c{n}" for n in range(300))]) + "\nA,33.1,12.5"
           + ",1" * 300 + "\n", kept=[("A", 33.1, 12.5)]),
    places("a header of numbers", "1,2,3\nA,33.1,12.5\n",
           columns={"name": "1", "lat_deg": "2", "lon_deg": "3"}, kept=[("A", 33.1, 12.5)]),
    counts("a measure that the file lacks", csv(f"LBY,{DAY},3", header="code,day,persons"),
           columns=SERIES, refused="a column 'people'"),
    places("markup and templates in cells",
           csv('"<script>alert(1)</script>",33.14,11.55', '"{{7*7}} ${7*7}",30.13,9.5',
               '"=HYPERLINK(""http://x.test"",""y"")",27.04,14.43', "'; DROP TABLE x;--,33.2,11.5",
               "file:///etc/passwd,33.3,11.6", "/vsicurl/http://x.test/a.csv,33.4,11.7",
               "@SUM(A1:A9),33.5,11.8", "%s%n%x,33.6,11.9"),
           kept=[("<script>alert(1)</script>", 33.14, 11.55), ("{{7*7}} ${7*7}", 30.13, 9.5),
                 ('=HYPERLINK("http://x.test","y")', 27.04, 14.43),
                 ("'; DROP TABLE x;--", 33.2, 11.5), ("file:///etc/passwd", 33.3, 11.6),
                 ("/vsicurl/http://x.test/a.csv", 33.4, 11.7), ("@SUM(A1:A9)", 33.5, 11.8),
                 ("%s%n%x", 33.6, 11.9)]),
    places("markup taken out where declared", csv('"<p>Ghat &amp; <b>Co</b></p>",24.96,10.18',
           '"<script>steal()</script>Sebha",27.04,14.43'), read={"html": True},
           kept=[("Ghat & Co", 24.96, 10.18), ("Sebha", 27.04, 14.43)]),
    places("a cell of a hundred thousand letters", csv("A" * 100_000 + ",33.1,12.5"),
           kept=[("A" * 100_000, 33.1, 12.5)], shown=SHOWN),
)  # fmt: skip
