"""Persons: in columns, cells, headers, names of files; registrations."""

from __future__ import annotations

from tests.corpus.case import GOOD, PLACED, Case, csv, good, places

MAIL, PHONE, NAME = "amal.said@example.org", "+218 91 123 4567", "Amal Said"
PASSPORT = "P<LBYSAID<<AMAL<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"
IBAN = "DE89370400440532013000"


def beside(name: str, header: str, *values: str, said: str = "left out") -> Case:
    """Good places beside a column that holds people."""
    given = values if len(values) == 3 else values * 3
    rows = [f'{line},"{value}"' for line, value in zip(good().split("\n"), given, strict=True)]
    return places(name, csv(*rows, header=f"name,lat,lon,{header}"), kept=GOOD, said=[said],
                  never=[value for value in given if value])  # fmt: skip


CODES = [f"{row}" for row in good().split("\n")]
REGISTER = {"job": "registrations", "columns": {"place_code": "post", "date": "day", "sex": "sex",
            "age": "age", "record_id": "id"}, "table": "series", "constants": {},
            "shown": ("place_code", "start", "value")}  # fmt: skip


CASES = (
    beside("telephones under their header", "Contact phone", PHONE),
    beside("telephones under a header that says nothing", "field_7", PHONE, "00218911234568",
           "+218 92 765 4321"),
    beside("addresses of mail under a header that says nothing", "x", MAIL, "b@example.org",
           "c@example.org"),
    beside("names under an arabic header", "الاسم الكامل", NAME),
    beside("names under a spanish header", "Nombre completo", NAME),
    beside("lines of passports", "scan", PASSPORT),
    beside("bank accounts", "ref", IBAN),
    beside("free text", "story", "she said that her brother who left in the spring from the house by "
           "the old well has not called since and that she fears for him every day"),
    places("records inside cells", csv(*[f'{line},"{{""phone"": ""{PHONE}""}}"' for line in CODES],
           header="name,lat,lon,raw"), kept=GOOD, said=["a name inside"], never=[PHONE]),
    places("a tag of people", "name,lat,lon,q\n#loc,#geo+lat,#geo+lon,#contact+name\n"
           + "\n".join(f"{line},{NAME}" for line in CODES) + "\n", kept=GOOD, never=[NAME],
           said=["its tag"]),
    places("a second header row that names people", csv(",,,Telephone", *[f"{line},x{n}"
           for n, line in enumerate(CODES)], header="name,lat,lon,q12"), kept=GOOD, said=["second header row"],
           out={2: "missing_required"}, never=["x0"]),
    places("a column that the declaration drops", csv(*[f"{line},{NAME}" for line in CODES],
           header="name,lat,lon,who"), drop=["who"], kept=GOOD, never=[NAME]),
    places("a telephone in the cell of a number", csv(f"X,{PHONE},12.5", good()), kept=GOOD,
           out={2: "not_a_position"}, never=[PHONE]),
    places("a person in the row that has a cell too many", csv(f"X,33.1,12.5,{NAME},{PHONE}",
           good()), kept=GOOD, out={2: "ragged_row"}, never=[NAME, PHONE]),
    places("a person in the name of the file", csv("X,N,12.5", good()), kept=GOOD,
           file=f"list of {MAIL}.csv", out={2: "not_a_position"}, never=[MAIL]),
    places("a person for a header", f"{NAME},{PHONE},x\n" + good(), never=[PHONE, NAME],
           refused="column 1"),
    places("a personal column declared as a name", csv(*[f"{line},{PHONE}" for line in CODES],
           header="label,lat,lon,phone"), columns=PLACED | {"name": "phone"}, never=[PHONE],
           refused="personal data in column 'phone'"),
    places("persons alike are several persons", "post,day,sex,age\nLBY1,2024-01-05,F,34\n"
           "LBY1,2024-01-05,F,34\n", **(REGISTER | {"columns": {"place_code": "post", "date": "day",
           "sex": "sex", "age": "age"}}), kept=[("LBY1", "2024-01-05", 2)], records=2),
)  # fmt: skip
