"""Blocks of the Context page: the profile of areas, its figures, charts and files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from dashboard import data, exports, say, small_tables
from dashboard.area import choose, ways, withheld
from dashboard.area.choose import Area
from dashboard.figures import Figure
from dashboard.language import _, listed, number, percent, word
from dashboard.what_if import Supposed, plain_name
from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.view import View
from geo_data.words import N_
from layers.context import flows, measures, places, profile, seasons, spans
from layers.context.profile import HAZARDS, HIGHEST, MEANS, TOTALS
from layers.services import times

QUANTITIES: tuple[Quantity, ...] = tuple(
    dict.fromkeys(
        (*TOTALS, *MEANS, *HIGHEST, q.SERVICES, q.SITES, q.INCIDENTS, q.DEAD_MISSING, q.CROSSINGS)
    )
)
MONTHS = 36
KEYS = ["topic", "label", "unit"]
TABLES = ("services", "sites", "crossings", "incidents")
WHOLE_THINGS = frozenset({"incidents", "crossings", "service points", "facilities", "sites"})


@lru_cache(maxsize=4)
def hexagons(release: str) -> pd.DataFrame:
    """What profiles are made of."""
    view = data.view(release)
    if isinstance(view, Supposed):
        return view.laid_over(hexagons(view.base.name))
    return view.wide(list(QUANTITIES))


def times_wanted() -> bool:
    """Whether the profile is to tell the times to services; it lives in the link."""
    told = _("Measured once per release, which takes some ten seconds.")
    title = _("Times to services in the profile")
    return bool(st.toggle(title, key="times", bind="query-params", help=told))


def profile_of(view: View, area: Area, timed: bool = False) -> pd.DataFrame:
    """Profile of an area, with flows at its crossings, seasons and, if wanted, times to services.

    Times ask for the ways over land, which are measured once per release.
    """
    tables = {name: view.places(name) for name in TABLES}
    counted = [q.INCIDENTS, q.DEAD_MISSING]
    part = measures.cut(area.cells, hexagons(view.name))
    rows = flows.flows(area.cells, tables["crossings"], view.series())
    is_open = view.rule(q.INCIDENTS).open
    rows += seasons.rows(area.cells, tables["incidents"] if is_open else None, tables["crossings"],
                         view.series())  # fmt: skip
    if timed:
        rows += _times(view, part)
    if not is_open:
        # A thinned list would read as "none"; the hexagons know what is withheld.
        tables.pop("incidents")
        rows += [measures.total(part, quantity, "incidents") for quantity in counted]
    table = profile.profile(area.cells, hexagons(view.name), tables)
    table = pd.concat([table, measures.table(rows)], ignore_index=True) if rows else table
    return withheld.marked(view, table, part)


def _times(view: View, part: pd.DataFrame) -> list[measures.Row]:
    everywhere = ways.cells(view.name)
    place = np.minimum(np.searchsorted(everywhere, part["cell"]), len(everywhere) - 1)
    here = everywhere[place] == part["cell"].to_numpy(np.int64)
    away = {
        (sector, pace): np.where(here, ways.hours(view.name, sector, pace)[place], np.nan)
        for sector in ways.sectors(plain_name(view.name)) for pace in ways.PACES
    }  # fmt: skip
    return times.rows(part, away)


@lru_cache(maxsize=4)
def whole_profile(release: str, timed: bool = False) -> pd.DataFrame:
    """Profile of the whole operation, which the others are compared with."""
    view = data.view(release)
    return profile_of(view, choose.whole(view), timed)


def key_figures(view: View, table: pd.DataFrame) -> list[Figure]:
    """The figures that a decision maker asks for first."""
    return [
        _figure(view, table, "people", q.POPULATION), _figure(view, table, "people", q.DISPLACED),
        _counted(table, "services", _("Service points")),
        _counted(table, "crossings", _("Crossing points")),
        _first(table, "incidents", _("Incidents recorded")),
    ]  # fmt: skip


def profile_table(view: View, profiles: Mapping[str, pd.DataFrame], timed: bool = False) -> None:
    """The whole profile by topic, of one area or of several side by side, against the operation."""
    everything = _("Whole operation")
    whole = whole_profile(view.name, timed)
    found = profile.compared({**profiles, everything: whole})
    first = next(iter(profiles.values()))
    notes = first.drop_duplicates(["topic", "label", "unit"])
    told = found.merge(notes, on=["topic", "label", "unit"], how="left")
    values = {
        (name if len(profiles) > 1 or name == everything else _("Value")): [
            said(*row)
            for row in zip(
                found[name],
                found["unit"],
                withheld_in(found, whole if name == everything else profiles[name]),
                strict=True,
            )
        ]
        for name in (*profiles, everything)
    }
    shown = {
        _("Topic"): found["topic"].map(word), _("What"): found["label"].map(word), **values,
        _("Unit"): found["unit"].map(word),
    }  # fmt: skip
    if len(profiles) == 1:
        shown[_("Known for, % of the area")] = (told["known_share"] * 100).round(0)
        shown[_("Note")] = told["note"].fillna("").map(word)
    else:
        for name, table in profiles.items():
            share = found[profile.KEYS].merge(table.drop_duplicates(profile.KEYS), how="left")
            shown[_("{area}: known for, %", area=name)] = (share["known_share"] * 100).round(0)
    small_tables.grid(pd.DataFrame(shown), height=460)


def withheld_in(lines: pd.DataFrame, table: pd.DataFrame) -> list[bool]:
    """For each line, whether it is withheld in a profile."""
    gone = {*map(tuple, table.loc[table["withheld"], KEYS].astype(str).to_numpy())}
    return [tuple(line) in gone for line in lines[KEYS].astype(str).to_numpy()]


def charts(view: View, area: Area, table: pd.DataFrame) -> None:
    """Incidents by year, and people exposed by class."""
    years = places.by_year(area.cells, view.places("incidents"))
    if view.rule(q.INCIDENTS).open and len(years) and years["incidents_count"].sum() > 0:
        say.strong(_("Incidents recorded by year"))
        st.bar_chart(years.assign(year=years["year"].astype(str)), x="year", y="incidents_count",
                     x_label="", y_label=_("incidents"), height=220)  # fmt: skip
        say.caption(
            _(
                "The first and the last year may be recorded in part. On the edge of the area an "
                "incident counts by the share of its hexagon that lies inside."
            )
        )
        months = places.by_month(area.cells, view.places("incidents")).tail(MONTHS)
        say.strong(_("Incidents by month, against the same month in other years"))
        _trend(view, months)
    for hazard in HAZARDS:
        rows = table[(table["topic"] == "people exposed") & (table["quantity"] == hazard.column)]
        rows = rows[rows["value"] > 0]
        if len(rows):
            labels = [word(label.values["which"]) for label in rows["label"]]
            title = _("People exposed: {hazard}", hazard=_(hazard.label))
            say.strong(title)
            small_tables.bars(labels, rows["value"].tolist(), _("people"))


def _trend(view: View, months: pd.DataFrame) -> None:
    """Incidents by month, with a line where a source of the register begins or ends."""
    broken = spans.source_changes(view.places("incidents"))
    broken = broken[broken["month"] >= months["month"].min()]
    names = {"incidents_count": _("recorded"), "other_years_count": _("other years")}
    long = months.rename(columns=names).melt("month", var_name="which", value_name="incidents")
    lines = alt.Chart(long).mark_line().encode(
        x=alt.X("month:T", title=None), y=alt.Y("incidents:Q", title=_("incidents")),
        color=alt.Color("which:N", title=None, legend=alt.Legend(orient="bottom")),
    )  # fmt: skip
    rules = alt.Chart(broken).mark_rule(strokeDash=[4, 3]).encode(x="month:T")
    st.altair_chart((lines + rules if len(broken) else lines).properties(height=200))
    titles = {account["source"]: account["title"] for account in view.sources}
    said = {True: N_("{month}: '{source}' begins"), False: N_("{month}: '{source}' ends")}
    told = [
        _(said[begins], month=f"{month:%Y-%m}", source=titles.get(source, source))
        for month, source, begins in broken.itertuples(index=False)
    ]
    if told:
        say.caption(_("Breaks in the series (dashed), where a source changed: {breaks}.",
                     breaks="; ".join(told)))  # fmt: skip


def downloads(view: View, area: Area, table: pd.DataFrame) -> None:
    """Profile as CSV; hexagons and profile as GeoPackage."""
    stamped = exports.stamped(view, table.assign(area=area.name), list(QUANTITIES))
    left, right = st.columns(2)
    left.download_button(
        _("Profile as CSV"), lambda: exports.csv(stamped), mime="text/csv",
        file_name=exports.file_name(view, "context-profile", "csv"),
    )  # fmt: skip
    right.download_button(
        _("Area as GeoPackage"), lambda: _geopackage(view, area),
        file_name=exports.file_name(view, "context-area", "gpkg"),
        mime="application/geopackage+sqlite3",
    )  # fmt: skip


def _geopackage(view: View, area: Area) -> bytes:
    inside = area.cells.merge(hexagons(view.name), on="cell", how="left")
    spoken = [quantity for quantity in QUANTITIES if view.sources_of(quantity)]
    kept = inside[["cell", "fraction", *(quantity.column for quantity in spoken)]]
    layer = exports.hexagon_layer(exports.stamped(view, kept, spoken))
    return exports.geopackage({"hexagons": layer}, exports.about(view))


def _figure(view: View, table: pd.DataFrame, topic: str, quantity: Quantity) -> Figure:
    row = table[(table["topic"] == topic) & (table["quantity"] == quantity.column)].iloc[0]
    simulated = any(source["simulated"] for source in view.sources_of(quantity))
    known = _("known for {share} of the area", share=percent(row["known_share"]))
    marks = [known, _("simulated")] if simulated else [known]
    return Figure(_(quantity.label), said(row["value"], away=row["withheld"]), listed(marks))


def _counted(table: pd.DataFrame, topic: str, label: str) -> Figure:
    """All places of a topic, with what they divide into where that matters."""
    rows = table[table["topic"] == topic]
    if rows.empty or rows["value"].isna().all():
        return Figure(label, _("unknown"))
    parts = [
        _("{n} {status}", n=said(row["value"], row["unit"]),
          status=word(row["label"].values["which"]))
        for row in rows.to_dict("records")
        if row["value"] > 0
    ]  # fmt: skip
    note = listed(parts) if topic == "crossings" else ""
    return Figure(label, said(float(rows["value"].sum()), rows["unit"].iloc[0]), note)


def _first(table: pd.DataFrame, topic: str, label: str) -> Figure:
    rows = table[table["topic"] == topic]
    if rows.empty:
        return Figure(label, _("unknown"))
    first = rows.iloc[0]
    value = said(first["value"], first["unit"], first["withheld"])
    return Figure(label, value, word(first["note"]))


def said(value: float, unit: str = "people", away: bool = False) -> str:
    """A value of a profile; whole things that lie on the edge of the area are said to be about.

    What is withheld from the audience (``away``) is called so, never none and never unknown.
    """
    if away:
        return _("withheld")
    if value is None or np.isnan(value):
        return _("unknown")
    if np.isinf(value):
        return _("no way")
    if float(value).is_integer() or abs(value) >= 100:
        return number(value)
    if unit in WHOLE_THINGS:
        return _("about {n}", n=round(value))
    digits = 0 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 4
    return number(value, digits)


for _cached in (hexagons, whole_profile):
    data.forget_daily(_cached.cache_clear)
