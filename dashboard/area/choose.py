"""Choosing areas: administrative, around crossings, drawn, handed in, corridors, by list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from dashboard import links, markers, outlines, say, uploaded
from dashboard.area import ways
from dashboard.language import _, ngettext, word
from dashboard.selection import Selection
from geo_data import grid
from geo_data.errors import WaypostError
from geo_data.view import View
from geo_data.words import N_, Phrase
from layers.context import areas, uploads
from layers.sar.ground import Pace
from layers.services import reach

WAYS = {
    "admin": N_("Administrative areas"),
    "crossing": N_("Around crossings"),
    "drawn": N_("Drawn on the map"),
    "upload": N_("From a file"),
    "corridor": N_("Corridor between places"),
    "list": N_("List of codes or names"),
}
Ring = tuple[tuple[float, float], ...]
MOST_AREAS = 6
MOST_CORNERS = 200


@dataclass(frozen=True, eq=False)
class Area:
    """A chosen area: its name, its cells, and how the map shows it."""

    name: str
    cells: pd.DataFrame
    outlines: tuple[str, ...] = ()
    ring: Ring = ()
    remarks: tuple[str, ...] = ()


def way() -> str:
    """How areas are chosen."""
    titles = {key: _(title) for key, title in WAYS.items()}
    return links.choice("way", titles, st.selectbox, _("Area"))


def chosen(view: View, how: str) -> list[Area]:
    """The areas that the controls ask for; what cannot be had is said, the rest stays."""
    made: dict[str, Callable[[View], list[Area]]] = {
        "admin": _admin, "crossing": _around, "drawn": _drawn, "upload": _uploaded,
        "corridor": _corridor, "list": _listed,
    }  # fmt: skip
    try:
        return made[how](view)
    except WaypostError as problem:
        say.warning(_(problem.args[0]))
        return []


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


def looked_at(selection: Selection, found: Sequence[Area]) -> Selection:
    """The selection with the map over newly chosen areas; old ones leave the map alone."""
    names = " | ".join(area.name for area in found)
    if not found or st.session_state.get("area-shown") == names:
        return selection
    first = "area-shown" not in st.session_state and "view" in st.query_params
    st.session_state["area-shown"] = names
    if first:
        return selection
    lat, lon = grid.centres_of(np.concatenate([area.cells["cell"] for area in found]))
    span = max(float(np.ptp(lat)), float(np.ptp(lon)), 0.2)
    zoom = int(np.clip(np.floor(np.log2(360 / span)), 4, 9))
    middle = (round(float(lat.mean()), 3), round(float(lon.mean()), 3))
    return replace(selection, lat_deg=middle[0], lon_deg=middle[1], zoom=zoom)


def whole(view: View) -> Area:
    """The whole operation as an area."""
    return Area(_("Whole operation"), areas.from_cells(ways.cells(view.name)))


def several(name: str, titles: dict[str, str], label: str, first: str) -> list[str]:
    """Some keys out of ``titles``, restored from the link and written back to it."""
    if name not in st.session_state:
        asked = [key for key in st.query_params.get(name, "").split(",") if key in titles]
        st.session_state[name] = asked[:MOST_AREAS] or [first]
    st.session_state[name] = [key for key in st.session_state[name] if key in titles]
    kept = st.multiselect(
        label, list(titles), format_func=titles.__getitem__, key=name, max_selections=MOST_AREAS
    )
    if st.query_params.get(name, "") != ",".join(kept):
        st.query_params[name] = ",".join(kept)
    return list(kept)


def units(view: View) -> pd.DataFrame:
    """Administrative areas, those of the operation's own countries first."""
    rank = {code: number for number, code in enumerate(view.operation["countries"])}
    table = view.reference("areas")
    table = table[table["kind"].str.startswith("admin") | (table["kind"] == "country")]
    order = table["country"].map(rank).fillna(len(rank))
    level = (table["kind"] == "country") * 1
    ordered = table.assign(order=order, last=level)
    return ordered.sort_values(["last", "order", "name"]).drop_duplicates("area_code")


