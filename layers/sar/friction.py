"""How fast people and vehicles move on land: slope, surface and roads, as minutes per kilometre."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

OFF_PATH = 0.6
"""Share of the speed that Tobler gives away from paths."""
# km/h on the flat; WHO AccessMod's examples, sand as half of firm ground.
WALKING_KM_H = {
    "urban": 5.0, "bare": 5.0, "sparse": 4.0, "cropland": 4.0, "shrub": 3.0, "forest": 2.0,
    "wetland": 2.0, "sand": 2.5,
}  # fmt: skip
DRIVING_KM_H = {
    "motorway": 100.0, "primary": 80.0, "secondary": 60.0, "track": 20.0, "off-road": 15.0,
    "sand": 10.0,
}  # fmt: skip


def walking_km_h(slope: ArrayLike, *, off_path: bool = False) -> Floats:
    """Walking speed on a slope, rise over run in the direction of travel (Tobler 1993).

    >>> walking_km_h([-0.05, 0.0, 0.2]).round(6).tolist()
    [6.0, 5.036742, 2.501172]
    """
    speed = 6.0 * np.exp(-3.5 * np.abs(np.asarray(slope, np.float64) + 0.05))
    return speed * OFF_PATH if off_path else speed


def minutes_per_km(speed_km_h: ArrayLike) -> Floats:
    """Friction of a speed; infinite where nobody moves.

    >>> float(minutes_per_km(5.036742).round(4))
    11.9125
    """
    with np.errstate(divide="ignore"):
        return 60.0 / np.asarray(speed_km_h, np.float64)


def there_and_back(slope: ArrayLike) -> Floats:
    """Minutes per kilometre over a slope that is met as often upward as downward.

    Times are averaged, never speeds: an hour is lost uphill that no descent gives back.
    """
    up = np.abs(np.asarray(slope, np.float64))
    return (minutes_per_km(walking_km_h(up)) + minutes_per_km(walking_km_h(-up))) / 2
