"""The ledger of feeds: every visit, and where the files that are kept came from.

It lies in the store as one SQLite file, so that a tick needs no memory of its own: what is due
follows from what was done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from etl.feeds.gather import Page

FILE = "ledger.sqlite"
Status = Literal["ok", "unchanged", "failed"]
INTERRUPTED = "the visit was interrupted"
_SHAPE = """
create table if not exists run (
    id integer primary key, operation text not null, source text not null, started text not null,
    ended text, status text not null, etag text, bytes integer, error text, wait_until text
);
create index if not exists run_of on run (operation, source, started);
create table if not exists page (
    operation text not null, source text not null, at text not null, file text not null,
    url text not null, etag text not null, modified text not null, bytes integer not null,
    sha256 text not null
);
create index if not exists page_of on page (operation, source);
create table if not exists seen (
    path text primary key, bytes integer not null, modified_ns integer not null,
    sha256 text not null
);
"""


@dataclass(frozen=True)
class Standing:
    """How the feed of one source stands.

    Attributes
    ----------
    last_ok : datetime or None
        Start of the last visit that succeeded, with news or without.
    last_run : datetime or None
    fails : int
        Failed visits since then.
    wait_until : datetime or None
        Until when its server wants to be left alone.
    """

    last_ok: datetime | None = None
    last_run: datetime | None = None
    fails: int = 0
    wait_until: datetime | None = None
    error: str | None = None


class Ledger:
    """The ledger of one operation."""

    def __init__(self, folder: Path, operation: str):
        folder.mkdir(parents=True, exist_ok=True)
        self.operation = operation
        self.base = sqlite3.connect(folder / FILE, timeout=30, isolation_level=None)
        self.base.execute("pragma journal_mode = wal")
        self.base.execute("pragma synchronous = normal")
        self.base.executescript(_SHAPE)

    def close(self) -> None:
        """Close the file."""
        self.base.close()

    def begin(self, source: str, now: datetime) -> int:
        """Note a visit; until it ends it counts as failed, so that a crash is not repeated."""
        row = (self.operation, source, _text(now), "failed", INTERRUPTED)
        made = self.base.execute(
            "insert into run (operation, source, started, status, error) values (?, ?, ?, ?, ?)",
            row,
        )
        return int(made.lastrowid or 0)

    def end(
        self, run: int, now: datetime, status: Status, *, etag: str = "", size: int = 0,
        error: str | None = None, wait_s: float | None = None,
    ) -> None:  # fmt: skip
        """Note how a visit ended."""
        until = None if wait_s is None else _text(now + timedelta(seconds=wait_s))
        self.base.execute(
            "update run set ended = ?, status = ?, etag = ?, bytes = ?, error = ?, wait_until = ? "
            "where id = ?",
            (_text(now), status, etag, size, error, until, run),
        )

    def standing(self, source: str) -> Standing:
        """How a feed stands."""
        own = (self.operation, source)
        last_ok = self.base.execute(
            "select max(started) from run "
            "where operation = ? and source = ? and status != 'failed'",
            own,
        ).fetchone()[0]
        failed = self.base.execute(
            "select started, error, wait_until from run where operation = ? and source = ? "
            "and status = 'failed' and started > ? order by started, id",
            (*own, last_ok or ""),
        ).fetchall()
        if not failed:
            return Standing(_time(last_ok), _time(last_ok))
        started, error, until = failed[-1]
        return Standing(_time(last_ok), _time(started), len(failed), _time(until), error)

    def keep(self, source: str, pages: list[Page], at: datetime) -> None:
        """Remember where the files that now lie there came from."""
        with self._at_once():
            self.base.execute(
                "delete from page where operation = ? and source = ?", (self.operation, source)
            )
            self.base.executemany(
                "insert into page values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(self.operation, source, _text(at), *astuple(page)) for page in pages],
            )

    def pages(self, source: str) -> list[Page]:
        """Where the files that lie there came from."""
        found = self.base.execute(
            "select file, url, etag, modified, bytes, sha256 from page "
            "where operation = ? and source = ? order by rowid",
            (self.operation, source),
        )
        return [Page(*row) for row in found]

    def remembered(self, path: Path) -> str | None:
        """SHA-256 of a file that has kept its size and time since it was hashed."""
        known = path.stat()
        row = self.base.execute(
            "select sha256 from seen where path = ? and bytes = ? and modified_ns = ?",
            (str(path.resolve()), known.st_size, known.st_mtime_ns),
        ).fetchone()
        return row[0] if row else None

    def remember(self, path: Path, digest: str) -> None:
        """Remember the SHA-256 of a file as it is now."""
        known = path.stat()
        self.base.execute(
            "insert or replace into seen values (?, ?, ?, ?)",
            (str(path.resolve()), known.st_size, known.st_mtime_ns, digest),
        )

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        self.base.execute("begin immediate")
        try:
            yield
        except BaseException:
            self.base.execute("rollback")
            raise
        self.base.execute("commit")


def provenance(folder: Path, operation: str, source: str) -> dict[str, object] | None:
    """What a manifest says of a feed: when it last succeeded, and each file's origin.

    None if there is no ledger, or nothing in it about the source.
    """
    if not (folder / FILE).is_file():
        return None
    ledger = Ledger(folder, operation)
    try:
        standing, pages = ledger.standing(source), ledger.pages(source)
    finally:
        ledger.close()
    if standing.last_run is None:
        return None
    return {
        "last_ok": standing.last_ok.isoformat() if standing.last_ok else None,
        "error": standing.error,
        "pages": [vars(page) for page in pages],
    }


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
