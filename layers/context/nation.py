"""What is told of whole countries only: displaced people by status, arrivals, INFORM Severity."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from geo_data import quantities as q

QUANTITIES = (
    q.REFUGEES, q.ASYLUM_SEEKERS, q.IDPS, q.RETURNEES, q.STATELESS, q.OTHERS_OF_CONCERN,
    q.DISPLACED, q.NEW_DISPLACEMENTS, q.ARRIVALS, q.SEVERITY,
)  # fmt: skip
DAYS = 30
COLUMNS = ("country", "quantity", "group", "value", "start", "end", "source", "low", "high",
           "countries_count")  # fmt: skip


def told(series: pd.DataFrame, countries: Collection[str]) -> pd.DataFrame:
    """Newest value of each quantity and group for some countries.

    Of several sources the one with the newest period speaks, and of equals the first. Values of a
    period are summed over where people come from, scores take the highest; daily reports are
    summed over the last 30 days. Different sources are never added.

    Parameters
    ----------
    series : DataFrame
        The table ``series``.
    countries : collection of str
        ISO 3166 alpha-3 codes of the operation.

    Returns
    -------
    DataFrame
        ``country``, ``quantity``, ``group`` (empty: all), ``value`` (null: not known), ``start``,
        ``end``, ``source``, and ``low``, ``high``, ``countries_count`` over these countries.
    """
    names = [one.column for one in QUANTITIES]
    own = series[(series["place_level"] == "country") & series["quantity"].isin(names)]
    own = own[own["place_code"].isin(set(countries))]
    group = own["group"].astype(object).where(own["group"].notna(), "")
    dates = {name: pd.to_datetime(own[name]) for name in ("start", "end")}
    own = own.assign(group=group, **dates)
    keys = ["place_code", "quantity", "group"]
    newest = own.groupby([*keys, "source"], sort=False)["end"].max().reset_index()
    newest = newest.sort_values("end", ascending=False, kind="stable").drop_duplicates(keys)
    rows = own.merge(newest.rename(columns={"end": "newest"}), on=[*keys, "source"])
    daily = rows["start"] == rows["end"]
    since = rows["newest"] - pd.Timedelta(days=DAYS - 1)
    rows = rows[(rows["end"] == rows["newest"]) | (daily & (rows["end"] >= since))]
    table = _joined(rows, keys)
    span = table.groupby(["quantity", "group"])["value"].agg(["min", "max", "count"])
    span.columns = pd.Index(["low", "high", "countries_count"])
    table = table.merge(span.reset_index(), on=["quantity", "group"], how="left")
    order = {name: place for place, name in enumerate(names)}
    table = table.rename(columns={"place_code": "country"}).sort_values(
        ["country", "quantity", "group"],
        key=lambda one: one.map(order) if one.name == "quantity" else one,
    )
    return table[list(COLUMNS)].reset_index(drop=True)


def _joined(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    groups = rows.groupby([*keys, "source"], sort=False)
    table = groups.agg(value=("value", lambda one: one.sum(min_count=1)), highest=("value", "max"),
                       start=("start", "min"), end=("end", "max")).reset_index()  # fmt: skip
    scores = table["quantity"] == q.SEVERITY.column
    return table.assign(value=table["value"].mask(scores, table["highest"]))
