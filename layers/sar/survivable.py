"""Whether help that arrives and searches would still find people alive: as a band, cell by cell."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo_data.quantities import HEAT, LAND, RESPONSE, SEA_TEMPERATURE
from layers.sar import survival
from layers.sar.detection import Curve, coverage_for

Floats = NDArray[np.float64]

KM2_PER_NM2 = 1.852**2


class Chance(StrEnum):
    """What arrival in time means when survival is a band."""

    COVERED = "covered"
    """Sooner than the shortest expected survival."""
    DOUBTFUL = "doubtful"
    """Within the band."""
    UNCOVERED = "uncovered"
    """Later than the longest, or never."""
    UNKNOWN = "unknown"
    """Neither temperature nor another limit is known."""


def search_h(
    area_km2: ArrayLike, sweep_width_nm: float, speed_kn: float, target: float,
    curve: Curve = Curve.RANDOM,
) -> Floats:  # fmt: skip
    """Hours until one searcher has found what is there with a probability; infinite if it cannot.

    >>> round(float(search_h(100 * 1.852**2, 0.5, 15, 0.632121)), 3)
    13.333
    """
    effort = coverage_for(target, curve) * np.asarray(area_km2, np.float64) / KM2_PER_NM2
    rate = sweep_width_nm * speed_kn
    return effort / rate if rate > 0 else np.full(effort.shape, np.inf)


def bands_h(
    hexagons: pd.DataFrame, *, longest_h: float, water_l: float = 0.0, walking: bool = False
) -> pd.DataFrame:
    """Shortest and longest time within which people have to be found in each cell.

    At sea by the temperature of the water, on land by heat and thirst. Where cold or heat sets no
    limit, ``longest_h`` does: what the planner thinks that anybody holds out.

    Parameters
    ----------
    hexagons : DataFrame
        ``cell``, ``land_share``, and ``sea_temperature_c`` and ``heat_max_c`` if they are known.

    Returns
    -------
    DataFrame, one row per cell
        ``cell``, ``shortest_h``, ``longest_h``; null where the temperature is not known.
    """
    at_sea = hexagons[LAND.column].to_numpy(np.float64) < 0.5
    low, high = survival.water_band_h(_column(hexagons, SEA_TEMPERATURE.column))
    thirst = survival.heat_survival_h(
        _column(hexagons, HEAT.column), water_l, walking_at_night=walking
    )
    # What the table says of the average is taken as the longest; no shorter end is published.
    shortest = np.where(at_sea, low, thirst)
    longest = np.where(at_sea, high, thirst)
    return pd.DataFrame(
        {
            "cell": hexagons["cell"].to_numpy(np.int64),
            "shortest_h": np.minimum(shortest, longest_h),
            "longest_h": np.minimum(longest, longest_h),
        }
    )


def chances(response: pd.DataFrame, bands: pd.DataFrame, search: ArrayLike = 0.0) -> pd.DataFrame:
    """Chance of each cell.

    Parameters
    ----------
    response : DataFrame
        ``cells`` of :class:`layers.sar.response.Response`.
    bands : DataFrame
        From :func:`bands_h`, of the same cells in the same order.
    search : float array
        Hours from arrival to finding.

    Returns
    -------
    DataFrame
        ``cell``, ``needed_h`` (null: nobody arrives), ``shortest_h``, ``longest_h``, ``chance``.
    """
    if not np.array_equal(response["cell"], bands["cell"]):
        raise ValueError("response and bands are not about the same cells in the same order")
    needed = response[RESPONSE.column].to_numpy(np.float64, na_value=np.inf) + np.asarray(search)
    low, high = bands["shortest_h"].to_numpy(), bands["longest_h"].to_numpy()
    found = np.select(
        [np.isnan(low), needed <= low, needed <= high],
        [Chance.UNKNOWN.value, Chance.COVERED.value, Chance.DOUBTFUL.value],
        Chance.UNCOVERED.value,
    )
    return bands.assign(needed_h=np.where(np.isfinite(needed), needed, np.nan), chance=found)


def _column(hexagons: pd.DataFrame, name: str) -> Floats:
    if name not in hexagons:
        return np.full(len(hexagons), np.nan)
    return hexagons[name].to_numpy(np.float64)
