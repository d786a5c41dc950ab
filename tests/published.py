"""A store with a few known releases."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa

from geo_data import tables
from geo_data.store import Release, Store

MANIFEST = {"operation": {"key": "test_sea"}, "simulated": False, "sources": [], "methods": {}}


def series(*values: float) -> pa.Table:
    "A series table with one row per value."
    day = pd.Timestamp("2026-01-01").date()
    rows = [("LBY", day, "arrivals_people", value, "s", 1) for value in values]
    names = ["place_code", "start", "quantity", "value", "source", "row"]
    return tables.as_arrow("series", pd.DataFrame(rows, columns=names))


def areas() -> pa.Table:
    "An area table without rows."
    return tables.as_arrow("areas", tables.empty("areas"))


def published(folder: Path, *numbers: float) -> Store:
    "A store with one release per number."
    store = Store(folder)
    for number in numbers:
        store.publish({"series": series(number), "areas": areas()}, {**MANIFEST, "n": number})
    return store


def shown(release: Release) -> list[float]:
    "Values of the series of a release."
    return release.table("series")["value"].to_pylist()


def data_file(release: Release, table: str = "series") -> Path:
    "The only data file of a table."
    (name,) = release.files(table)
    return release.folder / table / name


def last_entry(store: Store, table: str) -> Path:
    "Newest log entry of a table."
    return sorted((store.folder / table / "_delta_log").glob("*.json"))[-1]
