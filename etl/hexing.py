"""The seam between sources and hexagons: pixels, polygons and positions to values per cell.

Pixels are weighted by the exact share of each that lies in the cell (:mod:`etl.engine`), means by
true area besides; the highest value is that of the pixels a cell touches, however little. Edges of
cells and pixels are straight in the raster's own coordinates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from etl.engine.executors import Executor, parts_of
from etl.engine.frame import KM_PER_DEG
from etl.engine.prefix import Reading
from etl.engine.stream import Intake, Part, Plan, merged, strips
from etl.engine.sums import Sums
from etl.fractions import Places, cell_fractions
from etl.pixels import Box, Raster
from geo_data import grid
from geo_data.grid import Cells, Floats
from geo_data.sources import Band

__all__ = ["Hexed", "cell_fractions", "hex_points", "hex_raster"]

LEAST_KNOWN = 0.5
"""A value needs so large a share of the covered part of its cell."""
ADDED_UP = ("sum", "density")
HERE = Executor("alone", 1)


@dataclass(frozen=True)
class Hexed:
    """A raster band on cells.

    Attributes
    ----------
    value : float array, shape (cells,)
        NaN: unknown, or outside.
    cover : float array, shape (cells,)
        Share of each cell that the raster speaks about; 0: outside.
    coarse : bool
        Whether a pixel is larger than a cell.
    pixels, rejected : int
        Pixels with a legal value, and with one out of range, whose centre is in the area.
    """

    value: Floats
    cover: Floats
    coarse: bool
    pixels: int
    rejected: int


def hex_raster(
    raster: Raster, cells: Cells, band: Band, *, area: Box, legal: tuple[float, float],
    executor: Executor = HERE,
) -> Hexed:  # fmt: skip
    """A raster band on all cells of an operation.

    Parameters
    ----------
    raster : Raster
        As opened by :func:`etl.pixels.opened`.
    cells : sorted cells of one resolution
    band : Band
        Says how pixels combine (``stat``) and what a pixel without value means.
    area : west, south, east, north
        Pixels inside are accounted for.
    legal : low, high
        Values outside are no values.
    executor : Executor
        Who does the work; the values are the same to the bit.
    """
    resolution = grid.resolution_of(cells)
    rows, columns = raster.crop(_around(raster, resolution, area))
    plan = Plan(resolution, (_intake(raster.reading(legal), band),), rows, columns, area)
    counted = np.zeros(2, dtype=np.int64)
    value, cover = np.full(len(cells), np.nan), np.zeros(len(cells))

    def parts() -> Iterator[Part]:
        work = strips(raster.frame, raster.pixels.block, plan)
        for part in parts_of(raster.pixels, plan, work, executor.how, executor.workers):
            counted[:] += part.pixels[0]
            yield part

    for sums in merged(parts()):
        place, held = _places(cells, sums.cell)
        found, share = _answer(sums.take(held), band)
        value[place[held]], cover[place[held]] = found, share
    coarse = _pixels_per_cell(raster, cells, area) < 1
    return Hexed(value, cover, coarse, int(counted[0]), int(counted[1]))


def hex_points(at: Cells, cells: Cells, weight: Floats | None = None) -> Floats:
    """Number of positions in each cell, or the sum of their weights.

    ``at`` holds the cell of each position; those outside ``cells`` and NaN weights are left out.
    """
    place, held = _places(cells, np.asarray(at, dtype=np.int64))
    if weight is None:
        return np.bincount(place[held], minlength=len(cells)).astype(np.float64)
    held &= ~np.isnan(weight)
    return np.bincount(place[held], weight[held], len(cells)).astype(np.float64)


def _intake(reading: Reading, band: Band) -> Intake:
    """Counts are added up pixel by pixel; all else is weighted by the true area of the pixels."""
    if band.stat == "max":
        return Intake(band.band, replace(reading, extremes=True))
    if band.stat == "sum":
        return Intake(band.band, reading)
    classes = tuple(band.classes) if band.stat == "share" else ()
    return Intake(band.band, replace(reading, classes=classes, weighted=True), "area")


def _answer(sums: Sums, band: Band) -> tuple[Floats, Floats]:
    """Value and cover of each cell."""
    cover = np.clip(sums.extent / sums.area, 0.0, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.clip(sums.quantity[:, 0] / sums.extent, 0.0, 1.0)
        if band.stat == "max":
            value = sums.high[:, 0]
        elif band.stat == "sum":
            value = sums.quantity[:, 1]
        else:
            value = sums.quantity[:, 3 if band.stat == "share" else 1] / sums.quantity[:, 2]
    if band.stat == "share":
        value = np.clip(value, 0.0, 1.0)
    elif band.stat == "density":
        value = value * cover * share * grid.area_km2(sums.cell)
    if band.nodata_means == "outside":
        return np.where(share > 0, value, np.nan), cover * share
    return np.where((share >= LEAST_KNOWN) & (share > 0), value, np.nan), cover


def _places(cells: Cells, found: Cells) -> tuple[Places, NDArray[np.bool_]]:
    """Place of each found cell in ``cells``, and whether it is among them."""
    place = np.minimum(np.searchsorted(cells, found), len(cells) - 1)
    return place, cells[place] == found


def _pixels_per_cell(raster: Raster, cells: Cells, area: Box) -> float:
    west, south, east, north = area
    wide, high = raster.frame.pixel_km
    if raster.frame.to_lonlat is None:
        wide *= np.cos(np.radians((south + north) / 2))
    some = cells[:: max(1, len(cells) // 500)]
    return float(np.median(grid.area_km2(some)) / (wide * high))


def _around(raster: Raster, resolution: int, area: Box) -> Box:
    """The area grown by the reach of its cells and of the raster's pixels."""
    west, south, east, north = area
    wide_km, high_km = raster.frame.pixel_km
    reach = (2 * grid.AVERAGE_EDGE_KM[resolution] + max(wide_km, high_km)) / KM_PER_DEG
    if raster.frame.to_lonlat is not None:
        reach *= 2  # the scale of a projection
    farthest = min(89.0, max(abs(south), abs(north)) + reach)
    wide = reach / max(0.02, float(np.cos(np.radians(farthest))))
    wide = min(wide, (360 - (east - west)) / 2)
    return west - wide, max(-90.0, south - reach), east + wide, min(90.0, north + reach)
