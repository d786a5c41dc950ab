"""Class breaks of each quantity. They are fixed: a colour means the same on every date and view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.words import N_, Number, Phrase, share

UNKNOWN = 254
OUTSIDE = 255
# Stands for "nobody arrives" where response times are classed; no real response takes that long.
NOBODY_H = 999.0


@dataclass(frozen=True)
class Classes:
    """Breaks of one quantity.

    Attributes
    ----------
    quantity : Quantity
    breaks : tuple of float
        Ascending inner breaks; a value on a break belongs to the class above it.
    none : bool
        Whether an observed zero is a class of its own, the first one.
    whole : bool
        Whether only whole numbers occur, so that a class reads "2 to 4".
    top : str
        Label of the last class, if it means something else than a range.
    show : callable
        A break as people read it.
    words : tuple of str
        Label of each class, where it is a word and not a range.
    """

    quantity: Quantity
    breaks: tuple[float, ...]
    none: bool = False
    whole: bool = False
    top: str = ""
    show: Callable[[float], str] = Number
    words: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """One label a class, lowest first, without the unit.

        >>> Classes(q.POPULATION, (10, 100), none=True).labels
        ('none', 'below 10', '10 to below 100', '100 or more')
        """
        if self.words:
            return self.words
        shown = [self.show(value) for value in self.breaks]
        if self.whole:
            return self._whole_labels()
        between = [
            Phrase("{low} to below {high}", low=low, high=high)
            for low, high in zip(shown, shown[1:], strict=False)
        ]
        if self.top:
            between[-1] = _from(shown[-2])
        ranges = (Phrase("below {value}", value=shown[0]), *between, self.top or _from(shown[-1]))
        return (N_("none"), *ranges) if self.none else ranges

    def _whole_labels(self) -> tuple[str, ...]:
        lows = (1, *(int(value) for value in self.breaks))
        highs = (int(value) - 1 for value in self.breaks)
        ranges = [
            Number(low)
            if low == high
            else Phrase("{low} to {high}", low=Number(low), high=Number(high))
            for low, high in zip(lows, highs, strict=False)
        ]
        return (N_("none"), *ranges, _from(Number(lows[-1])))

    def of(self, value: ArrayLike, cover: ArrayLike) -> NDArray[np.uint8]:
        """Class of each value, with ``UNKNOWN`` and ``OUTSIDE`` apart.

        Parameters
        ----------
        value : float array, NaN where not known
        cover : float array, 0 outside what the source speaks about

        Examples
        --------
        >>> classes = Classes(q.POPULATION, (10, 100), none=True)
        >>> classes.of([0, 9, 10, np.nan, np.nan], [1, 1, 1, 1, 0])
        array([  0,   1,   2, 254, 255], dtype=uint8)
        """
        value = np.asarray(value, dtype=np.float64)
        code = np.searchsorted(self.breaks, value, side="right")
        if self.none:
            code = np.where(value == 0, 0, code + 1)
        code = np.where(np.isnan(value), UNKNOWN, code)
        return np.where(np.asarray(cover) > 0, code, OUTSIDE).astype(np.uint8)


def _from(value: str) -> Phrase:
    return Phrase("{value} or more", value=value)


_MANY = (10, 100, 1_000, 10_000)
CLASSES: dict[str, Classes] = {
    classes.quantity.column: classes
    for classes in (
        Classes(q.POPULATION, _MANY, none=True),
        Classes(q.DISPLACED, _MANY, none=True),
        Classes(q.DEAD_MISSING, (5, 20, 100), none=True, whole=True),
        Classes(q.INCIDENTS, (2, 5, 20), none=True, whole=True),
        Classes(q.CROSSINGS, (2,), none=True, whole=True),
        Classes(q.SERVICES, (2, 5, 20), none=True, whole=True),
        Classes(q.HEALTH, (2, 5, 20), none=True, whole=True),
        Classes(q.SITES, (2, 5), none=True, whole=True),
        Classes(q.ORGANISATIONS, (2, 5, 10, 20), none=True, whole=True),
        Classes(q.LAND, (0.3, 0.5, 0.99), none=True, show=share),
        Classes(q.DESERT, (0.25, 0.5, 0.75), none=True, show=share),
        Classes(q.CROPLAND, (0.1, 0.25, 0.5), none=True, show=share),
        Classes(q.DROUGHT, (0.25, 0.5, 0.75), none=True, show=share),
        Classes(q.ELEVATION, (-2_000, -200, 0, 200, 500, 1_000, 2_000)),
        Classes(q.FLOOD_DEPTH, (0.15, 0.5, 1.0, 2.0), none=True),
        Classes(q.HEAT, (25, 30, 35, 40, 45)),
        Classes(q.WAVE_HEIGHT, (0.5, 1.25, 2.5, 4.0)),
        Classes(q.WIND_SPEED, (5.5, 8, 10.8, 13.9)),
        Classes(q.SEA_TEMPERATURE, (10, 15, 18, 20, 22)),
        Classes(q.RAIN_ANOMALY, (-50, -20, -5, 5, 20, 50)),
        Classes(q.RAIN, (1, 5, 20, 50), none=True),
        Classes(q.CURRENT_EAST, (-0.4, -0.2, -0.05, 0.05, 0.2, 0.4)),
        Classes(q.CURRENT_NORTH, (-0.4, -0.2, -0.05, 0.05, 0.2, 0.4)),
        Classes(q.WIND_EAST, (-10, -5, -1, 1, 5, 10)),
        Classes(q.WIND_NORTH, (-10, -5, -1, 1, 5, 10)),
        Classes(q.RESPONSE, (1, 2, 4, 8, 16, NOBODY_H), top=N_("nobody arrives")),
        Classes(q.CONTEXT_INDEX, (2.0, 3.5, 5.0, 6.5)),
        Classes(q.INDEX_MISSING, (2, 4, 6), none=True, whole=True),
        Classes(q.WALK, (1, 2, 4, 8, 16, NOBODY_H), top=N_("no way")),
        Classes(q.DRIVE, (0.5, 1, 2, 4, 8, NOBODY_H), top=N_("no way")),
        Classes(q.DEMAND, (0.0001, 0.001, 0.01), none=True, show=share),
        Classes(q.GAP, (0.0001, 0.001, 0.01), none=True, show=share),
        Classes(q.DETECTION, (0.1, 0.25, 0.5, 0.8), none=True, show=share),
        Classes(q.AREA_PROBABILITY, (0.0001, 0.001, 0.01), none=True, show=share),
        Classes(q.PLANNED, (0.1, 0.5, 2), none=True),
        Classes(
            q.SURVIVABLE,
            (0.25, 0.75),
            words=(
                N_("not in time, or never"),
                N_("doubtful: within the band of survival"),
                N_("in time: before the shortest expected survival"),
            ),
        ),
        Classes(
            q.GAP_CHANGE,
            (-0.001, -1e-9, 1e-9, 0.001),
            words=(
                N_("won: 0.1 % of demand or more"),
                N_("won: less"),
                N_("as before"),
                N_("lost: less"),
                N_("lost: 0.1 % of demand or more"),
            ),
        ),
    )
}
