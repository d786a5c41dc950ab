"""Areas searched in a pattern, as the tracks that were steered in them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo_data.errors import WaypostError
from layers.sar import patterns
from layers.sar.patterns import Area, Pattern

NM_PER_DEGREE = 60.0
FULL_SHARE = 0.999
ANY_SPEED_KN = 10.0
"""Times of the legs are not used: an area says what was searched, not when."""


def fixes_of(areas: pd.DataFrame) -> pd.DataFrame:
    """Tracks of areas, without times.

    The pattern is laid into the smallest rectangle around an area, tracks along its longer side,
    and cut off where the area ends.

    Parameters
    ----------
    areas : DataFrame
        ``track_id``, ``name``, ``pattern``, ``spacing_nm`` and ``geometry``, shapely polygons of
        less than a few degrees, longitude first.

    Returns
    -------
    DataFrame
        ``track_id``, ``name``, ``lat_deg``, ``lon_deg``.

    Raises
    ------
    WaypostError
        If a pattern has too many legs, or its tracks miss the area.
    """
    parts = []
    for one in areas.to_dict("records"):
        steered = patterns.track(
            Pattern(one["pattern"]), rectangle(one["geometry"]),
            spacing_nm=float(one["spacing_nm"]), speed_kn=ANY_SPEED_KN,
        )  # fmt: skip
        lon, lat = _inside(steered, one["geometry"])
        if len(lon) < 2:
            raise WaypostError(
                f"search area {one['name']}: no track of a pattern with {one['spacing_nm']:g} nm "
                "between tracks fits into it. Check the spacing."
            )
        names = {"track_id": one["track_id"], "name": one["name"]}
        parts.append(pd.DataFrame({**names, "lat_deg": lat, "lon_deg": lon}))
    return pd.concat(parts, ignore_index=True)


def rectangle(shape: BaseGeometry) -> Area:
    """The smallest rectangle around a shape, its heading along the longer side."""
    lat = float(shape.centroid.y)
    squeeze = float(np.cos(np.radians(lat)))
    flat = shapely.transform(shape, lambda at: at * [squeeze, 1.0])
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(flat))[:4]
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(*sides.T)[:2] * NM_PER_DEGREE
    along = int(lengths[1] > lengths[0])
    east, north = sides[along]
    middle = corners.mean(axis=0)
    return Area(
        lat_deg=float(middle[1]), lon_deg=float(middle[0] / squeeze),
        length_nm=float(lengths[along]), width_nm=float(lengths[1 - along]),
        heading_deg=float(np.degrees(np.arctan2(east, north)) % 180),
    )  # fmt: skip


def _inside(steered: pd.DataFrame, shape: BaseGeometry) -> tuple[np.ndarray, np.ndarray]:
    """Corners of a track inside a shape, one way through all of them."""
    line = shapely.linestrings(steered[["lon_deg", "lat_deg"]].to_numpy())
    kept = shapely.get_parts(shapely.intersection(line, shapely.make_valid(shape)))
    kept = kept[shapely.get_dimensions(kept) == 1]
    if shapely.length(kept).sum() >= FULL_SHARE * shapely.length(line):
        kept = np.array([line])
    order = np.argsort(shapely.line_locate_point(line, shapely.get_point(kept, 0)))
    lon, lat = shapely.get_coordinates(kept[order]).T
    return lon, lat
