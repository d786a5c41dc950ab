"""Green's theorem along the edges of the hexagons.

With F(x, y) the sum of a quantity left of x in the pixel row of y, the exact area-weighted sum over
a hexagon H is a line integral:

    sum over pixels of value * area(pixel in H)  =  integral along the border of H of F(x, y) dy

Inside one pixel F is linear in x, so F at the middle of the part of an edge that crosses a pixel,
times the height of that part, is exact. An edge separates two cells: what it adds to one it takes
from the other, so nothing is lost or doubled between cells.

One more quantity comes for nothing: F = x, cut to the window, gives the area inside the window.

Quantities travel in packs of up to four, because four sums stay in registers. ``sums`` is a pack
of prefix sums as :mod:`etl.engine.prefix` lays it out: the sum of quantity k left of column j of
row i is at ``(i * (columns + 1) + j) * pack + k``. Where a pack holds fewer than four, the kernels
read on into what follows, and nobody looks at those results.
"""

from __future__ import annotations

import numpy as np
from numba import njit

PACK = 4
WIDTH = PACK + 1
"""Columns of a result: a pack of quantities, and the area inside the window."""
CHUNK = 4
"""Cells that are passed over together where none reaches into the rows at hand."""


@njit(nogil=True)
def _along(sums, rows, columns, pack, x0, y0, x1, y1):
    """Line integrals from (x0, y0) to (x1, y1): four quantities and the extent.

    The edge is followed from one pixel border to the next; t is the way along it, from 0 to 1. Left
    of the window F is 0, right of it the whole row. Steps are chosen without branches: what cannot
    be foretold costs a processor more than the sums.
    """
    a = b = c = d = extent = 0.0
    dx, dy = x1 - x0, y1 - y0
    if dy == 0.0 or max(y0, y1) <= 0.0 or min(y0, y1) >= rows or max(x0, x1) <= 0.0:
        return a, b, c, d, extent
    per_x, per_y = 1.0 / dx if dx != 0.0 else 0.0, 1.0 / dy
    enter, leave = -y0 * per_y, (rows - y0) * per_y
    t, end = max(0.0, min(enter, leave)), min(1.0, max(enter, leave))
    right, down = dx > 0.0, dy > 0.0
    x, y = x0 + t * dx, y0 + t * dy
    column = np.floor(x) if right else np.ceil(x) - 1.0
    row = np.floor(y) if down else np.ceil(y) - 1.0
    ahead_x, ahead_y = 1.0 if right else 0.0, 1.0 if down else 0.0
    wide = columns + 1
    at_x = (column + ahead_x - x0) * per_x if dx != 0.0 else 2.0
    at_y = (row + ahead_y - y0) * per_y
    each_x, each_y = abs(per_x), abs(per_y)
    i, j, step_i, step_j = int(row), int(column), 1 if down else -1, 1 if right else -1
    last_row, last_column, half = rows - 1, columns - 1, 0.5 * dx
    while t < end:
        to = min(min(at_x, at_y), end)
        height = (to - t) * dy
        x = min(max(x0 + half * (t + to), 0.0), float(columns))
        pixel = min(max(j, 0), last_column)
        o = (min(max(i, 0), last_row) * wide + pixel) * pack
        n = o + pack
        share = (x - pixel) * height
        left = height - share
        a += left * sums[o] + share * sums[n]
        b += left * sums[o + 1] + share * sums[n + 1]
        c += left * sums[o + 2] + share * sums[n + 2]
        d += left * sums[o + 3] + share * sums[n + 3]
        extent += height * x
        sideways = at_x < at_y
        j += step_j if sideways else 0
        i += 0 if sideways else step_i
        at_x += each_x if sideways else 0.0
        at_y += 0.0 if sideways else each_y
        t = max(to, t)
    return a, b, c, d, extent


@njit(nogil=True)
def _give(gain, total, to, away):
    """What an edge adds to one cell, it takes from the other."""
    for k in range(WIDTH):
        total[to, k] += gain[k]
        total[away, k] -= gain[k]


@njit("void(f8[::1], i8, i8, i8, i8, f8[:, :, ::1], f8[:, ::1], i8[::1], i8[::1], f8[:, ::1])",
      cache=True, nogil=True)  # fmt: skip
