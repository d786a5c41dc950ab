"""The low-bandwidth mode: figures and tables at once, the map only when somebody asks for it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.language import _
from dashboard.selection import Selection


def switch(selection: Selection) -> Selection:
    """The switch in the side bar, kept in the link."""
    st.session_state.setdefault("light", selection.light == "1")
    on = st.toggle(
        _("Low bandwidth"), key="light", persist_state="session",
        help=_("Shows figures and tables first and loads the map only when you ask for it."),
    )  # fmt: skip
    return replace(selection, light="1" if on else "")


def map_asked(selection: Selection) -> bool:
    """Whether to draw the map; offers it where the mode holds it back."""
    if not selection.light:
        return True
    if not st.session_state.get("map_asked"):
        st.button(_("Draw the map"), icon=":material/map:", on_click=_ask, key="draw-map")
    return bool(st.session_state.get("map_asked"))


def _ask() -> None:
    st.session_state["map_asked"] = True
