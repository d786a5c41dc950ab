"""Shortest ways of equal assets, in buckets no wider than the shortest leg is long."""

from __future__ import annotations

import numpy as np
from numba import njit

_NO_LESS_KM = 1e-9
"""By how much more range has to be left to another kind of asset to be sure of it."""


@njit(cache=True, nogil=True)
def search(
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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
