"""From lattice to pixels by a polynomial: some hundred exact positions stand for thousands.

Within a window of some degrees the way from the plane of a face over longitude and latitude, and
through any projection, to columns and rows is so smooth that a polynomial of low degree through
Chebyshev points is exact to the last digits. It is checked at other points before it is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.polynomial import chebyshev

from etl.engine.frame import Frame
from etl.engine.lattice import ROW, Lattice
from etl.engine.patches import Patch
from geo_data.grid import Floats
from geo_data.icosahedron import REACH

NODES = 12
NEGLIGIBLE = 1e-13
ALLOWED = 1e-9
"""Error of a corner, in cells."""
_ANGLE = (np.arange(NODES) + 0.5) * np.pi / NODES
_POINTS = np.cos(_ANGLE)
_ANALYSE = np.cos(np.outer(np.arange(NODES), _ANGLE)) * (2 / NODES)
_ANALYSE[0] /= 2
_TO_POWERS = np.array(
    [np.pad(chebyshev.cheb2poly(row), (0, NODES))[:NODES] for row in np.eye(NODES)]
)
_TRIAL = np.array([[0.97, -0.93], [-0.71, 0.99], [0.13, 0.41], [-0.98, -0.96], [0.55, -0.35]])


@dataclass(frozen=True, eq=False)
class Chart:
    """Columns and rows as polynomials of u and v.

    Attributes
    ----------
    power : float array, shape (2, n, n)
        Coefficients of column and row by powers of the scaled u and v.
    middle, half : float arrays, shape (2,)
        Scaled u is (u - middle) / half.
    """

    power: Floats
    middle: Floats
    half: Floats


def chart(
    frame: Frame, lattice: Lattice, box: tuple[float, float, float, float],
    origin: tuple[int, int], about: float,
) -> Chart | None:  # fmt: skip
    """A chart of a box of the lattice plane, or None where no polynomial is good enough.

    Parameters
    ----------
    box : lowest u, highest u, lowest v, highest v
    origin : row, column
        Place in the raster that gets row 0 and column 0.
    about : float
        Column near which all the box lies.
    """
    middle = np.array([box[0] + box[1], box[2] + box[3]]) / 2
    half = np.array([box[1] - box[0], box[3] - box[2]]) / 2 + 1e-9
    mesh = np.stack(np.meshgrid(_POINTS, _POINTS, indexing="ij"), axis=-1).reshape(-1, 2)
    place = np.concatenate([mesh, _TRIAL]) * half + middle
    lat, lon = lattice.positions(place[:, 0], place[:, 1])
    column, row = frame.pixels(lat, lon, about)
    both = np.stack([column - origin[1], row - origin[0]])
    if not np.isfinite(both).all():
        return None
    values = both[:, : len(mesh)].reshape(2, NODES, NODES)
    series = _ANALYSE @ values @ _ANALYSE.T
    size = np.abs(series).max(axis=0)
    heavy = np.argwhere(size > NEGLIGIBLE * size.max())
    degree = max(int(heavy.max()) + 1, 2)
    to_powers = _TO_POWERS[:degree, :degree]
    power = to_powers.T @ series[:, :degree, :degree] @ to_powers
    powers_u, powers_v = (_TRIAL[:, axis, np.newaxis] ** np.arange(degree) for axis in (0, 1))
    found = np.einsum("na,cab,nb->cn", powers_u, power, powers_v)
    per_cell = np.abs(series[:, [0, 1], [1, 0]] / half[::-1]).max()
    error = np.abs(found - both[:, len(mesh) :]).max()
    if error > ALLOWED * per_cell + 1e-15 * np.abs(both).max():
        return None
    return Chart(np.ascontiguousarray(power), middle, half)


def corners(plot: Chart, patch: Patch) -> Floats:
    """Columns and rows of the corners at 90 and 30 degrees of a patch's cells."""
    found = np.empty((int(patch.begin[-1]), 2, 2))
    _corners(plot.power, plot.middle, plot.half, patch.begin, patch.first, patch.row0, found)
    return found


@njit("void(f8[:, :, ::1], f8[::1], f8[::1], i8[::1], i8[::1], i8, f8[:, :, ::1])", cache=True,
      nogil=True)  # fmt: skip
def _corners(power, middle, half, begin, first, row0, found):
    degree = power.shape[1]
    line = np.empty((2, degree))
    for n in range(begin.size - 1):
        r = row0 + n
        for side in range(2):
            # 90 degrees: straight above the centre; 30 degrees: half a step right, half as high.
            v = r * ROW + (REACH / 2 if side else REACH)
            v = (v - middle[1]) / half[1]
            for axis in range(2):
                for a in range(degree):
                    value = power[axis, a, degree - 1]
                    for b in range(degree - 2, -1, -1):
                        value = value * v + power[axis, a, b]
                    line[axis, a] = value
            start = first[n] + 0.5 * r + 0.5 * side - middle[0]
            for o in range(begin[n], begin[n + 1]):
                u = (start + (o - begin[n])) / half[0]
                x = line[0, degree - 1]
                y = line[1, degree - 1]
                for a in range(degree - 2, -1, -1):
                    x = x * u + line[0, a]
                    y = y * u + line[1, a]
                found[o, side, 0] = x
                found[o, side, 1] = y
