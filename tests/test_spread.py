"""Totals spread over cells: sums stay, nobody is invented, golden seats."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.spread import largest_remainder, spread


def _tables(totals, shares, living):
    "Totals by code, (code, cell, fraction) and cell -> (people, km2)."
    return (
        pd.DataFrame({"area_code": list(totals), "people": list(totals.values())}),
        pd.DataFrame(shares, columns=["area_code", "cell", "fraction"]),
        pd.DataFrame([(c, *v) for c, v in living.items()], columns=["cell", "people", "km2"]),
    )


def test_by_residents():
    "300 displaced people go 1 to 2 where 100 and 200 people live."
    tables = _tables({"A": 300.0}, [("A", 1, 1), ("A", 2, 1)], {1: (100, 9), 2: (200, 9)})
    found = spread(*tables)
    assert found.people["people"].tolist() == [100, 200]
    assert (found.by_area, found.unplaced) == ((), ())


def test_border_cell_belongs_to_both_areas():
    "A cell shared half and half adds what each area puts there: 30/3 and 60/2."
    shares = [("A", 1, 1), ("A", 2, 0.5), ("B", 2, 0.5), ("B", 3, 0.5)]
    tables = _tables({"A": 30.0, "B": 60.0}, shares, {1: (20, 1), 2: (20, 1), 3: (20, 1)})
    found = spread(*tables).people
    assert found["people"].tolist() == pytest.approx([20, 10 + 30, 30])
    assert found["cover"].tolist() == [1, 1, 0.5]


def test_nobody_lives_there():
    "An area in which nobody is known to live is spread by surface, and named."
    shares = [("A", 1, 1), ("A", 2, 1)]
    found = spread(*_tables({"A": 40.0}, shares, {1: (np.nan, 30), 2: (0, 10)}))
    assert found.people["people"].tolist() == [30, 10]
    assert found.by_area == ("A",)


def test_unknown_total_is_not_zero():
    "A reported area without a number is unknown; one that was not reported has no row."
    shares = [("A", 1, 1), ("B", 2, 1)]
    found = spread(*_tables({"A": np.nan}, shares, {1: (5, 1), 2: (5, 1)})).people
    assert found["cell"].tolist() == [1]
    assert np.isnan(found["people"][0])


def test_area_without_cells_is_named():
    "A total that has nowhere to go is reported, not lost in silence."
    found = spread(*_tables({"A": 7.0, "X": 9.0}, [("A", 1, 1)], {1: (5, 1)}))
    assert found.unplaced == ("X",)
    assert found.people["people"].sum() == 7


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=4),
    st.lists(st.floats(0, 1e5), min_size=6, max_size=6),
    st.lists(st.floats(0.01, 1), min_size=24, max_size=24),
)
def test_totals_are_kept(totals, living, fractions):
    "The sum over all cells is the sum of all totals."
    codes = dict(zip("ABCD", totals, strict=False))
    shares = [
        (code, cell, fractions[6 * area + cell])
        for area, code in enumerate(codes)
        for cell in range(6)
    ]
    tables = _tables(codes, shares, {cell: (living[cell], 36.0) for cell in range(6)})
    assert spread(*tables).people["people"].sum() == pytest.approx(sum(totals), rel=1e-9)


AREAS = st.dictionaries(
    st.sampled_from("ABCD"), st.integers(0, 10**8) | st.just(np.nan) | st.floats(0, 1e6), min_size=1
)


@settings(max_examples=30, deadline=None)
@given(
    AREAS,
    st.lists(st.floats(0, 1e5) | st.just(0.0) | st.just(np.nan), min_size=6, max_size=6),
    st.lists(st.floats(0.01, 1), min_size=24, max_size=24),
    st.randoms(use_true_random=False),
)
def test_whole_totals_are_kept_in_whole_numbers(totals, living, fractions, random):
    "Area by area: whole totals in whole numbers, exactly; others to rounding; unknown unknown."
    shares = [(code, cell, fractions[6 * "ABCD".index(code) + cell])
              for code in totals for cell in range(6)]  # fmt: skip
    home = {cell: (living[cell], 36.0) for cell in range(6)}
    found = spread(*_tables(totals, shares, home))
    given_by = found.parts.groupby("area_code")["people"]
    for code, total in totals.items():
        mine = given_by.get_group(code)
        if np.isnan(total):
            assert mine.isna().all()
        elif float(total).is_integer():
            assert mine.sum() == total and (mine == np.floor(mine)).all() and (mine >= 0).all()
        else:
            assert mine.sum() == pytest.approx(total, rel=1e-12)
    parts = found.parts.groupby("cell")["people"].sum(min_count=1)
    np.testing.assert_array_equal(found.people.set_index("cell")["people"], parts)
    again = spread(*_tables(totals, random.sample(shares, len(shares)), home))
    pd.testing.assert_frame_equal(again.parts, found.parts)


def test_three_people_in_two_cells():
    "3 people, equally many residents: the odd one goes to the lower cell; 2.5 stay fractions."
    shares = [("A", 8, 1), ("A", 7, 1), ("B", 8, 1), ("B", 7, 1)]
    found = spread(*_tables({"A": 3.0, "B": 2.5}, shares, {7: (20, 1), 8: (20, 1)}))
    assert found.parts["people"].tolist() == [2, 1, 1.25, 1.25]
    assert found.people["people"].tolist() == [3.25, 2.25]


@pytest.mark.parametrize(
    ("quotas", "total", "seats"),
    [
        ([47000, 16000, 15900, 12000, 6000, 3100], 10, [5, 2, 1, 1, 1, 0]),
        ([1, 1, 1, 1, 1], 7, [2, 2, 1, 1, 1]),
        ([10, 0, 5, 1], 3, [2, 0, 1, 0]),
        ([0, 0], 0, [0, 0]),
    ],
)
def test_golden_seats(quotas, total, seats):
    "Hamilton's method as worked out by hand."
    assert largest_remainder(quotas, total).tolist() == seats


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30), st.integers(0, 10_000))
def test_seats_add_up(quotas, total):
    "All seats are given, and nobody gets more than one away from the exact share."
    if sum(quotas) == 0:
        return
    seats = largest_remainder(quotas, total)
    assert seats.sum() == total
    assert (np.abs(seats - np.array(quotas) / sum(quotas) * total) < 1 + 1e-6).all()


def test_total_without_quota():
    "Seats for nobody is a fault of the caller."
    with pytest.raises(ValueError, match="needs a quota"):
        largest_remainder([0, 0], 3)