def walk_lattice(sums, top, rows, columns, pack, corner, reach, begin, first, total):
    """Integrals for the cells of a patch of lattice, each edge once.

    Parameters
    ----------
    sums, top, rows, columns, pack
        Prefix sums of some rows of a window, the first of these rows, their shape, and how many
        quantities they hold.
    corner : shape (cells, 2, 2)
        Column and row of the corners at 90 and at 30 degrees of each cell.
    reach : shape (chunks, 2)
        Uppermost and lowest row of the edges of each chunk of cells.
    begin, first : shape (lattice rows + 1,) and (lattice rows,)
        Where each lattice row begins among the cells, and the q of its first cell.
    total : shape (cells, WIDTH)
        Is added to.
    """
    for r in range(begin.size - 1):
        last = begin[r + 1] - 1
        for chunk in range(begin[r] // CHUNK, last // CHUNK + 1):
            if reach[chunk, 1] <= top or reach[chunk, 0] >= top + rows:
                continue
            for o in range(max(begin[r], chunk * CHUNK), min(last, chunk * CHUNK + CHUNK - 1) + 1):
                q = first[r] + o - begin[r]
                x30, y30 = corner[o, 1, 0], corner[o, 1, 1] - top
                x90, y90 = corner[o, 0, 0], corner[o, 0, 1] - top
                if r > 0 and o < last:  # the neighbour at 0 degrees
                    under = begin[r - 1] + q + 1 - first[r - 1]
                    if begin[r - 1] <= under < begin[r]:
                        x, y = corner[under, 0, 0], corner[under, 0, 1] - top
                        _give(_along(sums, rows, columns, pack, x, y, x30, y30), total, o, o + 1)
                if r + 2 < begin.size:
                    p = begin[r + 1] + q - first[r + 1]
                    if begin[r + 1] <= p < begin[r + 2]:  # at 60 degrees
                        _give(_along(sums, rows, columns, pack, x30, y30, x90, y90), total, o, p)
                    p -= 1
                    if begin[r + 1] <= p < begin[r + 2] and o > begin[r]:  # at 120 degrees
                        x, y = corner[o - 1, 1, 0], corner[o - 1, 1, 1] - top
                        _give(_along(sums, rows, columns, pack, x90, y90, x, y), total, o, p)


@njit("void(f8[::1], i8, i8, i8, i8, f8[:, ::1], i8[::1], f8[:, ::1])", cache=True, nogil=True)
def walk_rings(sums, top, rows, columns, pack, ring, begin, total):
    """The same for polygons given as rings, ``ring[begin[n]:begin[n + 1]]`` in columns and rows."""
    for n in range(begin.size - 1):
        x, y = ring[begin[n + 1] - 1]
        for m in range(begin[n], begin[n + 1]):
            x1, y1 = ring[m]
            gain = _along(sums, rows, columns, pack, x, y - top, x1, y1 - top)
            for k in range(WIDTH):
                total[n, k] += gain[k]
            x, y = x1, y1


@njit("void(f8[:, :, ::1], i8[::1], i8[::1], f8[:, ::1], f8[::1], f8[::1])", cache=True, nogil=True)
def measure(corner, begin, first, reach, area, bottom):
    """Reach of each chunk of a patch; area and last row of the cells with all six corners."""
    reach[:, 0], reach[:, 1] = np.inf, -np.inf
    x, y = np.empty(6), np.empty(6)
    for r in range(begin.size - 1):
        for o in range(begin[r], begin[r + 1]):
            whole = 0
            x[0], y[0] = corner[o, 1, 0], corner[o, 1, 1]
            x[1], y[1] = corner[o, 0, 0], corner[o, 0, 1]
            if o > begin[r]:
                x[2], y[2] = corner[o - 1, 1, 0], corner[o - 1, 1, 1]
                whole += 1
            else:
                x[2], y[2] = x[1], y[1]
            under = begin[r - 1] + first[r] + o - begin[r] - first[r - 1] if r else 0
            if r and begin[r - 1] <= under + 1 < begin[r]:
                x[5], y[5] = corner[under + 1, 0, 0], corner[under + 1, 0, 1]
                whole += 1
            else:
                x[5], y[5] = x[0], y[0]
            if r and begin[r - 1] <= under < begin[r]:
                x[3], y[3] = corner[under, 0, 0], corner[under, 0, 1]
                x[4], y[4] = corner[under, 1, 0], corner[under, 1, 1]
                whole += 1
            else:
                x[3], y[3] = x[2], y[2]
                x[4], y[4] = x[5], y[5]
            size = x[5] * y[0] - x[0] * y[5]
            for k in range(5):
                size += x[k] * y[k + 1] - x[k + 1] * y[k]
            area[o] = 0.5 * size if whole == 3 else 0.0
            low = min(min(min(y[0], y[1]), min(y[2], y[3])), min(y[4], y[5]))
            high = max(max(max(y[0], y[1]), max(y[2], y[3])), max(y[4], y[5]))
            bottom[o] = high
            chunk = o // CHUNK
            reach[chunk, 0] = min(reach[chunk, 0], low)
            reach[chunk, 1] = max(reach[chunk, 1], high)
