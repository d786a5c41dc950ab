"""Kilometres or nautical miles, decimal degrees or degrees and minutes: as the planner likes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from layers.sar.patterns import KM_PER_NM


@dataclass(frozen=True)
class Units:
    """How lengths and positions are said."""

    nautical: bool = False
    minutes: bool = False

    def length(self, km: float) -> tuple[float, str]:
        """A length and its unit.

        >>> Units(nautical=True).length(18.52)
        (10.0, 'nm')
        """
        return (km / KM_PER_NM, "nm") if self.nautical else (km, "km")

    def area(self, km2: float) -> tuple[float, str]:
        """An area and its unit."""
        return (km2 / KM_PER_NM**2, "nm²") if self.nautical else (km2, "km²")

    def position(self, lat_deg: float, lon_deg: float) -> str:
        """A position in text.

        >>> Units().position(35.5, -12.6), Units(minutes=True).position(35.5, -12.61)
        ('35.500, -12.600', "35°30.0'N 012°36.6'W")
        """
        if not self.minutes:
            return f"{lat_deg:.3f}, {lon_deg:.3f}"
        return f"{_minutes(lat_deg, 2, 'NS')} {_minutes(lon_deg, 3, 'EW')}"

    def speed(self, km_h: float) -> tuple[float, str]:
        """A speed and its unit."""
        return (km_h / KM_PER_NM, "kn") if self.nautical else (km_h, "km/h")


def of(values: Mapping[str, float | str]) -> Units:
    """Units that the link asks for."""
    return Units(values["units"] == "nm", values["degrees"] == "minutes")


def positions(units: Units, table: pd.DataFrame) -> list[str]:
    """Positions of the rows of a table."""
    pairs = zip(table["lat_deg"], table["lon_deg"], strict=True)
    return [units.position(float(lat), float(lon)) for lat, lon in pairs]


def _minutes(value: float, width: int, sides: str) -> str:
    # Rounded as tenths of minutes first, or 59.96' would become 60.0'.
    tenths = round(abs(value) * 600)
    degrees, rest = divmod(tenths, 600)
    return f"{degrees:0{width}d}°{rest / 10:04.1f}'{sides[value < 0]}"
