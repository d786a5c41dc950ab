"""Where the next assets should stand: candidates, the quick answer, and the exact one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from dashboard import data
from dashboard.rescue import ground, plan
from dashboard.rescue.ground import Where
from dashboard.rescue.plan import Hashed, Key, Plan
from geo_data import quantities as q
from geo_data.vocabulary import Medium
from layers.sar import siting
from layers.sar.bases import Candidates, Kind, candidates
from layers.sar.siting import Siting

# As the demonstration has them: 28 and 14 kn, a medium helicopter, a twin propeller, cars on sand.
KINDS = {
    "patrol boat": Kind(medium=Medium.SEA, speed_km_h=52, endurance_h=14, mobilise_h=0.5),
    "rescue vessel": Kind(medium=Medium.SEA, speed_km_h=26, endurance_h=240, mobilise_h=1.0),
    "helicopter": Kind(medium=Medium.AIR, speed_km_h=240, endurance_h=4, mobilise_h=0.75),
    "patrol aircraft": Kind(medium=Medium.AIR, speed_km_h=330, endurance_h=8, mobilise_h=1.5),
    "desert ground team": Kind(medium=Medium.LAND, speed_km_h=45, endurance_h=20, mobilise_h=2.0),
}
CROSSING_TYPE = {Medium.SEA: "sea", Medium.AIR: "air", Medium.LAND: "land"}
LANDMARKS = {
    Medium.SEA: ("port", "harbour"), Medium.AIR: ("airfield", "airport"),
    Medium.LAND: ("town", "airfield"),
}  # fmt: skip
MOST_CANDIDATES = 150


@dataclass(frozen=True, eq=False)
class Question:
    """What siting is asked: open demand by cell, candidates, and which reach what in time."""

    cells: np.ndarray
    demand: np.ndarray
    found: Candidates
    covers: np.ndarray


@lru_cache(maxsize=4)
def question(made: Plan) -> Question:
    """Gap cells of the plan and the bases from which the chosen kind would reach them in time."""
    names = ("kind", "reserve", "on_scene", "alert", "rule", "limit_h", "water")
    unmet = made.gaps[["cell", q.GAP.column]]
    unmet = Hashed(unmet[unmet[q.GAP.column] > 0])
    search = (*made.of(plan._SEARCH), *made.of(plan._GAP))
    return _question(made.at, unmet, made.of(names), Hashed(made.assets), search)


@lru_cache(maxsize=4)
def _question(at: Where, unmet: Hashed, key: Key, fleet: Hashed, search: Key) -> Question:
    kind_name, reserve, on_scene, alert = key[:4]
    values = dict(zip((*plan._SEARCH, *plan._GAP), search, strict=True))
    hexes, kind = ground.hexagons(at), KINDS[str(kind_name)]
    cells = unmet.table["cell"].to_numpy(np.int64)
    found = candidates(
        bases(at, kind.medium, fleet.table), kind, cells, hexes["cell"].to_numpy(np.int64),
        ground.networks(at), reserve_h=float(reserve), on_scene_h=float(on_scene),
        alert_h=float(alert),
    )  # fmt: skip
    every = hexes["cell"].to_numpy(np.int64)
    place = np.searchsorted(every, cells)
    limit = plan.limit_h(at, values).to_numpy()[place] - plan.search_h(values, hexes)[place]
    covers = found.hours <= limit[:, None]
    return Question(cells, unmet.table[q.GAP.column].to_numpy(np.float64), found, covers)


def bases(at: Where, medium: Medium, assets: pd.DataFrame) -> pd.DataFrame:
    """Harbours, airfields or towns, crossings and bases of today, each place once."""
    view = data.view(at[0])
    crossings, landmarks = view.places("crossings"), view.places("landmarks")
    parts = [
        assets[assets["medium"] == medium.value],
        crossings[crossings["crossing_type"] == CROSSING_TYPE[medium]],
        landmarks[landmarks["landmark_type"].isin(LANDMARKS[medium])].sort_values(
            "population_people", ascending=False
        ),
    ]
    names = ["place_id", "name", "lat_deg", "lon_deg"]
    table = pd.concat([part[names] for part in parts if len(part)] or [parts[0][names]])
    table = table.dropna(subset=["lat_deg", "lon_deg"])
    near = table[["lat_deg", "lon_deg"]].astype(float).round(2)
    table = table[~near.duplicated().to_numpy()].drop_duplicates("place_id")
    return table.head(MOST_CANDIDATES).reset_index(drop=True)


def quick(asked: Question, sites: int) -> Siting:
    """The greedy answer."""
    return siting.greedy(asked.covers, asked.demand, sites)


for _cached in (question, _question):
    data.forget_daily(_cached.cache_clear)
