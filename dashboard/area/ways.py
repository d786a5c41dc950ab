"""Ways over land of one release: measured once, then every question is a second or less."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import shapely

from dashboard import data
from dashboard.what_if import Supposed, plain_name
from geo_data import quantities as q
from geo_data.classes import NOBODY_H
from geo_data.vocabulary import Medium
from layers.sar import closures, ground, network
from layers.sar.ground import Pace
from layers.sar.network import Network
from layers.services import reach
from layers.services.access import Floats

ROADS = ("road", "highway")
PACES = {Pace.WALKING: q.WALK, Pace.DRIVING: q.DRIVE}


def passable(release: str) -> Network:
    """Network of the land with its roads; of a what-if, without what it blocks."""
    plain = land(plain_name(release))
    view = data.view(release)
    if not isinstance(view, Supposed) or not len(view.after.blocked):
        return plain
    return _blocked(release)


@lru_cache(maxsize=2)
def _blocked(release: str) -> Network:
    view = data.view(release)
    plain = land(plain_name(release))
    return closures.without(plain, view.after.blocked) if isinstance(view, Supposed) else plain


@lru_cache(maxsize=1)
def land(release: str) -> Network:
    """Network of the land of a stored release."""
    view = data.view(release)
    lines = view.reference("lines")
    roads = shapely.from_wkb(lines.loc[lines["line_type"].isin(ROADS), "geometry"].to_numpy())
    hexagons = view.wide([q.LAND, q.DESERT, q.ELEVATION])
    return network.build(hexagons, Medium.LAND, ground.cells_along(roads, view.resolution))


def cells(release: str) -> np.ndarray:
    """Cells of the operation, ascending."""
    return _cells(plain_name(release))


@lru_cache(maxsize=2)
def _cells(release: str) -> np.ndarray:
    return data.view(release).wide([q.LAND])["cell"].to_numpy(np.int64)


def sectors(release: str) -> list[str]:
    """Sectors of the register that have at least one point, the commonest first."""
    found = services(release)["sector"].dropna()
    return found.value_counts().index.tolist()


@lru_cache(maxsize=4)
def services(release: str) -> pd.DataFrame:
    """Service points that this audience may see, each once."""
    table = data.view(release).places("services")
    return table[table["duplicate_of"].isna() & table["lat_deg"].notna()]


def hours(release: str, sector: str, pace: Pace) -> Floats:
    """Hours from each cell to the nearest service of a sector (all: any of them)."""
    view, plain = data.view(release), plain_name(release)
    if (
        release == plain
        or own(release, sector).equals(own(plain, sector))
        and not (isinstance(view, Supposed) and len(view.after.blocked))
    ):
        return _hours(plain, sector, pace)
    return _hours(release, sector, pace)


def own(release: str, sector: str) -> pd.DataFrame:
    """Service points of a sector (all: any of them)."""
    table = services(release)
    return table if sector == "all" else table[table["sector"] == sector]


@lru_cache(maxsize=48)
def _hours(release: str, sector: str, pace: Pace) -> Floats:
    table = own(release, sector)
    if table.empty:
        return np.full(len(cells(release)), np.nan)
    return reach.nearest_h(passable(release), table, cells(release), pace)


def drawn(release: str, sector: str, pace: Pace) -> pd.DataFrame:
    """Hours as a layer: no way is a class of its own, the sea is outside coverage."""
    away, column = hours(release, sector, pace), PACES[pace].column
    shown = np.where(np.isinf(away), NOBODY_H, away)
    return pd.DataFrame(
        {"cell": cells(release), column: shown, f"{column}__cover": (~np.isnan(away)) * 1.0}
    )


for _cached in (land, _blocked, _cells, services, _hours):
    data.forget_daily(_cached.cache_clear)
