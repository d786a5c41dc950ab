"""From coverage to probability: of detection, of success, and of the area after a search."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf

Floats = NDArray[np.float64]


class Curve(StrEnum):
    """How detection grows with coverage.

    Random (Koopman): real fleets, poor navigation, a moving object; the planning default.
    Ideal: perfectly parallel tracks, inverse cube law. Definite: the upper bound.
    """

    RANDOM, IDEAL, DEFINITE = "random", "ideal", "definite"


def detection(coverage: ArrayLike, curve: Curve = Curve.RANDOM) -> Floats:
    """Probability of detection (POD) at a coverage factor, area swept over area.

    >>> [round(float(detection(1.0, curve)), 6) for curve in Curve]
    [0.632121, 0.789909, 1.0]
    """
    swept = np.asarray(coverage, dtype=np.float64)
    if curve is Curve.RANDOM:
        return -np.expm1(-swept)
    if curve is Curve.IDEAL:
        return np.asarray(erf(np.sqrt(np.pi) / 2 * swept))
    return np.minimum(swept, 1.0)


def coverage_for(target: float, curve: Curve = Curve.RANDOM) -> float:
    """Coverage factor at which detection reaches a target below 1."""
    if not 0 <= target < 1:
        raise ValueError(f"a probability of detection from 0 to below 1, not {target}")
    if curve is Curve.RANDOM:
        return float(-np.log1p(-target))
    if curve is Curve.IDEAL:
        from scipy.special import erfinv

        return float(erfinv(target) * 2 / np.sqrt(np.pi))
    return target


def cumulative(detections: ArrayLike) -> Floats:
    """Probability of at least one detection in searches along the first axis."""
    return 1.0 - np.prod(1.0 - np.asarray(detections, dtype=np.float64), axis=0)


def success(area: ArrayLike, found: ArrayLike) -> float:
    """Probability of success (POS): that of each area times that of detecting there, added up."""
    return float(np.sum(np.asarray(area, np.float64) * np.asarray(found, np.float64)))


def after_failure(area: ArrayLike, found: ArrayLike, outside: float = 0.0) -> tuple[Floats, float]:
    """Probability of each area (POA), and of being outside, after a search that found nothing.

    Bayes: nothing was seen, so what was searched well is less likely, and all else more, also that
    the object is where nobody looks.

    Parameters
    ----------
    area, found : float arrays, shape (cells,)
        POA before and POD of the search.
    outside : float
        Probability that the object is in none of the cells; with ``area`` it adds up to 1.

    Raises
    ------
    ValueError
        If the probabilities do not add up to 1, or the search was certain to find the object.

    Examples
    --------
    >>> [round(float(p), 3) for p in after_failure([0.5, 0.3], [0.8, 0.0], outside=0.2)[0]]
    [0.167, 0.5]
    """
    before, seen = np.asarray(area, np.float64), np.asarray(found, np.float64)
    if abs(before.sum() + outside - 1) > 1e-6:
        raise ValueError(f"probabilities add up to {before.sum() + outside:.6f}, not to 1")
    missed = 1.0 - success(before, seen)
    if missed <= 0:
        raise ValueError("the search was certain to find the object, and did not: check the input")
    return before * (1.0 - seen) / missed, outside / missed
