"""The best use of limited searching: where the next hours find most (Charnes and Cooper)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Allocation:
    """Effort per cell.

    Attributes
    ----------
    effort : float array, shape (cells,)
        In the unit of the effort given; adds up to it.
    level : float
        What is left of the density of probability in every cell that is searched.
    success : float
        Probability that the effort finds the object.
    """

    effort: Floats
    level: float
    success: float


def allocate(area: ArrayLike, rate: ArrayLike, effort: float) -> Allocation:
    """Split effort over cells so that the probability of success is highest.

    Detection is taken to be random, ``1 - exp(-rate * effort)``; then the best plan levels the
    density ``area * rate`` down from above, cell after cell. Closed form, no solver.

    Parameters
    ----------
    area : float array, shape (cells,)
        Probability of each area (POA), not negative.
    rate : float array, shape (cells,)
        Coverage that one unit of effort gives the cell: sweep width over area for miles, sweep
        width times speed over area for hours. 0: cannot be searched.
    effort : float
        Total, not negative.

    Examples
    --------
    >>> plan = allocate([0.35, 0.25, 0.20, 0.12, 0.08], [0.1] * 5, 5.0)
    >>> plan.effort.round(6).tolist(), round(plan.success, 8)
    ([4.182361, 0.817639, 0.0, 0.0, 0.0], 0.13925524)
    """
    chance, pace = np.asarray(area, np.float64), np.asarray(rate, np.float64)
    if effort < 0 or (chance < 0).any() or (pace < 0).any():
        raise ValueError("probabilities, rates and effort are not negative")
    useful = np.flatnonzero((chance > 0) & (pace > 0))
    split = np.zeros(len(chance))
    if effort == 0 or not len(useful):
        return Allocation(split, float("nan"), 0.0)
    order = useful[np.argsort(-(chance * pace)[useful], kind="stable")]
    density, share = np.log((chance * pace)[order]), 1 / pace[order]
    # With the n densest cells searched, all of them end at this level ...
    level = (np.cumsum(density * share) - effort) / np.cumsum(share)
    # ... which has to lie above the density of the next one.
    after = np.append(density[1:], -np.inf)
    many = int(np.argmax(level >= after)) + 1
    split[order[:many]] = (density[:many] - level[many - 1]) * share[:many]
    found = float(np.sum(chance * -np.expm1(-pace * split)))
    return Allocation(split, float(np.exp(level[many - 1])), found)
