"""Cells belong to one area: nothing counted twice, nothing averaged with equal weights."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_data import belonging, grid
from geo_data import quantities as q
from geo_data.rollup import cover_column

CELLS = grid.cells_in_box(10, 33, 10.4, 33.4, 6)


def _shares(*rows):
    return pd.DataFrame(rows, columns=["area_code", "cell", "fraction"])


def _hexagons(people, heat):
    columns = {"cell": CELLS[: len(people)], q.POPULATION.column: people, q.HEAT.column: heat}
    covers = {cover_column(quantity): 1.0 for quantity in (q.POPULATION, q.HEAT)}
    return pd.DataFrame(columns).assign(**covers)


def test_largest_overlap():
    "The larger part wins whatever the order of rows; of halves the first by alphabet."
    shares = _shares(("B", 1, 0.6), ("A", 1, 0.4), ("B", 2, 0.5), ("A", 2, 0.5), ("C", 3, 0.1))
    for table in (shares, shares.iloc[::-1]):
        found = belonging.largest_overlap(table)
        assert found.to_numpy().tolist() == [[1, "B"], [2, "A"], [3, "C"]]


def test_means_are_weighted_by_true_area():
    "20 and 30 degrees over two cells: by their areas, over the known ones; people add up."
    first, second, third = CELLS[:3].tolist()
    shares = _shares(("A", first, 1), ("A", second, 0.7), ("B", second, 0.3), ("B", third, 1))
    hexagons = _hexagons([5.0, 7.0, np.nan], [20.0, 30.0, np.nan])
    found = belonging.by_area(hexagons, (q.POPULATION, q.HEAT), shares).set_index("area_code")
    one, other = grid.area_km2(CELLS[:2])
    assert found.loc["A", q.HEAT.column] == pytest.approx((20 * one + 30 * other) / (one + other))
    assert one != other
    assert found.loc["A", q.POPULATION.column] == 12
    assert found.loc["B"].isna().tolist() == [True, False, True, False]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 19), st.floats(0.01, 1)), min_size=1)
)
def test_nobody_is_counted_twice(rows):
    "The areas' people are those of the cells that belong to any."
    shares = _shares(*((code, CELLS[place], share) for code, place, share in rows))
    people = np.arange(1.0, 21)
    found = belonging.by_area(_hexagons(people, people), [q.POPULATION], shares)
    held = sorted({place for _, place, _ in rows})
    assert found[q.POPULATION.column].sum() == people[held].sum()
