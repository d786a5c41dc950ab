"""What people call a spot: how far and in which direction from the nearest place they know."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pyproj import Geod

from geo_data.words import N_, Number, Phrase

_EARTH = Geod(ellps="WGS84")
POINTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
# Whole sentences, because languages join a direction to a name in different ways.
FROM = {
    "N": N_("{km} km N of {name}"), "NE": N_("{km} km NE of {name}"),
    "E": N_("{km} km E of {name}"), "SE": N_("{km} km SE of {name}"),
    "S": N_("{km} km S of {name}"), "SW": N_("{km} km SW of {name}"),
    "W": N_("{km} km W of {name}"), "NW": N_("{km} km NW of {name}"),
}  # fmt: skip
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
        Phrases, which other languages can say; the bare name within 3 km; degrees where no place
        is known.
    """
    named = known.dropna(subset=["name", "lat_deg", "lon_deg"])
    spots = zip(table["lat_deg"], table["lon_deg"], strict=True)
    return pd.Series([_described(*spot, named) for spot in spots], index=table.index, dtype=object)


def _described(lat_deg: float, lon_deg: float, named: pd.DataFrame) -> str:
    if named.empty:
        return f"{lat_deg:.2f}, {lon_deg:.2f}"
    here = np.full(len(named), lon_deg), np.full(len(named), lat_deg)
    course, _, metres = _EARTH.inv(
        named["lon_deg"].to_numpy(np.float64), named["lat_deg"].to_numpy(np.float64), *here
    )
    nearest = int(np.argmin(metres))
    name, km = str(named["name"].iloc[nearest]), metres[nearest] / 1000
    if km < AT_KM:
        return name
    return Phrase(FROM[bearing_point(course[nearest])], km=Number(km, ",.0f"), name=name)
