"""Positions in the notations that people use, to latitude and longitude in WGS84 degrees.

Each function gives latitudes, longitudes and which texts could not be read; null stays null.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely

from etl import angles, metric_grids, values
from etl.values import Positions

SRID = re.compile(r"\s*srid\s*=\s*(\d+)\s*;", re.IGNORECASE)


def wkt(texts: pd.Series) -> Positions:
    """Points, or points inside other shapes, in Well-Known Text, longitude first, WGS84."""
    ids = texts.str.extract(SRID)[0]
    shapes = shapely.from_wkt(
        texts.str.replace(SRID, "", regex=True).to_numpy(dtype=object, na_value=None),
        on_invalid="ignore",
    )
    shapes[shapely.is_empty(shapes)] = None
    points = shapely.point_on_surface(shapes)
    foreign = (ids.notna() & (ids != "4326")).to_numpy(dtype=bool)
    lat, lon = (
        pd.Series(np.where(foreign, np.nan, part(points)), index=texts.index)
        for part in (shapely.get_y, shapely.get_x)
    )
    return lat, lon, (texts.notna() & lat.isna()).to_numpy(dtype=bool)


NOTATIONS: dict[str, Callable[[pd.Series], Positions]] = {
    "decimal": values.pair, "pair": values.pair, "unlocode": values.unlocode, "dms": angles.dms,
    "mgrs": metric_grids.mgrs, "utm": metric_grids.utm, "wkt": wkt,
}  # fmt: skip


def notation(text: str) -> str | None:
    """Notation of a text that its declared one does not read; None if no other does.

    >>> notation("33SUR1234567890"), notation("33°51'N"), notation("33,5"), notation("Sirt")
    ('coordinates = "mgrs"', 'coordinates = "dms"', 'decimal = ","', None)
    """
    one = pd.Series([text], dtype="str")
    for key in ("unlocode", "mgrs", "utm", "wkt", "pair", "dms"):
        decimals = key == "pair" and not re.search(r"[.]\d|\d\s*[,;]\s+", text)
        if not decimals and not NOTATIONS[key](one)[2][0]:
            return f'coordinates = "{key}"'
    if not values.number(one, ",")[1][0]:
        return 'decimal = ","'
    either: tuple[angles.Axis, ...] = ("lat", "lon")
    if not all(angles.angle(one, axis)[1][0] for axis in either):
        return 'coordinates = "dms"'
    return None
