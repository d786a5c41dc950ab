"""One place in several registers: the later declared register's row names the earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

METRES_PER_DEG = 111_195.0


@dataclass(frozen=True)
class Likeness:
    """When two rows of different sources are one place.

    ``alike`` columns must be equal where both are known, ``equal`` ones known and equal.
    """

    within_m: float
    alike: tuple[str, ...] = ()
    equal: tuple[str, ...] = ()


LIKENESS: dict[str, Likeness] = {
    "services": Likeness(250, equal=("sector",)),
    "crossings": Likeness(250, alike=("crossing_type",)),
    "incidents": Likeness(5_000, equal=("date", "dead_missing_people")),
}


def marked(places: pd.DataFrame, likeness: Likeness, order: Sequence[str]) -> pd.DataFrame:
    """The table with ``duplicate_of``: the ``place_id`` of the same place in an earlier register.

    Parameters
    ----------
    places : DataFrame
        ``place_id``, ``lat_deg``, ``lon_deg``, ``source`` and the columns compared.
    order : sequence of str
        Keys of the sources, first declared first.

    Returns
    -------
    DataFrame
        The same rows. A record with the id of an earlier register's is its duplicate wherever it
        lies. Other pairs are made nearest first and one to one: two rows of one source are two
        places, so an earlier row stands for at most one row of each later source.
    """
    places = places.reset_index(drop=True)
    number = {key: number for number, key in enumerate(order)}
    rank = np.array([number.get(key, len(order)) for key in places["source"]], dtype=np.int64)
    later, earlier, distance = _pairs(places, rank, likeness)
    keep = _matching(places, later, earlier, likeness)
    later, earlier, distance = later[keep], earlier[keep], distance[keep]
    identifiers = places["place_id"].to_numpy(object)
    same = _same_record(places, rank)
    stands_for: set[tuple[int, int]] = set()
    for place in np.lexsort((distance, rank[earlier], rank[later])):
        original, copy = int(earlier[place]), int(later[place])
        pair = (original, int(rank[copy]))
        if same[copy] is None and same[original] is None and pair not in stands_for:
            same[copy] = identifiers[original]
            stands_for.add(pair)
    return places.assign(duplicate_of=same)


def _same_record(places: pd.DataFrame, rank: NDArray[np.int64]) -> NDArray[np.object_]:
    """Rows whose ``place_id`` an earlier source has too: one record in two files of its owner."""
    table = pd.DataFrame({"place_id": places["place_id"], "rank": rank})
    first = table.groupby("place_id")["rank"].transform("min")
    # An id that one source gives to several rows names no single record.
    repeated = table["place_id"].isin(table.loc[table.duplicated(), "place_id"])
    copied = ((table["rank"] > first) & ~repeated).to_numpy()
    same = np.full(len(places), None, dtype=object)
    same[copied] = places["place_id"].to_numpy(object)[copied]
    return same


def _pairs(
    places: pd.DataFrame, rank: NDArray[np.int64], likeness: Likeness
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Rows of different sources near each other: the later declared, the earlier, their metres."""
    lat = places["lat_deg"].to_numpy(np.float64)
    lon = places["lon_deg"].to_numpy(np.float64)
    reach = likeness.within_m / METRES_PER_DEG
    aside = reach / np.maximum(0.02, np.cos(np.radians(lat)))
    boxes = shapely.box(lon - aside, lat - reach, lon + aside, lat + reach)
    later, earlier = shapely.STRtree(shapely.points(lon, lat)).query(boxes)
    ordered = rank[later] > rank[earlier]
    later, earlier = later[ordered], earlier[ordered]
    east = (lon[later] - lon[earlier]) * np.cos(np.radians(lat[later]))
    metres = np.hypot(east, lat[later] - lat[earlier]) * METRES_PER_DEG
    near = metres <= likeness.within_m
    return later[near], earlier[near], metres[near]


def _matching(
    places: pd.DataFrame, later: NDArray[np.int64], earlier: NDArray[np.int64], likeness: Likeness
) -> NDArray[np.bool_]:
    keep = np.ones(len(later), dtype=bool)
    for column in (*likeness.alike, *likeness.equal):
        words = places[column].astype(object).to_numpy(object)
        one, other = words[later], words[earlier]
        unknown = pd.isna(one) | pd.isna(other) | (one == "unknown") | (other == "unknown")
        same = np.array(one == other, dtype=bool)
        keep &= np.where(unknown, column in likeness.alike, same)
    return keep
