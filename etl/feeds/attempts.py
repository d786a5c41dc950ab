"""When a request is tried again, and after how long."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import tenacity

JITTER = tenacity.wait_exponential_jitter(initial=1, max=60, jitter=1)


class Again(Exception):  # noqa: N818 -- what happened, before it becomes a failure
    """Worth another attempt."""

    def __init__(self, found: str, wait_s: float | None = None):
        self.found, self.wait_s = found, wait_s
        super().__init__(found)


def retry_after(text: str, now: datetime) -> float | None:
    """Seconds to wait out of a Retry-After header: a number, or a date.

    >>> retry_after("120", datetime.now(UTC))
    120.0
    >>> retry_after("Wed, 21 Oct 2026 07:28:00 GMT", datetime(2026, 10, 21, 7, 27, tzinfo=UTC))
    60.0
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())


def wait(state: tenacity.RetryCallState) -> float:
    """Seconds until the next attempt: as the server asks, else longer each time, by lot."""
    problem = state.outcome.exception() if state.outcome else None
    asked = problem.wait_s if isinstance(problem, Again) else None
    return JITTER(state) if asked is None else max(asked, 0.0)
