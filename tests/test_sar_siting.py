"""Siting against brute force, a greedy trap and published optima."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from geo_data.errors import WaypostError
from layers.sar import cover, siting

CELL, BASE = np.arange(60), np.arange(12)
CELLS = np.stack([(37 * CELL) % 101, (61 * CELL) % 97], axis=1)
BASES = np.stack([(23 * BASE + 7) % 101, (41 * BASE + 11) % 97], axis=1)
WEIGHT = (1 + (13 * CELL) % 29).astype(float)
FAR = np.hypot(*(CELLS[:, None, :] - BASES[None, :, :]).transpose(2, 0, 1))
NEAR = FAR <= 25


@pytest.mark.parametrize(
    ("sites", "covered", "chosen"),
    [
        (1, 318, (1,)), (2, 586, (1, 7)), (3, 727, (1, 7, 9)), (4, 835, (1, 4, 7, 9)),
        (5, 866, (1, 4, 7, 9, 10)),
    ],
)  # fmt: skip
def test_most_covered(sites, covered, chosen):
    """Unique optima of a made problem, by brute force in another program"""
    found = siting.most_covered(NEAR, WEIGHT, sites)
    assert (found.value, found.sites, found.gap) == (covered, chosen, 0)


@pytest.mark.parametrize(
    ("sites", "cost", "chosen"),
    [(1, 34389.561569, (1,)), (2, 22155.229091, (1, 7)), (3, 15659.463035, (1, 4, 7))],
)
def test_nearest_on_average(sites, cost, chosen):
    """p-median of the same problem"""
    found = siting.nearest_on_average(FAR, WEIGHT, sites)
    assert found.sites == chosen
    assert found.value == pytest.approx(cost, abs=5e-7)


@pytest.mark.parametrize(
    ("sites", "worst", "chosen"),
    [(1, 78.102497, (6,)), (2, 60.033324, (1, 3)), (3, 47.518417, (0, 1, 8))],
)
def test_nearest_at_worst(sites, worst, chosen):
    """p-center of the same problem; 12 bases, so every choice can be tried"""
    found = siting.nearest_at_worst(FAR, WEIGHT, sites)
    assert found.value == found.bound == pytest.approx(worst, abs=5e-7)
    assert found.sites == chosen or FAR[:, list(found.sites)].min(axis=1).max() == found.value
    assert siting.exact("worst", NEAR, FAR, WEIGHT, sites, 60.0).value == found.value


def test_the_greedy_trap():
    """Two sets cover all 14 cells, but the largest set is neither of them"""
    covers = np.zeros((14, 3), bool)
    for base, cells in enumerate([range(1, 9), [1, 2, 3, 4, 9, 10, 11], [5, 6, 7, 8, 12, 13, 14]]):
        covers[np.array(list(cells)) - 1, base] = True
    quick = siting.greedy(covers, np.ones(14), 2)
    assert (quick.value, quick.gained) == (11, (8, 3))
    assert quick.bound >= 14
    assert siting.most_covered(covers, np.ones(14), 2).value == 14


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_exact_equals_brute_force(seed, sites):
    """No subset of the bases covers more, and greedy keeps its promise of 63 %"""
    generator = np.random.default_rng(seed)
    covers = generator.random((30, 7)) < 0.2
    demand = generator.integers(0, 9, 30).astype(float)
    best = max(
        float(demand[covers[:, list(some)].any(axis=1)].sum())
        for some in combinations(range(7), sites)
    )
    assert siting.most_covered(covers, demand, sites).value == pytest.approx(best)
    quick = siting.greedy(covers, demand, sites)
    assert quick.value >= (1 - 1 / np.e) * best - 1e-9
    assert quick.bound >= best - 1e-9


@pytest.mark.parametrize(("seed", "sites"), [(1, 3), (2, 6), (3, 9)])
def test_branch_and_bound_against_highs(seed, sites):
    """400 cells and 60 bases on a square: the value of an integer programme, proven"""
    generator = np.random.default_rng(seed)
    cells, bases = generator.random((400, 2)), generator.random((60, 2))
    covers = np.hypot(*(cells[:, None] - bases[None]).transpose(2, 0, 1)) < 0.17
    demand = generator.lognormal(0, 2, 400)
    whole = np.concatenate([np.ones(60), np.zeros(400)])
    near = np.hstack([-covers.astype(float), np.eye(400)])
    best = milp(
        np.concatenate([np.zeros(60), -demand]), integrality=whole, bounds=Bounds(0, 1),
        constraints=[LinearConstraint(near, ub=0), LinearConstraint(whole, ub=sites)],
    )  # fmt: skip
    found = siting.most_covered(covers, demand, sites)
    assert found.value == pytest.approx(-best.fun, rel=1e-8)
    assert found.gap == 0
    assert len(found.sites) == sites


def test_prices_bound_from_above_when_time_is_up():
    """No time at all: the bound still holds, and an exchange has improved on greedy"""
    generator = np.random.default_rng(5)
    covers, demand = generator.random((800, 40)) < 0.1, generator.random(800)
    hasty = siting.most_covered(covers, demand, 8, seconds=0)
    proven = siting.most_covered(covers, demand, 8)
    assert proven.gap == 0
    assert hasty.bound >= proven.value - 1e-9
    assert siting.greedy(covers, demand, 8).value <= hasty.value <= proven.value
    assert hasty.gap < 0.2


def test_bases_that_another_contains_are_left_out():
    """1 is part of 0, 3 equals 2, 4 is its own"""
    covers = np.array([[1, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 0, 1]], float)
    assert cover.undominated(sparse.csr_array(covers)).tolist() == [0, 2, 4]


def test_fewest_bases_and_what_no_base_reaches():
    """Brute force over all subsets of the reachable part"""
    found, beyond = siting.fewest(NEAR, WEIGHT)
    assert np.array_equal(beyond, ~NEAR.any(axis=1))
    reachable = NEAR[~beyond]
    least = next(
        n for n in range(1, 13)
        if any(reachable[:, list(some)].any(axis=1).all() for some in combinations(range(12), n))
    )  # fmt: skip
    assert (found.value, found.gap) == (least, 0)
    assert reachable[:, list(found.sites)].any(axis=1).all()


def test_no_demand_places_nothing():
    """A demand of zero everywhere is answered, not crashed on"""
    assert siting.most_covered(NEAR, np.zeros(60), 3).sites == ()


def test_cells_without_a_way_are_said():
    """An average over infinite hours has no meaning"""
    with pytest.raises(WaypostError, match="60 cells with demand"):
        siting.nearest_on_average(np.full((60, 2), np.inf), WEIGHT, 1)


def test_cells_that_no_base_reaches_are_told():
    """One cell out of time, one without any way: p-median leaves out the second alone"""
    hours = np.array([[1.0, 2.0], [9.0, 8.0], [np.inf, np.inf], [np.inf, np.inf]])
    covers, demand = hours <= 3, np.array([1.0, 1.0, 1.0, 0.0])
    assert siting.beyond("near", covers, hours, demand).tolist() == [False, False, True, False]
    assert siting.beyond("all", covers, hours, demand).tolist() == [False, True, True, False]
    assert siting.exact("near", covers, hours, demand, 1, 10).value == 10
