"""From what several sources say of one quantity to one value per cell of the wide table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.accounts import HexValues
from geo_data.grid import Cells, Floats
from geo_data.quantities import Quantity
from geo_data.rollup import cover_column, source_column

SEVERAL = -1
"""Number of the source of a value that has none in the operation, or more than one."""
ENOUGH_COVER = 0.5
PREFERENCE = "first declared source with a known value and at least half of the cell; never summed"

Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Layer:
    """One quantity of one source on all cells of the operation.

    Attributes
    ----------
    number : int array, shape (cells,), or int
        Place of each cell's source among the declared ones, SEVERAL if there are more.
    keys : tuple of str
        Of the sources that speak in it, first declared first.
    value, cover : float array, shape (cells,)
        NaN: unknown; cover 0: outside coverage.
    """

    quantity: str
    number: int | NDArray[np.int64]
    keys: tuple[str, ...]
    value: Floats
    cover: Floats
    coarse: bool = False
    rule: str = PREFERENCE


def layer(
    values: HexValues, number: int, key: str, cells: Cells, coverage: Sequence[str], country: Texts
) -> Layer:
    """Values of a source on all cells, without those beyond the countries it speaks about.

    ``country`` holds the country of each cell, None on the high seas.
    """
    value, cover = np.full(len(cells), np.nan), np.zeros(len(cells))
    place = np.searchsorted(cells, values.cell)
    value[place], cover[place] = values.value, values.cover
    if coverage:
        kept = np.isin(country.astype(str), list(coverage))
        value, cover = np.where(kept, value, np.nan), np.where(kept, cover, 0.0)
    return Layer(values.quantity, number, (key,), value, cover, values.coarse)


def hexagons(
    cells: Cells, layers: Iterable[Layer], quantities: Iterable[Quantity]
) -> tuple[pd.DataFrame, dict[str, dict[str, object]]]:
    """The wide table, and for each quantity the sources that hold a cell of it.

    Parameters
    ----------
    layers : iterable of Layer
        In declared order.
    """
    by_quantity: dict[str, list[Layer]] = {}
    for one in layers:
        by_quantity.setdefault(one.quantity, []).append(one)
    columns: dict[str, NDArray] = {"cell": cells}
    covers, numbers, methods = {}, {}, {}
    for quantity in quantities:
        found = by_quantity.get(quantity.column, [])
        chosen = choose(found, len(cells))
        value, cover, number = composed(found, chosen)
        columns[quantity.column] = value.astype(np.float32)
        covers[cover_column(quantity)] = cover.astype(np.float32)
        numbers[source_column(quantity)] = number.astype(np.int16)
        used = [one for index, one in enumerate(found) if (chosen == index).any()]
        if used:
            methods[quantity.column] = _method(used)
    return pd.DataFrame({**columns, **covers, **numbers}), methods


def choose(layers: Sequence[Layer], size: int) -> NDArray[np.int64]:
    """Which layer speaks for each cell; -1: none.

    The first that knows a value and covers half of the cell; else the one with a known value and
    the largest cover; else the first that covers the cell, which then is unknown.
    """
    best, chosen = np.zeros(size), np.full(size, -1, dtype=np.int64)
    for index, one in enumerate(layers):
        known = (one.cover > 0) & ~np.isnan(one.value)
        rank = np.where(one.cover > 0, 1.0, 0.0)  # covers, but unknown
        rank = np.where(known, 2.0 + np.minimum(one.cover, ENOUGH_COVER), rank)
        better = rank > best
        best, chosen = np.where(better, rank, best), np.where(better, index, chosen)
    return chosen


def composed(
    layers: Sequence[Layer], chosen: NDArray[np.int64]
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Value, cover and source number of each cell from the layer chosen for it."""
    size = len(chosen)
    value, cover = np.full(size, np.nan), np.zeros(size)
    number = np.full(size, SEVERAL, dtype=np.int64)
    for index, one in enumerate(layers):
        mine = chosen == index
        value[mine], cover[mine] = one.value[mine], one.cover[mine]
        number[mine] = np.broadcast_to(one.number, size)[mine]
    return value, cover, number


def _method(used: Sequence[Layer]) -> dict[str, object]:
    keys = list(dict.fromkeys(key for one in used for key in one.keys))
    coarse = list(dict.fromkeys(key for one in used if one.coarse for key in one.keys))
    return {"sources": keys, "coarse": coarse, "rule": used[0].rule}
