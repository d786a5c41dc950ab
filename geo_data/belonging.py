"""Cells and administrative areas: each cell belongs to one, the area that holds most of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.quantities import Combine, Quantity
from geo_data.rollup import combine, cover_column


def largest_overlap(area_cells: pd.DataFrame) -> pd.DataFrame:
    """The one area of each cell.

    Parameters
    ----------
    area_cells : DataFrame
        ``area_code``, ``cell``, ``fraction`` of the cell inside the area; of one level.

    Returns
    -------
    DataFrame
        ``cell`` (each once, sorted) and ``area_code``; of equal fractions the first code by
        alphabet.
    """
    order = area_cells.sort_values(
        ["cell", "fraction", "area_code"], ascending=[True, False, True], kind="stable"
    )
    return order.drop_duplicates("cell")[["cell", "area_code"]].reset_index(drop=True)


def by_area(
    hexagons: pd.DataFrame, quantities: Iterable[Quantity], area_cells: pd.DataFrame
) -> pd.DataFrame:
    """Values of areas from whole cells, each cell counted once.

    Counts add up to those of all cells that belong to an area. Shares and means are weighted by
    the true area of the cells with a known value, never equally.

    Parameters
    ----------
    hexagons : DataFrame
        ``cell`` and for each quantity its column (null: unknown) and its cover column.
    area_cells : DataFrame
        As of :func:`largest_overlap`.

    Returns
    -------
    DataFrame
        ``area_code``, each quantity (null where no known value went into it) and its cover.
    """
    own = hexagons.merge(largest_overlap(area_cells), on="cell", validate="one_to_one")
    own = own.sort_values("area_code", kind="stable")
    codes, start = np.unique(own["area_code"].to_numpy(str), return_index=True)
    km2 = grid.area_km2(own["cell"].to_numpy(np.int64)) if len(own) else np.empty(0)
    columns: dict[str, np.ndarray] = {"area_code": codes}
    for quantity in quantities:
        value = own[quantity.column].to_numpy(np.float64)
        cover = np.nan_to_num(own[cover_column(quantity)].to_numpy(np.float64))
        columns[quantity.column] = combine(value, km2, start, quantity.combine)
        columns[cover_column(quantity)] = combine(cover, km2, start, Combine.MEAN)
    return pd.DataFrame(columns)
