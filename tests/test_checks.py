"""One good row, break one field, expect the rule by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl import gazetteer, outcomes, pcodes, presence
from etl.places import places
from etl.rules import RULES
from etl.sandbox import Sandbox
from geo_data.settings import Settings
from geo_data.sources import Read
from tests.declared import TODAY, operation, raw, source

COLUMNS = {
    "place_id": "id", "name": "name", "lat_deg": "lat", "lon_deg": "lon", "country": "country",
    "date": "date", "crossing_type": "type", "status": "status",
}  # fmt: skip
GOOD = {
    "id": "1", "name": "Ras Jedir", "lat": "33.1494", "lon": "11.5679", "country": "Libya",
    "date": "2024-05-01", "type": "land", "status": "open",
}  # fmt: skip


def crossings(*rows, **more):
    """The contribution of these rows as border crossings."""
    declared = source("crossings", **{"columns": COLUMNS, "unique": ["place_id"]} | more)
    return places(raw(list(rows)), declared, operation(), today=TODAY)


def test_the_good_row_is_good():
    """Nothing is found wrong with it."""
    assert (crossings(GOOD).accepted, crossings(GOOD).reasons()) == (1, {})


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"lat": None}, "missing_required"), ({"lon": "east"}, "not_a_position"),
        ({"lat": "33°08'N"}, "not_a_position"), ({"lat": "91"}, "out_of_range"),
        ({"lon": "-180.1"}, "out_of_range"), ({"lat": "3314940"}, "out_of_range"),
        ({"lat": "0", "lon": "0.0"}, "position_zero"), ({"lat": "11.5679"}, "lat_equals_lon"),
        ({"lat": "11.5679", "lon": "33.1494", "country": "TUN"}, "position_swapped"),
        ({"lat": "11.1", "lon": "29.8"}, "position_swapped"),
        ({"lon": "-11.5679"}, "longitude_sign"),
        ({"country": "Malta"}, "wrong_country"), ({"lat": "41.9", "lon": "12.5"}, "wrong_country"),
        ({"lat": "25.0", "lon": "25.5", "country": "EGY"}, None),
        ({"lat": "31.2", "lon": "29.9", "country": "EGY"}, "outside_operation"),
        ({"date": "01/05/2024"}, "ambiguous_date"), ({"date": "2023-02-30"}, "not_a_date"), ({"date": "2024-07-01"}, "future_date"),
        ({"type": "tunnel"}, "unknown_word"), ({"status": "ajar"}, "unknown_word"),
    ],
)  # fmt: skip
def test_one_broken_field_breaks_one_rule(broken, rule):
    """Lat 11.1, lon 29.8 is South Sudan, swapped it is Libya; Rome is no place in Libya."""
    account = crossings(GOOD | broken)
    assert account.reasons() == ({rule: 1} if rule else {})
    assert rule is None or rule in RULES


def test_unknown_country_is_a_warning():
    """The rest of the row may be right: it stays, with the country of its position."""
    account = crossings(GOOD | {"country": "Numidia"})
    assert account.tables["crossings"]["country"].tolist() == ["LBY"]
    assert "'Numidia'" in account.warnings[0]


def test_quarantine_speaks_the_language_of_the_file():
    """File, line, the provider's column, what stood there and what to do."""
    row = crossings(GOOD, GOOD | {"id": "2", "type": "tunnel"}).quarantine.iloc[0]
    assert (row["file"], row["row"], row["column"], row["found"]) == ("a.csv", 3, "type", "tunnel")
    assert "land" in row["expected"]
    assert "values.crossing_type" in row["advice"]


def test_columns_not_declared_are_said():
    """A missing column is an error of the source, with the nearest name."""
    from geo_data.errors import ColumnMissing

    with pytest.raises(ColumnMissing, match="Nearest column: 'lat'"):
        crossings(GOOD, columns=COLUMNS | {"lat_deg": "latt"})


def test_a_declared_field_we_do_not_know():
    """The operation file is wrong, and the message has the nearest field."""
    from geo_data.errors import OperationInvalid

    with pytest.raises(OperationInvalid, match="'status'"):
        crossings(GOOD, columns=COLUMNS | {"statsu": "status"})


def test_personal_columns_are_never_used():
    """Declaring one is refused; otherwise it is left out and named, its values are not."""
    from geo_data.errors import SourceUnreadable

    row = GOOD | {"contact": "A. Person"}
    account = crossings(row)
    assert "'contact'" in account.warnings[0]
    assert "A. Person" not in str(account)
    with pytest.raises(SourceUnreadable, match="personal data"):
        crossings(row, columns=COLUMNS | {"name": "contact"})


