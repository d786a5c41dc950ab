"""A page with a map: from the address bar to the drawn state, and back from a click to the link."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import streamlit as st

from dashboard import comparison, controls, data, language, stands, theme
from dashboard.basemap.ground import ground
from dashboard.clicks import Click, DrawnArea, HexClick, PlaceClick
from dashboard.comparison import date_of
from dashboard.language import _, listed
from dashboard.leaflet import HexState, MapState, OutlineState, PlaceState, TwinState, show
from dashboard.map_texts import texts
from dashboard.selection import SIDE, Selection, view_of
from geo_data import grid
from geo_data.view import View
from layers import PLACES
from layers.base import HexLayer


def open_view() -> tuple[View, Selection]:
    """The release to show and what the link says about it."""
    releases = [release.name for release in data.store().releases()]
    asked = st.query_params.get("release", "")
    view = data.view(asked if asked in releases else releases[0])
    said = st.container()
    west, south, east, north = view.operation["area"]
    start = Selection(
        layer=_start_layer(view), places=("crossings",), lat_deg=(south + north) / 2,
        lon_deg=(west + east) / 2, zoom=0, language=language.current(),
    )  # fmt: skip
    with said:
        linked = controls.from_url(view, releases, start)
        return view, _standing(comparison.possible(view, linked))


def _standing(selection: Selection) -> Selection:
    """The selection where the map stands by now, unless the link was changed by other hands."""
    link, name = st.query_params.get("view", ""), stands.secret()
    if link != st.session_state.get("view-written", link):
        stands.forget(name)
    told = stands.told(name)
    if told is None:
        return selection
    st.session_state["view-stood"] = told.view
    return replace(selection, **view_of(told.view))


def _turn(selection: Selection) -> int:
    """Counts the views that Python asks for: those that are not merely where the map stands."""
    turn = int(st.session_state.get("view-turn", 0))
    if st.session_state.get("view-stood", selection.view) != selection.view:
        turn += 1
    st.session_state.update({"view-turn": turn, "view-stood": selection.view})
    return turn


def draw(
    view: View, selection: Selection, layer: HexLayer | None, *, key: str, token: str = data.STORED,
    height: int = 640, drawing: bool = False, outlines: tuple[str, ...] = (),
    drawn: tuple[tuple[float, float], ...] = (), bare: bool = False,
) -> Click | None:  # fmt: skip
    """Draw the map of a selection; returns what was clicked or drawn on it."""
    found = comparison.drawn(view, selection, layer, token)
    first = found.dates[0] if found.way == SIDE else found.view
    hexes, places, label = _picture(first, selection, found.layer, found.token)
    twin = None
    if found.way == SIDE:
        twin = _twin(found.dates[1], selection, layer)
        label = _("Earlier: {moment}", moment=label)
    elif found.way:
        before, after = (date_of(one) for one in found.dates)
        label = _("{after} against {before}", after=after, before=before)
    state = MapState(
        hexes=hexes, places=places, twin=twin, dark=theme.dark(), draw=drawing, drawn=drawn,
        bare=bare, label=label if _dated(view, selection, bool(found.way), label) else "",
        outlines=tuple(
            OutlineState(url=f"/waypost/outlines/{view.name}/{quote(name)}.geojson")
            for name in (*selection.lines, *outlines)
        ),
        texts=texts(), ground=ground(view, online=True), turn=_turn(selection),
        area=tuple(view.operation["area"]), stands="" if bare else stands.secret(),
    )  # fmt: skip
    center = (selection.lat_deg, selection.lon_deg) if selection.zoom else None
    click = show(state, center=center, zoom=selection.zoom, key=key, height=height)
    return _new(click, key)


def _twin(view: View, selection: Selection, layer: HexLayer | None) -> TwinState:
    hexes, places, label = _picture(view, selection, layer, data.STORED)
    return TwinState(hexes=hexes, places=places, label=_("Later: {moment}", moment=label))


def _dated(view: View, selection: Selection, compared: bool, label: str) -> bool:
    """Whether the map has to say what it shows: all but the newest release by itself."""
    return compared or bool(selection.release or view.what_if) or "\n" in label


def _picture(
    view: View, selection: Selection, layer: HexLayer | None, token: str
) -> tuple[HexState | None, tuple[PlaceState, ...], str]:
    """Hexagons and places at one date, and what to write on the map about it."""
    missing = absent(view, selection, layer) if token == data.STORED else []
    said = [date_of(view)]
    if missing:
        said.append(_("No value at this date: {names}", names=listed(missing)))
    hexes = None if layer is None else _hexes(view, layer, selection, token)
    return hexes, _places(view, selection), "\n".join(said)


def absent(view: View, selection: Selection, layer: HexLayer | None) -> list[str]:
    """Titles of what was chosen but has no source in this release."""
    names = [] if layer is None or view.sources_of(layer.quantity) else [_(layer.title)]
    here = controls.kinds(view)
    return names + [_(p.title) for p in PLACES if p.kind in selection.places and p.kind not in here]


def _places(view: View, selection: Selection) -> tuple[PlaceState, ...]:
    picked = selection.place
    window = f"?days={selection.days}" if selection.days else ""
    return tuple(
        PlaceState(
            kind=kind, url=f"/waypost/places/{view.name}/{kind}.{language.current()}.json{window}",
            selected=picked[1] if picked and picked[0] == kind else None,
        )
        for kind in selection.places
    )  # fmt: skip


def after(selection: Selection, click: Click | None) -> Selection:
    """The selection with what was clicked, and where the map stood at the click."""
    if click is None:
        return selection
    stood = click.view
    moved = replace(
        selection, lat_deg=round(stood.lat_deg, 3), lon_deg=round(stood.lon_deg, 3),
        zoom=stood.zoom,
    )  # fmt: skip
    st.session_state["view-stood"] = moved.view
    stands.stood(stands.secret(), moved.view)
    if isinstance(click, HexClick):
        return replace(moved, picked=f"hex:{grid.text([click.cell])[0]}")
    if isinstance(click, PlaceClick):
        return replace(moved, picked=f"place:{click.kind}:{click.place_id}")
    return moved


def ring_of(click: Click | None) -> tuple[tuple[float, float], ...]:
    """Corners (lon, lat) of an area that was just drawn; empty for anything else."""
    return click.ring if isinstance(click, DrawnArea) else ()


def _new(click: Click | None, key: str) -> Click | None:
    """A click once; the browser repeats the last one on every run."""
    seen = f"clicked-{key}"
    if click is None or st.session_state.get(seen) == click.at_ms:
        return None
    st.session_state[seen] = click.at_ms
    return click


def _hexes(view: View, layer: HexLayer, selection: Selection, token: str) -> HexState:
    url = f"/waypost/tiles/{view.name}/{layer.key}/{token}/{{z}}/{{x}}/{{y}}"
    unit, labels = _(layer.quantity.unit), [_(label) for label in layer.classes.labels]
    return HexState(
        url=url, palette=layer.shades(dark=theme.dark()), opacity=selection.opacity,
        none=layer.classes.none,
        labels=tuple(f"{label} ({unit})" for label in labels),
        unknown=_(layer.unknown), title=_(layer.title), hidden=selection.hidden,
        selected=int(selection.cell, 16) if selection.cell else None,
    )  # fmt: skip


def _start_layer(view: View) -> str:
    layers = controls.available(view)
    return layers[0].key if layers else "none"
