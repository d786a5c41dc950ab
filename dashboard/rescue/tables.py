"""Tables of the page in the planner's units, and the same as files."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard import exports, language, small_tables
from dashboard.language import _, word
from dashboard.rescue import units
from dashboard.rescue.plan import Plan
from geo_data import grid
from geo_data import quantities as q
from geo_data.words import N_

DIGITS = {
    "response_h": 1, "limit_h": 1, "planned_h": 2, "needed_h": 1, "sweep_width_m": 0,
    "population_people": 0, "displaced_people": 0, "people": 0, "leg_h": 2, "elapsed_h": 2,
    "course_deg": 0,
}  # fmt: skip
SHARES = (
    "demand_share", "gap_share", "area_probability", "detection_share", "gained_share", "met_share",
)  # fmt: skip
TITLES = {
    "gap_area": N_("Gap area"), "place": N_("Place"), "cells_count": N_("Hexagons"),
    "rank": N_("Rank"), "demand_share": N_("Demand, %"), "gap_share": N_("Gap, %"),
    "position": N_("Position"), "response_h": N_("First arrives, h"),
    "limit_h": N_("Needed within, h"), "reason": N_("Why"), "asset": N_("First asset"),
    "h3": N_("Hexagon"), "population_people": N_("Residents"),
    "displaced_people": N_("Displaced people"), "planned_h": N_("Search, h"),
    "area_probability": N_("Probability of area, %"), "detection_share": N_("Found, %"),
    "track": N_("Track"), "sensor": N_("Searcher"),
    "sensor_from": N_("Searcher known from"), "sweep_width_m": N_("Sweep width, m"),
    "witness": N_("Witness"), "weight": N_("Weight, %"), "base": N_("Base"),
    "gained_share": N_("Adds demand, %"), "met_share": N_("Then met, %"),
    "waypoint": N_("Waypoint"),
    "course_deg": N_("Course, °"), "leg_h": N_("Leg, h"), "elapsed_h": N_("Since start, h"),
    "problem": N_("Problem"), "advice": N_("What to do"), "used": N_("Still counted"),
    "done": N_("What was done"), "chance": N_("Chance"), "name": N_("Name"),
    "medium": N_("Moves by"), "endurance_h": N_("Endurance, h"),
    "mobilise_h": N_("Mobilises in, h"), "on_call": N_("On call, UTC"), "state": N_("Readiness"),
    "people": N_("People"), "what": N_("First arrival"),
}  # fmt: skip


def show(made: Plan, table: pd.DataFrame, *, height: int = 300) -> None:
    """A table as people read it: units as chosen, positions in one column, words translated."""
    small_tables.grid(readable(made, table), height=height if len(table) > 8 else "content")


def readable(made: Plan, table: pd.DataFrame) -> pd.DataFrame:
    """Names for ids, the planner's units, titles in the language of the page."""
    said = units.of(made.values)
    told = named(made, table)
    titles = dict(TITLES)
    if "lat_deg" in told:
        told.insert(int(told.columns.get_loc("lat_deg")), "position", positions(said, told))
        told = told.drop(columns=["lat_deg", "lon_deg"])
    for name in ("area_km2", "track_km", "leg_km"):
        if name in told:
            told[name] = [said.area(v)[0] if name == "area_km2" else said.length(v)[0]
                          for v in told[name].astype(float)]  # fmt: skip
            told[name] = told[name].round(1)
    digits = {n: d for n, d in DIGITS.items() if n in told}
    told = told.assign(**{n: told[n].astype(float).round(d) for n, d in digits.items()})
    told = told.assign(**{n: (told[n].astype(float) * 100).round(3) for n in SHARES if n in told})
    for name in (
        "reason",
        "sensor",
        "sensor_from",
        "witness",
        "problem",
        "advice",
        "done",
        "chance",
    ):
        if name in told:
            told[name] = [word(str(value).replace("_", " ")) if name == "sensor" else word(value)
                          for value in told[name]]  # fmt: skip
    shown = {name: _(title) for name, title in titles.items()}
    shown["area_km2"] = _("Area, {unit}", unit=said.area(0)[1])
    shown["speed"] = _("Speed, {unit}", unit=said.speed(0)[1])
    shown["track_km"] = _("Length, {unit}", unit=said.length(0)[1])
    shown["leg_km"] = _("Leg, {unit}", unit=said.length(0)[1])
    return told.rename(columns=shown)


def positions(said: units.Units, table: pd.DataFrame) -> list[str]:
    """Positions in text, the latitude first in every language; a blank where there is none."""
    isolated = language.right_to_left()
    found = units.positions(said, table)
    return [f"{language.LTR_ISOLATE}{one}{language.POP}" if isolated else one for one in found]


def named(made: Plan, table: pd.DataFrame) -> pd.DataFrame:
    """Assets by the names that people know them by."""
    if "asset_id" not in table:
        return table.copy()
    return table.rename(columns={"asset_id": "asset"}).assign(
        asset=[made.names.get(one, one) for one in table["asset_id"]]
    )


def hexagon_files(made: Plan, table: pd.DataFrame, what: str) -> None:
    """Hexagons as CSV, KML and GeoPackage, made when asked for."""
    view = made.view

    def stamped() -> pd.DataFrame:
        told = named(made, table)
        if "lat_deg" not in told:
            lat_deg, lon_deg = grid.centres_of(told["cell"])
            told = told.assign(lat_deg=lat_deg, lon_deg=lon_deg)
        return stamp(made, told)

    def csv() -> bytes:
        told = stamped()
        return exports.csv(told.assign(h3=grid.text(told["cell"])).drop(columns="cell"))

    def kml() -> bytes:
        marks = stamped().head(1_000)
        name = pd.Series([f"{what} {n}" for n in range(1, len(marks) + 1)], index=marks.index)
        return exports.kml(
            f"{view.operation['title']}: {what}", marks.drop(columns="cell").assign(name=name)
        )

    def geopackage() -> bytes:
        layer = exports.hexagon_layer(stamped().drop(columns=["lat_deg", "lon_deg"]))
        return exports.geopackage({what.replace("-", "_"): layer}, exports.about(view))

    buttons(made, what, csv=csv, kml=kml, gpkg=geopackage)


def stamp(made: Plan, table: pd.DataFrame) -> pd.DataFrame:
    """With sources, release, and that it is for planning."""
    told = exports.stamped(made.view, table, [q.INCIDENTS, q.POPULATION])
    simulated = made.view.manifest["simulated"]
    return told.assign(
        use="for planning, not for tasking", simulated="yes" if simulated else told["simulated"]
    )


MIME = {
    "csv": "text/csv", "kml": "application/vnd.google-earth.kml+xml",
    "gpkg": "application/geopackage+sqlite3", "gpx": "application/gpx+xml",
    "json": "application/json",
}  # fmt: skip
KINDS = {"csv": "CSV", "kml": "KML", "gpkg": "GeoPackage", "gpx": "GPX", "json": "JSON"}


def buttons(made: Plan, what: str, **makers: Callable[[], bytes]) -> None:
    """One download button a format."""
    columns = st.columns([1] * len(makers) + [max(1, 5 - len(makers))])
    for column, (ending, maker) in zip(columns, makers.items(), strict=False):
        column.download_button(
            KINDS[ending], maker, file_name=exports.file_name(made.view, f"sar-{what}", ending),
            mime=MIME[ending], key=f"file-{what}-{ending}", width="stretch",
        )  # fmt: skip
