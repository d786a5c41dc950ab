"""The profile of an area: every line with its value and how much of the area it is known for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from geo_data import quantities as q
from geo_data.classes import CLASSES
from geo_data.words import N_, Phrase
from layers.context import measures, places, statuses
from layers.context.measures import Row

RATES = N_("services for residents")
TOTALS = (q.POPULATION, q.DISPLACED)
HAZARDS = (q.FLOOD_DEPTH, q.HEAT, q.DROUGHT)
TOGETHER = ((q.FLOOD_DEPTH, 0.5), (q.HEAT, 45.0), (q.DROUGHT, 0.5))
MEANS = (
    q.LAND, q.DESERT, q.CROPLAND, q.DROUGHT, q.ELEVATION, q.HEAT, q.RAIN, q.RAIN_ANOMALY,
    q.SEA_TEMPERATURE, q.WAVE_HEIGHT, q.WIND_SPEED,
)  # fmt: skip
HIGHEST = (q.FLOOD_DEPTH, q.HEAT, q.WAVE_HEIGHT, q.ORGANISATIONS)
REGISTERS: dict[str, Callable[[pd.DataFrame, pd.DataFrame], list[Row]]] = {
    "services": places.services,
    "sites": places.sites,
    "crossings": places.crossings,
    "incidents": places.incidents,
}


def profile(
    area: pd.DataFrame, hexagons: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """What an area holds, and how much of that is known.

    Parameters
    ----------
    area : DataFrame
        ``cell``, ``fraction``, each cell once.
    hexagons : DataFrame
        ``cell``, values and their covers. Cells of the area that it lacks are unknown.
    tables : mapping of str to DataFrame
        Tables of places by name (``services``, ``sites``, ``crossings``, ``incidents``); those
        left out give no lines.

    Returns
    -------
    DataFrame
        ``topic``, ``quantity``, ``label``, ``unit``, ``value`` (null: not known), ``known_share``
        (share of the area for which it is known), ``note``. Totals over areas that share no
        ground add up to the total over all of it.
    """
    part = measures.cut(area, hexagons)
    rows = [measures.total(part, quantity, measures.PEOPLE) for quantity in TOTALS]
    rows.append(measures.host_pressure(part))
    for hazard in HAZARDS:
        rows += measures.exposed(part, CLASSES[hazard.column])
    rows += measures.jointly(part, TOGETHER)
    rows += [measures.mean(part, quantity, measures.GROUND) for quantity in MEANS]
    rows += [measures.highest(part, quantity, measures.GROUND) for quantity in HIGHEST]
    for name, register in REGISTERS.items():
        if name in tables:
            rows += register(part, tables[name])
    if "sites" in tables:
        rows += statuses.by_status(part, tables["sites"])
    return measures.table([*rows, *per_10_000(rows)])


def per_10_000(rows: list[Row]) -> list[Row]:
    """Service points of each sector per 10,000 residents; null where nobody is known to live."""
    people = next(row for row in rows if row.quantity == q.POPULATION.column).value
    return [
        row._replace(
            topic=RATES,
            unit=N_("per 10,000 residents"),
            note="",
            label=Phrase("{what}, for 10,000 residents", what=row.label),
            value=row.value / people * 10_000 if people > 0 else float("nan"),
        )  # fmt: skip
        for row in rows
        if row.topic == "services"
    ]


def compared(profiles: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Several profiles side by side: a column of values per name, lines in the first one's order.

    A line that a profile lacks is null there.
    """
    keys = ["topic", "label", "unit"]
    tables = list(profiles.values())
    lines = pd.concat([table[keys] for table in tables]).drop_duplicates(ignore_index=True)
    columns = {
        name: lines.merge(table[[*keys, "value"]].drop_duplicates(keys), on=keys, how="left")[
            "value"
        ].to_numpy()
        for name, table in profiles.items()
    }
    return lines.assign(**columns)


KEYS = ["topic", "label", "unit"]


def differences(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Two profiles of one area line by line, in the order of the later one.

    Returns
    -------
    DataFrame
        ``topic``, ``label``, ``unit``, ``quantity``, ``before``, ``after``, ``difference`` (null
        where either is not known), ``worse`` (which way is worse, or neither) and ``verdict``:
        1 for worse, -1 for better, 0 for the same, null where nobody can say.
    """
    new, old = (one.drop_duplicates(KEYS) for one in (after, before))
    lines = pd.concat([new, old])[[*KEYS, "quantity", "worse"]].drop_duplicates(KEYS)
    table = lines.merge(old[[*KEYS, "value"]].rename(columns={"value": "before"}), how="left")
    table = table.merge(new[[*KEYS, "value"]].rename(columns={"value": "after"}), how="left")
    apart = (table["after"] - table["before"]).astype(np.float64)
    apart = apart.mask(table["after"] == table["before"], 0.0)
    way = table["worse"].map({"high": 1.0, "low": -1.0}).astype(np.float64)
    verdict = np.sign(apart) * way.where(apart != 0, 1.0)
    return table.assign(difference=apart, verdict=verdict).reset_index(drop=True)
