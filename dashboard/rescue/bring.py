"""What a planner brings into the session: tracks and searched areas, particles of a drift model."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import say, uploaded
from dashboard.language import ngettext
from dashboard.rescue import uploads
from dashboard.rescue.plan import Hashed
from geo_data.errors import WaypostError

PARTICLES = "sar-particles"
Files = list[tuple[str, bytes]]


def tracks(key: str, files: Files) -> bool:
    """Take tracks and areas of some files into the session, all or none; says what is wrong."""
    parts = []
    for name, content in files:
        try:
            found, told = uploads.searched(name, content)
        except WaypostError as problem:
            uploaded.complain(problem)
            return False
        uploaded.remarks(told)
        _say(found)
        parts.append(found.fixes)
    table = Hashed(pd.concat(parts, ignore_index=True))
    if st.session_state.get(key) != table:
        st.session_state[key] = table
        st.rerun()
    return True


def _say(found: uploads.Searched) -> None:
    undated = found.undated - found.areas
    if undated:
        say.caption(
            ngettext(
                "{n} track tells no times: its whole length counts, as searched at the speed "
                "entered, and no gap in it can be seen.",
                "{n} tracks tell no times: their whole length counts, as searched at the speed "
                "entered, and no gap in them can be seen.", undated,
            )
        )  # fmt: skip
    if found.areas:
        say.caption(
            ngettext(
                "{n} area is taken as searched once along its pattern, at the speed entered.",
                "{n} areas are taken as searched once along their pattern, at the speed entered.",
                found.areas,
            )
        )  # fmt: skip


def particles(name: str, content: bytes) -> None:
    """Take particles of a file as the drift of this session; says what is wrong."""
    try:
        found, told = uploads.particles(name, content)
    except WaypostError as problem:
        uploaded.complain(problem)
        return
    if never := int(told.figures.get("never_placed", 0)):
        say.caption(
            ngettext("{n} particle was never released and is left out.",
                     "{n} particles were never released and are left out.", never)
        )  # fmt: skip
    table = Hashed(found)
    if st.session_state.get(PARTICLES) != table:
        st.session_state[PARTICLES] = table
        st.rerun()


def brought() -> Hashed | None:
    """Particles that the planner brought along in this session."""
    held: Hashed | None = st.session_state.get(PARTICLES)
    return held


def forget() -> None:
    """Drift is computed here again."""
    st.session_state.pop(PARTICLES, None)
