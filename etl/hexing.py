"""The seam between sources and hexagons: pixels, polygons and positions to values per cell.

Method
------
Pixels that are small against the cells go to the cell that holds their centre; medium ones are
first cut into equal parts, so that counts are shared and none is lost. Rasters with about as many
pixels as cells, or fewer, are sampled at the centres of each cell's grandchildren. Neither is exact
area weighting: against it, a cell's mean or sum is off by some per mille where the cell holds
thousands of pixels and by some per cent where pixels and cells are alike. Totals of small and
medium pixels are kept; of sampled ones, about. Polygon shares are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import h3ronpy
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.fractions import KM_PER_DEG, Places, cell_fractions
from etl.pixels import Block, Box, Raster
from geo_data import grid
from geo_data.grid import Cells, Floats
from geo_data.sources import Band

__all__ = ["Hexed", "cell_fractions", "hex_points", "hex_raster"]

ENOUGH_PIXELS = 200
"""Pixels per cell from which on centres alone are good enough."""
FEWEST_PIXELS = 4
"""Pixels per cell below which the raster is sampled instead."""
LEAST_KNOWN = 0.5
"""A value needs so large a share of the covered part of its cell."""
WINDOW_PIXELS = 1 << 19
SAMPLED_CELLS = 1 << 12
SAMPLE_DEPTH = 2
ADDED_UP = ("sum", "density")


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
    raster: Raster, cells: Cells, band: Band, *, area: Box, legal: tuple[float, float]
) -> Hexed:
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
    """
    tally = _Tally(cells, band, area, legal)
    share = cell_fractions([raster.outline()], cells)
    extent = np.zeros(len(cells))
    extent[np.searchsorted(cells, share["cell"])] = share["fraction"]
    per_cell = _pixels_per_cell(raster, cells, area)
    if per_cell < FEWEST_PIXELS:
        _sample(raster, tally, np.flatnonzero(extent > 0))
    else:
        _bin(raster, tally, int(np.ceil(np.sqrt(max(1.0, ENOUGH_PIXELS / per_cell)))))
    value, cover = tally.result(extent)
    return Hexed(value, cover, per_cell < 1, tally.pixels, tally.rejected)


def hex_points(at: Cells, cells: Cells, weight: Floats | None = None) -> Floats:
    """Number of positions in each cell, or the sum of their weights.

    ``at`` holds the cell of each position; those outside ``cells`` and NaN weights are left out.
    """
    place, held = _places(cells, np.asarray(at, dtype=np.int64))
    if weight is None:
        return np.bincount(place[held], minlength=len(cells)).astype(np.float64)
    held &= ~np.isnan(weight)
    return np.bincount(place[held], weight[held], len(cells)).astype(np.float64)


