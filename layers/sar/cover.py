"""Most demand covered by a few bases, exactly: branch and bound with bounds of Lagrange.

Every cell gets a price for being covered. Prices turn the choice of bases into a sorting, and
whatever the prices, no choice beats the total; the best prices give the bound of linear programming
in a hundredth of its time. What a base falls short of the last one chosen tells which bases are in
every better answer and which are in none (Beasley 1993 for such fixing; Galvao and ReVelle 1996 for
the prices).
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
EQUAL = 1e-9
"""Share by which values differ that are the same but for rounding."""
ROUNDS, FIRST_ROUNDS, PATIENCE, FIRST_PATIENCE = 100, 5000, 8, 30
RESTARTS = 30
KEPT_BYTES = 256_000_000


@dataclass(frozen=True, eq=False)
class Problem:
    """Which cells each base covers.

    Attributes
    ----------
    begins, cells : int arrays
        Columns of a sparse matrix: cells ``cells[begins[j]:begins[j + 1]]`` are those of base j.
    weight : float array, shape (cells,)
    sites : int
        How many bases may be chosen.
    """

    begins: NDArray[np.int32]
    cells: NDArray[np.int32]
    weight: Floats
    sites: int

    @property
    def bases(self) -> int:
        """How many there are to choose from."""
        return len(self.begins) - 1

    def covered(self, chosen: tuple[int, ...]) -> Mask:
        """Cells that some bases cover."""
        found = np.zeros(len(self.weight), np.bool_)
        for base in chosen:
            found[self.cells[self.begins[base] : self.begins[base + 1]]] = True
        return found

    def value(self, chosen: tuple[int, ...]) -> float:
        """Weight that some bases cover."""
        return float(self.weight[self.covered(chosen)].sum())


@dataclass(eq=False)
class Best:
    """The best choice so far."""

    chosen: tuple[int, ...]
    value: float

    def offer(self, chosen: tuple[int, ...], value: float) -> None:
        """Keep a choice if it is better."""
        if value > self.value * (1 + EQUAL):
            self.chosen, self.value = chosen, value

    def beats(self, bound: float) -> bool:
        """Whether nothing under a bound can be better."""
        return bound <= self.value * (1 + EQUAL)

    def beats_all(self, bound: Floats) -> Mask:
        """The same for each of some bounds."""
        return bound <= self.value * (1 + EQUAL)


@dataclass(order=True)
class _Node:
    """A part of all choices: those with some bases and without some others."""

    rank: tuple[float, int]
    chosen: tuple[int, ...] = field(compare=False)
    shut: Mask = field(compare=False)
    price: NDArray[np.float32] = field(compare=False)
    worth: Floats = field(compare=False)
    share: Floats = field(compare=False)

    @property
    def bound(self) -> float:
        return -self.rank[0]


def problem(groups: sparse.csr_array, weight: Floats, sites: int) -> Problem:
    """A problem from a matrix of cells by bases with 1 where a base covers a cell."""
    columns = groups.tocsc()
    return Problem(columns.indptr, columns.indices, np.asarray(weight, np.float64), sites)


def undominated(groups: sparse.csr_array) -> NDArray[np.int64]:
    """Bases whose cells no other base has all of; of equal ones the first."""
    common = (groups.T @ groups).toarray()
    size = common.diagonal()
    within = common >= size[:, None]
    number = np.arange(len(size))
    better = within & ((size[None, :] > size[:, None]) | (number[None, :] < number[:, None]))
    return np.flatnonzero(~better.any(axis=1))


def improved(asked: Problem, start: tuple[int, ...]) -> Best:
    """A good choice: one base for another while that helps, from many places."""
    from layers.sar.kernels.prices import swapped

    generator = np.random.default_rng(0)
    free = np.setdiff1d(np.arange(asked.bases), start)
    more = free[: max(0, min(asked.sites, asked.bases) - len(start))]
    chosen = np.array([*start, *more], np.int64)
    best = Best((), 0.0)
    for _ in range(RESTARTS):
        swapped(asked.begins, asked.cells, asked.weight, chosen)
        best.offer(tuple(sorted(chosen.tolist())), asked.value(tuple(chosen)))
        chosen = np.array(best.chosen, np.int64)
        other = np.setdiff1d(np.arange(asked.bases), chosen)
        many = min(3, len(chosen), len(other))
        places = generator.choice(len(chosen), many, replace=False)
        chosen[places] = generator.choice(other, many, replace=False)
    return best


def solved(
    asked: Problem, start: tuple[int, ...], seconds: float,
    tell: Callable[[float, float], None] | None = None,
) -> tuple[Best, float]:  # fmt: skip
    """The best choice and what none can beat; both values are equal if the search came to its end.

    Parameters
    ----------
    start : tuple of int
        A choice to begin with.
    seconds : float
        How long to search.
    tell : callable, optional
        Told the best value and the bound now and then.
    """
    until, best, number = time.monotonic() + seconds, improved(asked, start), itertools.count()
    shut = np.zeros(asked.bases, np.bool_)
    many = np.bincount(asked.cells, minlength=len(asked.weight))
    price = asked.weight / np.maximum(many, 1)
    first = _bounded(asked, best, (), shut, price, np.inf, next(number), first=True)
    waiting = [] if first is None else [first]
    kept = int(KEPT_BYTES / (4 * len(price) + 1))
    while waiting and not best.beats(waiting[0].bound) and time.monotonic() < until:
        node = heapq.heappop(waiting)
        for child in _branches(asked, best, node, number):
            if len(waiting) > kept and first is not None:
                child.price = first.price
            heapq.heappush(waiting, child)
        if tell is not None:
            tell(best.value, waiting[0].bound if waiting else best.value)
    return best, max(best.value, waiting[0].bound if waiting else 0.0)


def _bounded(
    asked: Problem, best: Best, chosen: tuple[int, ...], shut: Mask, price: Floats, above: float,
    number: int, *, first: bool = False,
) -> _Node | None:  # fmt: skip
    """A part of all choices with its bound; None if nothing in it can be better."""
    from layers.sar.kernels.prices import priced

    covered = asked.covered(chosen)
    held, left = float(asked.weight[covered].sum()), asked.sites - len(chosen)
    if left == 0:
        best.offer(tuple(sorted(chosen)), held)
        return None
    weight, free = np.where(covered, 0.0, asked.weight), ~shut
    free[list(chosen)] = False
    bound, price, worth, share, value, found = priced(
        asked.begins, asked.cells, weight, free, left, best.value - held, np.minimum(price, weight),
        FIRST_ROUNDS if first else ROUNDS, 2.0 if first else 0.5,
        FIRST_PATIENCE if first else PATIENCE,
    )  # fmt: skip
    best.offer(tuple(sorted((*chosen, *found[found >= 0].tolist()))), held + value)
    bound = min(held + bound, above)
    if best.beats(bound):
        return None
    return _Node((-bound, number), chosen, shut, price.astype(np.float32), worth, share)


def _branches(asked: Problem, best: Best, node: _Node, number: itertools.count[int]) -> list[_Node]:
    """Both halves of a part, after fixing what every better choice has in common."""
    left = asked.sites - len(node.chosen)
    order = np.sort(node.worth)[::-1]
    last = order[min(left, len(order)) - 1]
    following = max(order[left], 0.0) if left < len(order) else 0.0
    free = ~node.shut
    free[list(node.chosen)] = False
    ahead = free & (node.worth >= last)
    shut = node.shut | (free & ~ahead & best.beats_all(node.bound - (last - node.worth)))
    needed = np.flatnonzero(ahead & best.beats_all(node.bound - (node.worth - following)))
    chosen = (*node.chosen, *needed.tolist())
    if len(chosen) > asked.sites:
        return []
    price = node.price.astype(np.float64)
    if len(chosen) == asked.sites:
        _bounded(asked, best, chosen, shut, price, node.bound, next(number))
        return []
    open_ = free & ~shut
    open_[needed] = False
    doubt = np.where(open_, np.minimum(node.share, 1 - node.share) + 1e-9 * node.worth, -1.0)
    base = int(np.argmax(doubt))
    if doubt[base] < 0:
        best.offer(tuple(sorted(chosen)), asked.value(chosen))
        return []
    without = shut.copy()
    without[base] = True
    halves = (
        _bounded(asked, best, (*chosen, base), shut, price, node.bound, next(number)),
        _bounded(asked, best, chosen, without, price, node.bound, next(number)),
    )
    return [half for half in halves if half is not None]
