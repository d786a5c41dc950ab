"""Positions in degrees, minutes and seconds, in the spellings of five languages."""

from __future__ import annotations

import re
from typing import Literal

import pandas as pd

from etl import values
from etl.values import Parsed, Placed, Positions

Axis = Literal["lat", "lon"]
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


def dms(texts: pd.Series) -> Positions:
    """Both angles out of one text, in degrees and minutes or these and seconds.

    Without letters the latitude stands first and a comma, semicolon or slash between the two.

    >>> lat, lon, bad = dms(pd.Series(["33°51'26.4''N 10°06'00''E", "N33-51.5 W010-30", "x"]))
    >>> lat.round(4).tolist()[:2], lon.tolist()[:2], bad.tolist()
    ([33.8573, 33.8583], [10.1, -10.5], [False, False, True])
    """
    return values.positions(texts, _both_angles)


def angle(texts: pd.Series, axis: Axis) -> Parsed:
    """One angle a text: degrees, minutes and seconds in the usual spellings, decimal degrees too.

    >>> angle(pd.Series(["33 51.44 N", "3351.44N", "10°E"]), "lat")[0].round(6).tolist()[:2]
    [33.857333, 33.857333]
    """
    found = values.by_word(
        texts, lambda words: words.map(lambda word: _angle(_plain(word), axis)).astype("float64")
    )
    return found, (texts.notna() & found.isna()).to_numpy(dtype=bool)


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
