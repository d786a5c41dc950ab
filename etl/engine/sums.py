"""Sums per cell, and how parts of them become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo_data.grid import Cells, Floats

COMPLETE = 1 - 1e-9


@dataclass(frozen=True, eq=False)
class Sums:
    """What is known about some cells from some windows.

    Attributes
    ----------
    cell : cells, shape (n,)
    quantity : float array, shape (n, quantities)
        Sums over the pixels, each by its share inside the cell.
    extent, area : float arrays, shape (n,)
        Area inside the windows, and of the whole cell, in pixels.
    bottom : float array, shape (n,)
        Last row of the raster that the cell reaches.
    low, high : float arrays, shape (n, bands)
        Extremes of the touched pixels; infinite where none has a value.
    """

    cell: Cells
    quantity: Floats
    extent: Floats
    area: Floats
    bottom: Floats
    low: Floats
    high: Floats

    def __len__(self) -> int:
        return len(self.cell)

    def take(self, place: np.ndarray) -> Sums:
        """Some of the cells, by their places or a mask."""
        if place.dtype == bool:
            place = np.flatnonzero(place)
        return Sums(*(column.take(place, axis=0) for column in self._columns()))

    def complete(self) -> np.ndarray:
        """Whether all of a cell has been seen."""
        return self.extent >= COMPLETE * self.area

    @staticmethod
    def joined(parts: Sequence[Sums]) -> Sums:
        """Parts one after the other."""
        if len(parts) == 1:
            return parts[0]
        columns = zip(*(part._columns() for part in parts), strict=True)
        return Sums(*(np.concatenate(column) for column in columns))

    def merged(self) -> Sums:
        """One row per cell, sorted; what is added is added in the given order."""
        order = np.argsort(self.cell, kind="stable")
        cell = self.cell[order]
        new = np.concatenate([[True], cell[1:] != cell[:-1]])[: len(cell)]
        if new.all():
            return self.take(order)
        start = np.flatnonzero(new)
        add, low, high = (
            lambda column: np.add.reduceat(column[order], start),
            lambda column: np.minimum.reduceat(column[order], start),
            lambda column: np.maximum.reduceat(column[order], start),
        )
        return Sums(
            cell[start], add(self.quantity), add(self.extent), high(self.area),
            high(self.bottom), low(self.low), high(self.high),
        )  # fmt: skip

    def _columns(self) -> tuple[np.ndarray, ...]:
        return (
            self.cell, self.quantity, self.extent, self.area, self.bottom, self.low, self.high
        )  # fmt: skip
