"""Prices of cells that bound what any choice of bases covers, and exchanges of bases."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def priced(begins, cells, weight, free, sites, least, price, rounds, step, patience):
    """Prices that bring the bound down, by subgradients with steps after Polyak.

    Returns the bound, its prices, what each free base is worth at them, how often it was among
    the chosen of late, and the best choice met on the way with its value.
    """
    bases, many = len(begins) - 1, len(weight)
    bound, best_price, best_worth = 1e300, price.copy(), np.zeros(bases)
    worth, share, count = np.zeros(bases), np.zeros(bases), np.zeros(many, np.int32)
    value, found, stalled = -1.0, np.full(sites, -1), 0
    for _ in range(rounds):
        total = _worths(begins, cells, weight, free, price, worth)
        count[:] = 0
        share *= 0.9
        top = np.argsort(-worth)[:sites]
        for base in top[worth[top] >= 0]:
            total += worth[base]
            share[base] += 0.1
            for nth in range(begins[base], begins[base + 1]):
                count[cells[nth]] += 1
        covered, length = 0.0, 0.0
        for cell in range(many):
            if count[cell] > 0:
                covered += weight[cell]
            length += _slope(count[cell], price[cell], weight[cell]) ** 2
        if covered > value:
            value = covered
            found[:] = -1
            found[: len(top)] = np.where(worth[top] >= 0, top, -1)
        stalled = 0 if total < bound - 1e-6 * abs(bound) else stalled + 1
        if total < bound:
            bound = total
            best_price[:], best_worth[:] = price, worth
        if stalled >= patience:
            step, stalled = 0.7 * step, 0
            price[:] = best_price
        far = total - max(least, value)
        if bound <= least or length == 0.0 or step < 1e-4 or far <= 0:
            break
        for cell in range(many):
            move = step * far / length * _slope(count[cell], price[cell], weight[cell])
            price[cell] = min(weight[cell], max(0.0, price[cell] - move))
    return bound, best_price, best_worth, share, value, found


@njit(cache=True, nogil=True)
def _worths(begins, cells, weight, free, price, worth):
    """What each free base is worth, -1 for others; returns what is won without any base."""
    for base in range(len(worth)):
        worth[base] = 0.0 if free[base] else -1.0
        if free[base]:
            for nth in range(begins[base], begins[base + 1]):
                worth[base] += price[cells[nth]]
    total = 0.0
    for cell in range(len(weight)):
        total += weight[cell] - price[cell]
    return total


@njit(cache=True, nogil=True)
def _slope(count, price, weight):
    """How the total changes with the price of a cell, 0 where the price can go no further."""
    slope = count - (1.0 if price < weight else 0.0)
    if (slope < 0 and price >= weight) or (slope > 0 and price <= 0):
        return 0.0
    return slope


@njit(cache=True, nogil=True)
def swapped(begins, cells, weight, chosen):
    """Exchange one base for another while the best such exchange helps; changes ``chosen``."""
    bases, sites, many = len(begins) - 1, len(chosen), len(weight)
    for _ in range(1000):
        count, owner = np.zeros(many, np.int32), np.zeros(many, np.int32)
        for site in range(sites):
            for nth in range(begins[chosen[site]], begins[chosen[site] + 1]):
                count[cells[nth]] += 1
                owner[cells[nth]] = site
        loss = np.zeros(sites)
        for cell in range(many):
            if count[cell] == 1:
                loss[owner[cell]] += weight[cell]
        gain, away, into = 1e-12 * weight.sum(), -1, -1
        again = np.zeros(sites)
        for base in range(bases):
            adds = 0.0
            again[:] = 0.0
            for nth in range(begins[base], begins[base + 1]):
                cell = cells[nth]
                if count[cell] == 0:
                    adds += weight[cell]
                elif count[cell] == 1:
                    again[owner[cell]] += weight[cell]
            for site in range(sites):
                if adds + again[site] - loss[site] > gain:
                    gain, away, into = adds + again[site] - loss[site], site, base
        if away < 0:
            return
        chosen[away] = into
