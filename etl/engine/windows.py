"""A part of a raster as read: its place in the frame, and the pixels of each band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.engine.frame import Frame
from etl.engine.patches import Span
from etl.engine.prefix import Reading
from geo_data.grid import Floats


@dataclass(frozen=True, eq=False)
class Channel:
    """One band of a window, as read.

    Attributes
    ----------
    raw, weight : arrays, shape (rows, columns)
    inside : bool array, shape (rows, columns), or None
        Pixels that are counted as legal or illegal; None: all.
    """

    raw: NDArray
    reading: Reading
    weight: Floats
    inside: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Window:
    """Some rows and columns (half open) of all channels."""

    frame: Frame
    rows: Span
    columns: Span
    channels: tuple[Channel, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.rows[1] - self.rows[0], self.columns[1] - self.columns[0]

    @property
    def about(self) -> float:
        """Column in the middle."""
        return (self.columns[0] + self.columns[1]) / 2
