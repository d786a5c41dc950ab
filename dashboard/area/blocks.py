"""Blocks of the Context page: choosing an area, its profile, its files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from dashboard import data, exports, links, markers, small_tables
from dashboard.figures import Figure
from dashboard.language import _, listed, number, percent, word
from dashboard.selection import Selection
from dashboard.text import strong
from geo_data import grid
from geo_data import quantities as q
from geo_data.errors import WaypostError
from geo_data.quantities import Quantity
from geo_data.view import View
from geo_data.words import N_, Phrase
from layers.context import areas, measures, places, profile
from layers.context.profile import HAZARDS, HIGHEST, MEANS, TOTALS

WAYS = {
    "admin": N_("Administrative area"),
    "crossing": N_("Around a crossing"),
    "drawn": N_("Drawn on the map"),
}
QUANTITIES: tuple[Quantity, ...] = tuple(
    dict.fromkeys(
        (*TOTALS, *MEANS, *HIGHEST, q.SERVICES, q.SITES, q.INCIDENTS, q.DEAD_MISSING, q.CROSSINGS)
    )
)
TABLES = ("services", "sites", "crossings", "incidents")
WHOLE_THINGS = frozenset({"incidents", "crossings", "service points", "facilities", "sites"})
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Area:
    """A chosen area: its name, its cells, and how the map shows it."""

    name: str
    cells: pd.DataFrame
    outlines: tuple[str, ...] = ()
    ring: Ring = ()
    remarks: tuple[str, ...] = ()


def way() -> str:
    """How the area is chosen."""
    titles = {key: _(title) for key, title in WAYS.items()}
    return links.choice("way", titles, st.radio, _("Area"))


def chosen(view: View, how: str, ring: Ring) -> Area | None:
    """The area that the controls ask for; None, with a sentence, if it cannot be had."""
    try:
        if how == "admin":
            return _admin(view)
        if how == "crossing":
            return _around(view)
        return _drawn(view, ring)
    except WaypostError as problem:
        st.warning(_(problem.args[0]))
        return None


def drawn_ring() -> Ring:
    """The drawn polygon in the link; empty if there is none or it is nonsense."""
    text = st.query_params.get("drawn", "")
    try:
        numbers = [float(part) for part in text.split(",")] if text else []
    except ValueError:
        return ()
    usable = len(numbers) >= 8 and len(numbers) % 2 == 0 and np.isfinite(numbers).all()
    return tuple(zip(numbers[::2], numbers[1::2], strict=True)) if usable else ()


def remember(ring: Ring) -> None:
    """Put a drawn polygon into the link."""
    st.query_params["drawn"] = ",".join(f"{part:.4f}" for corner in ring for part in corner)


@lru_cache(maxsize=2)
def hexagons(release: str) -> pd.DataFrame:
    """What profiles are made of."""
    return data.view(release).wide(list(QUANTITIES))


def looked_at(selection: Selection, area: Area | None) -> Selection:
    """The selection with the map over a newly chosen area; an old one leaves the map alone."""
    if area is None or st.session_state.get("area-shown") == area.name:
        return selection
    first = "area-shown" not in st.session_state and "view" in st.query_params
    st.session_state["area-shown"] = area.name
    if first:
        return selection
    lat, lon = grid.centres_of(area.cells["cell"])
    span = max(float(np.ptp(lat)), float(np.ptp(lon)), 0.2)
    zoom = int(np.clip(np.floor(np.log2(360 / span)), 4, 9))
    middle = (round(float(lat.mean()), 3), round(float(lon.mean()), 3))
    return replace(selection, lat_deg=middle[0], lon_deg=middle[1], zoom=zoom)


def profile_of(view: View, area: Area) -> pd.DataFrame:
    """Profile of an area."""
    tables = {name: view.places(name) for name in TABLES}
    counted = [q.INCIDENTS, q.DEAD_MISSING]
    if view.rule(q.INCIDENTS).open:
        return profile.profile(area.cells, hexagons(view.name), tables)
    # A thinned list would read as "none"; the hexagons know what is withheld.
    tables.pop("incidents")
    part = measures.cut(area.cells, hexagons(view.name))
    rows = [measures.total(part, quantity, "incidents") for quantity in counted]
    table = profile.profile(area.cells, hexagons(view.name), tables)
    return pd.concat([table, measures.table(rows)], ignore_index=True)


def key_figures(view: View, table: pd.DataFrame) -> list[Figure]:
    """The figures that a decision maker asks for first."""
    return [
        _figure(view, table, "people", q.POPULATION), _figure(view, table, "people", q.DISPLACED),
        _first(table, "services", _("Service points")),
        _first(table, "crossings", _("Crossing points")),
        _first(table, "incidents", _("Incidents recorded")),
    ]  # fmt: skip


def profile_table(table: pd.DataFrame) -> None:
    """The whole profile, by topic."""
    shown = pd.DataFrame(
        {
            _("Topic"): table["topic"].map(word), _("What"): table["label"].map(word),
            _("Value"): [_said(*row) for row in zip(table["value"], table["unit"], strict=True)],
            _("Unit"): table["unit"].map(word),
            _("Known for, % of the area"): (table["known_share"] * 100).round(0),
            _("Note"): table["note"].map(word),
        }
    )  # fmt: skip
    small_tables.grid(shown, height=460)


def charts(view: View, area: Area, table: pd.DataFrame) -> None:
    """Incidents by year, and people exposed by class."""
    years = places.by_year(area.cells, view.places("incidents"))
    if view.rule(q.INCIDENTS).open and len(years) and years["incidents_count"].sum() > 0:
        st.markdown(strong(_("Incidents recorded by year")))
        st.bar_chart(years.assign(year=years["year"].astype(str)), x="year", y="incidents_count",
                     x_label="", y_label=_("incidents"), height=220)  # fmt: skip
        st.caption(
            _(
                "The first and the last year may be recorded in part. On the edge of the area an "
                "incident counts by the share of its hexagon that lies inside."
            )
        )
    for hazard in HAZARDS:
        rows = table[(table["topic"] == "people exposed") & (table["quantity"] == hazard.column)]
        rows = rows[rows["value"] > 0]
        if len(rows):
            labels = [word(label.values["which"]) for label in rows["label"]]
            title = _("People exposed: {hazard}", hazard=_(hazard.label))
            st.markdown(strong(title))
            small_tables.bars(labels, rows["value"].tolist(), _("people"))


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


def _admin(view: View) -> Area | None:
    table = view.reference("areas")
    rank = {code: number for number, code in enumerate(view.operation["countries"])}
    table = table[table["kind"].str.startswith("admin")]
    order = table["country"].map(rank).fillna(len(rank))
    table = table.assign(order=order).sort_values(["order", "name"]).drop(columns="order")
    if table.empty:
        st.info(_("This release has no administrative areas."))
        return None
    names = {
        row["area_code"]: f"{row['country'] or ''} {row['name'] or row['area_code']}"
        for row in table.to_dict("records")
    }
    code = links.choice("code", names, st.selectbox, _("Which"))
    cells = areas.from_code(code, table, view.reference("area_cells"))
    return Area(names[code].strip(), cells, outlines=(f"code-{code}",))


def _around(view: View) -> Area | None:
    table = view.places("crossings").dropna(subset=["lat_deg"])
    if table.empty:
        st.info(_("This release has no crossing points, or this audience may not see them."))
        return None
    names = {
        row["place_id"]: markers.name_of(row) or _("unknown") for row in table.to_dict("records")
    }
    key = links.choice("crossing", names, st.selectbox, _("Crossing"))
    radius = st.slider(_("Radius, km"), 5, 200, 50, 5, key="radius_km", bind="query-params")
    at = table[table["place_id"] == key].iloc[0]
    where = {"lat_deg": float(at["lat_deg"]), "lon_deg": float(at["lon_deg"])}
    cells = areas.from_circle(
        **where, radius_km=radius, cells=hexagons(view.name)["cell"].to_numpy()
    )
    ring = areas.circle(**where, radius_km=radius).exterior.coords
    title = _("{place}, {radius} km around", place=names[key], radius=radius)
    return Area(title, cells, ring=tuple(ring)[::6])


def _drawn(view: View, ring: Ring) -> Area | None:
    if not ring:
        st.info(
            _("Press the polygon button on the map, click the corners, close with a double click.")
        )
        return None
    polygon = shapely.Polygon(ring)
    cells = hexagons(view.name)["cell"].to_numpy()
    return Area(
        _("Drawn area"), areas.from_polygon(polygon, cells), ring=ring,
        remarks=areas.remarks(polygon, cells),
    )  # fmt: skip


def _figure(view: View, table: pd.DataFrame, topic: str, quantity: Quantity) -> Figure:
    row = table[(table["topic"] == topic) & (table["quantity"] == quantity.column)].iloc[0]
    simulated = any(source["simulated"] for source in view.sources_of(quantity))
    known = _("known for {share} of the area", share=percent(row["known_share"]))
    marks = [known, _("simulated")] if simulated else [known]
    return Figure(_(quantity.label), _said(row["value"]), listed(marks))


def _first(table: pd.DataFrame, topic: str, label: str) -> Figure:
    rows = table[table["topic"] == topic]
    if rows.empty:
        return Figure(label, _("unknown"))
    first = rows.iloc[0]
    # The first row counts one status or sector only; the figure says which.
    named = first["label"].values.get("which", "") if isinstance(first["label"], Phrase) else ""
    note = listed([part for part in (word(named), word(first["note"])) if part])
    return Figure(label, _said(first["value"], first["unit"]), note)


def _said(value: float, unit: str = "people") -> str:
    """A value of a profile; whole things that lie on the edge of the area are said to be about."""
    if value is None or np.isnan(value):
        return _("unknown")
    if float(value).is_integer() or abs(value) >= 100:
        return number(value)
    if unit in WHOLE_THINGS:
        return _("about {n}", n=round(value))
    return number(value, 0 if abs(value) >= 10 else 2)


data.forget_daily(hexagons.cache_clear)
