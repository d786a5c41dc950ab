"""Hours from everywhere on land to the nearest service, walking and driving, and who is too far."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.sparse import csgraph

from geo_data import grid
from geo_data.quantities import POPULATION
from layers.sar.ground import Pace
from layers.sar.network import Network
from layers.services import access
from layers.services.access import Floats

ROAD_KM_H = {Pace.WALKING: 5.036742, Pace.DRIVING: 60.0}
"""On a level road: Tobler 1993; the example speed of WHO AccessMod."""
LIMITS_H = (1.0, 2.0)
BATCH = 50


def nearest_h(network: Network, places: pd.DataFrame, cells: grid.Cells, pace: Pace) -> Floats:
    """Hours from each cell to the nearest of some places.

    Infinite where no way leads to any; NaN where the cell is no land, so nobody walks there.

    Parameters
    ----------
    places : DataFrame
        ``lat_deg``, ``lon_deg``; those that lie on no land of the network are not reached.
    """
    position = network.find(cells)
    start = np.unique(nodes(network, places))
    if not len(start):
        return np.where(position >= 0, np.inf, np.nan)
    speed = ROAD_KM_H[pace]
    away_km = csgraph.dijkstra(network.legs_km(speed), indices=start, min_only=True)
    return np.where(position >= 0, np.append(away_km / speed, np.nan)[position], np.nan)


def within_h(
    network: Network, *, lat_deg: float, lon_deg: float, hours: float, pace: Pace
) -> grid.Cells:
    """Cells of the land that a person reaches from a place in so many hours."""
    at = pd.DataFrame({"lat_deg": [lat_deg], "lon_deg": [lon_deg]})
    start, speed = nodes(network, at), ROAD_KM_H[pace]
    if not len(start):
        return np.empty(0, np.int64)
    away_km = csgraph.dijkstra(
        network.legs_km(speed), indices=start, min_only=True, limit=hours * speed
    )
    return network.cells[np.isfinite(away_km)]


def gaps(
    part: pd.DataFrame, hours: dict[str, Floats], limits_h: tuple[float, ...] = LIMITS_H
) -> pd.DataFrame:
    """People beyond each limit from the nearest service, by sector, the largest gap first.

    Parameters
    ----------
    part : DataFrame
        ``population_people`` and ``fraction`` of each cell.
    hours : dict of str to float array
        By sector, hours from each cell of ``part`` to the nearest service.

    Returns
    -------
    DataFrame
        ``sector``, ``limit_h``, ``people``, ``share``, ``mean_h`` (of people who reach one).
        People in cells without any land have no time and are not counted as far.
    """
    people = part[POPULATION.column].to_numpy(np.float64) * part["fraction"].to_numpy(np.float64)
    rows = []
    for sector, away in hours.items():
        on_land = ~np.isnan(away)
        far = access.unserved(people[on_land], away[on_land], limits_h)
        rows.append(
            far.rename(columns={"limit_min": "limit_h"}).assign(
                sector=sector, mean_h=mean_h(people, away)
            )
        )
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=GAP_COLUMNS)
    return table[list(GAP_COLUMNS)].sort_values(
        ["limit_h", "people"], ascending=[True, False], ignore_index=True
    )


GAP_COLUMNS = ("sector", "limit_h", "people", "share", "mean_h")


def mean_h(people: Floats, away_h: Floats) -> float:
    """Hours to the nearest service of the mean person who can reach one."""
    reach = np.isfinite(away_h) & ~np.isnan(people)
    total = people[reach].sum()
    return float((people[reach] * away_h[reach]).sum() / total) if total > 0 else np.nan


def best_sites(
    network: Network, candidates: pd.DataFrame, part: pd.DataFrame, away_h: Floats,
    *, limit_h: float, pace: Pace, sites: int = 3,
) -> pd.DataFrame:  # fmt: skip
    """Where one more service point would help most, one after the other.

    Parameters
    ----------
    candidates : DataFrame
        Places where one could be: ``name``, ``lat_deg``, ``lon_deg``.
    part : DataFrame
        ``cell``, ``population_people``, ``fraction``.
    away_h : float array
        Hours from each cell of ``part`` to the nearest service today.

    Returns
    -------
    DataFrame
        Rows of the candidates in the order of choice, with ``people_won``.
    """
    people = part[POPULATION.column].to_numpy(np.float64) * part["fraction"].to_numpy(np.float64)
    far = np.flatnonzero((away_h > limit_h) & (np.nan_to_num(people) > 0))
    node = nodes(network, candidates, keep=True)
    usable = candidates[node >= 0].reset_index(drop=True)
    minutes = np.full((len(far), len(usable)), np.inf, np.float32)
    position = network.find(part["cell"].to_numpy(np.int64)[far])
    for start, away in batches(network, node[node >= 0], limit_h, pace):
        minutes[:, start : start + len(away)] = away[:, position].T * 60
    chosen = access.best_new_sites(
        people[far], np.full(len(far), np.inf), minutes, limit_h * 60, sites
    )
    found = usable.iloc[chosen["candidate"]].reset_index(drop=True)
    return found.assign(people_won=chosen["people_won"].to_numpy(np.float64))


def batches(
    network: Network, nodes: np.ndarray, limit_h: float, pace: Pace
) -> Iterator[tuple[int, Floats]]:
    """Hours from some nodes to all, a few at a time, infinite beyond the limit."""
    speed = ROAD_KM_H[pace]
    legs = network.legs_km(speed)
    for start in range(0, len(nodes), BATCH):
        some = nodes[start : start + BATCH]
        yield start, csgraph.dijkstra(legs, indices=some, limit=limit_h * speed) / speed


def nodes(network: Network, places: pd.DataFrame, keep: bool = False) -> np.ndarray:
    """Position of places in a network; those on no land are left out, or -1 if kept."""
    if not len(network.cells) or places.empty:
        return np.full(len(places) if keep else 0, -1)
    cell = grid.cells_of(
        lat_deg=places["lat_deg"], lon_deg=places["lon_deg"],
        resolution=grid.resolution_of(network.cells),
    )  # fmt: skip
    node = network.find(cell)
    return node if keep else node[node >= 0]
