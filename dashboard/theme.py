"""Whether this session sees the app dark."""

from __future__ import annotations

import streamlit as st


def dark() -> bool:
    """Dark theme of the browser or of the settings; light where there is no browser."""
    return bool(st.context.theme.type == "dark")
