"""People who crossed at the crossings of an area, as reported: lately, and against before."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from geo_data.quantities import CROSSED
from geo_data.words import N_, Number, Phrase
from layers.context import places
from layers.context.measures import Row

DAYS = 30
TOPIC = N_("flows at crossings")


def flows(area: pd.DataFrame, crossings: pd.DataFrame, series: pd.DataFrame) -> list[Row]:
    """People a day in each direction over the last 30 days reported, and the 30 before.

    Reports name crossings by a code made of the name; those that fit none in the area are not
    counted. No row is made where no crossing of the area reports at all.
    """
    own = places.within(area, crossings)
    codes = {code_of(name) for name in own["name"].dropna()}
    told = series[(series["quantity"] == CROSSED.column) & series["place_code"].isin(codes)]
    if told.empty:
        return []
    end = pd.to_datetime(told["end"])
    age = (end.max() - end).dt.days
    note = Phrase("crossings that report: {some} of {all}",
                  some=int(told["place_code"].nunique()), all=len(own))  # fmt: skip
    rows = []
    for direction, part in told.groupby(told["group"].fillna("all"), sort=True):
        lately, before = (
            _a_day(part[age.loc[part.index].between(first, first + DAYS - 1)])
            for first in (0, DAYS)
        )
        change = Number(lately / before - 1, "+.0%") if before > 0 else N_("unknown")
        said = Phrase("{note}; change against the 30 days before: {change}", note=note,
                      change=change)  # fmt: skip
        label = Phrase("{what}: {which}", what=N_("People crossing a day"), which=str(direction))
        rows.append(Row(TOPIC, CROSSED.column, label, N_("people a day"), lately, 1.0, said))
    return rows


def code_of(name: str) -> str:
    """Code by which reports call a crossing.

    >>> code_of("Dhehiba - Wazin")
    'dhehiba-wazin'
    """
    return re.sub(r"[^a-z0-9]+", "-", str(name).casefold()).strip("-")


def _a_day(reports: pd.DataFrame) -> float:
    """Sum of the known values over the days that were reported."""
    days = reports.loc[reports["value"].notna(), "end"].nunique()
    return float(np.nansum(reports["value"].to_numpy(np.float64))) / days if days else np.nan
