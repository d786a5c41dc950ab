"""TopoJSON: arcs shared by neighbours, simplified once so that neighbours keep matching."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity
from shapely.geometry.base import BaseGeometry

Bounds = tuple[float, float, float, float]
Coordinates = NDArray[np.float64]
Part = tuple[tuple[int, ...], ...]
Layout = dict[str, list[Part]]

# Sums of powers of two pack well; 2**-12 degree is 27 m, a tenth of the source's own grid.
GRID_DEG = 2.0**-12


@dataclass(frozen=True)
class Area:
    """One feature: its parts are polygons, a polygon is rings, a ring is arc numbers."""

    name: str
    m49: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Topology:
    """Arcs of shape (n, 2), longitude first, and the areas they bound; arc ~i is i reversed."""

    arcs: tuple[Coordinates, ...]
    areas: tuple[Area, ...]


def read_topology(path: Path) -> Topology:
    """The ``countries`` of a quantized TopoJSON file; longitudes run on across the antimeridian."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    scale, origin = document["transform"]["scale"], document["transform"]["translate"]
    arcs = tuple(
        _unwrapped(np.cumsum(np.asarray(arc), axis=0) * scale + origin) for arc in document["arcs"]
    )
    features = document["objects"]["countries"]["geometries"]
    areas = tuple(
        Area(feature["properties"]["name"], feature.get("id"), _parts(feature))
        for feature in features
    )
    return Topology(arcs, areas)


def simplified(topology: Topology, tolerance_deg: Callable[[Bounds], float]) -> Topology:
    """Fewer points on every arc, none moved by more than the tolerance at the arc's bounds.

    An arc of a small ring moves by a tenth of that ring's size at most: Monaco stays on the map.
    """
    sizes = _smallest_ring_deg(topology)
    arcs = (
        _simpler(arc, min(tolerance_deg(bounds_of(arc)), sizes[number] / 10))
        for number, arc in enumerate(topology.arcs)
    )
    return replace(topology, arcs=tuple(arcs))


def polygons(topology: Topology, part: Part) -> list[shapely.Polygon]:
    """Valid polygons of one part, cut at the antimeridian and closed over the pole."""
    rings = [_closed(_ring(topology, ring)) for ring in part]
    rings = [ring for ring in rings if len(ring) >= 4]
    if not rings:
        return []
    valid = shapely.make_valid(
        shapely.Polygon(rings[0], rings[1:]), method="structure", keep_collapsed=False
    )
    turns = [turn for turn in (-1, 0, 1) if shapely.intersects(valid, _world(turn))]
    cut = [
        affinity.translate(valid.intersection(_world(turn)), xoff=-360.0 * turn) for turn in turns
    ]
    return polygons_in(shapely.union_all(cut)) if cut else []


def polygons_in(geometry: BaseGeometry) -> list[shapely.Polygon]:
    """Polygons of any geometry with an area, in their order."""
    return [
        found
        for found in shapely.get_parts(geometry, return_index=False)
        if isinstance(found, shapely.Polygon) and found.area > 0
    ]


def arc_numbers(part: Part) -> Iterator[int]:
    """Arcs that bound a part, whichever way they run."""
    return (number if number >= 0 else ~number for ring in part for number in ring)


def bounds_of(arc: Coordinates) -> Bounds:
    """West, south, east, north."""
    (west, south), (east, north) = arc.min(axis=0), arc.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _parts(feature: dict[str, Any]) -> tuple[Part, ...]:
    nested = feature.get("arcs", [])
    parts = [nested] if feature["type"] == "Polygon" else nested
    return tuple(tuple(tuple(ring) for ring in part) for part in parts)


def _smallest_ring_deg(topology: Topology) -> Coordinates:
    """Longer side of the smallest ring that each arc bounds."""
    sizes = np.full(len(topology.arcs), np.inf)
    for ring in (ring for area in topology.areas for part in area.parts for ring in part):
        numbers = list(arc_numbers((ring,)))
        west, south, east, north = bounds_of(np.concatenate([topology.arcs[i] for i in numbers]))
        sizes[numbers] = np.minimum(sizes[numbers], max(east - west, north - south))
    return sizes


def _simpler(arc: Coordinates, tolerance_deg: float) -> Coordinates:
    closed = len(arc) >= 4 and bool((arc[0] == arc[-1]).all())
    line = shapely.LinearRing(arc) if closed else shapely.LineString(arc)
    # Only a ring can vanish: its shape is preserved, any other arc keeps its two ends.
    thin = shapely.simplify(line, tolerance_deg, preserve_topology=closed)
    return np.round(shapely.get_coordinates(thin) / GRID_DEG) * GRID_DEG


def _ring(topology: Topology, ring: tuple[int, ...]) -> Coordinates:
    arcs = [topology.arcs[i] if i >= 0 else topology.arcs[~i][::-1] for i in ring]
    return _unwrapped(np.concatenate([*(arc[:-1] for arc in arcs), arcs[-1][-1:]]))


def _closed(ring: Coordinates) -> Coordinates:
    if abs(ring[-1, 0] - ring[0, 0]) < 180:
        return ring if len(np.unique(ring, axis=0)) >= 3 else ring[:0]
    pole = np.array([[ring[-1, 0], -90.0], [ring[0, 0], -90.0], ring[0]])
    return np.concatenate([ring, pole])


def _unwrapped(line: Coordinates) -> Coordinates:
    return np.column_stack([np.unwrap(line[:, 0], period=360.0), line[:, 1]])


def _world(turn: int) -> shapely.Polygon:
    return shapely.box(-180.0 + 360.0 * turn, -90.0, 180.0 + 360.0 * turn, 90.0)
