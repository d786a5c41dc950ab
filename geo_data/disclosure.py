"""Who may see what: the smallest count, the finest resolution, the delay. Decided here, once.

Every path out of the store goes through :class:`geo_data.view.View`, and the view through here.
The levels follow the OCHA classes of data responsibility; k = 10 and k = 5 are the thresholds of
the project's science notes (UNHCR publishes no count below 5; CMS none below 11).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.quantities import CROSSED
from geo_data.vocabulary import Audience, Sector, Sensitivity

ANY_RESOLUTION = 15
DAYS_OF_A_MONTH = 30


@dataclass(frozen=True)
class Rule:
    """What one audience may see of data of one sensitivity.

    Attributes
    ----------
    min_count : int
        Counts of people from 1 up to this, exclusive, are withheld.
    finest_resolution : int
        Positions and values are never finer than this H3 resolution.
    delay_days : int
        Younger records are withheld.
    shown : bool
        False: nothing of it leaves.
    """

    min_count: int = 0
    finest_resolution: int = ANY_RESOLUTION
    delay_days: int = 0
    shown: bool = True

    @property
    def open(self) -> bool:
        """Whether everything may be seen as it is."""
        return self == Rule()


_ALL = Rule()
RULES: dict[Audience, dict[Sensitivity, Rule]] = {
    Audience.CELL: dict.fromkeys(Sensitivity, _ALL),
    Audience.PARTNER: {
        Sensitivity.LOW: _ALL,
        Sensitivity.MODERATE: Rule(min_count=5),
        Sensitivity.HIGH: Rule(min_count=5, finest_resolution=5, delay_days=7),
        Sensitivity.SEVERE: Rule(min_count=10, finest_resolution=4, delay_days=7),
    },
    Audience.PUBLIC: {
        Sensitivity.LOW: _ALL,
        Sensitivity.MODERATE: Rule(min_count=10, finest_resolution=6),
        Sensitivity.HIGH: Rule(min_count=10, finest_resolution=5, delay_days=30),
        Sensitivity.SEVERE: Rule(shown=False),
    },
}
_ORDER = tuple(Sensitivity)
# A register of clinics is harmless where one of safe houses is not: these sectors are HIGH always.
PROTECTED_SECTORS = frozenset({Sector.SHELTER, Sector.PROTECTION})
# No declaration may make these less sensitive: where people died or shelter, where rescuers stand,
# who moves through a crossing today.
LEAST_BY_JOB = {
    "incidents": Sensitivity.HIGH,
    "sites": Sensitivity.HIGH,
    "assets": Sensitivity.SEVERE,
    "registrations": Sensitivity.SEVERE,
}
# Counts by several traits of people: that a group is withheld would tell that it is there.
ABSENT_WHEN_SMALL = frozenset({"registrations"})
LEAST_BY_QUANTITY = {CROSSED.column: Sensitivity.HIGH}
# What names or pins down a place or a person; dropped wherever positions are made coarser.
IDENTIFYING = ("name", "organisation", "place_id", "duplicate_of", "row", "cause")


def sensitivity_of(account: Mapping[str, Any], quantities: Iterable[str] = ()) -> Sensitivity:
    """Sensitivity of a source: as declared, but never below what its kind of data asks for.

    >>> sensitivity_of({"job": "assets", "sensitivity": "low"}).value
    'severe'
    """
    levels = [Sensitivity(account["sensitivity"]), LEAST_BY_JOB.get(account["job"], _ORDER[0])]
    levels += [LEAST_BY_QUANTITY[name] for name in quantities if name in LEAST_BY_QUANTITY]
    return max(levels, key=_ORDER.index)


def rule_for(sensitivities: Iterable[Sensitivity], audience: Audience) -> Rule:
    """Rule of the most sensitive of several sources."""
    highest = max((Sensitivity(s) for s in sensitivities), key=_ORDER.index, default=_ORDER[0])
    return RULES[Audience(audience)][highest]


def withhold_small(count: np.ndarray, min_count: int) -> np.ndarray:
    """Counts with those from 1 to below ``min_count`` made unknown; an observed zero stays.

    >>> withhold_small(np.array([0.0, 3.0, 12.0, np.nan]), 5).tolist()
    [0.0, nan, 12.0, nan]
    """
    count = np.asarray(count, dtype=np.float64)
    return np.where((count > 0) & (count < min_count), np.nan, count)


def old_enough(dates: pd.Series, rule: Rule, today: date) -> np.ndarray:
    """Which records are older than the delay; where there is a delay, an undated one is not."""
    if rule.delay_days == 0:
        return np.ones(len(dates), dtype=bool)
    return (pd.to_datetime(dates) <= pd.Timestamp(newest_shown(rule, today))).to_numpy()


def newest_shown(rule: Rule, today: date) -> date:
    """Day of the youngest record that a delay lets out.

    It moves by whole weeks, or whole months for delays of a month and more: from day to day the
    difference of two looks would be the records of a single day.

    >>> newest_shown(Rule(delay_days=7), date(2026, 1, 21)).isoformat()
    '2026-01-11'
    """
    limit = today - timedelta(days=rule.delay_days)
    if rule.delay_days == 0:
        return limit
    if rule.delay_days >= DAYS_OF_A_MONTH:
        return limit.replace(day=1) - timedelta(days=1)
    return limit - timedelta(days=limit.weekday() + 1)


def coarse_places(places: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Places moved to the centre of their cell at the finest resolution allowed.

    Snapping cannot be averaged out by asking again, as random noise can. What names a place goes,
    or the name would undo the snapping.
    """
    if rule.finest_resolution == ANY_RESOLUTION or places.empty:
        return places
    # The parent of the stored cell, as in the hexagons: a second geography would narrow it down.
    stored = places["cell"].to_numpy(np.int64)
    fine = grid.parents(stored, min(rule.finest_resolution, grid.resolution_of(stored)))
    lat_deg, lon_deg = grid.centres_of(fine)
    hidden = {name: None for name in IDENTIFYING if name in places}
    snapped = places.assign(lat_deg=lat_deg, lon_deg=lon_deg, cell=fine, **hidden)
    anonymous = [f"{cell}-{number}" for cell, number in zip(fine, _numbers(fine), strict=True)]
    return snapped.assign(place_id=anonymous, row=0)


def crowded_enough(places: pd.DataFrame, rule: Rule) -> np.ndarray:
    """Which records share their cell with at least ``min_count`` records, themselves included."""
    if rule.min_count == 0 or places.empty:
        return np.ones(len(places), dtype=bool)
    return (places.groupby("cell")["cell"].transform("size") >= rule.min_count).to_numpy()


def _numbers(cells: np.ndarray) -> np.ndarray:
    return pd.Series(cells).groupby(cells).cumcount().to_numpy()
