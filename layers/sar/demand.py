"""Where help was needed before: recorded incidents, recent ones first, spread by position error."""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.quantities import DEAD_MISSING, DEMAND, LAND
from layers.sar import distance

DAYS_PER_YEAR = 365.25
LEAST_PEOPLE = 1.0


def demand(
    incidents: pd.DataFrame,
    hexagons: pd.DataFrame,
    *,
    as_of: date,
    half_life_years: float = 3.0,
    rings: int = 2,
    kernel: Literal["gaussian", "equal"] = "gaussian",
) -> pd.DataFrame:
    """Share of the operation's search-and-rescue demand in each cell.

    Parameters
    ----------
    incidents : DataFrame
        As the table ``incidents`` of a release; those outside the hexagons are left out.
    hexagons : DataFrame
        ``cell`` and ``land_share``.
    as_of : date
        Day to which the age of incidents is counted.
    half_life_years : float
        Age at which an incident weighs half.
    rings : int
        Position error: an incident is spread over the cells this many rings around its own.
    kernel : {"gaussian", "equal"}
        How it is spread: all cells alike, or less with distance (standard deviation: half of the
        rings). At sea it stays at sea, on land on land; nothing leaves the operation.

    Returns
    -------
    DataFrame, one row per cell, in the order of the hexagons
        ``cell``, ``demand_share``, summing to 1; all null where no incident is recorded, because
        nothing is then known about where help is needed.
    """
    own = grid.cells_of(
        lat_deg=incidents["lat_deg"], lon_deg=incidents["lon_deg"],
        resolution=grid.resolution_of(hexagons["cell"]),
    )  # fmt: skip
    inside = np.isin(own, hexagons["cell"].to_numpy())
    weight = weights(incidents[inside], as_of=as_of, half_life_years=half_life_years)
    spread = _spread(own[inside], weight, hexagons, rings, kernel)
    total = spread.sum()
    share = spread / total if total > 0 else np.full(len(spread), np.nan)
    return pd.DataFrame({"cell": hexagons["cell"].to_numpy(np.int64), DEMAND.column: share})


def weights(incidents: pd.DataFrame, *, as_of: date, half_life_years: float) -> np.ndarray:
    """Weight of each incident: people dead or missing, halved with every half-life of age.

    Every incident weighs at least one person, also where the number is not known or nobody died:
    that it is recorded means that somebody was in distress. One without a date weighs as the
    oldest dated one; one dated after ``as_of`` counts as of that day.
    """
    people = incidents[DEAD_MISSING.column].to_numpy(np.float64)
    people = np.maximum(np.nan_to_num(people, nan=LEAST_PEOPLE), LEAST_PEOPLE)
    age = pd.Timestamp(as_of) - pd.to_datetime(incidents["date"])
    years = age.dt.total_seconds().to_numpy(np.float64) / 86_400 / DAYS_PER_YEAR
    oldest = np.nanmax(years) if np.isfinite(years).any() else 0.0
    years = np.maximum(np.where(np.isnan(years), oldest, years), 0.0)
    return people * 0.5 ** (years / half_life_years)


def _spread(
    own: grid.Cells, weight: np.ndarray, hexagons: pd.DataFrame, rings: int, kernel: str
) -> np.ndarray:
    cells = hexagons["cell"].to_numpy(np.int64)
    if len(own) == 0:
        return np.zeros(len(cells))
    place, back = np.unique(own, return_inverse=True)
    amount = np.bincount(back, weight, len(place))
    origin, around = grid.disks(place, rings)
    target = pd.Index(cells).get_indexer(around)
    origin, around, target = origin[target >= 0], around[target >= 0], target[target >= 0]
    land = _side(hexagons[LAND.column].to_numpy(np.float64))
    same_side = land[target] == land[pd.Index(cells).get_indexer(place)][origin]
    share = np.where(same_side, _kernel(place[origin], around, rings, kernel), 0.0)
    share /= np.bincount(origin, share, len(place))[origin]
    return np.bincount(target, share * amount[origin], len(cells))


def _side(land_share: np.ndarray) -> np.ndarray:
    """1 on land, 0 at sea, -1 where not known."""
    return np.where(np.isnan(land_share), -1, land_share >= 0.5)


def _kernel(here: grid.Cells, there: grid.Cells, rings: int, kernel: str) -> np.ndarray:
    if kernel == "equal" or rings == 0:
        return np.ones(len(here))
    (lat, lon), (to_lat, to_lon) = grid.centres_of(here), grid.centres_of(there)
    away_km = distance.distance_km(lat_deg=lat, lon_deg=lon, to_lat_deg=to_lat, to_lon_deg=to_lon)
    # Centres of neighbours lie sqrt(3) edges apart, and an edge squared is area / (1.5 sqrt(3)).
    ring_km = np.sqrt(3.0 * grid.area_km2(here) / (1.5 * np.sqrt(3.0)))
    return np.exp(-0.5 * np.square(away_km / ring_km / (rings / 2)))
