"""Where the pixels of a raster lie: column and row, its own coordinates, longitude and latitude."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import ArrayLike

from geo_data.grid import Floats
from geo_data.icosahedron import RADIUS_KM, unit_vectors

KM_PER_DEG = 111.195
FACTOR_STEP = 32


@dataclass(frozen=True)
class Frame:
    """An unrotated grid of pixels.

    Attributes
    ----------
    x0, y0 : float
        Outer corner of the first pixel, in the raster's own coordinates.
    dx, dy : float
        Steps to the next column and row; dy is below 0 where the first row is the north.
    width, height : int
        Columns and rows.
    to_lonlat : pyproj.Transformer or None
        None: the coordinates are longitude and latitude.
    metres : float
        Metres per unit of a projected raster.
    """

    x0: float
    y0: float
    dx: float
    dy: float
    width: int
    height: int
    to_lonlat: pyproj.Transformer | None = None
    metres: float = 1.0

    @property
    def pixel_km(self) -> tuple[float, float]:
        """Width and height of a pixel; of geographic ones, at the equator."""
        if self.to_lonlat is None:
            return abs(self.dx) * KM_PER_DEG, abs(self.dy) * KM_PER_DEG
        return abs(self.dx) * self.metres / 1e3, abs(self.dy) * self.metres / 1e3

    def positions(self, column: ArrayLike, row: ArrayLike) -> tuple[Floats, Floats]:
        """Latitude and longitude of columns and rows, which may be fractions."""
        x, y = self.x0 + np.asarray(column) * self.dx, self.y0 + np.asarray(row) * self.dy
        if self.to_lonlat is None:
            return y, x
        lon, lat = self.to_lonlat.transform(x, y)
        return lat, lon

    def points(self, column: ArrayLike, row: ArrayLike) -> Floats:
        """The same as unit vectors."""
        return unit_vectors(*self.positions(column, row))

    def pixels(self, lat_deg: Floats, lon_deg: Floats, about: float) -> tuple[Floats, Floats]:
        """Column and row of positions, as fractions.

        Of the turns of a longitude the one is taken whose column is nearest to ``about``.
        """
        if self.to_lonlat is None:
            middle = self.x0 + about * self.dx
            x, y = middle + (lon_deg - middle + 180) % 360 - 180, lat_deg
        else:
            x, y = self.to_lonlat.transform(lon_deg, lat_deg, direction="INVERSE")
        return (x - self.x0) / self.dx, (y - self.y0) / self.dy

    def pixel_km2(self, rows: tuple[int, int], columns: tuple[int, int]) -> Floats:
        """True area of the pixels of a window, broadcast to its shape."""
        shape = rows[1] - rows[0], columns[1] - columns[0]
        if self.to_lonlat is None:
            edge = np.radians(np.clip(self.y0 + np.arange(rows[0], rows[1] + 1) * self.dy, -90, 90))
            band = np.abs(np.diff(np.sin(edge))) * np.radians(self.dx) * RADIUS_KM**2
            return np.broadcast_to(band[:, np.newaxis], shape)
        plane = abs(self.dx * self.dy) * self.metres**2 / 1e6
        return plane / self._areal_scale(rows, columns)

    def _areal_scale(self, rows: tuple[int, int], columns: tuple[int, int]) -> Floats:
        """Areal scale of a projection, between support points some pixels apart."""
        down, right = (_support(*span) for span in (rows, columns))
        lat, lon = self.positions(*(axis.ravel() for axis in np.meshgrid(right, down)))
        factors = pyproj.Proj(self.to_lonlat.source_crs).get_factors(lon, lat)  # type: ignore[union-attr]
        known = np.asarray(factors.areal_scale).reshape(len(down), len(right))
        along = np.arange(columns[0], columns[1]) + 0.5
        wide = np.array([np.interp(along, right, line) for line in known])
        below = np.arange(rows[0], rows[1]) + 0.5
        place = np.clip(np.searchsorted(down, below) - 1, 0, max(0, len(down) - 2))
        nxt = np.minimum(place + 1, len(down) - 1)
        gap = np.where(nxt > place, down[nxt] - down[place], 1.0)
        share = ((below - down[place]) / gap)[:, np.newaxis]
        return wide[place] * (1 - share) + wide[nxt] * share


def _support(first: int, last: int) -> Floats:
    return np.linspace(first, last, max(2, (last - first) // FACTOR_STEP + 2))
