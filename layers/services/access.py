"""Who can reach a service, and what is left of it for each: floating catchments.

Two-step floating catchment (2SFCA, Luo and Wang 2003) and its enhanced form with falling weights
(E2SFCA, Luo and Qi 2009). People without any service in reach have an access of 0, not of nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo_data.errors import WaypostError

Floats = NDArray[np.float64]
Weight = Callable[[Floats], Floats]


@dataclass(frozen=True, eq=False)
class Access:
    """Result of a catchment analysis.

    Attributes
    ----------
    per_person : float array, shape (cells,)
        Supply that each person of a cell has within reach; 0: nobody serves them.
    per_service : float array, shape (services,)
        Supply over the demand in its catchment; 0 where nobody lives in reach.
    nearest_min : float array, shape (cells,)
        Minutes to the nearest service; infinite: no way to any.
    """

    per_person: Floats
    per_service: Floats
    nearest_min: Floats


def within(limit_min: float) -> Weight:
    """Everybody within so many minutes counts alike, nobody beyond.

    >>> within(30)(np.array([10.0, 30.0, 31.0])).tolist()
    [1.0, 1.0, 0.0]
    """
    return lambda minutes: (minutes <= limit_min).astype(np.float64)


def steps(ends_min: Sequence[float], weights: Sequence[float]) -> Weight:
    """Zones of minutes, each with its weight; beyond the last, nobody."""
    if len(ends_min) != len(weights) or list(ends_min) != sorted(ends_min):
        raise ValueError("zones need rising ends and one weight each")
    table = np.array([*weights, 0.0])
    return lambda minutes: table[np.searchsorted(ends_min, minutes)]


def gaussian(sd_min: float, limit_min: float) -> Weight:
    """Falling with the square of the minutes, 1 at the door, cut off at the limit."""
    return lambda minutes: np.where(
        minutes <= limit_min, np.exp(-0.5 * np.square(minutes / sd_min)), 0.0
    )


def access(people: ArrayLike, supply: ArrayLike, minutes: ArrayLike, weight: Weight) -> Access:
    """Supply per person by two-step floating catchments.

    Parameters
    ----------
    people : float array, shape (cells,)
        NaN: unknown, counted as nobody; their own access is still told.
    supply : float array, shape (services,)
        Staff, beds or 1 for each service, not negative.
    minutes : float array, shape (cells, services)
        Travel time; infinite or NaN: no way.
    weight : callable
        From minutes to a weight from 0 to 1.

    Notes
    -----
    People times their access add up to the supply of all services that anybody can reach.
    """
    demand = np.nan_to_num(np.asarray(people, np.float64))
    offer, away = np.asarray(supply, np.float64), np.asarray(minutes, np.float64)
    if away.shape != (len(demand), len(offer)):
        raise ValueError(f"minutes of {len(demand)} cells to {len(offer)} services are needed")
    if (offer < 0).any() or (demand < 0).any():
        raise WaypostError("people and supply cannot be negative; correct the register")
    away = np.where(np.isnan(away), np.inf, away)
    reach = np.where(np.isfinite(away), weight(away), 0.0)
    wanted = reach.T @ demand
    ratio = np.divide(offer, wanted, out=np.zeros_like(offer), where=wanted > 0)
    nearest = away.min(axis=1) if len(offer) else np.full(len(demand), np.inf)
    return Access(reach @ ratio, ratio, nearest)


def unserved(people: ArrayLike, nearest_min: Floats, limits_min: Sequence[float]) -> pd.DataFrame:
    """People beyond each number of minutes from the nearest service.

    Returns
    -------
    DataFrame
        ``limit_min``, ``people``, ``share`` of all known people (null where nobody is known).
    """
    known = np.nan_to_num(np.asarray(people, np.float64))
    beyond = [float(known[nearest_min > limit].sum()) for limit in limits_min]
    total = float(known.sum())
    share = [part / total if total else float("nan") for part in beyond]
    return pd.DataFrame({"limit_min": list(limits_min), "people": beyond, "share": share})


def best_new_sites(
    people: ArrayLike, nearest_min: Floats, minutes: ArrayLike, limit_min: float, sites: int = 1
) -> pd.DataFrame:
    """Candidates by how many people who are too far away now they would bring within the limit.

    Parameters
    ----------
    minutes : float array, shape (cells, candidates)
        Travel time of each cell to each candidate.
    sites : int
        How many to choose, one after the other.

    Returns
    -------
    DataFrame, one row per chosen candidate
        ``candidate`` (its number), ``people_won``.
    """
    far = np.nan_to_num(np.asarray(people, np.float64)) * (nearest_min > limit_min)
    served = np.asarray(minutes, np.float64) <= limit_min
    rows = []
    for _ in range(sites):
        won = far @ served
        if not len(won) or won.max() <= 0:
            break
        best = int(np.argmax(won))
        rows.append({"candidate": best, "people_won": float(won[best])})
        far = np.where(served[:, best], 0.0, far)
    return pd.DataFrame(rows, columns=["candidate", "people_won"])
