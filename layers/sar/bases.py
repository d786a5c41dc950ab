"""How long an asset of one kind would take from each candidate base to each cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo_data import grid
from geo_data.vocabulary import Medium
from layers.sar import arrivals, distance, fleet
from layers.sar.network import Network

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """An asset to be placed."""

    medium: Medium
    speed_km_h: float
    endurance_h: float
    mobilise_h: float


@dataclass(frozen=True, eq=False)
class Candidates:
    """Bases that an asset can leave from.

    Attributes
    ----------
    bases : DataFrame
        Of those given, the ones that can be used, in the order of the columns of ``hours``.
    hours : float array, shape (cells, bases)
        From the alert to the arrival; infinite where the asset does not get and come home.
    notes : DataFrame
        Remarks on bases, as :func:`layers.sar.fleet.usable` makes them.
    """

    bases: pd.DataFrame
    hours: Floats
    notes: pd.DataFrame


def candidates(
    bases: pd.DataFrame,
    kind: Kind,
    cells: grid.Cells,
    hexagons: grid.Cells,
    networks: dict[Medium, Network],
    *,
    reserve_h: float = 0.5,
    on_scene_h: float = 0.5,
    alert_h: float = 0.0,
) -> Candidates:
    """Hours from every base to some of the cells, for one kind of asset, in calm air.

    Parameters
    ----------
    bases : DataFrame
        ``place_id``, ``lat_deg``, ``lon_deg``; other columns are kept.
    cells : cells
        Those that matter.
    hexagons : cells
        All of the operation.
    """
    register = bases.assign(
        medium=kind.medium.value, speed_km_h=kind.speed_km_h, endurance_h=kind.endurance_h,
        mobilise_h=kind.mobilise_h, ready=True,
    )  # fmt: skip
    ready, notes = fleet.usable(
        register, hexagons, networks, reserve_h=reserve_h, on_scene_h=on_scene_h
    )
    if kind.medium is Medium.AIR:
        away_km = _straight_km(ready, cells)
    else:
        away_km = _by_network_km(ready, cells, networks[kind.medium], kind.speed_km_h)
    reach = ready["reach_km"].to_numpy(np.float64)
    start = ready["start_h"].to_numpy(np.float64)
    within = away_km <= reach
    hours = np.where(within, start + away_km / kind.speed_km_h + alert_h, np.inf)
    kept = bases.set_index("place_id").loc[ready["asset_id"]].reset_index()
    return Candidates(kept, hours, notes)


def _straight_km(ready: pd.DataFrame, cells: grid.Cells) -> Floats:
    lat_deg, lon_deg = grid.centres_of(cells)
    there = distance.on_earth(distance.normals(lat_deg=lat_deg, lon_deg=lon_deg))
    here = distance.on_earth(distance.normals(lat_deg=ready["lat_deg"], lon_deg=ready["lon_deg"]))
    return distance.between_km(there[:, None, :], here[None, :, :])


def _by_network_km(
    ready: pd.DataFrame, cells: grid.Cells, network: Network, speed_km_h: float
) -> Floats:
    away_km = np.full((len(cells), len(ready)), np.inf)
    if ready.empty:
        return away_km
    place = network.find(cells)
    on = np.flatnonzero(place >= 0)
    away_km[on] = arrivals.away_km(
        network.legs_km(speed_km_h), network.find(ready["cell"].to_numpy(np.int64)), place[on],
        ready["reach_km"].to_numpy(np.float64),
    )  # fmt: skip
    return away_km