def _admin(view: View) -> list[Area]:
    table = units(view)
    if table.empty:
        say.note(_("This release has no administrative areas."))
        return []
    levels = sorted(table["level"].dropna().unique())
    if len(levels) > 1:
        titles = {str(level): _("Level {n}", n=int(level)) for level in levels[::-1]}
        level = links.choice("level", titles, st.segmented_control, _("Level"))
        table = table[table["level"].astype(str) == level]
    names = {
        row["area_code"]: f"{row['country'] or ''} {row['name'] or row['area_code']}".strip()
        for row in table.to_dict("records")
    }
    codes = several("code", names, _("Which"), next(iter(names)))
    return [_unit(view, code, names[code]) for code in codes]


def _unit(view: View, code: str, name: str) -> Area:
    cells = areas.from_code(code, view.reference("areas"), view.reference("area_cells"))
    return Area(name, cells, outlines=(f"code-{code}",))


def _listed(view: View) -> list[Area]:
    st.session_state.setdefault("units", st.query_params.get("units", ""))
    text = st.text_area(_("Codes or names, one a line or with commas"), key="units", height=90)
    st.query_params["units"] = text
    wanted = [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
    table, made = units(view), []
    by_name = {str(n).casefold(): c for n, c in zip(table["name"], table["area_code"], strict=True)}
    names = dict(zip(table["area_code"], table["name"], strict=True))
    for one in wanted[:MOST_AREAS]:
        code = one if one in names else by_name.get(one.casefold(), one)
        try:
            made.append(_unit(view, code, str(names.get(code, code))))
        except WaypostError as problem:
            say.warning(_(problem.args[0]))
    if len(wanted) > MOST_AREAS:
        say.warning(_("The first {n} of {all} are shown.", n=MOST_AREAS, all=len(wanted)))
    return made


def _around(view: View) -> list[Area]:
    table = view.places("crossings").dropna(subset=["lat_deg"])
    if table.empty:
        say.note(_("This release has no crossing points, or this audience may not see them."))
        return []
    names = {
        row["place_id"]: markers.name_of(row) or _("unknown") for row in table.to_dict("records")
    }
    keys = several("crossing", names, _("Crossing"), next(iter(names)))
    paces = {"radius": _("Radius"), "walking": _("Walking"), "driving": _("Driving")}
    by = links.choice("by", paces, st.segmented_control, _("Reach"))
    size = (
        st.slider(_("Radius, km"), 5, 200, 50, 5, key="radius_km", bind="query-params")
        if by == "radius"
        else st.slider(_("Hours"), 1, 12, 2, 1, key="reach_h", bind="query-params")
    )
    rows, made = table.set_index("place_id").loc[keys], []
    for key, row in rows.iterrows():
        try:
            made.append(_near(view, names[key], row, by, size))
        except WaypostError as problem:
            say.warning(_(problem.args[0]))
    return made


def _near(view: View, name: str, row: pd.Series, by: str, size: float) -> Area:
    where = {"lat_deg": float(row["lat_deg"]), "lon_deg": float(row["lon_deg"])}
    if by == "radius":
        cells = areas.from_circle(**where, radius_km=size, cells=ways.cells(view.name))
        ring = areas.circle(**where, radius_km=size).exterior.coords
        title = _("{place}, {radius} km around", place=name, radius=size)
        return Area(title, cells, ring=tuple(ring)[::6])
    with st.spinner(_("Measuring the ways over land; once per release.")):
        network = ways.passable(view.name)
    found = reach.within_h(network, **where, hours=size, pace=Pace(by))
    if not len(found):
        raise areas.AreaUnusable(
            Phrase("{place} lies on no land of this operation, so nobody starts there.", place=name)
        )
    title = _("{place}, within {hours} h, {pace}", place=name, hours=size, pace=word(by))
    return Area(title, areas.from_cells(found), outlines=(outlines.hold(grid.outline_of(found)),))


def lines(found: Sequence[Area]) -> tuple[str, ...]:
    """Names of the outlines of areas for the map; of those with a ring only, that ring."""
    rings = ((area.outlines, area.ring) for area in found)
    return tuple(
        name for named, ring in rings
        for name in (named or ((outlines.hold(shapely.Polygon(ring)),) if ring else ()))
    )  # fmt: skip


def _drawn(view: View) -> list[Area]:
    ring = drawn_ring()
    if not ring:
        say.note(
            _("Press the polygon button on the map, click the corners, close with a double click.")
        )
        return []
    return [_outlined(view, _("Drawn area"), shapely.Polygon(ring), ring)]


def _uploaded(view: View) -> list[Area]:
    # No link holds an upload, so the view in a link is no reason to look elsewhere.
    st.session_state.setdefault("area-shown", "")
    files = st.file_uploader(
        _("Outline as GeoJSON, KML, GeoPackage, zipped Shapefile or closed GPX track"),
        type=list(uploads.FILES), accept_multiple_files=True, max_upload_size=20,
    )  # fmt: skip
    made = []
    for file in files[:MOST_AREAS]:
        try:
            polygon, said = _read(file.name, file.getvalue(), f"layer-{file.file_id}")
            shown = uploaded.safe_name(file.name)
            area = _outlined(view, shown, polygon, _ring_of(polygon))
            made.append(replace(area, remarks=(*said, *area.remarks)))
        except WaypostError as problem:
            uploaded.complain(problem)
    return made


def _read(name: str, content: bytes, key: str) -> tuple[shapely.Geometry, tuple[str, ...]]:
    """The outline in a file; of several layers the one chosen, the largest at first."""
    asked = uploads.asked(st.session_state.get(key))
    table, told = uploaded.read(name, content, asked, most_bytes=uploads.MOST_BYTES)
    if told.layers:
        st.session_state.setdefault(key, told.layers[0])
        st.selectbox(_("Layer of {file}", file=say.plain(name)), sorted(told.layers), key=key)
    uploaded.remarks(told)
    return uploads.outline(table, told)


def _corridor(view: View) -> list[Area]:
    kinds = [view.places(kind) for kind in ("crossings", "landmarks")]
    table = pd.concat([one[["place_id", "name", "lat_deg", "lon_deg"]] for one in kinds])
    table = table.dropna().drop_duplicates("name").sort_values("name")
    if len(table) < 2:
        say.note(_("This release has too few named places for a corridor."))
        return []
    names = dict(zip(table["place_id"], table["name"], strict=True))
    keys = several("through", names, _("Places, in order"), next(iter(names)))
    width = st.slider(_("Width, km"), 5, 200, 40, 5, key="width_km", bind="query-params")
    if len(keys) < 2:
        say.note(_("Choose at least two places."))
        return []
    rows = table.set_index("place_id").loc[keys]
    stops = list(zip(rows["lat_deg"].astype(float), rows["lon_deg"].astype(float), strict=True))
    polygon = areas.corridor(stops, width)
    title = _("{start} to {end}, {width} km wide", start=names[keys[0]], end=names[keys[-1]],
              width=width)  # fmt: skip
    return [_outlined(view, title, polygon, _ring_of(polygon))]


def _outlined(view: View, name: str, polygon: shapely.Geometry, ring: Ring) -> Area:
    cells = ways.cells(view.name)
    found = areas.from_polygon(polygon, cells)
    return Area(name, found, ring=ring, remarks=areas.remarks(polygon, cells))


def _ring_of(polygon: shapely.Geometry) -> Ring:
    """Outline of the largest part with few enough corners for the map."""
    parts = shapely.get_parts(shapely.make_valid(polygon))
    parts = parts[shapely.get_dimensions(parts) == 2]
    if not len(parts):
        return ()
    coords = parts[int(np.argmax(shapely.area(parts)))].exterior.coords
    return tuple(coords)[:: max(1, -(-len(coords) // MOST_CORNERS))]


def said_of(found: Sequence[Area]) -> str:
    """Names of the areas as a heading."""
    if len(found) <= 2:
        return " | ".join(area.name for area in found)
    more = len(found) - 1
    return found[0].name + " " + ngettext("and {n} more", "and {n} more", more)
