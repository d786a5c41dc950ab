"""The layer panel: hexagon layers and places grouped by the question they help to answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from dashboard import (
    access,
    class_filter,
    comparison,
    language,
    layer_info,
    legend,
    outlines,
    say,
    sign_key,
)  # fmt: skip
from dashboard.language import _, listed, word
from dashboard.rescue.settings import ALL as KNOBS
from dashboard.selection import NONE, Selection, from_query
from geo_data import freshness
from geo_data.view import View
from geo_data.words import N_
from layers import CATALOGUE, PLACES
from layers.base import HexLayer, PlaceLayer

OUTLINE_TITLES = {
    "area-admin": N_("Administrative areas"),
    "area-admin_iso": N_("Administrative areas (ISO 3166-2)"),
    "area-fir": N_("Flight information regions"), "area-maritime": N_("Territorial seas"),
    "area-country": N_("Countries"), "line-road": N_("Main roads"),
    "line-corridor": N_("Migration corridors"), "line-search track": N_("Search tracks"),
    "line-highway": N_("Main roads"),
}  # fmt: skip


LONGEST_NAME = 40
OF_PAGES = frozenset(
    {
        "look", "way", "by", "level", "mean", "show", "since", "sector", "pace", "what_if",
        "what_if_map", "weights", "drawn", "units", "code", "crossing", "through", "step", "edits",
        "plan_against", "prior", "lkp_lat", "lkp_lon", "radius_km", "reach_h", "width_km",
        "within_h", "times", "at",
    }
)  # fmt: skip
"""Parameters that single pages read, beside the settings of the rescue page."""


def available(view: View) -> list[HexLayer]:
    """Layers that some source of the release speaks about."""
    return [layer for layer in CATALOGUE if view.sources_of(layer.quantity)]


def kinds(view: View) -> list[str]:
    """Kinds of places that the release holds and the audience may see."""
    return [place.kind for place in PLACES if len(view.places(place.kind))]


def from_url(view: View, releases: list[str], start: Selection) -> Selection:
    """The selection in the address bar; says which parts of it made no sense."""
    selection, ignored = from_query(
        st.query_params.to_dict(), start, layers=[layer.key for layer in CATALOGUE],
        places=[place.kind for place in PLACES], lines=outlines.names(view), releases=releases,
        languages=language.NAMES,
    )  # fmt: skip
    _say_ignored([*ignored, *foreign(st.query_params.to_dict())])
    return selection


def foreign(query: Mapping[str, str]) -> list[str]:
    """Parameters that no page knows, and those of a wall screen that hold nonsense.

    >>> foreign({"foo": "bar", "kiosk": "zz", "seconds": "20", "layers": "displaced_people,x"})
    ['foo', 'kiosk', 'layers']
    """
    keys = {layer.key for layer in CATALOGUE}
    whole = {
        "kiosk": lambda text: text in ("0", "1"),
        "seconds": lambda text: text.isascii() and text.isdigit(),
        "layers": lambda text: {word for word in text.split(",") if word} <= keys,
    }
    known = OURS | OF_PAGES | {knob.key for knob in KNOBS}
    return [
        name[:LONGEST_NAME] for name, value in query.items()
        if (not whole[name](value) if name in whole else name not in known)
        and not name.startswith("show_")
    ]  # fmt: skip


def language_from_url() -> None:
    """For a page without a map: only the language stands in its link."""
    asked = st.query_params.get(language.KEY, "")
    if asked and asked not in language.NAMES:
        _say_ignored([language.KEY])
        st.query_params[language.KEY] = language.current()


def _say_ignored(names: list[str]) -> None:
    if names:
        said = _("The link was only partly understood; ignored: {names}.", names=listed(names))
        say.warning(said)


def to_url(selection: Selection) -> None:
    """Write the selection into the address bar; parameters of the page itself stay untouched."""
    wanted = selection.to_query()
    for name in OURS:
        if name in wanted and st.query_params.get(name) != wanted[name]:
            st.query_params[name] = wanted[name]
        elif name not in wanted and name in st.query_params:
            del st.query_params[name]
    st.session_state["view-written"] = st.query_params.get("view", "")


OURS = frozenset(
    Selection(
        release="-",
        picked="-",
        hidden=(0,),
        lines=("-",),
        places=("-",),
        language="-",
        compare="-",
        against="-",
        days="-",
        opacity=0.1,
        light="-",
    ).to_query()
)


def layers_and_legend(view: View, selection: Selection) -> tuple[Selection, HexLayer | None]:
    """Legend on top, layers below it: what is drawn is explained without scrolling."""
    top = st.container()
    selection = layer_panel(view, selection)
    layer = layer_of(selection, CATALOGUE)
    with top:
        selection = legend_panel(view, layer, selection)
        if signs := sign_key.key(selection.places, selection.lines):
            st.html(signs)
    return selection, layer


def layer_panel(view: View, selection: Selection) -> Selection:
    """Draw the panel; return the selection that it asks for."""
    layers = [
        layer for layer in CATALOGUE
        if view.sources_of(layer.quantity) or layer.key == selection.layer
    ]  # fmt: skip
    offered = {*kinds(view), *selection.places}
    groups = _by_question(layers)
    st.session_state.setdefault("layer", selection.layer)
    shown = set(selection.places)
    for question, (hexes, places) in groups.items():
        say.strong(_(question))
        if hexes:
            _pills(view, question, hexes)
        for place in (place for place in places if place.kind in offered):
            key = f"places-{place.kind}"
            st.session_state.setdefault(key, place.kind in shown)
            st.toggle(_(place.title), key=key, persist_state="session")
    chosen = tuple(
        place.kind for place in PLACES if st.session_state.get(f"places-{place.kind}", False)
    )
    lines = _lines(view, selection)
    _say_online()
    layer = st.session_state["layer"]
    hidden = selection.hidden if layer == selection.layer else ()
    return replace(selection, layer=layer, places=chosen, lines=lines, hidden=hidden)


def legend_panel(view: View, layer: HexLayer | None, selection: Selection) -> Selection:
    """Legend of the drawn layer, and which of its classes are hidden."""
    if layer is None:
        return replace(selection, hidden=())
    found = comparison.drawn(view, selection, layer)
    view, drawn = found.view, found.layer or layer
    st.html(legend.top(drawn))
    hidden = class_filter.hidden(drawn, selection.hidden, legend.unknown(view, drawn))
    st.html(legend.bottom(view, drawn, found.note))
    layer_info.popover(view, drawn)
    return replace(selection, hidden=hidden, opacity=_opacity(selection))


def _opacity(selection: Selection) -> float:
    st.session_state.setdefault("opacity", round(100 * selection.opacity))
    percent = st.slider(
        _("Opacity, percent"), 10, 100, step=5, key="opacity", persist_state="session"
    )
    return float(percent) / 100


def layer_of(selection: Selection, layers: Iterable[HexLayer]) -> HexLayer | None:
    """The selected hexagon layer."""
    return next((layer for layer in layers if layer.key == selection.layer), None)


def _pills(view: View, question: str, hexes: list[HexLayer]) -> None:
    keys = {layer.key: _named(view, layer) for layer in hexes}
    key = f"hex-{question}"
    st.session_state[key] = st.session_state["layer"] if st.session_state["layer"] in keys else None

    def picked() -> None:
        st.session_state["layer"] = st.session_state[key] or NONE

    st.pills(
        _(question), list(keys), key=key, format_func=keys.__getitem__, on_change=picked,
        label_visibility="collapsed",
    )  # fmt: skip


def _named(view: View, layer: HexLayer) -> str:
    """Title of a layer, and whether a source of it is late or missing at this date."""
    used, now = view.sources_of(layer.quantity), datetime.now(UTC)
    if not used:
        return _("{layer} (no value at this date)", layer=_(layer.title))
    if any(freshness.late(account, now) for account in used):
        return _("{layer} (late)", layer=_(layer.title))
    return _(layer.title)


def _lines(view: View, selection: Selection) -> tuple[str, ...]:
    names = outlines.names(view)
    if not names:
        return ()
    st.session_state.setdefault("lines", [name for name in selection.lines if name in names])
    chosen = st.multiselect(
        _("Outlines and lines"), names, key="lines", persist_state="session",
        format_func=lambda name: word(OUTLINE_TITLES.get(name, name.partition("-")[2])),
    )  # fmt: skip
    return tuple(chosen)


def _say_online() -> None:
    """Whose online tiles lie under the hexagons, and what they cost."""
    if access.settings().tiles:
        said = _(
            "Online tiles: {credit}. Whoever serves them learns which part of the world is "
            "looked at.", credit=access.settings().tiles_credit,
        )  # fmt: skip
        say.caption(said)


def _by_question(
    layers: list[HexLayer],
) -> Mapping[str, tuple[list[HexLayer], list[PlaceLayer]]]:
    questions = [place.question for place in PLACES] + [layer.question for layer in layers]
    return {
        question: (
            [layer for layer in layers if layer.question == question],
            [place for place in PLACES if place.question == question],
        )
        for question in dict.fromkeys(questions)
    }
