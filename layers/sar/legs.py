"""Legs by geometry, for any cells: what their straight lines run through is looked up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo_data import grid
from layers.sar import distance

RINGS = 3
_NEIGHBOURS = 3 * RINGS * (RINGS + 1)
# Two points beside a leg, as shares of its length along and to the left: for every leg of three
# rings they lie in the cells its line runs through, in both where it runs along their border.
_BESIDE = ((0.4, 0.04), (0.6, -0.04))


def pairs(cells: grid.Cells) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Both ends of every leg once, the lower position first."""
    if len(cells) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    origin, neighbour = grid.disks(cells, RINGS)
    once = neighbour > cells[origin]
    origin, neighbour = origin[once], neighbour[once]
    found = find(cells, neighbour)
    return origin[found >= 0], found[found >= 0]


def clear(
    cells: grid.Cells, up: distance.Floats, start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether the line between both ends stays in passable cells.

    A cell whose whole disk is passable has no closed leg, so only shores are looked at.
    """
    legs = np.bincount(start, minlength=len(cells)) + np.bincount(end, minlength=len(cells))
    shore = legs < _NEIGHBOURS
    free = np.ones(len(start), dtype=np.bool_)
    doubtful = np.flatnonzero(shore[start] & shore[end])
    if len(doubtful) == 0:
        return free
    here, leg = up[start[doubtful]], up[end[doubtful]] - up[start[doubtful]]
    for share, left in _BESIDE:
        lat_deg, lon_deg = distance.degrees(here + share * leg + left * np.cross(here, leg))
        through = grid.cells_of(
            lat_deg=lat_deg, lon_deg=lon_deg, resolution=grid.resolution_of(cells)
        )
        free[doubtful] &= find(cells, through) >= 0
    return free


def along(
    cells: grid.Cells, up: distance.Floats, start: NDArray[np.int64], end: NDArray[np.int64],
    slowness: distance.Floats,
) -> distance.Floats:  # fmt: skip
    """Mean slowness at both ends of each leg and at two points between."""
    here, leg = up[start], up[end] - up[start]
    total = slowness[start] + slowness[end]
    for share, left in _BESIDE:
        lat_deg, lon_deg = distance.degrees(here + share * leg + left * np.cross(here, leg))
        through = grid.cells_of(
            lat_deg=lat_deg, lon_deg=lon_deg, resolution=grid.resolution_of(cells)
        )
        place = find(cells, through)
        total += slowness[np.where(place >= 0, place, start)]
    return total / (2 + len(_BESIDE))


def find(cells: grid.Cells, wanted: grid.Cells) -> NDArray[np.int64]:
    """Position of each wanted cell among sorted ones, -1 where it is not among them."""
    if len(cells) == 0:
        return np.full(len(wanted), -1)
    position = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
    return np.where(cells[position] == wanted, position, -1)


def both_ways(
    start: NDArray[np.int64], end: NDArray[np.int64], length: distance.Floats, cells: int
) -> sparse.csr_array:
    """Legs there and back, as a sparse square over the cells."""
    ends = start.astype(np.int32), end.astype(np.int32)
    upper = sparse.coo_array((length, ends), shape=(cells, cells)).tocsr()
    return (upper + upper.T).tocsr()
