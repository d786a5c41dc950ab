"""Indicators of an index from the hexagons of an operation, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from msgspec.structs import replace

from geo_data import grid
from geo_data.words import N_, Number, Phrase
from layers.context.index import Floats
from layers.context.scheme import Indicator, Node, Scheme

MOST_CLIPPED = 0.5
"""Share of the places at one limit above which an indicator tells little."""


def within(hexagons: pd.DataFrame, scheme: Scheme) -> tuple[pd.Series, tuple[str, ...]]:
    """Which hexagons the index is about, and which conditions could not be put.

    A hexagon where one of the added columns is unknown counts with the others; one where all are
    is left out. A condition on columns that nobody knows anywhere is not put at all.
    """
    inside, said = pd.Series(True, index=hexagons.index), []
    for rule in scheme.only:
        known = [name for name in rule.of if name in hexagons and hexagons[name].notna().any()]
        if known:
            inside &= hexagons[known].sum(axis=1, min_count=1).ge(rule.least)
        else:
            said.append(Phrase("All hexagons count: {what} is not known here.", what=rule.title))
    return inside, tuple(said)


def values(hexagons: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Value of every indicator in every hexagon; null where it is not known.

    Parameters
    ----------
    hexagons : DataFrame
        ``cell`` and the columns that the indicators name; one that lacks is unknown throughout.
    """
    made = {one.key: _value(hexagons, one) for one in scheme.indicators}
    return pd.DataFrame(made, index=hexagons.index)


def problems(values: pd.DataFrame, scheme: Scheme) -> dict[str, str]:
    """Sentence about each indicator that tells little or nothing, by key."""
    found = {}
    for one in scheme.indicators:
        known = values[one.key].dropna()
        if known.empty:
            found[one.key] = N_("no data in this release: left out")
        elif known.min() == known.max():
            found[one.key] = Phrase("the same everywhere ({value}): it ranks nothing",
                                    value=Number(float(known.iloc[0]), ".4g"))  # fmt: skip
        elif one.low is not None and one.high is not None:
            beyond = float(((known < one.low) | (known > one.high)).mean())
            if beyond > MOST_CLIPPED:
                found[one.key] = Phrase("{share} of the hexagons lie beyond its limits",
                                        share=Number(beyond, ".0%"))  # fmt: skip
    return found


def weighed(scheme: Scheme, weights: Mapping[str, float], how: str = "") -> Scheme:
    """The scheme with other weights and, if given, one mean for all components but the result.

    Parameters
    ----------
    weights : mapping of str to float
        By key of an indicator or component, inside the component that it is part of; not below 0.
        A component whose parts are all 0 keeps its declared weights (:func:`all_zero` names it).
    """
    nodes = []
    for node in scheme.node:
        declared = node.weights or [1.0] * len(node.of)
        pairs = zip(node.of, declared, strict=True)
        wanted = [max(0.0, float(weights.get(part, own))) for part, own in pairs]
        mean = how if how and node.how != "first above zero" and node.key != scheme.result else ""
        nodes.append(
            replace(node, weights=wanted if sum(wanted) else declared, how=mean or node.how)
        )
    return replace(scheme, node=nodes)


def all_zero(scheme: Scheme, weights: Mapping[str, float]) -> list[Node]:
    """Components none of whose parts was given any weight."""
    return [node for node in scheme.node if not sum(weights.get(part, 1.0) for part in node.of)]


def _value(hexagons: pd.DataFrame, one: Indicator) -> Floats:
    found = _column(hexagons, one.quantity or one.key)
    if one.rings:
        found = _nearby(hexagons["cell"].to_numpy(np.int64), found, one.rings)
    if not one.per:
        return found
    shared = _column(hexagons, one.per)
    return np.divide(found, shared, out=np.full(len(found), np.nan), where=shared > 0)


def _nearby(cells: grid.Cells, value: Floats, rings: int) -> Floats:
    """Sum over rings, spread from the few cells that hold something; null where the cell's is."""
    holds = np.flatnonzero(np.nan_to_num(value) != 0)
    if not len(holds):
        return value
    origin, around = grid.disks(cells[holds], rings)
    place = np.minimum(np.searchsorted(cells, around), len(cells) - 1)
    inside = cells[place] == around
    total = np.bincount(place[inside], value[holds][origin[inside]], len(cells))
    return np.where(np.isnan(value), np.nan, total)


def _column(hexagons: pd.DataFrame, name: str) -> Floats:
    if name not in hexagons:
        return np.full(len(hexagons), np.nan)
    return hexagons[name].to_numpy(np.float64, na_value=np.nan)
