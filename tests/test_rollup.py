"""Roll-up follows each quantity's rule and never invents a value."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_data import grid
from geo_data import quantities as q
from geo_data.quantities import Combine
from geo_data.rollup import combine, roll_up


@pytest.fixture
def family():
    "The seven children of one resolution-5 cell: 0, 3, 12, 20, 7, 9 people and one unknown."
    cells = np.sort(
        grid.children(grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=5), 6)[0]
    )
    columns = {"cell": cells}
    for quantity, values in (
        (q.POPULATION, [0, 3, 12, 20, 7, 9, np.nan]),
        (q.FLOOD_DEPTH, [0, 0.2, 1.5, 0, 0, 0, np.nan]),
        (q.HEAT, [30.0] * 6 + [np.nan]),
    ):
        columns[quantity.column] = values
        columns[f"{quantity.column}__cover"] = [1.0] * 6 + [0.0]
        columns[f"{quantity.column}__source"] = [2] * 6 + [-1]
    return pd.DataFrame(columns)


def test_each_quantity_combines_by_its_own_rule(family):
    "People add to 51, the flood keeps its 1.5 m, 30 degrees stay 30 degrees"
    rolled = roll_up(family, [q.POPULATION, q.FLOOD_DEPTH, q.HEAT], 5).iloc[0]
    assert rolled["population_people"] == 51
    assert rolled["flood_depth_m"] == 1.5
    assert rolled["heat_max_c"] == pytest.approx(30)
    assert rolled["population_people__cover"] == pytest.approx(6 / 7, abs=0.01)
    assert rolled["population_people__source"] == 2


def test_a_parent_of_several_sources_names_none(family):
    "One child counted from several registers: the parent is not from one"
    family.loc[0, "population_people__source"] = -1
    assert roll_up(family, [q.POPULATION], 5)["population_people__source"].item() == -1


def test_unknown_stays_unknown(family):
    "A cell of unknown children is unknown, not 0"
    family["population_people"] = np.nan
    assert np.isnan(roll_up(family, [q.POPULATION], 5)["population_people"].item())


def test_two_steps_equal_one(family):
    "Rolling up 6 -> 5 -> 4 gives what 6 -> 4 gives"
    once = roll_up(family, [q.POPULATION, q.HEAT], 4)
    twice = roll_up(roll_up(family, [q.POPULATION, q.HEAT], 5), [q.POPULATION, q.HEAT], 4)
    pd.testing.assert_frame_equal(once, twice)


def test_majority_by_area():
    "Class 16 holds 5 of 8 km2"
    value, area = np.array([16, 2, 16.0]), np.array([3, 3, 2.0])
    assert combine(value, area, np.zeros(1, int), Combine.MAJORITY)[0] == 16


def test_the_order_of_cells_does_not_matter(family):
    "Two families mixed up give the same as one after the other"
    other = family.assign(cell=family["cell"] ^ (1 << 42))
    both = pd.concat([family, other])
    asked = [q.POPULATION, q.FLOOD_DEPTH, q.HEAT]
    mixed = roll_up(both.sample(frac=1, random_state=1), asked, 5)
    pd.testing.assert_frame_equal(mixed, roll_up(both.sort_values("cell"), asked, 5))
    assert mixed["population_people"].tolist() == [51, 51]
    assert (np.diff(mixed["cell"]) > 0).all()


@given(st.integers(0, 10**9), st.sampled_from([Combine.SUM, Combine.MEAN, Combine.MAX]))
def test_groups_against_pandas(seed, rule):
    "Sums, means by area and extremes of random groups, some of them unknown throughout"
    rng = np.random.default_rng(seed)
    group = np.sort(rng.integers(0, 9, 30))
    value = np.where(rng.random(30) < 0.4, np.nan, rng.normal(size=30))
    area, start = rng.uniform(1, 3, 30), np.flatnonzero(np.diff(group, prepend=-1))
    known = pd.DataFrame({"value": value, "area": area, "product": value * area})
    known = known.assign(area=known["area"].where(known["value"].notna())).groupby(group)
    plain = {
        Combine.SUM: known["value"].sum(min_count=1), Combine.MAX: known["value"].max(),
        Combine.MEAN: known["product"].sum(min_count=1) / known["area"].sum(),
    }[rule]  # fmt: skip
    np.testing.assert_allclose(combine(value, area, start, rule), plain)


def test_nothing_rolls_up_to_nothing(family):
    "A table without rows keeps its columns"
    columns = roll_up(family, [q.HEAT], 5).columns
    empty = roll_up(family.iloc[:0], [q.HEAT], 5)
    assert empty.empty and (empty.columns == columns).all()
