"""Which months are the worst: the three in a row that hold most of a year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_data.quantities import CROSSED, HEAT, INCIDENTS, Quantity
from geo_data.words import N_, Number, Phrase
from layers.context import flows, places
from layers.context.measures import Row

TOPIC = N_("seasonality")
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
WIDTH = 3
UNIT = N_("share of a year")
INCIDENT_LABEL = N_("Incidents in the three months that have most")
FLOW_LABEL = N_("People crossing in the three months that have most")
HEAT_LABEL = N_("Hottest three months")
NO_MONTHS = N_("not known: the release holds one temperature, not months")


def rows(area: pd.DataFrame, incidents: pd.DataFrame | None, crossings: pd.DataFrame,
         series: pd.DataFrame) -> list[Row]:  # fmt: skip
    """Lines of an area; unknown where less than every month of a year was recorded.

    Parameters
    ----------
    incidents : DataFrame or None
        None where an audience sees a thinned list only, of which no season can be told.
    """
    found = []
    if incidents is not None:
        months = places.by_month(area, incidents)
        found = [peak(INCIDENTS, INCIDENT_LABEL, months["month"], months["incidents_count"])]
    return [
        *found,
        peak(CROSSED, FLOW_LABEL, *_crossed(area, crossings, series)),
        Row(TOPIC, HEAT.column, HEAT_LABEL, UNIT, np.nan, 0.0, NO_MONTHS),
    ]


def peak(quantity: Quantity, label: str, month: pd.Series, value: pd.Series) -> Row:
    """Share of a mean year that falls into its three worst months in a row.

    Parameters
    ----------
    month : datetimes, one per recorded month
    value : floats
    """
    known = value.notna().to_numpy(bool)
    of_year = month.to_numpy("datetime64[M]").astype(np.int64)[known] % 12
    seen = len(set(of_year))
    if seen < 12:
        note = Phrase("not known: {n} of the 12 months of a year are recorded", n=seen)
        return Row(TOPIC, quantity.column, label, UNIT, np.nan, 0.0, note)
    found = value.to_numpy(np.float64)[known]
    mean = np.bincount(of_year, found, 12) / np.bincount(of_year, minlength=12)
    if not mean.sum() > 0:
        return Row(TOPIC, quantity.column, label, UNIT, np.nan, 1.0, N_("none was recorded"))
    around = np.array([mean[np.arange(first, first + WIDTH) % 12].sum() for first in range(12)])
    first = int(np.argmax(around))
    note = Phrase(
        "{first} to {last}; evenly spread it would be 25%; months recorded: {n}",
        first=MONTHS[first], last=MONTHS[(first + WIDTH - 1) % 12], n=Number(len(found)),
    )  # fmt: skip
    return Row(TOPIC, quantity.column, label, UNIT, float(around[first] / mean.sum()), 1.0, note)


def _crossed(
    area: pd.DataFrame, crossings: pd.DataFrame, series: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """People a day over the days reported, by month."""
    codes = {flows.code_of(name) for name in places.within(area, crossings)["name"].dropna()}
    told = series[(series["quantity"] == CROSSED.column) & series["place_code"].isin(codes)]
    told = told[told["value"].notna()]
    end = pd.to_datetime(told["end"])
    month = end.dt.to_period("M")
    daily = told["value"].groupby(month).sum() / end.groupby(month).nunique()
    starts = pd.Series(pd.PeriodIndex(daily.index, freq="M").to_timestamp())
    return starts, daily.reset_index(drop=True).astype(np.float64)
