"""Codes and names of countries and areas, and words of closed lists."""

from __future__ import annotations

from tests.corpus.case import counts, csv, places

HEADER = "code,day,people"
DAY = "2024-01-01"
AREAS = {"constants": {"place_level": "area"}}
CROSSING = {"job": "crossings", "constants": {}, "table": "crossings"}
NAMED = {"name": "name", "lat_deg": "lat", "lon_deg": "lon"}


def _rows(*codes: str) -> str:
    return csv(*[f"{code},{DAY},{n}" for n, code in enumerate(codes, start=1)], header=HEADER)


CASES = (
    counts("codes with zeros in front", _rows("0101", "0201"), kept=[("0101", DAY, 1),
           ("0201", DAY, 2)], **AREAS),
    counts("codes that lost their zeros, mended", _rows("101", "0201"), repair=["pcode_zeros"],
           kept=[("0101", DAY, 1), ("0201", DAY, 2)], said=["pcode_zeros: 1"], **AREAS),
    counts("a code that looks like a power of ten", _rows("1E05", "LY0101"),
           kept=[("1E05", DAY, 1), ("LY0101", DAY, 2)], **AREAS),
    counts("the code of Namibia is no missing value", _rows("NA", "LY0101"), **AREAS,
           kept=[("NA", DAY, 1), ("LY0101", DAY, 2)]),
    counts("an area of another country", _rows("FR1234", "LY0101"), kept=[("LY0101", DAY, 2)],
           out={2: "outside_operation"}, **AREAS),
    counts("countries by names in four languages", _rows("Libye", "Túnez", "ليبيا", "Libya"),
           kept=[("LBY", DAY, 1), ("LBY", DAY, 4)], out={3: "unknown_word", 4: "unknown_word"}),
    counts("countries by codes of two letters and in small ones", _rows("ly", "tun"),
           kept=[("LBY", DAY, 1), ("TUN", DAY, 2)]),
    counts("a country that is none", _rows("Wadiya", "LBY", "TUN"), out={2: "unknown_word"},
           kept=[("LBY", DAY, 2), ("TUN", DAY, 3)]),
    counts("a country misspelt", _rows("Lybia", "LBY"), out={2: "unknown_word"},
           kept=[("LBY", DAY, 2)]),
    counts("a blank code", _rows("", "LBY"), out={2: "missing_required"},
           kept=[("LBY", DAY, 2)]),
    counts("a code of the words for missing", _rows("#N/A", "LBY"), out={2: "unknown_word"},
           kept=[("LBY", DAY, 2)]),
    places("a country that is none beside a position", csv("Post,33.14,11.55,Wadiya",
           header="name,lat,lon,land"), columns=NAMED | {"country": "land"},
           kept=[("Post", 33.14, 11.55)], said=["country that is not known: 'Wadiya'"], **CROSSING),
    places("a word that no list has", csv("Post,33.14,11.55,ajar", "Gate,33.2,11.5,Open",
           header="name,lat,lon,state"), columns=NAMED | {"status": "state"},
           out={2: "unknown_word"}, kept=[("Gate", 33.2, 11.5, "open")],
           shown=("name", "lat_deg", "lon_deg", "status"), **CROSSING),
    places("words translated, all others unknown", csv("Post,33.14,11.55,Ouvert",
           "Gate,33.2,11.5,hors service", "Pass,33.3,11.4,", header="name,lat,lon,state"),
           columns=NAMED | {"status": "state"}, values={"status": {"ouvert": "open", "*": ""}},
           kept=[("Post", "open"), ("Gate", "unknown"), ("Pass", "unknown")],
           shown=("name", "status"), **CROSSING),
    places("a flag that is neither yes nor no", csv("Boat,33.1,12.5,sea,40,6,1,perhaps",
           "Ship,33.2,12.6,sea,40,6,1,oui", header="name,lat,lon,m,s,e,b,r"), job="assets",
           constants={}, columns=NAMED | {"medium": "m", "speed_km_h": "s", "endurance_h": "e",
           "mobilise_h": "b", "ready": "r"}, shown=("name", "ready"), kept=[("Ship", 1.0)],
           out={2: "not_a_flag"}),
    places("a row that speaks of something else", csv("A,33.1,12.5,well", "B,33.2,12.6,camp",
           header="name,lat,lon,kind"), where={"kind": ["camp"]}, kept=[("B", 33.2, 12.6)],
           out={None: "not_selected"}),
    places("a job that knows no such field", csv("A,33.1,12.5"), columns=NAMED | {"statu": "name"},
           refused="unknown field 'statu'"),
    places("two records of one site", csv("Camp A,33.1,12.5", "camp a,33.1001,12.5001",
           "Camp A,33.4,12.5"), job="sites", constants={}, out={3: "duplicate_site"},
           kept=[("Camp A", 33.1, 12.5), ("Camp A", 33.4, 12.5)]),
)  # fmt: skip
