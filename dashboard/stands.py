"""Where the map of each tab stands: its browser tells it at every move, without a run of the page.

A link that the browser changes by itself never reaches Python, and a file made at a click has no
run of the page before it. So the map tells its place under a secret of the session.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

import streamlit as st

MOST_TABS = 2_000
KEY = "stands"
_TOLD = re.compile(r"(-?\d{1,2}\.\d{3},-?\d{1,3}\.\d{3},\d{1,2}),(\d{1,5}),(\d{1,5})", re.ASCII)
_lock = threading.Lock()
_held: OrderedDict[str, Place | None] = OrderedDict()


@dataclass(frozen=True)
class Place:
    """A view as it stands in a link (``lat,lon,zoom``), and the size of the map in pixels."""

    view: str
    size_px: tuple[int, int]


def secret() -> str:
    """The name under which the map of this session tells where it stands."""
    name = str(st.session_state.setdefault(KEY, secrets.token_hex(12)))
    with _lock:
        _held.setdefault(name, None)
        _held.move_to_end(name)
        while len(_held) > MOST_TABS:
            _held.popitem(last=False)
    return name


def tell(name: str, text: str) -> None:
    """Note what a browser told.

    Raises
    ------
    KeyError
        If no session has that secret.
    ValueError
        If the text is not ``lat,lon,zoom,wide,high``.
    """
    found = _TOLD.fullmatch(text)
    if not found:
        raise ValueError("expected lat,lon,zoom,wide,high")
    with _lock:
        if name not in _held:
            raise KeyError(name)
        _held[name] = Place(found[1], (int(found[2]), int(found[3])))


def told(name: str) -> Place | None:
    """What the map of a session told last; None: nothing yet."""
    with _lock:
        return _held.get(name)


def stood(name: str, view: str) -> None:
    """Where a map stood at a click, which is newer than what it told."""
    with _lock:
        before = _held.get(name)
        if before is not None:
            _held[name] = Place(view, before.size_px)


def forget(name: str) -> None:
    """Another view was asked for by the link: what was told before is over."""
    with _lock:
        if name in _held:
            _held[name] = None
