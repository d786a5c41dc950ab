"""How long a person in cold water may be expected to live, as a limit for arrival."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_data.quantities import SEA_TEMPERATURE

# Above it heat loss no longer decides, and the curve runs off to infinity at 23.09 °C.
NO_THERMAL_LIMIT_C = 22.0


def cold_water_survival_h(sea_temperature_c: float | None) -> float | None:
    """Predicted survival in light clothing with a lifejacket; a band in truth, never a promise.

    None where the water is too warm for cold to set a limit, or its temperature is not known.
    Drowning without a lifejacket comes far sooner.

    References
    ----------
    Hayward, Eckerson and Collis 1975: minutes = 15 + 7.2 / (0.0785 - 0.0034 T), T in °C.
    """
    if sea_temperature_c is None or not sea_temperature_c <= NO_THERMAL_LIMIT_C:
        return None
    return float(_hayward_h(np.array(sea_temperature_c)))


def limit_h(hexagons: pd.DataFrame, longest_h: float) -> pd.Series:
    """Hours within which help has to arrive in each cell: the survival time, at most ``longest_h``.

    Parameters
    ----------
    hexagons : DataFrame
        ``cell`` and, if there is one, ``sea_temperature_c``; where it is null or the water warm,
        ``longest_h`` stands.
    """
    limit = np.full(len(hexagons), float(longest_h))
    if SEA_TEMPERATURE.column in hexagons:
        found = hexagons[SEA_TEMPERATURE.column].to_numpy(np.float64)
        cold = found <= NO_THERMAL_LIMIT_C
        limit[cold] = np.minimum(_hayward_h(found[cold]), longest_h)
    return pd.Series(limit, index=hexagons.index, name="limit_h")


def _hayward_h(sea_temperature_c: np.ndarray) -> np.ndarray:
    return (15 + 7.2 / (0.0785 - 0.0034 * sea_temperature_c)) / 60
