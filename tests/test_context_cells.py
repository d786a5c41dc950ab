"""The index on hexagons: indicators by mental arithmetic, and what is said of bad ones."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_data import grid
from layers.context import index, indicators, scheme
from layers.context.scheme import Indicator, Node, Only, Scheme

PLAN = scheme.load(scheme.BORDER_PRESSURE)
CELLS = np.sort(grid.disks(grid.cells_of(lat_deg=[27.0], lon_deg=[12.0], resolution=6), 2)[1])


def simple(**more):
    """An index of one indicator, displaced per resident, from 0 to 1."""
    one = Indicator(key="A", quantity="displaced_people", low=0.0, high=1.0, **more)
    node = Node(key="R", how="arithmetic", of=["A"])
    return Scheme(key="x", title="X", result="R", indicators=[one], node=[node])


def hexagons(**columns):
    return pd.DataFrame({"cell": CELLS, **{k: np.broadcast_to(v, 19) for k, v in columns.items()}})


def test_what_ships_can_be_computed():
    """Every indicator has a quantity, limits, a unit and a reason for its limits"""
    for one in PLAN.indicators:
        assert one.quantity and one.unit and one.why, one.key
        assert one.low is not None and one.high is not None
    assert sum(index.weights_of(PLAN).values()) == pytest.approx(1)


def test_an_unknown_quantity_is_refused_with_the_nearest():
    """A typing error in a scheme names what was meant"""
    with pytest.raises(Exception, match="Nearest: 'flood_depth_m'"):
        scheme.checked(
            Scheme(
                key="x", title="", result="R",
                indicators=[Indicator(key="A", quantity="flood_dept_m")],
                node=[Node(key="R", how="arithmetic", of=["A"])],
            )
        )  # fmt: skip


def test_displaced_per_resident():
    """5 among 10: a half; 5 among nobody: unknown"""
    people = np.r_[10.0, 0.0, np.full(17, 10.0)]
    found = indicators.values(
        hexagons(displaced_people=5.0, population_people=people), simple(per="population_people")
    )
    assert found["A"].iloc[0] == 0.5
    assert np.isnan(found["A"].iloc[1])


def test_neighbours_within_rings_are_added():
    """One in each of 19 hexagons: 7 in the middle with one ring, and never more than 19 with two"""
    middle = int(grid.cells_of(lat_deg=[27.0], lon_deg=[12.0], resolution=6)[0])
    table = hexagons(displaced_people=1.0)
    for rings, expected in ((1, 7), (2, 19)):
        found = indicators.values(table, simple(rings=rings))["A"]
        assert found[middle == CELLS].item() == expected
        assert found.max() == expected


def test_an_unknown_hexagon_stays_unknown_with_rings():
    """Neighbours say nothing about a hexagon that nobody observed"""
    value = np.r_[np.nan, np.ones(18)]
    assert np.isnan(indicators.values(hexagons(displaced_people=value), simple(rings=1))["A"][0])


@given(st.lists(st.sampled_from([0.0, 1e-9, 5.0, 10.0]), min_size=2, max_size=5))
def test_components_never_leave_the_scale(parts):
    """Not by a rounding error either: its logarithm would have no value one level up"""
    for how in ("arithmetic", "geometric", "scaled geometric"):
        node = Node(key="x", how=how, of=[str(n) for n in range(len(parts))])
        value = index.combined(np.array([parts]), node)[0]
        assert 0 <= value <= 10


def test_a_zero_dimension_does_not_hide_the_others():
    """Cube root of 1 x 8 x 8: the 0 counts as 1"""
    node = Node(key="x", how="geometric", of=["a", "b", "c"], lowest=1.0)
    assert index.combined(np.array([[0.0, 8.0, 8.0]]), node)[0] == pytest.approx(4)


@pytest.mark.parametrize(
    ("value", "said"),
    [(np.nan, "no data"), (0.5, "the same everywhere"), (np.r_[0.5, np.full(18, 9.0)], "95%")],
)
def test_a_bad_indicator_is_named(value, said):
    """Without data, constant, beyond its limits: a sentence each, and the rest works"""
    found = indicators.values(hexagons(displaced_people=value), simple())
    assert said in indicators.problems(found, simple())["A"]
    assert len(index.evaluated(index.scored(found, simple()), simple())) == 19


def test_weights_all_zero_fall_back_and_are_named():
    """The declared weights stay, and the component is told"""
    zero = {part: 0.0 for part in ("FLOOD", "HEAT", "DROUGHT")}
    assert [node.key for node in indicators.all_zero(PLAN, zero)] == ["NATURAL"]
    turned = indicators.weighed(PLAN, zero)
    assert index.weights_of(turned) == index.weights_of(PLAN)


def test_one_weight_of_zero_leaves_an_indicator_out():
    """Doubling one and zeroing another moves the shares inside their component only"""
    share = index.weights_of(indicators.weighed(PLAN, {"FLOOD": 2.0, "HEAT": 0.0}))
    assert share["HEAT"] == 0
    assert share["FLOOD"] == pytest.approx(2 * share["DROUGHT"])
    assert share["PEOPLE"] == pytest.approx(index.weights_of(PLAN)["PEOPLE"])


def test_a_condition_that_cannot_be_put_is_said():
    """No population in an operation with one source: all hexagons count"""
    plan = Scheme(
        key="x", title="", result="A", indicators=[Indicator(key="A")], node=[],
        only=[Only(of=["population_people"], least=10.0, title="people")],
    )  # fmt: skip
    inside, said = indicators.within(hexagons(displaced_people=1.0), plan)
    assert inside.all() and "people" in said[0]
    inside, said = indicators.within(
        hexagons(population_people=np.r_[9.0, np.full(18, 10.0)]), plan
    )
    assert inside.sum() == 18 and not said
