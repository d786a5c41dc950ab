"""Who arrives first everywhere: one short search for each kind of asset, fastest kind first.

Where a faster asset has been no later and with no less of its range left, a slower one can be first
neither there nor anywhere beyond, so its search ends there. All of them together then take little
longer than that of the fastest, and the times are those of searches that were never cut short.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from layers.sar.distance import Floats

Positions = NDArray[np.int64]
_BY_ROUNDING_H = 1e-9


def first(
    legs_km: sparse.csr_array, node: Positions, *, start_h: Floats, speed_km_h: Floats,
    reach_km: Floats,
) -> tuple[Floats, Positions]:  # fmt: skip
    """Hours until the first of some assets is at each node, and which of them it is.

    Parameters
    ----------
    legs_km : sparse array, shape (n, n), symmetric
        Length of the legs between nodes, above 0.
    node : int array, shape (assets,)
        Where each asset starts.
    start_h, speed_km_h, reach_km : float arrays, shape (assets,)
        When it starts, how fast it is, and how long a way it can go from there.

    Returns
    -------
    hours : float array, shape (n,)
        Infinite where nobody arrives.
    asset : int array, shape (n,)
        Position in ``node``; -1 where nobody arrives.
    """
    from layers.sar.kernels.search import search

    nodes = legs_km.shape[0]
    best_h, asset = np.full(nodes, np.inf), np.full(nodes, -1)
    # Of the assets that were at a node: the first and the one with most range left.
    seen = np.stack([np.full(nodes, np.inf), np.full(nodes, -1.0)] * 2)
    room = _room(legs_km)
    for some, offset_km, limit_km in _alike(start_h, speed_km_h, reach_km):
        search(
            legs_km.indptr, legs_km.indices, legs_km.data, node[some].astype(np.int64), some,
            offset_km, limit_km, float(start_h[some].min()), float(speed_km_h[some[0]]), *room,
            best_h, asset, seen,
        )  # fmt: skip
    return best_h, asset


def away_km(legs_km: sparse.csr_array, node: Positions, to: Positions, limit_km: Floats) -> Floats:
    """Length of the shortest way from each of some nodes to each of others, shape (to, from).

    Parameters
    ----------
    limit_km : float array, shape (from,)
        Longer ways are infinite.
    """
    from layers.sar.kernels.search import search

    far = np.full((len(to), len(node)), np.inf)
    nodes, room = legs_km.shape[0], _room(legs_km)
    for column, (start, limit) in enumerate(zip(node, limit_km, strict=True)):
        found = np.full(nodes, np.inf)
        search(
            legs_km.indptr, legs_km.indices, legs_km.data, np.array([start], np.int64),
            np.zeros(1, np.int64), np.zeros(1), float(limit), 0.0, 1.0, *room, found,
            np.full(nodes, -1), np.stack([np.full(nodes, np.inf), np.full(nodes, -1.0)] * 2),
        )  # fmt: skip
        far[:, column] = found[to]
    return far


def _alike(
    start_h: Floats, speed_km_h: Floats, reach_km: Floats
) -> list[tuple[Positions, Floats, float]]:
    """Assets as fast that have to turn at the same hour, the fastest and longest out first.

    Which they are, how far behind the first of them each starts, and how far that one may go.
    """
    turn_h = start_h + reach_km / speed_km_h
    order = np.lexsort([np.arange(len(turn_h)), -turn_h, -speed_km_h])
    step = np.diff(turn_h[order]) < -_BY_ROUNDING_H
    step |= np.diff(speed_km_h[order]) != 0
    groups = []
    for some in np.split(order, np.flatnonzero(step) + 1):
        some = np.sort(some)
        offset_km = (start_h[some] - start_h[some].min()) * speed_km_h[some[0]]
        groups.append((some, offset_km, float((reach_km[some] + offset_km).max())))
    return [group for group in groups if len(group[0])]


def _room(legs_km: sparse.csr_array) -> tuple[float, int, Floats, NDArray[np.int32]]:
    """Width and number of buckets, and what a search notes of each node."""
    lengths, nodes = legs_km.data, legs_km.shape[0]
    shortest, longest = (lengths.min(), lengths.max()) if len(lengths) else (1.0, 1.0)
    width_km = 0.999 * float(shortest)
    buckets = int(longest / width_km) + 3
    return width_km, buckets, np.full(nodes, np.inf), np.full((nodes, 4), -1, np.int32)
