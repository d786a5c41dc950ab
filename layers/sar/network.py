"""Travel graph over hexagons: where a boat or a vehicle may go, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

from geo_data import grid
from geo_data.quantities import LAND
from geo_data.vocabulary import Medium
from layers.sar import distance, ground
from layers.sar.ground import Pace

# Between 0.34 and 0.40 the Strait of Messina is open and the Isthmus of Corinth closed, as they
# are; with exact shares 0.30 already opens the isthmus.
LEAST_WATER_SHARE = 0.35
LEAST_LAND_SHARE = 0.50
RINGS = 3
_NEIGHBOURS = 3 * RINGS * (RINGS + 1)
# Two points beside a leg, as shares of its length along and to the left: for every leg of three
# rings they lie in the cells its line runs through, in both where it runs along their border.
_BESIDE = ((0.4, 0.04), (0.6, -0.04))


@dataclass(frozen=True)
class Network:
    """Hexagons one medium can pass and the straight legs between them.

    Attributes
    ----------
    medium : Medium
    cells : int64 array, shape (n,), ascending
    length_km : sparse array, shape (n, n), symmetric
        Geodesic length of each leg, up to three rings long.
    by_pace : mapping of Pace to sparse array, shape (n, n)
        On land, the length of road that would take as long; empty at sea.
    part : int array, shape (n,)
        Number of the connected part that each cell belongs to.
    """

    medium: Medium
    cells: grid.Cells
    length_km: sparse.csr_array
    part: NDArray[np.int32]
    by_pace: Mapping[Pace, sparse.csr_array] = field(default_factory=dict)

    def legs_km(self, speed_km_h: float) -> sparse.csr_array:
        """Legs as an asset of this speed meets them, in kilometres at its own speed."""
        return self.by_pace.get(ground.pace_of(speed_km_h), self.length_km)

    def find(self, cells: ArrayLike) -> NDArray[np.int64]:
        """Position of each cell, -1 where the medium cannot pass or the cell is outside."""
        return _find(self.cells, np.asarray(cells, dtype=np.int64))


def passable(land_share: ArrayLike, medium: Medium) -> NDArray[np.bool_]:
    """Whether boats or vehicles can be in a cell; where land is unknown, neither can.

    >>> passable([0.0, 0.6, 0.8, np.nan], Medium.SEA), passable([0.0, 0.6, 0.8], Medium.LAND)
    (array([ True,  True, False, False]), array([False,  True,  True]))
    """
    land = np.asarray(land_share, dtype=np.float64)
    if medium is Medium.AIR:
        return np.ones(land.shape, dtype=np.bool_)
    # The tolerance is that of the float32 in which shares are stored.
    if medium is Medium.SEA:
        return 1 - land >= LEAST_WATER_SHARE - 1e-6
    return land >= LEAST_LAND_SHARE - 1e-6


def build(hexagons: pd.DataFrame, medium: Medium, roads: grid.Cells | None = None) -> Network:
    """Network of one medium, the same for any order of rows.

    Every cell is joined to the 36 within three rings, because the six neighbours alone make
    paths up to 15 % too long and three rings at most 1.6 %. A leg stays out where the straight
    line between its ends runs through a cell that the medium cannot pass.

    Parameters
    ----------
    hexagons : DataFrame
        ``cell`` (one resolution) and ``land_share`` (null: unknown, which nobody passes).
    medium : Medium
        Sea or land; aircraft fly straight and need no network.
    roads : cells, optional
        Those that a road crosses. On land without roads given, all ground is alike.
    """
    if medium is Medium.AIR:
        raise ValueError("aircraft fly straight: there is no network of the air")
    open_cells = passable(hexagons[LAND.column].to_numpy(np.float64), medium)
    cells = np.unique(hexagons["cell"].to_numpy(np.int64)[open_cells])
    start, end = _pairs(cells)
    lat_deg, lon_deg = grid.centres_of(cells)
    up = distance.normals(lat_deg=lat_deg, lon_deg=lon_deg)
    clear = _clear(cells, up, start, end)
    start, end = start[clear], end[clear]
    point = distance.on_earth(up)
    length = _symmetric(start, end, distance.between_km(point[start], point[end]), len(cells))
    part = csgraph.connected_components(length, directed=False)[1]
    by_pace = {}
    if medium is Medium.LAND and roads is not None and len(cells):
        for pace, slowness in ground.slowness(hexagons, cells, roads).items():
            slower = _along(cells, up, start, end, slowness)
            away = distance.between_km(point[start], point[end])
            by_pace[pace] = _symmetric(start, end, away * slower, len(cells))
    return Network(medium, cells, length, part, by_pace)


def build_all(hexagons: pd.DataFrame, roads: grid.Cells | None = None) -> dict[Medium, Network]:
    """Networks of the sea and of the land."""
    return {medium: build(hexagons, medium, roads) for medium in (Medium.SEA, Medium.LAND)}


def without(network: Network, closed: grid.Cells) -> Network:
    """The network where nobody passes some cells; they stay in it without any leg.

    A leg goes where an end or the straight line between its ends lies in a closed cell.
    """
    shut = np.isin(network.cells, np.asarray(closed, dtype=np.int64))
    kept = np.flatnonzero(~shut)
    legs = sparse.triu(network.length_km.tocsr()[kept][:, kept]).tocoo()
    cells = network.cells[kept]
    lat_deg, lon_deg = grid.centres_of(cells)
    up = distance.normals(lat_deg=lat_deg, lon_deg=lon_deg)
    clear = _clear(cells, up, legs.row, legs.col)
    start, end = kept[legs.row[clear]], kept[legs.col[clear]]
    length, *paces = (
        _symmetric(start, end, np.asarray(one[start, end]).ravel(), len(network.cells))
        for one in (network.length_km, *network.by_pace.values())
    )
    part = csgraph.connected_components(length, directed=False)[1]
    return Network(network.medium, network.cells, length, part,
                   dict(zip(network.by_pace, paces, strict=True)))  # fmt: skip


def _pairs(cells: grid.Cells) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Both ends of every leg once, the lower position first."""
    if len(cells) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    origin, neighbour = grid.disks(cells, RINGS)
    once = neighbour > cells[origin]
    origin, neighbour = origin[once], neighbour[once]
    found = _find(cells, neighbour)
    return origin[found >= 0], found[found >= 0]


