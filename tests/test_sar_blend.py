"""Demand of several witnesses: shares add up, silence is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo_data import grid
from geo_data.errors import WaypostError
from layers.sar import blend

CELLS = np.sort(grid.disks(grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=6), 6)[1])
N = len(CELLS)


@given(
    arrays(float, N, elements=st.integers(0, 100)), arrays(float, N, elements=st.integers(0, 9)),
    st.floats(0.01, 10), st.floats(0, 10),
)  # fmt: skip
def test_shares_add_up_to_one(deaths, flows, one, other):
    """Whatever the units and the weights, demand is a share and its parts make it"""
    made = blend.blend(
        CELLS, {"incidents": deaths, "flows": flows}, {"incidents": one, "flows": other}
    )
    parts = made.cells.drop(columns=["cell", "demand_share"])
    if made.weights:
        assert made.cells["demand_share"].sum() == pytest.approx(1)
        assert parts.sum(axis=1).to_numpy() == pytest.approx(made.cells["demand_share"].to_numpy())
        assert sum(made.weights.values()) == pytest.approx(1)
    else:
        assert made.cells["demand_share"].isna().all()


def test_who_knows_nothing_is_named_and_others_take_its_weight():
    """Flows of zero everywhere say nothing about where help is needed"""
    deaths = np.zeros(N)
    deaths[3] = 4
    made = blend.blend(
        CELLS, {"incidents": deaths, "flows": np.zeros(N), "reports": np.full(N, np.nan)},
        {"incidents": 1, "flows": 3, "reports": 1},
    )  # fmt: skip
    assert made.silent == ("flows", "reports")
    assert made.weights == {"incidents": 1.0}
    assert made.cells["demand_share"][3] == 1


def test_units_do_not_matter():
    """A thousand people crossing weigh no more than one death, if the weights are equal"""
    deaths, flows = np.zeros(N), np.zeros(N)
    deaths[0], flows[1] = 1, 1_000
    made = blend.blend(CELLS, {"incidents": deaths, "flows": flows}, {"incidents": 1, "flows": 1})
    assert list(made.cells["demand_share"][:2]) == [0.5, 0.5]


@pytest.mark.parametrize("weights", [{"incidents": 0}, {}, {"incidents": -1}])
def test_weights_that_say_nothing_are_refused(weights):
    """All zero, none, below zero"""
    with pytest.raises(WaypostError, match="weight above 0"):
        blend.blend(CELLS, {"incidents": np.ones(N)}, weights)


def test_what_is_spread_adds_up():
    """A place inside keeps its amount, one far outside gives nothing, one without people neither"""
    found = blend.around(
        CELLS, lat_deg=np.array([35.5, 60.0, 35.5]), lon_deg=np.array([12.6, 12.6, 12.6]),
        amount=np.array([100.0, 50.0, np.nan]), reach_km=20,
    )  # fmt: skip
    assert found.sum() == pytest.approx(100)
    middle = np.searchsorted(CELLS, grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=6)[0])
    assert found.argmax() == middle


def test_a_reach_shorter_than_a_cell_stays_in_its_own():
    """One kilometre around a post is its own hexagon"""
    found = blend.around(CELLS, lat_deg=np.array([35.5]), lon_deg=np.array([12.6]),
                         amount=np.array([7.0]), reach_km=0.5)  # fmt: skip
    assert found.max() == 7
