"""What a what-if does to an area at first hand: who is under water, what is lost, who arrives."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_data.quantities import ARRIVALS, CROSSINGS, DISPLACED, POPULATION, SERVICES, Quantity
from geo_data.vocabulary import CrossingStatus
from geo_data.words import N_
from layers.context import flows, measures, places
from layers.context.consequences import Tables
from layers.context.measures import Row

TOPIC = N_("what-if")


def rows(area: pd.DataFrame, before: Tables, after: Tables, series: pd.DataFrame) -> list[Row]:
    """Lines of a what-if in an area; only those that its edits have to do with.

    Parameters
    ----------
    area : DataFrame
        ``cell``, ``fraction``.
    before, after : Tables
        As they are, and after the edits.
    series : DataFrame
        The table ``series``, for the flows at crossings that are closed.
    """
    found = _under_water(area, before, after) if len(after.flooded) else []
    lost = _gone(before.places["services"], after.places["services"])
    closed = _closed(before.places["crossings"], after.places["crossings"])
    if len(lost):
        found.append(_count(area, lost, SERVICES, N_("Service points lost")))
    if len(closed):
        found.append(_count(area, closed, CROSSINGS, N_("Crossing points closed")))
        found += [row._replace(topic=TOPIC, worse="high", label=_stopped(row.label))
                  for row in flows.flows(area, closed, series)]  # fmt: skip
    arrived = after.hexagons[["cell", ARRIVALS.column]]
    if (arrived[ARRIVALS.column] > 0).any():
        own = area.merge(arrived, on="cell")
        value = float((own[ARRIVALS.column] * own["fraction"]).sum())
        found.append(Row(TOPIC, ARRIVALS.column, N_("People arriving in the what-if"),
                         N_("people"), value, 1.0, worse="high"))  # fmt: skip
    return found


def _stopped(label: str) -> str:
    return measures.named(N_("At crossings that close"), label)


def _under_water(area: pd.DataFrame, before: Tables, after: Tables) -> list[Row]:
    part = measures.cut(area, before.hexagons)
    wet = part["cell"].isin(after.flooded).to_numpy(bool)
    titles = ((POPULATION, N_("Residents of hexagons under water")),
              (DISPLACED, N_("Displaced people in hexagons under water")))  # fmt: skip
    note = N_("all of a hexagon whose deepest point is deep enough: an upper bound")
    found = []
    for quantity, title in titles:
        value = part[quantity.column].to_numpy(np.float64)
        known = ~np.isnan(value)
        people = float((value * part["fraction"])[wet & known].sum()) if known.any() else np.nan
        km2 = part["inside_km2"].to_numpy(np.float64)
        share = float(km2[known].sum() / km2.sum()) if km2.sum() else 0.0
        found.append(Row(TOPIC, quantity.column, title, N_("people"), people, share, note, "high"))
    return found


def _gone(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    gone = before[~before["place_id"].isin(set(after["place_id"]))]
    return gone[gone["duplicate_of"].isna()]


def _closed(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    now = (after["status"] == CrossingStatus.CLOSED).to_numpy(bool)
    then = (before["status"] == CrossingStatus.CLOSED).to_numpy(bool)
    return after[now & ~then]


def _count(area: pd.DataFrame, own: pd.DataFrame, quantity: Quantity, label: str) -> Row:
    inside = places.within(area, own)
    value = float(inside["fraction"].sum())
    return Row(TOPIC, quantity.column, label, quantity.unit, value, 1.0, worse="high")
