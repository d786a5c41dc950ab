"""Positions in the notations that people use, to latitude and longitude in WGS84 degrees.

Each function gives latitudes, longitudes and which texts could not be read; null stays null.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd
import pyproj
import shapely

from etl import values
from etl.values import Mask, Parsed

Axis = Literal["lat", "lon"]
Placed = tuple[float, float] | None
Positions = tuple[pd.Series, pd.Series, Mask]

AXIS_OF = {"N": "lat", "S": "lat", "E": "lon", "W": "lon"}
# Directions in English, French, Spanish, Italian and Arabic; O is west in all that use it.
DIRECTIONS = {
    "north": "N", "nord": "N", "norte": "N", "شمالا": "N", "شمال": "N", "ش": "N",
    "south": "S", "sud": "S", "sur": "S", "جنوبا": "S", "جنوب": "S", "ج": "S",
    "east": "E", "este": "E", "est": "E", "شرقا": "E", "شرق": "E", "ق": "E",
    "west": "W", "ouest": "W", "oeste": "W", "ovest": "W", "o": "W", "غربا": "W", "غرب": "W",
    "غ": "W", "n": "N", "s": "S", "e": "E", "w": "W",
}  # fmt: skip
WORD = re.compile("|".join(sorted(DIRECTIONS, key=len, reverse=True)))
MARKS = str.maketrans("º˚∘’‘′´`”“″،؛", "°°°'''''\"\"\",;")
DEGREES = re.compile(r"degrees|degrés|grados|gradi|deg|درجة")
UNIT = r"(\d+(?:\.\d+)?)"
ANGLE = re.compile(
    rf"([NSEW])?\s*([+-])?\s*{UNIT}(?:\s*[°:\s-]\s*{UNIT}(?:\s*[':\s-]\s*{UNIT})?)?"
    r"\s*['\"°]{0,2}\s*([NSEW])?"
)
# Degrees and minutes, or these and seconds, without anything between: 3351.44N, 0100612E.
COMPACT = re.compile(r"([NSEW])?\s*(\d{2,3})(\d{2})(\d{2})?(\.\d+)?\s*([NSEW])?")
COMPACT_DIGITS = {"lat": (4, 6), "lon": (5, 7)}
HALVES = (
    re.compile(r"([^NSEW]*\d[^NSEW]*[NSEW])[\s,;/]*([^NSEW]*\d[^NSEW]*[NSEW])"),
    re.compile(r"([NSEW][^NSEW]*\d[^NSEW,;/]*)[\s,;/]*([NSEW][^NSEW]*\d[^NSEW]*)"),
    re.compile(r"([^,;/]*\d[^,;/]*)[,;/]([^,;/]*\d[^,;/]*)"),
)

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
ZONE = re.compile(rf"(?:utm|zone)?\s*(\d{{1,2}})\s*([{BANDS.lower()}])")
# A square that touches a band may have its position a little outside.
BAND_SLACK_DEG = 1.0
SRID = re.compile(r"\s*srid\s*=\s*(\d+)\s*;", re.IGNORECASE)


def dms(texts: pd.Series) -> Positions:
    """Both angles out of one text, in degrees and minutes or these and seconds.

    Without letters the latitude stands first and a comma, semicolon or slash between the two.

    >>> lat, lon, bad = dms(pd.Series(["33°51'26.4''N 10°06'00''E", "N33-51.5 W010-30", "x"]))
    >>> lat.round(4).tolist()[:2], lon.tolist()[:2], bad.tolist()
    ([33.8573, 33.8583], [10.1, -10.5], [False, False, True])
    """
    return _each(texts, _both_angles)


def angle(texts: pd.Series, axis: Axis) -> Parsed:
    """One angle a text: degrees, minutes and seconds in the usual spellings, decimal degrees too.

    >>> angle(pd.Series(["33 51.44 N", "3351.44N", "10°E"]), "lat")[0].round(6).tolist()[:2]
    [33.857333, 33.857333]
    """
    found = values.by_word(
        texts, lambda words: words.map(lambda word: _angle(_plain(word), axis)).astype("float64")
    )
    return found, (texts.notna() & found.isna()).to_numpy(dtype=bool)


def mgrs(texts: pd.Series) -> Positions:
    """Centres of squares of the Military Grid Reference System, 10 km to 1 m wide.

    Polar squares, and those of 100 km, are not read.
    """
    return _each(texts, _square)


def utm(texts: pd.Series) -> Positions:
    """Zone with band or hemisphere, easting and northing in one text: "33N 312345 3641234".

    S is the band of 32 to 40 degrees north where the position fits it, else the south.
    """
    return _each(texts, _zoned)


def utm_of(zones: pd.Series, eastings: pd.Series, northings: pd.Series) -> Positions:
    """Positions from three columns: zone with band or hemisphere, easting and northing, metres."""
    together = zones + " " + _metres(eastings) + " " + _metres(northings)
    unread = together.isna() & (eastings.notna() | northings.notna())
    lat, lon, bad = utm(together)
    return lat, lon, bad | unread.to_numpy(dtype=bool)


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
    "decimal": values.pair, "pair": values.pair, "unlocode": values.unlocode, "dms": dms,
    "mgrs": mgrs, "utm": utm, "wkt": wkt,
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
    plain = _plain(text)
    if any(_angle(plain, axis) is not None for axis in ("lat", "lon")):
        return 'coordinates = "dms"'
    return None


def _each(texts: pd.Series, read: Callable[[str], Placed]) -> Positions:
    codes, words = pd.factorize(texts)
    nowhere = (np.nan, np.nan)
    found = np.array([*(read(word) or nowhere for word in words), nowhere], dtype=np.float64)
    lat, lon = (pd.Series(found[codes, part], index=texts.index) for part in (0, 1))
    return lat, lon, (texts.notna() & lat.isna()).to_numpy(dtype=bool)


def _plain(text: str) -> str:
    """One spelling of digits, marks and directions."""
    plain = text.translate(values.DIGITS).translate(MARKS).casefold()
    plain = DEGREES.sub("°", plain).replace("''", '"')
    plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)
    return WORD.sub(lambda word: DIRECTIONS[word[0]], plain).strip()


def _both_angles(text: str) -> Placed:
    plain = _plain(text)
    for halves in HALVES:
        found = halves.fullmatch(plain)
        if not found:
            continue
        first, second = found[1].strip(), found[2].strip()
        for lat, lon in ((first, second), (second, first)):
            lettered = any(letter in lat + lon for letter in AXIS_OF)
            north, east = _angle(lat, "lat"), _angle(lon, "lon")
            if north is not None and east is not None and (lettered or lat is first):
                return north, east
    return None


def _angle(plain: str, axis: Axis) -> float | None:
    compact, spelled = COMPACT.fullmatch(plain), ANGLE.fullmatch(plain)
    if compact and (compact[1] or compact[6]):
        before, degrees, minutes, seconds, rest, after = compact.groups()
        digits = len(degrees + minutes + (seconds or ""))
        if digits in COMPACT_DIGITS[axis]:
            width = 2 if axis == "lat" else 3
            whole = degrees + minutes + (seconds or "")
            parts = [whole[:width], whole[width : width + 2], whole[width + 2 :]]
            parts = parts if parts[2] else parts[:2]
            parts[-1] += rest or ""
            return _turned([float(part) for part in parts], before, None, after, axis)
    if not spelled:
        return None
    before, sign, *parts, after = spelled.groups()
    given = [part for part in parts if part]
    if any("." in part for part in given[:-1]):
        return None
    return _turned([float(part) for part in given], before, sign, after, axis)


def _turned(
    parts: list[float], before: str | None, sign: str | None, after: str | None, axis: Axis
) -> float | None:
    """Degrees out of their parts; None where parts or directions contradict each other."""
    letter = before or after
    doubled = bool(before and after) or bool(letter and sign)
    if doubled or (letter and AXIS_OF[letter] != axis) or any(part >= 60 for part in parts[1:]):
        return None
    degrees = sum(part / 60**power for power, part in enumerate(parts))
    if degrees > (90 if axis == "lat" else 180):
        return None
    return -degrees if letter in ("S", "W") or sign == "-" else degrees


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
