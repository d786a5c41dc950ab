"""Positions: notations, zeros, exchanged and foreign ones."""

from __future__ import annotations

from tests.corpus.case import GOOD, PLACED, Case, csv, good, places

LAND = PLACED | {"country": "land"}
HEADER = "name,lat,lon,land"
LOCATED = {"name": "name", "position": "at"}


def bad(name: str, lat: str, lon: str, rule: str, **more: object) -> Case:
    """A row with a wrong position before three good ones."""
    return places(name, csv(f'X,"{lat}","{lon}"', good()), kept=GOOD, out={2: rule}, **more)


def claimed(name: str, lat: str, lon: str, land: str, rule: str) -> Case:
    """A row whose position contradicts its country, beside three that agree."""
    rows = [",".join((n, str(a), str(b), "TUN" if b < 11 else "LBY")) for n, a, b in GOOD]
    rows[1] = "Ghadames,30.13,9.5,LBY"
    return places(name, csv(f"X,{lat},{lon},{land}", *rows, header=HEADER), columns=LAND,
                  kept=GOOD, out={2: rule})  # fmt: skip


def text(name: str, form: str, written: str, lat: float, lon: float, **more: object) -> Case:
    """A position in one text, in a notation."""
    return places(name, csv(f'X,"{written}"', header="name,at"), columns=LOCATED,
                  read={"coordinates": form}, kept=[("X", lat, lon)], **more)  # fmt: skip


def unread(name: str, form: str, written: str, *, rule: str = "not_a_position") -> Case:
    """A text that is no position in its notation."""
    return places(name, csv(f'X,"{written}"', header="name,at"), columns=LOCATED, fails=True,
                  read={"coordinates": form}, out={2: rule})  # fmt: skip


CASES = (
    bad("zero and zero", "0", "0.0", "position_zero"),
    bad("one number twice", "33.14", "33.14", "lat_equals_lon"),
    bad("a latitude beyond the pole", "95.2", "12.1", "out_of_range"),
    bad("a longitude beyond the antimeridian", "33.1", "190.5", "out_of_range"),
    bad("a longitude counted to 360", "33.1", "371.5", "out_of_range"),
    bad("a blank latitude", "", "12.1", "missing_required"),
    bad("blank both", " ", " ", "missing_required"),
    bad("a word for missing", "N/A", "12.1", "not_a_position"),
    bad("not a number in degrees", "nan", "nan", "not_a_position"),
    bad("infinite", "inf", "12", "not_a_position"),
    bad("a decimal comma in degrees", "33,14", "12,1", "not_a_position"),
    bad("a decimal comma with three digits", "33,145", "12,125", "projected_position"),
    bad("metres of a zone", "3641234", "312345", "projected_position"),
    bad("metres of web mercator", "3915000", "1336000", "projected_position"),
    bad("degrees and minutes undeclared", "33°08'24''", "11°33'00''", "not_a_position"),
    bad("degrees with a sign", "33.14°", "11.55°", "not_a_position"),
    bad("a letter behind the degrees", "33.14N", "11.55E", "not_a_position"),
    bad("outside the operation", "48.85", "2.35", "outside_operation"),
    bad("the other side of the earth", "-33.14", "-168.45", "outside_operation"),
    claimed("another country than said", "45.1", "5.2", "LBY", "wrong_country"),
    claimed("exchanged against its country", "13.2", "32.9", "LBY", "position_swapped"),
    claimed("a longitude of the wrong sign", "33.5", "-9.6", "TUN", "longitude_sign"),
    places("exchanged and mended", csv("X,12.1,32.9,LBY", "Y,32.5,13.5,LBY", header=HEADER),
           columns=LAND, repair=["swapped"], kept=[("X", 32.9, 12.1), ("Y", 32.5, 13.5)],
           said=["swapped: 1"]),
    places("exchanged throughout", csv("A,11.55,33.14", "B,9.5,30.13", "C,14.43,27.04"),
           fails=True, out=dict.fromkeys((2, 3, 4), "position_swapped")),
    places("exchanged throughout and mended", csv("A,11.55,33.14", "B,9.5,30.13", "C,14.43,27.04"),
           repair=["swapped"], said=["swapped: 3"],
           kept=[("A", 33.14, 11.55), ("B", 30.13, 9.5), ("C", 27.04, 14.43)]),
    places("three records on the middle of a country", csv("A,27.0437,18.0233", "B,27.0437,18.0233",
           "C,27.0437,18.0233", good()), kept=GOOD,
           out=dict.fromkeys((2, 3, 4), "country_centroid")),
    places("one place for five countries", csv("A,33.1,12.5,LBY", "B,33.1,12.5,SDN",
           "C,33.1,12.5,ERI", "D,33.1,12.5,SOM", "E,33.1,12.5,ETH", "F,33.1,12.5,LBY",
           "G,32.9,13.2,LBY", header=HEADER), columns=LAND, fails=True,
           kept=[("A", 33.1, 12.5), ("F", 33.1, 12.5), ("G", 32.9, 13.2)],
           out=dict.fromkeys((3, 4, 5, 6), "placeholder_position")),
    places("decimal commas declared", csv('X,"33,14","11,55"'), read={"decimal": ","},
           kept=[("X", 33.14, 11.55)]),
    places("arabic digits in degrees", csv("X,٣٣٫١٤,١١٫٥٥"), kept=[("X", 33.14, 11.55)]),
    text("a pair in brackets with height", "pair", "(33.14, 11.55, 20)", 33.14, 11.55),
    text("a pair with decimal commas", "pair", "33,14; 11,55", 33.14, 11.55),
    text("degrees, minutes, seconds with odd marks", "dms", "33°08′24″N 11°33´00”E", 33.14, 11.55),
    text("degrees and minutes in arabic", "dms", "33°08.4' شمالا، 11°33' شرقا", 33.14, 11.55),
    text("east in spanish", "dms", "33°08.4' norte, 11°33' este", 33.14, 11.55),
    text("compact degrees of a port", "unlocode", "3308N 01133E", 33.133333, 11.55),
    text("a point as text", "wkt", "POINT (11.55 33.14)", 33.14, 11.55),
    text("a point as text with its system", "wkt", "SRID=4326;POINT(11.55 33.14)", 33.14, 11.55),
    text("a block as a position", "wkt", "POLYGON ((11 33, 13 33, 13 35, 11 35, 11 33))", 34, 12),
    unread("sixty minutes", "unlocode", "3360N 01133E"),
    unread("degrees without minutes", "unlocode", "33N 11E"),
    unread("half a pair", "pair", "33.14"),
    unread("a pair of words", "pair", "north, east"),
    unread("ninety minutes", "dms", "33°90'N 11°33'E"),
    unread("two norths", "dms", "33°08'N 11°33'N"),
    unread("an empty point", "wkt", "POINT EMPTY", rule="not_a_position"),
    unread("a point of three words", "wkt", "POINT (x y)"),
    unread("a square with an odd number of digits", "mgrs", "32SPB123"),
    unread("a square with a letter that does not exist", "mgrs", "32IPB1234"),
    unread("a zone above sixty", "utm", "61S 312345 3641234"),
    unread("an easting of a few metres", "utm", "32S 12 34"),
    places("one angle per column with letters", csv('X,"33 08.4 N","011 33 E"', 'Y,"33 08.4 N",x'),
           read={"coordinates": "dms"}, kept=[("X", 33.14, 11.55)], out={3: "not_a_position"}),
)  # fmt: skip
