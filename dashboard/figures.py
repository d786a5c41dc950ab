"""Key figures in one strip, the age of the data first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.text import safe
from geo_data import freshness
from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.view import View


@dataclass(frozen=True)
class Figure:
    """One figure: what, how much, and a word of caution."""

    label: str
    value: str
    note: str = ""
    alarm: bool = False


def strip(figures: list[Figure]) -> None:
    """Draw figures side by side."""
    cards = "".join(
        f"<div class='wp-figure{' wp-alarm' if figure.alarm else ''}'>"
        f"<div class='wp-figure-label'>{safe(figure.label)}</div>"
        f"<div class='wp-figure-value'>{safe(figure.value)}</div>"
        f"<div class='wp-figure-note'>{safe(figure.note)}</div></div>"
        for figure in figures
    )
    st.html(f"<div class='wp-strip'>{cards}</div>")


def live(view: View) -> list[Figure]:
    """Figures of the live map."""
    now = datetime.now(UTC)
    return [
        _age(view, now), _crossings(view), _total(view, q.DISPLACED), _incidents(view),
        _assets(view),
    ]  # fmt: skip


def ago(at: datetime, now: datetime) -> str:
    """Time since a release, in words.

    >>> ago(datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 12, 5, tzinfo=UTC))
    '5 min ago'
    """
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 60:
        return "just now" if minutes < 1 else f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"


def _age(view: View, now: datetime) -> Figure:
    late = [source for source in view.sources if freshness.late(source, now)]
    failed = [source for source in view.sources if source["status"] == "failed"]
    parts = [f"{len(late)} of {len(view.sources)} sources late"] if late else ["no source late"]
    parts += [f"{len(failed)} failed"] if failed else []
    return Figure("Updated", ago(view.at, now), ", ".join(parts), alarm=bool(late or failed))


def _crossings(view: View) -> Figure:
    table = view.places("crossings")
    table = table[table["duplicate_of"].isna()] if "duplicate_of" in table else table
    status = table["status"].fillna("unknown").value_counts()
    known = len(table) - int(status.get("unknown", 0))
    closed, limited = int(status.get("closed", 0)), int(status.get("restricted", 0))
    return Figure(
        "Crossings open", f"{int(status.get('open', 0))} of {known}" if known else "unknown",
        f"{limited} restricted, {closed} closed, {int(status.get('unknown', 0))} unknown",
        alarm=closed > 0,
    )  # fmt: skip


def _total(view: View, quantity: Quantity) -> Figure:
    value = view.hexagons(quantity)[quantity.column].to_numpy(np.float64)
    if np.isnan(value).all():
        return Figure(quantity.label, "unknown", "no source of this release")
    simulated = any(source["simulated"] for source in view.sources_of(quantity))
    unknown = int(np.isnan(value).sum())
    note = "simulated" if simulated else ("at least; partly unknown" if unknown else "")
    return Figure(quantity.label, f"{np.nansum(value):,.0f}", note)


def _incidents(view: View) -> Figure:
    rule = view.rule(q.INCIDENTS)
    if not rule.open:
        return Figure(
            "Incidents, 30 days", "withheld",
            f"younger than {rule.delay_days} days, and fewer than {rule.min_count} in a hexagon",
        )  # fmt: skip
    table = view.places("incidents")
    dates = pd.to_datetime(table["date"])
    recent = dates > pd.Timestamp(view.today - timedelta(days=30))
    people = table.loc[recent, "dead_missing_people"].sum()
    newest = dates.max()
    if not recent.any() and pd.notna(newest):
        return Figure("Incidents, 30 days", "none recorded", f"latest of {newest:%Y-%m-%d}")
    return Figure(
        "Incidents, 30 days", f"{int(recent.sum())}", f"at least {people:,.0f} dead or missing"
    )


def _assets(view: View) -> Figure:
    table = view.places("assets")
    if table.empty:
        return Figure("Rescue assets ready", "none shown", "no source, or withheld")
    ready = int(table["ready"].fillna(False).astype(bool).sum())
    return Figure(
        "Rescue assets ready", f"{ready} of {len(table)}", "for planning, not for tasking"
    )
