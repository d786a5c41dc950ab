"""Who is on call when: weekly hours of an asset, as people write them on a roster."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from geo_data.errors import WaypostError

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ALWAYS = "24/7"
MINUTES_PER_DAY = 1440
_DAYS = re.compile(r"(?P<first>[A-Z][a-z])(?:-(?P<last>[A-Z][a-z]))?")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
Hours = tuple[int, int, int]
"""Weekday from 0 (Monday), first minute, and last, which may lie on the next day."""


def hours_of(roster: str) -> tuple[Hours, ...]:
    """Weekly hours of a roster such as ``Mo-Fr 06:00-18:00; Sa,Su 20:00-06:00``, all UTC.

    Hours that end before they begin go on into the next day. Blank and ``24/7`` mean always.

    Raises
    ------
    WaypostError
        If a part cannot be read; it is quoted.
    """
    text = roster.strip()
    if not text or text == ALWAYS:
        return tuple((day, 0, MINUTES_PER_DAY) for day in range(7))
    found: list[Hours] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        days, _, hours = part.rpartition(" ")
        spans = [_span(one, part) for one in hours.split(",")]
        found += [(day, *span) for day in _days(days, part) for span in spans]
    return tuple(sorted(found))


def on_call(roster: str, at: datetime) -> bool:
    """Whether a roster covers a moment.

    >>> on_call("Mo-Fr 20:00-06:00", datetime(2026, 1, 3, 5, 30))  # the night of a Friday
    True
    """
    return any(begins <= at < ends for begins, ends in _around(roster, at))


def wait_h(roster: str, at: datetime) -> float:
    """Hours from a moment until somebody is on call; 0 if somebody is."""
    if on_call(roster, at):
        return 0.0
    later = [begins for begins, _ in _around(roster, at) if begins > at]
    return (min(later) - at).total_seconds() / 3600


def _around(roster: str, at: datetime) -> list[tuple[datetime, datetime]]:
    """Times on call from the week before a moment to the week after it."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=at.weekday())
    return [
        (
            monday + timedelta(days=day + week, minutes=first),
            monday + timedelta(days=day + week, minutes=last),
        )
        for week in (-7, 0, 7)
        for day, first, last in hours_of(roster)
    ]


def _days(text: str, part: str) -> list[int]:
    if not text:
        return list(range(7))
    found: list[int] = []
    for one in text.replace(" ", "").split(","):
        match = _DAYS.fullmatch(one)
        names = [match["first"], match["last"] or match["first"]] if match else []
        if not match or any(name not in DAYS for name in names):
            raise _unreadable(part)
        first, last = (DAYS.index(name) for name in names)
        found += [day % 7 for day in range(first, last + 1 + (7 if last < first else 0))]
    return found


def _span(text: str, part: str) -> tuple[int, int]:
    match = _HOURS.fullmatch(text.strip())
    if not match:
        raise _unreadable(part)
    hour, minute, to_hour, to_minute = map(int, match.groups())
    first, last = 60 * hour + minute, 60 * to_hour + to_minute
    if minute > 59 or to_minute > 59 or first >= MINUTES_PER_DAY or last > MINUTES_PER_DAY:
        raise _unreadable(part)
    return first, last if last > first else last + MINUTES_PER_DAY


def _unreadable(part: str) -> WaypostError:
    return WaypostError(
        f"roster: {part!r} cannot be read. Write days and hours in UTC, such as "
        "'Mo-Fr 06:00-18:00; Sa,Su 20:00-06:00', or '24/7'."
    )
