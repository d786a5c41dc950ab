"""Where the next assets should stand: covering most demand, all of it, or with the shortest ways.

The greedy answer is there at once and at least 63 % of the best (Nemhauser and others 1978); the
exact one comes with the gap that is left when its time is up.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from geo_data.errors import WaypostError
from layers.sar import cover

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Siting:
    """Chosen sites.

    Attributes
    ----------
    sites : tuple of int
        Numbers of the chosen bases; of a greedy choice in their order.
    value : float
        Demand covered; of a p-median the demand-weighted cost.
    bound : float
        What no choice can beat; equal to ``value`` if the choice is proven best.
    gained : tuple of float
        Demand that each site of a greedy choice adds.
    """

    sites: tuple[int, ...]
    value: float
    bound: float
    gained: tuple[float, ...] = ()

    @property
    def gap(self) -> float:
        """Share by which the choice may fall short of the best; 0: proven best."""
        top = max(abs(self.value), abs(self.bound))
        return abs(self.bound - self.value) / top if top else 0.0


def greedy(covers: Mask, demand: Floats, sites: int) -> Siting:
    """The base that adds most, then the one that adds most to that, and so on.

    Parameters
    ----------
    covers : bool array, shape (cells, bases)
        Whether a base reaches a cell in time.
    demand : float array, shape (cells,)
        Not negative.
    sites : int
        How many to choose; fewer are chosen when no other adds anything.
    """
    _check(covers, demand, sites)
    open_demand = demand.astype(np.float64).copy()
    reach = sparse.csc_array(covers.astype(np.float64))
    chosen: list[int] = []
    gained: list[float] = []
    for _ in range(min(sites, covers.shape[1])):
        adds = reach.T @ open_demand
        best = int(np.argmax(adds))
        if adds[best] <= 0:
            break
        chosen.append(best)
        gained.append(float(adds[best]))
        open_demand[covers[:, best]] = 0.0
    value = float(np.sum(gained))
    bound = min(value / (1 - (1 - 1 / max(sites, 1)) ** max(sites, 1)), _reachable(covers, demand))
    return Siting(tuple(chosen), value, max(bound, value), tuple(gained))


def most_covered(covers: Mask, demand: Floats, sites: int, *, seconds: float = 60.0) -> Siting:
    """The choice that covers most demand (MCLP, Church and ReVelle 1974).

    Cells that the same bases reach are one, and bases that reach nothing that another does not are
    left out; nothing is lost by that. :func:`layers.sar.cover.solved` does the rest. When the time
    is up before a proof, what was found comes back with the bound.
    """
    start = greedy(covers, demand, sites)
    groups, weight = _merged(covers, demand)
    if not len(weight):
        return Siting((), 0.0, 0.0)
    kept = cover.undominated(groups)
    asked = cover.problem(groups[:, kept], weight, min(sites, len(kept)))
    place = {int(base): number for number, base in enumerate(kept)}
    best, bound = cover.solved(
        asked, tuple(place[base] for base in start.sites if base in place), seconds
    )
    value = float(demand[covers[:, kept[list(best.chosen)]].any(axis=1)].sum())
    if value < start.value:
        return Siting(start.sites, start.value, max(bound, start.value), start.gained)
    chosen = tuple(sorted(int(kept[base]) for base in best.chosen))
    return Siting(chosen, value, value if best.beats(bound) else bound)


def fewest(covers: Mask, demand: Floats, *, seconds: float = 60.0) -> tuple[Siting, Mask]:
    """The fewest bases that cover every cell with demand that any base covers (LSCP).

    Returns
    -------
    siting : Siting
        ``value`` and ``bound`` count bases.
    beyond : bool array, shape (cells,)
        Cells with demand that no base reaches.
    """
    _check(covers, demand, 1)
    lost = beyond("all", covers, np.zeros(covers.shape), demand)
    groups, _ = _merged(covers, demand)
    cells, bases = groups.shape
    if not cells:
        return Siting((), 0.0, 0.0), lost
    found = _solved(np.ones(bases), [LinearConstraint(groups, lb=np.ones(cells))], bases, seconds)
    if found.x is None:
        raise WaypostError(f"no choice of bases was found within {seconds:g} s. Allow more time.")
    chosen = tuple(int(base) for base in np.flatnonzero(found.x > 0.5))
    bound = len(chosen) if found.status == 0 else float(np.ceil(found.mip_dual_bound - 1e-9))
    return Siting(chosen, float(len(chosen)), float(bound)), lost


def nearest_on_average(
    cost: Floats, demand: Floats, sites: int, *, seconds: float = 60.0
) -> Siting:
    """The choice with the least demand-weighted cost to the nearest chosen base (p-median).

    Parameters
    ----------
    cost : float array, shape (cells, bases)
        Hours or kilometres; infinite: no way.
    """
    reached = np.isfinite(cost)
    _check(reached, demand, sites)
    wanted = demand > 0
    lost = wanted & ~reached.any(axis=1)
    if lost.any():
        raise WaypostError(
            f"{int(lost.sum())} cells with demand have no way from any base. Leave them out, or "
            "add a base that reaches them."
        )
    cost, demand, reached = cost[wanted], demand[wanted], reached[wanted]
    cell, base = np.nonzero(reached)
    cells, bases, links = len(cost), cost.shape[1], len(cell)
    every = np.arange(links)
    once = sparse.csr_array((np.ones(links), (cell, every)), shape=(cells, links))
    at = sparse.csr_array((np.ones(links), (every, base)), shape=(links, bases))
    rows = [
        LinearConstraint(sparse.hstack([sparse.csr_array((cells, bases)), once]), 1, 1),
        LinearConstraint(sparse.hstack([-at, sparse.eye_array(links)]), ub=np.zeros(links)),
        _count(bases, links, sites),
    ]
    objective = np.concatenate([np.zeros(bases), demand[cell] * cost[reached]])
    found = _solved(objective, rows, bases, seconds)
    if found.x is None:
        raise WaypostError(
            f"no choice of {sites} bases was found that serves every cell within {seconds:g} s. "
            "Choose more bases, or allow more time."
        )
    chosen = tuple(int(one) for one in np.flatnonzero(found.x[:bases] > 0.5))
    value = float(demand @ cost[:, list(chosen)].min(axis=1))
    return Siting(chosen, value, value if found.status == 0 else float(found.mip_dual_bound))


def nearest_at_worst(cost: Floats, demand: Floats, sites: int, *, seconds: float = 60.0) -> Siting:
    """The choice whose farthest cell with demand is nearest (p-center), by ever fewer bases.

    Parameters
    ----------
    cost : float array, shape (cells, bases)
        Hours or kilometres; infinite: no way.

    Returns
    -------
    Siting
        ``value`` is the cost of the farthest cell.
    """
    until = time.monotonic() + seconds
    wanted = cost[demand > 0]
    _check(np.isfinite(cost), demand, sites)
    # No choice is nearer than the base that each cell has nearest.
    steps = np.unique(wanted[np.isfinite(wanted) & (wanted >= wanted.min(axis=1).max())])
    low, high, best = 0, len(steps) - 1, None
    while low <= high:
        middle = (low + high) // 2
        left = max(until - time.monotonic(), 0.1)
        found, _ = fewest(wanted <= steps[middle], np.ones(len(wanted)), seconds=left)
        if found.value <= sites:
            best, high = (found.sites, float(steps[middle])), middle - 1
        elif found.bound > sites or time.monotonic() > until:
            low = middle + 1
        else:
            break
    if best is None:
        raise WaypostError(
            f"no choice of {sites} bases was found that serves every cell within {seconds:g} s. "
            "Choose more bases, or allow more time."
        )
    proven = low > high and time.monotonic() <= until
    return Siting(best[0], best[1], best[1] if proven else float(steps[0]))


def exact(
    aim: str, covers: Mask, hours: Floats, demand: Floats, sites: int, seconds: float
) -> Siting:
    """The best choice for an aim: MCLP (``most``), LSCP (``all``), p-median or p-center.

    The last two are ``near`` and ``worst``. Cells that no base reaches are left out;
    :func:`beyond` tells which.
    """
    if aim == "all":
        return fewest(covers, demand, seconds=seconds)[0]
    if aim in OF_WAYS:
        served, best = ~beyond(aim, covers, hours, demand), OF_WAYS[aim]
        return best(hours[served], demand[served], sites, seconds=seconds)
    return most_covered(covers, demand, sites, seconds=seconds)


OF_WAYS = {"near": nearest_on_average, "worst": nearest_at_worst}


def beyond(aim: str, covers: Mask, hours: Floats, demand: Floats) -> Mask:
    """Cells with demand that :func:`exact` leaves out because no base reaches them.

    In time for ``most`` and ``all``, at all for ``near`` and ``worst``.
    """
    reached = np.isfinite(hours) if aim in OF_WAYS else covers
    return (demand > 0) & ~reached.any(axis=1)


def _check(covers: Mask, demand: Floats, sites: int) -> None:
    if covers.shape[0] != len(demand) or (demand < 0).any() or not np.isfinite(demand).all():
        raise ValueError("demand is one number per cell, finite and not negative")
    if sites < 1 or not covers.shape[1]:
        raise WaypostError("siting needs at least one candidate base and one asset to place")


def _merged(covers: Mask, demand: Floats) -> tuple[sparse.csr_array, Floats]:
    """Cells with demand that somebody reaches, those with the same bases as one."""
    wanted = (demand > 0) & covers.any(axis=1)
    packed = np.packbits(covers[wanted], axis=1)
    _, first, group = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    weight: Floats = np.bincount(group.ravel(), demand[wanted], len(first)).astype(np.float64)
    return sparse.csr_array(covers[wanted][first].astype(np.float64)), weight


def _reachable(covers: Mask, demand: Floats) -> float:
    return float(demand[covers.any(axis=1)].sum())


def _count(bases: int, others: int, sites: int) -> LinearConstraint:
    row = np.concatenate([np.ones(bases), np.zeros(others)])[None, :]
    return LinearConstraint(sparse.csr_array(row), ub=min(sites, bases))


def _solved(
    objective: Floats, rows: list[LinearConstraint], bases: int, seconds: float
) -> OptimizeResult:
    """Only bases are whole; the rest follows from them."""
    whole = np.zeros(len(objective))
    whole[:bases] = 1
    return milp(
        objective, constraints=rows, integrality=whole, bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )  # fmt: skip
