"""Counts over time: latest report, fillers, blanks, codes, whole years."""

from datetime import date

import pytest

from etl.gazetteer import gazetteer
from etl.series import series
from etl.statements import statements
from geo_data import tables
from geo_data.sources import Measure, Read
from tests.declared import TODAY, operation, raw, source

LANDINGS = {
    "columns": {"start": "day", "reported": "report"},
    "constants": {"place_code": "TUN", "place_level": "country"},
    "measures": [Measure(column="n", quantity="arrivals_people")],
    "unique": ["start"], "latest": "reported", "unknown_after": "reported",
}  # fmt: skip


def given(rows, **more):
    declared = source("series", **LANDINGS | more)
    return series(raw(rows), declared, operation(), today=TODAY)


def day(number, report, people):
    return {"day": f"2024-05-{number:02}", "report": f"2024-05-{report:02}", "n": people}


def test_the_latest_report_about_a_day_counts():
    """Three days, the second in two reports: the older record is superseded."""
    account = given([day(1, 15, "10"), day(2, 15, "20"), day(2, 31, "25"), day(3, 31, "0")])
    assert account.reasons() == {"superseded": 1}
    assert account.tables["series"]["value"].tolist() == [10, 25, 0]


def test_zeros_after_the_report_are_unknown():
    """A filler is not an observation of nobody; an observed zero stays, and so does a number."""
    account = given([day(14, 15, "0"), day(16, 15, "0"), day(17, 15, "4")])
    values = account.tables["series"]["value"]
    assert (values[0], values.isna()[1], values[2]) == (0, True, 4)
    assert [(repair.rule, repair.rows) for repair in account.repairs] == [("unknown_after", 1)]


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"n": "0[VALORE]0"}, "not_a_number"), ({"n": "-1"}, "out_of_range"),
        ({"day": "2024-04-31"}, "not_a_date"), ({"day": None}, "missing_required"),
        ({"day": "2024-07-01", "report": "2024-06-01"}, "future_date"), ({"n": None}, None),
    ],
)  # fmt: skip
def test_broken_records(broken, rule):
    """April has no 31st day; a blank is an unknown value, not a broken one."""
    assert given([day(1, 15, "10") | broken]).reasons() == ({rule: 1} if rule else {})


WIDE = {
    "columns": {"place_code": "code", "partner_code": "from", "start": "year"},
    "constants": {"place_level": "country"}, "unique": [], "latest": None, "unknown_after": None,
    "measures": [Measure(column="r", quantity="refugees_people"),
                 Measure(column="x", quantity="others_people", group="host")],
}  # fmt: skip


def test_a_record_with_two_measures_counts_once():
    """Two values, one row in and one accepted; the blank one is unknown."""
    account = given([{"code": "LBY", "from": "SDN", "year": "2020", "r": "7", "x": None}], **WIDE)
    table = account.tables["series"]
    assert (account.rows_in, account.accepted, len(table)) == (1, 1, 2)
    assert table["group"].fillna("").tolist() == ["", "host"]
    assert table["value"].fillna(-1).tolist() == [7, -1]
    assert table.loc[0, ["start", "end"]].map(lambda d: d.date()).tolist() == [
        date(2020, 1, 1), date(2020, 12, 31),
    ]  # fmt: skip
    assert tables.as_arrow("series", table).num_rows == 2


@pytest.mark.parametrize(
    ("code", "origin", "rule"),
    [
        ("LBY", "SDN", None), ("DEU", "LBY", None), ("DEU", "SDN", "outside_operation"),
        ("Libya", None, None), ("AB9", None, "unknown_word"), ("Total", None, "total_row"),
    ],
)  # fmt: skip
def test_countries_of_the_operation(code, origin, rule):
    """A record counts if it begins or ends here; sums of others and unknown codes do not."""
    account = given([{"code": code, "from": origin, "year": "2020", "r": "7", "x": "1"}], **WIDE)
    assert account.reasons() == ({rule: 1} if rule else {})


