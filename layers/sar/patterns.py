"""Search patterns of the IAMSAR Manual as tracks to steer, with the length and time of each leg."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Geod

from geo_data.errors import WaypostError

Floats = NDArray[np.float64]

KM_PER_NM = 1.852
MOST_LEGS = 2_000
_EARTH = Geod(ellps="WGS84")


class Pattern(StrEnum):
    """How an area is searched.

    Parallel: all of it, equally likely everywhere. Creeping line: the same, one end likelier.
    Expanding square: around a good position. Sector: a small circle around a very good one.
    """

    PARALLEL, CREEPING_LINE = "parallel track", "creeping line"
    EXPANDING_SQUARE, SECTOR = "expanding square", "sector"


@dataclass(frozen=True, kw_only=True)
class Area:
    """A rectangle to search.

    Attributes
    ----------
    lat_deg, lon_deg : float
        Its centre; of an expanding square and a sector search the datum.
    length_nm, width_nm : float
        Along the heading and across it.
    heading_deg : float
        Clockwise from north.
    """

    lat_deg: float
    lon_deg: float
    length_nm: float
    width_nm: float
    heading_deg: float = 0.0


def track(pattern: Pattern, area: Area, *, spacing_nm: float, speed_kn: float) -> pd.DataFrame:
    """Waypoints of a pattern.

    Parameters
    ----------
    spacing_nm : float
        Between two tracks; sweep width over it is the coverage factor. Of a sector search it is
        not used: six crossings of the circle of half the width.
    speed_kn : float

    Returns
    -------
    DataFrame, one row per waypoint
        ``waypoint`` from 1, ``lat_deg``, ``lon_deg``, ``leg_nm``, ``course_deg`` and ``leg_h`` from
        the waypoint before (0 and null at the first), ``elapsed_h``.

    Raises
    ------
    WaypostError
        If a length, the spacing or the speed is not above 0, or more than 2,000 legs come of them.
    """
    sizes = {"length": area.length_nm, "width": area.width_nm, "spacing": spacing_nm}
    for name, value in {**sizes, "speed": speed_kn}.items():
        if not value > 0:
            raise WaypostError(f"search pattern: {name} is {value:g}. Enter a number above 0.")
    along, across = _PATTERNS[pattern](area, spacing_nm)
    if len(along) > MOST_LEGS:
        raise WaypostError(
            f"search pattern: {len(along) - 1:,} legs, at most {MOST_LEGS:,} can be steered. "
            "Choose a wider spacing or a smaller area."
        )
    return _timed(area, along, across, speed_kn)


def _parallel(area: Area, spacing: float) -> tuple[Floats, Floats]:
    """Tracks along the length, half a spacing from the sides, one after the other."""
    many = max(1, round(area.width_nm / spacing))
    side = (np.arange(many) - (many - 1) / 2) * spacing
    half = max(area.length_nm - spacing, 0.0) / 2
    ends = np.where(np.arange(many) % 2 == 0, 1.0, -1.0)[:, None] * np.array([-half, half])
    return ends.ravel(), np.repeat(side, 2)


def _creeping(area: Area, spacing: float) -> tuple[Floats, Floats]:
    """The same with short tracks across, advancing along the heading."""
    turned = Area(
        lat_deg=area.lat_deg, lon_deg=area.lon_deg, length_nm=area.width_nm,
        width_nm=area.length_nm,
    )  # fmt: skip
    across, along = _parallel(turned, spacing)
    return along, across


def _square(area: Area, spacing: float) -> tuple[Floats, Floats]:
    """From the datum outward: legs of 1, 1, 2, 2, 3, 3 ... spacings, each turned right."""
    many = 2 * max(1, int(min(area.length_nm, area.width_nm) / spacing))
    legs = (np.arange(many) // 2 + 1) * spacing
    turn = np.arange(many) % 4
    along = np.cumsum(legs * np.array([1, 0, -1, 0])[turn])
    across = np.cumsum(legs * np.array([0, 1, 0, -1])[turn])
    return np.append(0.0, along), np.append(0.0, across)


def _sector(area: Area, spacing: float) -> tuple[Floats, Floats]:
    """Three crossings of the circle through the datum, joined by three chords, each turn 120°."""
    radius = area.width_nm / 2
    # Out, chord, straight through the datum, chord, through, chord, home.
    angle = np.radians([0, 60, 240, 300, 120, 180])
    return (
        np.concatenate([[0.0], radius * np.cos(angle), [0.0]]),
        np.concatenate([[0.0], radius * np.sin(angle), [0.0]]),
    )


_PATTERNS = {
    Pattern.PARALLEL: _parallel,
    Pattern.CREEPING_LINE: _creeping,
    Pattern.EXPANDING_SQUARE: _square,
    Pattern.SECTOR: _sector,
}


def _timed(area: Area, along: Floats, across: Floats, speed_kn: float) -> pd.DataFrame:
    course = np.degrees(np.arctan2(across, along)) + area.heading_deg
    away_m = np.hypot(along, across) * KM_PER_NM * 1000
    centre = np.full(len(along), area.lon_deg), np.full(len(along), area.lat_deg)
    lon, lat, _ = _EARTH.fwd(*centre, course, away_m)
    ahead, _, leg_m = _EARTH.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    leg_nm = np.append(0.0, leg_m / 1000 / KM_PER_NM)
    return pd.DataFrame(
        {
            "waypoint": np.arange(1, len(lat) + 1),
            "lat_deg": lat,
            "lon_deg": lon,
            "leg_nm": leg_nm,
            "course_deg": np.append(np.nan, np.asarray(ahead) % 360),
            "leg_h": leg_nm / speed_kn,
            "elapsed_h": np.cumsum(leg_nm) / speed_kn,
        }
    )