def _clear(
    cells: grid.Cells, up: distance.Floats, start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether the line between both ends stays in passable cells.

    A cell whose whole disk is passable has no closed leg, so only shores are looked at.
    """
    legs = np.bincount(start, minlength=len(cells)) + np.bincount(end, minlength=len(cells))
    shore = legs < _NEIGHBOURS
    clear = np.ones(len(start), dtype=np.bool_)
    doubtful = np.flatnonzero(shore[start] & shore[end])
    if len(doubtful) == 0:
        return clear
    here, leg = up[start[doubtful]], up[end[doubtful]] - up[start[doubtful]]
    for along, left in _BESIDE:
        lat_deg, lon_deg = distance.degrees(here + along * leg + left * np.cross(here, leg))
        through = grid.cells_of(
            lat_deg=lat_deg, lon_deg=lon_deg, resolution=grid.resolution_of(cells)
        )
        clear[doubtful] &= _find(cells, through) >= 0
    return clear


def _along(
    cells: grid.Cells, up: distance.Floats, start: NDArray[np.int64], end: NDArray[np.int64],
    slowness: distance.Floats,
) -> distance.Floats:  # fmt: skip
    """Mean slowness at both ends of each leg and at two points between."""
    if not len(start):
        return np.empty(0)
    here, leg = up[start], up[end] - up[start]
    total = slowness[start] + slowness[end]
    for along, left in _BESIDE:
        lat_deg, lon_deg = distance.degrees(here + along * leg + left * np.cross(here, leg))
        through = grid.cells_of(
            lat_deg=lat_deg, lon_deg=lon_deg, resolution=grid.resolution_of(cells)
        )
        place = _find(cells, through)
        total += slowness[np.where(place >= 0, place, start)]
    return total / (2 + len(_BESIDE))


def _symmetric(
    start: NDArray[np.int64], end: NDArray[np.int64], length: distance.Floats, cells: int
) -> sparse.csr_array:
    ends = start.astype(np.int32), end.astype(np.int32)
    upper = sparse.coo_array((length, ends), shape=(cells, cells)).tocsr()
    return (upper + upper.T).tocsr()


def _find(cells: grid.Cells, wanted: grid.Cells) -> NDArray[np.int64]:
    if len(cells) == 0:
        return np.full(len(wanted), -1)
    position = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
    return np.where(cells[position] == wanted, position, -1)
