"""Hours to the nearest service of each sector, as the people of an area meet them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo_data.quantities import DRIVE, POPULATION, WALK
from geo_data.words import N_, Number, Phrase
from layers.context.measures import Row
from layers.sar.ground import Pace
from layers.services import reach
from layers.services.access import Floats

TOPIC = N_("time to services")
QUANTITY = {Pace.WALKING: WALK, Pace.DRIVING: DRIVE}
MEDIAN = {
    Pace.WALKING: N_("{sector}, on foot: half of the residents within"),
    Pace.DRIVING: N_("{sector}, by car: half of the residents within"),
}
MEAN = {
    Pace.WALKING: N_("{sector}, on foot: mean of those who can"),
    Pace.DRIVING: N_("{sector}, by car: mean of those who can"),
}


def rows(part: pd.DataFrame, hours: Mapping[tuple[str, Pace], Floats]) -> list[Row]:
    """Median and mean time of the residents, by sector and way of moving.

    Parameters
    ----------
    part : DataFrame
        As :func:`layers.context.measures.cut` makes it, with residents.
    hours : mapping of (sector, pace) to float array
        For each cell of ``part``; infinite: no way, NaN: no land.

    Returns
    -------
    list of Row
        The median counts everybody on land, and is infinite where most have no way; the mean is
        of those who have one, and its note says how many have none.
    """
    people = part[POPULATION.column].to_numpy(np.float64) * part["fraction"].to_numpy(np.float64)
    km2 = part["inside_km2"].to_numpy(np.float64)
    found = []
    for (sector, pace), away in hours.items():
        known = ~np.isnan(people) & ~np.isnan(away)
        share = float(km2[known].sum() / km2.sum()) if km2.sum() else 0.0
        none = float(people[known & np.isinf(away)].sum())
        note = Phrase("without any way: {n} people", n=Number(round(none), ",")) if none else ""
        which = QUANTITY[pace].column
        median, mean = weighted_median(away[known], people[known]), reach.mean_h(people, away)
        for label, value, said in ((MEDIAN, median, ""), (MEAN, mean, note)):
            text = Phrase(label[pace], sector=sector)
            found.append(Row(TOPIC, which, text, N_("h"), value, share, said, "high"))
    return found


def weighted_median(value: Floats, weight: Floats) -> float:
    """Smallest value that at least half of the weight does not exceed; NaN without weight.

    >>> weighted_median(np.array([5.0, 1.0, np.inf]), np.array([2.0, 2.0, 1.0]))
    5.0
    """
    if not weight.sum() > 0:
        return float("nan")
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(weight[order])
    return float(value[order][np.searchsorted(reached, reached[-1] / 2)])