def test_a_tag_stands_for_its_column():
    """Attributes in another order and blanks make no difference."""
    table = raw([GOOD], hxl={"#geo+lat+y": "lat"})
    declared = source("crossings", columns=COLUMNS | {"lat_deg": "#geo +y +lat"})
    assert places(table, declared, operation(), today=TODAY).accepted == 1


WORD = st.sampled_from(
    [
        None,
        "",
        "33.1",
        "11.5",
        "0",
        "-11.5",
        "LBY",
        "Malta",
        "land",
        "2024-01-01",
        "<5",
        "{{7*7}}",
        "９",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries({name: WORD for name in GOOD}), max_size=6))
def test_every_row_is_accounted_for(rows):
    """Whatever stands in the cells: rows in are rows accepted plus rows quarantined."""
    if rows:
        account = crossings(*rows)
        assert account.rows_in == len(rows)
        assert len(account.tables["crossings"]) == account.accepted
        assert account.quarantined == account.rows_in - account.accepted


SITES = {"name": "name", "lat_deg": "lat", "lon_deg": "lon", "date": "date", "site_type": "type",
         "displaced_people": "people"}  # fmt: skip


def sites(*rows, **more):
    given = {"name": "Camp A", "lat": "32.9", "lon": "13.2", "date": "2024-05-01", "type": "camp"}
    declared = source("sites", columns=SITES, **more)
    return places(
        raw([given | {"people": "5"} | row for row in rows]), declared, operation(), today=TODAY
    )


def test_one_site_twice():
    """Same name in another spelling, 111 m off: once. Another day, kind or place: another record."""
    twice = {"name": "CAMP  à", "lat": "32.901", "people": "6"}
    others = [{"date": "2024-04-01"}, {"type": "school"}, {"lat": "32.95"}]
    account = sites({}, twice, *others)
    assert account.reasons() == {"duplicate_site": 1}
    assert account.quarantine["found"].tolist() == ["CAMP  à"]


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("12 000", 12000, None), ("1,200", 1200, None), ("٣٤", 34, None), ("<5", None, None),
        ("1.2k", None, "not_a_number"), ("-3", None, "out_of_range"),
        ("999999999", None, "out_of_range"), ("about 7", None, "not_a_number"),
    ],
)  # fmt: skip
def test_counts_as_people_write_them(text, value, rule):
    """Thousands apart are read; "<5" is some, not none and not five: unknown, and said so."""
    account = sites({"people": text})
    assert account.reasons() == ({rule: 1} if rule else {})
    if rule is None:
        found = account.tables["sites"]["displaced_people"].tolist()
        assert found == [value] if value else found[0] != found[0]
    repaired = [repair.rule for repair in account.repairs]
    assert repaired == (["withheld_count"] if text == "<5" else [])


def lethal(*rows):
    columns = {"lat_deg": "lat", "lon_deg": "lon", "dead_people": "dead", "missing_people": "missing",
               "dead_missing_people": "both"}  # fmt: skip
    given = {"lat": "33.5", "lon": "13.2", "dead": "15", "missing": "2", "both": "17"}
    table = raw([given | {"n": str(n)} | row for n, row in enumerate(rows)])
    return places(table, source("incidents", columns=columns), operation(), today=TODAY)


def test_an_incident_outlives_its_broken_count():
    """Fifteen dead and -2 missing: it happened, at least fifteen died, how many are missing nobody
    knows; the provider's total of 13 was made with the -2.
    """
    account = lethal({}, {}, {"missing": "-2", "both": "13"})
    table = account.tables["incidents"]
    assert (account.accepted, account.reasons()) == (3, {})
    assert table["missing_people"].isna().tolist() == [False, False, True]
    assert table["dead_missing_people"].tolist() == [17, 17, 15]
    repair = account.repairs[0]
    assert (repair.rule, repair.rows) == ("impossible_count", 1)
    assert "'-2' in 'missing' became unknown (rows 4)" in repair.said


def test_a_column_of_impossible_counts_is_no_count():
    """If most are negative the declaration is wrong, and the rows are rejected."""
    rows = [{"missing": "-2"}, {"missing": "-3"}, {}]
    assert lethal(*rows).reasons() == {"out_of_range": 2}


def dated(*texts, **read):
    rows = [GOOD | {"id": str(n), "date": text} for n, text in enumerate(texts)]
    return crossings(*rows, read=Read(format="delimited", **read))


def days(account):
    return account.tables["crossings"]["date"].dt.strftime("%m-%d").tolist()


