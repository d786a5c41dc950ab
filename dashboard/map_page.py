"""A page with a map: from the address bar to the drawn state, and back from a click to the link."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import streamlit as st

from dashboard import controls, data, language
from dashboard.clicks import Click, DrawnArea, HexClick, PlaceClick
from dashboard.language import _, moment
from dashboard.leaflet import HexState, MapState, OutlineState, PlaceState, show
from dashboard.map_texts import texts
from dashboard.selection import Selection
from geo_data import grid
from geo_data.view import View
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
        lon_deg=(west + east) / 2, zoom=5, language=language.current(),
    )  # fmt: skip
    with said:
        return view, controls.from_url(view, releases, start)


def other_release(selection: Selection) -> Selection:
    """Let a person look at an older release; the newest is kept up to date."""
    titles = {"": _("newest, kept up to date")} | {
        release.name: moment(release.at) for release in data.store().releases()
    }
    names = list(titles)
    chosen = st.selectbox(
        _("Release"), names, index=names.index(selection.release), format_func=titles.__getitem__
    )
    if chosen != selection.release:
        controls.to_url(replace(selection, release=chosen))
        st.rerun()
    return selection


def draw(
    view: View, selection: Selection, layer: HexLayer | None, *, key: str, token: str = data.STORED,
    height: int = 640, drawing: bool = False, outlines: tuple[str, ...] = (),
    drawn: tuple[tuple[float, float], ...] = (),
) -> Click | None:  # fmt: skip
    """Draw the map of a selection; returns what was clicked or drawn on it."""
    picked = selection.place
    state = MapState(
        hexes=None if layer is None else _hexes(view, layer, selection, token),
        places=tuple(
            PlaceState(
                kind=kind, url=f"/waypost/places/{view.name}/{kind}.{language.current()}.json",
                selected=picked[1] if picked and picked[0] == kind else None,
            )
            for kind in selection.places
        ),
        outlines=tuple(
            OutlineState(url=f"/waypost/outlines/{view.name}/{quote(name)}.geojson")
            for name in (*selection.lines, *outlines)
        ),
        dark=st.context.theme.type == "dark",
        draw=drawing,
        drawn=drawn,
        texts=texts(),
    )  # fmt: skip
    click = show(
        state, center=(selection.lat_deg, selection.lon_deg), zoom=selection.zoom, key=key,
        height=height,
    )  # fmt: skip
    return _new(click, key)


def after(selection: Selection, click: Click | None) -> Selection:
    """The selection with what was clicked, and where the map stood at the click."""
    if click is None:
        return selection
    stood = click.view
    moved = replace(
        selection, lat_deg=round(stood.lat_deg, 3), lon_deg=round(stood.lon_deg, 3),
        zoom=stood.zoom,
    )  # fmt: skip
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
        url=url, palette=layer.colours, labels=tuple(f"{label} ({unit})" for label in labels),
        unknown=_("unknown"), title=_(layer.title), hidden=selection.hidden,
        selected=int(selection.cell, 16) if selection.cell else None,
    )  # fmt: skip


def _start_layer(view: View) -> str:
    layers = controls.available(view)
    return layers[0].key if layers else "none"
