"""What people call a spot: how far and in which direction from the nearest place they know."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pyproj import Geod

_EARTH = Geod(ellps="WGS84")
POINTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
AT_KM = 3.0


def bearing_point(degrees: float) -> str:
    """Nearest of eight points of the compass.

    >>> [bearing_point(d) for d in (0, 44, 100, 350)]
    ['N', 'NE', 'E', 'N']
    """
    return POINTS[round((degrees % 360) / 45) % 8]


def described(table: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Rows by the nearest named place, such as "42 km NE of Zuwara".

    Parameters
    ----------
    table : DataFrame
        ``lat_deg``, ``lon_deg``.
    known : DataFrame
        ``name``, ``lat_deg``, ``lon_deg``; rows without a name are left out.

    Returns
    -------
    Series of str
        Degrees where no place is known.
    """
    named = known.dropna(subset=["name", "lat_deg", "lon_deg"])
    spots = zip(table["lat_deg"], table["lon_deg"], strict=True)
    return pd.Series([_described(*spot, named) for spot in spots], index=table.index, dtype="str")


def _described(lat_deg: float, lon_deg: float, named: pd.DataFrame) -> str:
    if named.empty:
        return f"{lat_deg:.2f}, {lon_deg:.2f}"
    here = np.full(len(named), lon_deg), np.full(len(named), lat_deg)
    course, _, metres = _EARTH.inv(
        named["lon_deg"].to_numpy(np.float64), named["lat_deg"].to_numpy(np.float64), *here
    )
    nearest = int(np.argmin(metres))
    name, km = str(named["name"].iloc[nearest]), metres[nearest] / 1000
    return name if km < AT_KM else f"{km:.0f} km {bearing_point(course[nearest])} of {name}"
