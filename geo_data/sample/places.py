"""Real places shipped as small files, and positions drawn at random near them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from shapely.geometry.base import BaseGeometry

from geo_data.sample.lattice import KM_PER_DEG, Lattice, Position

HERE = Path(__file__).parent
TRIES, CLOSER = 60, 0.97
Allowed = Callable[[float, float], bool]
"""Whether a latitude and longitude will do."""


def towns() -> pd.DataFrame:
    """Real towns: ``geonameid, name, iso3, latitude, longitude, population`` (missing: unknown)."""
    return _read("towns.csv", numbers=["latitude", "longitude", "population"])


def crossings() -> pd.DataFrame:
    """The register of real crossing points, with coordinates as numbers."""
    return _read("crossing_points.csv", numbers=["latitude", "longitude", "precision_km"])


def positions(register: pd.DataFrame, key: str) -> dict[str, Position]:
    """Latitude and longitude of the rows of a register by their key."""
    at = zip(register["latitude"], register["longitude"], strict=True)
    return dict(zip(register[key], at, strict=True))


def near(at: Position, reach_km: float, random: Generator, allowed: Allowed) -> Position:
    """A random position about ``reach_km`` away where it is allowed, else ever closer."""
    for attempt in range(TRIES):
        away = reach_km * CLOSER**attempt * abs(random.normal())
        bearing = random.uniform(0, 2 * np.pi)
        lat = at[0] + away / KM_PER_DEG * np.cos(bearing)
        lon = at[1] + away / KM_PER_DEG * np.sin(bearing) / np.cos(np.radians(at[0]))
        if allowed(lat, lon):
            return round(float(lat), 4), round(float(lon), 4)
    return at


def inside(shape: BaseGeometry) -> Allowed:
    """Allowed is what lies in a country, islands smaller than a pixel among it."""
    shapely.prepare(shape)
    return lambda lat, lon: bool(shapely.contains_xy(shape, lon, lat))


def on_land(lattice: Lattice, wanted: bool) -> Allowed:
    """Allowed is land, or the sea, by the pixels of the lattice."""
    return lambda lat, lon: bool(lattice.land[lattice.pixel(lat_deg=lat, lon_deg=lon)]) == wanted


def _read(name: str, numbers: list[str]) -> pd.DataFrame:
    table = pd.read_csv(HERE / name, dtype=str, keep_default_na=False)
    return table.assign(**{column: pd.to_numeric(table[column]) for column in numbers})
