"""What the registers of places say about an area: services, sites, crossings, incidents.

A place in a hexagon of which the area holds a part counts by that part. Counts of neighbouring
areas then add up to that of both together, and are no whole numbers.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.quantities import (
    CROSSINGS,
    DEAD_MISSING,
    DISPLACED,
    INCIDENTS,
    SERVICES,
    SITES,
    Quantity,
)
from geo_data.vocabulary import CrossingStatus, SiteStatus
from geo_data.words import N_, Phrase
from layers.context.measures import Row, known_share_of

WORSE = {
    ("crossings", CrossingStatus.OPEN.value): "low",
    ("crossings", CrossingStatus.RESTRICTED.value): "high",
    ("crossings", CrossingStatus.CLOSED.value): "high",
}
"""Which way is worse where the status of a place decides it; neither for what is not known."""


def within(area: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Places in hexagons of an area, with the ``fraction`` by which each counts.

    Places that are another's duplicate are left out.
    """
    if "duplicate_of" in places:
        places = places[places["duplicate_of"].isna()]
    cell = grid.cells_of(
        lat_deg=places["lat_deg"], lon_deg=places["lon_deg"],
        resolution=grid.resolution_of(area["cell"]),
    )  # fmt: skip
    fraction = area.set_index("cell")["fraction"].reindex(cell).to_numpy(np.float64)
    return places.assign(fraction=fraction)[fraction > 0]


def services(part: pd.DataFrame, places: pd.DataFrame) -> list[Row]:
    """Service points by sector, for the sectors that occur anywhere in the register."""
    return _counts(part, places, SERVICES, "services", "sector", sorted(set(_words(places.sector))))


def crossings(part: pd.DataFrame, places: pd.DataFrame) -> list[Row]:
    """Crossing points by status."""
    return _counts(part, places, CROSSINGS, "crossings", "status", list(CrossingStatus))


def sites(part: pd.DataFrame, places: pd.DataFrame) -> list[Row]:
    """Displacement sites by status, and the people counted at those not closed."""
    rows = _counts(part, places, SITES, "sites", "status", list(SiteStatus))
    in_use = within(part, places[_words(places.status) != SiteStatus.CLOSED])
    counted = in_use[DISPLACED.column].to_numpy(np.float64)
    people = weighed(counted, in_use, rows[0].known_share)
    missing = int(np.isnan(counted).sum())
    note = Phrase("at least; sites without a count: {n}", n=missing) if missing else ""
    known = rows[0].known_share
    label = N_("People at sites in use")
    return [*rows, Row("sites", DISPLACED.column, label, "people", people, known, note, "high")]


def incidents(part: pd.DataFrame, places: pd.DataFrame) -> list[Row]:
    """Incidents, people dead or missing in them, and incidents a year over the years recorded."""
    known = known_share_of(part, INCIDENTS)
    own = within(part, places)
    people = own[DEAD_MISSING.column].to_numpy(np.float64)
    count = weighed(np.ones(len(own)), own, known)
    years = by_year(part, places)
    yearly = count / len(years) if len(years) else np.nan
    unclear = int(np.isnan(people).sum())
    note = Phrase("at least; incidents without a number: {n}", n=unclear) if unclear else ""
    dead = weighed(people, own, known)
    return [
        Row("incidents", INCIDENTS.column, INCIDENTS.label, "incidents", count, known, "", "high"),
        Row("incidents", DEAD_MISSING.column, DEAD_MISSING.label, "people", dead, known, note,
            "high"),
        Row("incidents", INCIDENTS.column, N_("Incidents a year"), N_("a year"), yearly, known, "",
            "high"),
    ]  # fmt: skip


