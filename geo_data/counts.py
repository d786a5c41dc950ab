"""Which places count towards which quantity, wherever they are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.vocabulary import Sector, SiteStatus


@dataclass(frozen=True)
class Count:
    """How one quantity is counted from one table of places.

    Attributes
    ----------
    quantity : Quantity
    table : str
    wanted : callable, optional
        Places to those that count.
    weight : str, optional
        Column that is summed; without it places are counted.
    only_where_found : bool
        The register says nothing of cells without a place: people live outside of sites too.
    """

    quantity: Quantity
    table: str
    wanted: Callable[[pd.DataFrame], pd.Series] | None = None
    weight: str | None = None
    only_where_found: bool = False

    def places(self, places: pd.DataFrame) -> pd.DataFrame:
        """The places that count, each once."""
        if self.wanted is not None:
            places = places[self.wanted(places).to_numpy(bool)]
        return places[places["duplicate_of"].isna()] if "duplicate_of" in places else places


def _health(places: pd.DataFrame) -> pd.Series:
    return places["sector"] == Sector.HEALTH


def _in_use(places: pd.DataFrame) -> pd.Series:
    return places["status"] != SiteStatus.CLOSED


COUNTS: tuple[Count, ...] = (
    Count(q.CROSSINGS, "crossings"),
    Count(q.SERVICES, "services"),
    Count(q.HEALTH, "services", wanted=_health),
    Count(q.SITES, "sites", wanted=_in_use),
    Count(q.INCIDENTS, "incidents"),
    Count(q.DEAD_MISSING, "incidents", weight="dead_missing_people"),
    Count(q.DISPLACED, "sites", wanted=_in_use, weight="displaced_people", only_where_found=True),
)
BY_COLUMN: dict[str, Count] = {
    count.quantity.column: count for count in COUNTS if not count.only_where_found
}


def per_cell(count: Count, places: pd.DataFrame, cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """Count or sum of places in each cell.

    Parameters
    ----------
    places : DataFrame
        Those that count, with ``cell``.
    cells : int64 array, sorted

    Returns
    -------
    float array
        0 where there is no place; NaN where there are some, but none with a known number.
    """
    at = places["cell"].to_numpy(np.int64)
    inside = np.isin(at, cells)
    position = np.searchsorted(cells, at[inside])
    some = np.bincount(position, minlength=len(cells)).astype(np.float64)
    if count.weight is None:
        return some
    weight = places[count.weight].to_numpy(np.float64, na_value=np.nan)[inside]
    known = ~np.isnan(weight)
    total = np.bincount(position[known], weight[known], len(cells))
    told = np.bincount(position[known], minlength=len(cells))
    return np.where((some > 0) & (told == 0), np.nan, total)
