"""Green's theorem along the edges of the hexagons.

With F(x, y) the sum of a quantity left of x in the pixel row of y, the exact area-weighted sum over
a hexagon H is a line integral:

    sum over pixels of value * area(pixel in H)  =  integral along the border of H of F(x, y) dy

Inside one pixel F is linear in x, so F at the middle of the part of an edge that crosses a pixel,
times the height of that part, is exact. An edge separates two cells: what it adds to one it takes
from the other, so nothing is lost or doubled between cells.

Two more quantities come for nothing: F = x gives the area of H, and F = x cut to the window the area
inside the window.
"""

from __future__ import annotations

import numpy as np
from numba import njit

EXTRA = 2
"""Columns after the quantities: area inside the window, whole area; both in pixels."""


@njit(nogil=True)
def _give(gain, total, to, away):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    for k in range(gain.size):
        total[to, k] += gain[k]
        total[away, k] -= gain[k]


@njit(nogil=True)
def _lower(bottom, one, other, y0, y1):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    low = max(y0, y1)
    bottom[one] = max(bottom[one], low)
    bottom[other] = max(bottom[other], low)


@njit(nogil=True)
def _cross(prefix, row, column, middle, height, gain):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    quantities = prefix.shape[2]
    share = middle - column
    for k in range(quantities):
        before = prefix[row, column, k]
        gain[k] += height * (before + share * (prefix[row, column + 1, k] - before))
    gain[quantities] += height * middle


@njit(nogil=True)
def _along(prefix, x0, y0, x1, y1, gain):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Line integrals from (x0, y0) to (x1, y1) for all quantities, into ``gain``."""
    rows, columns, quantities = prefix.shape
    columns -= 1
    for k in range(quantities + EXTRA):
        gain[k] = 0.0
    gain[quantities + 1] = 0.5 * (x0 + x1) * (y1 - y0)
    sign = 1.0
    if y1 < y0:
        x0, y0, x1, y1 = x1, y1, x0, y0
        sign = -1.0
    if y1 <= 0.0 or y0 >= rows or y0 == y1 or (x0 <= 0.0 and x1 <= 0.0):
        return
    lean = (x1 - x0) / (y1 - y0)
    top = max(y0, 0.0)
    end = min(y1, float(rows))
    x = x0 + (top - y0) * lean
    row = int(top)
    while top < end:
        bottom = min(row + 1.0, end)
        beyond = x1 if bottom == y1 else x0 + (bottom - y0) * lean
        # Whether it runs left or right does not matter to an integral over y.
        left, right = (x, beyond) if x < beyond else (beyond, x)
        height = sign * (bottom - top)
        rise = height / (right - left) if right > left else 0.0
        x = beyond
        if right > columns:
            part = height if left >= columns else (right - columns) * rise
            for k in range(quantities):
                gain[k] += part * prefix[row, columns, k]
            gain[quantities] += part * columns
            right = float(columns)
        left = max(left, 0.0)
        column = int(left)
        if right <= column + 1.0 and column < columns:
            if right >= left and right > 0.0:
                part = height if rise == 0.0 else (right - left) * rise
                _cross(prefix, row, column, 0.5 * (left + right), part, gain)
        else:
            while left < right:
                border = min(column + 1.0, right)
                _cross(
                    prefix, row, column, 0.5 * (left + border), (border - left) * rise, gain
                )
                left = border
                column += 1
        top = bottom
        row += 1


@njit("void(f8[:, :, ::1], f8[:, :, ::1], i8[::1], i8[::1], f8[:, ::1], f8[::1])", cache=True,
      nogil=True)  # fmt: skip
def walk_lattice(prefix, corner, begin, first, total, bottom):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Integrals for the cells of a patch of lattice, each edge once.

    Parameters
    ----------
    prefix : shape (rows, columns + 1, quantities)
    corner : shape (cells, 2, 2)
        Column and row of the corners at 90 and at 30 degrees of each cell.
    begin, first : shape (lattice rows + 1,)
        Where each lattice row begins among the cells, and the q of its first cell.
    total : shape (cells, quantities + 2), zeros
    bottom : shape (cells,)
        Gets the last row that each cell reaches.
    """
    gain = np.zeros(total.shape[1])
    for r in range(begin.size - 1):
        for o in range(begin[r], begin[r + 1]):
            q = first[r] + o - begin[r]
            top_x, top_y = corner[o, 0]
            side_x, side_y = corner[o, 1]
            if r + 2 < begin.size:
                p = begin[r + 1] + q - first[r + 1]
                if begin[r + 1] <= p < begin[r + 2]:  # the neighbour at 60 degrees
                    _along(prefix, side_x, side_y, top_x, top_y, gain)
                    _give(gain, total, o, p)
                    _lower(bottom, o, p, side_y, top_y)
                p -= 1
                if begin[r + 1] <= p < begin[r + 2] and o > begin[r]:  # at 120 degrees
                    _along(prefix, top_x, top_y, corner[o - 1, 1, 0], corner[o - 1, 1, 1], gain)
                    _give(gain, total, o, p)
                    _lower(bottom, o, p, top_y, corner[o - 1, 1, 1])
            if r > 0 and o + 1 < begin[r + 1]:
                p = begin[r - 1] + q + 1 - first[r - 1]
                if begin[r - 1] <= p < begin[r]:  # at 0 degrees
                    _along(prefix, corner[p, 0, 0], corner[p, 0, 1], side_x, side_y, gain)
                    _give(gain, total, o, o + 1)
                    _lower(bottom, o, o + 1, corner[p, 0, 1], side_y)


@njit("void(f8[:, :, ::1], f8[:, ::1], i8[::1], f8[:, ::1], f8[::1])", cache=True, nogil=True)
def walk_rings(prefix, ring, begin, total, bottom):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """The same for polygons given as rings, ``ring[begin[n]:begin[n + 1]]`` in columns and rows."""
    gain = np.zeros(total.shape[1])
    for n in range(begin.size - 1):
        x, y = ring[begin[n + 1] - 1]
        for m in range(begin[n], begin[n + 1]):
            _along(prefix, x, y, ring[m, 0], ring[m, 1], gain)
            for k in range(gain.size):
                total[n, k] += gain[k]
            x, y = ring[m]
            bottom[n] = max(bottom[n], y)
