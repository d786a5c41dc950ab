"""The pieces of the basemap that a map in one file can show."""

from __future__ import annotations

from typing import Any

import numpy as np

from dashboard.basemap.pieces import DEPTHS, piece
from dashboard.basemap.served import address
from dashboard.basemap.shapes import Basemap, cut_to
from dashboard.handout.picture import Box
from dashboard.tiles import mercator


def cut(basemap: Basemap, box: Box, zooms: tuple[int, int], language: str) -> dict[str, Any]:
    """Pieces by address, with only what lies in a box.

    Parameters
    ----------
    zooms : (int, int)
        Least and deepest zoom of the map.
    """
    west, south, east, north = box
    x, y = mercator(lat_deg=np.array([north, south]), lon_deg=np.array([west, east - 1e-9]))
    url, found = address(basemap), {}
    inside = cut_to(basemap, box)
    for above, depth in zip((None, *DEPTHS), DEPTHS, strict=False):
        if depth.deepest_zoom < zooms[0] or (above and above.deepest_zoom >= zooms[1]):
            continue
        columns, rows = (np.clip(np.floor(v * 2**depth.z), 0, 2**depth.z - 1) for v in (x, y))
        for column in range(int(columns[0]), int(columns[1]) + 1):
            for row in range(int(rows[0]), int(rows[1]) + 1):
                name = url.replace("{z}", str(depth.z)).replace("{x}", str(column))
                found[name.replace("{y}", str(row))] = piece(inside, language, depth.z, column, row)
    return found
