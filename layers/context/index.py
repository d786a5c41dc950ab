"""Composite indices: indicators to scores, scores to components, and what made each of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.context.scheme import Indicator, Node, Scheme

Floats = NDArray[np.float64]

TOP = 10.0
HALF_UP = 1e-9
"""A half that arithmetic brought just below itself is still rounded up."""


def scored(values: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Indicators as scores from 0 to 10, null where the value is not known.

    Parameters
    ----------
    values : DataFrame
        A column per indicator; one that is missing as a whole is null throughout.
    """
    return pd.DataFrame(
        {one.key: _score(values.get(one.key), one, len(values)) for one in scheme.indicators},
        index=values.index,
    )


def evaluated(scores: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """All components of an index.

    A component leaves out what is not known of its parts and is null only where all of them are;
    how many are missing is said beside it, never filled in.

    Parameters
    ----------
    scores : DataFrame
        A column per indicator, 0 to 10.

    Returns
    -------
    DataFrame
        Indicators and nodes, and ``missing_count``, indicators of the index that are not known.
    """
    table = {one.key: scores[one.key].to_numpy(np.float64) for one in scheme.indicators}
    for node in scheme.node:
        joined = combined(np.stack([table[part] for part in node.of], axis=1), node)
        table[node.key] = joined if scheme.decimals is None else rounded(joined, scheme.decimals)
    used = [one.key for one in scheme.indicators]
    missing = np.isnan(np.stack([table[key] for key in used], axis=1)).sum(axis=1)
    return pd.DataFrame({**table, "missing_count": missing}, index=scores.index)


def combined(parts: Floats, node: Node) -> Floats:
    """One component from its parts, shape (cells, parts); NaN parts are left out.

    >>> node = Node(key="x", how="scaled geometric", of=["a", "b"])
    >>> combined(np.array([[2.0, 8.0]]), node).round(6).tolist()
    [5.787045]
    """
    weights = np.asarray(node.weights or [1.0] * parts.shape[1])
    if node.how == "first above zero":
        return _first(parts, weights)
    into, back = MEANS[node.how]
    parts = np.maximum(parts, node.lowest)
    known = ~np.isnan(parts)
    total = known @ weights
    with np.errstate(divide="ignore", invalid="ignore"):
        value = back(
            np.where(known & (weights > 0), into(parts) * weights, 0.0).sum(axis=1) / total
        )
    # Rounding may lead just outside the scale, where a logarithm has no value.
    return np.where(total > 0, np.clip(value, 0.0, TOP), np.nan)


def rounded(values: Floats, decimals: int) -> Floats:
    """Half up, as the published indices are; the usual half to even is wrong in one of 30 cells.

    >>> rounded(np.array([0.25, 0.35, 6.75]), 1).tolist()
    [0.3, 0.4, 6.8]
    """
    return np.floor(values * 10**decimals + 0.5 + HALF_UP) / 10**decimals


def classed(values: pd.Series, scheme: Scheme) -> pd.Series:
    """Class of each value by the scheme's fixed limits; null where the value is."""
    place = np.searchsorted(scheme.classes, values.to_numpy(np.float64), side="right")
    labels = np.array(scheme.class_labels, dtype=object)
    return pd.Series(np.where(values.isna(), None, labels[np.minimum(place, len(labels) - 1)]),
                     index=values.index, dtype="str")  # fmt: skip


def ranked(values: pd.Series) -> pd.Series:
    """Rank from 1, the highest; equals share the best rank, the unknown have none."""
    return values.rank(ascending=False, method="min")


def weights_of(scheme: Scheme) -> dict[str, float]:
    """Share that each indicator has in the result if all nodes were arithmetic."""
    share = {scheme.result: 1.0}
    for node in reversed(scheme.node):
        own = share.get(node.key, 0.0)
        weights = node.weights or [1.0] * len(node.of)
        for part, weight in zip(node.of, weights, strict=True):
            share[part] = share.get(part, 0.0) + own * weight / sum(weights)
    return {one.key: share.get(one.key, 0.0) for one in scheme.indicators}


def without(scores: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """How far the result falls or rises when one indicator is dropped, a column per indicator.

    What an indicator adds to a place; null where the result or the rest is not known.
    """
    whole = evaluated(scores, scheme)[scheme.result]
    dropped = {
        one.key: whole - evaluated(scores.assign(**{one.key: np.nan}), scheme)[scheme.result]
        for one in scheme.indicators
    }
    return pd.DataFrame(dropped, index=scores.index)


def _score(values: pd.Series | None, indicator: Indicator, rows: int) -> Floats:
    if values is None:
        return np.full(rows, np.nan)
    found = values.to_numpy(np.float64)
    low, high = indicator.low, indicator.high
    if low is None or high is None:
        return np.clip(found, 0.0, TOP)
    if indicator.log:
        found = np.log(np.maximum(found, low))
        low, high = float(np.log(low)), float(np.log(high))
    share = np.clip((found - low) / (high - low), 0.0, 1.0)
    return TOP * (1.0 - share if indicator.better == "high" else share)


def _first(parts: Floats, weights: Floats) -> Floats:
    """The first part above zero, else the last known one, times its weight."""
    value = np.full(len(parts), np.nan)
    for part, weight in zip(parts.T[::-1], weights[::-1], strict=True):
        last = np.isnan(value)
        value = np.where(~np.isnan(part) & ((part > 0) | last), part * weight, value)
    return value


def _same(values: Floats) -> Floats:
    return values


def _safety(values: Floats) -> Floats:
    """What INFORM averages geometrically: how far a score is from the worst, from 1 to 10."""
    return np.log((TOP - values) / TOP * 9 + 1)


def _from_safety(values: Floats) -> Floats:
    return (TOP - np.exp(values)) * TOP / 9


MEANS: dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]] = {
    "arithmetic": (_same, _same),
    "geometric": (np.log, np.exp),
    "scaled geometric": (_safety, _from_safety),
}
"""A mean is an arithmetic one of something else: into it, and back."""
