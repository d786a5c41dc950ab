"""Which releases stay: the last ones, one a day, all pinned, and what a reader may still hold.

In two steps, because a reader may hold a release that is no longer listed: a release is first taken
off the list, and its files go at the earliest one longest session later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from geo_data import sweep
from geo_data.release import Release
from geo_data.store import Store


@dataclass(frozen=True)
class Rules:
    """How much to keep.

    Attributes
    ----------
    last : int
        Newest releases.
    days : int
        Days of which the last release is kept.
    session : timedelta
        Longest time that a reader may hold on to a release.
    """

    last: int = 30
    days: int = 30
    session: timedelta = timedelta(hours=24)


@dataclass(frozen=True)
class Retained:
    """What retention did, or would do."""

    kept: Mapping[str, str]
    retired: Sequence[str]
    dropped: Sequence[str]
    files: int
    freed_bytes: int


def reasons(releases: Sequence[Release], rules: Rules, now: datetime) -> dict[str, str]:
    """Names of the releases that stay, each with why; the newest stays whatever the rules.

    Parameters
    ----------
    releases : sequence of Release
        Listed ones, newest first.
    """
    found: dict[str, str] = {}
    whole = [release for release in releases if not release.fault()]
    for release in whole[: max(1, rules.last)]:
        found.setdefault(release.name, f"one of the last {max(1, rules.last)}")
    days = set()
    for release in whole:
        day = release.at.date()
        if day not in days and (now.date() - day).days < rules.days:
            found.setdefault(release.name, f"last of {day}")
        days.add(day)
    for newer, release in zip(releases, releases[1:], strict=False):
        if now - newer.at < rules.session:
            found.setdefault(release.name, "may still be on a screen")
    for release in releases:
        if release.pinned:
            found[release.name] = "pinned"
        elif release.fault() and (not whole or release.name > whole[0].name):
            found.setdefault(release.name, "damaged, and not replaced by a newer one yet")
    return found


def retain(store: Store, rules: Rules, now: datetime, *, dry_run: bool = False) -> Retained:
    """Take superfluous releases off the list; remove the files of those taken off long ago."""
    if dry_run:
        return _plan(store, rules, now)[0]
    with store.writing(room=False):
        done, rows = _plan(store, rules, now)
        if done.retired or done.dropped:
            store.relist(rows)
        freed = files = 0
        for leftover in sweep.leftovers(store.folder):
            freed += leftover.stat().st_size
            leftover.unlink()
            files += 1
        return replace(done, files=files, freed_bytes=freed)


def _plan(store: Store, rules: Rules, now: datetime) -> tuple[Retained, list[Release]]:
    rows = store.rows()
    kept = reasons([row for row in rows if row.retired_at is None], rules, now)
    retired, dropped, left = [], [], []
    for row in rows:
        if row.retired_at is not None and now - row.retired_at >= rules.session:
            dropped.append(row.name)
            continue
        if row.retired_at is None and row.name not in kept:
            retired.append(row.name)
            row = replace(row, retired_at=now)
        left.append(row)
    gone = {name for name in dropped}
    freed = [file for row in rows if row.name in gone for file in _only_of(row, left)]
    return Retained(kept, retired, dropped, len(freed), sum(freed)), left


def _only_of(row: Release, others: Sequence[Release]) -> list[int]:
    """Sizes of the files that a release shares with none of the others."""
    shared = {(t, f) for other in others for t in other.tables for f in other.files(t)}
    paths = [row.folder / t / f for t in row.tables for f in row.files(t) if (t, f) not in shared]
    return [path.stat().st_size for path in paths if path.exists()]
