"""H3 as what it is: a regular hexagonal lattice in the plane of each icosahedron face.

The sphere is projected from its centre onto the face (gnomonic). In that plane the cells of one
resolution are regular hexagons, except where they reach over the edge of the face. A lattice point
has axial coordinates (q, r) and lies at u = q + r/2, v = r sqrt(3)/2, in units of the distance
between neighbours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from geo_data.grid import Floats
from geo_data.icosahedron import FACE_UNIT, TURN, axes, icosahedron

ROW = math.sqrt(3) / 2


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
    corners = icosahedron()[1]
    normal, east, north = axes(face)
    if resolution % 2:
        cos, sin = math.cos(TURN), math.sin(TURN)
        east, north = cos * east + sin * north, cos * north - sin * east
    scale = math.sqrt(7) ** resolution / FACE_UNIT
    depth = corners[face] @ normal
    plane = np.stack([corners[face] @ east, corners[face] @ north], axis=-1)
    return Lattice(
        resolution, face, scale, normal, east, north, plane * (scale / depth)[:, np.newaxis]
    )
