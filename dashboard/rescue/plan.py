"""A plan: assets and parameters, and the results that follow from them, each computed once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from dashboard import data
from dashboard.rescue import ground, witnesses
from dashboard.rescue.ground import Where
from dashboard.rescue.settings import Value
from geo_data import grid
from geo_data import quantities as q
from geo_data.view import View
from geo_data.vocabulary import Audience
from layers.sar import gap, response, scenario, survivable, survival, sweep
from layers.sar.blend import Blend
from layers.sar.patterns import KM_PER_NM
from layers.sar.response import Response
from layers.sar.sweep import Conditions, Contrast
from layers.sar.wind import CALM, Wind

Values = Mapping[str, Value]
Key = tuple[Value, ...]
_REACH = ("hour", "alert", "reserve", "on_scene", "wind", "wind_kn", "wind_from")
_DEMAND = ("w_incidents", "w_flows", "w_exposed", "half_life")
_SEARCH = ("sought", "sensor", "search_kn", "visibility", "search_wind", "sea", "tired", "range_m")
_GAP = ("limit_h", "rule", "target", "search_km2", "water")


class Hashed:
    """A table that serves as a key: two with the same content are one."""

    def __init__(self, table: pd.DataFrame):
        self.table = table
        text = table.to_json(orient="split", date_format="iso")
        self.digest = hashlib.sha256(text.encode()).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hashed) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@dataclass(frozen=True, eq=False)
class Plan:
    """Assets, parameters and the view they are applied to.

    Attributes
    ----------
    view : View
    fleet : Hashed
        Assets with a position, as :func:`dashboard.rescue.assets.located` makes them.
    values : mapping
        As :func:`dashboard.rescue.settings.read` makes them.
    compared : Hashed or None
        The fleet of the other plan.
    tracks : Hashed or None
        Fixes that the planner brought along.
    particles : Hashed or None
        Particles of a drift model that the planner brought along; they are the drift then.
    """

    view: View
    fleet: Hashed
    values: Values
    compared: Hashed | None = None
    tracks: Hashed | None = None
    particles: Hashed | None = None

    @property
    def assets(self) -> pd.DataFrame:
        """Assets of the plan."""
        return self.fleet.table

    @cached_property
    def names(self) -> dict[str, str]:
        """What people call each asset, by its id."""
        named = self.assets["name"].fillna(self.assets["place_id"])
        return dict(zip(self.assets["place_id"], named, strict=True))

    @cached_property
    def at(self) -> Where:
        """Release and audience."""
        return ground.where(self.view)

    @cached_property
    def hexes(self) -> pd.DataFrame:
        """Cells of the operation."""
        return ground.hexagons(self.at)

    def of(self, names: tuple[str, ...]) -> Key:
        """Some of the values, as a key."""
        return tuple(self.values[name] for name in names)

    @property
    def blind(self) -> bool:
        """Whether assets are withheld, so that nothing is known of who arrives."""
        return self.assets.empty and self.view.audience is not Audience.CELL

    @cached_property
    def reach_key(self) -> Key:
        """What reach depends on beside the fleet."""
        return self.of(_REACH)

    @cached_property
    def reach(self) -> Response:
        """Who arrives where, and when."""
        return _reach(self.at, self.fleet, self.reach_key, self.view.today.isoformat())

    @cached_property
    def need(self) -> Blend:
        """Where help is needed."""
        return _need(self.at, self.of(_DEMAND))

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """Demand that nobody meets in time, cell by cell."""
        return self.gaps_of(self.fleet)

    def gaps_of(self, fleet: Hashed) -> pd.DataFrame:
        """The same with another fleet."""
        return _gaps(
            self.at, fleet, self.reach_key, self.view.today.isoformat(), self.of(_DEMAND),
            self.of(_SEARCH), self.of(_GAP),
        )  # fmt: skip

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """Gap cells, largest first."""
        return gap.gap_cells(self.gaps) if not self.blind else gap.gap_cells(self.gaps[:0])

    @cached_property
    def change(self) -> scenario.Change | None:
        """From the plan compared to this one."""
        if self.compared is None:
            return None
        return scenario.change(self.gaps_of(self.compared), self.gaps)

    @cached_property
    def chances(self) -> pd.DataFrame:
        """Survivable coverage of each cell."""
        bands = _bands(self.at, float(self.values["limit_h"]), float(self.values["water"]))
        search = search_h(self.values, self.hexes)
        return survivable.chances(self.reach.cells, bands, search)

    def token(self, *parts: object) -> str:
        """Name under which the tiles of a layer made from these parts are drawn."""
        return hashlib.sha256(repr((self.at, *parts)).encode()).hexdigest()[:16]

    @property
    def met_share(self) -> float | None:
        """Share of the demand that somebody meets in time; None if it is not known."""
        if self.blind or self.gaps[q.DEMAND.column].isna().all():
            return None
        return 1.0 - float(self.gaps[q.GAP.column].sum())


def moment(values: Values, today: str) -> datetime | None:
    """The time of day asked for; None: any."""
    if not values["hour"]:
        return None
    day = datetime.fromisoformat(today).date()
    return datetime.combine(day, time(int(values["hour"])), tzinfo=UTC)


def wind_of(values: Values, hexes: pd.DataFrame) -> Wind | None:
    """The wind asked for; None if the data holds none."""
    if values["wind"] == "calm":
        return CALM
    if values["wind"] == "entered":
        towards = np.radians(float(values["wind_from"]) + 180)
        speed = float(values["wind_kn"]) * KM_PER_NM
        return Wind(float(speed * np.sin(towards)), float(speed * np.cos(towards)))
    east, north = (hexes[name.column].to_numpy() for name in (q.WIND_EAST, q.WIND_NORTH))
    if np.isnan(east).all() or np.isnan(north).all():
        return None
    return Wind(float(np.nanmean(east)) * 3.6, float(np.nanmean(north)) * 3.6)


def conditions(values: Values) -> Conditions:
    """What searchers meet."""
    return Conditions(
        visibility_nm=float(values["visibility"]), wind_kn=float(values["search_wind"]),
        sea_m=float(values["sea"]), fatigued=values["tired"] == "yes",
        speed_kn=float(values["search_kn"]),
    )  # fmt: skip


def widths_km(values: Values, hexes: pd.DataFrame) -> np.ndarray:
    """Sweep width of the chosen searcher in each cell."""
    ashore = hexes[q.LAND.column].to_numpy(np.float64) >= 0.5
    on_land = sweep.land_sweep_width_m(float(values["range_m"]), Contrast.MEDIUM) / 1000
    sensor = str(values["sensor"])
    at_sea = (
        0.0
        if sensor == "ground"
        else sweep.sweep_width_nm(sensor, str(values["sought"]), conditions(values)) * KM_PER_NM
    )
    return np.where(ashore, on_land, at_sea)


def search_h(values: Values, hexes: pd.DataFrame) -> np.ndarray:
    """Hours from arrival to finding, with the probability asked for."""
    area, target = float(values["search_km2"]), float(values["target"]) / 100
    if not area or not target:
        return np.zeros(len(hexes))
    width, which = np.unique(widths_km(values, hexes), return_inverse=True)
    hours = [
        float(survivable.search_h(area, w / KM_PER_NM, float(values["search_kn"]), target))
        for w in width
    ]
    return np.array(hours)[which]


@lru_cache(maxsize=32)
def _reach(at: Where, fleet: Hashed, key: Key, today: str) -> Response:
    values, hexes = dict(zip(_REACH, key, strict=True)), ground.hexagons(at)
    return response.response_time(
        fleet.table, hexes, ground.networks(at), reserve_h=float(values["reserve"]),
        on_scene_h=float(values["on_scene"]), alert_h=float(values["alert"]),
        at=moment(values, today), wind=wind_of(values, hexes) or CALM,
    )  # fmt: skip


@lru_cache(maxsize=8)
def _need(at: Where, key: Key) -> Blend:
    return witnesses.need(
        data.view(at[0]), ground.hexagons(at), dict(zip(_DEMAND, key, strict=True))
    )


@lru_cache(maxsize=8)
def _bands(at: Where, longest_h: float, water_l: float) -> pd.DataFrame:
    return survivable.bands_h(ground.hexagons(at), longest_h=longest_h, water_l=water_l)


@lru_cache(maxsize=16)
def _gaps(
    at: Where, fleet: Hashed, reach: Key, today: str, need: Key, search: Key, key: Key
) -> pd.DataFrame:
    values = dict(zip((*_SEARCH, *_GAP), (*search, *key), strict=True))
    hexes, found = ground.hexagons(at), _reach(at, fleet, reach, today).cells
    searched = found.assign(
        **{q.RESPONSE.column: found[q.RESPONSE.column] + search_h(values, hexes)}
    )
    made = gap.gap_share(_need(at, need).cells, searched, limit_h(at, values))
    return made.assign(**{q.RESPONSE.column: found[q.RESPONSE.column]})


def limit_h(at: Where, values: Values) -> pd.Series:
    """Hours within which people have to be found in each cell."""
    hexes, longest = ground.hexagons(at), float(values["limit_h"])
    if values["rule"] == "hayward":
        return survival.limit_h(hexes, longest)
    if values["rule"] == "fixed":
        return pd.Series(longest, index=hexes.index)
    bands = _bands(at, longest, float(values["water"]))
    name = "shortest_h" if values["rule"] == "short" else "longest_h"
    return bands[name].fillna(longest)


def cell_of(picked: str | None, resolution: int) -> int | None:
    """The cell of the operation that a picked hexagon stands for, its centre."""
    if not picked:
        return None
    lat_deg, lon_deg = grid.centres_of([int(picked, 16)])
    return int(grid.cells_of(lat_deg=lat_deg, lon_deg=lon_deg, resolution=resolution)[0])


for _cached in (_reach, _need, _bands, _gaps):
    data.forget_daily(_cached.cache_clear)
