"""Cells that are walked together over a window: patches of faces, and those that leave a face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from etl.engine import charts, edges, extremes, indices, patches, rings
from etl.engine.lattice import ROW, Lattice, lattice
from etl.engine.patches import Patch
from etl.engine.prefix import Pack
from etl.engine.windows import Window
from geo_data.grid import Cells, Floats
from geo_data.icosahedron import REACH, icosahedron

WHOLE_EDGE = REACH + 1e-6


@dataclass(frozen=True, eq=False)
class Lot:
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


def lots_of(window: Window, resolution: int) -> list[Lot]:
    """All cells that a window touches, in lots."""
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


def _regular(plane: Lattice, patch: Patch, corner: Floats, alone: bool) -> Lot:
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

    return Lot(walk, touch, area, bottom, chosen)


def _leaving(plane: Lattice, patch: Patch, *, all_of_them: bool) -> Cells:
    """Cells of a patch with their centre in the face, but not all of their hexagon."""
    q, r, wanted = patch.points(np.arange(patch.begin[-1]))
    depth = plane.depth(q + r / 2, r * ROW)
    some = wanted & (depth > -1e-6) & (all_of_them | (depth < WHOLE_EDGE))
    return indices.asked(plane, q[some], r[some])


def _irregular(window: Window, cells: Cells) -> Lot:
    origin = window.rows[0], window.columns[0]
    ring, begin = rings.rings_of(cells, window.frame, origin, window.about)
    area, bottom = rings.measured(ring, begin)

    def walk(pack: Pack, top: int, total: Floats) -> None:
        edges.walk_rings(pack.sums, top, pack.rows, pack.columns, pack.size, ring, begin, total)

    def touch(values: Floats, top: int, low: Floats, high: Floats) -> None:
        extremes.in_rings(values, top, ring, begin, low, high)

    return Lot(walk, touch, area, bottom, lambda place: (place, cells[place]))
