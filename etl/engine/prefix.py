"""Row prefix sums: what lies left of each pixel border, for each quantity at once.

``prefix[i, j, k]`` is the sum of quantity k over pixels 0 to j-1 of row i. Between two borders the
sum grows linearly, because a pixel has one value all over.

The first two quantities of a band are the number of its known pixels and the weighted sum of their
values; then, as wanted, the sum of the weights and sums over ranges of values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo_data.grid import Floats

EVERYWHERE = (-np.inf, np.inf)


@dataclass(frozen=True)
class Reading:
    """How the raw numbers of a band become values, and which quantities are summed.

    Attributes
    ----------
    nodata : tuple of float
        Raw numbers that mean no value; NaN always does.
    scale, offset : float
        value = raw * scale + offset
    legal : low, high
        Values outside are no values, and are counted.
    empty : float
        Value of a pixel without one; NaN: unknown.
    ranges : tuple of (low, high)
        The share of pixels with low <= value <= high is wanted for each.
    classes : tuple of float
        The share of pixels whose value is one of these is wanted.
    weighted : bool
        Whether a sum of weights is wanted beside the weighted sum.
    """

    nodata: tuple[float, ...] = ()
    scale: float = 1.0
    offset: float = 0.0
    legal: tuple[float, float] = EVERYWHERE
    empty: float = np.nan
    ranges: tuple[tuple[float, float], ...] = ()
    classes: tuple[float, ...] = ()
    weighted: bool = False

    @property
    def quantities(self) -> int:
        """Number of prefix sums: count, sum, then as wanted weight, ranges, classes."""
        return 2 + self.weighted + len(self.ranges) + bool(self.classes)


def fill(
    raw: NDArray, reading: Reading, weight: Floats, inside: NDArray[np.bool_],
    prefix: Floats, first: int, values: Floats | None,
) -> tuple[int, int]:  # fmt: skip
    """Prefix sums of one band into ``prefix`` from quantity ``first`` on.

    Parameters
    ----------
    raw : array, shape (rows, columns)
    weight : float array broadcast to that shape
    inside : bool array broadcast to that shape
        Pixels to be counted as legal or not.
    prefix : float array, shape (rows, columns + 1, quantities)
    values : float array, shape (rows, columns), or None
        Gets the values, NaN where there is none.

    Returns
    -------
    legal, illegal : int
        Pixels with a value, inside.
    """
    if raw.dtype not in (np.float32, np.float64):
        raw = raw.astype(np.float32 if raw.dtype.itemsize <= 2 else np.float64)
    missing = np.full((2, 2), np.nan)
    for place, number in enumerate(reading.nodata[:2]):
        # Written and declared nodata often differ in the last digits of a float32.
        slack = abs(number) * 1e-6
        missing[place] = number - slack, number + slack
    scales = np.array([reading.scale, reading.offset, *reading.legal, reading.empty])
    legal, illegal = sums(
        np.ascontiguousarray(raw), missing, scales, weight, inside, prefix, first,
        np.empty((0, 0)) if values is None else values,
    )  # fmt: skip
    if reading.quantities > 2:
        ranges = np.array(reading.ranges, dtype=np.float64).reshape(-1, 2)
        classes = np.sort(np.array(reading.classes, dtype=np.float64))
        assert values is not None
        more_sums(values, weight, reading.weighted, ranges, classes, prefix, first + 2)
    return legal, illegal


_MESH = "Array({}, 2, 'A', readonly=True)"  # also one row or one number broadcast
_WEIGHT, _INSIDE = _MESH.format("f8"), _MESH.format("b1")
_SUMS = f"UniTuple(i8, 2)({{}}[:, ::1], f8[:, ::1], f8[::1], {_WEIGHT}, {_INSIDE}, {{}}"
_INTO = "f8[:, :, ::1], i8, f8[:, ::1]"


@njit([_SUMS.format(kind, _INTO) + ")" for kind in ("f4", "f8")], cache=True, nogil=True)
def sums(raw, missing, scales, weight, inside, prefix, first, values):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Number of known pixels, and the weighted sum of their values."""
    scale, offset, low, high, empty = scales
    keep = values.size > 0
    fills = empty == empty
    legal = illegal = 0
    for i in range(raw.shape[0]):
        count = total = 0.0
        prefix[i, 0, first] = prefix[i, 0, first + 1] = 0.0
        for j in range(raw.shape[1]):
            x = np.float64(raw[i, j])
            value = x * scale + offset
            gone = (
                (x != x)
                | ((x >= missing[0, 0]) & (x <= missing[0, 1]))
                | ((x >= missing[1, 0]) & (x <= missing[1, 1]))
            )
            good = (not gone) & (value >= low) & (value <= high)
            if inside[i, j]:
                legal += good
                illegal += (not gone) & (not good)
            if gone and fills:
                value = empty
                good = True
            good &= weight[i, j] == weight[i, j]
            if good:
                count += 1.0
                total += value * weight[i, j]
            prefix[i, j + 1, first] = count
            prefix[i, j + 1, first + 1] = total
            if keep:
                values[i, j] = value if good else np.nan
    return legal, illegal


@njit(f"void(f8[:, ::1], {_WEIGHT}, b1, f8[:, ::1], f8[::1], f8[:, :, ::1], i8)", cache=True,
      nogil=True)  # fmt: skip
def more_sums(values, weight, weighted, ranges, classes, prefix, first):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Sums of the weights of known pixels, of those in each range, and of those of the classes."""
    rows, columns = values.shape
    for i in range(rows):
        k = first
        if weighted:
            total = prefix[i, 0, k] = 0.0
            for j in range(columns):
                if values[i, j] == values[i, j]:
                    total += weight[i, j]
                prefix[i, j + 1, k] = total
            k += 1
        for n in range(ranges.shape[0]):
            low, high = ranges[n]
            total = prefix[i, 0, k] = 0.0
            for j in range(columns):
                if (values[i, j] >= low) & (values[i, j] <= high):
                    total += weight[i, j]
                prefix[i, j + 1, k] = total
            k += 1
        if classes.size:
            total = prefix[i, 0, k] = 0.0
            for j in range(columns):
                x = values[i, j]
                for n in range(classes.size):
                    if x == classes[n]:
                        total += weight[i, j]
                prefix[i, j + 1, k] = total
