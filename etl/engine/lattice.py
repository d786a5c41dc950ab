"""H3 as what it is: a regular hexagonal lattice in the plane of each icosahedron face.

The sphere is projected from its centre onto the face (gnomonic). In that plane the cells of one
resolution are regular hexagons, except where they reach over the edge of the face. A lattice point
has axial coordinates (q, r) and lies at u = q + r/2, v = r sqrt(3)/2, in units of the distance
between neighbours.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

import h3
import numpy as np
from numpy.typing import ArrayLike

from geo_data.grid import Floats

FACE_UNIT = (3 - math.sqrt(5)) / 2
"""Distance between neighbours of resolution 0 in the plane of a face, in Earth radii."""
TURN = math.asin(math.sqrt(3 / 28))
"""Every odd resolution is turned by this angle against the even ones."""
ROW = math.sqrt(3) / 2
REACH = 1 / math.sqrt(3)
"""Distance from the centre of a cell to its corners, in lattice units."""


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


@dataclass(frozen=True, eq=False)
class Lattice:
    """The lattice of one resolution in the plane of one face.

    Attributes
    ----------
    scale : float
        Lattice units per Earth radius.
    normal, east, north : float arrays, shape (3,)
        Frame of the plane; ``east`` is the direction of q.
    corners : float array, shape (3, 2)
        Corners of the face in lattice units.
    """

    resolution: int
    face: int
    scale: float
    normal: Floats
    east: Floats
    north: Floats
    corners: Floats

    def plane(self, points: Floats) -> tuple[Floats, Floats]:
        """Lattice plane coordinates of unit vectors; NaN beyond the horizon of the face."""
        depth = points @ self.normal
        with np.errstate(divide="ignore", invalid="ignore"):
            stretch = np.where(depth > 0.05, self.scale / depth, np.nan)
        return (points @ self.east) * stretch, (points @ self.north) * stretch

    def positions(self, u: ArrayLike, v: ArrayLike) -> tuple[Floats, Floats]:
        """Latitude and longitude of points of the plane, degrees."""
        x, y = np.asarray(u) / self.scale, np.asarray(v) / self.scale
        point = self.normal + np.multiply.outer(x, self.east) + np.multiply.outer(y, self.north)
        flat = np.hypot(point[..., 0], point[..., 1])
        return (
            np.degrees(np.arctan2(point[..., 2], flat)),
            np.degrees(np.arctan2(point[..., 1], point[..., 0])),
        )

    def depth(self, u: ArrayLike, v: ArrayLike) -> Floats:
        """Distance of points from the nearest edge of the face, negative outside."""
        across = self.corners / np.linalg.norm(self.corners, axis=1, keepdims=True)
        inradius = np.linalg.norm(self.corners[0]) / 2
        return inradius + np.min([np.multiply(u, x) + np.multiply(v, y) for x, y in across], axis=0)


@lru_cache(maxsize=40)
def lattice(resolution: int, face: int) -> Lattice:
    """The lattice of a resolution in a face, 0 to 19."""
    centres, corners = icosahedron()
    normal = centres[face]
    east = corners[face][0] - (corners[face][0] @ normal) * normal
    east /= np.linalg.norm(east)
    north = np.cross(normal, east)
    if resolution % 2:
        cos, sin = math.cos(TURN), math.sin(TURN)
        east, north = cos * east + sin * north, cos * north - sin * east
    scale = math.sqrt(7) ** resolution / FACE_UNIT
    depth = corners[face] @ normal
    plane = np.stack([corners[face] @ east, corners[face] @ north], axis=-1)
    return Lattice(
        resolution, face, scale, normal, east, north, plane * (scale / depth)[:, np.newaxis]
    )
