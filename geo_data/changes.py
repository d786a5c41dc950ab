"""What changed between two dates, in classes with the same steps up and down. Steps are fixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo_data.classes import OUTSIDE, UNKNOWN, Classes
from geo_data.quantities import Quantity
from geo_data.rollup import cover_column, source_column
from geo_data.words import Phrase

LADDER = (1.0, 2.0, 5.0)
STEPS = 3


@dataclass(frozen=True)
class Changes:
    """Classes of a difference: three steps down, hardly any change, three steps up.

    Attributes
    ----------
    of_values : Classes
        Classes of the quantity itself; the steps follow from them.
    """

    of_values: Classes
    none: bool = False

    @property
    def steps(self) -> tuple[float, ...]:
        """Three ascending sizes of a change; the smallest one begins the first step."""
        classes = self.of_values
        if classes.whole:
            return (1.0, *classes.breaks, *(10 * classes.breaks[-1] * n for n in (1, 10)))[:STEPS]
        if classes.none and min(classes.breaks) >= 1:
            return tuple(classes.breaks[:STEPS])
        return _ladder(float(np.diff(classes.breaks).min()))

    @property
    def labels(self) -> tuple[str, ...]:
        """One label a class, the largest decrease first, without the unit."""
        shown = [self.of_values.show(step) for step in self.steps]
        down = [Phrase("down by {low} to below {high}", low=a, high=b) for a, b in _pairs(shown)]
        up = [Phrase("up by {low} to below {high}", low=a, high=b) for a, b in _pairs(shown)]
        return (
            Phrase("down by {value} or more", value=shown[-1]), *down[::-1],
            Phrase("changed by less than {value}", value=shown[0]),
            *up, Phrase("up by {value} or more", value=shown[-1]),
        )  # fmt: skip

    def of(self, value: ArrayLike, cover: ArrayLike) -> NDArray[np.uint8]:
        """Class of each difference, with ``UNKNOWN`` and ``OUTSIDE`` apart.

        Examples
        --------
        >>> from geo_data import quantities as q
        >>> from geo_data.classes import CLASSES
        >>> changes = Changes(CLASSES[q.POPULATION.column])
        >>> changes.of([-1000, -9, 0, 10, np.nan, np.nan], [1, 1, 1, 1, 1, 0]).tolist()
        [0, 3, 3, 4, 254, 255]
        """
        value = np.asarray(value, dtype=np.float64)
        size = np.searchsorted(self.steps, np.abs(value), side="right")
        code = np.where(value < 0, STEPS - size, STEPS + size)
        code = np.where(np.isnan(value), UNKNOWN, code)
        return np.where(np.asarray(cover) > 0, code, OUTSIDE).astype(np.uint8)


def change(after: pd.DataFrame, before: pd.DataFrame, quantity: Quantity) -> pd.DataFrame:
    """After minus before on the cells of either date.

    Parameters
    ----------
    after, before : DataFrame
        ``cell``, the quantity's column, its cover and its source, of one resolution.

    Returns
    -------
    DataFrame, sorted by ``cell``
        The value is null where either date has none; cover is the larger of both, so that such a
        cell is unknown and only one that neither date speaks about is outside coverage.
    """
    cells = np.union1d(after["cell"], before["cell"]).astype(np.int64)
    column, cover = quantity.column, cover_column(quantity)
    new, old = (table.set_index("cell").reindex(cells) for table in (after, before))
    spoken = np.fmax(new[cover].fillna(0).to_numpy(), old[cover].fillna(0).to_numpy())
    known = (new[cover] > 0).to_numpy() & (old[cover] > 0).to_numpy()
    apart = new[column].to_numpy(np.float64) - old[column].to_numpy(np.float64)
    return pd.DataFrame(
        {
            "cell": cells, column: np.where(known, apart, np.nan), cover: spoken,
            source_column(quantity): -1,
        }
    )  # fmt: skip


def _pairs(shown: list[str]) -> list[tuple[str, str]]:
    return list(zip(shown, shown[1:], strict=False))


def _ladder(step: float) -> tuple[float, ...]:
    """The largest of 1, 2, 5, 10... that is not above a step, and the two below it.

    >>> _ladder(0.75), _ladder(200)
    ((0.1, 0.2, 0.5), (50.0, 100.0, 200.0))
    """
    power = int(np.floor(np.log10(step)))
    rungs = [rung * 10.0**p for p in (power - 1, power) for rung in LADDER]
    return tuple(float(f"{rung:.3g}") for rung in rungs if rung <= step * 1.000001)[-STEPS:]
