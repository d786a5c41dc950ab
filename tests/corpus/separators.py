"""Separators, quotes and the width of rows."""

from __future__ import annotations

from tests.corpus.case import GOOD, csv, good, places

SEMICOLON = {"read": {"delimiter": ";"}}
MANY = [(f"P{n}", round(26 + n / 20, 2), round(12 + n / 30, 2)) for n in range(120)]
LINES = [f"{name},{lat},{lon}" for name, lat, lon in MANY]


CASES = (
    places("semicolons undeclared", csv(good()).replace(",", ";"), refused="delimiter = ';'"),
    places("tabs undeclared", csv(good()).replace(",", "\t"), refused=r"delimiter = '\t'"),
    places("bars undeclared", csv(good()).replace(",", "|"), refused="delimiter = '|'"),
    places("commas declared as semicolons", csv(good(2)), refused="delimiter = ','", **SEMICOLON),
    places("two characters as a delimiter", csv(good(1)), refused="one character",
           read={"delimiter": "::"}),
    places("no character as a delimiter", csv(good(1)), refused="one character",
           read={"delimiter": ""}),
    places("a quote as a delimiter", csv(good(1)), refused="one character",
           read={"delimiter": '"'}),
    places("a line end as a delimiter", csv(good(1)), refused="one character",
           read={"delimiter": "\n"}),
    places("separators and line ends in quotes", csv('"Ras, ""old""\nJedir",33.14,11.55', "x,y"),
           kept=[('Ras, "old"\nJedir', 33.14, 11.55)], out={4: "ragged_row"}),
    places("a quote that never closes", csv(good(1), '"Ghat,24,10', "Sabha,27,14"),
           refused="line 3"),
    places("a quote inside a cell", csv('Well 5" deep,30.13,9.5'),
           kept=[('Well 5" deep', 30.13, 9.5)]),
    places("letters behind a closing quote", csv('"Gh"at,24.96,10.18', good()), kept=GOOD,
           out={2: "ragged_row"}),
    places("a quote lost in the middle of many rows",
           csv(*LINES[:90], '"Gh"at,24.96,10.18', *LINES[90:]), kept=MANY, out={92: "ragged_row"}),
    places("one cell too many", csv("Ghat,old,24.96,10.18", good()), kept=GOOD,
           out={2: "ragged_row"}),
    places("one cell too few", csv(good(), "Ghat,24.96"), kept=GOOD, out={5: "ragged_row"}),
    places("one cell too many deep in many rows", csv(*LINES[:100], "A,B,24,10", *LINES[100:]),
           kept=MANY, out={102: "ragged_row"}),
    places("commas inside numbers without quotes", csv("Ghat,24,96,10,18", "Sabha,27,04,14,43"),
           fails=True, out={2: "ragged_row", 3: "ragged_row"}),
    places("empty cells behind each row", csv(*[f"{line},," for line in good().split("\n")]),
           kept=GOOD),
    places("blank lines between rows", csv("", "Ras Jedir,33.14,11.55", "", " , ,", good(3)[22:]),
           kept=GOOD),
    places("a last line without its end", csv(good()).rstrip("\n"), kept=GOOD),
    places("a header and nothing else", "name,lat,lon\n"),
    places("a header without a line end", "name,lat,lon"),
    places("nothing at all", "", refused="an empty file"),
    places("blanks and line ends only", " \n\t\n\r\n", refused="an empty file"),
    places("a first line that names the separator", "sep=;\n" + csv(good()).replace(",", ";"),
           kept=GOOD, **SEMICOLON),
    places("fewer names declared than cells", good(), fails=True,
           read={"names": ["name", "lat"], "coordinates": "pair"},
           columns={"name": "name", "position": "lat"},
           out={1: "ragged_row", 2: "ragged_row", 3: "ragged_row"}),
    places("a workbook under the name of a text", b"PK\x03\x04" + b"\x14\0\0\0\x08\0" * 9,
           refused="a workbook"),
    places("a packed text under the name of a text", b"\x1f\x8b\x08\0\0\0\0\0\0\x03" * 9,
           refused="packed"),
    places("a login page instead of a table",
           "<!DOCTYPE html>\n<html><body>Log in, please</body></html>\n", refused="web page"),
    places("an answer of a server instead of a table", '{"error": "quota", "code": 429}\n',
           refused="columns"),
    places("rows shifted by a lost separator",
           "name,note,lat,lon\n" + "\n".join(
               f"P{n},x,{26 + n / 20:.2f},{12 + n / 30:.2f}" for n in range(40))
           + "\n12.5,Ghat,old,town\n",
           kept=[(f"P{n}", round(26 + n / 20, 2), round(12 + n / 30, 2)) for n in range(40)],
           out={42: "shifted_row"}),
)  # fmt: skip