def test_district_codes_tell_their_country():
    """A p-code of Tunisia stays, one of Mali goes, one that says nothing stays."""
    districts = WIDE | {"constants": {"place_level": "admin2"}}
    rows = [
        {"code": c, "from": None, "year": "2020", "r": "1", "x": "1"} for c in ("TN11", "ML03", "7")
    ]
    assert given(rows, **districts).reasons() == {"outside_operation": 1}


def test_zeros_that_a_spreadsheet_took():
    """Given back only when the declaration allows it, and reported."""
    districts = WIDE | {"constants": {"place_level": "admin2"}}
    rows = [{"code": c, "from": None, "year": "2020", "r": "1", "x": "1"} for c in ("1203", "201")]
    kept = given(rows, **districts).tables["series"]["place_code"].unique().tolist()
    assert kept == ["1203", "201"]
    account = given(rows, **districts, repair=["pcode_zeros"])
    assert account.tables["series"]["place_code"].unique().tolist() == ["1203", "0201"]
    assert account.repairs[0].rows == 1


def test_decimal_commas_when_declared():
    """1.234,5 is one thousand two hundred thirty-four and a half."""
    read = Read(format="delimited", decimal=",")
    assert given([day(1, 15, "1.234,5")], read=read).tables["series"]["value"].tolist() == [1234.5]


def test_statements_keep_their_words():
    """Place, topic, date and text; a row without text says nothing."""
    declared = source(
        "statements",
        columns={"place_code": "iso", "date": "d", "text": "t"},
        constants={"topic": "entry"},
    )
    rows = [{"iso": "LBY", "d": "2022-03-01", "t": "closed"}, {"iso": "TUN", "d": None, "t": None}]
    account = statements(raw(rows), declared, operation(), today=TODAY)
    assert account.reasons() == {"missing_required": 1}
    assert account.tables["statements"]["text"].tolist() == ["closed"]


def test_gazetteer_levels_are_numbers():
    """A level that is no number is an error; the source's own level fills blanks."""
    columns = {"area_code": "c", "name": "n", "level": "l", "country": "iso"}
    declared = source("gazetteer", columns=columns, level=2, unique=["area_code"])
    rows = [
        {"c": f"LY0{i}", "n": "x", "l": level, "iso": "LY"}
        for i, level in enumerate(("1", None, "one"))
    ]
    account = gazetteer(raw(rows), declared, operation(), today=TODAY)
    assert account.reasons() == {"not_an_integer": 1}
    assert account.tables["gazetteer"]["level"].tolist() == [1, 2]


def test_a_file_without_rows_gives_an_empty_series():
    """All rows fall away, the shape stays."""
    account = given([day(1, 15, "x")])
    assert (account.accepted, account.reasons()) == (0, {"not_a_number": 1})
    assert tables.as_arrow("series", account.tables["series"]).num_rows == 0


def test_a_last_row_of_sums():
    """Without a code and equal to all above together it is a total; with other numbers it is a gap."""
    rows = [{"code": c, "from": None, "year": "2020", "r": r, "x": "1"}
            for c, r in (("LBY", "7"), ("TUN", "5"), (None, "12"))]  # fmt: skip
    assert given([*rows[:2], rows[2] | {"x": "2"}], **WIDE).reasons() == {"total_row": 1}
    assert given(rows, **WIDE).reasons() == {"missing_required": 1}


@pytest.mark.parametrize(
    "word", ["Gesamt", "TOTAL GENERAL", "المجموع الكلي", "Sous-total", "Totale"]
)
def test_totals_in_six_languages(word):
    """They are sums of others."""
    row = {"code": word, "from": None, "year": "2020", "r": "7", "x": "1"}
    assert given([row], **WIDE).reasons() == {"total_row": 1}


def test_cumulative_values_that_fall_are_said():
    """Within the year a sum cannot shrink; in January it starts again."""
    counts = [("2023-12-30", "90"), ("2024-01-10", "4"), ("2024-02-10", "9"), ("2024-03-10", "7")]
    rows = [{"day": day, "report": None, "n": n} for day, n in counts]
    assert "1 values of 'n' fall" in given(rows, cumulative="year").warnings[0]
    assert "2 values of 'n' fall" in given(rows, cumulative="ever").warnings[0]
    assert given(rows).warnings == ()
