"""Tracks of searches in the last three days, simulated: parallel legs over a rectangle."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from geo_data.sample.lattice import KM_PER_DEG, SEED, Position

# Middle of the searched area, legs, length of a leg and distance between legs in km, bearing.
SEARCHES: tuple[tuple[str, Position, int, float, float, float], ...] = (
    ("patrol aircraft 21", (34.35, 12.45), 9, 90, 9, 20),
    ("patrol aircraft 22", (34.6, 14.1), 8, 80, 9, 110),
    ("rescue vessel 12", (33.85, 12.75), 6, 40, 4, 75),
    ("patrol boat 01", (35.15, 12.3), 5, 24, 3, 40),
    ("helicopter 20", (34.5, 24.1), 6, 45, 5, 90),
    ("desert ground team 23", (18.55, 11.3), 5, 36, 4, 60),
)


def as_geojson(today: date) -> dict:
    """One line per search, with its day."""
    random = np.random.default_rng([SEED, 91])
    features = [
        {
            "type": "Feature",
            "properties": {
                "id": f"SIM-T{number:02d}", "name": f"Search by {unit}", "kind": "search track",
                "day": (today - timedelta(days=int(random.integers(1, 4)))).isoformat(),
            },
            "geometry": {
                "type": "LineString", "coordinates": _ladder(at, legs, length, apart, bearing),
            },
        }
        for number, (unit, at, legs, length, apart, bearing) in enumerate(SEARCHES, start=1)
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _ladder(
    middle: Position, legs: int, length_km: float, apart_km: float, bearing_deg: float
) -> list[list[float]]:
    turn = np.radians(bearing_deg)
    across = np.repeat((np.arange(legs) - (legs - 1) / 2) * apart_km, 2)
    ends = np.array([-0.5, 0.5, 0.5, -0.5]) * length_km
    along = np.resize(ends, 2 * legs)
    north = along * np.cos(turn) - across * np.sin(turn)
    east = along * np.sin(turn) + across * np.cos(turn)
    lat = middle[0] + north / KM_PER_DEG
    lon = middle[1] + east / KM_PER_DEG / np.cos(np.radians(middle[0]))
    return [[round(float(x), 4), round(float(y), 4)] for x, y in zip(lon, lat, strict=True)]
