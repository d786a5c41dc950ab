"""Step 3, searched: tracks, what is left, the best use of the next hours, a pattern to steer."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import say
from dashboard.language import _, number, percent
from dashboard.rescue import bring, plan, searched, settings, tables, uploads
from dashboard.rescue.plan import Hashed, Plan
from geo_data import grid
from geo_data.errors import WaypostError
from layers.sar import patterns
from layers.sar.patterns import KM_PER_NM, Area, Pattern

SHOWN = 200
TRACKS = "sar-tracks"


def controls(made: Plan) -> None:
    """Who searches for what in which conditions, and what is believed before."""
    settings.show(settings.LOOKED, made.values)
    with st.expander(_("How it is searched")):
        settings.show(settings.SEARCH, made.values)


def brought() -> Hashed | None:
    """Tracks that the planner brought along in this session."""
    held: Hashed | None = st.session_state.get(TRACKS)
    return held


def below(made: Plan) -> None:
    """Tracks, what is left, and where to search next."""
    found = searched.looked(made)
    say.caption(
        _(
            "The searches would have found the object with {success}. It is nowhere here with "
            "{outside}. The next {hours} h find it with {next}, if it is as the map says.",
            success=percent(found.success, 1), outside=percent(found.outside, 1),
            hours=number(float(made.values["effort"])), next=percent(found.next_success, 1),
        )
    )  # fmt: skip
    tracks_tab, next_tab, pattern_tab = st.tabs(
        [_("Tracks"), _("Next search hours"), _("Search pattern")]
    )
    with tracks_tab:
        _tracks(made, found)
    with next_tab:
        _next(made, found)
    with pattern_tab:
        _pattern(made, found)


def _tracks(made: Plan, found: searched.Looked) -> None:
    if found.tracks.empty:
        say.note(_("No search track is in this release, or this audience may not see them."))
    else:
        tables.show(made, found.tracks)
    if len(found.notes):
        tables.show(made, found.notes)
    sent = st.file_uploader(
        _("Bring tracks or searched areas; this session only"), type=list(uploads.TRACK_FILES),
        max_upload_size=5, accept_multiple_files=True, key="sar-tracks-file",
        help=_(
            "Tracks: GPX, KML, GeoJSON, GeoPackage, or a table with lat, lon, track_id and time. "
            "Areas: polygons with the columns spacing_nm and, if not in parallel tracks, pattern."
        ),
    )  # fmt: skip
    if sent and not bring.tracks(TRACKS, [(file.name, file.getvalue()) for file in sent]):
        return
    if st.session_state.get(TRACKS) is not None and not sent:
        st.button(_("Forget my tracks"), on_click=lambda: st.session_state.pop(TRACKS, None))
    seen = found.cells[found.cells["coverage_factor"] > 0]
    if len(seen):
        tables.hexagon_files(made, seen, "searched")


def next_cells(made: Plan, found: searched.Looked) -> pd.DataFrame:
    """Cells worth searching, most hours first, with the asset that arrives first."""
    cells = found.cells.merge(made.reach.cells[["cell", "response_h", "asset_id"]], on="cell")
    cells = cells[cells["planned_h"] > 0]
    cells = cells.sort_values(["planned_h", "cell"], ascending=[False, True])
    lat_deg, lon_deg = grid.centres_of(cells["cell"].to_numpy(np.int64))
    return cells.assign(
        rank=np.arange(1, len(cells) + 1), lat_deg=lat_deg, lon_deg=lon_deg
    )[["rank", "cell", "lat_deg", "lon_deg", "area_probability", "planned_h", "response_h",
       "asset_id"]].reset_index(drop=True)  # fmt: skip


def by_asset(cells: pd.DataFrame) -> pd.DataFrame:
    """Hours and hexagons of each asset, most hours first."""
    summed = cells.groupby("asset_id", sort=False, dropna=False).agg(
        planned_h=("planned_h", "sum"), cells_count=("cell", "size")
    )
    return summed.reset_index().sort_values("planned_h", ascending=False, ignore_index=True)


def _next(made: Plan, found: searched.Looked) -> None:
    cells = next_cells(made, found)
    if cells.empty:
        say.note(_("Nothing to place: no probability is left where somebody arrives."))
        return
    tables.show(made, by_asset(cells))
    tables.show(made, cells.head(SHOWN).assign(h3=grid.text(cells["cell"].head(SHOWN))).drop(
        columns="cell"))  # fmt: skip
    tables.hexagon_files(made, cells, "next-hours")


def track(made: Plan, found: searched.Looked, picked: str | None) -> pd.DataFrame | None:
    """The pattern for the picked hexagon, or for the one with most hours; None without either."""
    cell = plan.cell_of(picked, made.view.resolution)
    if cell is None:
        cells = next_cells(made, found)
        if cells.empty:
            return None
        cell = int(cells["cell"].iloc[0])
    place = int(np.searchsorted(made.hexes["cell"].to_numpy(), cell))
    widths = plan.widths_km(made.values, made.hexes)
    width_nm = float(widths[min(place, len(widths) - 1)]) / KM_PER_NM
    lat, lon = grid.centres_of([cell])
    side = float(made.values["pattern_nm"])
    area = Area(
        lat_deg=float(lat[0]), lon_deg=float(lon[0]), length_nm=side, width_nm=side,
        heading_deg=float(made.values["heading"]),
    )  # fmt: skip
    return patterns.track(
        Pattern(str(made.values["pattern"])), area, spacing_nm=width_nm,
        speed_kn=float(made.values["search_kn"]),
    )  # fmt: skip


def steered(made: Plan, found: searched.Looked) -> tuple[pd.DataFrame | None, str]:
    """The pattern to steer, or why there is none."""
    picked = st.query_params.get("picked", "")
    cell = picked.removeprefix("hex:") if picked.startswith("hex:") else None
    try:
        steers = track(made, found, cell)
    except (WaypostError, ValueError) as problem:
        return None, str(problem)
    return steers, "" if steers is not None else _("Pick a hexagon on the map.")


def _pattern(made: Plan, found: searched.Looked) -> None:
    say.caption(
        _("For the picked hexagon, else the one with most hours; tracks one sweep width apart.")
    )
    settings.show(settings.PATTERN, made.values)
    steers, problem = steered(made, found)
    if steers is None:
        say.warning(problem)
        return
    tables.show(made, legs(steers))
    tables.buttons(made, "pattern", gpx=lambda: gpx(steers), kml=lambda: kml(steers),
                   csv=lambda: tables.exports.csv(tables.stamp(made, steers)))  # fmt: skip


def legs(steers: pd.DataFrame) -> pd.DataFrame:
    """Waypoints with the length of each leg in kilometres, as tables say lengths."""
    return steers.assign(leg_km=steers["leg_nm"] * KM_PER_NM).drop(columns="leg_nm")


def gpx(steered: pd.DataFrame) -> bytes:
    """Waypoints as a GPX route, course and leg time in the description."""
    points = "".join(
        f'<rtept lat="{row.lat_deg:.6f}" lon="{row.lon_deg:.6f}"><name>{row.waypoint:03d}</name>'
        f"<desc>{escape(_leg(row))}</desc></rtept>"
        for row in steered.itertuples()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="Waypost" '
        'xmlns="http://www.topografix.com/GPX/1/1"><rte><name>Search pattern</name>'
        f"<desc>For planning, not for tasking</desc>{points}</rte></gpx>"
    ).encode()


def kml(steered: pd.DataFrame) -> bytes:
    """Waypoints as a KML line and placemarks."""
    line = " ".join(f"{row.lon_deg:.6f},{row.lat_deg:.6f}" for row in steered.itertuples())
    marks = "".join(
        f"<Placemark><name>{row.waypoint:03d}</name><description>{escape(_leg(row))}</description>"
        f"<Point><coordinates>{row.lon_deg:.6f},{row.lat_deg:.6f}</coordinates></Point></Placemark>"
        for row in steered.itertuples()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        "<Document><name>Search pattern, for planning, not for tasking</name><Placemark>"
        f"<name>Track</name><LineString><coordinates>{line}</coordinates></LineString></Placemark>"
        f"{marks}</Document></kml>"
    ).encode()


def _leg(row: Any) -> str:
    if row.waypoint == 1:
        return "start"
    return (
        f"course {row.course_deg:03.0f}, leg {row.leg_nm:.2f} nm, {row.leg_h * 60:.0f} min, "
        f"{row.elapsed_h:.2f} h since start"
    )
