"""What a steady wind does to an aircraft: its speed over ground, and how far it gets home."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Wind:
    """Wind by where it blows to, km/h."""

    east_km_h: float = 0.0
    north_km_h: float = 0.0

    @property
    def speed_km_h(self) -> float:
        """Its speed."""
        return float(np.hypot(self.east_km_h, self.north_km_h))


CALM = Wind()


def over_ground_km_h(speed_km_h: float, course_deg: ArrayLike, wind: Wind) -> Floats:
    """Speed over ground of an aircraft that holds a course against a wind; 0 if it cannot.

    Parameters
    ----------
    speed_km_h : float
        Through the air.
    course_deg : float array
        Over ground, clockwise from north.

    >>> over_ground_km_h(140, [0, 180], Wind(north_km_h=30)).tolist()
    [170.0, 110.0]
    """
    course = np.radians(np.asarray(course_deg, np.float64))
    along = wind.east_km_h * np.sin(course) + wind.north_km_h * np.cos(course)
    across = wind.east_km_h * np.cos(course) - wind.north_km_h * np.sin(course)
    left = speed_km_h**2 - across**2
    return np.where(left > 0, np.maximum(np.sqrt(np.maximum(left, 0)) + along, 0), 0.0)


def radius_km(speed_km_h: float, way_h: float, course_deg: ArrayLike, wind: Wind) -> Floats:
    """How far an aircraft gets on a course and back within a time."""
    out = over_ground_km_h(speed_km_h, course_deg, wind)
    home = over_ground_km_h(speed_km_h, np.asarray(course_deg, np.float64) + 180, wind)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((out > 0) & (home > 0), way_h / (1 / out + 1 / home), 0.0)
