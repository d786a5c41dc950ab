"""Ways over land of one release: measured once, then every question is a second or less."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import shapely

from dashboard import data
from geo_data import quantities as q
from geo_data.classes import NOBODY_H
from geo_data.vocabulary import Medium
from layers.sar import ground, network
from layers.sar.ground import Pace
from layers.sar.network import Network
from layers.services import reach
from layers.services.access import Floats

ROADS = ("road", "highway")
PACES = {Pace.WALKING: q.WALK, Pace.DRIVING: q.DRIVE}


@lru_cache(maxsize=1)
def land(release: str) -> Network:
    """Network of the land with its roads."""
    view = data.view(release)
    lines = view.reference("lines")
    roads = shapely.from_wkb(lines.loc[lines["line_type"].isin(ROADS), "geometry"].to_numpy())
    hexagons = view.wide([q.LAND, q.DESERT, q.ELEVATION])
    return network.build(hexagons, Medium.LAND, ground.cells_along(roads, view.resolution))


@lru_cache(maxsize=2)
def cells(release: str) -> np.ndarray:
    """Cells of the operation, ascending."""
    return data.view(release).wide([q.LAND])["cell"].to_numpy(np.int64)


def sectors(release: str) -> list[str]:
    """Sectors of the register that have at least one point, the commonest first."""
    found = services(release)["sector"].dropna()
    return found.value_counts().index.tolist()


@lru_cache(maxsize=2)
def services(release: str) -> pd.DataFrame:
    """Service points that this audience may see, each once."""
    table = data.view(release).places("services")
    return table[table["duplicate_of"].isna() & table["lat_deg"].notna()]


@lru_cache(maxsize=32)
def hours(release: str, sector: str, pace: Pace) -> Floats:
    """Hours from each cell to the nearest service of a sector (all: any of them)."""
    table = services(release)
    own = table if sector == "all" else table[table["sector"] == sector]
    if own.empty:
        return np.full(len(cells(release)), np.nan)
    return reach.nearest_h(land(release), own, cells(release), pace)


def drawn(release: str, sector: str, pace: Pace) -> pd.DataFrame:
    """Hours as a layer: no way is a class of its own, the sea is outside coverage."""
    away, column = hours(release, sector, pace), PACES[pace].column
    shown = np.where(np.isinf(away), NOBODY_H, away)
    return pd.DataFrame(
        {"cell": cells(release), column: shown, f"{column}__cover": (~np.isnan(away)) * 1.0}
    )


for _cached in (land, cells, services, hours):
    data.forget_daily(_cached.cache_clear)
