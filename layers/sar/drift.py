"""Where an object may have drifted: a Monte Carlo of particles, counted in hexagons.

A decision aid, not a forecast service: wind and current are those of the snapshot or what the
planner enters, and both are wrong by the deviations given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo_data import grid
from geo_data.errors import WaypostError
from geo_data.words import N_
from layers.sar import leeway

Floats = NDArray[np.float64]
Field = Callable[[Floats, Floats, float], tuple[Floats, Floats]]
"""Eastward and northward m/s at latitudes and longitudes, so many hours after the start; NaN:
unknown there."""

JIBES_PER_H = 0.04
METRES_PER_DEGREE = 6371008.8 * np.pi / 180
FEWEST_PARTICLES = 5_000
AFLOAT, STRANDED = "active", ("stranded", "seeded_on_land")
"""States of particles as OpenDrift calls them."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where and when the object was last known.

    Attributes
    ----------
    lat_deg, lon_deg : float
    sd_km : float
        Deviation of the position in each direction.
    at : datetime
        UTC.
    window_h : float
        The object may have been there at any time of so many hours from ``at`` on.
    """

    lat_deg: float
    lon_deg: float
    sd_km: float
    at: datetime
    window_h: float = 0.0


@dataclass(frozen=True, eq=False)
class Drift:
    """Particles at the end.

    Attributes
    ----------
    lat_deg, lon_deg : float arrays, shape (particles,)
    stranded : bool array
        On land; they stay where they met it.
    lost : bool array
        Where wind or current is not known; they stay where they left the fields.
    ends : datetime
    """

    lat_deg: Floats
    lon_deg: Floats
    stranded: NDArray[np.bool_]
    lost: NDArray[np.bool_]
    ends: datetime


def constant(east_m_s: float, north_m_s: float) -> Field:
    """A field that is the same everywhere and always."""
    return lambda lat, lon, hours: (np.full(lat.shape, east_m_s), np.full(lat.shape, north_m_s))


def drift(
    start: Start, wind: Field, current: Field, *, hours: float, object_class: str,
    on_land: Callable[[Floats, Floats], NDArray[np.bool_]] | None = None,
    particles: int = FEWEST_PARTICLES, step_h: float = 1.0, wind_sd_m_s: float = 0.0,
    current_sd_m_s: float = 0.0, jibes_per_h: float = JIBES_PER_H, spread: bool = True,
    seed: int = 0,
) -> Drift:  # fmt: skip
    """Move particles with current and leeway, step by step.

    Parameters
    ----------
    wind, current : Field
        At 10 m above the sea, and at its surface.
    hours : float
        From ``start.at`` to the end.
    object_class : str
        One of :func:`layers.sar.leeway.known`.
    on_land : callable, optional
        Whether positions lie on land.
    wind_sd_m_s, current_sd_m_s : float
        Deviation of each component, drawn anew for every particle and step.
    jibes_per_h : float
        Chance that a particle changes from one side of downwind to the other.
    seed : int
        The same seed gives the same particles.

    Raises
    ------
    WaypostError
        If nothing is known of wind or current at the start, or all of it is on land.
    """
    if hours <= 0 or step_h <= 0 or particles < 1:
        raise WaypostError("a drift needs at least one particle and a time above 0 hours")
    generator = np.random.default_rng(seed)
    made = leeway.draw(object_class, particles, generator, spread=spread)
    lat, lon = _placed(start, particles, generator)
    begins = (
        generator.uniform(0, start.window_h, particles) if start.window_h else np.zeros(particles)
    )
    on_left = made.on_left.copy()
    stranded, lost = np.zeros(particles, bool), np.zeros(particles, bool)
    if on_land is not None:
        stranded |= on_land(lat, lon)
    if stranded.all():
        raise WaypostError(
            N_("drift: the start lies on land, where nothing drifts. Move it out to sea.")
        )
    for now in np.arange(0.0, hours - 1e-9, step_h):
        length_h = np.clip(np.minimum(now + step_h, hours) - np.maximum(begins, now), 0, None)
        east, north = _disturbed(wind(lat, lon, now), wind_sd_m_s, generator)
        x, y = leeway.velocity(made, on_left, east, north)
        u, v = _disturbed(current(lat, lon, now), current_sd_m_s, generator)
        x, y = x + u, y + v
        afloat = ~stranded & ~lost
        lost |= afloat & ~np.isfinite(x + y)
        moving = afloat & ~lost & (length_h > 0)
        if now == 0 and not (afloat & ~lost).any():
            raise WaypostError(
                N_(
                    "drift: no wind or current is known at the start. Choose a start inside the "
                    "fields, or enter a constant wind and current."
                )
            )
        lat, lon = _moved(lat, lon, np.where(moving, x, 0.0), np.where(moving, y, 0.0), length_h)
        if on_land is not None:
            stranded |= moving & on_land(lat, lon)
        on_left ^= generator.random(particles) < jibes_per_h * length_h
    return Drift(lat, lon, stranded, lost, start.at + timedelta(hours=hours))


def containment(drifted: Drift, cells: grid.Cells) -> tuple[pd.DataFrame, dict[str, float]]:
    """Probability of area per cell, and the rest; together they are 1.

    Parameters
    ----------
    cells : sorted cells of one resolution

    Returns
    -------
    DataFrame
        ``cell``, ``area_probability`` of cells with particles afloat, largest first.
    dict
        ``stranded``, ``lost`` (beyond the fields) and ``outside`` the cells.
    """
    count = len(drifted.lat_deg)
    afloat = ~drifted.stranded & ~drifted.lost
    found = grid.cells_of(
        lat_deg=drifted.lat_deg[afloat], lon_deg=drifted.lon_deg[afloat],
        resolution=grid.resolution_of(cells),
    )  # fmt: skip
    place = np.minimum(np.searchsorted(cells, found), len(cells) - 1)
    inside = cells[place] == found
    cell, times = np.unique(found[inside], return_counts=True)
    table = pd.DataFrame({"cell": cell, "area_probability": times / count})
    rest = {
        "stranded": float(drifted.stranded.sum() / count),
        "lost": float(drifted.lost.sum() / count),
        "outside": float((~inside).sum() / count),
    }  # fmt: skip
    order = ["area_probability", "cell"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True), rest


def of_particles(table: pd.DataFrame) -> Drift:
    """Particles that another model has moved.

    Parameters
    ----------
    table : DataFrame, one row per particle
        ``lat_deg``, ``lon_deg``, ``status`` (``active``; ``stranded`` or ``seeded_on_land``; all
        other words: no longer computed) and ``time``, UTC, which may be missing.

    Raises
    ------
    WaypostError
        If there is no particle.
    """
    if table.empty:
        raise WaypostError("the file of particles holds none. Export them after the model has run.")
    stranded = table["status"].isin(STRANDED).to_numpy(bool)
    lost = ~stranded & (table["status"] != AFLOAT).to_numpy(bool)
    moments = pd.to_datetime(table["time"], utc=True)
    ends = datetime.now(UTC) if moments.isna().all() else moments.max().to_pydatetime()
    lat, lon = (table[name].to_numpy(np.float64) for name in ("lat_deg", "lon_deg"))
    return Drift(lat, lon, stranded, lost, ends)


def _placed(start: Start, particles: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
    noise = generator.normal(size=(2, particles)) * start.sd_km * 1000
    here = np.full(particles, start.lat_deg), np.full(particles, start.lon_deg)
    return _moved(*here, noise[0], noise[1], np.full(particles, 1 / 3600))


def _disturbed(
    field: tuple[Floats, Floats], sd_m_s: float, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    east, north = field
    if not sd_m_s:
        return east, north
    noise = generator.normal(size=(2, len(east))) * sd_m_s
    return east + noise[0], north + noise[1]


def _moved(
    lat: Floats, lon: Floats, east_m_s: Floats, north_m_s: Floats, hours: Floats
) -> tuple[Floats, Floats]:
    """Positions after a time; a step is so short that the parallel's own length serves."""
    up = north_m_s * hours * 3600 / METRES_PER_DEGREE
    middle = np.cos(np.radians(np.clip(lat + up / 2, -89.9, 89.9)))
    right = east_m_s * hours * 3600 / METRES_PER_DEGREE / middle
    return np.clip(lat + up, -90, 90), (lon + right + 180) % 360 - 180
