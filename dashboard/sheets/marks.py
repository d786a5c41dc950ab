"""Places on paper: symbols where they have room, counts where they stand too close, their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from dashboard.language import _, word
from dashboard.sheets.paper import Paper
from geo_data.words import N_
from layers import PLACES_BY_KIND

SQUARE_MM = 9.0
CROWD = 4
"""More places than this in one square become a count, as on the screen."""
MOST_MARKS = 1_500
CROSSINGS = {
    "land": N_("Land crossing: {status}"), "sea": N_("Sea crossing: {status}"),
    "air": N_("Air crossing: {status}"), "unknown": N_("Crossing: {status}"),
}  # fmt: skip
STATUSES = ("open", "restricted", "closed", "unknown")
NAMED = ("crossing",)
"""What people look for by name; the name of every clinic would hide the map.

Sites lie in camps of many: most would be in a count, and the few named ones chosen by chance.
"""
KIND_OF = {"site": "sites", "incident": "incidents", "landmark": "landmarks"}


@dataclass(frozen=True)
class Mark:
    """What is drawn at one spot of the paper, in millimetres: a place, or a count of several.

    A ``ringed`` one is a page's own: its name in a circle, or beside it if it is long.
    """

    x: float
    y: float
    symbol: str = ""
    name: str = ""
    count: int = 1
    ringed: bool = False


def marks(paper: Paper, places: Iterable[Mapping[str, Any]]) -> tuple[list[Mark], int]:
    """Marks inside the frame, and how many places found no room among them.

    Parameters
    ----------
    places : iterable of mappings
        ``lat``, ``lon``, ``symbol`` and ``label`` as the map's own route gives them.
    """
    squares: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for place in places:
        (x,), (y,) = paper.place(lat_deg=[place["lat"]], lon_deg=[place["lon"]])
        if 0 <= x <= paper.width_mm and 0 <= y <= paper.height_mm:
            symbol = str(place["symbol"])
            name = str(place.get("label") or "") if symbol.startswith(NAMED) else ""
            made = Mark(float(x), float(y), symbol, name)
            squares[int(x // SQUARE_MM), int(y // SQUARE_MM)].append(made)
    drawn = [mark for found in squares.values() for mark in _crowd(found)]
    kept = drawn[:MOST_MARKS]
    left_out = sum(mark.count for mark in drawn[MOST_MARKS:])
    return sorted(kept, key=lambda mark: mark.y), left_out


def named(paper: Paper, spots: Iterable[tuple[str, shapely.Point]]) -> list[Mark]:
    """Ringed marks inside the frame."""
    made = []
    for name, spot in spots:
        (x,), (y,) = paper.place(lat_deg=[spot.y], lon_deg=[spot.x])
        if 0 <= x <= paper.width_mm and 0 <= y <= paper.height_mm:
            made.append(Mark(float(x), float(y), name=name, ringed=True))
    return made


def _crowd(found: list[Mark]) -> list[Mark]:
    if len(found) <= CROWD:
        return found
    x, y = (sum(values) / len(found) for values in zip(*((m.x, m.y) for m in found), strict=True))
    return [Mark(x, y, count=len(found))]


def label(symbol: str) -> str:
    """A symbol in words."""
    family, _sep, rest = symbol.partition("-")
    kind, _sep, status = rest.partition("-")
    if family == "crossing":
        known = status if status in STATUSES else "unknown"
        return _(CROSSINGS.get(kind, CROSSINGS["unknown"]), status=word(known))
    if family == "service":
        return _("Service: {sector}", sector=word(SECTOR_WORDS.get(kind, "other")))
    if family == "sar":
        return _("Rescue asset: {medium}", medium=word(kind))
    return _(PLACES_BY_KIND[KIND_OF.get(symbol, "landmarks")].title)


SECTOR_WORDS = {
    "health": "health", "food": "food security", "shelter": "shelter",
    "wash": "water and sanitation", "protection": "protection", "education": "education",
    "logistics": "logistics",
}  # fmt: skip
