"""The list of releases: the one table that readers follow. A row appears last, whole, or not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa

from geo_data import delta, location
from geo_data.errors import StoreDamaged
from geo_data.location import Place
from geo_data.release import Release

RELEASES = "releases"
FORMAT = 2
STEPS_BACK = 20
MANY = 50
_AT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        pa.field("release", pa.string(), nullable=False),
        pa.field("at", _AT, nullable=False),
        pa.field("tables", pa.string(), nullable=False),
        pa.field("manifest", pa.string(), nullable=False),
        pa.field("format", pa.int32()),
        pa.field("operation", pa.string()),
        pa.field("of", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("actor", pa.string()),
        pa.field("pinned", pa.bool_()),
        pa.field("retired_at", _AT),
    ]
)


def read(store: Place) -> tuple[list[Release], list[str]]:
    """All rows, newest first, and what of the list could not be read.

    Where the newest state of the list is damaged, older states of it fill in what they know.

    Raises
    ------
    StoreDamaged
        If a row was written by a newer version of Waypost.
    """
    folder = store / RELEASES
    if not delta.exists(folder):
        return [], []
    found: dict[str, Release] = {}
    problems: list[str] = []
    newest = _newest(folder)
    for version in range(newest, max(-1, newest - STEPS_BACK), -1):
        rows, wrong = _rows_at(store, version, _stamp(folder / delta.LOG / f"{version:020}.json"))
        for row in rows:
            found.setdefault(row.name, row)
        if not wrong:
            break
        _rows_at.cache_clear()  # damage may be mended behind our back
        if newest != _newest(folder):  # the list was rewritten while we read it
            return read(store)
        problems += [problem for problem in wrong if problem not in problems]
    return sorted(found.values(), key=lambda release: release.name, reverse=True), problems


def mend(store: Place) -> list[str]:
    """Write the list anew if part of it is damaged, with rows that a broken log had hidden.

    A row comes back if all that it names is whole. The caller holds the lock and has set broken
    log entries aside.
    """
    if not (store / RELEASES).is_dir():
        return []
    rows, problems = read(store)
    rebuilt = not delta.exists(store / RELEASES)
    names, newest = {row.name for row in rows}, rows[0].name if rows else ""
    hidden = [
        row
        for row in _salvaged(store)
        if row.name not in names and (rebuilt or row.name > newest) and not row.fault(deep=True)
    ]
    if not (hidden or problems):
        return []
    rewrite(store, sorted([*rows, *hidden], key=lambda row: row.name, reverse=True))
    known = len(rows) + len(hidden)
    return [f"wrote the list of releases anew, {len(hidden)} of {known} found again"]


def _salvaged(store: Place) -> list[Release]:
    """Rows of every data file of the list, named by its log or not; the newest word on each."""
    found: dict[str, Release] = {}
    folder = store / RELEASES
    for file in sorted(delta.data_files(folder), key=lambda f: f.stat().st_mtime, reverse=True):
        try:
            rows = delta.read(folder, [file.name]).to_pylist()
        except (pa.ArrowInvalid, OSError):
            continue
        for row in rows:
            found.setdefault(row["release"], _release(store, row))
    return sorted(found.values(), key=lambda release: release.name, reverse=True)


def _newest(folder: Place) -> int:
    return int(delta.entries(folder)[-1].stem)


def _stamp(entry: Place) -> tuple[int, int, int] | None:
    if not entry.exists():
        return None
    found = entry.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=4)
def _rows_at(
    store: Place, version: int, entry: tuple[int, ...] | None
) -> tuple[list[Release], list[str]]:
    """Rows of one state of the list, kept as long as its log entry is the same file."""
    folder = store / RELEASES
    rows: list[Release] = []
    problems: list[str] = []
    if entry is None or 0 in entry:
        problems.append(f"entry {version} of the list is empty or gone")
    try:
        names = delta.files_at(folder, version)
    except Exception as problem:  # delta-rs raises bare Exceptions for a broken log
        location.explain(store, problem)
        return [], [*problems, f"state {version} of the list: {str(problem).splitlines()[0]}"]
    for name in names:
        try:
            rows += [_release(store, row) for row in delta.read(folder, [name]).to_pylist()]
        except (pa.ArrowInvalid, OSError) as problem:
            problems.append(f"{RELEASES}/{name}: {problem}")
    return rows, problems


def _release(store: Place, row: Mapping[str, Any]) -> Release:
    written_by = row.get("format") or 1
    if written_by > FORMAT:
        raise StoreDamaged(
            f"{store} was written by a newer Waypost (store format {written_by}, this one reads "
            f"up to {FORMAT}). Nothing is wrong with the data; install the newer version."
        )
    return Release(
        store, row["release"], row["at"], json.loads(row["tables"]), json.loads(row["manifest"]),
        operation=row.get("operation") or "run", of=row.get("of") or "",
        reason=row.get("reason") or "", actor=row.get("actor") or "",
        pinned=bool(row.get("pinned")), retired_at=row.get("retired_at"),
    )  # fmt: skip


def append(store: Place, release: Release) -> None:
    """Let readers see a release; on return it would survive a power cut."""
    rows, problems = read(store)
    if len(rows) % MANY == MANY - 1 and not problems:  # one file instead of many small ones
        rewrite(store, [release, *rows])
    else:
        delta.write(store / RELEASES, _as_table([release]), append=True)


def rewrite(store: Place, releases: Sequence[Release]) -> None:
    """Replace the whole list, in one commit."""
    delta.write(store / RELEASES, _as_table(releases))


def _as_table(releases: Sequence[Release]) -> pa.Table:
    rows = [
        {
            "release": release.name, "at": release.at, "tables": json.dumps(release.tables),
            "manifest": json.dumps(release.manifest, default=str), "format": FORMAT,
            "operation": release.operation, "of": release.of, "reason": release.reason,
            "actor": release.actor, "pinned": release.pinned, "retired_at": release.retired_at,
        }
        for release in releases
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SCHEMA)
