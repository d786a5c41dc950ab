"""Row prefix sums: what lies left of each pixel border, for up to four quantities at once.

Between two borders of pixels a sum from the left grows linearly, because a pixel has one value all
over. What a pixel adds to a quantity is

    alpha + beta w + gamma w x    if low <= x <= high, else 0

with x its value and w its weight: (1, 0, 0) counts the known pixels, (0, 0, 1) is their weighted
sum, (0, 1, 0) within limits is the weight of a range. Nothing (NaN) is in no range.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from etl.engine.edges import PACK
from geo_data.grid import Floats

Range = tuple[float, float]
EVERYTHING: Range = (-np.inf, np.inf)
VALUE, MEMBER = 0, 1
COUNT = (*EVERYTHING, 1.0, 0.0, 0.0, VALUE)
SUM = (*EVERYTHING, 0.0, 0.0, 1.0, VALUE)
WEIGHT = (*EVERYTHING, 0.0, 1.0, 0.0, VALUE)


@dataclass(frozen=True)
class Reading:
    """How the raw numbers of a band become values, and which quantities are summed.

    Attributes
    ----------
    nodata : tuple of at most two floats
        Raw numbers that mean no value; NaN always does.
    scale, offset : float
        value = raw * scale + offset
    legal : low, high
        Values outside are no values, and are counted.
    empty : float
        Value of a pixel without one; NaN: unknown.
    ranges : tuple of (low, high)
        The weight of pixels with low <= value <= high is wanted for each.
    classes : tuple of float
        The weight of pixels whose value is one of these is wanted.
    weighted : bool
        Whether the weight of the known pixels is wanted.
    extremes : bool
        Whether the values themselves are wanted, for lowest and highest.
    """

    nodata: tuple[float, ...] = ()
    scale: float = 1.0
    offset: float = 0.0
    legal: Range = EVERYTHING
    empty: float = np.nan
    ranges: tuple[Range, ...] = ()
    classes: tuple[float, ...] = ()
    weighted: bool = False
    extremes: bool = False

    def quantities(self) -> list[tuple[float, ...]]:
        """Known pixels, weighted sum, as wanted their weight, that in ranges, that in classes."""
        found: list[tuple[float, ...]] = [COUNT, SUM, *([WEIGHT] if self.weighted else [])]
        found += [(low, high, 0.0, 1.0, 0.0, VALUE) for low, high in self.ranges]
        if self.classes:
            found.append((1.0, 1.0, 0.0, 1.0, 0.0, MEMBER))
        return found


@dataclass(frozen=True, eq=False)
class Pack:
    """Prefix sums of up to four quantities over a window.

    Attributes
    ----------
    sums : float array
        Sum of quantity k left of column j of row i at ``(i * (columns + 1) + j) * size + k``.
    """

    sums: Floats
    rows: int
    columns: int
    size: int

    def largest(self) -> Floats:
        """Largest sum over a row of each quantity, shape (size,)."""
        many = self.rows * (self.columns + 1) * self.size
        shaped = self.sums[:many].reshape(self.rows, self.columns + 1, self.size)
        return np.abs(shaped[:, -1]).max(axis=0)


@dataclass(frozen=True, eq=False)
class Filled:
    """A band of a window, ready for the walk.

    Attributes
    ----------
    packs : tuple of Pack
        The quantities of the reading, four to a pack.
    legal, illegal : int
        Pixels with a value, inside.
    """

    packs: tuple[Pack, ...]
    legal: int
    illegal: int


@dataclass
class Room:
    """Memory that is used again from window to window: fresh pages cost more than the sums."""

    kept: dict[object, Floats] = field(default_factory=dict)

    def take(self, name: object, size: int) -> Floats:
        """``size`` numbers of any value."""
        if name not in self.kept or self.kept[name].size < size:
            self.kept[name] = np.empty(size)
        return self.kept[name][:size]


def fill(
    raw: NDArray, reading: Reading, weight: Floats, inside: NDArray[np.bool_] | None,
    room: Room, values: Floats | None = None,
) -> Filled:  # fmt: skip
    """Prefix sums of one band over a window.

    Parameters
    ----------
    raw : array, shape (rows, columns)
    weight : float array broadcast to that shape
    inside : bool array of that shape, or None
        Pixels to be counted as legal or not; None: all.
    room : Room
        Holds the result until it is used again.
    values : float array of that shape, or None
        Gets the values, NaN where there is none.
    """
    raw = np.ascontiguousarray(raw, dtype=np.float64)
    rows, columns = raw.shape
    missing = np.full((2, 2), np.nan)
    for place, number in enumerate(reading.nodata):
        # Written and declared nodata often differ in the last digits of a float32.
        missing[place] = number - abs(number) * 1e-6, number + abs(number) * 1e-6
    numbers = np.array([reading.scale, reading.offset, *reading.legal, reading.empty])
    classes = np.array(reading.classes, dtype=np.float64)
    values = np.empty((0, 0)) if values is None else values
    mask = np.ones((1, 1), dtype=bool) if inside is None else inside
    quantities = reading.quantities()
    packs, legal, illegal = [], 0, 0
    for first in range(0, len(quantities), PACK):
        some = np.array(quantities[first : first + PACK])
        size = len(some)
        sums = room.take(first, rows * (columns + 1) * size + 2 * PACK)
        padded = np.zeros((PACK, some.shape[1]))
        padded[:size] = some
        legal, illegal = _fill(
            raw, missing, numbers, classes, padded, size, weight, mask, sums, values
        )
        packs.append(Pack(sums, rows, columns, size))
    return Filled(tuple(packs), legal, illegal)


@njit(nogil=True)
def _values(raw, missing, numbers, weight, line, there):
    """Values of a row into ``line``; 1 where one is legal, -1 where illegal into ``there``."""
    scale, offset, low, high, empty = numbers
    low0, high0, low1, high1 = missing[0, 0], missing[0, 1], missing[1, 0], missing[1, 1]
    for j in range(raw.size):
        x = raw[j]
        gone = (x != x) | ((x >= low0) & (x <= high0)) | ((x >= low1) & (x <= high1))
        value = x * scale + offset
        fine = (value >= low) & (value <= high) & (not gone)
        there[j] = 1 if fine else (0 if gone else -1)
        value = value if fine else (empty if gone else np.nan)
        line[j] = value if weight[j] == weight[j] else np.nan


@njit(nogil=True)
def _gains(line, weight, quantity, gain):
    """What each pixel of a row adds to a quantity."""
    low, high, alpha, beta, gamma = quantity[0], quantity[1], quantity[2], quantity[3], quantity[4]
    for j in range(line.size):
        x = line[j]
        gain[j] = alpha + (beta + gamma * x) * weight[j] if (x >= low) & (x <= high) else 0.0


@njit(nogil=True)
def _accumulate(gain, size, sums, at):
    """Running sums of a row from ``sums[at]`` on; four are written, the next pixel overwrites."""
    a = b = c = d = 0.0
    for j in range(gain.shape[1]):
        sums[at], sums[at + 1], sums[at + 2], sums[at + 3] = a, b, c, d
        at += size
        a += gain[0, j]
        b += gain[1, j]
        c += gain[2, j]
        d += gain[3, j]
    sums[at], sums[at + 1], sums[at + 2], sums[at + 3] = a, b, c, d


_MESH = "Array({}, 2, 'A', readonly=True)"  # also one row or one number broadcast
_FILL = (
    "UniTuple(i8, 2)(Array(f8, 2, 'C', readonly=True), f8[:, ::1], f8[::1], f8[::1], f8[:, ::1], "
    f"i8, {_MESH.format('f8')}, {_MESH.format('b1')}, f8[::1], f8[:, ::1])"
)


@njit(_FILL, cache=True, nogil=True)
def _fill(raw, missing, numbers, classes, quantity, size, weight, inside, sums, values):
    rows, columns = raw.shape
    line, member, weights = np.empty(columns), np.empty(columns), np.empty(columns)
    gain = np.zeros((PACK, columns))
    there = np.empty(columns, np.int8)
    legal = illegal = 0
    even = weight.strides[1] == 0
    everywhere = inside.shape[0] != rows or inside.shape[1] != columns
    for i in range(rows):
        if not even:
            for j in range(columns):
                weights[j] = weight[i, j]
        elif i == 0 or weight[i, 0] != weight[i - 1, 0]:
            weights[:] = weight[i, 0]
        _values(raw[i], missing, numbers, weights, line, there)
        if not everywhere:
            for j in range(columns):
                there[j] *= inside[i, j]
        for j in range(columns):
            legal += there[j] > 0
            illegal += there[j] < 0
        if classes.size:
            for j in range(columns):
                member[j] = 0.0
                for n in range(classes.size):
                    member[j] = 1.0 if line[j] == classes[n] else member[j]
        if values.size:
            for j in range(columns):  # assigning the row would compile a way to say it is too long
                values[i, j] = line[j]
        for k in range(size):
            _gains(member if quantity[k, 5] == MEMBER else line, weights, quantity[k], gain[k])
        _accumulate(gain, size, sums, i * (columns + 1) * size)
    return legal, illegal
