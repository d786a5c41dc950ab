"""Search-and-rescue coverage of one release: computed once per set of assets and parameters."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from dashboard import data
from geo_data import grid
from geo_data import quantities as q
from geo_data.classes import NOBODY_H
from geo_data.quantities import Quantity
from geo_data.rollup import cover_column
from geo_data.view import View
from geo_data.vocabulary import Medium
from layers import BY_KEY
from layers.sar import demand, gap, network, response, survival
from layers.sar.network import Network

ASSET_COLUMNS = (
    "place_id", "name", "medium", "asset_type", "lat_deg", "lon_deg", "speed_km_h", "endurance_h",
    "mobilise_h", "ready",
)  # fmt: skip
DRAWN: tuple[Quantity, ...] = (q.GAP, q.RESPONSE, q.DEMAND)


@dataclass(frozen=True)
class Parameters:
    """What a planner may turn."""

    limit_h: float = 6.0
    half_life_years: float = 3.0
    on_scene_h: float = 0.5
    reserve_h: float = 0.5
    cold_water: bool = True


@dataclass(frozen=True, eq=False)
class Coverage:
    """Result of one run: tables and the token under which its layers are drawn."""

    gaps: pd.DataFrame
    ranked: pd.DataFrame
    areas: pd.DataFrame
    notes: pd.DataFrame
    token: str

    @property
    def met_share(self) -> float | None:
        """Share of the demand that somebody meets in time; None if demand is not known."""
        if self.gaps[q.DEMAND.column].isna().all():
            return None
        return 1.0 - float(self.gaps[q.GAP.column].sum())


def hexagons(view: View) -> pd.DataFrame:
    """Land share and sea temperature of every cell."""
    return _hexagons(view.name)


@lru_cache(maxsize=2)
def _hexagons(release: str) -> pd.DataFrame:
    return data.view(release).wide([q.LAND, q.SEA_TEMPERATURE])


@lru_cache(maxsize=2)
def networks(release: str) -> dict[Medium, Network]:
    """Travel networks of a release."""
    return network.build_all(_hexagons(release))


def editable_assets(view: View) -> pd.DataFrame:
    """Assets as a planner edits them."""
    table = view.places("assets")
    return table[list(ASSET_COLUMNS)].reset_index(drop=True)


def located(assets: pd.DataFrame, resolution: int) -> tuple[pd.DataFrame, int]:
    """Edited assets with their cell; rows without a position are left out and counted."""
    placed = assets.dropna(subset=["lat_deg", "lon_deg", "medium"])
    placed = placed[placed["lat_deg"].abs().le(90) & placed["lon_deg"].abs().le(180)]
    names = [str(name) if name == name and name else f"new {n}" for n, name in
             enumerate(placed["place_id"], start=1)]  # fmt: skip
    cells = grid.cells_of(
        lat_deg=placed["lat_deg"], lon_deg=placed["lon_deg"], resolution=resolution
    )
    made = placed.assign(place_id=names, cell=cells, ready=placed["ready"].fillna(False))
    return made.reset_index(drop=True), len(assets) - len(placed)


def coverage(view: View, assets: pd.DataFrame, parameters: Parameters) -> Coverage:
    """Who reaches which cell when, where help is needed, and where the two do not meet."""
    key = assets.to_json(orient="split", double_precision=6)
    token = hashlib.sha256(f"{parameters}{key}".encode()).hexdigest()[:16]
    made = _coverage(view.name, key, parameters, token)
    _register(view, made.gaps, token)  # again on a hit: its tiles may have been let go since
    return made


@lru_cache(maxsize=8)
def _coverage(release: str, assets: str, parameters: Parameters, token: str) -> Coverage:
    view, hexes = data.view(release), _hexagons(release)
    table = pd.read_json(
        io.StringIO(assets), orient="split", dtype={"place_id": str, "cell": np.int64}
    )
    reach = response.response_time(
        table, hexes, networks(release), reserve_h=parameters.reserve_h,
        on_scene_h=parameters.on_scene_h,
    )  # fmt: skip
    need = demand.demand(
        view.places("incidents"), hexes, as_of=view.today,
        half_life_years=parameters.half_life_years,
    )  # fmt: skip
    limit = survival.limit_h(hexes, parameters.limit_h) if parameters.cold_water else None
    gaps = gap.gap_share(need, reach.cells, parameters.limit_h if limit is None else limit)
    ranked = gap.gap_cells(gaps)
    areas = gap.gap_areas(ranked) if len(ranked) else ranked
    return Coverage(gaps, ranked, areas, reach.notes, token)


def _register(view: View, gaps: pd.DataFrame, token: str) -> None:
    shown = gaps.assign(**{q.RESPONSE.column: gaps[q.RESPONSE.column].fillna(NOBODY_H)})
    for quantity in DRAWN:
        table = shown[["cell", quantity.column]].assign(**{cover_column(quantity): 1.0})
        data.register(view.name, BY_KEY[quantity.column], token, table)


for _cached in (_hexagons, networks, _coverage):
    data.forget_daily(_cached.cache_clear)
