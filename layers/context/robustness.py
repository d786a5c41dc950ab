"""How sure a ranking is: the index again and again with other weights and other means.

Whoever sets weights makes a choice, and so does whoever picks a mean. A place is called a priority
only where it is among the worst in nearly every defensible version.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.context import index
from layers.context.scheme import Scheme, checked

Floats = NDArray[np.float64]

MEANS = ("arithmetic", "geometric", "scaled geometric")
CERTAIN = 0.9
LOWEST = 1.0
"""A plain geometric mean of a 0 is 0 whatever else there is, so scores start from 1 in it."""
BINS = 16_384
BLOCK = 4_000


@dataclass(frozen=True)
class Draws:
    """Versions of an index.

    Attributes
    ----------
    weights : float array, shape (draws, indicators)
        Rows add up to 1.
    mean : int array, shape (draws,)
        Number in ``MEANS``.
    """

    weights: Floats
    mean: NDArray[np.int64]


def draws(
    scheme: Scheme, many: int = 1_000, *, concentration: float = 30.0, drop_share: float = 0.25,
    seed: int = 0,
) -> Draws:  # fmt: skip
    """Random versions of a scheme.

    Parameters
    ----------
    concentration : float
        How close weights stay to the declared ones (Dirichlet); with 30 a weight of 0.25 lies
        mostly between 0.13 and 0.39.
    drop_share : float
        Share of the versions in which one indicator is left out.
    """
    generator = np.random.default_rng(seed)
    declared = np.array(list(index.weights_of(checked(scheme)).values()))
    used = declared > 0
    weights = np.zeros((many, len(declared)))
    weights[:, used] = generator.dirichlet(concentration * declared[used] / declared.sum(), many)
    if used.sum() > 1:
        dropped = generator.choice(np.flatnonzero(used), many)
        some = generator.random(many) < drop_share
        weights[some, dropped[some]] = 0.0
        weights /= weights.sum(axis=1, keepdims=True)
    return Draws(weights, generator.integers(0, len(MEANS), many))


def robustness(
    scores: pd.DataFrame, scheme: Scheme, versions: Draws, *, top_share: float = 0.1
) -> pd.DataFrame:
    """Range of ranks of each place over all versions.

    In a version one mean joins all indicators with one weight each: because all three means are
    arithmetic means of something else, that is the same as joining them level by level. What is
    not known of a place is left out there. Values closer than a part in sixteen thousand of the
    scale are equal.

    Parameters
    ----------
    scores : DataFrame
        A column per indicator, 0 to 10.
    top_share : float
        The worst share of the places; to be among them is what priority means.

    Returns
    -------
    DataFrame, one row per place
        ``rank_low`` and ``rank_high`` (5th and 95th percentile of the rank, 1 the worst),
        ``rank_median``, ``top_share`` (share of the versions in which the place is among the
        worst) and ``priority`` (at least 90 %). Null and false where nothing is known.
    """
    table = scores[[one.key for one in scheme.indicators]].to_numpy(np.float64)
    known = ~np.isnan(table).all(axis=1)
    joint = _Joint(table[known], versions)
    made = np.full((4, len(scores)), np.nan)
    if known.any():
        above = joint.above()
        limit = max(1, int(np.ceil(top_share * known.sum())))
        made[:, known] = np.concatenate(
            [_summed(joint.ranks(start, above), limit) for start in range(0, joint.places, BLOCK)],
            axis=1,
        )
    names = ("rank_low", "rank_median", "rank_high", "top_share")
    found = pd.DataFrame(dict(zip(names, made, strict=True)), index=scores.index)
    return found.assign(priority=found["top_share"].ge(CERTAIN))


def correlations(scores: pd.DataFrame, result: pd.Series) -> pd.Series:
    """Rank correlation of each indicator with the index; null for one that never varies."""
    varying = scores.loc[:, scores.max() > scores.min()]
    found = varying.corrwith(result, method="spearman")
    return found.reindex(scores.columns).rename("correlation")


class _Joint:
    """All versions of the index of all places, never all of them at once.

    Ranks do not change when every value goes through the same rising function, so the way back
    from the mean is spared.
    """

    def __init__(self, table: Floats, versions: Draws):
        self.places = len(table)
        self.known = (~np.isnan(table)).astype(np.float32)
        self.whole = bool(self.known.all())
        order = np.argsort(versions.mean, kind="stable")
        self.weights = versions.weights[order].astype(np.float32)
        ends = np.searchsorted(versions.mean[order], np.arange(len(MEANS) + 1))
        self.parts = [
            (slice(*ends[number : number + 2]), self._lifted(table, name))
            for number, name in enumerate(MEANS)
        ]

    def bins(self, start: int) -> NDArray[np.int32]:
        """Value in bins over the range of its mean, shape (places of a block, versions)."""
        part = slice(start, start + BLOCK)
        found = np.empty((len(self.known[part]), len(self.weights)), np.float32)
        for own, lifted in self.parts:
            np.matmul(lifted[part], self.weights[own].T, out=found[:, own])
        if not self.whole:
            # A version that weighs nothing known has nothing above the line either: 0.
            found /= np.maximum(self.known[part] @ self.weights.T, np.float32(1e-9))
        return found.astype(np.int32)

    def above(self) -> NDArray[np.int32]:
        """Places above each bin, shape (versions, bins)."""
        counts = np.zeros((len(self.weights), BINS), np.int32)
        for start in range(0, self.places, BLOCK):
            for row, one in zip(counts, np.ascontiguousarray(self.bins(start).T), strict=True):
                row += np.bincount(one, minlength=BINS).astype(np.int32)
        return np.cumsum(counts[:, ::-1], axis=1, dtype=np.int32)[:, ::-1] - counts

    def ranks(self, start: int, above: NDArray[np.int32]) -> NDArray[np.int32]:
        """Rank from 1 of a block's places in each version."""
        every = np.arange(len(self.weights), dtype=np.int32) * BINS
        return 1 + above.ravel().take(self.bins(start) + every)

    @staticmethod
    def _lifted(table: Floats, name: str) -> NDArray[np.float32]:
        """What a mean adds up, stretched over the bins; 0 where not known."""
        into, _ = index.MEANS[name]
        lowest = LOWEST if name == "geometric" else 0.0
        ends = into(np.array([lowest, index.TOP]))
        # What INFORM averages is safety, which falls as the score rises: its ends are exchanged.
        stretched = (into(np.maximum(table, lowest)) - ends[0]) / (ends[1] - ends[0])
        return np.nan_to_num(stretched * (BINS - 1)).astype(np.float32)


def _summed(ranks: NDArray[np.int32], limit: int) -> Floats:
    """5th, 50th and 95th percentile and share of the top of each row."""
    many = ranks.shape[1]
    places = [min(many - 1, int(round(share * (many - 1)))) for share in (0.05, 0.5, 0.95)]
    top = (ranks <= limit).mean(axis=1)
    return np.stack([*np.partition(ranks, places, axis=1)[:, places].T, top])
