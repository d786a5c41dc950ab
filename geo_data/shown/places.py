"""Lists of places as one audience may see them: coarsened, delayed and thinned."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from geo_data import disclosure
from geo_data.disclosure import Rule
from geo_data.shown.accounts import Accounts, levels
from geo_data.vocabulary import Audience, Sensitivity

PEOPLE_COLUMNS = frozenset(
    {"dead_people", "missing_people", "dead_missing_people", "survivors_people", "displaced_people",
     "beneficiaries_people"}
)  # fmt: skip


def shown(
    places: pd.DataFrame, kind: str, accounts: Accounts, audience: Audience, today: date
) -> pd.DataFrame:
    """One kind of places, each under the rule of its source and its sector."""
    parts = [
        _protected(part, disclosure.rule_for([level], audience), kind, today)
        for level, part in places.groupby(_levels_of(places, accounts), sort=False)
    ]
    return pd.concat(parts) if parts else places


def _levels_of(places: pd.DataFrame, accounts: Accounts) -> pd.Series:
    level = places["source"].map(levels(accounts))
    if "sector" not in places:
        return level
    guarded = places["sector"].isin(disclosure.PROTECTED_SECTORS)
    raised = level.where(level == Sensitivity.SEVERE, Sensitivity.HIGH.value)
    return level.where(~guarded, raised)


def _protected(places: pd.DataFrame, rule: Rule, kind: str, today: date) -> pd.DataFrame:
    if rule.open:
        return places
    if not rule.shown:
        return places.iloc[:0]
    if "duplicate_of" in places:
        places = places[places["duplicate_of"].isna()]
    places = places[disclosure.old_enough(places["date"], rule, today)]
    if places.empty:
        return places
    return _without_numbers(disclosure.coarse_places(places, rule), rule, kind)


def _without_numbers(places: pd.DataFrame, rule: Rule, kind: str) -> pd.DataFrame:
    people = PEOPLE_COLUMNS.intersection(places.columns)
    if kind == "incidents":
        # The hexagon says how many; a list beside it would say who is missing from the sum.
        places = places[disclosure.crowded_enough(places, rule)]
        return places.assign(**dict.fromkeys(people, np.nan))
    small = {
        name: disclosure.withhold_small(places[name].to_numpy(), rule.min_count) for name in people
    }
    return places.assign(**small)
