"""Floods and land cover: real wadis and rivers as lines, depth and classes invented."""

from __future__ import annotations

import numpy as np

from geo_data.sample.lattice import Floats, Lattice, Position, noise

WATER, OPEN_SHRUB, GRASS, CROPLAND, BARREN = 0, 7, 10, 12, 16
"""Classes and their numbers follow the IGBP scheme."""

# Deepest flood in m, half width in km, course (public knowledge, a few points each).
COURSES: tuple[tuple[float, float, tuple[Position, ...]], ...] = (
    (4.5, 5, ((36.4, 8.3), (36.6, 9.2), (36.8, 9.9), (37.1, 10.2))),
    (3.5, 6, ((35.6, 2.8), (36.1, 2.0), (36.2, 1.2), (36.0, 0.2))),
    (3.5, 4, ((36.2, 4.3), (36.5, 4.5), (36.75, 5.1))),
    (3.0, 4, ((36.4, 7.4), (36.6, 7.7), (36.9, 7.8))),
    (4.0, 4, ((32.3, 22.4), (32.6, 22.6), (32.77, 22.64))),
    (2.5, 6, ((31.2, 13.0), (31.5, 14.1), (31.8, 15.2))),
    (2.2, 6, ((30.6, 13.9), (31.1, 15.0), (31.4, 15.7))),
    (1.6, 8, ((26.5, 12.3), (26.5, 13.2), (26.6, 14.2))),
    (1.5, 8, ((27.6, 12.9), (27.5, 13.8), (27.6, 14.6))),
    (2.0, 8, ((24.5, 5.6), (26.2, 6.3), (28.2, 6.8), (30.0, 6.6), (31.8, 6.1))),
    (1.8, 7, ((31.3, 3.4), (31.6, 4.6), (32.0, 5.4))),
    (2.0, 7, ((33.0, 6.0), (33.8, 6.0), (34.3, 6.2))),
    (1.8, 7, ((34.6, 3.0), (34.8, 4.4), (34.6, 5.9))),
    (1.8, 9, ((23.0, 7.6), (21.5, 8.0), (19.6, 7.3), (18.2, 6.2), (16.8, 5.4), (15.0, 4.6))),
    (1.5, 7, ((18.6, 8.3), (17.4, 7.6), (16.9, 6.9), (16.2, 6.2))),
    (2.2, 7, ((17.3, 21.9), (16.4, 21.2), (15.6, 20.4), (15.0, 19.6))),
    (1.8, 8, ((16.0, 22.4), (15.8, 24.0), (16.2, 26.0))),
    (1.6, 6, ((21.1, 16.6), (20.3, 16.1), (19.5, 16.4))),
    (3.0, 5, ((37.7, 14.5), (37.5, 14.8), (37.4, 15.1))),
    (2.5, 4, ((39.2, 16.3), (39.6, 16.3), (39.7, 16.5))),
    (3.2, 5, ((39.6, 21.6), (39.5, 22.2), (39.7, 22.6))),
)  # fmt: skip
COASTAL_PLAINS: tuple[tuple[float, float, float], ...] = (
    (32.35, 15.3, 25), (30.9, 17.5, 30), (33.9, 10.0, 22), (36.85, 7.8, 18), (36.85, 10.1, 18),
    (31.0, 20.1, 30), (37.4, 15.05, 14), (32.8, 12.4, 20), (39.3, 9.0, 16), (35.3, 10.9, 18),
)  # fmt: skip
# Middle of a dry spell, half axes east-west and north-south in degrees.
DRY_SPELLS: tuple[tuple[float, float, float, float], ...] = (
    (35.3, 4.6, 3.4, 0.9), (34.9, 9.4, 1.3, 0.9), (15.7, 7.2, 3.6, 0.8), (16.2, 21.9, 2.2, 1.0),
    (37.3, 14.1, 1.0, 0.5),
)  # fmt: skip
LOWLAND_M = 30
SURGE_M = 1.6
DEEPEST_M = 6.0


def flood_depth_m(lattice: Lattice, elevation_m: Floats) -> Floats:
    """Depth of a flood that comes once in 100 years: 0 where none is, unknown at sea."""
    uneven = np.exp(0.35 * noise(lattice, 0.4, 21))
    depth = np.zeros(lattice.shape)
    for deepest, half_width_km, course in COURSES:
        away = lattice.line_km(course, 6 * half_width_km) / (1.4 * half_width_km) / uneven
        depth = np.maximum(depth, deepest * np.exp(-(away**2)) * uneven)
    for lat, lon, reach in COASTAL_PLAINS:
        near_shore = np.exp(-lattice.coast_km / 9) * (elevation_m < LOWLAND_M)
        away = lattice.distance_km((lat, lon)) / reach
        depth = np.maximum(depth, SURGE_M * np.exp(-(away**2)) * near_shore * uneven)
    return np.where(lattice.land, np.where(depth < 0.05, 0, np.minimum(depth, DEEPEST_M)), np.nan)


def wet_share(lattice: Lattice) -> Floats:
    """How much rain land gets, 0 desert to 1 wet: the Tell, the hills, Europe, the Sahel edge."""
    north = np.clip((lattice.lat_deg - 32.6) / 3.4, 0, 1) * np.exp(-lattice.coast_km / 120)
    akhdar = np.exp(-((lattice.distance_km((32.6, 21.6)) / 110) ** 2))
    jefara = 0.5 * np.exp(-((lattice.distance_km((32.6, 13.3)) / 90) ** 2))
    sahel = np.clip((17.4 - lattice.lat_deg) / 4.5, 0, 1)
    wet = np.maximum(np.maximum(north, akhdar), np.maximum(jefara, sahel))
    wet = wet * (1 + 0.15 * noise(lattice, 0.5, 22))
    return np.where(lattice.land, np.clip(wet, 0, 1), 0.0)


def land_cover(lattice: Lattice, wet: Floats) -> Floats:
    """Class of the ground after its rain; water at sea."""
    uneven = wet * (1 + 0.2 * noise(lattice, 0.15, 23))
    classes = np.select(
        [uneven > 0.55, uneven > 0.32, uneven > 0.16], [CROPLAND, GRASS, OPEN_SHRUB], BARREN
    )
    return np.where(lattice.land, classes, WATER).astype(float)


def drought_geojson() -> dict:
    """Areas in drought, as wavy ovals."""
    turn = np.linspace(0, 2 * np.pi, 49)
    features = []
    for number, (lat, lon, half_east, half_north) in enumerate(DRY_SPELLS, start=1):
        wave = 1 + 0.13 * np.sin(3 * turn + number) + 0.08 * np.sin(7 * turn)
        x, y = lon + half_east * wave * np.cos(turn), lat + half_north * wave * np.sin(turn)
        ring = [[round(float(a), 4), round(float(b), 4)] for a, b in zip(x, y, strict=True)]
        ring[-1] = ring[0]
        features.append(
            {
                "type": "Feature",
                "properties": {"name": f"Dry spell {number} (simulated)"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return {"type": "FeatureCollection", "features": features}
