"""Heat, wind, waves, water and currents of the day: invented fields with the right shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from geo_data.sample.lattice import AREA, KM_PER_DEG, PIXEL_DEG, SEED, Floats, Lattice, noise

COOLING_C_PER_M = 0.0065
# Significant height of a fully grown sea is 0.21 times wind speed squared over gravity.
GROWN_SEA = 0.21 / 9.81
LOWS = 3


@dataclass(frozen=True)
class Flow:
    """Speed and its parts towards east and north, m/s."""

    speed: Floats
    east: Floats
    north: Floats


def heat_max_c(lattice: Lattice, elevation_m: Floats) -> Floats:
    """Highest daily maximum of a usual year, over land and sea."""
    lat = lattice.lat_deg
    inland = 38.5 + 10.5 * np.exp(-(((lat - 26) / 9) ** 2))
    coastal = 31.5 + 0.22 * (37 - lat)
    sea_breeze = np.exp(-lattice.coast_km / 70)
    on_land = inland + (coastal + 3.5 - inland) * sea_breeze
    on_land = on_land - COOLING_C_PER_M * np.maximum(elevation_m - 350, -400)
    return np.where(lattice.land, on_land, coastal)


def wind(lattice: Lattice, today: date) -> Flow:
    """Wind at 10 m: a breeze from the north-west and a few lows that change with the day."""
    random = np.random.default_rng([SEED, 11, today.toordinal()])
    west, _, east, north = AREA
    stream = -2.4 * lattice.lat_deg - 2.6 * lattice.lon_deg + 1.2 * noise(lattice, 4.0, 11)
    for _ in range(LOWS):
        at = random.uniform(32, north), random.uniform(west, east)
        reach = random.uniform(260, 520)
        depth = random.uniform(5, 14) * reach / KM_PER_DEG
        away = np.hypot(
            lattice.distance_km(at), random.uniform(0, 0.6) * KM_PER_DEG * (lattice.lat_deg - at[0])
        )
        stream = stream - depth * np.exp(-((away / reach) ** 2))
    return _along(lattice, stream, drag=np.where(lattice.land, 0.7, 1.0), most=22.0)


def wave_height_m(lattice: Lattice, wind_speed: Floats) -> Floats:
    """Significant wave height at sea, limited by the distance from shore; unknown on land."""
    shelter = np.tanh(np.sqrt(np.maximum(lattice.coast_km, 1) / 90))
    return np.where(lattice.land, np.nan, 0.15 + GROWN_SEA * wind_speed**2 * shelter)


def sea_temperature_c(lattice: Lattice, today: date) -> Floats:
    """Temperature of the surface: colder northwards, warmest in late August; unknown on land."""
    season = np.cos(2 * np.pi * (today.timetuple().tm_yday - 237) / 365.25)
    mean = 20.2 - 0.42 * (lattice.lat_deg - 35) + 0.05 * (lattice.lon_deg - 13)
    return np.where(lattice.land, np.nan, mean + 5.4 * season)


def currents(lattice: Lattice) -> Flow:
    """Surface current: eastward along Africa, eddies elsewhere; unknown on land."""
    axis = 37.3 - 0.055 * np.maximum(lattice.lon_deg - 9, 0) ** 1.35
    stream = -0.34 * np.tanh((lattice.lat_deg - axis) / 0.8) + 0.10 * noise(lattice, 1.2, 12)
    flow = _along(lattice, stream, drag=np.ones(lattice.shape), most=0.9)
    parts = (np.where(lattice.land, np.nan, part) for part in (flow.speed, flow.east, flow.north))
    return Flow(*parts)


def _along(lattice: Lattice, stream: Floats, *, drag: Floats, most: float) -> Flow:
    """Flow along the lines of a stream function given in m/s times degrees."""
    to_south, to_east = np.gradient(stream, PIXEL_DEG)
    east, north = to_south * drag, to_east / np.cos(np.radians(lattice.lat_deg)) * drag
    speed = np.hypot(east, north)
    squeeze = most * np.tanh(speed / most) / np.maximum(speed, 1e-9)
    return Flow(speed * squeeze, east * squeeze, north * squeeze)
