"""Where help is needed and nobody arrives in time: cells by rank, and the areas they form."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from geo_data import grid
from geo_data.quantities import DEMAND, GAP, RESPONSE
from geo_data.words import N_

TOO_FAR = N_("too far")
CELL_COLUMNS = (
    "rank", "cell", "lat_deg", "lon_deg", "demand_share", "gap_share", "response_h", "limit_h",
    "asset_id", "reason", "gap_area",
)  # fmt: skip


def gap_share(
    demand: pd.DataFrame,
    response: pd.DataFrame,
    limit_h: float | pd.Series,
    *,
    soft: bool = False,
) -> pd.DataFrame:
    """Demand of each cell that nobody meets in time.

    Parameters
    ----------
    demand : DataFrame
        ``cell``, ``demand_share``.
    response : DataFrame
        ``cells`` of :class:`layers.sar.response.Response`, in the same order.
    limit_h : float or Series
        Hours within which help has to arrive, one for all or one per row.
    soft : bool
        A cell reached late counts by how late: not at all at the limit, in full from twice the
        limit. Otherwise it counts in full as soon as the limit is passed.

    Returns
    -------
    DataFrame, one row per cell
        ``response`` with ``demand_share``, ``limit_h`` and ``gap_share``; null where demand is.
    """
    if not np.array_equal(demand["cell"], response["cell"]):
        raise ValueError("demand and response are not about the same cells in the same order")
    limit = np.broadcast_to(np.asarray(limit_h, dtype=np.float64), len(response))
    late = response[RESPONSE.column].to_numpy(np.float64, na_value=np.inf) / limit - 1
    missed = np.clip(late, 0, 1) if soft else (late > 0).astype(np.float64)
    missed = np.where(response["reached"], missed, 1.0)
    needed = demand[DEMAND.column].to_numpy(np.float64)
    return response.assign(**{DEMAND.column: needed, "limit_h": limit, GAP.column: needed * missed})


def gap_cells(gaps: pd.DataFrame) -> pd.DataFrame:
    """Cells with a gap, largest first.

    Parameters
    ----------
    gaps : DataFrame
        From :func:`gap_share`.

    Returns
    -------
    DataFrame
        ``rank`` from 1, ``cell``, centre in degrees, shares, times, ``asset_id`` of the first to
        arrive, ``reason`` and ``gap_area``, the number of the area of neighbouring gap cells,
        the one with most unmet demand being 1.
    """
    found = gaps[gaps[GAP.column] > 0].sort_values([GAP.column, "cell"], ascending=[False, True])
    lat_deg, lon_deg = grid.centres_of(found["cell"])
    return found.assign(
        rank=np.arange(1, len(found) + 1),
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        reason=found["obstacle"].where(~found["reached"].astype(bool), TOO_FAR),
        gap_area=_areas(found["cell"].to_numpy(np.int64), found[GAP.column].to_numpy()),
    )[list(CELL_COLUMNS)].reset_index(drop=True)


def gap_areas(ranked: pd.DataFrame) -> pd.DataFrame:
    """Areas that neighbouring gap cells form, the one with most unmet demand first.

    Parameters
    ----------
    ranked : DataFrame
        From :func:`gap_cells`.

    Returns
    -------
    DataFrame
        ``gap_area``, ``cells_count``, ``area_km2``, ``demand_share`` and ``gap_share`` (sums),
        ``response_h`` (longest; null if nobody reaches some cell), ``reason`` (the one behind
        most of the gap), ``lat_deg``, ``lon_deg`` of its worst cell.
    """
    table = ranked.assign(area_km2=grid.area_km2(ranked["cell"]))
    areas = table.groupby("gap_area", sort=True)
    summed = areas.agg(
        cells_count=("cell", "size"),
        area_km2=("area_km2", "sum"),
        demand_share=(DEMAND.column, "sum"),
        gap_share=(GAP.column, "sum"),
        lat_deg=("lat_deg", "first"),
        lon_deg=("lon_deg", "first"),
    )
    summed["response_h"] = areas[RESPONSE.column].max(skipna=False)
    reasons = table.groupby(["gap_area", "reason"])[GAP.column].sum().reset_index()
    worst = reasons.sort_values([GAP.column, "reason"]).drop_duplicates("gap_area", keep="last")
    summed["reason"] = worst.set_index("gap_area")["reason"]
    return summed.reset_index()


def _areas(cells: grid.Cells, gap: np.ndarray) -> np.ndarray:
    """Number of the connected area of each cell, 1 for the largest gap."""
    if len(cells) == 0:
        return np.empty(0, np.int64)
    origin, neighbour = grid.disks(cells, 1)
    target = pd.Index(cells).get_indexer(pd.Index(neighbour))
    origin, target = origin[target >= 0], target[target >= 0]
    shape = (len(cells), len(cells))
    graph = sparse.coo_array((np.ones(len(target)), (origin, target)), shape=shape)
    count, area = csgraph.connected_components(graph, directed=False)
    # Cells come by rank, so equal gaps are told apart by the better-ranked first cell.
    first = np.full(count, len(cells))
    np.minimum.at(first, area, np.arange(len(cells)))
    order = np.lexsort((first, -np.bincount(area, gap, count)))
    number = np.empty(count, np.int64)
    number[order] = np.arange(1, count + 1)
    return number[area]
