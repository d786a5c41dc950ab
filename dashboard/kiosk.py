"""The wall screen: ``?kiosk=1``. No controls, large words, one layer after the other."""

from __future__ import annotations

import time

import streamlit as st

from dashboard import comparison, controls, figures, frame, legend, map_page
from dashboard.language import _, moment, word
from dashboard.selection import Selection
from dashboard.text import safe
from geo_data.view import View
from layers import CATALOGUE
from layers.base import HexLayer

SHORTEST_S, USUAL_S, LONGEST_S = 5, 20, 3600


def wanted() -> bool:
    """Whether the link asks for a wall screen."""
    return bool(st.query_params.get("kiosk") == "1")


def seconds(asked: str) -> int:
    """How long each view stays.

    >>> seconds("30"), seconds("0"), seconds("nonsense")
    (30, 5, 20)
    """
    if not asked.isascii() or not asked.isdigit():
        return USUAL_S
    return min(max(int(asked[:6]), SHORTEST_S), LONGEST_S)


def cycle(asked: str, available: list[str], shown: str) -> list[str]:
    """Layers to go through: the ones that the link names and that exist, else the one shown."""
    named = [name for name in asked.split(",") if name in available]
    return list(dict.fromkeys(named)) or [shown]


def show(view: View, selection: Selection) -> None:
    """The whole page of a wall screen."""
    keys = [layer.key for layer in controls.available(view)]
    layers = cycle(st.query_params.get("layers", ""), keys, selection.layer)
    stay_s = seconds(st.query_params.get("seconds", ""))
    now = layers[int(time.time() // stay_s) % len(layers)]
    layer = controls.layer_of(Selection(layer=now), CATALOGUE)
    st.html("<span class='wp-kiosk'></span>")
    _title(view, layer)
    map_column, side = st.columns([4, 1], gap="small")
    with map_column:
        map_page.draw(view, selection, layer, key="kiosk", bare=True)
        frame.disclaimer()
    with side:
        if layer is not None:
            drawn = comparison.drawn(view, selection, layer)
            st.html(legend.legend(drawn.view, drawn.layer or layer, drawn.note))
        figures.strip(figures.live(view))
        frame.watch(view.name, pinned=bool(selection.release))
    if len(layers) > 1:
        _turning(now, layers, stay_s)


def _title(view: View, layer: HexLayer | None) -> None:
    what = _(layer.title) if layer else ""
    said = f"{safe(word(view.operation['title']))} · {safe(moment(view.at))}"
    st.html(f"<div class='wp-title'><b>{safe(what)}</b> <span>{said}</span></div>")
    frame.banner(view)


def _turning(shown: str, layers: list[str], stay_s: int) -> None:
    """Run the page again when the next layer is due; all screens turn at the same moment."""

    @st.fragment(run_every="1s")
    def turn() -> None:
        if layers[int(time.time() // stay_s) % len(layers)] != shown:
            st.rerun(scope="app")

    turn()
