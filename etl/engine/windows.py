"""One window of pixels to sums per cell: the lattice inside each face, rings where cells leave it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.engine import charts, edges, extremes, indices, patches, rings
from etl.engine.frame import Frame
from etl.engine.lattice import REACH, ROW, Lattice, icosahedron, lattice
from etl.engine.patches import Patch, Span
from etl.engine.sums import Sums
from geo_data.grid import Cells, Floats

WHOLE_EDGE = REACH + 1e-6
NOTHING = 1e-9
"""Share of a cell below which it is not in a window at all."""
ROUNDING = 1e-13
"""Error of an integral against the largest prefix sum."""


@dataclass(frozen=True, eq=False)
class Window:
    """Pixels ready for the walk.

    Attributes
    ----------
    rows, columns : (first, last), half open
    prefix : float array, shape (rows, columns + 1, quantities)
    values : tuple of float arrays, shape (rows, columns)
        Of the bands whose extremes are wanted.
    """

    frame: Frame
    rows: Span
    columns: Span
    prefix: Floats
    values: tuple[Floats, ...] = ()

    @property
    def about(self) -> float:
        """Column in the middle."""
        return (self.columns[0] + self.columns[1]) / 2


def sums_of(window: Window, resolution: int) -> Sums:
    """Exact sums over the part of each cell inside a window, unsorted."""
    faces, alone = _faces(window, resolution)
    found, leaving = [], []
    for face in faces:
        plane = lattice(resolution, face)
        patch = patches.patch(window.frame, plane, window.rows, window.columns)
        plot = charts.chart(
            window.frame, plane, patch.box(), (window.rows[0], window.columns[0]), window.about
        )
        if plot is not None:
            found.append(_regular(window, plane, patch, plot, alone))
        if plot is None or not alone:
            leaving.append(_leaving(plane, patch, all_of_them=plot is None))
    if leaving:
        found.append(_irregular(window, np.unique(np.concatenate(leaving))))
    return Sums.joined(found)


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


def _regular(
    window: Window, plane: Lattice, patch: Patch, plot: charts.Chart, alone: bool
) -> Sums:
    """Cells whose hexagon lies inside a face."""
    corner = charts.corners(plot, patch.begin, patch.first, patch.row0)
    total = np.zeros((len(corner), window.prefix.shape[2] + edges.EXTRA))
    bottom = np.full(len(corner), -np.inf)
    edges.walk_lattice(window.prefix, corner, patch.begin, patch.first, total, bottom)
    place = np.flatnonzero(np.abs(total[:, -2]) > 0)
    q, r, wanted = patch.points(place)
    if not alone:
        wanted &= plane.depth(q + r / 2, r * ROW) >= WHOLE_EDGE
    keep = wanted & _there(window, total[place])
    place, q, r = place[keep], q[keep], r[keep]
    ring = _hexagons(patch, corner, place, q, r) if window.values else None
    begin = np.arange(len(place) + 1) * 6
    return _sums(window, indices.cells_at(plane, q, r), total[place], bottom[place], ring, begin)


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


def _irregular(window: Window, cells: Cells) -> Sums:
    origin = window.rows[0], window.columns[0]
    ring, begin = rings.rings_of(cells, window.frame, origin, window.about)
    total = np.zeros((len(cells), window.prefix.shape[2] + edges.EXTRA))
    bottom = np.full(len(cells), -np.inf)
    edges.walk_rings(window.prefix, ring, begin, total, bottom)
    keep = _there(window, total)
    whole = np.repeat(keep, np.diff(begin))
    begin = np.concatenate([[0], np.cumsum(np.diff(begin)[keep])])
    ring = np.ascontiguousarray(ring[whole])
    return _sums(window, cells[keep], total[keep], bottom[keep], ring, begin)


def _there(window: Window, total: Floats) -> np.ndarray:
    return np.abs(total[:, -2]) > _least(window, np.abs(total[:, -1]))


def _least(window: Window, area: Floats) -> Floats:
    return NOTHING * area + ROUNDING * (window.columns[1] - window.columns[0])


def _sums(
    window: Window, cells: Cells, total: Floats, bottom: Floats, ring: Floats | None, begin: Cells
) -> Sums:  # fmt: skip
    """Clear what is only rounding, and look up extremes."""
    total = total * np.sign(total[:, -1:])
    area, extent, quantity = total[:, -1], total[:, -2], total[:, :-2]
    largest = np.abs(window.prefix[:, -1]).max(axis=0)
    quantity[np.abs(quantity) <= ROUNDING * largest] = 0.0
    low = np.empty((len(window.values), len(cells)))
    high = np.empty_like(low)
    for number, values in enumerate(window.values):
        assert ring is not None
        extremes.touched(values, ring, begin, low[number], high[number])
    return Sums(cells, quantity, extent, area, bottom + window.rows[0], low.T, high.T)
