"""Demand from several witnesses: past incidents, flows, people exposed, distress reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo_data import grid
from geo_data.errors import WaypostError
from geo_data.quantities import DEMAND
from layers.sar import distance

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Blend:
    """Demand of each cell, and what made it.

    Attributes
    ----------
    cells : DataFrame
        ``cell``, ``demand_share`` (adds up to 1; null where no witness knows anything) and one
        column a witness, its part of that share.
    weights : mapping
        Share of each witness that counts; without those that know nothing.
    silent : tuple of str
        Witnesses that were asked for and know nothing.
    """

    cells: pd.DataFrame
    weights: Mapping[str, float]
    silent: tuple[str, ...]


def blend(
    cells: grid.Cells, witnesses: Mapping[str, Floats], weights: Mapping[str, float]
) -> Blend:
    """Weigh witnesses against each other.

    Each is brought to a total of 1 first, so that a weight means the same for deaths as for people
    crossing. One that is zero or unknown everywhere has nothing to say: others share its weight.

    Parameters
    ----------
    witnesses : mapping of name to float array, shape (cells,)
        Not negative; NaN counts as nothing known there.
    weights : mapping of name to float
        Not negative; witnesses without one count nothing.

    Raises
    ------
    WaypostError
        If no weight is above 0.
    """
    asked = {name: weights.get(name, 0.0) for name in witnesses}
    if any(weight < 0 for weight in asked.values()) or not sum(asked.values()) > 0:
        raise WaypostError("demand: give at least one witness a weight above 0, and none below.")
    totals = {name: float(np.nansum(values)) for name, values in witnesses.items()}
    heard = {name: weight for name, weight in asked.items() if weight > 0 and totals[name] > 0}
    silent = tuple(name for name, weight in asked.items() if weight > 0 and name not in heard)
    whole = sum(heard.values())
    shares = {name: weight / whole for name, weight in heard.items()}
    parts = {
        name: np.nan_to_num(witnesses[name]) / totals[name] * share
        for name, share in shares.items()
    }
    demand = np.sum(list(parts.values()), axis=0) if parts else np.full(len(cells), np.nan)
    return Blend(pd.DataFrame({"cell": cells, DEMAND.column: demand, **parts}), shares, silent)


def around(
    cells: grid.Cells, *, lat_deg: Floats, lon_deg: Floats, amount: Floats, reach_km: float
) -> Floats:
    """An amount at each place spread over the cells near it, less with distance.

    The normal curve with a deviation of half the reach, cut at the reach; what is spread adds up to
    the amounts of all places that have a cell in reach, or stand in one.
    """
    centre_lat, centre_lon = grid.centres_of(cells)
    total = np.zeros(len(cells))
    for lat, lon, many in zip(lat_deg, lon_deg, amount, strict=True):
        if not many > 0:
            continue
        away_km = distance.distance_km(
            lat_deg=lat, lon_deg=lon, to_lat_deg=centre_lat, to_lon_deg=centre_lon
        )
        near = np.flatnonzero(away_km <= reach_km)
        if not len(near):
            near = np.array([int(np.argmin(away_km))])
            if away_km[near[0]] > 2 * grid.AVERAGE_EDGE_KM[grid.resolution_of(cells)]:
                continue
        weight = np.exp(-0.5 * np.square(away_km[near] / (reach_km / 2)))
        total[near] += many * weight / weight.sum()
    return total
