"""Places to counts per hexagon: none where a register looked and has no place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.hexing import hex_points
from etl.precedence import SEVERAL, Layer, Texts
from geo_data.counts import Count, per_cell
from geo_data.grid import Cells
from geo_data.sources import Source

RULE = "places of all registers that cover the cell; a place in two registers counts once"


def layer(
    count: Count, places: pd.DataFrame, sources: Sequence[tuple[int, Source]], cells: Cells,
    country: Texts,
) -> Layer | None:  # fmt: skip
    """One count on all cells.

    Parameters
    ----------
    places : DataFrame
        Of ``count.table``, all sources, duplicates marked.
    sources : (number, source) of those that gave to the table
        One that never says what is counted (no health facility, no people) does not speak of it.

    Returns
    -------
    Layer or None
        None where no source speaks of it. A cell in which every place lacks its number is unknown;
        where some do, the sum of the others is a lower bound.
    """
    telling = places if count.wanted is None else places[count.wanted(places).to_numpy(bool)]
    telling = telling if count.weight is None else telling[telling[count.weight].notna()]
    speaking = [(number, source) for number, source in sources if _speaks(source, count, telling)]
    if not speaking:
        return None
    places = count.places(places)
    at = places["cell"].to_numpy(np.int64)
    number_of = {source.key: number for number, source in speaking}
    number = places["source"].map(number_of).fillna(SEVERAL).to_numpy().astype(np.int64)
    some = hex_points(at, cells) > 0
    covered = [_covers(source, country) & (some | (not count.only_where_found))
               for _, source in speaking]  # fmt: skip
    cover = np.any(covered, axis=0) | some
    return Layer(
        count.quantity.column,
        _numbers([n for n, _ in speaking], covered, at, number, cells),
        tuple(source.key for _, source in speaking),
        np.where(cover, per_cell(count, places, cells), np.nan),
        cover.astype(np.float64),
        rule=RULE,
    )


def _speaks(source: Source, count: Count, telling: pd.DataFrame) -> bool:
    plain = count.wanted is None and count.weight is None
    return plain or bool((telling["source"] == source.key).any())


def _covers(source: Source, country: Texts) -> NDArray[np.bool_]:
    if not source.coverage:
        return np.ones(len(country), dtype=bool)
    return np.isin(country.astype(str), source.coverage)


def _numbers(
    numbers: Sequence[int], covered: Sequence[NDArray[np.bool_]], at: Cells,
    number: NDArray[np.int64], cells: Cells,
) -> NDArray[np.int64]:  # fmt: skip
    """The source of each cell's places, or of its coverage; SEVERAL if there are several."""
    low = np.full(len(cells), np.iinfo(np.int16).max, dtype=np.int64)
    high = np.full(len(cells), SEVERAL, dtype=np.int64)
    for one, mine in zip(numbers, covered, strict=True):
        low, high = np.where(mine, np.minimum(low, one), low), np.where(mine, one, high)
    place = np.searchsorted(cells, at)
    held = (place < len(cells)) & (cells[np.minimum(place, len(cells) - 1)] == at)
    place, number = place[held], number[held]
    low[place], high[place] = np.iinfo(np.int16).max, SEVERAL
    np.minimum.at(low, place, number)
    np.maximum.at(high, place, number)
    return np.where(low == high, high, SEVERAL)
