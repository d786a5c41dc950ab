"""A position as people type it: decimal degrees, degrees and minutes, or these and seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence

TOKEN = re.compile(r"[+-]?\d+(?:\.\d+)?|[NSEWO]")
SIDES = {"N": ("lat", 1), "S": ("lat", -1), "E": ("lon", 1), "W": ("lon", -1), "O": ("lon", -1)}
"""O is west in French, Spanish and Italian."""
BETWEEN = re.compile(r"[\s,;/°º˚'′’\"″”:*]*")  # noqa: RUF001 -- as devices and people write them


def read(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None if the text is no position on Earth.

    Without letters the latitude comes first.

    >>> read("35.5, -12.61"), read("35°30.0'N 012°36.6'W"), read("N35 30 E12 36 36")
    ((35.5, -12.61), (35.5, -12.61), (35.5, 12.61))
    >>> read("35,5; 12,61"), read("35.5"), read("95, 12"), read("here")
    ((35.5, 12.61), None, None, None)
    """
    plain = text.upper().replace("−", "-")  # noqa: RUF001 -- the minus of word processors
    plain = re.sub(r"(?<=\d)-(?=\d)", " ", plain)
    if ";" in plain:
        plain = plain.replace(",", ".")
    if BETWEEN.sub("", TOKEN.sub("", plain)):
        return None
    halves = _halves(plain)
    angles = [_angle(half) for half in halves]
    if len(angles) != 2 or None in angles:
        return None
    by_axis = dict(angle for angle in angles if angle)
    if set(by_axis) == {"lat", "lon"}:
        lat, lon = by_axis["lat"], by_axis["lon"]
    elif set(by_axis) == {""}:
        lat, lon = (angle[1] for angle in angles if angle)
    else:
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _halves(plain: str) -> list[list[str]]:
    """Numbers and letters of the two angles."""
    tokens = TOKEN.findall(plain)
    letters = [place for place, token in enumerate(tokens) if token in SIDES]
    if len(letters) == 2:
        cut = letters[1] if letters[0] == 0 else letters[0] + 1
        return [tokens[:cut], tokens[cut:]]
    if letters:
        return []
    parts = re.split("[,;/]", plain)
    found = [TOKEN.findall(part) for part in parts]
    return found if len(parts) == 2 else [[token] for token in tokens]


def _angle(tokens: Sequence[str]) -> tuple[str, float] | None:
    """Axis (empty: not told) and degrees."""
    letters = [token for token in tokens if token in SIDES]
    numbers = [float(token) for token in tokens if token not in SIDES]
    if not 1 <= len(numbers) <= 3 or len(letters) > 1:
        return None
    if any(not 0 <= number < 60 for number in numbers[1:]):
        return None
    if any(number % 1 for number in numbers[:-1]):
        return None
    axis, side = SIDES[letters[0]] if letters else ("", 1)
    whole = abs(numbers[0])
    below_zero = next(token for token in tokens if token not in SIDES).startswith("-")
    if letters and below_zero:
        return None
    degrees = sum(number / 60**n for n, number in enumerate([whole, *numbers[1:]]))
    return axis, round(side * degrees * (-1 if below_zero else 1), 7)
