"""Siting against brute force, a greedy trap and published optima."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_data.errors import WaypostError
from layers.sar import siting

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
