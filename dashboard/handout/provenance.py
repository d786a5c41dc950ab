"""Where a file comes from: sources, licences, age, accounts, units, audience and date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pandas as pd

from dashboard import language, what_if
from dashboard.frame import DISCLAIMER
from dashboard.handout.neutral import safe_table
from dashboard.handout.picture import Picture
from dashboard.language import _
from geo_data import freshness
from geo_data import quantities as q
from geo_data.quantities import BY_COLUMN, Quantity
from geo_data.view import View
from geo_data.vocabulary import Audience
from layers import BY_KEY
from layers.base import HexLayer
from layers.context import scheme

MADE_FROM: dict[str, tuple[Quantity, ...]] = {
    q.RESPONSE.column: (),
    q.DEMAND.column: (q.INCIDENTS, q.DEAD_MISSING),
    q.GAP.column: (q.INCIDENTS, q.DEAD_MISSING),
    q.GAP_CHANGE.column: (q.INCIDENTS, q.DEAD_MISSING),
    q.SURVIVABLE.column: (q.SEA_TEMPERATURE, q.HEAT),
    q.DETECTION.column: (),
    q.AREA_PROBABILITY.column: (
        q.INCIDENTS,
        q.WIND_EAST,
        q.WIND_NORTH,
        q.CURRENT_EAST,
        q.CURRENT_NORTH,
    ),
    q.PLANNED.column: (q.INCIDENTS, q.DEAD_MISSING),
    q.WALK.column: (q.SERVICES, q.LAND, q.ELEVATION, q.DESERT),
    q.DRIVE.column: (q.SERVICES, q.LAND, q.ELEVATION, q.DESERT),
}
"""Stored quantities behind a computed one, whose sources it names."""
OF_ASSETS = (
    q.RESPONSE.column, q.DEMAND.column, q.GAP.column, q.GAP_CHANGE.column, q.SURVIVABLE.column,
    q.DETECTION.column, q.AREA_PROBABILITY.column, q.PLANNED.column,
)  # fmt: skip
OF_INDEX = (q.CONTEXT_INDEX.column, q.INDEX_MISSING.column)
UNITS = {
    "lat_deg": "degrees, WGS84", "lon_deg": "degrees, WGS84", "speed_km_h": "km/h",
    "endurance_h": "hours", "mobilise_h": "hours", "covered_share": "share of the hexagon, 0 to 1",
    "h3": "H3 index as text", "dead_people": "people", "missing_people": "people",
    "dead_missing_people": "people", "survivors_people": "people", "area_km2": "km²",
    "cells_count": "hexagons", "limit_h": "hours", "leg_nm": "nautical miles", "leg_h": "hours",
    "elapsed_h": "hours", "course_deg": "degrees from north", "sweep_width_m": "metres",
    "track_km": "km", "gained_share": "share of the operation's demand",
    "met_share": "share of the operation's demand",
}  # fmt: skip
AUDIENCES = {
    Audience.CELL: "for the coordination cell only", Audience.PARTNER: "for partners",
    Audience.PUBLIC: "public",
}  # fmt: skip


def sources_of(view: View, layer: HexLayer) -> list[Mapping[str, Any]]:
    """Accounts of what went into a layer, also into a computed one."""
    parts = _of_index() if layer.key in OF_INDEX else MADE_FROM.get(layer.key, ())
    wanted = (layer.quantity, *parts)
    found = {s["source"]: s for quantity in wanted for s in view.sources_of(quantity)}
    if layer.key in OF_ASSETS:
        found |= {s["source"]: s for s in view.sources if s["job"] == "assets"}
    return list(found.values())


@cache
def _of_index() -> tuple[Quantity, ...]:
    plan = scheme.load(scheme.BORDER_PRESSURE)
    return tuple(
        BY_COLUMN[name] for one in plan.indicators for name in (one.quantity, one.per)
        if name in BY_COLUMN
    )  # fmt: skip


def stamped(view: View, table: pd.DataFrame, quantities: Sequence[Quantity]) -> pd.DataFrame:
    """A table with where it comes from and whether it is simulated, in every row."""
    known = [BY_KEY.get(quantity.column) for quantity in quantities]
    used = [s for layer in known if layer for s in sources_of(view, layer)]
    used += [s for quantity in quantities for s in view.sources_of(quantity)]
    return stamp(view, table, list({s["source"]: s for s in used}.values()))


def stamp(view: View, table: pd.DataFrame, sources: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The same for known accounts."""
    titles = "; ".join(f"{s['title']} ({s['licence']})" for s in sources)
    return table.assign(
        source=titles or "see the Data page",
        simulated="yes" if any(s["simulated"] for s in sources) else "no",
        release=view.name,
        audience=AUDIENCES[view.audience],
        **({"what_if": what_if.banner(view)} if view.what_if else {}),
    )


