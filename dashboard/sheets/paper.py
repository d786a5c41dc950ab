"""The map frame on paper: which part of the world, at which scale, and where a position lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

EQUATOR_KM = 40_075.017
FARTHEST_DEG = 85.05
POLE_DEG = 89.99
"""A tall frame may show more than Mercator maps usually do, so that shapes stay true."""
MM_PER_PX = 25.4 / 96
SCALE_STEPS = (1, 2, 5)
BAR_MM = 40.0
"""Longest scale bar that the narrowest column of words has room for, beside the north arrow."""


@dataclass(frozen=True)
class Paper:
    """A Mercator map of a box, as large as fits into a frame.

    Attributes
    ----------
    west, south, east, north : float
        Degrees; all that the frame shows, a little more than was asked for.
    width_mm, height_mm : float
        Of the frame, which the map fills.
    """

    west: float
    south: float
    east: float
    north: float
    width_mm: float
    height_mm: float

    @classmethod
    def around(
        cls, west: float, south: float, east: float, north: float, *, width_mm: float,
        height_mm: float,
    ) -> Paper:  # fmt: skip
        """The frame around a box; the box is widened to the shape of the frame.

        Raises
        ------
        ValueError
            If the box is empty or leaves what Mercator can show.
        """
        if not (west < east <= west + 360 and -FARTHEST_DEG <= south < north <= FARTHEST_DEG):
            raise ValueError(f"no map of {west:g}, {south:g}, {east:g}, {north:g}")
        wide = (east - west) / 360
        top, bottom = _mercator(np.array([north, south]))
        high = float(bottom - top)
        wanted = width_mm / height_mm
        grown_wide, grown_high = max(wide, high * wanted), max(high, wide / wanted)
        middle_x, middle_y = (west + east) / 2, float(top + bottom) / 2
        lats = _latitude(np.array([middle_y + grown_high / 2, middle_y - grown_high / 2]))
        half = grown_wide * 180
        return cls(middle_x - half, float(lats[0]), middle_x + half, float(lats[1]),
                   width_mm, height_mm)  # fmt: skip

    def place(self, *, lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[Floats, Floats]:
        """Millimetres to the right and down from the upper left corner."""
        top, bottom = _mercator(np.array([self.north, self.south]))
        x = (np.asarray(lon_deg, np.float64) - self.west) / (self.east - self.west)
        y = (_mercator(np.asarray(lat_deg, np.float64)) - top) / (bottom - top)
        return x * self.width_mm, y * self.height_mm

    @property
    def zoom(self) -> int:
        """Zoom of a screen map of the same scale."""
        px = self.width_mm / MM_PER_PX
        return int(round(float(np.log2(360 / (self.east - self.west) * px / 256))))

    @property
    def km_per_mm(self) -> float:
        """At the middle latitude; Mercator's scale changes with latitude."""
        middle = np.radians((self.south + self.north) / 2)
        return float((self.east - self.west) / 360 * EQUATOR_KM * np.cos(middle) / self.width_mm)

    @property
    def bar_km(self) -> float:
        """Length of a scale bar: a round number, at most a quarter of the frame and the column."""
        most = self.km_per_mm * min(self.width_mm / 4, BAR_MM)
        power = 10.0 ** np.floor(np.log10(most))
        return float(max(step * power for step in SCALE_STEPS if step * power <= most))

    @property
    def ratio(self) -> int:
        """1 to so many, in two digits, at the middle latitude."""
        exact = self.km_per_mm * 1e6
        digits = 10 ** (int(np.log10(exact)) - 1)
        return int(round(exact / digits) * digits)

    def graticule(self) -> tuple[Floats, Floats]:
        """Meridians and parallels to draw: four to eight each."""
        step = next(
            (s for s in (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20) if self.east - self.west <= 8 * s),
            30,
        )
        lons = np.arange(np.ceil(self.west / step), np.floor(self.east / step) + 1) * step
        lats = np.arange(np.ceil(self.south / step), np.floor(self.north / step) + 1) * step
        return lons, lats


def _mercator(lat_deg: Floats) -> Floats:
    """0 to 1 from 85.05 N to 85.05 S."""
    sine = np.sin(np.radians(np.clip(lat_deg, -POLE_DEG, POLE_DEG)))
    return 0.5 - np.arctanh(sine) / (2 * np.pi)


def _latitude(y: Floats) -> Floats:
    return np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))
