"""What was searched, what is left, and where the next hours find most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
import pandas as pd

from dashboard import data
from dashboard.rescue import ground, overlaps, plan
from dashboard.rescue.ground import Where
from dashboard.rescue.plan import Hashed, Key, Plan
from dashboard.rescue.settings import LOOKED, SEARCH
from geo_data import grid
from geo_data import quantities as q
from geo_data.errors import WaypostError
from layers.sar import allocation, detection, effort, tracks
from layers.sar.detection import Curve
from layers.sar.drift import Drift, Field, Start, constant, containment, drift, of_particles
from layers.sar.patterns import KM_PER_NM
from layers.sar.sweep import Contrast

SEARCH_TRACK = "search track"
_LOOKED = tuple(knob.key for knob in (*SEARCH, *LOOKED))
_DRIFT = (
    "lkp_lat", "lkp_lon", "lkp_sd", "window", "hours", "object", "field", "d_wind_kn",
    "d_wind_from", "d_current_kn", "d_current_to", "wind_sd", "current_sd",
)  # fmt: skip
PARTICLES = 5_000


@dataclass(frozen=True, eq=False)
class Looked:
    """Results of the searches so far.

    Attributes
    ----------
    cells : DataFrame, one row per cell
        ``cell``, ``detection_share``, ``coverage_factor``, ``area_probability`` (after the
        search), ``planned_h``.
    tracks : DataFrame
        ``track``, ``sensor``, ``sensor_from``, ``sweep_width_m``, ``track_km`` of each track.
    notes : DataFrame
        ``track``, ``problem``, ``done``, ``advice`` of tracks that are not whole or overlap.
    outside : float
        Chance, after the search, that the object is in none of the cells.
    success : float
        Chance that the search so far would have found it.
    next_success : float
        Chance that the next hours find it, if it is as the map says.
    """

    cells: pd.DataFrame
    tracks: pd.DataFrame
    notes: pd.DataFrame
    outside: float
    success: float
    next_success: float


@lru_cache(maxsize=4)
def looked(made: Plan) -> Looked:
    """What the tracks of the release and of the planner come to."""
    values = made.values
    adrift = _adrift(made) if values["prior"] == "drift" else None
    prior = made.need.cells if adrift is None else adrift
    name = q.DEMAND.column if adrift is None else "area_probability"
    chance = pd.Series(prior[name].to_numpy(np.float64), index=prior["cell"].to_numpy())
    chance = chance.reindex(made.hexes["cell"].to_numpy()).fillna(0.0)
    total = float(chance.sum())
    if adrift is None and total:
        chance *= (1 - float(values["outside"]) / 100) / total
    reached = made.reach.cells["reached"].to_numpy(bool)
    area = Hashed(pd.DataFrame({"cell": chance.index, "p": chance.to_numpy(), "reached": reached}))
    register = Hashed(made.assets[["place_id", "name", "sensor"]])
    return _looked(made.at, area, made.tracks, register, made.of(_LOOKED))


def _adrift(made: Plan) -> pd.DataFrame | None:
    """Where the drift ends; None if there is none, and the page says why."""
    try:
        return drifted(made)[0]
    except WaypostError:
        return None


@lru_cache(maxsize=8)
def _looked(at: Where, area: Hashed, brought: Hashed | None, register: Hashed, key: Key) -> Looked:
    values, hexes = dict(zip(_LOOKED, key, strict=True)), ground.hexagons(at)
    view = data.view(at[0])
    lines = view.reference("lines")
    fixes = tracks.fixes_of(lines[lines["line_type"] == SEARCH_TRACK])
    if brought is not None:
        fixes = pd.concat([fixes, brought.table], ignore_index=True)
    cells = hexes["cell"].to_numpy(np.int64)
    land = hexes[q.LAND.column].to_numpy(np.float64)
    ashore = pd.Series(land >= 0.5, index=cells)
    own = fixes.drop_duplicates("track_id").set_index("track_id")["name"]
    who = tracks.searchers(own, register.table, str(values["sensor"]))
    wide = tracks.with_widths(
        fixes, who["sensor"], ashore, sought=str(values["sought"]),
        conditions=plan.conditions(values),
        detection_range_m=float(values["range_m"]), contrast=Contrast.MEDIUM,
    )  # fmt: skip
    swept = effort.effort(wide, view.resolution)
    passed = {
        str(track): effort.effort(part, view.resolution).cells
        for track, part in wide.groupby("track_id", sort=False)
    }
    together = pd.concat([swept.notes, overlaps.overlaps(wide, passed)], ignore_index=True)
    km2 = np.asarray(grid.area_km2(cells), np.float64)
    covered = effort.coverage(swept.cells, pd.Series(km2, index=cells), Curve(str(values["curve"])))
    seen = covered["detection_share"].fillna(0.0).to_numpy()
    before = area.table["p"].to_numpy()
    outside = max(0.0, 1.0 - float(before.sum()))
    after, out = detection.after_failure(before, seen, outside)
    rate = plan.widths_km(values, hexes) * float(values["search_kn"]) * KM_PER_NM / km2
    if area.table["reached"].any():
        rate = np.where(area.table["reached"], rate, 0.0)
    best = allocation.allocate(after, rate, float(values["effort"]))
    return Looked(
        covered.assign(area_probability=after, planned_h=best.effort),
        _by_track(wide, passed, who["sensor_from"]), _named(together, own), out,
        detection.success(before, seen), best.success,
    )  # fmt: skip


def _named(notes: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Tracks by the names that people gave them."""
    called = [names.get(one, one) for one in notes["track_id"]]
    return notes.rename(columns={"track_id": "track"}).assign(track=called)


