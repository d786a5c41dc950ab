"""Distances on the WGS84 ellipsoid, the chord through the Earth, bent back to an arc."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


_EQUATOR_KM = 6378.137
_ECCENTRICITY_SQUARED = 0.00669437999014
MEAN_RADIUS_KM = 6371.0088


def normals(*, lat_deg: ArrayLike, lon_deg: ArrayLike) -> Floats:
    """Unit vectors that point up from positions, shape (n, 3); no pole or date line is special."""
    lat = np.radians(np.asarray(lat_deg, dtype=np.float64))
    lon = np.radians(np.asarray(lon_deg, dtype=np.float64))
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def degrees(normal: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude of vectors of any length, the inverse of :func:`normals`."""
    x, y, z = np.moveaxis(normal, -1, 0)
    return np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))


def on_earth(normal: Floats) -> Floats:
    """Points of the ellipsoid below unit vectors, km from the centre of the Earth, shape (n, 3)."""
    curvature = _EQUATOR_KM / np.sqrt(1 - _ECCENTRICITY_SQUARED * normal[..., 2:] ** 2)
    return curvature * normal * np.array([1, 1, 1 - _ECCENTRICITY_SQUARED])


def between_km(start: Floats, end: Floats) -> Floats:
    """Geodesic length between points of :func:`on_earth`.

    The chord is exact; bending it with one radius for the whole Earth is wrong by less than
    3 parts in 100,000 up to 1,500 km and by less than 2 in 10,000 up to 4,000 km.
    """
    chord = np.sqrt(np.sum(np.square(end - start), axis=-1))
    return 2 * MEAN_RADIUS_KM * np.arcsin(np.minimum(chord / (2 * MEAN_RADIUS_KM), 1.0))


def distance_km(
    *, lat_deg: ArrayLike, lon_deg: ArrayLike, to_lat_deg: ArrayLike, to_lon_deg: ArrayLike
) -> Floats:
    """Geodesic length between positions in degrees; shapes broadcast."""
    start = on_earth(normals(lat_deg=lat_deg, lon_deg=lon_deg))
    return between_km(start, on_earth(normals(lat_deg=to_lat_deg, lon_deg=to_lon_deg)))