def by_month(area: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Incidents in an area by month, and what the same month of other years saw on average.

    Returns
    -------
    DataFrame, one row per month from the first to the last of the whole register
        ``month`` (its first day), ``incidents_count``, ``other_years_count`` (mean of the same
        month in the other years of the register; null if there is none).
    """
    dated = places[places["date"].notna()]
    month = pd.to_datetime(dated["date"]).dt.to_period("M")
    own = within(area, dated.assign(month=month))
    span = pd.period_range(month.min(), month.max(), freq="M") if len(month) else []
    count = own.groupby("month")["fraction"].sum().reindex(span, fill_value=0.0)
    table = pd.DataFrame({"month": count.index, "incidents_count": count.to_numpy(np.float64)})
    if table.empty:
        return table.assign(other_years_count=np.nan)
    same = table.groupby(table["month"].map(lambda one: one.month))["incidents_count"]
    others = same.transform("size") - 1
    rest = same.transform("sum") - table["incidents_count"]
    mean = (rest / others.where(others > 0)).astype(np.float64)
    starts = pd.PeriodIndex(table["month"]).to_timestamp()
    return table.assign(other_years_count=mean, month=starts)


def by_year(area: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Incidents in an area by year.

    Parameters
    ----------
    area : DataFrame
        ``cell``, ``fraction``.
    places : DataFrame
        The table ``incidents``; undated ones are left out.

    Returns
    -------
    DataFrame, one row per year from the first to the last of the whole register
        ``year``, ``incidents_count``, ``dead_missing_people`` (known ones; null if there are
        incidents but no known number), ``unknown_count`` (incidents without a number),
        ``change_share`` of incidents against the year before (null after a year without any).
        The first and the last year may be recorded in part.
    """
    dated = places[places["date"].notna()]
    year = pd.to_datetime(dated["date"]).dt.year
    own = within(area, dated.assign(year=year))
    people = own[DEAD_MISSING.column].to_numpy(np.float64)
    table = pd.DataFrame(
        {
            "year": own["year"],
            "incidents_count": own["fraction"],
            DEAD_MISSING.column: np.nan_to_num(people) * own["fraction"],
            "unknown_count": np.isnan(people) * own["fraction"],
        }
    )
    span = range(year.min(), year.max() + 1) if len(year) else range(0)
    summed = table.groupby("year").sum().reindex(pd.Index(span, name="year"), fill_value=0.0)
    silent = (summed["unknown_count"] > 0) & (summed["unknown_count"] == summed["incidents_count"])
    before = summed["incidents_count"].shift()
    change = (summed["incidents_count"] / before.where(before > 0) - 1).astype(np.float64)
    people_known = summed[DEAD_MISSING.column].mask(silent)
    return summed.assign(**{DEAD_MISSING.column: people_known}, change_share=change).reset_index()


def _counts(
    part: pd.DataFrame,
    places: pd.DataFrame,
    quantity: Quantity,
    topic: str,
    column: str,
    words: list[str],
) -> list[Row]:
    known = known_share_of(part, quantity)
    own = within(part, places)
    word = _words(own[column])
    rows = []
    for name in words:
        chosen = own[word == name]
        value = weighed(np.ones(len(chosen)), chosen, known)
        label = Phrase("{what}: {which}", what=quantity.label, which=str(name))
        worse = WORSE.get((topic, name), quantity.worse)
        rows.append(
            Row(topic, quantity.column, label, quantity.unit, value, known, _spread(chosen), worse)
        )
    return rows


def _words(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), "unknown")


def weighed(value: np.ndarray, own: pd.DataFrame, known_share: float) -> float:
    """Sum by fraction; NaN where no place was looked for, or none has a known value."""
    if len(own) == 0:
        return 0.0 if known_share > 0 else np.nan
    return float(np.nansum(value * own["fraction"])) if (~np.isnan(value)).any() else np.nan


def _spread(own: pd.DataFrame) -> str:
    inside = int((own["fraction"] > 1 - 1e-9).sum())
    if inside == len(own):
        return ""
    return Phrase(
        "{low} to {high}: some lie in hexagons that are partly inside", low=inside, high=len(own)
    )
