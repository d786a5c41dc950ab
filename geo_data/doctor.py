"""What is wrong with a store, said so that an operator knows what to do; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from filelock import Timeout

from geo_data import delta, disk, lease, listing, sweep
from geo_data.assessments.journal import FOLDER, Journal
from geo_data.errors import StoreDamaged, StoreUnsafe
from geo_data.location import Place
from geo_data.release import Release
from geo_data.store import FREE_TIMES, Store, writer
from geo_data.vocabulary import Audience

Weight = Literal["damage", "warning", "note"]
WHOLE, LOOK, DAMAGED = 0, 1, 2
CLOCK_SLACK = timedelta(minutes=5)
REPAIR = "Run: python -m etl doctor --repair"


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes
    ----------
    weight : str
        ``damage``: something published cannot be read; ``warning``: it soon may; ``note``: fine.
    rule, where, found, advice : str
    """

    weight: Weight
    rule: str
    where: str
    found: str
    advice: str


@dataclass(frozen=True)
class Report:
    """All findings, and the release that readers get."""

    store: Place
    newest_whole: str
    findings: list[Finding]
    repaired: list[str]

    @property
    def exit_code(self) -> int:
        """0 whole, 1 something to look at, 2 damaged."""
        weights = {finding.weight for finding in self.findings}
        return DAMAGED if "damage" in weights else LOOK if "warning" in weights else WHOLE

    def as_json(self) -> dict[str, Any]:
        """The report for programs; this shape is a contract."""
        return {
            "store": str(self.store), "exit_code": self.exit_code,
            "newest_whole": self.newest_whole or None,
            "findings": [asdict(finding) for finding in self.findings],
            "repaired": self.repaired,
        }  # fmt: skip

    def lines(self) -> list[str]:
        """The report for people."""
        verdict = ("whole", "whole, with something to look at", "DAMAGED")[self.exit_code]
        return [
            f"{self.store}: {verdict}. Readers get: {self.newest_whole or 'nothing'}",
            *(f"  {f.weight}: {f.where}: {f.found}. {f.advice}" for f in self.findings),
            *(f"  repaired: {line}" for line in self.repaired),
        ]


def examine(store: Store, now: datetime, *, deep: bool = True) -> Report:
    """Look at everything, change nothing.

    Parameters
    ----------
    deep : bool
        Read and compare every byte of every release, not only names and sizes.
    """
    findings = [*_logs(store.folder)]
    try:
        rows, problems = listing.read(store.folder)
    except StoreDamaged as newer:
        findings.append(Finding("damage", "newer_store", str(store.folder), str(newer), ""))
        return Report(store.folder, "", findings, [])
    findings += [
        Finding("damage", "list_unreadable", "list of releases", problem, REPAIR)
        for problem in problems
    ]
    listed = [row for row in rows if row.retired_at is None]
    faults = {row.name: row.fault(deep=deep) for row in listed}
    newest = next((row for row in listed if not faults[row.name]), None)
    findings += _releases(listed, faults, newest)
    findings += _surroundings(store, listed, newest, now)
    return Report(store.folder, newest.name if newest else "", findings, [])


def _logs(store: Place) -> Iterator[Finding]:
    for folder in sweep.tables(store):
        for entry, wrong in delta.broken(folder).items():
            yield Finding(
                "damage", "log_broken", f"{folder.name}/{entry.parent.name}/{entry.name}",
                f"the log entry {wrong}", f"Releases before it stay readable. {REPAIR}",
            )  # fmt: skip
        numbers = [int(entry.stem) for entry in delta.entries(folder)]
        if missing := set(range(numbers[0], numbers[-1])) - set(numbers):
            yield Finding(
                "damage", "log_gap", f"{folder.name}/{delta.LOG}",
                f"entries {sorted(missing)[:5]} are gone", REPAIR,
            )  # fmt: skip


def _releases(
    listed: list[Release], faults: dict[str, str], newest: Release | None
) -> Iterator[Finding]:
    if not listed:
        yield Finding("warning", "empty", "list of releases", "there is no release",
                      "Run: python -m etl run")  # fmt: skip
    for row in listed:
        if not faults[row.name]:
            continue
        if newest is None:
            advice = "No release is whole. Restore a backup, or run the ETL again"
        elif row.name > newest.name:
            advice = f"Readers get {newest.name} instead. {REPAIR}"
        else:
            advice = "Newer releases are whole; restore it from a backup if it is needed"
        yield Finding("damage", "release_broken", f"release {row.name}", faults[row.name], advice)


def _surroundings(
    store: Store, listed: list[Release], newest: Release | None, now: datetime
) -> Iterator[Finding]:
    yield from _lock(store.folder)
    if left := sweep.leftovers(store.folder):
        size = sum(file.stat().st_size for file in left)
        yield Finding(
            "note", "leftovers", str(store.folder),
            f"{len(left)} files ({size} bytes) that no release names", "The next run removes them",
        )  # fmt: skip
    if (store.folder / disk.SET_ASIDE).exists():
        yield Finding("note", "set_aside", disk.SET_ASIDE, "holds damaged files set aside",
                      "Delete it when nobody needs it any more")  # fmt: skip
    yield from _observations(store.folder)
    needed = FREE_TIMES * newest.size_bytes if newest else 0
    free = disk.free_bytes(store.folder)
    if free < needed:
        yield Finding(
            "warning", "disk_full", f"disk {disk.disk_of(store.folder)}",
            f"{free} bytes free, the next run needs {needed}", "Run: python -m etl retain",
        )  # fmt: skip
    if listed and listed[0].at > now + CLOCK_SLACK:
        yield Finding(
            "warning", "clock", f"release {listed[0].name}",
            f"is dated {listed[0].at:%Y-%m-%d %H:%M} UTC, the clock says {now:%Y-%m-%d %H:%M}",
            "Set the clock of this machine; releases keep their order",
        )  # fmt: skip


def _observations(store: Place) -> Iterator[Finding]:
    journal = Journal(store, Audience.CELL)
    for name in journal.damaged():
        yield Finding(
            "damage", "observation_broken", f"{FOLDER}/{name}", "is not what its name says",
            "The other observations are whole. Restore it from a backup, or merge the "
            "observations of a laptop that has it",
        )  # fmt: skip


def _lock(store: Place) -> Iterator[Finding]:
    if not store.exists():
        return
    held = writer(store)
    who = f"process {held['pid']} on {held['host']}, since {held['since']}" if held else "unknown"
    try:
        lock = lease.lock_of(store)
        lock.acquire(timeout=0)
        lock.release()
        if held:
            yield Finding("note", "run_died", "lock", f"a run ended without finishing: {who}",
                          "The lock is free; the next run may begin")  # fmt: skip
    except StoreUnsafe as problem:
        yield Finding("warning", "unsafe", str(store), str(problem), "Readers are not concerned")
    except Timeout:
        yield Finding("note", "locked", "lock", f"a run is writing: {who}",
                      "Wait for it; what is unfinished now is not damage")  # fmt: skip
    except OSError as problem:
        yield Finding("warning", "unwritable", str(store), str(problem),
                      "Check the rights on the folder and the disk")  # fmt: skip
