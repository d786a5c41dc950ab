"""One window of pixels to sums per cell: the lattice inside each face, rings where cells leave it.

The window is filled and walked in bands of a few rows: prefix sums that are still in the cache are
read many times faster.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.engine import charts, edges, extremes, indices, patches, rings
from etl.engine.frame import Frame
from etl.engine.lattice import REACH, ROW, Lattice, icosahedron, lattice
from etl.engine.patches import Patch, Span
from etl.engine.prefix import Pack, Reading, Room, fill
from etl.engine.sums import Sums
from geo_data.grid import Cells, Floats

WHOLE_EDGE = REACH + 1e-6
NOTHING = 1e-9
"""Share of a cell below which it is not in a window at all."""
ROUNDING = 1e-13
"""Error of an integral against the largest prefix sum."""
BAND_NUMBERS = 1 << 18
"""Prefix sums that are held at a time: two megabytes."""


@dataclass(frozen=True, eq=False)
class Channel:
    """One band of a window, as read.

    Attributes
    ----------
    raw, weight : arrays, shape (rows, columns)
    inside : bool array, shape (rows, columns), or None
        Pixels that are counted as legal or illegal; None: all.
    """

    raw: NDArray
    reading: Reading
    weight: Floats
    inside: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Window:
    """Some rows and columns (half open) of all channels."""

    frame: Frame
    rows: Span
    columns: Span
    channels: tuple[Channel, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.rows[1] - self.rows[0], self.columns[1] - self.columns[0]

    @property
    def about(self) -> float:
        """Column in the middle."""
        return (self.columns[0] + self.columns[1]) / 2


@dataclass(frozen=True, eq=False)
class _Lot:
    """Cells that are walked together: a patch of a face, or those that leave a face.

    Attributes
    ----------
    walk : function of prefix sums and totals, shape (cells, WIDTH)
    area, bottom : float arrays, shape (cells,)
    chosen : function of the places that lie in the window
        Which of them count, their names, and their rings if asked.
    """

    walk: Callable[[Pack, int, Floats], None]
    area: Floats
    bottom: Floats
    chosen: Callable[[Cells, bool], tuple[Cells, Cells, Floats, Cells]]


def sums_of(window: Window, resolution: int, room: Room) -> tuple[Sums, NDArray[np.int64]]:
    """Exact sums over the part of each cell inside a window, unsorted.

    Returns
    -------
    Sums
    pixels : int array, shape (channels, 2)
        Legal and illegal ones.
    """
    lots = _lots(window, resolution)
    total, largest, pixels, values = _walked(window, lots, room)
    parts = []
    for lot, sums in zip(lots, total, strict=True):
        area = np.abs(lot.area)
        there = np.abs(sums[:, -1]) > NOTHING * area + ROUNDING * window.shape[1]
        keep, cells, ring, begin = lot.chosen(np.flatnonzero(there & (area > 0)), bool(values))
        sums = sums[keep] * np.sign(lot.area[keep])[:, np.newaxis]
        quantity = sums[:, :-1]
        quantity[np.abs(quantity) <= ROUNDING * largest] = 0.0
        low, high = np.empty((2, len(values), len(keep)))
        for number, band in enumerate(values):
            extremes.touched(band, ring, begin, low[number], high[number])
        bottom = lot.bottom[keep] + window.rows[0]
        parts.append(Sums(cells, quantity, sums[:, -1], area[keep], bottom, low.T, high.T))
    return Sums.joined(parts), pixels


def _walked(
    window: Window, lots: list[_Lot], room: Room
) -> tuple[list[Floats], Floats, NDArray[np.int64], list[Floats]]:
    """Totals of each lot, the largest row sums, pixel counts, and values for extremes."""
    rows, columns = window.shape
    values = {
        number: room.take(("values", number), rows * columns).reshape(rows, columns)
        for number, channel in enumerate(window.channels)
        if channel.reading.extremes
    }
    totals: dict[tuple[int, int, int], Floats] = {}
    largest: dict[tuple[int, int], Floats] = {}
    pixels = np.zeros((len(window.channels), 2), dtype=np.int64)
    high = max(8, BAND_NUMBERS // (columns + 1) // edges.PACK)
    for top in range(0, rows, high):
        band = slice(top, min(top + high, rows))
        for number, channel in enumerate(window.channels):
            filled = fill(
                channel.raw[band], channel.reading, channel.weight[band],
                None if channel.inside is None else channel.inside[band], room, number,
                values[number][band] if number in values else None,
            )  # fmt: skip
            pixels[number] += filled.legal, filled.illegal
            for order, pack in enumerate(filled.packs):
                key = number, order
                largest[key] = np.maximum(largest.get(key, 0.0), pack.largest())
                for place, lot in enumerate(lots):
                    if not top:
                        totals[(place, *key)] = np.zeros((len(lot.area), edges.WIDTH))
                    lot.walk(pack, top, totals[(place, *key)])
    keys = sorted(largest)
    found = []
    for place in range(len(lots)):
        mine = [totals[(place, *key)][:, : len(largest[key])] for key in keys]
        extent = totals[(place, *keys[0])][:, edges.PACK :]
        found.append(np.concatenate([*mine, extent], axis=1))
    together = np.concatenate([largest[key] for key in keys])
    return found, together, pixels, list(values.values())


def _lots(window: Window, resolution: int) -> list[_Lot]:
    faces, alone = _faces(window, resolution)
    found, leaving = [], []
    for face in faces:
        plane = lattice(resolution, face)
        patch = patches.patch(window.frame, plane, window.rows, window.columns)
        origin = window.rows[0], window.columns[0]
        plot = charts.chart(window.frame, plane, patch.box(), origin, window.about)
        if plot is not None:
            found.append(_regular(plane, patch, charts.corners(plot, patch), alone))
        if plot is None or not alone:
            leaving.append(_leaving(plane, patch, all_of_them=plot is None))
    if leaving:
        found.append(_irregular(window, np.unique(np.concatenate(leaving))))
    return found


def _faces(window: Window, resolution: int) -> tuple[list[int], bool]:
    """The faces a window lies on, and whether it keeps away from all their edges."""
    columns, rows = patches.outline(window.rows, window.columns, patches.SIDE_POINTS)
    middle = window.about, (window.rows[0] + window.rows[1]) / 2
    points = window.frame.points(np.append(columns, middle[0]), np.append(rows, middle[1]))
    face = int(np.argmax(icosahedron()[0] @ points[-1]))
    plane = lattice(resolution, face)
    u, v = plane.plane(points)
    slack = patches.SAFE_DEPTH + 0.1 * np.nanmax(np.hypot(u - u[-1], v - v[-1]))
    if np.isfinite(u).all() and plane.depth(u, v).min() > slack:
        return [face], True
    near = []
    for other in range(20):
        plane = lattice(resolution, other)
        u, v = plane.plane(points)
        if np.isfinite(u).all() and plane.depth(u, v).max() > -slack - patches.SAFE_DEPTH:
            near.append(other)
    return near, False


def _regular(plane: Lattice, patch: Patch, corner: Floats, alone: bool) -> _Lot:
    """Cells whose hexagon lies inside a face."""
    size = len(corner)
    reach, area, bottom = np.empty((size // edges.CHUNK + 1, 2)), np.empty(size), np.empty(size)
    edges.measure(corner, patch.begin, patch.first, reach, area, bottom)

    def walk(pack: Pack, top: int, total: Floats) -> None:
        edges.walk_lattice(
            pack.sums, top, pack.rows, pack.columns, pack.size, corner, reach, patch.begin,
            patch.first, total,
        )  # fmt: skip

    def chosen(place: Cells, with_ring: bool) -> tuple[Cells, Cells, Floats, Cells]:
        q, r, wanted = patch.points(place)
        if not alone:
            wanted &= plane.depth(q + r / 2, r * ROW) >= WHOLE_EDGE
            place, q, r = place[wanted], q[wanted], r[wanted]
        elif not wanted.all():
            place, q, r = place[wanted], q[wanted], r[wanted]
        ring = _hexagons(patch, corner, place, q, r) if with_ring else corner[:0, 0]
        return place, indices.cells_at(plane, q, r), ring, np.arange(len(place) + 1) * 6

    return _Lot(walk, area, bottom, chosen)


def _hexagons(patch: Patch, corner: Floats, place: Cells, q: Cells, r: Cells) -> Floats:
    """The six corners of cells, from those that each cell and its neighbours keep."""
    below = r - patch.row0 - 1
    under = patch.begin[below] + q - patch.first[below]
    around = [
        corner[place, 1], corner[place, 0], corner[place - 1, 1],
        corner[under, 0], corner[under, 1], corner[under + 1, 0],
    ]  # fmt: skip
    return np.stack(around, axis=1).reshape(-1, 2)


def _leaving(plane: Lattice, patch: Patch, *, all_of_them: bool) -> Cells:
    """Cells of a patch with their centre in the face, but not all of their hexagon."""
    q, r, wanted = patch.points(np.arange(patch.begin[-1]))
    depth = plane.depth(q + r / 2, r * ROW)
    some = wanted & (depth > -1e-6) & (all_of_them | (depth < WHOLE_EDGE))
    return indices.asked(plane, q[some], r[some])


def _irregular(window: Window, cells: Cells) -> _Lot:
    origin = window.rows[0], window.columns[0]
    ring, begin = rings.rings_of(cells, window.frame, origin, window.about)
    area, bottom = rings.measured(ring, begin)

    def walk(pack: Pack, top: int, total: Floats) -> None:
        edges.walk_rings(pack.sums, top, pack.rows, pack.columns, pack.size, ring, begin, total)

    def chosen(place: Cells, with_ring: bool) -> tuple[Cells, Cells, Floats, Cells]:
        sizes = np.diff(begin)
        keep = np.repeat(np.isin(np.arange(len(cells)), place), sizes)
        mine = np.concatenate([[0], np.cumsum(sizes[place])])
        return place, cells[place], np.ascontiguousarray(ring[keep]), mine

    return _Lot(walk, area, bottom, chosen)
