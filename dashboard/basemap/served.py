"""Pieces of the basemap as the routes send them, and their addresses."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from dashboard import language
from dashboard.assets import STATIC_URL
from dashboard.basemap.pieces import piece
from dashboard.basemap.shapes import Basemap, world

RELEASES_URL = "/waypost/basemap"


def address(basemap: Basemap) -> str:
    """Address of a basemap in the language of this run, with {z}, {x} and {y}.

    It changes with the content, so browsers keep what they have.
    """
    folder = f"{STATIC_URL}/basemap" if basemap is world() else RELEASES_URL
    return f"{folder}/{basemap.name}/{language.current()}/{{z}}/{{x}}/{{y}}.json"


@lru_cache(maxsize=1024)
def world_piece(name: str, code: str, z: int, x: int, y: int) -> bytes:
    """One piece of the app's own basemap as JSON; ``KeyError`` if there is none of that name."""
    if name != world().name or code not in language.NAMES:
        raise KeyError(name)
    return packed(piece(world(), code, z, x, y))


def packed(found: dict[str, Any]) -> bytes:
    """JSON without spaces."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