class _Tally:
    """Running sums per cell over the parts of a raster.

    ``seen`` and ``known`` count the parts that were looked at and those with a value; ``weight``
    is the true area of the known ones.
    """

    def __init__(self, cells: Cells, band: Band, area: Box, legal: tuple[float, float]):
        self.cells, self.band, self.area, self.legal = cells, band, area, legal
        self.seen, self.known, self.weight, self.total = np.zeros((4, len(cells)))
        self.highest = np.full(len(cells), -np.inf)
        self.pixels = self.rejected = 0

    @property
    def skips_empty(self) -> bool:
        """Whether a pixel without value can be passed over: it adds nothing and hides nothing."""
        return self.band.nodata_means == "none" and self.band.stat in ADDED_UP

    def values(self, raster: Raster, block: Block) -> Floats:
        """Values of a block as they count; legal and illegal ones inside the area are noted."""
        values = block.values
        row, column = np.nonzero(~np.isnan(values))
        value = values[row, column]
        good = (value >= self.legal[0]) & (value <= self.legal[1])
        lat, lon = raster.positions(block.x[column], block.y[row])
        west, south, east, north = self.area
        inside = (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
        self.pixels += int((good & inside).sum())
        self.rejected += int((~good & inside).sum())
        nothing = 0.0 if self.band.nodata_means == "none" else np.nan
        counted = np.full_like(values, np.nan if self.skips_empty else nothing)
        counted[row, column] = np.where(good, value, np.nan)
        return counted

    def add(self, place: Places, value: Floats, weight: Floats) -> None:
        """Add parts of cells; a part without value only counts as seen."""
        size, known = len(self.cells), ~np.isnan(value)
        self.seen += np.bincount(place, minlength=size)
        place, value, weight = place[known], value[known], weight[known]
        self.known += np.bincount(place, minlength=size)
        self.weight += np.bincount(place, weight, size)
        if self.band.stat == "max":
            np.maximum.at(self.highest, place, value)
        elif self.band.stat == "sum":
            self.total += np.bincount(place, value, size)
        else:
            if self.band.stat == "share":
                value = np.isin(value, self.band.classes).astype(np.float64)
            self.total += np.bincount(place, value * weight, size)

    def result(self, extent: Floats) -> tuple[Floats, Floats]:
        """Value and cover of each cell, given the share of it inside the raster."""
        if self.skips_empty:
            return np.where(extent > 0, self.total, np.nan), extent
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(self.seen > 0, self.known / self.seen, 0.0)
            mean = self.total / self.weight
        value = self.highest if self.band.stat == "max" else mean
        value = self.total if self.band.stat in ADDED_UP else value
        # A sliver in which nothing was looked at is not spoken about.
        cover = np.where(self.seen > 0, extent, 0.0)
        if self.band.nodata_means == "outside":
            return np.where(share > 0, value, np.nan), cover * share
        return np.where((share >= LEAST_KNOWN) & (cover > 0), value, np.nan), cover


def _bin(raster: Raster, tally: _Tally, parts: int) -> None:
    """Every pixel, cut into ``parts`` by ``parts``, to the cells of the centres."""
    resolution = grid.resolution_of(tally.cells)
    for block in raster.blocks(_around(tally.cells, tally.area), WINDOW_PIXELS // parts):
        values = tally.values(raster, block)
        wanted = ~np.isnan(values) if tally.skips_empty else np.ones(values.shape, dtype=bool)
        row, column = np.nonzero(wanted)
        value = values[row, column] / (parts**2 if tally.band.stat == "sum" else 1)
        for aside, along in _shifts(parts):
            x = block.x[column] + aside * raster.step[0]
            lat, lon = raster.positions(x, block.y[row] + along * raster.step[1])
            place, held = _places(tally.cells, _cells_of(lat, lon, resolution))
            weight = raster.pixel_km2(lat[held], lon[held]) / parts**2
            tally.add(place[held], value[held], weight)


def _sample(raster: Raster, tally: _Tally, wanted: Places) -> None:
    """The raster at the centres of the wanted cells' grandchildren."""
    block = raster.whole(_around(tally.cells, tally.area, raster))
    values = tally.values(raster, block)
    cell_km2 = _areas_km2(tally.cells.tobytes())
    for place, lat, lon, siblings in _samples(raster, tally.cells, wanted):
        row, column = raster.pixels_at(lat, lon)
        row, column = row - block.row, column - block.column
        held = (row >= 0) & (column >= 0) & (row < len(block.y)) & (column < len(block.x))
        place, row, column = place[held], row[held], column[held]
        value, weight = values[row, column], cell_km2[place] / siblings[held]
        if tally.band.stat == "sum":
            centre = raster.positions(block.x[column], block.y[row])
            value = value * weight / raster.pixel_km2(*centre)
        tally.add(place, value, weight)


def _samples(
    raster: Raster, cells: Cells, wanted: Places
) -> Iterator[tuple[Places, Floats, Floats, Floats]]:
    """Place in ``cells``, latitude, longitude and number of siblings of sampled positions.

    A cell that lies in one pixel is sampled once, which says the same.
    """
    lat, lon = grid.centres_of(cells[wanted])
    alone = _in_one_pixel(raster, lat, lon, grid.resolution_of(cells))
    yield wanted[alone], lat[alone], lon[alone], np.ones(int(alone.sum()))
    wanted = wanted[~alone]
    if not len(wanted):
        return
    family = _family(cells.tobytes())
    for start in range(0, len(wanted), SAMPLED_CELLS):
        some = wanted[start : start + SAMPLED_CELLS]
        first, siblings = family.first[some], family.siblings[some]
        step = np.arange(siblings.sum()) - np.repeat(np.cumsum(siblings) - siblings, siblings)
        position = np.repeat(first, siblings) + step
        lat, lon = (axis[position].astype(np.float64) for axis in (family.lat, family.lon))
        yield np.repeat(some, siblings), lat, lon, np.repeat(siblings, siblings).astype(float)


@dataclass(frozen=True, eq=False)
class _Family:
    """Centres of all grandchildren of the cells, kept from one raster to the next.

    Attributes
    ----------
    first, siblings : int arrays, shape (cells,)
        Where the grandchildren of each cell begin, and how many there are.
    lat, lon : float32 arrays
        Within half a metre.
    """

    first: NDArray[np.int64]
    siblings: NDArray[np.int64]
    lat: NDArray[np.float32]
    lon: NDArray[np.float32]


@lru_cache(maxsize=1)
def _family(cells: bytes) -> _Family:
    parents = np.frombuffer(cells, dtype=np.int64)
    resolution = grid.resolution_of(parents) + SAMPLE_DEPTH
    parts = []
    for start in range(0, len(parents), SAMPLED_CELLS):
        index = pa.array(parents[start : start + SAMPLED_CELLS].view(np.uint64))
        lists = pa.array(h3ronpy.change_resolution_list(index, resolution))
        lat, lon = grid.centres_of(np.asarray(lists.values, dtype=np.uint64).view(np.int64))
        parts.append((np.diff(lists.offsets.to_numpy()), np.float32(lat), np.float32(lon)))
    siblings, lats, lons = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Family(np.cumsum(siblings) - siblings, siblings.astype(np.int64), lats, lons)


@lru_cache(maxsize=1)
def _areas_km2(cells: bytes) -> Floats:
    return grid.area_km2(np.frombuffer(cells, dtype=np.int64))


def _in_one_pixel(raster: Raster, lat: Floats, lon: Floats, resolution: int) -> NDArray[np.bool_]:
    reach, aside = _reach(lat, resolution)
    pixels = [
        np.stack(raster.pixels_at(lat + up * reach, lon + right * aside))
        for up, right in ((-1, -1), (-1, 1), (1, -1), (1, 1))
    ]
    same = np.all([(pixel == pixels[0]).all(axis=0) for pixel in pixels[1:]], axis=0)
    return same & (pixels[0] >= 0).all(axis=0)


def _cells_of(lat: Floats, lon: Floats, resolution: int) -> Cells:
    """Cell of each position, 0 where there is none: outside a projection, beyond a pole."""
    finite = np.isfinite(lon) & (np.abs(lat) <= 90)
    if finite.all():
        return grid.cells_of(lat_deg=lat, lon_deg=lon, resolution=resolution)
    found = np.zeros(len(lat), dtype=np.int64)
    found[finite] = grid.cells_of(lat_deg=lat[finite], lon_deg=lon[finite], resolution=resolution)
    return found


def _places(cells: Cells, found: Cells) -> tuple[Places, NDArray[np.bool_]]:
    """Place of each found cell in ``cells``, and whether it is among them."""
    # Neighbouring pixels share a cell, so only the first of each run is looked up.
    first = np.flatnonzero(np.diff(found, prepend=-1))
    place = np.minimum(np.searchsorted(cells, found[first]), len(cells) - 1)
    place = np.repeat(place, np.diff(first, append=len(found)))
    return place, cells[place] == found


def _shifts(parts: int) -> list[tuple[float, float]]:
    """Centres of a pixel's equal parts from its own centre, in pixels."""
    along = (np.arange(parts) + 0.5) / parts - 0.5
    return [(float(x), float(y)) for y in along for x in along]


def _pixels_per_cell(raster: Raster, cells: Cells, area: Box) -> float:
    west, south, east, north = area
    middle = raster.pixel_km2(np.array([(south + north) / 2]), np.array([(west + east) / 2]))
    some = cells[:: max(1, len(cells) // 500)]
    return float(np.median(grid.area_km2(some)) / middle[0])


def _reach(lat: Floats, resolution: int) -> tuple[float, Floats]:
    """Degrees north and east that hold every cell of a resolution."""
    reach = 2 * grid.AVERAGE_EDGE_KM[resolution] / KM_PER_DEG
    return reach, reach / np.maximum(0.02, np.cos(np.radians(np.minimum(np.abs(lat) + reach, 89))))


def _around(cells: Cells, area: Box, raster: Raster | None = None) -> Box:
    """The area grown by the reach of its cells and, if given, of a raster's pixels."""
    west, south, east, north = area
    reach, aside = _reach(np.array([south, north]), grid.resolution_of(cells))
    wide = float(aside.max())
    if raster is not None:
        pixel_wide, pixel_high = raster.step_deg
        wide, reach = wide + pixel_wide, reach + pixel_high
    wide = min(wide, (360 - (east - west)) / 2)
    return west - wide, max(-90.0, south - reach), east + wide, min(90.0, north + reach)
