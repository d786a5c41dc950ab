"""Totals of areas to cells by where people live, and shares to whole numbers. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo_data.grid import Floats


@dataclass(frozen=True)
class Spread:
    """Totals on cells.

    Attributes
    ----------
    people : DataFrame
        ``cell``, ``people``, ``cover`` (share of the cell inside areas with a total). A cell of an
        area whose total is unknown has NaN people.
    parts : DataFrame
        ``area_code``, ``cell``, ``people``: what each area gives to each of its cells.
    by_area : tuple of str
        Codes of areas in which nobody is known to live; their totals went by area instead.
    unplaced : tuple of str
        Codes with a total but without cells.
    """

    people: pd.DataFrame
    parts: pd.DataFrame
    by_area: tuple[str, ...]
    unplaced: tuple[str, ...]


def spread(totals: pd.DataFrame, area_cells: pd.DataFrame, residents: pd.DataFrame) -> Spread:
    """People per cell from people per area (dasymetric mapping).

    Within an area each part of a cell gets the share of the total that its residents have of the
    area's residents; residents of a cell on a border are divided by the fractions of its area. Sums
    per area are exactly the totals. A total that is a whole number is given in whole numbers, by
    largest remainder; of equal remainders the cell with the lower id comes first.

    Parameters
    ----------
    totals : DataFrame
        ``area_code`` (once each) and ``people``; NaN: reported as unknown.
    area_cells : DataFrame
        ``area_code``, ``cell``, ``fraction`` of the cell inside the area.
    residents : DataFrame
        ``cell``, ``people`` living there (NaN counts as nobody known) and ``km2``.
    """
    parts = area_cells.sort_values(["area_code", "cell"], ignore_index=True)
    parts = parts.merge(totals, on="area_code").merge(
        residents, on="cell", how="left", suffixes=("", "_living")
    )
    living = parts["people_living"].fillna(0).to_numpy(np.float64) * parts["fraction"]
    surface = parts["km2"].fillna(1.0).to_numpy(np.float64) * parts["fraction"]
    code = parts["area_code"]
    inhabited = living.groupby(code).transform("sum") > 0
    weight = living.where(inhabited, surface)
    parts["given"] = _given(parts["people"], weight, code)
    parts["known"] = parts["given"].notna()
    cells = parts.groupby("cell", as_index=False).agg(
        people=("given", "sum"), cover=("fraction", "sum"), known=("known", "any")
    )
    cells["people"] = cells["people"].where(cells["known"])
    cells["cover"] = cells["cover"].clip(upper=1.0)
    counted = totals.loc[totals["people"] > 0, "area_code"]
    empty, placed = set(code[~inhabited]), set(code)
    return Spread(
        cells[["cell", "people", "cover"]],
        parts[["area_code", "cell"]].assign(people=parts["given"]),
        tuple(c for c in counted if c in empty),
        tuple(c for c in counted if c not in placed),
    )


def _given(total: pd.Series, weight: pd.Series, code: pd.Series) -> Floats:
    """The total of each area (the same in all its rows) in proportion to weights."""
    share = weight / weight.groupby(code).transform("sum")
    given = (total * share).to_numpy(np.float64, copy=True)
    whole = total.notna() & (total >= 0) & (total == np.floor(total)) & share.notna()
    for rows in code[whole].groupby(code[whole]).indices.values():
        place = np.flatnonzero(whole)[rows]
        given[place] = largest_remainder(share.iloc[place], int(total.iloc[place[0]]))
    return given


def largest_remainder(quotas: ArrayLike, total: int) -> NDArray[np.int64]:
    """Whole numbers in proportion to quotas, with a given sum (Hamilton's method).

    Ties go to the earlier quota.

    >>> largest_remainder([47000, 16000, 15900, 12000, 6000, 3100], 10).tolist()
    [5, 2, 1, 1, 1, 0]
    """
    share: Floats = np.asarray(quotas, dtype=np.float64)
    if not np.isfinite(share).all() or (share < 0).any() or total < 0:
        raise ValueError("quotas and total must be finite and not negative")
    if not len(share) or share.sum() == 0:
        if total:
            raise ValueError("a total above 0 needs a quota above 0")
        return np.zeros(len(share), dtype=np.int64)
    exact = share / share.sum() * total
    whole = np.floor(exact).astype(np.int64)
    missing = total - int(whole.sum())
    remainder = np.where(share > 0, np.round(exact - whole, 12), -1.0)
    whole[np.argsort(-remainder, kind="stable")[:missing]] += 1
    return whole