def _by_track(
    fixes: pd.DataFrame, passed: Mapping[str, pd.DataFrame], told: pd.Series
) -> pd.DataFrame:
    rows = []
    for track, part in fixes.groupby("track_id", sort=False):
        own = passed[str(track)]
        rows.append(
            {
                "track": str(part["name"].iloc[0]), "sensor": part["sensor"].iloc[0],
                "sensor_from": told[track],
                "sweep_width_m": float(part["sweep_width_m"].mean()),
                "track_km": float(own["track_km"].sum()), "track_id": track,
            }
        )  # fmt: skip
    return pd.DataFrame(
        rows, columns=["track", "sensor", "sensor_from", "sweep_width_m", "track_km", "track_id"]
    ).drop(columns="track_id")


def drifted(made: Plan) -> tuple[pd.DataFrame, dict[str, float], Drift]:
    """Where the object may be at the end: probability of area, and the rest up to 1."""
    if made.particles is not None:
        return _contained(made.at, made.particles)
    return _drifted(made.at, made.of(_DRIFT))


@lru_cache(maxsize=4)
def _contained(at: Where, particles: Hashed) -> tuple[pd.DataFrame, dict[str, float], Drift]:
    moved = of_particles(particles.table)
    return *containment(moved, ground.hexagons(at)["cell"].to_numpy(np.int64)), moved


@lru_cache(maxsize=8)
def _drifted(at: Where, key: Key) -> tuple[pd.DataFrame, dict[str, float], Drift]:
    values, hexes = dict(zip(_DRIFT, key, strict=True)), ground.hexagons(at)
    n = {name: value for name, value in values.items() if isinstance(value, float)}
    cells = hexes["cell"].to_numpy(np.int64)
    land = hexes[q.LAND.column].to_numpy(np.float64)

    def place(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        own = grid.cells_of(lat_deg=lat, lon_deg=lon, resolution=grid.resolution_of(cells[:1]))
        found = np.minimum(np.searchsorted(cells, own), len(cells) - 1)
        return np.where(cells[found] == own, found, -1)

    def field(east: q.Quantity, north: q.Quantity) -> Field:
        u, v = (
            np.append(hexes[name.column].to_numpy(np.float64), np.nan) for name in (east, north)
        )
        return lambda lat, lon, hours: (u[place(lat, lon)], v[place(lat, lon)])

    if values["field"] == "data":
        wind, current = field(q.WIND_EAST, q.WIND_NORTH), field(q.CURRENT_EAST, q.CURRENT_NORTH)
    else:
        wind = constant(*_blows(n["d_wind_kn"], n["d_wind_from"] + 180))
        current = constant(*_blows(n["d_current_kn"], n["d_current_to"]))
    start = Start(
        lat_deg=n["lkp_lat"], lon_deg=n["lkp_lon"], sd_km=n["lkp_sd"], window_h=n["window"],
        at=datetime.now(UTC),
    )  # fmt: skip
    ended = drift(
        start, wind, current, hours=n["hours"], object_class=str(values["object"]),
        on_land=lambda lat, lon: np.append(land, np.nan)[place(lat, lon)] >= 0.65,
        particles=PARTICLES, wind_sd_m_s=n["wind_sd"], current_sd_m_s=n["current_sd"],
    )  # fmt: skip
    table, rest = containment(ended, cells)
    return table, rest, ended


def _blows(knots: float, towards_deg: float) -> tuple[float, float]:
    speed, towards = knots * KM_PER_NM / 3.6, np.radians(towards_deg)
    return float(speed * np.sin(towards)), float(speed * np.cos(towards))


for _cached in (looked, _looked, _drifted, _contained):
    data.forget_daily(_cached.cache_clear)
