"""The careful repair of a store.

Nothing is deleted: damaged files move to the folder ``set-aside`` of the store, damaged releases
go off the list as retired ones do, and falling back is a new release that points at an old one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from geo_data import delta, disk, doctor, listing, sweep
from geo_data.location import Place
from geo_data.release import Release, sha256_of
from geo_data.store import Store


def repair(store: Store, now: datetime) -> doctor.Report:
    """Mend logs and list, then fall back to the last whole release.

    Returns
    -------
    Report
        As found afterwards, with what was done.

    Raises
    ------
    StoreBusy
        If a run is writing.
    """
    before = doctor.examine(store, now)
    if before.exit_code != doctor.DAMAGED or any(
        finding.rule == "newer_store" for finding in before.findings
    ):
        return before
    with store.writing(room=False):
        done = [
            *store.mended,
            *_logs_mended(store.folder),
            *listing.mend(store.folder),
            *_fallen_back(store, now),
        ]
    after = doctor.examine(store, now)
    return doctor.Report(after.store, after.newest_whole, after.findings, done)


def _logs_mended(store: Place) -> list[str]:
    moved = [path for folder in sweep.tables(store) for path in delta.heal(store, folder)]
    return [f"set aside as {path.relative_to(store)}" for path in moved]


def _fallen_back(store: Store, now: datetime) -> list[str]:
    rows = store.rows()
    listed = [row for row in rows if row.retired_at is None]
    faults = {row.name: wrong for row in listed if (wrong := row.fault(deep=True))}
    whole = [row for row in listed if row.name not in faults]
    if not faults or not whole:
        return []
    done = []
    if listed[0].name in faults:
        made = store.rollback(
            whole[0].name, reason=f"{listed[0].name}: {faults[listed[0].name]}",
            actor="doctor", operation="repair",
        )  # fmt: skip
        done.append(f"release {made.name} shows {whole[0].name} again")
    store.relist(
        [replace(row, retired_at=now) if row.name in faults else row for row in store.rows()]
    )
    for row in listed:
        if row.name in faults:
            done.append(_kept_as_evidence(store.folder, row, faults[row.name], now))
    return done


def _kept_as_evidence(store: Place, row: Release, wrong: str, now: datetime) -> str:
    """What is left of a damaged release: its row as text, and its damaged files."""
    for table, entry in row.tables.items():
        for file in entry.get("files", ()):
            path = store / table / file["name"]
            if path.exists() and sha256_of(path) != file["sha256"]:
                disk.set_aside(store, path, now)
    folder = store / disk.SET_ASIDE
    folder.mkdir(exist_ok=True)
    said = {"release": row.name, "wrong": wrong, "tables": row.tables, "manifest": row.manifest}
    disk.replaced(folder / f"{row.name}.json", json.dumps(said, indent=1, default=str))
    return f"took release {row.name} off the list: {wrong}"
