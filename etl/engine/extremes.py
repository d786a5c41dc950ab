"""Lowest and highest value among the pixels that a hexagon touches, however little."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(nogil=True)
def _extremes(values, x, y, corners, left, right):
    """Extremes of ``values`` (NaN: none) in a convex polygon.

    In a row of pixels it spans the columns between its outermost points there.
    """
    rows, columns = values.shape
    top, bottom = y[0], y[0]
    for m in range(1, corners):
        top, bottom = min(top, y[m]), max(bottom, y[m])
    row0 = max(0, int(np.floor(top)))
    row1 = min(rows, int(np.ceil(bottom)))
    if row0 >= row1:
        return np.inf, -np.inf
    for i in range(row0, row1):
        left[i], right[i] = np.inf, -np.inf
    before = corners - 1
    for m in range(corners):
        x0, y0, x1, y1 = x[before], y[before], x[m], y[m]
        before = m
        if y1 < y0:
            x0, y0, x1, y1 = x1, y1, x0, y0
        lean = (x1 - x0) / (y1 - y0) if y1 != y0 else 0.0
        a = x0 + (max(y0, float(row0)) - y0) * lean
        for i in range(max(row0, int(y0)), min(row1, int(np.ceil(y1)))):
            b = x1 if y1 <= i + 1.0 else x0 + (i + 1.0 - y0) * lean
            left[i] = min(left[i], min(a, b))
            right[i] = max(right[i], max(a, b))
            a = b
    # Four at a time: a comparison that waits for the one before is four times slower.
    low0 = low1 = low2 = low3 = np.inf
    high0 = high1 = high2 = high3 = -np.inf
    for i in range(row0, row1):
        line = values[i]
        j = int(max(0.0, np.floor(left[i])))
        stop = int(min(float(columns), np.ceil(right[i])))
        while j + 4 <= stop:
            p, q, r, s = line[j], line[j + 1], line[j + 2], line[j + 3]
            low0 = p if p < low0 else low0  # never true of NaN
            low1 = q if q < low1 else low1
            low2 = r if r < low2 else low2
            low3 = s if s < low3 else low3
            high0 = p if p > high0 else high0
            high1 = q if q > high1 else high1
            high2 = r if r > high2 else high2
            high3 = s if s > high3 else high3
            j += 4
        while j < stop:
            p = line[j]
            low0 = p if p < low0 else low0
            high0 = p if p > high0 else high0
            j += 1
    return min(min(low0, low1), min(low2, low3)), max(max(high0, high1), max(high2, high3))


@njit("void(f8[:, ::1], i8, f8[:, ::1], i8[::1], f8[::1], f8[::1])", cache=True, nogil=True)
def in_rings(values, top, ring, begin, low, high):
    """Extremes in the polygons ``ring[begin[n]:begin[n + 1]]``; see :func:`in_lattice`."""
    left, right = np.empty(values.shape[0]), np.empty(values.shape[0])
    for n in range(begin.size - 1):
        some = ring[begin[n] : begin[n + 1]]
        x, y = some[:, 0].copy(), some[:, 1] - top
        least, most = _extremes(values, x, y, x.size, left, right)
        low[n], high[n] = min(low[n], least), max(high[n], most)


_PATCH = "f8[:, :, ::1], f8[:, ::1], i8[::1], i8[::1]"


@njit(f"void(f8[:, ::1], i8, {_PATCH}, f8[::1], i8, f8[::1], f8[::1])", cache=True, nogil=True)
def in_lattice(values, top, corner, reach, begin, first, area, each, low, high):
    """Extremes in the cells of a patch, among rows from ``top`` on; ``low`` and ``high`` go on.

    The other parameters are those of :func:`etl.engine.edges.walk_lattice`; a cell that lacks a
    neighbour has the area 0 and is left out; ``each`` is the number of cells of a chunk.
    """
    left, right = np.empty(values.shape[0]), np.empty(values.shape[0])
    x, y = np.empty(6), np.empty(6)
    for r in range(1, begin.size - 1):
        last = begin[r + 1] - 1
        shift = begin[r - 1] - first[r - 1] + first[r] - begin[r]
        for chunk in range(begin[r] // each, last // each + 1):
            if reach[chunk, 1] <= top or reach[chunk, 0] >= top + values.shape[0]:
                continue
            for o in range(max(begin[r], chunk * each), min(last, chunk * each + each - 1) + 1):
                if area[o] == 0.0:
                    continue
                p = o + shift
                x[0], y[0] = corner[o, 1, 0], corner[o, 1, 1] - top
                x[1], y[1] = corner[o, 0, 0], corner[o, 0, 1] - top
                x[2], y[2] = corner[o - 1, 1, 0], corner[o - 1, 1, 1] - top
                x[3], y[3] = corner[p, 0, 0], corner[p, 0, 1] - top
                x[4], y[4] = corner[p, 1, 0], corner[p, 1, 1] - top
                x[5], y[5] = corner[p + 1, 0, 0], corner[p + 1, 0, 1] - top
                least, most = _extremes(values, x, y, x.size, left, right)
                low[o], high[o] = min(low[o], least), max(high[o], most)
