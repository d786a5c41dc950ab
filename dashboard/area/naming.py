"""What hexagons are called: the smallest area that most of each lies in, the nearest place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from dashboard import data
from dashboard.area import choose
from dashboard.language import _
from dashboard.rescue import ground
from dashboard.what_if import plain_name
from geo_data import grid
from geo_data.words import Phrase
from layers.sar import places


def names(release: str, cells: Sequence[int] | np.ndarray) -> list[str]:
    """Name of each cell; "at sea or unnamed" where no area holds it."""
    found = _held(plain_name(release))["name"].reindex(np.asarray(cells, np.int64))
    return [name if isinstance(name, str) else _("outside all areas") for name in found]


def spots(release: str, cells: Sequence[int] | np.ndarray) -> list[str]:
    """Each cell by the nearest named place and the area it lies in.

    Only by places that the audience may see: "12 km NE of Sabha · Murzuq, LBY".
    """
    if not len(cells):
        return []
    view = data.view(plain_name(release))
    lat_deg, lon_deg = grid.centres_of(cells)
    middles = pd.DataFrame({"lat_deg": lat_deg, "lon_deg": lon_deg})
    near = places.described(middles, ground.known_places(view))
    said = [_(one) if isinstance(one, Phrase) else one for one in near]
    return [f"{one} · {area}" for one, area in zip(said, names(release, cells), strict=True)]


def countries(release: str, cells: Sequence[int] | np.ndarray) -> pd.Series:
    """ISO code of the country that each cell lies in; empty where no area holds it."""
    found = _held(plain_name(release)).reindex(np.asarray(cells, np.int64))
    return found["country"].fillna("").astype(str)


@lru_cache(maxsize=2)
def _held(release: str) -> pd.DataFrame:
    """Name and country of the area by cell: the deepest level first, then the largest share."""
    view = data.view(release)
    units = choose.units(view)[["area_code", "name", "level", "country"]]
    parts = view.reference("area_cells")[["area_code", "cell", "fraction"]]
    joined = parts.merge(units, on="area_code").sort_values(
        ["level", "fraction"], ascending=False, kind="stable"
    )
    once = joined.drop_duplicates("cell").set_index("cell")
    name = once["name"].fillna(once["area_code"]).astype(str)
    country = once["country"].fillna("").astype(str)
    return pd.DataFrame({"name": name + ", " + country, "country": country})


data.forget_daily(_held.cache_clear)
