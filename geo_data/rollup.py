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
    quantities = list(quantities)
    cells = hexagons["cell"].to_numpy(np.int64)
    key = _family_keys(cells, resolution)
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        hexagons, cells, key = hexagons.iloc[order], cells[order], key[order]
    start = _starts(key)
    covers = {cover_column(q): _cover(hexagons[cover_column(q)]) for q in quantities}
    # Sums and extremes of whole cells do not ask for their areas.
    weighted = any(q.combine in (Combine.MEAN, Combine.MAJORITY) for q in quantities)
    partial = any(cover is not None for cover in covers.values())
    area = grid.area_km2(cells) if weighted or partial else np.broadcast_to(1.0, len(cells))
    whole = np.add.reduceat(area, start) if partial and len(start) else np.ones(len(start))
    columns: dict[str, np.ndarray] = {"cell": grid.parents(cells[start], resolution)}
    for quantity in quantities:
        value = hexagons[quantity.column].to_numpy(np.float64)
        columns[quantity.column] = combine(value, area, start, quantity.combine)
        cover = covers[cover_column(quantity)]
        columns[cover_column(quantity)] = (
            np.ones(len(start)) if cover is None else _reduced(np.add, cover * area, start) / whole
        )
        if source_column(quantity) in hexagons:
            source = hexagons[source_column(quantity)].to_numpy(np.int64)
            columns[source_column(quantity)] = _shared(source, cover, start)
    return pd.DataFrame(columns)


def combine(value: np.ndarray, area: np.ndarray, start: np.ndarray, rule: Combine) -> np.ndarray:
    """Values of groups of cells; NaN where a group has no known value.

    Parameters
    ----------
    value, area : float arrays, shape (n,)
    start : int array, shape (groups,)
        Where each group begins.

    Examples
    --------
    >>> value, area = np.array([1.0, 4.0, np.nan]), np.array([3.0, 1.0, 9.0])
    >>> [float(combine(value, area, [0], rule)[0]) for rule in (Combine.SUM, Combine.MEAN)]
    [5.0, 1.75]
    """
    if rule is Combine.MAJORITY:
        return _majority(value, area, start)
    if rule is Combine.MAX:
        return _reduced(np.fmax, value, start)  # NaN only where nothing else is
    if rule is Combine.MIN:
        return _reduced(np.fmin, value, start)
    unknown = np.isnan(value)
    if not unknown.any():
        if rule is Combine.SUM:
            return _reduced(np.add, value, start)
        return _reduced(np.add, value * area, start) / _reduced(np.add, area, start)
    none = _reduced(np.logical_and, unknown, start)
    value = np.where(unknown, 0.0, value)
    if rule is Combine.SUM:
        return np.where(none, np.nan, _reduced(np.add, value, start))
    known = _reduced(np.add, np.where(unknown, 0.0, area), start)
    return _reduced(np.add, value * area, start) / np.where(none, np.nan, known)


def _family_keys(cells: np.ndarray, resolution: int) -> np.ndarray:
    """The same number for cells of the same parent, in the order of the parents."""
    return cells >> 3 * (15 - resolution) & (1 << 7 + 3 * resolution) - 1


def _starts(key: np.ndarray) -> np.ndarray:
    """Where each family begins among sorted ones."""
    return np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])


def _reduced(operation: np.ufunc, column: np.ndarray, start: np.ndarray) -> np.ndarray:
    return operation.reduceat(column, start) if len(start) else column[:0]


def _cover(column: pd.Series) -> np.ndarray | None:
    """Cover of each cell; None where all are covered."""
    cover = column.to_numpy(np.float64)
    return None if (cover == 1).all() else np.nan_to_num(cover)


def _majority(value: np.ndarray, area: np.ndarray, start: np.ndarray) -> np.ndarray:
    group = np.repeat(np.arange(len(start)), np.diff(start, append=len(value)))
    share = pd.DataFrame({"group": group, "value": value, "area": area}).dropna()
    largest = (
        share.groupby(["group", "value"])["area"].sum().reset_index()
        .sort_values(["group", "area", "value"]).drop_duplicates("group", keep="last")
    )  # fmt: skip
    result = np.full(len(start), np.nan)
    result[largest["group"].to_numpy()] = largest["value"].to_numpy()
    return result


def _shared(source: np.ndarray, cover: np.ndarray | None, start: np.ndarray) -> np.ndarray:
    """The one source of each group; -1 if there are several, or a part has several itself."""
    low, high = source, source
    if cover is not None:  # what says nothing has no say
        silent = (source < 0) & (cover <= 0)
        low = np.where(silent, np.iinfo(np.int64).max, source)
    low, high = _reduced(np.minimum, low, start), _reduced(np.maximum, high, start)
    return np.where(low == high, high, -1)
