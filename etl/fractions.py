"""Share of each cell that lies inside polygons, exact in the plane of longitude and latitude."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo_data import grid
from geo_data.grid import Cells, Floats

BATCH_LEVELS = 2
PIECE_VERTICES = 64
KM_PER_DEG = 111.195

Places = NDArray[np.int64]


def cell_fractions(geometries: Sequence[shapely.Geometry], cells: Cells) -> pd.DataFrame:
    """Share of each cell inside each geometry.

    Parameters
    ----------
    geometries : valid polygons or multipolygons, longitude first
        They may overlap. Parts smaller than a cell are kept, lines and points have no share.
    cells : sorted cells of one resolution

    Returns
    -------
    DataFrame
        ``area_index`` (place in ``geometries``), ``cell`` and ``fraction`` (above 0, at most 1),
        sorted by the first two. A cell that crosses the antimeridian is compared on the side of
        its centre only.
    """
    batches = _Batches.of(cells)
    found = [_one(geometry, cells, batches) for geometry in geometries]
    index = np.repeat(np.arange(len(found)), [len(place) for place, _ in found])
    place = np.concatenate([place for place, _ in found]) if found else np.empty(0, np.int64)
    fraction = np.concatenate([share for _, share in found]) if found else np.empty(0)
    table = pd.DataFrame({"area_index": index, "cell": cells[place], "fraction": fraction})
    return table.sort_values(["area_index", "cell"], ignore_index=True)


class _Batches:
    """Neighbouring cells in boxes: most are wholly inside or outside, and need no hexagon."""

    def __init__(self, boxes: NDArray[np.object_], members: list[Places]):
        self.members = members
        self.tree = shapely.STRtree(boxes)
        self.bounds = shapely.total_bounds(boxes) if len(boxes) else (0.0, 0.0, 0.0, 0.0)

    @classmethod
    def of(cls, cells: Cells) -> _Batches:
        if not len(cells):
            return cls(np.empty(0, object), [])
        resolution = grid.resolution_of(cells)
        _, batch = np.unique(
            grid.parents(cells, max(0, resolution - BATCH_LEVELS)), return_inverse=True
        )
        order = np.argsort(batch, kind="stable")
        starts = np.flatnonzero(np.diff(batch[order], prepend=-1))
        lat, lon = grid.centres_of(cells)
        reach = 2 * grid.AVERAGE_EDGE_KM[resolution] / KM_PER_DEG
        aside = reach / np.maximum(0.02, np.cos(np.radians(np.abs(lat) + reach)))
        boxes = shapely.box(
            np.minimum.reduceat((lon - aside)[order], starts),
            np.minimum.reduceat(lat[order], starts) - reach,
            np.maximum.reduceat((lon + aside)[order], starts),
            np.maximum.reduceat(lat[order], starts) + reach,
        )
        return cls(boxes, np.split(order, starts[1:]))

    def split(self, geometry: shapely.Geometry) -> tuple[Places, Places]:
        """Places of the cells surely inside a geometry, and of those that may be in part."""
        inside = self.tree.query(geometry, predicate="contains_properly")
        touched = np.setdiff1d(self.tree.query(geometry, predicate="intersects"), inside)
        return self._joined(inside), self._joined(touched)

    def _joined(self, batches: Places) -> Places:
        members = [self.members[batch] for batch in batches]
        return np.concatenate(members) if members else np.empty(0, np.int64)


def _one(geometry: shapely.Geometry, cells: Cells, batches: _Batches) -> tuple[Places, Floats]:
    near = shapely.clip_by_rect(geometry, *batches.bounds)
    if near.is_empty:
        return np.empty(0, np.int64), np.empty(0)
    shapely.prepare(near)
    inside, touched = batches.split(near)
    hexagons = hexagons_of(cells[touched])
    tree = shapely.STRtree(hexagons)
    full = np.zeros(len(touched), dtype=bool)
    full[tree.query(near, predicate="contains_properly")] = True
    pieces = np.array(_pieces(near), dtype=object)
    piece, place = tree.query(pieces, predicate="intersects")
    partial = ~full[place]
    piece, place = piece[partial], place[partial]
    area = shapely.area(shapely.intersection(pieces[piece], hexagons[place]))
    share = full + np.bincount(place, area, len(touched)) / shapely.area(hexagons)
    some = share > 0
    place = np.concatenate([inside, touched[some]])
    return place, np.concatenate([np.ones(len(inside)), np.minimum(share[some], 1.0)])


def _pieces(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    """A geometry cut into simple ones: an overlay costs as many steps as there are vertices."""
    finished, todo = [], list(shapely.get_parts(geometry))
    while todo:
        part = todo.pop()
        if shapely.get_dimensions(part) < 2:
            continue
        if shapely.get_num_coordinates(part) <= PIECE_VERTICES:
            finished.append(part)
            continue
        for half in _halves(*part.bounds):
            todo.extend(shapely.get_parts(shapely.clip_by_rect(part, *half)))
    return finished


def _halves(west: float, south: float, east: float, north: float) -> list[tuple[float, ...]]:
    if east - west > north - south:
        middle = (west + east) / 2
        return [(west, south, middle, north), (middle, south, east, north)]
    middle = (south + north) / 2
    return [(west, south, east, middle), (west, middle, east, north)]


def hexagons_of(cells: Cells) -> NDArray[np.object_]:
    """Hexagons in the plane; one that crosses the antimeridian stays in one piece."""
    hexagons = grid.polygons_of(cells)
    bounds = shapely.bounds(hexagons)
    for place in np.flatnonzero(bounds[:, 2] - bounds[:, 0] > 180):
        ring = shapely.get_coordinates(hexagons[place])
        centre = grid.centres_of(cells[place : place + 1])[1]
        ring[:, 0] = centre + (ring[:, 0] - centre + 180) % 360 - 180
        hexagons[place] = shapely.Polygon(ring)
    return hexagons
