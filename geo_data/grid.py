"""The hexagonal grid: which cell a position is in, how large it is, which cells contain it.

Cells travel as ``int64``: the top bit of an H3 index is always 0, and every engine reads int64.
"""

from __future__ import annotations

from functools import lru_cache

import h3
import h3ronpy
import numpy as np
import pyarrow as pa
import shapely
from h3.api import basic_int
from h3ronpy import vector
from numpy.typing import ArrayLike, NDArray

from geo_data import cell_areas

Cells = NDArray[np.int64]
Floats = NDArray[np.float64]

COARSEST_RESOLUTION = 3
FINEST_RESOLUTION = 9
# Average cell radius stays between 4 and 16 pixels, so a view holds some thousand hexagons.
RESOLUTION_BY_ZOOM = {0: 3, 1: 3, 2: 3, 3: 3, 4: 4, 5: 4, 6: 5, 7: 6, 8: 7, 9: 7, 10: 8, 11: 9}
_REMEMBERED: dict[tuple[float, float, float, float, int], NDArray[np.int64]] = {}
"""Cells of boxes that another process has found."""
AVERAGE_EDGE_KM = {
    3: 68.979222, 4: 26.071760, 5: 9.854091, 6: 3.724533, 7: 1.406476, 8: 0.531414, 9: 0.200786,
}  # fmt: skip


def cells_of(*, lat_deg: ArrayLike, lon_deg: ArrayLike, resolution: int) -> Cells:
    """Cell of each position.

    Parameters
    ----------
    lat_deg, lon_deg : float arrays, shape (n,)
        WGS84 degrees, finite; a missing position has no cell and must be left out before.

    Examples
    --------
    >>> text(cells_of(lat_deg=[37.769377], lon_deg=[-122.388903], resolution=9))
    ['89283082e73ffff']
    """
    lat = np.ascontiguousarray(lat_deg, dtype=np.float64)
    lon = np.ascontiguousarray(lon_deg, dtype=np.float64)
    if not (np.isfinite(lat).all() and np.isfinite(lon).all()):
        raise ValueError("cells_of needs finite positions")
    return _int64(vector.coordinates_to_cells(pa.array(lat), pa.array(lon), resolution))


def centres_of(cells: ArrayLike) -> tuple[Floats, Floats]:
    """Latitude and longitude of each cell's centre, WGS84 degrees."""
    batch = vector.cells_to_coordinates(_uint64(cells))
    return (
        np.asarray(pa.array(batch.column("lat")), dtype=np.float64),
        np.asarray(pa.array(batch.column("lng")), dtype=np.float64),
    )


def area_km2(cells: ArrayLike) -> Floats:
    """True area of each cell; the average of a resolution is wrong by up to a factor of two."""
    cells = np.asarray(cells, dtype=np.int64)
    first, last = (cells.min() >> 52, cells.max() >> 52) if len(cells) else (0, 0)
    resolution = int(first & 0xF)
    if first != last or resolution < cell_areas.SMOOTH_FROM:
        return _asked_areas(cells)
    area, leaving = cell_areas.smooth_areas(cells, resolution)
    area[leaving] = _asked_areas(cells[leaving])
    return area


def polygons_of(cells: ArrayLike) -> NDArray[np.object_]:
    """Hexagon of each cell as a shapely polygon, longitude first."""
    wkb = pa.array(vector.cells_to_wkb_polygons(_uint64(cells)))
    return shapely.from_wkb(np.asarray(wkb.to_numpy(zero_copy_only=False), dtype=object))


def outline_of(cells: ArrayLike) -> shapely.Geometry:
    """Line round some cells: a polygon for each part that hangs together, holes left open.

    Joined by the edges that two cells share, not by their positions, which differ in the last
    digits where an edge of the icosahedron cuts a hexagon.
    """
    once = np.unique(np.asarray(cells, dtype=np.int64)).tolist()
    return shapely.geometry.shape(basic_int.cells_to_geo(once, tight=False))


def cells_in_box(west: float, south: float, east: float, north: float, resolution: int) -> Cells:
    """Sorted cells whose centre lies in a box of degrees."""
    known = _REMEMBERED.get((west, south, east, north, resolution))
    return _found_in_box(west, south, east, north, resolution) if known is None else known