def test_order_of_days_is_proven_or_declared():
    """The 23rd proves day first for the whole column, and that is said; two orders prove nothing."""
    account = dated("03/04/2024", "23/04/2024")
    assert days(account) == ["04-03", "04-23"]
    assert "1 prove; declare read.dates" in account.warnings[0]
    mixed = dated("03/04/2024", "23/04/2024", "04/23/2024", "05/05/2024")
    assert mixed.reasons() == {"ambiguous_date": 1}
    assert days(mixed) == ["04-23", "04-23", "05-05"]
    assert dated("03/04/2024").reasons() == {"ambiguous_date": 1}
    assert days(dated("03/04/2024", dates="%m/%d/%Y")) == ["03-04"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [("2023-02-30", "not_a_date"), ("30/02/2023", "not_a_date"), ("23/04/24", "ambiguous_date"),
     ("2024-07-01", "future_date"), ("25/12/2024", "future_date"), ("13/13/2024", "not_a_date")],
)  # fmt: skip
def test_days_that_cannot_be(text, rule):
    """No 30 February in any notation, no day after today, no century by guess."""
    assert dated(text).reasons() == {rule: 1}


def test_day_numbers_of_a_sheet_are_said():
    """45413 is 1 May 2024 (45292 is 1 January, and 121 days passed)."""
    account = dated("45413")
    assert days(account) == ["05-01"]
    assert "day numbers of a sheet" in account.warnings[0]


def test_a_shifted_row_is_one_fault_and_not_quoted():
    """A lost separator moves every cell: the row is out under one rule, whoever's name moved."""
    rows = [GOOD | {"id": f"A{n}", "people": str(n), "owner": "x"} for n in range(40)]
    shifted = {"id": "A77", "name": "33.1", "lat": "Libya", "lon": "Amal Testwoman", "country": "5",
               "date": "land", "type": None, "status": None, "people": "y", "owner": "7"}  # fmt: skip
    account = crossings(*rows, shifted)
    assert account.reasons() == {"shifted_row": 1}
    assert "Amal" not in account.quarantine.to_csv()


@pytest.mark.parametrize(
    ("wrong", "warn", "fail", "status"),
    [(0, 0.0, None, "ok"), (1, 0.0, None, "warning"), (1, 0.2, None, "ok"), (3, 0.2, 0.5, "warning"),
     (3, 0.0, 0.2, "failed"), (6, 0.0, None, "failed"), (6, 0.0, 0.9, "warning")],
)  # fmt: skip
def test_shares_decide_about_a_source(tmp_path, wrong, warn, fail, status):
    """Of ten rows; half is the limit unless the declaration sets another."""
    rows = [f"{n},{33 + n / 10},{'east' if n < wrong else 12}" for n in range(10)]
    (tmp_path / "a.csv").write_text("\n".join(["n,lat,lon", *rows]))
    declared = source(
        "crossings", columns={"lat_deg": "lat", "lon_deg": "lon", "name": "n"}, warn_share=warn,
        fail_share=fail,
    )  # fmt: skip
    sandbox = Sandbox(Settings(sandbox="off"))
    outcome = outcomes.outcome_of(declared, operation(), [tmp_path], sandbox, TODAY, None)
    assert outcome.status == status


def codes(*written, repair=(), coverage=("LBY",)):
    columns = {"organisation": "o", "area_code": "code"}
    declared = source("presence", columns=columns, repair=list(repair), coverage=list(coverage))
    rows = [{"o": str(n), "code": code} for n, code in enumerate(written)]
    gave = presence.presence(raw(rows), declared, operation(), today=TODAY)
    known = gazetteer.gazetteer(
        raw([{"c": c, "l": "2"} for c in ("LY0101", "LY0110", "LY0211")]),
        source("gazetteer", columns={"area_code": "c", "level": "l"}), operation(), today=TODAY,
    )  # fmt: skip
    return pcodes.compared(gave, declared, pcodes.known([known]))


def test_lost_zeros_come_from_the_gazetteer():
    """LY101 and 211 can only be LY0101 and LY0211; given back where allowed, else said."""
    mended = codes("LY101", "211", "LY0110", repair=["pcode_zeros"])
    assert mended.tables["presence"]["area_code"].tolist() == ["LY0101", "LY0211", "LY0110"]
    assert [(repair.rule, repair.rows) for repair in mended.repairs] == [("pcode_zeros", 2)]
    kept = codes("LY101", "211", "LY0110")
    assert kept.tables["presence"]["area_code"].tolist() == ["LY101", "211", "LY0110"]
    assert "'LY101' for 'LY0101'" in kept.warnings[0]


def test_codes_nobody_knows_are_said():
    """A code of a covered country that no gazetteer has stays and is warned of."""
    assert "no gazetteer of this run has: 'LY0999'" in codes("LY0999", "LY0101").warnings[0]
    assert codes("XX1", "Sirt", coverage=()).warnings == ()
