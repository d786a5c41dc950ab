"""Hours until the first ready asset arrives: aircraft straight, boats and vehicles by graph."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo_data import grid
from geo_data.vocabulary import Medium
from geo_data.words import N_
from layers.sar import arrivals as search
from layers.sar import distance, fleet, ground
from layers.sar.distance import Floats
from layers.sar.network import Network
from layers.sar.wind import CALM, Wind, over_ground_km_h, radius_km

NO_ASSET = N_("no asset for this medium")
NOT_READY = N_("no ready asset")
NO_ROUTE = N_("no route from a ready asset")
OUT_OF_ENDURANCE = N_("out of endurance")
NIGHT = N_("nobody on call at this hour")


@dataclass(frozen=True)
class Response:
    """Times of arrival, and the assets that could not be counted or only with a remark.

    Attributes
    ----------
    cells : DataFrame, one row per cell, in the order of the hexagons
        ``cell``; ``response_h`` (null where nobody arrives); ``asset_id`` of the first to arrive
        (null where nobody does); ``reached`` (bool); ``obstacle``, why nobody arrives (empty
        where somebody does).
    notes : DataFrame, one row per remark
        ``asset_id``, ``problem``, ``advice``, ``used`` (bool, whether the asset still counts).
    """

    cells: pd.DataFrame
    notes: pd.DataFrame


def response_time(
    assets: pd.DataFrame,
    hexagons: pd.DataFrame,
    networks: dict[Medium, Network],
    *,
    reserve_h: float = 0.5,
    on_scene_h: float = 0.5,
    alert_h: float = 0.0,
    at: datetime | None = None,
    wind: Wind = CALM,
) -> Response:
    """Time until the first ready asset reaches each cell from where it can still come home.

    Alert, mobilisation and the way at the asset's speed, in wind for aircraft; no current, no
    search. Boats reach cells of the sea, vehicles cells of the land, aircraft all.

    Parameters
    ----------
    assets : DataFrame
        As the table ``assets`` of a release.
    hexagons : DataFrame
        ``cell``.
    networks : dict
        As :func:`layers.sar.network.build_all` makes them from the same hexagons.
    reserve_h, on_scene_h : float
        Endurance kept in hand and spent at the scene; the rest is for the way out and back.
    alert_h : float
        From the distress to the alarm.
    at : datetime, optional
        UTC; assets that are not on call then are left out. None: at any time.
    wind : Wind
        Aircraft fly in it.
    """
    cells = hexagons["cell"].to_numpy(np.int64)
    ready, notes = fleet.usable(
        assets, cells, networks, reserve_h=reserve_h, on_scene_h=on_scene_h, at=at
    )
    where = {medium: network.find(cells) for medium, network in networks.items()}
    hours, first = np.full(len(cells), np.inf), np.full(len(cells), -1)
    for medium in Medium:
        group = ready[ready["medium"] == medium]
        if group.empty:
            continue
        if medium is Medium.AIR:
            arrivals = _flights(group, cells, wind)
        else:
            arrivals = _journeys(group, networks[medium], where[medium])
        for arrival_h, asset in arrivals:
            sooner = arrival_h < hours
            hours, first = np.where(sooner, arrival_h, hours), np.where(sooner, asset, first)
    reached = np.isfinite(hours)
    names = np.array([*ready["asset_id"], None], dtype=object)
    asleep = notes.loc[notes["problem"].str.startswith(fleet.OFF_DUTY), "asset_id"]
    resting = assets["place_id"].isin(asleep)
    missed = {medium: position[~reached] for medium, position in where.items()}
    obstacle = np.full(len(cells), "", dtype=object)
    obstacle[~reached] = _obstacles(
        assets, ready, resting, networks, missed, len(cells) - int(reached.sum())
    )
    table = {
        "cell": cells,
        "response_h": np.where(reached, hours + alert_h, np.nan),
        "asset_id": names[first],
        "reached": reached,
        "obstacle": obstacle,
    }
    return Response(pd.DataFrame(table), notes)


Arrival = tuple[NDArray[np.float64], NDArray[np.int64]]


def _flights(aircraft: pd.DataFrame, cells: grid.Cells, wind: Wind) -> list[Arrival]:
    """Hours to each cell along the geodesic, infinite beyond the radius of action."""
    lat_deg, lon_deg = grid.centres_of(cells)
    point = distance.on_earth(distance.normals(lat_deg=lat_deg, lon_deg=lon_deg))
    arrivals = []
    for row, asset in aircraft.iterrows():
        base = distance.normals(lat_deg=asset["lat_deg"], lon_deg=asset["lon_deg"])
        away_km = distance.between_km(distance.on_earth(base), point)
        course = _course_deg(asset["lat_deg"], asset["lon_deg"], lat_deg, lon_deg)
        ground_km_h = over_ground_km_h(asset["speed_km_h"], course, wind)
        with np.errstate(divide="ignore", invalid="ignore"):
            hours = asset["start_h"] + np.where(away_km > 0, away_km / ground_km_h, 0.0)
        within = away_km <= radius_km(asset["speed_km_h"], asset["way_h"], course, wind)
        arrivals.append((np.where(within, hours, np.inf), np.full(len(cells), row)))
    return arrivals


def _course_deg(lat_deg: float, lon_deg: float, to_lat_deg: Floats, to_lon_deg: Floats) -> Floats:
    """Course at the start of the great circle, clockwise from north."""
    here, there = np.radians(lat_deg), np.radians(to_lat_deg)
    across = np.radians(to_lon_deg - lon_deg)
    east = np.sin(across) * np.cos(there)
    north = np.cos(here) * np.sin(there) - np.sin(here) * np.cos(there) * np.cos(across)
    return np.degrees(np.arctan2(east, north))


def _journeys(assets: pd.DataFrame, network: Network, where: NDArray[np.int64]) -> list[Arrival]:
    """Hours to each cell through the network, one search for those on foot and one for others."""
    arrivals = []
    for _, group in assets.groupby(assets["speed_km_h"] <= ground.FASTEST_ON_FOOT_KM_H):
        speed = group["speed_km_h"].to_numpy(np.float64)
        hours, first = search.first(
            network.legs_km(float(speed[0])), network.find(group["cell"].to_numpy()),
            start_h=group["start_h"].to_numpy(np.float64), speed_km_h=speed,
            reach_km=group["reach_km"].to_numpy(np.float64),
        )  # fmt: skip
        who = np.append(np.where(first >= 0, group.index.to_numpy()[first], -1), -1)
        arrivals.append((np.append(hours, np.inf)[where], who[where]))
    return arrivals


def _obstacles(
    assets: pd.DataFrame,
    ready: pd.DataFrame,
    resting: pd.Series,
    networks: dict[Medium, Network],
    where: dict[Medium, NDArray[np.int64]],
    cells: int,
) -> NDArray[np.object_]:
    """Why nobody reaches some cells, of which ``where`` gives the places in the networks."""
    passes = {medium: position >= 0 for medium, position in where.items()}
    passes[Medium.AIR] = np.ones(cells, dtype=np.bool_)
    registered, asleep, sendable, connected = (np.zeros(cells, dtype=np.bool_) for _ in range(4))
    for medium, open_to in passes.items():
        registered |= open_to & bool((assets["medium"] == medium).any())
        asleep |= open_to & bool((assets["medium"] == medium)[resting].any())
        own = ready[ready["medium"] == medium]
        sendable |= open_to & bool(len(own))
        if medium is Medium.AIR:
            connected |= bool(len(own))
        elif len(own):
            network = networks[medium]
            parts = network.part[network.find(own["cell"].to_numpy())]
            connected |= open_to & np.isin(network.part[where[medium]], parts)
    return np.select(
        [connected, sendable, asleep, registered],
        [OUT_OF_ENDURANCE, NO_ROUTE, NIGHT, NOT_READY],
        NO_ASSET,
    ).astype(object)
