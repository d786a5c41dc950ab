"""Cell indices by whole numbers: H3 is asked once per some hundred cells.

A lattice point z = q + r w, with w the turn by 60 degrees, is a number of the ring Z[w]. The
coarser lattice is its multiples of M, a number of norm 7: M = 3 - w below odd resolutions and
M = 2 + w below even ones. Modulo M, w is a whole number (3, or -2), so (q + 3r) mod 7 or
(q - 2r) mod 7 says which of the seven children z is; taking the child's direction away leaves a
multiple of M, and dividing gives the parent. The directions on the way up are the digits of the
index, but for a turn that is common to all descendants of an ancestor in a face; one of them,
whose index H3 gives, tells it.
"""

from __future__ import annotations

import h3
import numpy as np
from numba import njit

from etl.engine.lattice import ROW, Lattice
from geo_data import grid
from geo_data.grid import Cells, Floats
from geo_data.icosahedron import DIGITS

LEVELS = 4
"""Levels of ancestry that are worked out: 2401 cells to a question."""
TWICE = np.concatenate([DIGITS, DIGITS])
# Direction (-1: the centre child) of z mod M, and its step, for even and for odd resolutions.
DIRECTION = np.array([[-1, 0, 4, 5, 2, 1, 3], [-1, 0, 2, 1, 4, 5, 3]])
STEP_Q = np.array([1, 0, -1, -1, 0, 1, 0])[DIRECTION]
STEP_R = np.array([0, 1, 1, 0, -1, -1, 0])[DIRECTION]
PENTAGON_BASES = np.array([(h3.str_to_int(cell) >> 45) & 127 for cell in h3.get_pentagons(0)])
SEVENTH = pow(7, -1, 1 << 64)
"""Multiples of 7 times this are divided by 7 in 64 bits, without a slow division."""
OWN_LOOKUP = -1


@njit("void(i8[::1], i8[::1], i8, i8, i8[:, ::1], i8[:, ::1], i8[:, ::1], i8[:, ::1])", cache=True,
      nogil=True)  # fmt: skip
def climb(q, r, resolution, levels, direction, step_q, step_r, path):
    """Replace (q, r) by the ancestor ``levels`` up; ``path`` gets the directions, finest last."""
    for n in range(q.size):
        a, b = q[n], r[n]
        for level in range(levels):
            odd = (resolution - level) % 2
            rest = ((a + 3 * b) if odd else (a - 2 * b)) % 7
            path[n, levels - 1 - level] = direction[odd, rest]
            a -= step_q[odd, rest]
            b -= step_r[odd, rest]
            # z times the conjugate of M, over 7.
            if odd:
                a, b = (2 * a - b) * SEVENTH, (a + 3 * b) * SEVENTH
            else:
                a, b = (3 * a + b) * SEVENTH, (2 * b - a) * SEVENTH
        q[n], r[n] = a, b


@njit("void(i8[::1], i8[::1], i8[::1], i8[:, ::1], i8, i8[::1], i8[::1])", cache=True, nogil=True)
def compose(ancestor, turn, family, path, below, digits, cells):
    """Index of each point: that of its ancestor, with the turned directions as its last digits."""
    levels = path.shape[1]
    for n in range(cells.size):
        cell = ancestor[family[n]]
        start = turn[family[n]]
        for level in range(levels):
            way = path[n, level]
            digit = digits[way + start] if way >= 0 else 0
            cell |= digit << (below + 3 * (levels - 1 - level))
        cells[n] = cell


def cells_at(lattice: Lattice, q: Cells, r: Cells) -> Cells:
    """Index of the cell at each lattice point of a face; the points must lie in the face."""
    levels = min(LEVELS, lattice.resolution)
    if not len(q) or not levels:
        return asked(lattice, q, r)
    up_q, up_r = q.copy(), r.copy()
    path = np.empty((len(q), levels), dtype=np.int64)
    climb(up_q, up_r, lattice.resolution, levels, DIRECTION, STEP_Q, STEP_R, path)
    family = _families(up_q, up_r)
    # Any descendant whose last digit is not 0 shows by how much the digits are turned.
    telling = np.flatnonzero(path[:, -1] >= 0)
    speaker = np.full(family.max() + 1, -1)
    speaker[family[telling]] = telling
    known = speaker >= 0
    index = np.zeros(len(speaker), dtype=np.int64)
    index[known] = asked(lattice, q[speaker[known]], r[speaker[known]])
    below = 3 * (15 - lattice.resolution)
    turn = _turns(index >> below & 7, path[speaker, -1])
    turn[~known | _pentagonal(index, lattice.resolution - levels)] = OWN_LOOKUP
    ancestor = index & ~np.int64((1 << (below + 3 * levels)) - (1 << below))
    cells = np.empty(len(q), dtype=np.int64)
    compose(ancestor, np.maximum(turn, 0), family, path, below, TWICE, cells)
    lost = np.flatnonzero(turn[family] == OWN_LOOKUP)
    cells[lost] = asked(lattice, q[lost], r[lost])
    return cells


def asked(lattice: Lattice, q: Cells, r: Cells) -> Cells:
    """The same from H3 itself, by the position of the centre."""
    lat, lon = centres(lattice, q, r)
    return grid.cells_of(lat_deg=lat, lon_deg=lon, resolution=lattice.resolution)


def centres(lattice: Lattice, q: Cells, r: Cells) -> tuple[Floats, Floats]:
    """Latitude and longitude of lattice points."""
    return lattice.positions(q + 0.5 * r, r * ROW)


def _families(q: Cells, r: Cells) -> Cells:
    """Number of each ancestor, from 0."""
    wide = int(q.max() - q.min()) + 1
    key = (r - r.min()) * wide + (q - q.min())
    present = np.zeros(int(key.max()) + 1, dtype=np.int64)
    present[key] = 1
    return (np.cumsum(present) - 1)[key]


def _turns(digit: Cells, way: Cells) -> Cells:
    """Steps of 60 degrees between a direction in the face and the digit that H3 gave it."""
    place = np.zeros(8, dtype=np.int64)
    place[DIGITS] = np.arange(6)
    return (place[digit] - way) % 6


def _pentagonal(index: Cells, resolution: int) -> np.ndarray:
    """Whether the ancestor is a pentagon, whose children are not all turned alike."""
    ancestor = grid.parents(index, resolution)
    digits = ancestor & ((np.int64(1) << 45) - 1) & ~np.int64((1 << 3 * (15 - resolution)) - 1)
    base = (index >> 45) & 127
    return (digits == 0) & np.isin(base, PENTAGON_BASES)
