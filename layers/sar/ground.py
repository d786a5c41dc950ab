"""How much longer a kilometre takes off the road: sand, rough ground, slopes; walking, driving."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo_data import grid
from geo_data.quantities import DESERT, ELEVATION
from layers.sar import distance

Floats = NDArray[np.float64]

FASTEST_ON_FOOT_KM_H = 8.0
# Against a road: WHO AccessMod's example speeds, 60 km/h on a road to 20 on a track; sand takes
# twice as long as firm ground, on foot too. No values for desert have been validated.
ROUGH_BY_CAR, ROUGH_ON_FOOT, SAND = 3.0, 1.0, 2.0
STEPS_PER_EDGE = 4


class Pace(StrEnum):
    """How a land asset moves."""

    DRIVING, WALKING = "driving", "walking"


def pace_of(speed_km_h: float) -> Pace:
    """Nobody drives as slowly as people walk."""
    return Pace.WALKING if speed_km_h <= FASTEST_ON_FOOT_KM_H else Pace.DRIVING


def walking_km_h(slope: ArrayLike) -> Floats:
    """Walking speed on a slope, rise over run in the direction of travel (Tobler 1993).

    >>> walking_km_h([-0.05, 0.0, 0.2]).round(6).tolist()
    [6.0, 5.036742, 2.501172]
    """
    return 6.0 * np.exp(-3.5 * np.abs(np.asarray(slope, np.float64) + 0.05))


def climbing(slope: ArrayLike) -> Floats:
    """How much longer a slope takes on foot, met as often upward as downward.

    Times are averaged, never speeds: the hour lost uphill is not given back downhill.

    >>> climbing([0.0, 0.2]).round(4).tolist()
    [1.0, 1.7164]
    """
    steep = np.abs(np.asarray(slope, np.float64))
    return walking_km_h(0.0) * (1 / walking_km_h(steep) + 1 / walking_km_h(-steep)) / 2


def slowness(hexagons: pd.DataFrame, cells: grid.Cells, roads: grid.Cells) -> dict[Pace, Floats]:
    """Time per kilometre of each cell, as a multiple of that on a level road.

    Parameters
    ----------
    hexagons : DataFrame
        ``cell`` and, where known, ``desert_share`` and ``elevation_m``; where they are null the
        ground counts as firm and level.
    cells : sorted cells
        Those to answer for.
    roads : cells
        Those that a road crosses.
    """
    table = hexagons.drop_duplicates("cell").set_index("cell").reindex(cells)
    sand = _column(table, DESERT.column).fillna(0).to_numpy(np.float64)
    soft = 1 + sand * (SAND - 1)
    steep = _steepness(cells, _column(table, ELEVATION.column).to_numpy(np.float64))
    on_road = np.isin(cells, roads)
    return {
        Pace.DRIVING: np.where(on_road, 1.0, ROUGH_BY_CAR * soft),
        Pace.WALKING: np.where(on_road, 1.0, ROUGH_ON_FOOT * soft) * steep,
    }


def cells_along(lines: ArrayLike, resolution: int) -> grid.Cells:
    """Sorted cells that lines cross, a quarter of a cell's edge at a time."""
    step_deg = grid.AVERAGE_EDGE_KM[resolution] / STEPS_PER_EDGE / 111.2
    shapes = [shape for shape in np.asarray(lines, dtype=object) if shape is not None]
    points = shapely.get_coordinates(shapely.segmentize(shapes, step_deg))
    if not len(points):
        return np.empty(0, np.int64)
    lon_deg, lat_deg = points.T
    return np.unique(grid.cells_of(lat_deg=lat_deg, lon_deg=lon_deg, resolution=resolution))


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    return table[name] if name in table else pd.Series(np.nan, index=table.index)


def _steepness(cells: grid.Cells, elevation_m: Floats) -> Floats:
    """Mean time on foot to the neighbours, as a multiple of that on the level; 1 if not known.

    Times are averaged and not slopes: one steep side costs more than it adds to the mean slope.
    """
    if not len(cells) or np.isnan(elevation_m).all():
        return np.ones(len(cells))
    origin, around = grid.disks(cells, 1)
    place = np.minimum(np.searchsorted(cells, around), len(cells) - 1)
    held = (cells[place] == around) & (around != cells[origin])
    origin, place = origin[held], place[held]
    lat_deg, lon_deg = grid.centres_of(cells)
    run_km = distance.distance_km(
        lat_deg=lat_deg[origin], lon_deg=lon_deg[origin], to_lat_deg=lat_deg[place],
        to_lon_deg=lon_deg[place],
    )  # fmt: skip
    longer = climbing((elevation_m[origin] - elevation_m[place]) / 1000 / run_km)
    known = ~np.isnan(longer)
    many = np.bincount(origin[known], minlength=len(cells))
    total = np.bincount(origin[known], longer[known], len(cells))
    return np.where(many > 0, total / np.maximum(many, 1), 1.0)
