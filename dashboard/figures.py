"""Key figures in one strip, the age of the data first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.language import _, day, listed, ngettext, number, span
from dashboard.text import safe
from geo_data import freshness
from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.view import View
from geo_data.vocabulary import CrossingStatus


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
    '5 minutes ago'
    >>> ago(datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 13, 46, tzinfo=UTC))
    '1 h 46 min ago'
    """
    since = now - at
    if since < timedelta(minutes=1):
        return _("just now")
    return _("{span} ago", span=mixed(since)) if _two_units(since) else span(since, ago=True)


def age(hours: float | None) -> str:
    """Age of data in words.

    >>> age(0.5), age(31), age(24 * 30), age(None)
    ('today', '1 day 7 h', '4 weeks', 'undated')
    """
    if hours is None:
        return _("undated")
    since = timedelta(hours=hours)
    if hours < 24:
        return _("today")
    return mixed(since) if _two_units(since) else span(since)


def mixed(length: timedelta) -> str:
    """A length in hours and minutes, from a day on in days and hours.

    >>> mixed(timedelta(minutes=106)), mixed(timedelta(hours=31)), mixed(timedelta(hours=24))
    ('1 h 46 min', '1 day 7 h', '1 day')
    """
    minutes = int(length.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        whole = ngettext("{n} day", "{n} days", days)
        return _("{days} {n} h", days=whole, n=hours) if hours else whole
    rest = minutes % 60
    return _("{hours} h {n} min", hours=hours, n=rest) if rest else _("{n} h", n=hours)


def _two_units(length: timedelta) -> bool:
    """From one and a half hours to two days one unit says too little or too much."""
    return timedelta(minutes=90) <= length < timedelta(hours=48)


def _age(view: View, now: datetime) -> Figure:
    late = [source for source in view.sources if freshness.late(source, now)]
    failed = [source for source in view.sources if source["status"] == "failed"]
    said = _("{n} of {all} sources late", n=len(late), all=len(view.sources))
    parts = [said if late else _("no source late")]
    parts += [ngettext("{n} failed", "{n} failed", len(failed))] if failed else []
    return Figure(_("Updated"), ago(view.at, now), listed(parts), alarm=bool(late or failed))


def _crossings(view: View) -> Figure:
    table = view.places("crossings")
    table = table[table["duplicate_of"].isna()] if "duplicate_of" in table else table
    status = table["status"].fillna("unknown").value_counts()
    known = len(table) - int(status.get("unknown", 0))
    count = {word.value: int(status.get(word, 0)) for word in CrossingStatus}
    return Figure(
        _("Crossings open"), part(count["open"], known) if known else _("unknown"),
        _("restricted: {restricted}, closed: {closed}, unknown: {unknown}", **count),
        alarm=count["closed"] > 0,
    )  # fmt: skip


def part(some: int, whole: int) -> str:
    """How many of how many.

    >>> part(3, 12)
    '3 of 12'
    """
    return _("{some} of {whole}", some=some, whole=whole)


def _total(view: View, quantity: Quantity) -> Figure:
    value = view.hexagons(quantity)[quantity.column].to_numpy(np.float64)
    if np.isnan(value).all():
        return Figure(_(quantity.label), _("unknown"), _("no source of this release"))
    simulated = any(source["simulated"] for source in view.sources_of(quantity))
    unknown = int(np.isnan(value).sum())
    note = _("simulated") if simulated else (_("at least; partly unknown") if unknown else "")
    return Figure(_(quantity.label), number(np.nansum(value)), note)


def _incidents(view: View) -> Figure:
    rule, title = view.rule(q.INCIDENTS), _("Incidents, 30 days")
    if not rule.open:
        return Figure(
            title, _("withheld"),
            _("younger than {days} days, and fewer than {least} in a hexagon",
              days=rule.delay_days, least=rule.min_count),
        )  # fmt: skip
    table = view.places("incidents")
    dates = pd.to_datetime(table["date"])
    recent = dates > pd.Timestamp(view.today - timedelta(days=30))
    people = table.loc[recent, "dead_missing_people"].sum()
    newest = dates.max()
    if not recent.any() and pd.notna(newest):
        return Figure(title, _("none recorded"), _("latest of {day}", day=day(newest)))
    dead = _("at least {n} dead or missing", n=int(people))
    return Figure(title, number(int(recent.sum())), dead)


def _assets(view: View) -> Figure:
    table = view.places("assets")
    if table.empty:
        return Figure(_("Rescue assets ready"), _("none shown"), _("no source, or withheld"))
    ready = int(table["ready"].fillna(False).astype(bool).sum())
    note = _("for planning, not for tasking")
    return Figure(_("Rescue assets ready"), part(ready, len(table)), note)
