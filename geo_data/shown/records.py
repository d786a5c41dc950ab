"""Series, presence, lines and rejected rows as one audience may see them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from geo_data import disclosure
from geo_data import quantities as q
from geo_data.shown.accounts import Accounts, levels, rule_of
from geo_data.vocabulary import Audience, Sensitivity


def series(
    table: pd.DataFrame, accounts: Accounts, audience: Audience, today: date
) -> pd.DataFrame:
    """Values over time, with young and small ones withheld by their source's rule."""
    by_key, parts = {one["source"]: one for one in accounts}, []
    for key, part in table.groupby("source", sort=False):
        source = by_key[key]
        level = disclosure.sensitivity_of(source, part["quantity"].unique())
        rule = disclosure.rule_for([level], audience)
        if not rule.shown:
            continue
        part = part[disclosure.old_enough(part["end"].fillna(part["start"]), rule, today)]
        people = part["quantity"].map(lambda name: q.BY_COLUMN[name].people).to_numpy(bool)
        value = part["value"].to_numpy(np.float64)
        kept = np.where(people, disclosure.withhold_small(value, rule.min_count), value)
        part = part.assign(value=kept)
        absent = source["job"] in disclosure.ABSENT_WHEN_SMALL and rule.min_count
        parts.append(part[part["value"].notna()] if absent else part)
    return pd.concat(parts) if parts else table.iloc[:0]


def presence(table: pd.DataFrame, accounts: Accounts, audience: Audience) -> pd.DataFrame:
    """Who does what where, with small numbers of people reached withheld."""
    by_key = {one["source"]: one for one in accounts}
    rule = rule_of((by_key[key] for key in table["source"].unique()), audience)
    if not rule.shown:
        return table.iloc[:0]
    people = table["beneficiaries_people"].to_numpy(np.float64)
    return table.assign(beneficiaries_people=disclosure.withhold_small(people, rule.min_count))


def whole(table: pd.DataFrame, accounts: Accounts, audience: Audience) -> pd.DataFrame:
    """Rows that have no coarser form, so that they are shown whole or not at all."""
    is_open = {level: disclosure.rule_for([level], audience).open for level in Sensitivity}
    level = table["source"].map(levels(accounts))
    return table[level.map(lambda name: is_open[Sensitivity(name)]).to_numpy(bool)]


def quarantine(table: pd.DataFrame, accounts: Accounts, audience: Audience) -> pd.DataFrame:
    """Rejected rows; outside the cell only of open sources, without what was found in them."""
    if audience is Audience.CELL:
        return table
    prompt = [one["source"] for one in accounts if rule_of([one], audience).delay_days == 0]
    return table[table["source"].isin(prompt)].assign(found=None)
