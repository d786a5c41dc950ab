"""The twenty faces that H3 is laid out on: hexagons change shape where a face ends."""

from __future__ import annotations

from itertools import combinations

import h3
import numpy as np
from numpy.typing import NDArray

from geo_data.grid import Floats

NO_FACE = 255
_CHUNK = 65_536


def faces_of(*, lat_deg: Floats, lon_deg: Floats, reach_rad: float) -> NDArray[np.uint8]:
    """Face of each position, 0 to 19, or 255 nearer than ``reach_rad`` to an edge of it."""
    faces = np.full(len(lat_deg), NO_FACE, dtype=np.uint8)
    step = np.linalg.norm(FACE_CENTRES[0] - _neighbour(0))
    for start in range(0, len(lat_deg), _CHUNK):
        part = slice(start, start + _CHUNK)
        nearness = _unit_vectors(lat_deg[part], lon_deg[part]) @ FACE_CENTRES.T
        first, second = np.partition(nearness, -2, axis=1)[:, [-1, -2]].T
        inside = (first - second) / step >= np.sin(reach_rad)
        faces[part][inside] = nearness.argmax(axis=1)[inside]
    return faces


def _unit_vectors(lat_deg: Floats, lon_deg: Floats) -> Floats:
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _face_centres() -> Floats:
    """Centres of the faces, shape (20, 3); H3 puts its twelve pentagons on the corners."""
    corners = np.array([h3.cell_to_latlng(cell) for cell in sorted(h3.get_pentagons(0))])
    vectors = _unit_vectors(corners[:, 0], corners[:, 1])
    near = vectors @ vectors.T > 0.4  # neighbouring corners: 1 / sqrt(5), all others negative
    triples = [
        t
        for t in combinations(range(12), 3)
        if near[t[0], t[1]] and near[t[1], t[2]] and near[t[0], t[2]]
    ]
    sums = vectors[triples].sum(axis=1)
    return sums / np.linalg.norm(sums, axis=1, keepdims=True)


def _neighbour(face: int) -> Floats:
    nearness = FACE_CENTRES @ FACE_CENTRES[face]
    return FACE_CENTRES[np.argsort(nearness)[-2]]


FACE_CENTRES = _face_centres()
