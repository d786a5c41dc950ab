"""The part of a lattice that may touch a window of pixels, kept row by row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.engine.frame import Frame
from etl.engine.lattice import ROW, Lattice
from geo_data.grid import Cells, Floats

Span = tuple[int, int]
SIDE_POINTS = 9
SAFE_DEPTH = 4.0
"""A window so many cells inside a face holds no cell that reaches over its edge."""


@dataclass(frozen=True, eq=False)
class Patch:
    """Lattice points by rows.

    All neighbours of the wanted points are in the patch.

    Attributes
    ----------
    row0 : int
        r of the first row.
    begin : int array, shape (rows + 1,)
        Where each row begins among the points.
    first : int array, shape (rows,)
        q of the first point of each row.
    low, high : int arrays, shape (rows,)
        q of the first and last wanted point of each row; low above high: none.
    """

    row0: int
    begin: Cells
    first: Cells
    low: Cells
    high: Cells

    def box(self) -> tuple[float, float, float, float]:
        """Lowest and highest u and v of the corners."""
        r = self.row0 + np.arange(len(self.first))
        last = self.first + np.diff(self.begin)
        left, right = self.first + r / 2, last + r / 2
        return left.min() - 1, right.max() + 1, (r[0] - 1) * ROW, (r[-1] + 1) * ROW

    def points(self, place: Cells) -> tuple[Cells, Cells, np.ndarray]:
        """The q and r of some points, and whether they are wanted."""
        row = np.repeat(np.arange(len(self.first)), np.diff(self.begin)).take(place)
        q = place - self.begin[row] + self.first[row]
        return q, row + self.row0, (q >= self.low[row]) & (q <= self.high[row])


def outline(rows: Span, columns: Span, points: int) -> tuple[Floats, Floats]:
    """Columns and rows along the border of a window."""
    side = np.linspace(0, 1, points)
    across = np.concatenate([side, side * 0 + 1, side[::-1], side * 0])
    down = np.concatenate([side * 0, side, side * 0 + 1, side[::-1]])
    return (
        columns[0] + across * (columns[1] - columns[0]),
        rows[0] + down * (rows[1] - rows[0]),
    )


def patch(frame: Frame, lattice: Lattice, rows: Span, columns: Span) -> Patch:
    """The lattice points whose cells may touch a window."""
    u, v = lattice.plane(frame.points(*outline(rows, columns, SIDE_POINTS)))
    sides = np.hypot(np.diff(u), np.diff(v)).reshape(-1)
    longest = max(sides[n * SIDE_POINTS : (n + 1) * SIDE_POINTS - 1].sum() for n in range(4))
    if longest > SIDE_POINTS - 1:
        many = int(longest * 2.5) + SIDE_POINTS
        u, v = lattice.plane(frame.points(*outline(rows, columns, many)))
    seen = np.isfinite(u)
    return around(u[seen], v[seen])


def around(u: Floats, v: Floats) -> Patch:
    """The patch of an area, from points less than a cell apart along its border."""
    height = v / ROW
    row0, row1 = int(np.floor(height.min())) - 1, int(np.ceil(height.max())) + 1
    lowest = np.full(row1 - row0 + 1, np.inf)
    highest = np.full(row1 - row0 + 1, -np.inf)
    near = np.floor(height).astype(np.int64) - row0
    for shift in (-1, 0, 1, 2):
        np.minimum.at(lowest, near + shift, u)
        np.maximum.at(highest, near + shift, u)
    r = np.arange(row0, row1 + 1)
    low = np.floor(lowest - r / 2).astype(np.int64) - 1
    high = np.ceil(highest - r / 2).astype(np.int64) + 1
    # One more row and column all round, for the edges of the wanted.
    low, high = np.pad(low, 1, constant_values=1 << 40), np.pad(high, 1, constant_values=-(1 << 40))
    before_low, after_low = np.roll(low, 1), np.roll(low, -1)
    before_high, after_high = np.roll(high, 1), np.roll(high, -1)
    first = np.minimum.reduce([low - 1, before_low - 1, after_low])
    last = np.maximum.reduce([high + 1, before_high, after_high + 1])
    begin = np.concatenate([[0], np.cumsum(last - first + 1)])
    return Patch(row0 - 1, begin, first, low, high)
