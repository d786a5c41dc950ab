"""Files of the store that no release names: what killed, full and superseded runs leave behind."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from geo_data import delta, listing
from geo_data.location import Place
from geo_data.release import Release

READER_S = 3600.0  # how long a reader may take between finding the list and reading its rows


def tables(store: Place) -> list[Any]:
    """Folders of the Delta tables, the list of releases among them."""
    if not store.exists():
        return []
    return sorted(path for path in store.iterdir() if path.is_dir() and delta.exists(path))


def leftovers(store: Place) -> list[Any]:
    """Files that nobody will ask for again.

    Only a holder of the lock may remove them: without it, they may be a run's that is under way.
    Nothing is a leftover as long as the list of releases cannot be read in full.
    """
    rows, problems = listing.read(store)
    if problems:
        return []
    try:
        named = _named(store, rows)
    except Exception:  # delta-rs raises bare Exceptions; without a log, no verdict
        return []
    found: list[Any] = []
    for folder in tables(store):
        found += delta.unfinished(folder)
        if folder.name != listing.RELEASES or not _changed_lately(folder):
            found += [
                file
                for file in delta.data_files(folder)
                if file.suffix == ".parquet" and file.name not in named[folder.name]
            ]
    return found if isinstance(store, Path) else [file for file in found if _old(file)]


def _old(file: Any) -> bool:
    """Whether an object is too old to be of a writer that slept, lost its lease and woke up."""
    return bool(time.time() - file.stat().st_mtime > READER_S)


def _named(store: Place, rows: Iterable[Release]) -> dict[str, set[str]]:
    named: dict[str, set[str]] = defaultdict(set)
    if delta.exists(store / listing.RELEASES):
        named[listing.RELEASES].update(delta.files_at(store / listing.RELEASES))
    for row in rows:
        for table in row.tables:
            named[table].update(row.files(table))
    return named


def _changed_lately(folder: Place) -> bool:
    return time.time() - delta.entries(folder)[-1].stat().st_mtime < READER_S
