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
from etl.engine.lattice import ROW, Lattice, lattice
from etl.engine.patches import Patch, Span
from etl.engine.prefix import Filled, Pack, Reading, Room, fill
from etl.engine.sums import Sums
from geo_data.grid import Cells, Floats
from geo_data.icosahedron import REACH, icosahedron

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
    walk : function of prefix sums, their first row, and totals, shape (cells, WIDTH)
    touch : function of values, their first row, lowest and highest, shape (cells,)
    area, bottom : float arrays, shape (cells,)
    chosen : function of the places that lie in the window
        Which of them count, and their names.
    """

    walk: Callable[[Pack, int, Floats], None]
    touch: Callable[[Floats, int, Floats, Floats], None]
    area: Floats
    bottom: Floats
    chosen: Callable[[Cells], tuple[Cells, Cells]]


class _Tally:
    """What the bands of a window add up to, for each lot."""

    def __init__(self, window: Window, lots: list[_Lot]):
        self.lots = lots
        self.packs = [-(-len(c.reading.quantities()) // edges.PACK) for c in window.channels]
        self.extremes = [n for n, c in enumerate(window.channels) if c.reading.extremes]
        sizes = [len(lot.area) for lot in lots]
        self.total = [np.zeros((sum(self.packs), size, edges.WIDTH)) for size in sizes]
        self.low = [np.full((len(self.extremes), size), np.inf) for size in sizes]
        self.high = [np.full((len(self.extremes), size), -np.inf) for size in sizes]
        self.largest = np.zeros((sum(self.packs), edges.PACK))
        self.pixels = np.zeros((len(window.channels), 2), dtype=np.int64)

    def add(self, number: int, top: int, filled: Filled, values: Floats | None) -> None:
        """A band of rows of a channel."""
        self.pixels[number] += filled.legal, filled.illegal
        first = sum(self.packs[:number])
        for order, pack in enumerate(filled.packs, first):
            largest = self.largest[order, : pack.size]
            np.maximum(largest, pack.largest(), out=largest)
            for lot, total in zip(self.lots, self.total, strict=True):
                lot.walk(pack, top, total[order])
        if values is not None:
            row = self.extremes.index(number)
            for lot, low, high in zip(self.lots, self.low, self.high, strict=True):
                lot.touch(values, top, low[row], high[row])


def sums_of(window: Window, resolution: int, room: Room) -> tuple[Sums, NDArray[np.int64]]:
    """Exact sums over the part of each cell inside a window, unsorted.

    Returns
    -------
    Sums
    pixels : int array, shape (channels, 2)
        Legal and illegal ones.
    """
    lots = _lots(window, resolution)
    tally = _Tally(window, lots)
    rows, columns = window.shape
    high = max(8, BAND_NUMBERS // (columns + 1) // edges.PACK)
    for top in range(0, rows, high):
        band = slice(top, min(top + high, rows))
        for number, channel in enumerate(window.channels):
            values = None
            if channel.reading.extremes:
                values = room.take("values", (band.stop - top) * columns).reshape(-1, columns)
            inside = None if channel.inside is None else channel.inside[band]
            filled = fill(
                channel.raw[band], channel.reading, channel.weight[band], inside, room, values
            )
            tally.add(number, top, filled, values)
    sizes = [
        min(edges.PACK, len(channel.reading.quantities()) - first)
        for channel in window.channels
        for first in range(0, len(channel.reading.quantities()), edges.PACK)
    ]
    return Sums.joined([_sums(window, tally, n, sizes) for n in range(len(lots))]), tally.pixels


def _sums(window: Window, tally: _Tally, number: int, sizes: list[int]) -> Sums:
    """Sums of the cells of a lot that lie in the window, without what is only rounding."""
    lot, total = tally.lots[number], tally.total[number]
    area, extent = np.abs(lot.area), total[0, :, edges.PACK]
    there = np.abs(extent) > NOTHING * area + ROUNDING * window.shape[1]
    keep, cells = lot.chosen(np.flatnonzero(there & (area > 0)))
    sign = np.sign(lot.area[keep])
    quantity = np.empty((len(keep), sum(sizes)))
    first = 0
    for pack, size in enumerate(sizes):
        part = total[pack].take(keep, axis=0)[:, :size] * sign[:, np.newaxis]
        part *= np.abs(part) > ROUNDING * tally.largest[pack, :size]
        quantity[:, first : first + size] = part
        first += size
    low, high = tally.low[number][:, keep].T, tally.high[number][:, keep].T
    bottom = lot.bottom[keep] + window.rows[0]
    return Sums(cells, quantity, extent[keep] * sign, area[keep], bottom, low, high)


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

    def touch(values: Floats, top: int, low: Floats, high: Floats) -> None:
        extremes.in_lattice(
            values, top, corner, reach, patch.begin, patch.first, area, edges.CHUNK, low, high
        )

    def chosen(place: Cells) -> tuple[Cells, Cells]:
        q, r, wanted = patch.points(place)
        if not alone:
            wanted &= plane.depth(q + r / 2, r * ROW) >= WHOLE_EDGE
        if not wanted.all():
            place, q, r = place[wanted], q[wanted], r[wanted]
        return place, indices.cells_at(plane, q, r)

    return _Lot(walk, touch, area, bottom, chosen)


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

    def touch(values: Floats, top: int, low: Floats, high: Floats) -> None:
        extremes.in_rings(values, top, ring, begin, low, high)

    return _Lot(walk, touch, area, bottom, lambda place: (place, cells[place]))
