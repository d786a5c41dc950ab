"""Who does what, where."""

import pytest

from etl.presence import presence
from geo_data import tables
from tests.declared import TODAY, operation, raw, source

COLUMNS = {
    "organisation": ["org", "acronym"], "sector": "cluster", "area_code": "code",
    "start": "from", "end": "to", "beneficiaries_people": "people",
}  # fmt: skip
GOOD = {
    "org": "Relief", "acronym": "R", "cluster": "Santé", "code": "LY0211", "from": "2024-01-01",
    "to": "2025-12-31", "people": "1,200",
}  # fmt: skip


def given(*rows):
    words = {"sector": {"Santé": "health", "EHA": "water and sanitation"}}
    declared = source("presence", columns=COLUMNS, values=words, constants={"country": "LBY"})
    return presence(raw(list(rows)), declared, operation(), today=TODAY)


def test_an_activity_in_our_words():
    """The cluster is a sector of ours; a plan may end after today."""
    account = given(GOOD)
    row = tables.as_arrow("presence", account.tables["presence"]).to_pylist()[0]
    assert (row["sector"], row["beneficiaries_people"], row["country"]) == ("health", 1200, "LBY")
    assert row["end"].isoformat() == "2025-12-31"


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"org": None, "acronym": None}, "missing_required"), ({"org": None}, None),
        ({"cluster": "Magic"}, "unknown_word"), ({"cluster": None}, None),
        ({"to": "2023-12-31"}, "end_before_start"), ({"people": "many"}, "not_a_number"),
        ({"org": "Total"}, "total_row"), ({"code": None}, None),
    ],
)  # fmt: skip
def test_one_broken_field_breaks_one_rule(broken, rule):
    """A sector nobody named is unknown, one that we do not know is an error."""
    assert given(GOOD | broken).reasons() == ({rule: 1} if rule else {})


def test_equal_records_are_one_activity():
    """A record equal in all columns repeats; one that differs in any is another."""
    account = given(GOOD, GOOD, GOOD | {"people": "7"})
    assert (account.accepted, account.reasons()) == (2, {"repeated_row": 1})


def test_broken_lines_are_left_to_people():
    """A row that the reader could not split is quarantined with its line."""
    table = raw([GOOD, GOOD | {"org": "Other"}])
    table.loc[1, "_problem"] = "3 cells where the header has 7"
    declared = source("presence", columns=COLUMNS, values={"sector": {"*": "health"}})
    account = presence(table, declared, operation(), today=TODAY)
    assert account.reasons() == {"ragged_row": 1}
    assert account.quarantine[["row", "found"]].to_numpy().tolist() == [
        [3, "3 cells where the header has 7"]
    ]  # fmt: skip


def test_nothing_left_is_still_a_table():
    """All rows fall away, the shape stays."""
    account = given(GOOD | {"cluster": "Magic"})
    assert tables.as_arrow("presence", account.tables["presence"]).num_rows == 0
