"""Places as the map draws them: symbol, name and a few words, never more than the view allows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard import countries, language
from dashboard.language import _, day, number, word
from geo_data.view import View
from geo_data.words import N_

SECTOR_SYMBOL = {
    "health": "health", "nutrition": "food", "food security": "food", "shelter": "shelter",
    "water and sanitation": "wash", "protection": "protection", "education": "education",
    "logistics": "logistics",
}  # fmt: skip
DETAIL: dict[str, tuple[tuple[str, str], ...]] = {
    "crossings": (
        (N_("Status"), "status"), (N_("Type"), "crossing_type"), (N_("Country"), "country"),
        (N_("Other side"), "other_country"), (N_("Control"), "control"), (N_("Reported"), "date"),
    ),
    "services": (
        (N_("Sector"), "sector"), (N_("Type"), "service_type"), (N_("Run by"), "organisation"),
        (N_("Reported"), "date"),
    ),
    "sites": (
        (N_("Type"), "site_type"), (N_("Status"), "status"),
        (N_("Displaced people"), "displaced_people"), (N_("Reported"), "date"),
    ),
    "incidents": (
        (N_("Date"), "date"), (N_("Dead or missing"), "dead_missing_people"),
        (N_("Survivors"), "survivors_people"), (N_("Cause"), "cause"), (N_("Route"), "route"),
        (N_("Position"), "position_quality"),
    ),
    "assets": (
        (N_("Type"), "asset_type"), (N_("Moves by"), "medium"), (N_("Run by"), "organisation"),
        (N_("Speed, km/h"), "speed_km_h"), (N_("Endurance, h"), "endurance_h"),
        (N_("Mobilises in, h"), "mobilise_h"), (N_("Ready"), "ready"),
    ),
    "landmarks": ((N_("Type"), "landmark_type"), (N_("Residents"), "population_people")),
}  # fmt: skip

DATED = frozenset({"incidents", "crossings"})

# Names stand as they are; other texts are words that may have a translation.
NAMES = frozenset({"organisation"})
COUNTRIES = frozenset({"country", "other_country"})


def markers(view: View, kind: str, days: int | None = None) -> dict[str, Any]:
    """One kind of places in the shape that the map reads, with reports of some days or all."""
    table = view.places(kind)
    if "duplicate_of" in table:
        table = table[table["duplicate_of"].isna()]
    table = table if days is None else recent(table, kind, days, view.at.date())
    simulated = {source["source"] for source in view.sources if source["simulated"]}
    return {
        "kind": kind,
        "places": [_marker(kind, row, simulated) for row in table.to_dict("records")],
    }


def recent(places: pd.DataFrame, kind: str, days: int, until: date) -> pd.DataFrame:
    """Places as the reports of the last days tell them.

    An incident outside the window is left out. A crossing stays where it is, but what was
    reported before the window is no longer known; undated reports count as old.
    """
    if kind not in DATED:
        return places
    reported = pd.to_datetime(places["date"])
    inside = (reported > pd.Timestamp(until - timedelta(days=days))) & (
        reported <= pd.Timestamp(until)
    )
    if kind == "incidents":
        return places[inside]
    return places.assign(status=places["status"].where(inside, None))


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
        return _("unknown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return number(value, 0 if value.is_integer() else 1)
    return day(value) if isinstance(value, date) else str(value)


def details(kind: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Title and value of what is known about a place, words of registers translated."""
    return [(_(title), said(_told(row, column))) for title, column in DETAIL[kind]]


def name_of(row: Mapping[str, Any]) -> str:
    """Name in the language of the page if the register has it (``name_ar``), else the local one."""
    for column in (f"name_{language.current()}", "name"):
        name = row.get(column)
        if name is not None and name == name and name != "":
            return str(name)
    return ""


def _told(row: Mapping[str, Any], column: str) -> object:
    value = row.get(column)
    if not isinstance(value, str) or column in NAMES:
        return value
    return countries.name_of(value) if column in COUNTRIES else word(value)


def _marker(kind: str, row: Mapping[str, Any], simulated: set[str]) -> dict[str, Any]:
    detail = [list(pair) for pair in details(kind, row)]
    if row["source"] in simulated:
        detail.append([_("Simulated"), _("yes")])
    name = name_of(row)
    return {
        "id": str(row["place_id"]),
        "name": name,
        "lat": round(float(row["lat_deg"]), 5),
        "lon": round(float(row["lon_deg"]), 5),
        "symbol": symbol_of(kind, row),
        "label": name,
        "detail": detail,
    }
