"""Plausible relief and sea depth: real summits and basins, everything between them invented."""

from __future__ import annotations

import numpy as np

from geo_data.sample.lattice import Floats, Lattice, Position, noise

# Latitude, longitude, height in m (public knowledge, rounded), reach in km.
SUMMITS: tuple[tuple[float, float, float, float], ...] = (
    (23.3, 5.5, 2900, 75), (23.3, 6.4, 1900, 110), (25.2, 8.2, 2150, 45), (17.8, 8.7, 2020, 40),
    (19.9, 8.6, 1940, 40), (18.8, 8.7, 1500, 60), (19.8, 18.5, 3400, 45), (21.1, 17.2, 2900, 70),
    (20.3, 17.0, 2400, 60), (22.0, 19.2, 2250, 35), (17.2, 22.3, 1400, 95), (21.9, 25.0, 1930, 22),
    (27.3, 17.5, 1150, 75), (28.9, 16.2, 800, 60), (32.6, 21.8, 870, 50), (32.5, 22.6, 600, 35),
    (22.8, 12.6, 980, 100), (21.3, 12.6, 900, 70), (24.9, 10.4, 1250, 45), (35.3, 6.6, 2250, 35),
    (36.4, 4.2, 2250, 28), (35.8, 1.7, 1900, 35), (34.6, 2.2, 1050, 110), (35.6, 5.5, 1000, 70),
    (35.2, 8.7, 1500, 30), (33.6, 1.2, 1700, 45), (34.7, 4.4, 1500, 40), (37.75, 15.0, 3300, 12),
    (37.9, 14.0, 1900, 22), (38.16, 15.9, 1900, 14), (39.3, 16.5, 1880, 22), (39.9, 16.2, 2200, 18),
    (40.0, 9.3, 1800, 30), (36.95, 22.35, 2380, 13), (37.9, 22.3, 2350, 22), (38.5, 22.5, 2430, 22),
    (38.8, 21.8, 2200, 28), (39.6, 21.2, 2350, 32), (40.0, 20.8, 2450, 25), (40.05, 22.4, 2850, 16),
    (35.3, 24.0, 2400, 14), (35.2, 24.8, 2430, 14), (35.1, 25.5, 2100, 12), (39.8, 2.8, 1400, 12),
    (27.8, 2.0, 620, 130), (30.3, 13.5, 560, 140), (19.5, 1.7, 800, 90), (38.4, 23.8, 1300, 16),
)  # fmt: skip
RIDGES: tuple[tuple[float, float, tuple[Position, ...]], ...] = (
    (1050, 42, ((36.3, 0.2), (36.4, 2.2), (36.5, 4.2), (36.6, 6.0), (36.4, 8.0))),
    (1300, 60, ((33.2, 0.0), (34.1, 2.4), (34.9, 4.8), (35.4, 6.8), (35.3, 8.6))),
    (640, 34, ((31.9, 10.7), (32.0, 11.6), (32.1, 12.6), (32.4, 13.6))),
    (1350, 62, ((26.3, 6.3), (25.6, 8.0), (24.6, 9.4))),
    (820, 75, ((25.6, 11.0), (25.4, 12.6), (26.3, 14.0))),
    (1300, 34, ((39.9, 20.9), (39.2, 21.5), (38.6, 22.1))),
    (1200, 24, ((38.0, 21.9), (37.4, 22.2), (36.8, 22.4))),
    (650, 24, ((38.0, 13.2), (37.9, 14.6))),
)
# Floors of basins: latitude, longitude, height in m, reach in km.
FLOORS: tuple[tuple[float, float, float, float], ...] = (
    (34.3, 6.4, -30, 60), (33.7, 8.4, 16, 60), (16.9, 17.6, 165, 190), (29.2, 25.4, -15, 45),
    (29.8, 24.6, -5, 30), (29.2, 21.5, 40, 110), (27.2, 2.6, 270, 80), (20.0, 7.0, 420, 120),
    (30.5, 19.5, 40, 90), (18.6, 13.2, 360, 110), (26.7, 13.4, 480, 60), (24.2, 23.3, 390, 130),
)  # fmt: skip
# Depth in m of open water about a position; between them by distance.
DEPTHS: tuple[tuple[float, float, float], ...] = (
    (34.1, 11.0, 55), (35.2, 11.6, 90), (36.3, 14.6, 140), (37.3, 12.2, 120), (35.9, 12.9, 1200),
    (36.6, 12.3, 900), (33.2, 13.6, 650), (34.4, 13.6, 500), (35.9, 18.5, 4000), (36.5, 21.1, 5000),
    (33.9, 18.0, 3000), (31.6, 18.4, 1000), (33.6, 22.0, 2600), (33.3, 25.4, 3000),
    (34.4, 24.2, 2900), (38.2, 5.0, 2800), (37.6, 2.0, 2700), (39.3, 12.6, 3400), (38.2, 9.3, 1900),
    (39.4, 6.5, 2800), (39.3, 1.4, 900), (39.2, 24.6, 800), (36.1, 25.2, 1700), (37.3, 25.0, 240),
    (39.6, 18.9, 950), (38.5, 19.3, 2900), (39.2, 14.2, 3000), (37.8, 17.5, 2800),
)  # fmt: skip


def elevation_m(lattice: Lattice) -> Floats:
    """Height above the sea on land, negative depth at sea."""
    rough = 0.7 * noise(lattice, 1.3, 1) + 0.5 * noise(lattice, 0.35, 2)
    return np.where(lattice.land, _heights(lattice, rough), -_depths(lattice, rough))


def _heights(lattice: Lattice, rough: Floats) -> Floats:
    # Stretching distances at random breaks circles and straight ridges up.
    ragged = np.exp(0.42 * rough)
    height = 20 + 430 * (1 - np.exp(-lattice.coast_km / 280))
    for lat, lon, floor, reach in FLOORS:
        share = np.exp(-((lattice.distance_km((lat, lon)) / reach) ** 2))
        height += share * (floor - height)
    massifs = np.zeros(lattice.shape)
    for lat, lon, top, reach in SUMMITS:
        away = lattice.distance_km((lat, lon)) / reach * ragged
        massifs = np.maximum(massifs, top * np.exp(-(away**1.15)))
    for top, reach, line in RIDGES:
        away = lattice.line_km(line, 4 * reach) / reach * ragged
        massifs = np.maximum(massifs, top * np.exp(-(away**1.15)))
    height = np.where(massifs > 60, np.hypot(height, massifs), height)
    return np.maximum(height + rough * (8 + 0.12 * np.abs(height)), -40)


def _depths(lattice: Lattice, rough: Floats) -> Floats:
    weights = np.zeros(lattice.shape)
    depth = np.zeros(lattice.shape)
    for lat, lon, metres in DEPTHS:
        weight = (lattice.distance_km((lat, lon)) + 30) ** -3.0
        weights += weight
        depth += weight * metres
    open_water = depth / weights
    shelf = 1 - np.exp(-((lattice.coast_km / 38) ** 1.4))
    return np.maximum((10 + open_water * shelf) * (1 + 0.12 * rough), 2)
