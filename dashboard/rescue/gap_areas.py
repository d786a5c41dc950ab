"""Gap areas by the places that people know, with those who live there and who comes first."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from dashboard import data
from dashboard.rescue import ground
from dashboard.rescue.plan import Plan
from geo_data import quantities as q
from layers.sar import gap, places


@lru_cache(maxsize=4)
def areas(made: Plan) -> pd.DataFrame:
    """Gap areas, largest first.

    Returns
    -------
    DataFrame
        As :func:`layers.sar.gap.gap_areas`, with ``place``, ``population_people``,
        ``displaced_people`` and ``asset_id`` (first at the worst hexagon); empty without gaps.
    """
    ranked = made.ranked
    if ranked.empty:
        return ranked
    found = gap.gap_areas(ranked)
    names = places.described(found, ground.known_places(made.view))
    cell = made.hexes["cell"].to_numpy(np.int64)
    place = np.searchsorted(cell, ranked["cell"].to_numpy(np.int64))
    people = (
        made.hexes[[q.POPULATION.column, q.DISPLACED.column]].iloc[place].reset_index(drop=True)
    )
    summed = people.groupby(ranked["gap_area"]).sum(min_count=1)
    first = ranked.drop_duplicates("gap_area").set_index("gap_area")["asset_id"]
    found.insert(1, "place", names)
    return found.assign(
        population_people=found["gap_area"].map(summed[q.POPULATION.column]),
        displaced_people=found["gap_area"].map(summed[q.DISPLACED.column]),
        asset_id=found["gap_area"].map(first),
    )


data.forget_daily(areas.cache_clear)
