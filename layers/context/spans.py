"""Where a register changed its sources: months in which one begins or ends to tell."""

from __future__ import annotations

import pandas as pd


def source_changes(places: pd.DataFrame) -> pd.DataFrame:
    """Months in which a source of a register tells for the first or the last time.

    A rise or fall there may be of the register alone. The first and the last month of the whole
    register are no change.

    Parameters
    ----------
    places : DataFrame
        ``date`` and ``source``; undated ones and duplicates are left out.

    Returns
    -------
    DataFrame, by month
        ``month`` (its first day), ``source``, ``begins`` (false: the source ends with it).
    """
    dated = places[places["date"].notna()]
    if "duplicate_of" in dated:
        dated = dated[dated["duplicate_of"].isna()]
    month = pd.to_datetime(dated["date"]).dt.to_period("M").dt.to_timestamp()
    span = month.groupby(dated["source"]).agg(["min", "max"])
    if span.empty:
        return pd.DataFrame({"month": pd.to_datetime([]), "source": [], "begins": []})
    first, last = span["min"].min(), span["max"].max()
    begins = span.loc[span["min"] > first, "min"].rename("month").reset_index()
    ends = span.loc[span["max"] < last, "max"].rename("month").reset_index()
    table = pd.concat([begins.assign(begins=True), ends.assign(begins=False)])
    return table.sort_values(["month", "source"], ignore_index=True)[["month", "source", "begins"]]
