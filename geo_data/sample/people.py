"""Residents: real towns as centres of gravity, the people of each country spread about them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_data.sample.lattice import KM_PER_DEG, PIXEL_DEG, Floats, Lattice

# Millions of people inside the area in 2020 and the share of them in towns, rounded from national
# and United Nations figures; README.md says which part of each country lies inside.
RESIDENTS: dict[str, tuple[float, float]] = {
    "LBY": (6.9, 0.88), "TUN": (11.7, 0.72), "DZA": (36.5, 0.75), "NER": (1.2, 0.42),
    "TCD": (0.45, 0.45), "EGY": (0.11, 0.92), "SDN": (0.13, 0.0), "ITA": (7.9, 0.72),
    "MLT": (0.52, 0.9), "GRC": (7.5, 0.78),
}  # fmt: skip
SMALLEST_TOWN = 3_000
REACH_KM = 28.0


def population_people(lattice: Lattice, towns: pd.DataFrame, wet: Floats) -> Floats:
    """People per pixel: 0 in empty desert, unknown where no country of the operation is.

    Parameters
    ----------
    towns : DataFrame
        ``iso3``, ``latitude``, ``longitude`` and ``population``, missing where not known.
    wet : float array
        Of :func:`geo_data.sample.ground.wet_share`: fields feed people outside towns.
    """
    people = np.full(lattice.shape, np.nan)
    for iso3, (millions, in_towns) in RESIDENTS.items():
        inside = lattice.of(iso3)
        urban = _around(lattice, towns[towns["iso3"] == iso3]) * inside
        rural = np.where(inside, np.clip(wet - 0.12, 0, None) ** 1.5, 0.0)
        urban_people = 1e6 * millions * in_towns
        spread = urban * (urban_people / urban.sum()) if in_towns else np.zeros(lattice.shape)
        rest = 1e6 * millions - spread.sum()
        people[inside] = (spread + rural * (rest / rural.sum() if rural.any() else 0.0))[inside]
    return people


def _around(lattice: Lattice, towns: pd.DataFrame) -> Floats:
    """Weight of each pixel: towns fade out with distance and end at ``REACH_KM``."""
    weight = np.zeros(lattice.shape)
    size = towns["population"].fillna(SMALLEST_TOWN).clip(lower=SMALLEST_TOWN)
    row, column = lattice.pixel(lat_deg=towns["latitude"], lon_deg=towns["longitude"])
    for r, c, lat, lon, people in zip(
        row, column, towns["latitude"], towns["longitude"], size, strict=True
    ):
        half = int(REACH_KM / KM_PER_DEG / PIXEL_DEG * 1.3) + 1
        rows, columns = slice(max(r - half, 0), r + half + 1), slice(max(c - half, 0), c + half + 1)
        x = (lattice.lon_deg[:, columns] - lon) * np.cos(np.radians(lat))
        away = KM_PER_DEG * np.hypot(x, lattice.lat_deg[rows] - lat)
        core_km = 1.5 + 2.2 * (people / 100_000) ** 0.4
        fading = np.where(away < REACH_KM, np.exp(-away / core_km), 0.0)
        weight[rows, columns] += people * fading / fading.sum()
    return weight