def about(view: View, used: Sequence[Mapping[str, Any]] | None = None) -> pd.DataFrame:
    """Sources of a release (or some) with owner, licence, period, age and accounts, for export."""
    now = datetime.now(UTC)
    rows = [
        {
            "source_id": s["source"], "source": s["title"], "owner": s["owner"],
            "licence": s["licence"],
            "url": s.get("url") or "", "reference_period": s["reference_period"] or "not stated",
            "fetched": str(s["fetched"] or ("generated" if s["simulated"] else "not stated")),
            "data_age": freshness.said(freshness.age_h(s, now)),
            "late": _late(s, now),
            "simulated": "yes" if s["simulated"] else "no",
            "rows_in": s["rows_in"], "accepted": s["accepted"], "quarantined": s["quarantined"],
            "release": view.name, "audience": AUDIENCES[view.audience],
            **({"what_if": what_if.banner(view)} if view.what_if else {}),
        }
        for s in (view.sources if used is None else used)
    ]  # fmt: skip
    return safe_table(pd.DataFrame(rows))


def _late(account: Mapping[str, Any], now: datetime) -> str:
    """Without a date a source is neither late nor in time."""
    if freshness.late(account, now):
        return "yes"
    return "undated" if freshness.age_h(account, now) is None else "no"


def units(columns: Sequence[str]) -> pd.DataFrame:
    """Unit and meaning of the columns that have one."""
    rows = []
    for column in dict.fromkeys(columns):
        quantity = BY_COLUMN.get(column)
        if quantity is not None:
            rows.append((column, quantity.unit, quantity.label, quantity.method))
        elif column in UNITS:
            rows.append((column, UNITS[column], column.replace("_", " "), ""))
    return safe_table(pd.DataFrame(rows, columns=["column", "unit", "label", "method"]))


def heading(view: View, picture: Picture) -> dict[str, Any]:
    """What every file says about itself, in the language of the picture."""
    with language.spoken(picture.language):
        what = picture.title or (_(picture.layer.title) if picture.layer else "")
        operation = language.word(view.operation["title"])
        late = sum(freshness.late(s, datetime.now(UTC)) for s in view.sources)
        return {
            "title": f"{operation}: {what}" if what else operation,
            "date": language.moment(view.at), "release": view.name,
            "audience": audience_said(view), "simulated": bool(view.manifest["simulated"]),
            "late": _("{n} of {all} sources late", n=late, all=len(view.sources)),
            "disclaimer": _(DISCLAIMER), "notes": list(picture.notes),
        }  # fmt: skip


def simulated(view: View) -> str:
    """The banner of everything that holds simulated data."""
    made_up = [s for s in view.sources if s["simulated"] and s["accepted"]]
    return _(
        "SIMULATED DATA. Sources simulated for demonstration: {n} of {all}. Do not act on them.",
        n=len(made_up), all=len(view.sources),
    )  # fmt: skip


def audience_said(view: View) -> str:
    """For whom a file is, in the language of this run."""
    return {
        Audience.CELL: _("For the coordination cell only"), Audience.PARTNER: _("For partners"),
        Audience.PUBLIC: _("For the public"),
    }[view.audience]  # fmt: skip
