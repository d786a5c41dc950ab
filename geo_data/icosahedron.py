"""The solid under H3: twenty triangles, and what a cell's index says about its place on them.

The sphere is projected from its centre onto the face (gnomonic). In that plane the cells of one
resolution are regular hexagons, except where they reach over the edge of the face.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache

import h3
import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

RADIUS_KM = 6371.007180918475
"""Of the sphere on which H3 measures areas."""
FACE_UNIT = (3 - math.sqrt(5)) / 2
"""Distance between neighbours of resolution 0 in the plane of a face, in Earth radii."""
TURN = math.asin(math.sqrt(3 / 28))
"""Every odd resolution is turned by this angle against the even ones."""
REACH = 1 / math.sqrt(3)
"""Distance from the centre of a cell to its corners, in distances between neighbours."""
DIGITS = np.array([4, 6, 2, 3, 1, 5])
"""H3's digit of each direction, in steps of 60 degrees from the first axis of a face."""
NO_FACE = 255
_CHUNK = 65_536


def unit_vectors(lat_deg: ArrayLike, lon_deg: ArrayLike) -> Floats:
    """Positions on the unit sphere, shape (..., 3)."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


@lru_cache(maxsize=1)
def icosahedron() -> tuple[Floats, Floats]:
    """Centres of the 20 faces, shape (20, 3), and their corners, shape (20, 3, 3).

    The twelve corners are the pentagons of the finest resolution, so no table is needed.
    """
    places = np.array([h3.cell_to_latlng(cell) for cell in sorted(h3.get_pentagons(15))])
    corners = unit_vectors(places[:, 0], places[:, 1])
    near = corners @ corners.T > 0.4
    triples = [
        (a, b, c)
        for a, b, c in itertools.combinations(range(12), 3)
        if near[a, b] and near[b, c] and near[a, c]
    ]
    faces = corners[np.array(triples)]
    centres = faces.sum(axis=1)
    return centres / np.linalg.norm(centres, axis=1, keepdims=True), faces


def axes(face: int) -> tuple[Floats, Floats, Floats]:
    """Normal of a face, the direction to its first corner, and the one to the left of it."""
    centres, corners = icosahedron()
    normal = centres[face]
    east = corners[face][0] - (corners[face][0] @ normal) * normal
    east /= np.linalg.norm(east)
    return normal, east, np.cross(normal, east)


def faces_of(*, lat_deg: Floats, lon_deg: Floats, reach_rad: float) -> NDArray[np.uint8]:
    """Face of each position, 0 to 19, or 255 nearer than ``reach_rad`` to an edge of it."""
    centres, _ = icosahedron()
    step = np.sort(np.linalg.norm(centres - centres[0], axis=1))[1]
    faces = np.full(len(lat_deg), NO_FACE, dtype=np.uint8)
    for start in range(0, len(lat_deg), _CHUNK):
        part = slice(start, start + _CHUNK)
        nearness = unit_vectors(lat_deg[part], lon_deg[part]) @ centres.T
        first, second = np.partition(nearness, -2, axis=1)[:, [-1, -2]].T
        inside = (first - second) / step >= np.sin(reach_rad)
        faces[part][inside] = nearness.argmax(axis=1)[inside]
    return faces
