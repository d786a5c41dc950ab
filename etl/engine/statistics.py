"""What is asked about the pixels of a cell, and its answer from the sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from etl.engine.prefix import Range, Reading
from etl.engine.stream import Intake
from etl.engine.sums import Sums
from geo_data import grid
from geo_data.grid import Floats

LEAST_KNOWN = 0.5


@dataclass(frozen=True)
class Statistic:
    """One column of the result.

    Attributes
    ----------
    name : str
    kind : str
        ``sum``, ``mean``; ``min`` and ``max`` of the pixels that the cell touches, however little;
        ``share`` of the known pixels that lie ``between`` limits or are of some ``classes``;
        ``count`` of pixels with a value, ``km2`` of their true area; ``density``: values per km2
        times the true area of the known part of the cell.
    band : int
        From 1.
    weight : "none", "area" or int
        What a pixel counts beside its share in the cell: 1, its true area, or its value in another
        band.
    """

    name: str
    kind: Literal["sum", "mean", "min", "max", "share", "count", "km2", "density"]
    band: int = 1
    weight: Literal["none", "area"] | int = "none"
    between: Range | None = None
    classes: tuple[float, ...] = ()


def intakes(statistics: Sequence[Statistic], readings: dict[int, Reading]) -> tuple[Intake, ...]:
    """One intake for all statistics of a band with the same weight and classes.

    Parameters
    ----------
    readings : reading of each band
        Without ranges, classes and extremes, which follow from the statistics.
    """
    found: dict[tuple, Intake] = {}
    for statistic in statistics:
        key = _key(statistic)
        known = found.get(key)
        reading = known.reading if known else readings[statistic.band]
        ranges = (statistic.between,) if statistic.between else ()
        reading = replace(
            reading,
            ranges=tuple(dict.fromkeys(reading.ranges + ranges)),
            classes=statistic.classes or reading.classes,
            weighted=statistic.weight != "none",
            extremes=reading.extremes or statistic.kind in ("min", "max"),
        )
        of_weight = Reading()
        if isinstance(statistic.weight, int):
            of_weight = readings[statistic.weight]
        found[key] = Intake(statistic.band, reading, statistic.weight, of_weight)
    return tuple(found.values())


def answers(
    sums: Sums, statistics: Sequence[Statistic], taken: Sequence[Intake],
    least_known: float = LEAST_KNOWN,
) -> pd.DataFrame:  # fmt: skip
    """A row per cell: ``cell``, ``cover``, and each statistic with its ``__known`` share.

    ``cover`` is the share of the cell inside the raster; known, the share that has a value. Where
    less than ``least_known`` of the covered part is known, a statistic is unknown: NaN.
    """
    columns: dict[str, np.ndarray] = {"cell": sums.cell}
    columns["cover"] = np.clip(sums.extent / sums.area, 0.0, 1.0)
    shares: dict[int, tuple[Floats, np.ndarray]] = {}
    for statistic in statistics:
        number = next(n for n, i in enumerate(taken) if _matches(i, statistic))
        if number not in shares:
            known = np.minimum(_column(sums, taken, number, 0) / sums.area, 1.0)
            least = least_known * (1 - 1e-9) * columns["cover"]
            shares[number] = known, (known < least) | (known <= 0)
        known, unknown = shares[number]
        value = _answer(sums, statistic, taken, number, known)
        columns[statistic.name] = np.where(unknown, np.nan, value) if unknown.any() else value
        columns[f"{statistic.name}__known"] = known
    return pd.DataFrame(columns, copy=False)


def _answer(
    sums: Sums, statistic: Statistic, taken: Sequence[Intake], number: int, known: Floats
) -> Floats:
    reading = taken[number].reading
    count, total = (_column(sums, taken, number, k) for k in (0, 1))
    weight = _column(sums, taken, number, 2) if reading.weighted else count
    if statistic.kind in ("min", "max"):
        place = sum(i.reading.extremes for i in taken[:number])
        return (sums.low if statistic.kind == "min" else sums.high)[:, place]
    if statistic.kind == "sum":
        return total
    if statistic.kind == "count":
        return count
    if statistic.kind == "km2":
        return known * grid.area_km2(sums.cell)
    with np.errstate(invalid="ignore", divide="ignore"):
        if statistic.kind == "mean":
            return total / weight
        if statistic.kind == "density":
            return total / weight * known * grid.area_km2(sums.cell)
        first = 2 + reading.weighted
        place = (
            reading.ranges.index(statistic.between) if statistic.between else len(reading.ranges)
        )
        return np.clip(_column(sums, taken, number, first + place) / weight, 0.0, 1.0)


def _key(statistic: Statistic) -> tuple:
    return statistic.band, statistic.weight, statistic.classes


def _matches(intake: Intake, statistic: Statistic) -> bool:
    mine = intake.band, intake.weight, intake.reading.classes
    return mine == _key(statistic)


def _column(sums: Sums, taken: Sequence[Intake], number: int, quantity: int) -> Floats:
    before = sum(len(i.reading.quantities()) for i in taken[:number])
    return sums.quantity[:, before + quantity]
