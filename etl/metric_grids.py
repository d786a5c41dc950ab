"""Positions in metres: zones of the Universal Transverse Mercator grid, and its squares."""

from __future__ import annotations

import re
from functools import lru_cache

import pandas as pd
import pyproj

from etl import values
from etl.values import Placed, Positions

BANDS = "CDEFGHJKLMNPQRSTUVWX"
# First northing of each band, km, rounded down; rows of squares repeat every 2,000 km.
BAND_NORTHING_KM = dict(zip(BANDS, (
    1100, 2000, 2800, 3700, 4600, 5500, 6400, 7300, 8200, 9100,
    0, 800, 1700, 2600, 3500, 4400, 5300, 6200, 7000, 7900,
), strict=True))  # fmt: skip
COLUMNS, ROWS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ"), "ABCDEFGHJKLMNPQRSTUV"
MGRS = re.compile(rf"(\d{{1,2}})([{BANDS}])([A-HJ-NP-Z])([{ROWS}])((?:\d\d){{1,5}})")
UTM = re.compile(
    rf"(?:utm|zone)?\s*(\d{{1,2}})\s*([{BANDS.lower()}])[\s,;:]*"
    r"(?:e|x|m e|easting)?[\s:=]*(\d{5,6}(?:\.\d+)?)\s*m?\s*e?[\s,;/]*"
    r"(?:n|y|northing)?[\s:=]*(\d{1,8}(?:\.\d+)?)\s*m?\s*n?"
)
# A square that touches a band may have its position a little outside.
BAND_SLACK_DEG = 1.0


def mgrs(texts: pd.Series) -> Positions:
    """Centres of squares of the Military Grid Reference System, 10 km to 1 m wide.

    Polar squares, and those of 100 km, are not read.
    """
    return values.positions(texts, _square)


def utm(texts: pd.Series) -> Positions:
    """Zone with band or hemisphere, easting and northing in one text: "33N 312345 3641234".

    S is the band of 32 to 40 degrees north where the position fits it, else the south.
    """
    return values.positions(texts, _zoned)


def utm_of(zones: pd.Series, eastings: pd.Series, northings: pd.Series) -> Positions:
    """Positions from three columns: zone with band or hemisphere, easting and northing, metres."""
    together = zones + " " + _metres(eastings) + " " + _metres(northings)
    unread = together.isna() & (eastings.notna() | northings.notna())
    lat, lon, bad = utm(together)
    return lat, lon, bad | unread.to_numpy(dtype=bool)


def _square(text: str) -> Placed:
    found = MGRS.fullmatch(re.sub(r"[\s-]", "", text.translate(values.DIGITS)).upper())
    if not found or not 1 <= int(found[1]) <= 60:
        return None
    zone, band, column, row, digits = int(found[1]), *found.groups()[1:]
    place, offset = COLUMNS[(zone - 1) % 3].find(column), 0 if zone % 2 else 5
    if place < 0:
        return None
    size = 10 ** (5 - len(digits) // 2)
    east, north = (int(part) * size for part in (digits[: len(digits) // 2],
                                                 digits[len(digits) // 2 :]))  # fmt: skip
    northing = (ROWS.index(row) - offset) % 20 * 100_000 + north
    while northing < BAND_NORTHING_KM[band] * 1000:
        northing += 2_000_000
    easting = (place + 1) * 100_000 + east
    placed = _unprojected(zone, band < "N", easting + size / 2, northing + size / 2)
    return placed if _in_band(placed[0], band) else None


def _zoned(text: str) -> Placed:
    found = UTM.fullmatch(text.translate(values.DIGITS).casefold().strip())
    if not found or not 1 <= int(found[1]) <= 60:
        return None
    zone, band = int(found[1]), found[2].upper()
    easting, northing = float(found[3]), float(found[4])
    if not (100_000 <= easting < 1_000_000 and northing <= 10_000_000):
        return None
    placed = _unprojected(zone, band < "N", easting, northing)
    if _in_band(placed[0], band):
        return placed
    if band not in "NS":
        return None
    return _unprojected(zone, band == "S", easting, northing)


def _in_band(lat_deg: float, band: str) -> bool:
    south = -80 + 8 * BANDS.index(band)
    north = 84 if band == "X" else south + 8
    return south - BAND_SLACK_DEG <= lat_deg <= north + BAND_SLACK_DEG


def _unprojected(zone: int, south: bool, easting: float, northing: float) -> tuple[float, float]:
    lon, lat = _transformer(zone, south).transform(easting, northing)
    return float(lat), float(lon)


@lru_cache(maxsize=120)
def _transformer(zone: int, south: bool) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(
        32700 + zone if south else 32600 + zone, 4326, always_xy=True
    )


def _metres(texts: pd.Series) -> pd.Series:
    """Metres as plain text; null where they are no number."""
    found, _ = values.number(texts)
    return found.map("{:.3f}".format, na_action="ignore").astype("str")
