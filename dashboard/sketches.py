"""Shapes that a page made for one session: search patterns, planned effort, positions.

They are data and travel like the outlines of a release, under a name that nobody can guess, for
the release and the audience they were made for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from dashboard import data
from geo_data.view import View
from geo_data.vocabulary import Audience

PREFIX = "made-"
PATTERN, EFFORT, ERROR, MARK = "pattern", "effort", "error", "mark"
KEPT = 100
DIGITS_DEG = 1e-5
Key = tuple[str, Audience, str]


@dataclass(frozen=True)
class Shape:
    """A line, an outline or a mark, with what it is called and how it is drawn."""

    name: str
    style: str
    geometry: shapely.Geometry


_held: OrderedDict[Key, list[dict[str, Any]]] = OrderedDict()
_lock = threading.Lock()
_secret = secrets.token_bytes(32)


def register(view: View, shapes: Sequence[Shape]) -> str:
    """Make shapes drawable; returns their name among the outlines, empty if there are none."""
    if not shapes:
        return ""
    features = [_feature(shape) for shape in shapes]
    said = json.dumps([view.name, view.audience.value, features]).encode()
    token = hmac.new(_secret, said, hashlib.sha256).hexdigest()[:32]
    with _lock:
        _held[view.name, view.audience, token] = features
        _held.move_to_end((view.name, view.audience, token))
        while len(_held) > KEPT:
            _held.popitem(last=False)
    return PREFIX + token


def features(view: View, name: str) -> list[dict[str, Any]]:
    """Shapes registered under a name for the release and the audience of this view.

    Raises
    ------
    KeyError
        If there are none, or none any more.
    """
    key = view.name, view.audience, name.removeprefix(PREFIX)
    with _lock:
        found = _held[key]
        _held.move_to_end(key)
    return found


def _feature(shape: Shape) -> dict[str, Any]:
    geometry = shapely.set_precision(shape.geometry, DIGITS_DEG, mode="pointwise")
    return {
        "type": "Feature",
        "properties": {"name": shape.name, "style": shape.style},
        "geometry": json.loads(shapely.to_geojson(geometry)),
    }


data.forget_daily(_held.clear)
