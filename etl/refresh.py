"""The tick: ask the feeds that are due, and make a release if anything has changed.

It has no memory but the ledger and the releases, so anything may call it: cron, a systemd timer,
the app or a person, once or too often.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from etl import changes, reuse, runner
from etl.feeds.gather import Gathered
from etl.fetching import Fetching
from etl.ledger import Ledger, Standing, Status
from etl.outcomes import Outcome
from geo_data.errors import FeedFailed, WaypostError
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Source
from geo_data.store import Release, Store

log = logging.getLogger("waypost.etl")

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)
REBUILD, REBUILD_H = "*", 1.0
"""The rebuild has its own line in the ledger: what failed is not tried again every minute."""

Fetch = Callable[[Source, datetime], Gathered]


class Busy(WaypostError):
    """Another refresh is at work."""


@dataclass(frozen=True)
class Visit:
    """How one visit to a feed went."""

    source: str
    status: Status
    bytes: int = 0
    etag: str = ""
    error: str | None = None
    wait_s: float | None = None


@dataclass(frozen=True)
class Tick:
    """What a tick did; ``problem`` says why a release that was wanted could not be made."""

    visits: Sequence[Visit]
    changed: dict[str, str]
    release: Release | None = None
    outcomes: Sequence[Outcome] = ()
    problem: str | None = None


def is_due(every_h: float, standing: Standing, now: datetime) -> bool:
    """Whether a feed is to be asked now.

    After a success, once its interval is over; after failures, after a pause that doubles up to
    the interval; never before its server wants to be asked again. A clock that was set back makes
    it due.
    """
    every = timedelta(hours=every_h)
    until = standing.wait_until
    if until is not None and now < until < now + LONGEST_WAIT:
        return False
    pause, since = every, standing.last_ok
    if standing.fails:
        pause, since = min(every, FIRST_PAUSE * 2 ** min(standing.fails - 1, 30)), standing.last_run
    return since is None or not timedelta(0) <= now - since < pause


def due(sources: Iterable[Source], ledger: Ledger, now: datetime) -> list[Source]:
    """Sources whose feed is to be asked now."""
    return [
        source
        for source in sources
        if source.every_h and is_due(source.every_h, ledger.standing(source.key), now)
    ]


def visit(sources: Iterable[Source], ledger: Ledger, fetch: Fetch, now: datetime) -> list[Visit]:
    """Ask feeds, one after the other; a broken one never takes the others down."""
    visits = []
    for source in sources:
        run, began = ledger.begin(source.key, now), time.monotonic()
        done = _visited(source, fetch, now)
        ended = now + timedelta(seconds=time.monotonic() - began)
        ledger.end(
            run, ended, done.status, etag=done.etag, size=done.bytes, error=done.error,
            wait_s=done.wait_s,
        )  # fmt: skip
        log.info("feed %s: %s", source.key, done.error or done.status)
        visits.append(done)
    return visits


def _visited(source: Source, fetch: Fetch, now: datetime) -> Visit:
    try:
        got = fetch(source, now)
    except WaypostError as problem:
        wait_s = problem.wait_s if isinstance(problem, FeedFailed) else None
        return Visit(source.key, "failed", error=str(problem), wait_s=wait_s)
    except Exception as problem:  # its text is not ours: it may hold anything
        error = f"{source.key}: the visit broke ({type(problem).__name__})"
        return Visit(source.key, "failed", error=error)
    etag = next((page.etag for page in got.pages if page.etag), "")
    return Visit(source.key, "unchanged" if got.staged is None else "ok", got.bytes, etag)


def tick(
    operation: Operation, store: Store, folders: Sequence[Path], settings: Settings, *,
    wanted: Collection[str] | None = None, now: datetime | None = None,
) -> Tick:  # fmt: skip
    """One tick.

    Parameters
    ----------
    folders : sequence of Path
        Where source paths are looked up; feeds land in the first.
    wanted : collection of str, optional
        Sources whose feed is asked whether due or not; none: those that are due.

    Raises
    ------
    Busy
        If another refresh is at work.
    """
    now = now or datetime.now(UTC)
    store.work.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(store.work / ".refresh.lock", timeout=0):
            ledger = Ledger(store.work, operation.key)
            try:
                return _tick(operation, store, folders, settings, wanted, now, ledger)
            finally:
                ledger.close()
    except Timeout:
        raise Busy(f"Another refresh of {store.folder} is at work; nothing was done.") from None


def _tick(
    operation: Operation, store: Store, folders: Sequence[Path], settings: Settings,
    wanted: Collection[str] | None, now: datetime, ledger: Ledger,
) -> Tick:  # fmt: skip
    fetching = Fetching(operation, store, folders, settings, ledger)
    if wanted is None:
        asked = due(operation.source, ledger, now)
    else:
        asked = [source for source in operation.source if source.feed and source.key in wanted]
    visits = visit(asked, ledger, fetching.fetch, now)
    found = changes.changed(operation, store, folders, settings, ledger, now)
    if not found:
        return Tick(visits, found)
    if wanted is None and not is_due(REBUILD_H, _rebuilds(ledger), now):
        return Tick(visits, found)
    attempt = ledger.begin(REBUILD, now)
    kept = store.work / reuse.FOLDER
    try:
        release, outcomes = runner.run(
            operation, store, folders, settings, today=now.date(), kept=kept
        )
    except WaypostError as problem:
        ledger.end(attempt, now, "failed", error=str(problem))
        return Tick(visits, found, problem=str(problem))
    ledger.end(attempt, now, "ok")
    return Tick(visits, found, release, outcomes)


def _rebuilds(ledger: Ledger) -> Standing:
    """Of the rebuild only failures count: after a success it is always due."""
    standing = ledger.standing(REBUILD)
    return standing if standing.fails else Standing()
