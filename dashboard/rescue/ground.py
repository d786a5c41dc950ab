"""What does not change while a planner turns knobs: hexagons and travel networks of a release."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely

from dashboard import access, data
from geo_data import quantities as q
from geo_data.view import View
from geo_data.vocabulary import Medium
from layers.sar import ground, network, straits
from layers.sar.network import Network

ROADS = ("road", "highway")
QUANTITIES = (
    q.LAND, q.SEA_TEMPERATURE, q.HEAT, q.FLOOD_DEPTH, q.POPULATION, q.DISPLACED, q.DESERT,
    q.ELEVATION, q.WIND_EAST, q.WIND_NORTH, q.CURRENT_EAST, q.CURRENT_NORTH,
)  # fmt: skip
Where = tuple[str, str]
"""A release and an audience: nothing computed for one is handed to another."""
_networks: dict[str, dict[Medium, Network]] = {}


def where(view: View) -> Where:
    """Key under which results of a view are kept."""
    return view.name, access.audience().value


@lru_cache(maxsize=2)
def hexagons(at: Where) -> pd.DataFrame:
    """Everything about the cells that search and rescue needs, cells ascending."""
    return data.view(at[0]).wide(list(QUANTITIES))


@lru_cache(maxsize=2)
def networks(at: Where) -> dict[Medium, Network]:
    """Travel networks; releases with the same ground share them."""
    hexes = hexagons(at)
    view = data.view(at[0])
    lines = view.reference("lines")
    narrows = straits.known(lines)
    lines = lines[lines["line_type"].isin(ROADS)]
    roads = None
    if len(lines):
        roads = ground.cells_along(shapely.from_wkb(lines["geometry"].to_numpy()), view.resolution)
    names = ["cell", q.LAND.column, q.DESERT.column, q.ELEVATION.column]
    digest = hashlib.sha256(b"" if roads is None else roads.tobytes())
    digest.update(narrows.to_csv().encode())
    for name in names:
        digest.update(hexes[name].to_numpy().tobytes())
    key = digest.hexdigest()
    if key not in _networks:
        _networks.clear()
        _networks[key] = network.build_all(hexes, roads, narrows)
    return _networks[key]


def known_places(view: View) -> pd.DataFrame:
    """Landmarks and crossings with a name, by which others are described."""
    tables = [
        view.places(kind)[["name", "lat_deg", "lon_deg"]] for kind in ("landmarks", "crossings")
    ]
    return pd.concat(tables, ignore_index=True)


def people(hexes: pd.DataFrame) -> np.ndarray:
    """Residents and displaced of each cell, those that are known."""
    both = hexes[[q.POPULATION.column, q.DISPLACED.column]].to_numpy(np.float64)
    return np.nansum(both, axis=1)


for _cached in (hexagons, networks):
    data.forget_daily(_cached.cache_clear)
