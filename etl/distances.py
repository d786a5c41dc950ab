"""Distances on the globe between positions and to countries, good to some kilometres."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo_data import geography

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

EARTH_KM = 6371.0088
# Outlines get a point at least this often, so the nearest point is the nearest place within 3 km.
STEP_DEG = 0.05


def unit_vectors(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Positions as points on a sphere of radius 1, shape (n, 3)."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def chord(km: float) -> float:
    """Straight distance through the unit sphere of two points so far apart on its surface."""
    return float(2 * np.sin(km / EARTH_KM / 2))


def neighbours(points: Floats, around: Floats, km: float) -> Floats:
    """How many points lie within a distance of each place; both as unit vectors."""
    if not len(points) or not len(around):
        return np.zeros(len(around))
    return cKDTree(points).query_ball_point(around, chord(km), return_length=True).astype(float)


def kilometres(iso3: str, *, lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Distance of positions from a country, 0 inside, NaN if the country has no shape."""
    shape, outline = _country(iso3)
    if outline is None:
        return np.full(len(lat_deg), np.nan)
    outside = ~shapely.intersects_xy(shape, lon_deg, lat_deg)
    straight, _ = outline.query(unit_vectors(lat_deg[outside], lon_deg[outside]))
    km = np.zeros(len(lat_deg))
    km[outside] = 2 * EARTH_KM * np.arcsin(np.clip(straight / 2, 0, 1))
    return km


@lru_cache(maxsize=300)
def _country(iso3: str) -> tuple[shapely.Geometry, cKDTree | None]:
    known = geography.countries()
    shape = shapely.union_all(known.geometry[known["filed_under"] == iso3].to_numpy())
    if shape.is_empty:
        return shape, None
    shapely.prepare(shape)
    corners = shapely.get_coordinates(shapely.segmentize(shape.boundary, STEP_DEG))
    return shape, cKDTree(unit_vectors(corners[:, 1], corners[:, 0]))
