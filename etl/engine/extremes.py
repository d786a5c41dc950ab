"""Lowest and highest value among the pixels that a hexagon touches, however little."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit("void(f8[:, ::1], f8[:, ::1], i8[::1], f8[::1], f8[::1])", cache=True, nogil=True)
def touched(values, ring, begin, low, high):
    """Extremes of ``values`` (NaN: none) in convex polygons, into ``low`` and ``high``.

    Polygon n has the corners ``ring[begin[n]:begin[n + 1]]`` in columns and rows. In a row of
    pixels it spans the columns between its outermost points there.
    """
    rows, columns = values.shape
    left, right = np.empty(rows), np.empty(rows)
    for n in range(begin.size - 1):
        first, last = begin[n], begin[n + 1]
        top = bottom = ring[first, 1]
        for m in range(first + 1, last):
            top = min(top, ring[m, 1])
            bottom = max(bottom, ring[m, 1])
        row0 = max(0, int(np.floor(top)))
        row1 = min(rows, int(np.ceil(bottom)))
        for i in range(row0, row1):
            left[i], right[i] = np.inf, -np.inf
        x0, y0 = ring[last - 1]
        for m in range(first, last):
            x1, y1 = ring[m]
            lean = (x1 - x0) / (y1 - y0) if y1 != y0 else 0.0
            upper, lower = min(y0, y1), max(y0, y1)
            for i in range(max(row0, int(np.floor(upper))), min(row1, int(np.ceil(lower)))):
                a = x0 + (max(upper, float(i)) - y0) * lean
                b = x0 + (min(lower, i + 1.0) - y0) * lean
                left[i] = min(left[i], a, b)
                right[i] = max(right[i], a, b)
            x0, y0 = x1, y1
        least, most = np.inf, -np.inf
        for i in range(row0, row1):
            start = int(max(0.0, np.floor(left[i])))
            for j in range(start, int(min(float(columns), np.ceil(right[i])))):
                x = values[i, j]
                if x < least:  # never true of NaN
                    least = x
                if x > most:
                    most = x
        low[n], high[n] = least, most
