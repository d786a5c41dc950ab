"""Walks over the lattice of hexagons, from neighbour to neighbour."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from layers.sar.distance import MEAN_RADIUS_KM

MOST_LEGS = 36
AROUND = 6
_HASH = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def positions(cells, disk, bits):
    """Look positions up in a hash table twice as large as there are cells."""
    mask, shift = np.uint64((1 << (bits + 1)) - 1), np.uint64(63 - bits)
    table = np.full(1 << (bits + 1), -1, np.int32)
    for place in range(len(cells)):
        slot = (np.uint64(cells[place]) * _HASH) >> shift
        while table[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = place
    found = np.empty(disk.shape, np.int32)
    for place in range(disk.shape[0]):
        for side in range(disk.shape[1]):
            wanted = disk[place, side]
            slot = (np.uint64(wanted) * _HASH) >> shift
            while table[slot] >= 0 and cells[table[slot]] != wanted:
                slot = (slot + np.uint64(1)) & mask
            found[place, side] = table[slot]
    return found


@njit(cache=True, nogil=True)
def _turned(around, here, before, turn):
    """Neighbour of a cell so many sixths counter-clockwise from where one came."""
    for side in range(AROUND):
        if around[here, side] == before:
            return around[here, (side + turn) % AROUND]
    return -1


@njit(cache=True, nogil=True)
def _legs_of(around, here, end, through):
    """Open legs of a cell: their ends, and two cells on the way of each. How many there are."""
    many = 0
    for side in range(AROUND):
        first, left = around[here, side], around[here, (side + 1) % AROUND]
        beside = -1
        if first >= 0:
            end[many], through[many, 0], through[many, 1] = first, here, first
            many += 1
            second = _turned(around, first, here, 3)
            if second >= 0:
                end[many], through[many, 0], through[many, 1] = second, first, first
                many += 1
                third = _turned(around, second, first, 3)
                if third >= 0:
                    end[many], through[many, 0], through[many, 1] = third, first, second
                    many += 1
            beside = _turned(around, first, here, 4)
        if beside >= 0:
            if left >= 0:
                end[many], through[many, 0], through[many, 1] = beside, first, left
                many += 1
            beyond = _turned(around, beside, first, 2)
            if beyond >= 0:
                end[many], through[many, 0], through[many, 1] = beyond, first, beside
                many += 1
        if left >= 0:
            beside = _turned(around, left, here, 2)
            if beside >= 0:
                beyond = _turned(around, beside, left, 4)
                if beyond >= 0:
                    end[many], through[many, 0], through[many, 1] = beyond, left, beside
                    many += 1
    return many


@njit(cache=True, nogil=True)
def counted(around):
    """How many open legs each cell has."""
    end, through = np.empty(MOST_LEGS, np.int32), np.empty((MOST_LEGS, 2), np.int32)
    count = np.empty(len(around), np.int64)
    for here in range(len(around)):
        count[here] = _legs_of(around, here, end, through)
    return count


@njit(cache=True, nogil=True)
def filled(around, point, begins, ends, length_km):
    """Write ends and kilometres of all legs, those of a cell by ascending end."""
    end, through = np.empty(MOST_LEGS, np.int32), np.empty((MOST_LEGS, 2), np.int32)
    for here in range(len(around)):
        many = _legs_of(around, here, end, through)
        row = np.sort(end[:many])
        for nth in range(many):
            there, place = row[nth], begins[here] + nth
            x = point[there, 0] - point[here, 0]
            y = point[there, 1] - point[here, 1]
            z = point[there, 2] - point[here, 2]
            chord = math.sqrt(x * x + y * y + z * z) / (2 * MEAN_RADIUS_KM)
            ends[place] = there
            length_km[place] = 2 * MEAN_RADIUS_KM * math.asin(min(chord, 1.0))


@njit(cache=True, nogil=True)
def slowed(around, begins, length_km, slowness, out):
    """Write each leg times the mean slowness of its ends and two cells on its way."""
    end, through = np.empty(MOST_LEGS, np.int32), np.empty((MOST_LEGS, 2), np.int32)
    for here in range(len(around)):
        many = _legs_of(around, here, end, through)
        order = np.argsort(end[:many])
        for nth in range(many):
            leg, place = order[nth], begins[here] + nth
            both = slowness[here] + slowness[end[leg]]
            way = slowness[through[leg, 0]] + slowness[through[leg, 1]]
            out[place] = length_km[place] * ((both + way) / 4)


@njit(cache=True, nogil=True)
def parts(around):
    """Number of the connected part of each cell."""
    part = np.full(len(around), -1, np.int32)
    waiting = np.empty(len(around), np.int32)
    many = 0
    for seed in range(len(around)):
        if part[seed] >= 0:
            continue
        part[seed], waiting[0], left = many, seed, 1
        while left:
            left -= 1
            here = waiting[left]
            for side in range(AROUND):
                there = around[here, side]
                if there >= 0 and part[there] < 0:
                    part[there] = many
                    waiting[left] = there
                    left += 1
        many += 1
    return part
