"""From the operation's cells to the coarser cells of a zoomed-out map, by each quantity's rule."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.quantities import Combine, Quantity

COVER_SUFFIX = "__cover"
SOURCE_SUFFIX = "__source"


def cover_column(quantity: Quantity) -> str:
    """Column that holds the share of the cell that the source of a quantity speaks about."""
    return quantity.column + COVER_SUFFIX


def source_column(quantity: Quantity) -> str:
    """Column that holds the number of the source a value came from (-1: none, or several)."""
    return quantity.column + SOURCE_SUFFIX


def roll_up(
    hexagons: pd.DataFrame, quantities: Iterable[Quantity], resolution: int
) -> pd.DataFrame:
    """Coarser hexagons of a hexagon table.

    Parameters
    ----------
    hexagons : DataFrame
        ``cell`` and for each quantity its column (null: unknown) and its cover column.
    quantities : iterable of Quantity
        Those to keep.
    resolution : int
        Coarser than that of the table.

    Returns
    -------
    DataFrame, one row per coarser cell, sorted by ``cell``
        A value is null only where no known value went into it; a sum over partly unknown cells
        is a lower bound. Cover is area-weighted; the source is kept where it is one and the same.
    """
    cells = hexagons["cell"].to_numpy(np.int64)
    parent, group = _families(grid.parents(cells, resolution))
    quantities = list(quantities)
    # The area of a cell costs more than all else, and sums and extremes do not ask for it.
    weighted = any(q.combine in (Combine.MEAN, Combine.MAJORITY) for q in quantities)
    partial = any((hexagons[cover_column(q)] != 1).any() for q in quantities)
    area = grid.area_km2(cells) if weighted or partial else np.ones(len(cells))
    columns: dict[str, np.ndarray] = {"cell": parent}
    for quantity in quantities:
        value = hexagons[quantity.column].to_numpy(np.float64)
        columns[quantity.column] = combine(value, area, group, len(parent), quantity.combine)
        cover = np.nan_to_num(hexagons[cover_column(quantity)].to_numpy(np.float64))
        covered = np.bincount(group, cover * area, len(parent))
        columns[cover_column(quantity)] = covered / np.bincount(group, area, len(parent))
        if source_column(quantity) in hexagons:
            source = hexagons[source_column(quantity)].to_numpy(np.int64)
            columns[source_column(quantity)] = _shared(source, cover > 0, group, len(parent))
    return pd.DataFrame(columns)


def combine(
    value: np.ndarray, area: np.ndarray, group: np.ndarray, groups: int, rule: Combine
) -> np.ndarray:
    """Values of groups of cells; NaN where a group has no known value.

    >>> value, area = np.array([1.0, 4.0, np.nan]), np.array([3.0, 1.0, 9.0])
    >>> group = np.zeros(3, int)
    >>> [float(combine(value, area, group, 1, rule)[0]) for rule in (Combine.SUM, Combine.MEAN)]
    [5.0, 1.75]
    """
    known = ~np.isnan(value)
    value, area, group = value[known], area[known], group[known]
    with np.errstate(invalid="ignore", divide="ignore"):
        if rule is Combine.MEAN:
            return np.bincount(group, value * area, groups) / np.bincount(group, area, groups)
    count = np.bincount(group, minlength=groups)
    if rule is Combine.SUM:
        return np.where(count > 0, np.bincount(group, value, groups), np.nan)
    if rule is Combine.MAJORITY:
        return _majority(value, area, group, groups)
    start, reduce = (-np.inf, np.maximum) if rule is Combine.MAX else (np.inf, np.minimum)
    extreme = np.full(groups, start)
    reduce.at(extreme, group, value)
    return np.where(count > 0, extreme, np.nan)


def _families(parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each parent once, sorted, and its place for every cell."""
    if len(parents) and (np.diff(parents) >= 0).all():  # sorted cells have sorted parents
        new = np.diff(parents, prepend=parents[0] - 1) != 0
        return parents[new], np.cumsum(new) - 1
    return np.unique(parents, return_inverse=True)


def _majority(value: np.ndarray, area: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    share = pd.DataFrame({"group": group, "value": value, "area": area})
    largest = (
        share.groupby(["group", "value"])["area"].sum().reset_index()
        .sort_values(["group", "area", "value"]).drop_duplicates("group", keep="last")
    )  # fmt: skip
    result = np.full(groups, np.nan)
    result[largest["group"].to_numpy()] = largest["value"].to_numpy()
    return result


def _shared(source: np.ndarray, spoken: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """The one source of each group; -1 if there are several, or a part has several itself."""
    low, high = np.full(groups, np.iinfo(np.int64).max), np.full(groups, -1)
    named = (source >= 0) | spoken
    np.minimum.at(low, group[named], source[named])
    np.maximum.at(high, group[named], source[named])
    return np.where(low == high, high, -1)
