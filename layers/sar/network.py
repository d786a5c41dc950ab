"""Travel graph over hexagons: where a boat or a vehicle may go, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import h3
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

from geo_data import grid
from geo_data.quantities import LAND
from geo_data.vocabulary import Medium
from layers.sar import distance, ground, lattice, legs, straits
from layers.sar.ground import Pace
from layers.sar.legs import RINGS, find

# Between 0.34 and 0.40 the Strait of Messina is open and the Isthmus of Corinth closed, as they
# are; with exact shares 0.30 already opens the isthmus.
LEAST_WATER_SHARE = 0.35
LEAST_LAND_SHARE = 0.50


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
    centre_km : float array, shape (n, 3)
        Points of :func:`layers.sar.distance.on_earth`.
    """

    medium: Medium
    cells: grid.Cells
    length_km: sparse.csr_array
    part: NDArray[np.int32]
    centre_km: distance.Floats
    by_pace: Mapping[Pace, sparse.csr_array] = field(default_factory=dict)

    def legs_km(self, speed_km_h: float) -> sparse.csr_array:
        """Legs as an asset of this speed meets them, in kilometres at its own speed."""
        return self.by_pace.get(ground.pace_of(speed_km_h), self.length_km)

    def find(self, cells: ArrayLike) -> NDArray[np.int64]:
        """Position of each cell, -1 where the medium cannot pass or the cell is outside."""
        return find(self.cells, np.asarray(cells, dtype=np.int64))


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


def build(
    hexagons: pd.DataFrame,
    medium: Medium,
    roads: grid.Cells | None = None,
    narrows: pd.DataFrame | None = None,
) -> Network:
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
    narrows : DataFrame, optional
        Straits narrower than a hexagon, as :func:`layers.sar.straits.known` gives them.
    """
    if medium is Medium.AIR:
        raise ValueError("aircraft fly straight: there is no network of the air")
    open_cells = passable(hexagons[LAND.column].to_numpy(np.float64), medium)
    cells = np.unique(hexagons["cell"].to_numpy(np.int64)[open_cells])
    lat_deg, lon_deg = grid.centres_of(cells)
    up = distance.normals(lat_deg=lat_deg, lon_deg=lon_deg)
    centre_km = distance.on_earth(up)
    if _near_pentagons(cells):
        joined = _measured(cells, up, centre_km)
    else:
        joined = _walked(cells, centre_km)
    by_pace = {}
    if medium is Medium.LAND and roads is not None and len(cells):
        for pace, slowness in ground.slowness(hexagons, cells, roads).items():
            by_pace[pace] = joined.slowed(slowness)
    length_km, part = joined.length_km, joined.part
    if medium is Medium.SEA and narrows is not None:
        through = straits.legs(cells, hexagons["cell"].to_numpy(np.int64), narrows)
        length_km, part = straits.joined(length_km, part, through)
    return Network(medium, cells, length_km, part, centre_km, by_pace)


def build_all(
    hexagons: pd.DataFrame,
    roads: grid.Cells | None = None,
    narrows: pd.DataFrame | None = None,
) -> dict[Medium, Network]:
    """Networks of the sea and of the land."""
    media = (Medium.SEA, Medium.LAND)
    return {medium: build(hexagons, medium, roads, narrows) for medium in media}


@dataclass(frozen=True, eq=False)
class _Joined:
    """Cells and the legs between them, however they were found."""

    length_km: sparse.csr_array
    part: NDArray[np.int32]
    slowed: Callable[[distance.Floats], sparse.csr_array]


def _near_pentagons(cells: grid.Cells) -> bool:
    """Whether some leg could begin, run or end at one of the twelve cells with five sides."""
    if not len(cells):
        return False
    resolution = grid.resolution_of(cells)
    pentagons = np.array([h3.str_to_int(cell) for cell in h3.get_pentagons(resolution)], np.int64)
    return bool((find(cells, grid.disks(pentagons, RINGS + 1)[1]) >= 0).any())


def _walked(cells: grid.Cells, centre_km: distance.Floats) -> _Joined:
    """Legs by the lattice, the quick way."""
    around = lattice.neighbours(cells)
    begins, ends, length_km = lattice.legs(around, centre_km)

    def rows(length: distance.Floats) -> sparse.csr_array:
        return sparse.csr_array((length, ends, begins), shape=(len(cells), len(cells)))

    def slowed(slowness: distance.Floats) -> sparse.csr_array:
        return rows(lattice.slowed(around, begins, length_km, slowness))

    return _Joined(rows(length_km), lattice.parts(around), slowed)


def _measured(cells: grid.Cells, up: distance.Floats, centre_km: distance.Floats) -> _Joined:
    """Legs by geometry, which knows no exceptions."""
    start, end = legs.pairs(cells)
    clear = legs.clear(cells, up, start, end)
    start, end = start[clear], end[clear]
    away_km = distance.between_km(centre_km[start], centre_km[end])

    def slowed(slowness: distance.Floats) -> sparse.csr_array:
        slower = legs.along(cells, up, start, end, slowness)
        return legs.both_ways(start, end, away_km * slower, len(cells))

    length_km = legs.both_ways(start, end, away_km, len(cells))
    part = csgraph.connected_components(length_km, directed=False)[1]
    return _Joined(length_km, part, slowed)
