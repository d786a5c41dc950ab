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
from typing import Any

from filelock import FileLock, Timeout
from msgspec.structs import replace

from etl import changes, guard, reuse, runner
from etl import files as source_files
from etl.feeds import folders as feed_folders
from etl.feeds.client import Client, Credential
from etl.feeds.gather import Gathered, gather
from etl.ledger import Ledger, Standing, Status
from geo_data.errors import FeedFailed, WaypostError
from geo_data.feeds import folder_of
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
    error: str | None = None


@dataclass(frozen=True)
class Tick:
    """What a tick did."""

    visits: Sequence[Visit]
    changed: dict[str, str]
    release: Release | None = None
    outcomes: Sequence[runner.Outcome] = ()


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

        def end(status: Status, run: int = run, began: float = began, **more: Any) -> None:
            took = timedelta(seconds=time.monotonic() - began)
            ledger.end(run, now + took, status, **more)

        try:
            got = fetch(source, now)
            status: Status = "unchanged" if got.staged is None else "ok"
            etag = next((page.etag for page in got.pages if page.etag), "")
            end(status, etag=etag, size=got.bytes)
            done = Visit(source.key, status, got.bytes)
        except WaypostError as problem:
            wait_s = problem.wait_s if isinstance(problem, FeedFailed) else None
            end("failed", error=str(problem), wait_s=wait_s)
            done = Visit(source.key, "failed", error=str(problem))
        except Exception as problem:  # its text is not ours: it may hold anything
            error = f"{source.key}: the visit broke ({type(problem).__name__})"
            end("failed", error=error)
            done = Visit(source.key, "failed", error=error)
        log.info("feed %s: %s", source.key, done.error or done.status)
        visits.append(done)
    return visits


def tick(
    operation: Operation, store: Store, folders: Sequence[Path], settings: Settings, *,
    wanted: Collection[str] | None = None, now: datetime | None = None,
    client: Callable[..., Client] = Client,
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
    store.folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(store.folder / ".refresh.lock", timeout=0):
            ledger = Ledger(store.folder, operation.key)
            try:
                return _tick(operation, store, folders, settings, wanted, now, client, ledger)
            finally:
                ledger.close()
    except Timeout:
        raise Busy(f"Another refresh of {store.folder} is at work; nothing was done.") from None


def _tick(
    operation: Operation, store: Store, folders: Sequence[Path], settings: Settings,
    wanted: Collection[str] | None, now: datetime, client: Callable[..., Client], ledger: Ledger,
) -> Tick:  # fmt: skip
    fetching = _Fetching(operation, store, folders, settings, client, ledger)
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
    release, outcomes = runner.run(
        operation, store, folders, settings, today=now.date(), kept=store.folder / reuse.FOLDER
    )
    ledger.end(attempt, now, "ok")
    return Tick(visits, found, release, outcomes)


def _rebuilds(ledger: Ledger) -> Standing:
    """Of the rebuild only failures count: after a success it is always due."""
    standing = ledger.standing(REBUILD)
    return standing if standing.fails else Standing()


@dataclass(frozen=True)
class _Fetching:
    """How the feeds of one operation are fetched."""

    operation: Operation
    store: Store
    folders: Sequence[Path]
    settings: Settings
    client: Callable[..., Client]
    ledger: Ledger

    def fetch(self, source: Source, now: datetime) -> Gathered:
        """Fetch a feed, judge what came if it is guarded, and put it in place."""
        assert source.feed is not None
        folder = self.folders[0] / folder_of(self.operation.key, source.key)
        hosts, kept = self.operation.hosts, self.ledger.pages(source.key)
        with self.client(hosts, self.settings, Credential.of(source.feed)) as client:
            got = gather(source, folder, client, kept, now.date())
        if got.staged is not None:
            if source.feed.guard == "keep":
                self._refuse_absurd(source, got.staged, folder, now)
            with self.store.writing():  # a run must not read half of one set and half of another
                feed_folders.commit(got.staged, folder)
        self.ledger.keep(source.key, got.pages, now)
        return got

    def _refuse_absurd(self, source: Source, staged: Path, folder: Path, now: datetime) -> None:
        """Read the staged files as a run would; what is absurd is put aside."""
        try:
            said = self._suspicions(source, staged, now)
        except WaypostError as problem:
            said = [str(problem)]
        if said:
            aside = feed_folders.refuse(staged, folder)
            raise FeedFailed(
                source.key, "; ".join(said), "something like the last release",
                f"The last good files stay. The new ones lie in {aside.name}; if they are right, "
                "ask once with guard = \"warn\".",
            )  # fmt: skip

    def _suspicions(self, source: Source, staged: Path, now: datetime) -> list[str]:
        found = self._found(source, staged)
        described = [source_files.described(path) for path in found]
        made = reuse.contribution(
            source, found, described, self.operation, self.settings, now.date(),
            self.store.folder / reuse.FOLDER,
        )  # fmt: skip
        gave, error = runner.judged(source, made)
        before = runner.accounts(self.store, self.operation).get(source.key, {})
        return [error] if error else guard.suspicions(before.get("figures"), gave)

    def _found(self, source: Source, staged: Path) -> list[Path]:
        own = folder_of(self.operation.key, source.key) + "/"
        found: list[Path] = []
        for path in source.paths():
            part = [staged] if path.startswith(own) else list(self.folders)
            found += source_files.find(
                replace(source, path=path.removeprefix(own)), part, self.settings
            )
        return found