def remember(
    west: float, south: float, east: float, north: float, resolution: int, cells: Cells
) -> None:
    """Keep the cells of a box that another process has found."""
    _REMEMBERED[(west, south, east, north, resolution)] = cells


def is_known(west: float, south: float, east: float, north: float, resolution: int) -> bool:
    """Whether the cells of a box were given by another process."""
    return (west, south, east, north, resolution) in _REMEMBERED


@lru_cache(maxsize=8)
def _found_in_box(west: float, south: float, east: float, north: float, resolution: int) -> Cells:
    wkb = pa.array([shapely.to_wkb(shapely.box(west, south, east, north))], type=pa.binary())
    found = vector.wkb_to_cells(wkb, resolution, flatten=True)
    cells = np.unique(_int64(found))
    cells.flags.writeable = False
    return cells


def parents(cells: ArrayLike, resolution: int) -> Cells:
    """The cell of a coarser resolution that each cell belongs to, by arithmetic on the index.

    >>> text(parents(cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=7), 5))
    ['85384d8ffffffff']
    """
    index = np.asarray(cells, dtype=np.int64).view(np.uint64)
    unused_digits = np.uint64((1 << (3 * (15 - resolution))) - 1)
    cleared = index & ~(np.uint64(0xF) << np.uint64(52))
    coarser = cleared | (np.uint64(resolution) << np.uint64(52)) | unused_digits
    return coarser.view(np.int64)


def children(cells: ArrayLike, resolution: int) -> Cells:
    """Cells of a finer resolution inside each cell, shape (n, children per cell).

    Only hexagons: a pentagon has fewer children and raises ``ValueError``.
    """
    lists = pa.array(h3ronpy.change_resolution_list(_uint64(cells), resolution))
    counts = np.diff(lists.offsets.to_numpy())
    if len(counts) and (counts != counts[0]).any():
        raise ValueError("children of pentagons and hexagons cannot stand in one table")
    flat = np.asarray(lists.values, dtype=np.uint64).view(np.int64)
    return flat.reshape(len(counts), -1)


def disks(cells: ArrayLike, rings: int) -> tuple[NDArray[np.int64], Cells]:
    """Neighbours within a number of rings, the cell itself among them.

    Returns
    -------
    origin : int array, shape (m,)
        Position in ``cells`` that each neighbour belongs to.
    neighbour : cells, shape (m,)
    """
    lists = pa.array(h3ronpy.grid_disk(_uint64(cells), rings))
    counts = np.diff(lists.offsets.to_numpy())
    flat = np.asarray(lists.values, dtype=np.uint64).view(np.int64)
    return np.repeat(np.arange(len(counts)), counts), flat


def text(cells: ArrayLike) -> list[str]:
    """The 15-character names of cells, for people, exports and other tools."""
    return list(pa.array(h3ronpy.cells_to_string(_uint64(cells))).to_pylist())


def is_cell(name: str) -> bool:
    """Whether a text names an H3 cell.

    >>> is_cell("86384d8f7ffffff"), is_cell("80fffffffffffff")
    (True, False)
    """
    return bool(h3.is_valid_cell(name))


def resolution_of(cells: ArrayLike) -> int:
    """Resolution shared by all cells; ``ValueError`` if they differ or there are none."""
    found = np.unique((np.asarray(cells, dtype=np.int64) >> 52) & 0xF)
    if len(found) != 1:
        raise ValueError(f"expected cells of one resolution, found {found.tolist()}")
    return int(found[0])


def resolution_at_zoom(zoom: int, finest: int) -> int:
    """Resolution drawn at a map zoom, never finer than the data."""
    wanted = RESOLUTION_BY_ZOOM.get(int(zoom), FINEST_RESOLUTION)
    return max(COARSEST_RESOLUTION, min(wanted, finest))


def _asked_areas(cells: Cells) -> Floats:
    return np.asarray(pa.array(h3ronpy.cells_area_km2(_uint64(cells))), dtype=np.float64)


def _uint64(cells: ArrayLike) -> pa.Array:
    return pa.array(np.ascontiguousarray(cells, dtype=np.int64).view(np.uint64))


def _int64(arrow: object) -> Cells:
    return np.asarray(pa.array(arrow), dtype=np.uint64).view(np.int64)
