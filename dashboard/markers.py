"""Places as the map draws them: symbol, name and a few words, never more than the view allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo_data.view import View

SECTOR_SYMBOL = {
    "health": "health", "nutrition": "food", "food security": "food", "shelter": "shelter",
    "water and sanitation": "wash", "protection": "protection", "education": "education",
    "logistics": "logistics",
}  # fmt: skip
DETAIL: dict[str, tuple[tuple[str, str], ...]] = {
    "crossings": (
        ("Status", "status"), ("Type", "crossing_type"), ("Country", "country"),
        ("Other side", "other_country"), ("Control", "control"), ("Reported", "date"),
    ),
    "services": (
        ("Sector", "sector"), ("Type", "service_type"), ("Run by", "organisation"),
        ("Reported", "date"),
    ),
    "sites": (
        ("Type", "site_type"), ("Status", "status"), ("Displaced people", "displaced_people"),
        ("Reported", "date"),
    ),
    "incidents": (
        ("Date", "date"), ("Dead or missing", "dead_missing_people"),
        ("Survivors", "survivors_people"), ("Cause", "cause"), ("Route", "route"),
        ("Position", "position_quality"),
    ),
    "assets": (
        ("Type", "asset_type"), ("Moves by", "medium"), ("Run by", "organisation"),
        ("Speed, km/h", "speed_km_h"), ("Endurance, h", "endurance_h"),
        ("Mobilises in, h", "mobilise_h"), ("Ready", "ready"),
    ),
    "landmarks": (("Type", "landmark_type"), ("Residents", "population_people")),
}  # fmt: skip


def markers(view: View, kind: str) -> dict[str, Any]:
    """One kind of places in the shape that the map reads."""
    table = view.places(kind)
    if "duplicate_of" in table:
        table = table[table["duplicate_of"].isna()]
    simulated = {source["source"] for source in view.sources if source["simulated"]}
    return {
        "kind": kind,
        "places": [_marker(kind, row, simulated) for row in table.to_dict("records")],
    }


def symbol_of(kind: str, row: Mapping[str, Any]) -> str:
    """Name of the symbol of a place."""
    if kind == "crossings":
        return f"crossing-{row.get('crossing_type') or 'land'}-{row.get('status') or 'unknown'}"
    if kind == "services":
        return f"service-{SECTOR_SYMBOL.get(str(row.get('sector')), 'other')}"
    if kind == "assets":
        return f"sar-{row['medium']}"
    return {"sites": "site", "incidents": "incident"}.get(kind, "landmark")


def said(value: object) -> str:
    """A value of a place in words; what is not known says so."""
    if value is None or value is pd.NA or value != value:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.1f}"
    return str(value)


def _marker(kind: str, row: Mapping[str, Any], simulated: set[str]) -> dict[str, Any]:
    detail = [[label, said(row.get(column))] for label, column in DETAIL[kind]]
    if row["source"] in simulated:
        detail.append(["Simulated", "yes"])
    name = said(row["name"]) if row["name"] is not None and row["name"] == row["name"] else ""
    return {
        "id": str(row["place_id"]),
        "name": name,
        "lat": round(float(row["lat_deg"]), 5),
        "lon": round(float(row["lon_deg"]), 5),
        "symbol": symbol_of(kind, row),
        "label": name,
        "detail": detail,
    }
