"""True areas of cells by arithmetic on their index, a hundred times faster than by their corners.

Spread the faces of the icosahedron out as a plane of equal triangles. The digits of an index are
steps in that plane, so three small tables say where a cell lies in its triangle. There it is a
regular hexagon, and what the projection from the sphere does to its area depends on one number
only, its distance s from the middle of the triangle:

    area = plane area * mean over the hexagon of (1 + s^2)^(-3/2)

The mean is a series in the size of the hexagon. It does not matter into which of the triangles
round a corner a step leads, because all are alike; so pentagons need no rule of their own. Cells
that reach over the edge of a triangle are not of one plane: :func:`smooth_areas` leaves them out.
"""

from __future__ import annotations

import math
from functools import lru_cache

import h3
import numpy as np
from numpy.typing import NDArray

from geo_data.icosahedron import (
    DIGITS,
    FACE_UNIT,
    RADIUS_KM,
    REACH,
    TURN,
    Floats,
    axes,
    icosahedron,
    unit_vectors,
)  # fmt: skip

SMOOTH_FROM = 3
"""Coarser cells are too large for the series."""
SIDE = 2 * FACE_UNIT * math.sqrt(3)
"""Side of a triangle."""
CORNER = 2 * FACE_UNIT
"""Distance of its corners from its middle."""
HEIGHT = 1.5 * CORNER
BLOCK = 1 << 15
"""Cells that are worked on together stay in the cache."""
PLACE_OF_DIGIT = np.zeros(8, dtype=np.int64)
PLACE_OF_DIGIT[DIGITS] = np.arange(6)


def smooth_areas(cells: NDArray[np.int64], resolution: int) -> tuple[Floats, NDArray[np.int64]]:
    """True areas of cells of one resolution, 3 to 15.

    Returns
    -------
    area_km2 : float array, shape (n,)
    leaving : int array
        Places of the cells that reach over an edge of the icosahedron: their area is not true.
    """
    area, leaving = np.empty(len(cells)), []
    series = _series(resolution)
    plane_km2 = math.sqrt(3) / 2 * (FACE_UNIT * RADIUS_KM) ** 2 / 7**resolution
    reach = REACH * (1 + 1e-6) * FACE_UNIT / math.sqrt(7) ** resolution / HEIGHT
    for start in range(0, len(cells), BLOCK):
        place = _places(cells[start : start + BLOCK], resolution)
        a, b = place.real, place.imag
        over = 1.0 - a - b
        # A triangle that points down is one that points up, turned round.
        down = over < 0
        np.subtract(1.0, a, out=a, where=down)
        np.subtract(1.0, b, out=b, where=down)
        depth = np.minimum(np.minimum(a, b), np.abs(over))
        leaving.append(np.flatnonzero(depth < reach) + start)
        a -= 1 / 3
        b -= 1 / 3
        nearness = 1 / (1 + SIDE**2 * (a * a + a * b + b * b))
        mean = np.full(len(place), series[-1])
        for factor in series[-2::-1]:
            mean *= nearness
            mean += factor
        area[start : start + BLOCK] = plane_km2 * mean * nearness * np.sqrt(nearness)
    return area, np.concatenate(leaving) if leaving else np.empty(0, dtype=np.int64)


def _places(cells: NDArray[np.int64], resolution: int) -> NDArray[np.complex128]:
    """Coordinates along two sides of the triangle or rhomb that a cell's centre lies in, 0 to 1."""
    place = _far_steps()[cells >> 36 & 0xFFFF]
    for first in range(4, resolution + 1, 3):
        place += _steps(first)[cells >> 3 * (13 - first) & 511]
    parts = place.view(np.float64)
    parts -= np.floor(parts)
    return place


def _series(resolution: int) -> list[float]:
    """Factors of powers of 1 / (1 + s^2): the mean of its 3/2 power over a hexagon, divided by it.

    From the first and second Laplacian; a hexagon of side 1 has mean x^2 5/24 and mean r^4 7/30.
    """
    side2 = (REACH * FACE_UNIT) ** 2 / 7**resolution
    first, second = 5 / 48 * side2, 7 / 1920 * side2**2
    factors = [
        1.0, 9 * first, 225 * second - 15 * first, -1050 * second, 945 * second,
    ]  # fmt: skip
    return factors if second > 1e-16 else factors[:3]


@lru_cache(maxsize=1)
def _far_steps() -> NDArray[np.complex128]:
    """Places of all base cells after three steps."""
    bases = np.zeros(128, dtype=np.complex128)
    for cell in h3.get_res0_cells():
        bases[h3.get_base_cell_number(cell)] = _base(cell)
    return np.add.outer(_along_sides(bases), _steps(1)).ravel()


@lru_cache(maxsize=5)
def _steps(first: int) -> NDArray[np.complex128]:
    """What three digits of an index, from resolution ``first`` on, are as a step."""
    code, step = np.arange(512), np.zeros(512, dtype=np.complex128)
    for level in range(3):
        digit = code >> 3 * (2 - level) & 7
        step += np.array([_step(first + level, n) for n in range(8)])[digit]
    return _along_sides(step)


def _step(resolution: int, digit: int) -> complex:
    """A step in the plane of a face whose first corner is on the real axis; 7: no digit."""
    if digit in (0, 7):
        return 0
    angle = math.pi / 3 * PLACE_OF_DIGIT[digit] + (TURN if resolution % 2 else 0)
    return FACE_UNIT / math.sqrt(7) ** resolution * np.exp(1j * angle)


def _base(cell: str) -> complex:
    """A base cell's place against a corner of its face, turned until digits mean the same in all.

    The turn is a multiple of 60 degrees, about a corner, where all triangles are alike.
    """
    face = int(np.argmax(icosahedron()[0] @ unit_vectors(*h3.cell_to_latlng(cell))))
    place = _on_face(face, cell)
    if h3.is_pentagon(cell):
        return 0
    inside = h3.str_to_int(h3.cell_to_center_child(cell, 4)) | int(DIGITS[0]) << 33
    angle = np.angle((_on_face(face, h3.int_to_str(inside)) - place) / _step(4, int(DIGITS[0])))
    return (place - CORNER) * np.exp(-1j * math.pi / 3 * np.round(angle / (math.pi / 3)))


def _on_face(face: int, cell: str) -> complex:
    normal, east, north = axes(face)
    point = unit_vectors(*h3.cell_to_latlng(cell))
    return complex(point @ east, point @ north) / float(point @ normal)


def _along_sides(place: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Coordinates along the two sides that meet in a corner at 150 and at 210 degrees, as one."""
    middle, across = -place.real / math.sqrt(3), place.imag
    sides = np.empty(place.shape, dtype=np.complex128)
    sides.real, sides.imag = (middle + across) / SIDE, (middle - across) / SIDE
    return sides
