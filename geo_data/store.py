"""The store: one Delta table per kind of table, and one list of releases that readers follow.

A release names exact files of every table, so readers never see half of a run, and a table that did
not change is not written again.
"""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from filelock import Timeout

from geo_data import delta, disk, lease, listing, location, sweep
from geo_data.errors import ReleaseMissing, StoreBusy, StoreDamaged, StoreUnreachable
from geo_data.lease import LOCK
from geo_data.location import Place, Remote
from geo_data.release import ADVICE, Release, digest_of, sha256_of

__all__ = ["LOCK", "Release", "Store", "digest_of"]

log = logging.getLogger("waypost.store")

WRITER = ".writer.json"
WORK = Path("work")
PATIENCE_S = 60.0  # how long one commit waits for its turn; a run does not wait
FREE_TIMES = 3


class Store:
    """Releases below one folder, or below a prefix of a bucket.

    Parameters
    ----------
    folder : str, Path or Remote
        See :func:`geo_data.location.at`.
    work : Path
        Where runs keep files of this machine if the store is in a bucket; else it is the folder.
    """

    def __init__(self, folder: str | Path | Remote, work: Path = WORK):
        self.folder = location.at(folder)
        self.work = self.folder if isinstance(self.folder, Path) else work
        self._lock = lease.lock_of(self.folder)
        self.mended: list[str] = []  # what the last writing() had to put right first

    # ------------------------------------------------------------------ reading
    def rows(self) -> list[Release]:
        """Every row of the list, newest first, with retired and damaged releases."""
        found, problems = listing.read(self.folder)
        if problems and not found:
            raise StoreDamaged(f"{self.folder}: no release can be read. {ADVICE}")
        return found

    def releases(self) -> list[Release]:
        """Releases that can be read, newest first."""
        return [row for row in self.rows() if row.retired_at is None and not row.fault()]

    def passed_over(self) -> dict[str, str]:
        """Releases newer than the newest readable one, and what is wrong with each.

        Readers fall back by themselves; this is what lets them say so.
        """
        found: dict[str, str] = {}
        if problems := listing.read(self.folder)[1]:
            found["list of releases"] = problems[0]
        for row in self.rows():
            if row.retired_at is None:
                wrong = row.fault()
                if not wrong:
                    break
                found[row.name] = wrong
        return found

    def latest(self) -> Release:
        """The newest release that can be read.

        Raises
        ------
        ReleaseMissing
            If nothing was published yet.
        StoreDamaged
            If there are releases and none can be read.
        """
        listed = [row for row in self.rows() if row.retired_at is None]
        if not listed:
            raise ReleaseMissing(f"{self.folder} holds no release. Run: python -m etl run")
        for row in listed:
            if not row.fault():
                return row
        raise StoreDamaged(f"{self.folder}: none of {len(listed)} releases can be read. {ADVICE}")

    def release(self, name: str) -> Release:
        """One release by name, readable or not."""
        for row in self.rows():
            if row.name == name and row.retired_at is None:
                return row
        raise ReleaseMissing(f"{self.folder} has no release {name!r}. See: python -m etl history")

    # ------------------------------------------------------------------ one writer
    @contextmanager
    def writing(self, *, wait_s: float = 1, room: bool = True) -> Iterator[None]:
        """The only writer; a second one is told since when, at once or after a while.

        The kernel frees the lock of a process that dies, so there is nothing to clean by hand.

        Parameters
        ----------
        wait_s : float
            How long to wait for the other.
        room : bool
            Whether a release is to be written, which needs room.

        Raises
        ------
        StoreBusy
            If another process writes.
        StoreFull, StoreUnwritable
            If the disk cannot take a release of the last one's size.
        """
        with disk.explained(self.folder, 0):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._acquire(wait_s)
        try:
            if self._lock.lock_counter == 1:
                self._begin(room)
            yield
        finally:
            if self._lock.lock_counter == 1:
                with suppress(OSError, StoreUnreachable):
                    (self.folder / WRITER).unlink(missing_ok=True)
            self._lock.release()

    def _acquire(self, wait_s: float) -> None:
        try:
            self._lock.acquire(timeout=wait_s)
        except Timeout:
            held = writer(self.folder)
            since = f", since {held['since']} (process {held['pid']})" if held else ""
            raise StoreBusy(
                f"{self.folder} is being written by another run{since}. Try again when it has "
                "ended."
            ) from None

    def _begin(self, room: bool) -> None:
        with disk.explained(self.folder, 0):
            disk.replaced(self.folder / WRITER, json.dumps(_who()))
            local = isinstance(self.folder, Path)  # objects appear whole or not at all
            self.mended = [
                f"{folder.name}: a log entry was cut off; set aside as {moved}"
                for folder in (sweep.tables(self.folder) if local else ())
                for moved in delta.heal(self.folder, folder, only_last=True)
            ]
            if self.mended or listing.read(self.folder)[1]:
                self.mended += listing.mend(self.folder)
            for said in self.mended:
                log.warning(said)
            for leftover in sweep.leftovers(self.folder):
                leftover.unlink(missing_ok=True)
            newest = next(iter(self.releases()), None)
            if room and newest:
                disk.room_for(self.folder, FREE_TIMES * newest.size_bytes)

    # ------------------------------------------------------------------ publishing
    def publish(
        self,
        tables: Mapping[str, pa.Table],
        manifest: Mapping[str, Any],
        *,
        name: str = "",
        at: datetime | None = None,
        operation: str = "run",
        reason: str = "",
        actor: str = "",
    ) -> Release:
        """Write tables, make them last, then let readers see them: all of them or none.

        On return the release would survive a power cut. Writers wait for each other.

        Parameters
        ----------
        tables : mapping of name to arrow table
        manifest : mapping
            JSON-serialisable.
        name, at : str, datetime, optional
            Of a release that was made elsewhere; by default the time now.
        operation, reason, actor : str
            What made it, why, in which role.
        """
        needed = sum(table.nbytes for table in tables.values())
        with self.writing(wait_s=PATIENCE_S), disk.explained(self.folder, needed):
            known = self._known()
            disk.room_for(self.folder, needed)
            entries = {key: self._written(key, table, known) for key, table in tables.items()}
            made = Release(
                self.folder, name, at or datetime.now(UTC), entries, manifest,
                operation=operation, reason=reason, actor=actor,
            )  # fmt: skip
            return self._listed(made)

    def _known(self) -> dict[tuple[str, str], Mapping[str, Any]]:
        """Entries of tables that are on disk already, by name and digest."""
        return {
            (name, entry["digest"]): entry
            for row in reversed(self.rows())
            if row.retired_at is None
            for name, entry in row.tables.items()
            if "files" in entry
        }

    def _written(
        self, name: str, table: pa.Table, known: Mapping[tuple[str, str], Mapping[str, Any]]
    ) -> dict[str, Any]:
        digest, folder = digest_of(table), self.folder / name
        entry = known.get((name, digest))
        if entry and _same_bytes(folder, entry):
            return dict(entry)
        version, names = delta.write(folder, table)
        files = [
            {"name": file, "bytes": (folder / file).stat().st_size,
             "sha256": sha256_of(folder / file)}
            for file in sorted(names)
        ]  # fmt: skip
        return {"version": version, "rows": table.num_rows, "digest": digest, "files": files}

    def _listed(self, made: Release) -> Release:
        rows = self.rows()
        at, newest = made.at, rows[0].name if rows else ""
        made = replace(made, name=made.name or _next_name(at, newest))
        if made.name in {row.name for row in rows}:  # imported again, damaged or off the list
            self.relist([made, *(row for row in rows if row.name != made.name)])
        else:
            listing.append(self.folder, made)
        return self.release(made.name)

    # ------------------------------------------------------------------ the list
    def rollback(
        self, name: str, *, reason: str, actor: str = "operator", operation: str = "rollback"
    ) -> Release:
        """A new release that shows what an old one shows; nothing is deleted.

        Raises
        ------
        StoreDamaged
            If the old release is not whole.
        """
        with self.writing(wait_s=PATIENCE_S, room=False), disk.explained(self.folder, 0):
            old = self.release(name)
            if wrong := old.fault(deep=True):
                raise StoreDamaged(f"release {name} cannot be shown again: {wrong}. {ADVICE}")
            return self._listed(
                replace(
                    old,
                    name="",
                    at=datetime.now(UTC),
                    operation=operation,
                    of=name,
                    reason=reason,
                    actor=actor,
                    pinned=False,
                )  # fmt: skip
            )

    def pin(self, name: str, *, pinned: bool = True) -> Release:
        """Keep a release for ever, also one that retention has taken off the list, or no more."""
        with self.writing(wait_s=PATIENCE_S, room=False), disk.explained(self.folder, 0):
            rows = self.rows()
            if name not in {row.name for row in rows}:
                raise ReleaseMissing(f"{self.folder} has no release {name!r}")
            self.relist(
                [replace(r, pinned=pinned, retired_at=None) if r.name == name else r for r in rows]
            )
            return self.release(name)

    def relist(self, rows: list[Release]) -> None:
        """Replace the list in one commit; refused while the list itself is damaged."""
        if listing.read(self.folder)[1]:
            raise StoreDamaged(f"{self.folder}: the list of releases is damaged. {ADVICE}")
        listing.rewrite(self.folder, rows)


def writer(folder: Place) -> dict[str, Any] | None:
    """Who writes, or wrote and did not end; None if nobody."""
    try:
        return dict(json.loads((folder / WRITER).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def _who() -> dict[str, Any]:
    return {
        "pid": os.getpid(), "host": socket.gethostname(),
        "since": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
    }  # fmt: skip


def _same_bytes(folder: Place, entry: Mapping[str, Any]) -> bool:
    """Whether the files of an entry are as published; a damaged one is written again."""
    return all(
        (folder / file["name"]).exists() and sha256_of(folder / file["name"]) == file["sha256"]
        for file in entry["files"]
    )


def _next_name(at: datetime, newest: str) -> str:
    name = at.strftime("%Y%m%dT%H%M%S.%fZ")
    return name if name > newest else newest + "+"
