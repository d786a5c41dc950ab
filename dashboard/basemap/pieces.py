"""Pieces of the basemap on the wire: what one view needs, in whole numbers.

The world is cut into squares of Web Mercator, a quadtree as for map tiles, at a few depths only:
each serves several zooms of the map. A piece is JSON; positions are whole numbers, ``extent`` to
the side of its square, x eastwards and y southwards:

- ``land``, ``lakes``: rings ``[x, y, dx, dy, ...]``, each position as the difference from the one
  before, all rings of a part filled together by the even-odd rule; a side along the edge of the
  square is a cut and no coast;
- ``rivers``, ``settled``, ``disputed``: lines in the same writing, the last two of boundaries;
- ``towns``: ``[x, y, rank, name]``, the most important first; rank is the first zoom that shows it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from dashboard.basemap.shapes import AREAS, LINES, PARTS, Basemap, Shapes, Town
from dashboard.tiles import mercator

FARTHEST_DEG = 85.05
TOLERANCE_PX = 0.5
SMALLEST_PX = 1.0
"""Islands with a smaller diagonal are left out."""
TILE_PX = 256
_making = threading.Lock()


@dataclass(frozen=True)
class Depth:
    """Squares of one size: ``2**z`` along the world, drawn up to a zoom of the map."""

    z: int
    deepest_zoom: int
    extent: int = 4096

    @property
    def units_per_px(self) -> float:
        """At the deepest zoom that shows them."""
        return self.extent * 2.0**self.z / (TILE_PX * 2.0**self.deepest_zoom)


# As in static/map/basemap.js.
DEPTHS = (Depth(0, 3), Depth(2, 5), Depth(4, 7), Depth(6, 16, 8192))


def piece(basemap: Basemap, language: str, z: int, x: int, y: int) -> dict[str, Any]:
    """One piece; parts that have nothing in it are left out.

    Raises
    ------
    KeyError
        If there is no such square.
    """
    depth = next((depth for depth in DEPTHS if depth.z == z), None)
    if depth is None or not (0 <= x < 1 << z and 0 <= y < 1 << z):
        raise KeyError(f"{z}/{x}/{y}")
    at = np.array([x, y]) * depth.extent
    found: dict[str, Any] = {
        part: lines
        for part in PARTS
        if (lines := _cut(_drawn(basemap, part, depth), at, depth.extent, part))
    }
    towns = [
        [*map(int, place - at), town.rank, town.called(language)]
        for town, place in zip(*_named(basemap, depth), strict=True)
        if ((place >= at) & (place < at + depth.extent)).all()
    ]
    return {"extent": depth.extent} | found | ({"towns": towns} if towns else {})


def _drawn(basemap: Basemap, part: str, depth: Depth) -> Shapes:
    """Made once, also when several squares are asked for at the same time."""
    with _making:
        return _simplified(basemap, part, depth)


@lru_cache(maxsize=64)
def _simplified(basemap: Basemap, part: str, depth: Depth) -> Shapes:
    """A part in units from the north-western corner of the world, as simple as its zooms allow."""
    shapes = basemap.shapes(part, depth.deepest_zoom)
    if not len(shapes):
        return shapes
    shapes = shapely.clip_by_rect(shapes, -180, -FARTHEST_DEG, 180, FARTHEST_DEG)
    shapes = shapely.transform(shapes, lambda at: _units(at[:, 1], at[:, 0], depth))
    if depth is not DEPTHS[-1]:
        if part in AREAS:
            box = shapely.bounds(shapes)
            size = np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
            shapes = shapes[size > SMALLEST_PX * depth.units_per_px]
        shapes = shapely.simplify(shapes, TOLERANCE_PX * depth.units_per_px)
    shapes = shapely.get_parts(shapes)
    return shapes[~shapely.is_empty(shapes)]


@lru_cache(maxsize=8)
def _named(basemap: Basemap, depth: Depth) -> tuple[tuple[Town, ...], Any]:
    """Towns that the zooms of a depth show, and their places in units."""
    shown = tuple(town for town in basemap.towns() if town.rank <= depth.deepest_zoom)
    at = np.array([(town.lat_deg, town.lon_deg) for town in shown]).reshape(-1, 2)
    return shown, np.floor(_units(at[:, 0], at[:, 1], depth)).astype(int)


def _units(lat_deg: Any, lon_deg: Any, depth: Depth) -> Any:
    _, y = mercator(lat_deg=lat_deg, lon_deg=lon_deg)
    # Not Mercator's x, for which 180 degrees east is 180 west.
    return np.column_stack([lon_deg / 360 + 0.5, y]) * (depth.extent * 2.0**depth.z)


def _cut(shapes: Shapes, at: Any, extent: int, part: str) -> list[list[int]]:
    """What lies in a square, as differences; what shrinks to a point is left out."""
    inside = shapely.clip_by_rect(shapes, *at, *(at + extent))
    inside = shapely.get_parts(inside[~shapely.is_empty(inside)])
    if part in LINES:
        inside = shapely.get_parts(shapely.line_merge(shapely.union_all(inside)))
    curves = shapely.get_rings(inside) if part in AREAS else inside
    least = 4 if part in AREAS else 2
    found = []
    for curve in curves:
        places = np.round(shapely.get_coordinates(curve) - at).astype(int)
        moved = np.diff(places, axis=0, prepend=0)
        moved = moved[np.append(True, moved[1:].any(axis=1))]
        if len(moved) >= least:
            found.append(moved[: -1 if part in AREAS else None].ravel().tolist())
    return found
