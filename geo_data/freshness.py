"""How old data is, and whether its owner should have renewed it by now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal

# A source that comes daily is late after a day and a half, not one minute past midnight.
TOLERANCE = 1.5
STALE = 3.0

State = Literal["fresh", "late", "stale", "never"]


def reference_end(period: str | None) -> date | None:
    """Last day of a reference period: an ISO 8601 year, month, day, or start/end of those.

    >>> reference_end("2024-02"), reference_end("2019/2021-03-05")
    (datetime.date(2024, 2, 29), datetime.date(2021, 3, 5))
    """
    return _last_day(period) if period else None


def age_h(account: Mapping[str, Any], now: datetime) -> float | None:
    """Hours since the end of the day that a source's values speak about; None if undated."""
    end = account.get("reference_end")
    if end is None:
        return None
    day = end if isinstance(end, date) else date.fromisoformat(str(end))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return max(0.0, (now - midnight).total_seconds() / 3600 - 24)


def late(account: Mapping[str, Any], now: datetime) -> bool:
    """Whether a source is older than one and a half times its cadence.

    >>> at = datetime(2026, 1, 4, tzinfo=UTC)
    >>> late({"reference_end": "2026-01-01", "cadence_days": 1}, at)
    True
    >>> late({"reference_end": "2026-01-01", "cadence_days": None}, at)
    False
    """
    if "late" in account:
        return bool(account["late"])
    cadence, age = account.get("cadence_days"), age_h(account, now)
    return cadence is not None and age is not None and age > TOLERANCE * 24 * cadence


def state(last_ok: datetime | None, every_h: float, now: datetime) -> State:
    """How a feed stands: fresh up to 1.5 times its interval since its last success, late up to 3.

    >>> at = datetime(2026, 1, 4, tzinfo=UTC)
    >>> [state(datetime(2026, 1, 2, hour, tzinfo=UTC), 24, at) for hour in (12, 11)]
    ['fresh', 'late']
    >>> [state(datetime(2026, 1, 2, hour, tzinfo=UTC), 12, at) for hour in (12, 11)]
    ['late', 'stale']
    >>> state(None, 24, at)
    'never'
    """
    if last_ok is None:
        return "never"
    hours = (now - last_ok).total_seconds() / 3600
    if hours <= TOLERANCE * every_h:
        return "fresh"
    return "late" if hours <= STALE * every_h else "stale"


def said(hours: float | None) -> str:
    """An age as people say it.

    >>> said(0.5), said(30), said(24 * 400), said(None)
    ('today', '1 day', '1 year', 'undated')
    """
    if hours is None:
        return "undated"
    days = int(hours // 24)
    if days < 1:
        return "today"
    for unit, size in (("year", 365), ("month", 30), ("day", 1)):
        if days >= size:
            count = days // size
            return f"{count} {unit}{'s' if count > 1 else ''}"
    raise AssertionError


def _last_day(period: str) -> date:
    end = period.rsplit("/", 1)[-1].strip()
    parts = [int(part) for part in end.split("-")]
    if len(parts) == 3:
        return date(*parts)
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    year, month = parts
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(first_of_next.toordinal() - 1)
