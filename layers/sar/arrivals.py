"""Who arrives first everywhere: one short search for each kind of asset, fastest kind first.

Where a faster asset has been no later and with no less of its range left, a slower one can be first
neither there nor anywhere beyond, so its search ends there. All of them together then take little
longer than that of the fastest, and the times are those of searches that were never cut short.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import sparse

from layers.sar.distance import Floats

Positions = NDArray[np.int64]
_NO_LESS_KM = 1e-9
"""By how much more range has to be left to another kind of asset to be sure of it."""
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
    nodes = legs_km.shape[0]
    best_h, asset = np.full(nodes, np.inf), np.full(nodes, -1)
    # Of the assets that were at a node: the first and the one with most range left.
    seen = np.stack([np.full(nodes, np.inf), np.full(nodes, -1.0)] * 2)
    room = _room(legs_km)
    for some, offset_km, limit_km in _alike(start_h, speed_km_h, reach_km):
        _search(
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
    far = np.full((len(to), len(node)), np.inf)
    nodes, room = legs_km.shape[0], _room(legs_km)
    for column, (start, limit) in enumerate(zip(node, limit_km, strict=True)):
        found = np.full(nodes, np.inf)
        _search(
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


@njit(cache=True, nogil=True)
def _search(
    begins, ends, length_km, node, name, offset_km, limit_km, start_h, speed_km_h, width_km,
    buckets, label_km, label, best_h, asset, seen,
):  # fmt: skip
    """Send equal assets out; their ways are measured from the start of the first of them.

    Nodes wait in buckets no wider than the shortest leg is long, so that what is in one is settled
    before the next. Those of a bucket are a chain in both directions.
    """
    bucket, touched = np.full(buckets, -1, np.int32), np.empty(len(label_km), np.int32)
    order = np.argsort(offset_km, kind="mergesort")
    seeded, now, waiting, many = 0, np.int64(0), 0, 0
    while waiting > 0 or seeded < len(node):
        if waiting == 0:
            now = max(now, np.int64(offset_km[order[seeded]] / width_km))
        while seeded < len(node) and np.int64(offset_km[order[seeded]] / width_km) <= now:
            one = order[seeded]
            here, km = node[one], offset_km[one]
            seeded += 1
            if km < label_km[here]:
                if label_km[here] == np.inf:
                    touched[many] = here
                    many += 1
                waiting += _queue(here, km, one, label_km, label, bucket, width_km)
        slot = now % buckets
        while bucket[slot] >= 0:
            here = np.int64(bucket[slot])
            waiting -= _unqueue(here, label, bucket)
            km = label_km[here]
            hours, left_km = start_h + km / speed_km_h, limit_km - km + _NO_LESS_KM
            if (seen[0, here] <= hours and seen[1, here] >= left_km) or (
                seen[2, here] <= hours and seen[3, here] >= left_km
            ):
                continue
            one = label[here, _WHO]
            for leg in range(begins[here], begins[here + 1]):
                there, further = ends[leg], km + length_km[leg]
                if further < label_km[there] and further <= limit_km:
                    if label_km[there] == np.inf:
                        touched[many] = there
                        many += 1
                    waiting += _queue(there, further, one, label_km, label, bucket, width_km)
        now += 1
    _note(
        touched[:many], name, label[:, _WHO], label_km, limit_km, start_h, speed_km_h, best_h,
        asset, seen,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _note(touched, name, who, label_km, limit_km, start_h, speed_km_h, best_h, asset, seen):
    """Keep what a search found where it is better, and forget the search."""
    for here in touched:
        hours, left_km = start_h + label_km[here] / speed_km_h, limit_km - label_km[here]
        one = name[who[here]]
        if hours < best_h[here] or (hours == best_h[here] and one < asset[here]):
            best_h[here], asset[here] = hours, one
        if hours < seen[0, here] or (hours == seen[0, here] and left_km > seen[1, here]):
            seen[0, here], seen[1, here] = hours, left_km
        if left_km > seen[3, here]:
            seen[2, here], seen[3, here] = hours, left_km
        label_km[here] = np.inf


_WHO, _NEXT, _BEFORE, _SLOT = 0, 1, 2, 3


@njit(inline="always")
def _queue(here, km, who, label_km, label, bucket, width_km):
    """Note a way to a node, and put it into its bucket; 1 if it was in none."""
    label_km[here], label[here, _WHO] = km, who
    slot = np.int64(km / width_km) % len(bucket)
    if label[here, _SLOT] == slot:
        return 0
    added = 1
    if label[here, _SLOT] >= 0:
        added -= _unqueue(here, label, bucket)
    after = bucket[slot]
    if after >= 0:
        label[after, _BEFORE] = here
    label[here, _NEXT], label[here, _BEFORE], label[here, _SLOT] = after, -1, slot
    bucket[slot] = here
    return added


@njit(inline="always")
def _unqueue(here, label, bucket):
    """Take a node out of its bucket."""
    before, after = label[here, _BEFORE], label[here, _NEXT]
    if before >= 0:
        label[before, _NEXT] = after
    else:
        bucket[label[here, _SLOT]] = after
    if after >= 0:
        label[after, _BEFORE] = before
    label[here, _SLOT] = -1
    return 1
