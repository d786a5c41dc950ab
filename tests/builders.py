"""Tiny releases in a few lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo_data import grid, tables
from geo_data.quantities import HEX_QUANTITIES, Quantity
from geo_data.rollup import cover_column, source_column
from geo_data.store import Release, Store

AREA = (11.0, 34.0, 15.0, 37.0)


def cells(resolution: int = 6) -> np.ndarray:
    "Cells of a small operation around Malta and Lampedusa."
    return grid.cells_in_box(*AREA, resolution)


def hexagons(**values: Any) -> pd.DataFrame:
    "Hexagon table; quantities that are not given are outside coverage."
    cell = cells()
    columns: dict[str, Any] = {"cell": cell}
    for quantity in HEX_QUANTITIES:
        value = values.get(quantity.column)
        columns[quantity.column] = np.full(len(cell), np.nan) if value is None else value
        columns[cover_column(quantity)] = 0.0 if value is None else 1.0
        columns[source_column(quantity)] = -1 if value is None else 0
    return pd.DataFrame(columns)


def incident(number: int, lat: float, lon: float, dead: float = 1, when: date = date(2026, 1, 1)):
    "One incident row."
    cell = grid.cells_of(lat_deg=[lat], lon_deg=[lon], resolution=6)[0]
    return {
        "place_id": f"incident-{number}", "name": "Off {{7*7}} <b>x</b>", "lat_deg": lat,
        "lon_deg": lon, "cell": cell, "date": when, "dead_missing_people": dead,
        "source": "incidents", "row": number,
    }  # fmt: skip


def account(key: str, **more: Any) -> dict[str, Any]:
    "Description and account of a source."
    return {
        "source": key, "title": key.title(), "owner": "Owner", "licence": "CC0", "url": "",
        "job": "series", "sensitivity": "low", "simulated": False, "coverage": [],
        "cadence_days": None, "note": "", "reference_period": "2026", "reference_end": "2026-01-01",
        "fetched": None, "status": "ok", "error": None, "rows_in": 1, "accepted": 1,
        "quarantined": 0, "reasons": {}, "repairs": [], "warnings": [], "files": [], "seconds": 0.1,
    } | more  # fmt: skip


def release(
    folder: Path,
    frames: dict[str, pd.DataFrame],
    sources: list[dict[str, Any]],
    methods: dict[str, list[str]] | None = None,
) -> Release:
    "Publish a small release."
    manifest = {
        "operation": {
            "key": "test_sea", "title": "Test sea", "area": AREA, "resolution": 6,
            "countries": ["MLT"],
        },
        "simulated": any(source["simulated"] for source in sources), "code": "0", "seconds": 1,
        "sources": sources,
        "methods": {q: {"sources": keys, "coarse": []} for q, keys in (methods or {}).items()},
    }  # fmt: skip
    arrow = {name: tables.as_arrow(name, frame) for name, frame in frames.items()}
    return Store(folder).publish(arrow, manifest)


def counted(table: pd.DataFrame, quantity: Quantity | None = None) -> np.ndarray:
    "Rows of a place table per cell of the operation."
    weight = np.ones(len(table)) if quantity is None else table[quantity.column].to_numpy()
    position = np.searchsorted(cells(), table["cell"])
    return np.bincount(position, weight, len(cells())).astype(float)
