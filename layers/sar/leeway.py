"""Leeway: how wind pushes a floating object, by class of object.

Coefficients are the published measurements of Allen and Plourde 1999 and their successors. No class
is an overloaded rubber boat; a mixture of the four nearest stands for it and is not validated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo_data.errors import WaypostError, nearest

Floats = NDArray[np.float64]

TABLE = Path(__file__).with_name("reference") / "leeway.csv"
RUBBER_BOAT = "rubber boat, overloaded (mixture, not validated)"
MIXTURES = {RUBBER_BOAT: ("LIFE-RAFT-NB-1", "SKIFF-2", "SKIFF-3", "REFUGEE-RAFT-1")}


@dataclass(frozen=True, eq=False)
class Particles:
    """Leeway coefficients drawn once for each particle.

    Attributes
    ----------
    down_slope, down_offset_m_s : float arrays, shape (particles,)
        Metres per second downwind, per metre per second of wind and without wind.
    cross_slope, cross_offset_m_s : float arrays, shape (2, particles)
        The same to the right of downwind, for the particle on its right and on its left side.
    on_left : bool array, shape (particles,)
        The side that a particle starts on.
    """

    down_slope: Floats
    down_offset_m_s: Floats
    cross_slope: Floats
    cross_offset_m_s: Floats
    on_left: NDArray[np.bool_]


@lru_cache(maxsize=1)
def classes() -> pd.DataFrame:
    """Classes of objects: title, slopes in percent, offsets and deviations in cm/s."""
    return pd.read_csv(TABLE).set_index("object")


def known() -> list[str]:
    """Names of classes and mixtures."""
    return [*MIXTURES, *classes().index]


def draw(
    name: str, particles: int, generator: np.random.Generator, *, spread: bool = True
) -> Particles:
    """Coefficients of as many particles of a class or a mixture; half of them go left.

    Deviations are those at 10 m/s of wind, half of them independent of it. A particle that would go
    upwind is drawn again.

    Parameters
    ----------
    spread : bool
        False: every particle moves as the mean of its class.
    """
    members = MIXTURES.get(name, (name,))
    which = np.arange(particles) % len(members)
    rows = _rows(members).iloc[which].reset_index(drop=True)
    on_left = (np.arange(particles) // len(members)) % 2 == 1
    down = _noise(rows["down_slope_pct"], rows["down_sd_cm_s"], generator) * spread
    cross = generator.normal(size=particles) * spread
    side = [rows.filter(regex=f"^{side}_").to_numpy().T for side in ("right", "left")]
    return Particles(
        down_slope=(rows["down_slope_pct"].to_numpy() + down / 20) / 100,
        down_offset_m_s=(rows["down_offset_cm_s"].to_numpy() + down / 2) / 100,
        cross_slope=np.stack([slope + cross * sd / 20 for slope, _, sd in side]) / 100,
        cross_offset_m_s=np.stack([offset + cross * sd / 2 for _, offset, sd in side]) / 100,
        on_left=on_left,
    )  # fmt: skip


def velocity(
    particles: Particles, on_left: NDArray[np.bool_], east: Floats, north: Floats
) -> tuple[Floats, Floats]:
    """Eastward and northward drift, m/s, in a wind that blows with these components, m/s.

    Right of downwind is the downwind direction turned clockwise: in a wind to the north, east.
    """
    speed = np.hypot(east, north)
    side = on_left.astype(np.int64)
    every = np.arange(len(side))
    down = particles.down_slope * speed + particles.down_offset_m_s
    cross = particles.cross_slope[side, every] * speed + particles.cross_offset_m_s[side, every]
    blows = speed > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        sin, cos = np.where(blows, east / speed, 0.0), np.where(blows, north / speed, 0.0)
    return down * sin + cross * cos, down * cos - cross * sin


def _rows(members: tuple[str, ...]) -> pd.DataFrame:
    table = classes()
    for member in members:
        if member not in table.index:
            raise WaypostError(
                f"no leeway class {member!r}. Nearest: {nearest(member, known())!r}. "
                f"Known: {', '.join(known())}"
            )
    return table.loc[list(members)]


def _noise(slope_pct: pd.Series, sd: pd.Series, generator: np.random.Generator) -> Floats:
    slope, deviation = slope_pct.to_numpy(), sd.to_numpy()
    noise = generator.normal(size=len(slope)) * deviation
    while (upwind := slope + noise / 20 < 0).any():
        noise[upwind] = generator.normal(size=int(upwind.sum())) * deviation[upwind]
    return noise
