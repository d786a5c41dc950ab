"""How long people may be expected to live in water, heat and thirst: bands, never a promise."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import RegularGridInterpolator

from geo_data.quantities import SEA_TEMPERATURE

Floats = NDArray[np.float64]

# Above it heat loss no longer decides, and the curve runs off to infinity at 23.09 °C.
NO_THERMAL_LIMIT_C = 22.0
# United States Search and Rescue Task Force: upper end of the band in °C, expected survival in
# hours from and to. Above the last band there is no limit.
WATER_BANDS = (
    (0.3, 0.25, 0.75), (4.4, 0.5, 1.5), (10.0, 1.0, 3.0), (15.6, 1.0, 6.0), (21.1, 2.0, 40.0),
    (26.7, 3.0, np.inf),
)  # fmt: skip
# Adolph 1947: days of expected survival by the day's highest shade temperature and litres of water
# (1, 2, 4, 10 and 20 US quarts); published for 16 to 49 °C and not carried beyond.
HEAT_C = tuple((fahrenheit - 32) / 1.8 for fahrenheit in (60, 70, 80, 90, 100, 110, 120))
RESTING_WATER_L = tuple(0.946353 * quarts for quarts in (0, 1, 2, 4, 10, 20))
RESTING_DAYS = (
    (10, 11, 12, 14, 21, 32), (10, 11, 12, 14, 20.5, 32), (9, 10, 11, 13, 19, 29),
    (7, 8, 9, 10.5, 15, 23), (5, 5.5, 6, 7, 9.5, 13.5), (3, 3, 3.5, 4, 5, 7),
    (2, 2, 2, 2.5, 3, 4.5),
)  # fmt: skip
WALKING_HEAT_C, WALKING_WATER_L = HEAT_C[3:], RESTING_WATER_L[:5]
WALKING_DAYS = (
    (5, 5.5, 5.5, 6.5, 8), (3, 3.5, 3.5, 4.5, 5.5), (2, 2, 2.5, 3, 3.5), (1, 2, 2, 2.5, 3),
)  # fmt: skip
DESERT_LIMIT_FROM_C = HEAT_C[0]


def water_band_h(sea_temperature_c: ArrayLike) -> tuple[Floats, Floats]:
    """Shortest and longest expected survival in water; infinite: no thermal limit, NaN: unknown."""
    found = np.asarray(sea_temperature_c, dtype=np.float64)
    ends = np.array([end for end, _, _ in WATER_BANDS])
    low = np.array([*(low for _, low, _ in WATER_BANDS), np.inf])
    high = np.array([*(high for _, _, high in WATER_BANDS), np.inf])
    place = np.searchsorted(ends, found)
    known = ~np.isnan(found)
    return np.where(known, low[place], np.nan), np.where(known, high[place], np.nan)


def heat_survival_h(
    max_shade_c: ArrayLike, water_l: float = 0.0, *, walking_at_night: bool = False
) -> Floats:
    """Expected survival in the desert by the day's highest shade temperature and water at hand.

    Between the tabulated values it is interpolated, above the last temperature the last row
    stands. NaN where the temperature is not known; infinite below 16 °C, where the table says
    nothing, and while walking below 32 °C, the time at rest.
    """
    heat = np.asarray(max_shade_c, dtype=np.float64)
    resting = _table(HEAT_C, RESTING_WATER_L, RESTING_DAYS, heat, water_l) * 24
    if walking_at_night:
        walking = _table(WALKING_HEAT_C, WALKING_WATER_L, WALKING_DAYS, heat, water_l) * 24
        resting = np.where(heat >= WALKING_HEAT_C[0], walking, resting)
    return np.where(heat < DESERT_LIMIT_FROM_C, np.inf, resting)


def limit_h(hexagons: pd.DataFrame, longest_h: float) -> pd.Series:
    """Hours within which help has to arrive in each cell: the survival time, at most ``longest_h``.

    For light clothing with a lifejacket; a band in truth, never a promise. Drowning without a
    lifejacket comes far sooner.

    Parameters
    ----------
    hexagons : DataFrame
        ``cell`` and, if there is one, ``sea_temperature_c``; where it is null or the water warm,
        ``longest_h`` stands.

    References
    ----------
    Hayward, Eckerson and Collis 1975: minutes = 15 + 7.2 / (0.0785 - 0.0034 T), T in °C.
    """
    limit = np.full(len(hexagons), float(longest_h))
    if SEA_TEMPERATURE.column in hexagons:
        found = hexagons[SEA_TEMPERATURE.column].to_numpy(np.float64)
        cold = found <= NO_THERMAL_LIMIT_C
        limit[cold] = np.minimum(_hayward_h(found[cold]), longest_h)
    return pd.Series(limit, index=hexagons.index, name="limit_h")


def _hayward_h(sea_temperature_c: np.ndarray) -> np.ndarray:
    return (15 + 7.2 / (0.0785 - 0.0034 * sea_temperature_c)) / 60


def _table(
    heat_c: tuple[float, ...], water_l: tuple[float, ...], days: tuple[tuple[float, ...], ...],
    heat: Floats, water: float,
) -> Floats:  # fmt: skip
    inside = np.clip(heat, heat_c[0], heat_c[-1])
    at = np.stack([inside, np.full(heat.shape, np.clip(water, 0, water_l[-1]))], axis=-1)
    return np.asarray(
        RegularGridInterpolator((heat_c, water_l), np.array(days, float), bounds_error=False)(at)
    )
