"""The centre rule: every pixel belongs wholly to the cell that holds its centre.

For classes (land cover) this keeps pixels whole: counts are whole numbers, and the most frequent
class of a cell is one that was counted. Shares that should be exact are better taken with
:class:`etl.engine.statistics.Statistic`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from etl.engine.frame import Frame
from etl.engine.prefix import Reading
from etl.engine.stream import Bands, Plan, strips
from geo_data import grid
from geo_data.errors import SettingInvalid

MOST_CLASSES = 256


def classes(
    raster: Bands, resolution: int, codes: Sequence[float], reading: Reading | None = None,
    band: int = 1,
) -> pd.DataFrame:  # fmt: skip
    """How many pixels of each class have their centre in each cell.

    Parameters
    ----------
    codes : values that are classes
        Other values are counted as ``other``, and pixels without a value as ``unknown``.

    Returns
    -------
    DataFrame, sorted by ``cell``
        ``share_<code>`` of the pixels with a value, ``majority`` (the class with most pixels, the
        first of ``codes`` among equals; NaN where none is known), ``pixels`` and ``unknown``.
    """
    if not 0 < len(codes) <= MOST_CLASSES:
        raise SettingInvalid("classes", len(codes), f"1 to {MOST_CLASSES} class codes")
    reading = Reading() if reading is None else reading
    frame = raster.frame
    plan = Plan(resolution, (), (0, frame.height), (0, frame.width))
    keys: list[np.ndarray] = []
    counts: list[np.ndarray] = []
    for strip in strips(frame, raster.block, plan):
        for slab, _ in strip.slabs:
            raw = raster.read(band, strip.rows, slab)
            cell = _cells(frame, strip.rows, slab, resolution)
            kind = _kinds(raw, reading, np.asarray(codes, dtype=np.float64)).ravel()
            found, number = _counted(cell, kind, len(codes) + 2)
            keys.append(found)
            counts.append(number)
    return _table(np.concatenate(keys), np.concatenate(counts), codes)


def _cells(
    frame: Frame, rows: tuple[int, int], columns: tuple[int, int], resolution: int
) -> np.ndarray:
    across, down = np.meshgrid(np.arange(*columns) + 0.5, np.arange(*rows) + 0.5)
    lat, lon = frame.positions(across.ravel(), down.ravel())
    return grid.cells_of(lat_deg=lat, lon_deg=lon, resolution=resolution)


def _kinds(raw: np.ndarray, reading: Reading, codes: np.ndarray) -> np.ndarray:
    """Number of the class of each pixel; then other, then unknown."""
    values = raw.astype(np.float64)
    unknown = np.isnan(values)
    for number in reading.nodata:
        unknown |= np.abs(values - number) <= abs(number) * 1e-6
    values = values * reading.scale + reading.offset
    unknown |= ~((values >= reading.legal[0]) & (values <= reading.legal[1]))
    order = np.argsort(codes)
    place = np.minimum(np.searchsorted(codes[order], values), len(codes) - 1)
    kind = np.where(codes[order][place] == values, order[place], len(codes))
    return np.where(unknown, len(codes) + 1, kind)


def _counted(cell: np.ndarray, kind: np.ndarray, kinds: int) -> tuple[np.ndarray, np.ndarray]:
    found, place = np.unique(cell, return_inverse=True)
    flat = np.bincount(place * kinds + kind, minlength=len(found) * kinds)
    return found, flat.reshape(-1, kinds)


def _table(cells: np.ndarray, counts: np.ndarray, codes: Sequence[float]) -> pd.DataFrame:
    order = np.argsort(cells, kind="stable")
    found, start = np.unique(cells[order], return_index=True)
    number = np.add.reduceat(counts[order], start)
    known = number[:, :-1].sum(axis=1)
    columns: dict[str, np.ndarray] = {"cell": found}
    with np.errstate(invalid="ignore", divide="ignore"):
        for place, code in enumerate(codes):
            columns[f"share_{code:g}"] = number[:, place] / known
    most = np.asarray(codes, dtype=np.float64)[number[:, : len(codes)].argmax(axis=1)]
    columns["majority"] = np.where(number[:, : len(codes)].any(axis=1), most, np.nan)
    columns["pixels"], columns["unknown"] = known, number[:, -1]
    return pd.DataFrame(columns)
