"""Robustness: ranges of ranks against a plain recomputation of every version."""

import numpy as np
import pandas as pd
import pytest

from geo_data.errors import OperationInvalid
from layers.context import index, robustness
from layers.context.scheme import Indicator, Node, Scheme

NAMES = ["a", "b", "c"]
FLAT = Scheme(
    key="own", title="Own", result="all", indicators=[Indicator(key=name) for name in NAMES],
    node=[Node(key="all", how="arithmetic", of=NAMES, weights=[2.0, 1.0, 1.0])],
)  # fmt: skip
SCORES = pd.DataFrame(
    np.random.default_rng(7).uniform(0, 10, (40, 3)).round(2), columns=NAMES, index=range(100, 140)
)


def plainly(scores, versions):
    """Ranks of every version, one by one, through the index itself"""
    rows = []
    for weights, mean in zip(versions.weights, versions.mean, strict=True):
        how = robustness.MEANS[mean]
        node = Node(key="all", how=how, of=NAMES, weights=list(weights))
        parts = scores.to_numpy()
        value = index.combined(np.maximum(parts, 1.0) if how == "geometric" else parts, node)
        rows.append(pd.Series(value).rank(ascending=False, method="min"))
    return np.array(rows)


@pytest.mark.parametrize("holes", [False, True])
def test_ranges_are_those_of_all_versions(holes):
    """101 versions of 40 places, with and without unknown scores"""
    scores = SCORES.mask(np.arange(120).reshape(40, 3) % 11 == 0) if holes else SCORES
    versions = robustness.draws(FLAT, 101, seed=3)
    found = robustness.robustness(scores, FLAT, versions)
    ranks = np.sort(plainly(scores, versions), axis=0)
    assert found["rank_low"].to_numpy() == pytest.approx(ranks[5], abs=1)
    assert found["rank_median"].to_numpy() == pytest.approx(ranks[50], abs=1)
    assert found["rank_high"].to_numpy() == pytest.approx(ranks[95], abs=1)
    assert found["top_share"].to_numpy() == pytest.approx((ranks <= 4).mean(axis=0), abs=0.02)


def test_only_the_certain_are_priority():
    """The worst in everything is a priority; the worst in one thing alone is not"""
    scores = pd.DataFrame({"a": [10.0, 10.0, *[5.0] * 18], "b": [10.0, 1.0, *[5.0] * 18],
                           "c": [10.0, 1.0, *[5.0] * 18]})  # fmt: skip
    found = robustness.robustness(scores, FLAT, robustness.draws(FLAT, 400), top_share=0.1)
    assert found["priority"].sum() == 1
    assert found["priority"][0]
    assert found["rank_high"][0] == 1


def test_nothing_known_has_no_rank():
    """Null, and no priority"""
    scores = SCORES.copy()
    scores.iloc[3] = np.nan
    found = robustness.robustness(scores, FLAT, robustness.draws(FLAT, 20))
    assert found.iloc[3][["rank_low", "rank_high", "top_share"]].isna().all()
    assert not found["priority"].iloc[3]
    assert found["rank_high"].max() <= 39


def test_versions_stay_near_the_declared_weights():
    """Weights add up to one, and their mean without dropping is the declared one"""
    versions = robustness.draws(FLAT, 4_000, drop_share=0.0)
    assert versions.weights.sum(axis=1) == pytest.approx(1)
    assert versions.weights.mean(axis=0) == pytest.approx([0.5, 0.25, 0.25], abs=0.01)
    dropped = robustness.draws(FLAT, 4_000, drop_share=0.25)
    assert (dropped.weights == 0).any(axis=1).mean() == pytest.approx(0.25, abs=0.03)


def test_weights_that_are_all_zero_are_refused():
    """Nothing can be ranked by nothing"""
    own = Scheme(key="o", title="", result="all", indicators=FLAT.indicators,
                 node=[Node(key="all", how="arithmetic", of=["a"], weights=[0.0])])  # fmt: skip
    with pytest.raises(OperationInvalid, match="not all 0"):
        robustness.draws(own)


def test_correlation_of_a_constant_is_not_known():
    """An indicator that never varies explains nothing"""
    scores = SCORES.assign(c=5.0)
    found = robustness.correlations(scores, scores["a"])
    assert found["a"] == pytest.approx(1)
    assert np.isnan(found["c"])
