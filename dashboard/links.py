"""Choices that live in the link under stable keys, whatever language their titles are in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st


def choice(name: str, titles: Mapping[str, str], widget: Callable[..., Any], label: str) -> str:
    """One key out of ``titles``, restored from the link and written back to it.

    Parameters
    ----------
    name : str
        Name of the URL parameter and of the widget.
    titles : mapping of key to title
        Not empty; nonsense in the link falls back to the first.
    widget : callable
        ``st.radio`` or ``st.selectbox``.
    """
    keys = list(titles)
    if st.session_state.get(name) not in titles:
        asked = st.query_params.get(name)
        st.session_state[name] = asked if asked in titles else keys[0]
    chosen = widget(label, keys, format_func=titles.__getitem__, key=name)
    if st.query_params.get(name) != chosen:
        st.query_params[name] = chosen
    return str(chosen)
