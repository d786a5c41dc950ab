"""Numbers as people write them, and counts that cannot be."""

from __future__ import annotations

from tests.corpus.case import Case, counts, csv, incidents

HEADER = "code,day,people"
DAY = "2024-01-05"


def one(name: str, text: str, value: float | None, **more: object) -> Case:
    """A single count that is read as a value."""
    return counts(name, _lines(text), kept=[("LBY", DAY, value)], **more)


def wrong(name: str, text: str, rule: str = "not_a_number", **more: object) -> Case:
    """A count that is rejected beside three good ones."""
    good = [f"LBY,2024-01-0{n},{n}" for n in (1, 2, 3)]
    return counts(name, _lines(text, *good), out={2: rule},
                  kept=[("LBY", f"2024-01-0{n}", n) for n in (1, 2, 3)], **more)  # fmt: skip


def _lines(text: str, *others: str) -> str:
    return csv(f'LBY,{DAY},"{text}"', *others, header=HEADER)


COMMA = {"read": {"decimal": ","}}
CASES = (
    one("thousands by commas", "1,234", 1234),
    one("millions by commas, with decimals", "1,234,567.5", 1234567.5),
    one("thousands by points, decimal comma", "1.234.567,5", 1234567.5, **COMMA),
    one("thousands by narrow blanks", "12\u202f000", 12000),
    one("thousands by blanks", "1 234 567", 1234567),
    one("thousands by apostrophes", "12’345", 12345),
    one("arabic digits", "١٢٣٤", 1234),
    one("arabic digits with their own marks", "١٬٢٣٤٫٥", 1234.5),
    one("persian digits with arabic marks and a decimal comma declared", "۱۲٫۵", 12.5, **COMMA),
    one("a plus sign and an exponent", "+1.2e3", 1200),
    one("a count withheld", "<5", None, said=["withheld_count"]),
    one("a count withheld with another sign", "≤ 10", None, said=["withheld_count"]),
    one("a blank count", "  ", None),
    one("a word for missing, declared", "n/d", None, read={"missing": ["n/d"]}),
    one("thousands by points read as decimals", "1.234", 1.234, said=["decimal = ','"]),
    one("thousands by commas read as decimals", "1,234", 1.234, said=["decimal = '.'"], **COMMA),
    wrong("a word for missing, undeclared", "N/A"),
    wrong("thousands by letters", "1.2k"),
    wrong("more than", "500+"),
    wrong("about", "~500"),
    wrong("a range", "5-10"),
    wrong("a range with a long dash", "5–10"),
    wrong("a percentage", "5%"),
    wrong("an amount with its unit", "12 people"),
    wrong("grouped in lakhs", "1,23,456"),
    wrong("a decimal comma undeclared", "12,5"),
    wrong("a bookkeeper's minus", "(5)"),
    wrong("not a number", "NaN"),
    wrong("infinity", "inf"),
    wrong("so large that it is infinite", "1e999", "out_of_range"),
    wrong("hexadecimal", "0x10"),
    wrong("underscores", "1_000"),
    wrong("digits raised", "1²"),
    wrong("a fraction", "½"),
    wrong("a formula", "=1+1"),
    wrong("a failed formula", "#REF!"),
    wrong("two minus signs", "--5"),
    wrong("three decimal points", "1.2.3"),
    wrong("a word", "many"),
    wrong("a negative count", "-1", "out_of_range"),
    wrong("a negative count with a typographic minus", "−12", "out_of_range"),
    wrong("more people than a country has", "900000000", "out_of_range"),
    wrong("a filler of nines below zero", "-9999", "out_of_range"),
    one("devanagari digits", "१२", 12),
    one("full-width digits", "１２", 12),
    counts("most counts are words", csv("LBY,2024-01-01,x", "LBY,2024-01-02,y", "LBY,2024-01-03,3",
           header=HEADER), fails=True, kept=[("LBY", "2024-01-03", 3)],
           out={2: "not_a_number", 3: "not_a_number"}),
    counts("totals rows in four languages", csv("LBY,2024-01-01,1", "TOTAL,,9", "Total général,,9",
           "المجموع,,9", "Totale:,,9", header=HEADER), kept=[("LBY", "2024-01-01", 1)], fails=True,
           out=dict.fromkeys((3, 4, 5, 6), "total_row")),
    counts("a last row of sums without a word", csv("LBY,2024-01-01,1", "TUN,2024-01-01,2",
           "DZA,2024-01-01,0", ",,3", header=HEADER), out={4: "outside_operation", 5: "total_row"},
           kept=[("LBY", "2024-01-01", 1), ("TUN", "2024-01-01", 2)]),
    counts("a last row that only looks like sums", csv("LBY,2024-01-01,1", "TUN,2024-01-01,2",
           "TUN,2024-01-02,3", ",2024-01-02,7", header=HEADER), out={5: "missing_required"},
           kept=[("LBY", "2024-01-01", 1), ("TUN", "2024-01-01", 2), ("TUN", "2024-01-02", 3)]),
    counts("a repeated row", csv("LBY,2024-01-01,1", "TUN,2024-01-01,2", "LBY,2024-01-01,1",
           header=HEADER), out={4: "repeated_row"},
           kept=[("LBY", "2024-01-01", 1), ("TUN", "2024-01-01", 2)]),
    counts("two counts of one day, the newer report wins",
           "code,day,people,said\nLBY,2024-01-01,1,2024-01-02\nLBY,2024-01-01,4,2024-01-09\n",
           columns={"place_code": "code", "start": "day", "reported": "said"},
           unique=["place_code", "start"], latest="reported", out={2: "superseded"},
           kept=[("LBY", "2024-01-01", 4)]),
    counts("two counts of one day, no report is newer",
           "code,day,people,said\nLBY,2024-01-01,1,2024-01-02\nLBY,2024-01-01,4,2024-01-02\n",
           columns={"place_code": "code", "start": "day", "reported": "said"},
           unique=["place_code", "start"], latest="reported", out={3: "repeated_row"},
           kept=[("LBY", "2024-01-01", 1)]),
    counts("a cumulative count that falls", csv("LBY,2024-01-01,5", "LBY,2024-01-02,3",
           header=HEADER), cumulative="year", said=["declared cumulative (rows 3)"],
           kept=[("LBY", "2024-01-01", 5), ("LBY", "2024-01-02", 3)]),
    counts("zeros behind the day up to which was counted",
           "code,day,people,upto\nLBY,2024-01-01,5,2024-01-02\nLBY,2024-01-03,0,2024-01-02\n",
           columns={"place_code": "code", "start": "day", "reported": "upto"},
           unknown_after="reported", said=["unknown_after: 1"],
           kept=[("LBY", "2024-01-01", 5), ("LBY", "2024-01-03", None)]),
    incidents("an impossible count of an incident that happened",
              csv("2024-01-01,33,12,3,-1", "2024-01-02,33.5,12.5,2,1",
                  header="day,lat,lon,dead,missing"), said=["impossible_count: 1"],
              kept=[("2024-01-01", 3, None), ("2024-01-02", 2, 1)]),
    incidents("a column of counts that is mostly impossible",
              csv("2024-01-01,33,12,3,-1", "2024-01-02,33.5,12.5,2,-1", "2024-01-03,33.2,12.1,2,1",
                  header="day,lat,lon,dead,missing"), fails=True, kept=[("2024-01-03", 2, 1)],
              out={2: "out_of_range", 3: "out_of_range"}),
)  # fmt: skip
