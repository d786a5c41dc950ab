"""The legend's classes as switches: a click on one hides or shows its hexagons."""

from __future__ import annotations

import streamlit as st

from dashboard import say, theme
from dashboard.language import _
from dashboard.legend import HATCH
from geo_data.classes import UNKNOWN
from layers.base import HexLayer


def hidden(layer: HexLayer, asked: tuple[int, ...], unknown: str) -> tuple[int, ...]:
    """Draw one switch a class; return the classes that are switched off.

    Parameters
    ----------
    asked : tuple of int
        Hidden when the layer is drawn for the first time, from the link.
    unknown : str
        What stands beside the hatched swatch.
    """
    look = dict(enumerate(f"background:{colour}" for colour in layer.shades(dark=theme.dark())))
    words = dict(enumerate(_(label) for label in layer.classes.labels))
    look[UNKNOWN], words[UNKNOWN] = HATCH, unknown
    kind = type(layer).__name__.lower()
    with st.container(key="wp-classes", gap=None):
        say.caption(_("Untick a class to hide it on the map."))
        st.html(
            f"<style>{''.join(_rule(layer, code, style) for code, style in look.items())}</style>"
        )
        off = []
        for code, word in words.items():
            key = f"class-{kind}-{layer.key}-{code}"
            st.session_state.setdefault(key, code not in asked)
            if not st.checkbox(say.plain(word), key=key, persist_state="session"):
                off.append(code)
    return tuple(off)


def _rule(layer: HexLayer, code: int, style: str) -> str:
    """Style of one switch; keys are our own words, colours come from the palette."""
    box = f".st-key-class-{type(layer).__name__.lower()}-{layer.key}-{code} label > span + div"
    return f"{box}{{{style.replace(';', ' !important;')} !important}}"
