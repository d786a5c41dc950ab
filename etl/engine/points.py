"""Positions to cells: counts, sums and distinct values of millions of points."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from geo_data import grid


def points(
    *, lat_deg: ArrayLike, lon_deg: ArrayLike, resolution: int, weight: ArrayLike | None = None,
    label: ArrayLike | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Points of each cell.

    Parameters
    ----------
    lat_deg, lon_deg : float arrays, shape (n,)
        WGS84; points without a position (NaN) are left out.
    weight : float array, shape (n,)
        NaN: unknown, not 0.
    label : array, shape (n,)
        To be counted once each.

    Returns
    -------
    DataFrame, one row per cell with points, sorted
        ``cell``, ``count``; with weights ``sum`` (NaN where no weight is known) and ``known``
        (points with a weight); with labels ``distinct``.
    """
    lat, lon = np.asarray(lat_deg, dtype=np.float64), np.asarray(lon_deg, dtype=np.float64)
    here = np.isfinite(lat) & np.isfinite(lon)
    everything = bool(here.all())
    cells = grid.cells_of(
        lat_deg=lat if everything else lat[here], lon_deg=lon if everything else lon[here],
        resolution=resolution,
    )  # fmt: skip
    if weight is None and label is None:
        cells = np.sort(cells)
        start = _starts(cells)
        return pd.DataFrame({"cell": cells[start], "count": np.diff(start, append=len(cells))})
    order = np.argsort(cells)
    cells = cells[order]
    start = _starts(cells)
    columns = {"cell": cells[start], "count": np.diff(start, append=len(cells))}
    if weight is not None and len(cells):
        value = np.asarray(weight, dtype=np.float64)[here][order]
        known = ~np.isnan(value)
        columns["known"] = np.add.reduceat(known.astype(np.int64), start)
        total = np.add.reduceat(np.where(known, value, 0.0), start)
        columns["sum"] = np.where(columns["known"] > 0, total, np.nan)
    if label is not None and len(cells):
        code = pd.factorize(np.asarray(label)[here])[0][order]
        group = np.repeat(np.arange(len(start)), columns["count"])
        pair = np.unique(group * (int(code.max()) + 2) + code + 1)
        columns["distinct"] = np.bincount(pair // (int(code.max()) + 2), minlength=len(start))
    return pd.DataFrame(columns)


def _starts(cells: np.ndarray) -> np.ndarray:
    """Where each cell begins among sorted ones."""
    if not len(cells):
        return np.empty(0, dtype=np.int64)
    return np.concatenate([[0], np.flatnonzero(np.diff(cells)) + 1])
