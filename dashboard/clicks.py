"""What was clicked on the map. It comes from a browser, so anything may stand in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo_data.grid import cells_of

MOST_CORNERS = 201
LONGEST_ID = 200


@dataclass(frozen=True)
class View:
    """Where the map stood at a click."""

    lat_deg: float
    lon_deg: float
    zoom: int


@dataclass(frozen=True)
class HexClick:
    """A hexagon, by its centre and resolution; ``at_ms`` tells one click from the next.

    ``spot`` is the position (lat, lon) that was clicked inside it, if the browser told it.
    """

    lat_deg: float
    lon_deg: float
    resolution: int
    view: View
    at_ms: int
    spot: tuple[float, float] | None = None

    @property
    def cell(self) -> int:
        """Its H3 cell."""
        lat, lon = [self.lat_deg], [self.lon_deg]
        return int(cells_of(lat_deg=lat, lon_deg=lon, resolution=self.resolution)[0])


@dataclass(frozen=True)
class PlaceClick:
    """A place, by its kind and id."""

    kind: str
    place_id: str
    view: View
    at_ms: int


@dataclass(frozen=True)
class DrawnArea:
    """A polygon drawn by hand: corners as (lon, lat), the first one repeated at the end.

    Its sides may cross. The first corner lies within 180 degrees of Greenwich; an area across the
    antimeridian goes on beyond.
    """

    ring: tuple[tuple[float, float], ...]
    view: View
    at_ms: int


Click = HexClick | PlaceClick | DrawnArea


def click_of(feature: Any) -> Click | None:
    """A click from the GeoJSON feature that the browser sent; None for anything unexpected."""
    try:
        return _click(feature)
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def _click(feature: Mapping[str, Any]) -> Click | None:
    said, where = feature["properties"], feature["geometry"]["coordinates"]
    view, at_ms = _view(said["view"]), int(said["at"])
    if said["kind"] == "hex":
        lon, lat = _position(where)
        spot = _position(said["spot"]) if said.get("spot") else None
        at = spot and (spot[1], spot[0])
        return HexClick(lat, lon, _between(said["res"], 0, 15), view, at_ms, at)
    if said["kind"] == "place":
        kind, place_id = str(said["place_kind"])[:LONGEST_ID], str(said["id"])
        return PlaceClick(kind, place_id, view, at_ms) if len(place_id) <= LONGEST_ID else None
    if said["kind"] == "drawn" and 4 <= len(where[0]) <= MOST_CORNERS:
        return DrawnArea(_ring(where[0]), view, at_ms)
    return None


def _ring(sent: Any) -> tuple[tuple[float, float], ...]:
    corners = [(_position(corner)[1], float(corner[0])) for corner in sent]
    shift = _position(sent[0])[0] - corners[0][1]
    return tuple((lon + shift, lat) for lat, lon in corners)


def _view(sent: Any) -> View:
    lat, lon, zoom = sent
    lon, lat = _position((lon, lat))
    return View(lat, lon, _between(zoom, 0, 24))


def _position(sent: Any) -> tuple[float, float]:
    lon, lat = float(sent[0]), float(sent[1])
    if not (math.isfinite(lon) and abs(lon) <= 540 and abs(lat) <= 90):
        raise ValueError("no position on Earth")
    return (lon if abs(lon) <= 180 else (lon + 180) % 360 - 180), lat


def _between(value: Any, least: int, most: int) -> int:
    number = int(value)
    if not least <= number <= most:
        raise ValueError(f"{number} is not within {least} to {most}")
    return number
