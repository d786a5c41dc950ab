"""Quantities on hexagons as one audience may see them: withheld, recounted, spread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from geo_data import counts, disclosure, grid
from geo_data import quantities as q
from geo_data.counts import Count
from geo_data.disclosure import Rule
from geo_data.quantities import Quantity
from geo_data.rollup import cover_column, source_column
from geo_data.vocabulary import Audience, Sensitivity


def at_one_resolution(quantity: Quantity, rule: Rule) -> bool:
    """Whether a quantity is a protected count: at two resolutions it could be subtracted."""
    return bool(quantity.people and rule.min_count)


def withheld(table: pd.DataFrame, quantity: Quantity, rule: Rule) -> pd.DataFrame:
    """Cells of one quantity, finished: nothing where nothing is shown, small counts unknown."""
    if not rule.shown:
        nothing = {quantity.column: np.nan, cover_column(quantity): 0.0}
        return table.assign(**nothing, **{source_column(quantity): -1})
    if not at_one_resolution(quantity, rule):
        return table
    value = disclosure.withhold_small(table[quantity.column].to_numpy(), rule.min_count)
    return table.assign(**{quantity.column: value})


def recounts(count: Count, rule: Rule, audience: Audience) -> bool:
    """Whether cells hold records that an audience may not see at all, or not yet."""
    return bool(rule.delay_days) or (count.table == "services" and not _guarded(audience).open)


def recounted(
    table: pd.DataFrame, count: Count, records: pd.DataFrame, rule: Rule, audience: Audience,
    today: date,
) -> pd.DataFrame:  # fmt: skip
    """Cells with counts of the records alone that an audience may see.

    Which register covers a cell would tell what was taken out of it, so the source goes.
    """
    places = count.places(records)
    if "sector" in places and not _guarded(audience).open:
        places = places[~places["sector"].isin(disclosure.PROTECTED_SECTORS)]
    places = places[disclosure.old_enough(places["date"], rule, today)]
    value = counts.per_cell(count, places, table["cell"].to_numpy(np.int64))
    quantity = count.quantity
    value = np.where(table[cover_column(quantity)] > 0, value, np.nan)
    return table.assign(**{quantity.column: value, source_column(quantity): -1})


def without_sites(table: pd.DataFrame, jobs: Sequence[str]) -> pd.DataFrame:
    """Cells of the displaced without people counted at sites; those are in the list of sites.

    Parameters
    ----------
    jobs : sequence of str
        Of all sources, in declared order.
    """
    value, cover = q.DISPLACED.column, cover_column(q.DISPLACED)
    source = source_column(q.DISPLACED)
    numbers = [number for number, job in enumerate(jobs) if job == "sites"]
    at_sites = np.isin(table[source].to_numpy(np.int64), [*numbers, -1])
    return table.assign(
        **{value: table[value].mask(at_sites), cover: table[cover].mask(at_sites, 0.0), source: -1}
    )


def spread(
    table: pd.DataFrame, quantity: Quantity, cells: np.ndarray, resolution: int
) -> tuple[np.ndarray, np.ndarray]:
    """Value and cover on finer cells: counts spread evenly, all else repeated.

    Parameters
    ----------
    table : DataFrame
        Of one quantity, sorted by ``cell``, not finer than ``cells``.
    cells : int64 array
    resolution : int
        Of these cells.
    """
    value, cover = table[quantity.column].to_numpy(), table[cover_column(quantity)].to_numpy()
    level = grid.resolution_of(table["cell"])
    if level >= resolution:
        return value, cover
    position = np.searchsorted(table["cell"], grid.parents(cells, level))
    value, cover = value[position], cover[position]
    if quantity.combine is q.Combine.SUM:
        value = value / np.bincount(position)[position]
    return value, cover


def _guarded(audience: Audience) -> Rule:
    """What an audience may see of shelters and protection services."""
    return disclosure.rule_for([Sensitivity.HIGH], audience)
