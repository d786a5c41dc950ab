"""Sweep width: the strip that one pass of a searcher clears as well as if it missed nothing in it.

Widths by visibility, weather and speed factors are those of the USCG Addendum to the IAMSAR Manual,
COMDTINST M16130.2F; of merchant vessels, IAMSAR Manual volume II, appendix N. Those of land and
desert come from the range at which the team itself detects (Koester and others 2014); no width for
desert has been validated.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from geo_data.errors import WaypostError, nearest

TABLE = Path(__file__).with_name("reference") / "sweep_widths.csv"
FATIGUE_FACTOR = 0.9
# Beyond these, small objects (people, rafts, boats below 10 m) and large ones are seen less far.
ROUGH, VERY_ROUGH = (15.0, 0.6), (25.0, 1.2)  # wind kn, sea m (2 and 4 ft)
WEATHER_FACTOR = {"small": (0.5, 0.25), "large": (0.9, 0.9)}
SPEED_KN = {"helicopter": (60.0, 90.0, 120.0, 140.0), "fixed_wing": (150.0, 180.0, 210.0)}
SPEED_FACTOR: dict[str, dict[str, tuple[float, ...]]] = {
    "helicopter": {
        "person": (1.5, 1.0, 0.8, 0.7), "raft_1": (1.3, 1.0, 0.9, 0.8),
        "raft_4": (1.3, 1.0, 0.9, 0.8), "small": (1.2, 1.0, 0.9, 0.8),
        "large": (1.1, 1.0, 0.9, 0.9),
    },
    "fixed_wing": {
        "person": (1.2, 1.0, 0.9), "small": (1.1, 1.0, 0.9), "large": (1.1, 1.0, 1.0),
    },
}  # fmt: skip
LARGE = frozenset({"boat_10m", "boat_12m", "boat_16m", "boat_24m"})
# The speed table of aeroplanes counts boats up to 10 m among the small.
LARGE_FROM_AEROPLANE = LARGE - {"boat_10m"}


class Contrast(StrEnum):
    """How an object on land stands out, with the factor of its detection range."""

    HIGH, MEDIUM, LOW = "high", "medium", "low"


LAND_FACTOR = {Contrast.HIGH: 1.8, Contrast.MEDIUM: 1.6, Contrast.LOW: 1.1}


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What the searcher meets.

    Attributes
    ----------
    visibility_nm : float
    wind_kn, sea_m : float
        Wind speed and significant wave height.
    speed_kn : float or None
        Search speed; it matters for aircraft only. None: that of the table.
    fatigued : bool
        Whether crews are reported excessively tired.
    """

    visibility_nm: float = 10.0
    wind_kn: float = 0.0
    sea_m: float = 0.0
    speed_kn: float | None = None
    fatigued: bool = False


def sweep_width_nm(sensor: str, sought: str, conditions: Conditions) -> float:
    """Corrected sweep width at sea.

    Between the tabulated visibilities and speeds it is interpolated, beyond them the last value
    stands; 0 where the object is not seen at all.

    Raises
    ------
    WaypostError
        If the table has no such sensor or object, or visibility is below what it holds.

    Examples
    --------
    >>> rough = Conditions(visibility_nm=10, wind_kn=20, fatigued=True)
    >>> round(sweep_width_nm("vessel", "raft_10", rough), 3)
    2.295
    """
    widths = _row(sensor, sought).dropna()
    visibility = widths.index.to_numpy(np.float64)
    if conditions.visibility_nm < visibility[0]:
        if visibility[0] > 1:
            raise WaypostError(
                f"sweep width of a {sensor}: visibility is {conditions.visibility_nm:g} nm, the "
                f"table begins at {visibility[0]:g} nm. Choose another searcher."
            )
        if conditions.visibility_nm <= 0:
            return 0.0
    width = float(np.interp(conditions.visibility_nm, visibility, widths.to_numpy()))
    factor = weather_factor(sought, conditions) * speed_factor(sensor, sought, conditions.speed_kn)
    return width * factor * (FATIGUE_FACTOR if conditions.fatigued else 1.0)


def weather_factor(sought: str, conditions: Conditions) -> float:
    """Share of the width that wind and sea leave; the worse of both decides."""
    rough, very_rough = WEATHER_FACTOR["large" if sought in LARGE else "small"]
    for (wind_kn, sea_m), factor in ((VERY_ROUGH, very_rough), (ROUGH, rough)):
        if conditions.wind_kn > wind_kn or conditions.sea_m > sea_m:
            return factor
    return 1.0


def speed_factor(sensor: str, sought: str, speed_kn: float | None) -> float:
    """Share of the width at a search speed; slower than the table's speed is above 1."""
    if sensor not in SPEED_KN or speed_kn is None:
        return 1.0
    large = LARGE if sensor == "helicopter" else LARGE_FROM_AEROPLANE
    factors = SPEED_FACTOR[sensor]
    found = factors.get(sought, factors["large" if sought in large else "small"])
    return float(np.interp(speed_kn, SPEED_KN[sensor], found))


def land_sweep_width_m(detection_range_m: float, contrast: Contrast) -> float:
    """Effective sweep width on land from the average range of detection measured on site.

    >>> land_sweep_width_m(30, Contrast.MEDIUM)
    48.0
    """
    return LAND_FACTOR[contrast] * detection_range_m


@lru_cache(maxsize=1)
def widths_nm() -> pd.DataFrame:
    """Uncorrected widths: one row per sensor and object, one column per visibility in nm."""
    table = pd.read_csv(TABLE).set_index(["sensor", "sought"])
    return table.rename(columns=float)


def _row(sensor: str, sought: str) -> pd.Series:
    table = widths_nm()
    if (sensor, sought) in table.index:
        return table.loc[(sensor, sought)]
    sensors = table.index.unique("sensor")
    known = sorted(table.loc[sensor].index) if sensor in sensors else sorted(sensors)
    word = sought if sensor in sensors else sensor
    raise WaypostError(
        f"no sweep width for {word!r}. Nearest: {nearest(word, known)!r}. Known: {', '.join(known)}"
    )
