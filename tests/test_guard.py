"""Absurd differences from the last release are said, ordinary ones are not."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from etl import guard
from etl.accounts import Contribution, HexValues
from geo_data import tables


def gave(people, days=(date(2026, 1, 1),)):
    "A series of people, one row a value."
    series = pd.DataFrame({
        "quantity": "idps_people", "value": people,
        "start": pd.Series(list(days)[:1] * len(people)).where(pd.Series(range(len(people))) > 0, days[-1]),
    })  # fmt: skip
    rows = len(people)
    return Contribution(rows, rows, tables.empty("quarantine"), {"series": series})


CASES = {
    "the same": ([10.0, 20.0], None),
    "half": ([10.0], None),
    "one more": ([10.0, 20.0, 5.0], None),
    "ten times": ([100.0, 200.0], None),
    "eleven times": ([130.0, 200.0], "idps_people adds up to 330; in the last release to 30"),
    "none": ([], "no row is accepted; the last release had 2"),
}


@pytest.mark.parametrize("case", CASES)
def test_rows_and_sums(case):
    "Against two rows that add up to 30: half the rows and ten times the sum are still ordinary"
    people, said = CASES[case]
    found = guard.suspicions(guard.figures(gave([10.0, 20.0])), gave(people))
    assert found == ([said] if said else [])


def test_fewer_than_half():
    "Five rows, then two"
    found = guard.suspicions(guard.figures(gave([1.0] * 5)), gave([1.0] * 2))
    assert found == ["2 rows are accepted; the last release had 5"]


def test_a_newest_day_that_is_older():
    "A file of last month in the place of this month's"
    now, before = gave([1.0], [date(2026, 1, 1)]), gave([1.0], [date(2026, 2, 1)])
    assert guard.suspicions(guard.figures(before), now) == [
        "its newest day is 2026-01-01; in the last release 2026-02-01"
    ]
    assert guard.suspicions(guard.figures(now), before) == []


def test_the_first_release_and_one_that_failed_say_nothing():
    "There is nothing to compare with"
    assert guard.suspicions(None, gave([1.0])) == []
    assert guard.suspicions(guard.figures(None), gave([1.0])) == []


def test_hexagons_are_summed_too():
    "Unknown cells are left out: 3 + 4"
    values = HexValues("health_count", np.arange(3), np.array([3, np.nan, 4]), np.ones(3))
    one = Contribution(3, 3, tables.empty("quarantine"), hexes=[values])
    assert guard.figures(one)["sums"] == {"health_count": 7.0}
