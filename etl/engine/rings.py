"""Cells that are no regular hexagons of one plane: those that reach over the edge of a face.

Their corners, seven to ten of some, are asked from H3.
"""

from __future__ import annotations

import numpy as np
import shapely

from etl.engine.frame import Frame
from geo_data import grid
from geo_data.grid import Cells, Floats


def rings_of(
    cells: Cells, frame: Frame, origin: tuple[int, int], about: float
) -> tuple[Floats, Cells]:
    """Corners in columns and rows from an origin (row, column), and where each cell's begin.

    A cell around a pole becomes a band along the upper or lower edge of a geographic raster.
    """
    polygons = grid.polygons_of(cells)
    place, owner = shapely.get_coordinates(shapely.get_exterior_ring(polygons), return_index=True)
    begin = np.searchsorted(owner, np.arange(len(cells) + 1))
    parts = [place[start : end - 1] for start, end in zip(begin, begin[1:], strict=False)]
    if frame.to_lonlat is None:
        middle = frame.x0 + frame.dx * about
        parts = [_unrolled(part, middle) for part in parts]
    sizes = np.cumsum([0, *(len(part) for part in parts)])
    together = np.concatenate(parts) if parts else np.empty((0, 2))
    if frame.to_lonlat is None:
        column = (together[:, 0] - frame.x0) / frame.dx
        row = (together[:, 1] - frame.y0) / frame.dy
    else:
        column, row = frame.pixels(together[:, 1], together[:, 0], about)
    ring = np.column_stack([column - origin[1], row - origin[0]])
    return np.ascontiguousarray(ring), sizes.astype(np.int64)


def _unrolled(ring: Floats, middle: float) -> Floats:
    """A ring of longitudes and latitudes without jumps, on the turn nearest to a longitude."""
    lon = np.degrees(np.unwrap(np.radians(ring[:, 0])))
    lat = ring[:, 1]
    closing = lon[-1] + (ring[0, 0] - ring[-1, 0] + 180) % 360 - 180
    if abs(closing - lon[0]) > 180:  # once round a pole
        pole = np.copysign(90.0, lat[0])
        lon = np.concatenate([lon, [closing, closing, lon[0]]])
        lat = np.concatenate([lat, [lat[0], pole, pole]])
    shift = np.round((middle - (lon.min() + lon.max()) / 2) / 360) * 360
    return np.column_stack([lon + shift, lat])


def measured(ring: Floats, begin: Cells) -> tuple[Floats, Floats]:
    """Area, above 0 where a ring turns from the columns to the rows, and last row of each ring."""
    if len(begin) == 1:
        return np.empty(0), np.empty(0)
    after = np.arange(1, len(ring) + 1)
    after[begin[1:] - 1] = begin[:-1]
    x, y = ring[:, 0], ring[:, 1]
    return (
        np.add.reduceat(x * y[after] - x[after] * y, begin[:-1]) / 2,
        np.maximum.reduceat(y, begin[:-1]),
    )
