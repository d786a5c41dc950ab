"""Incidents along real corridors, simulated: no row repeats an event that happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.random import Generator

from geo_data.sample.lattice import SEED, Lattice, Position
from geo_data.sample.places import near, on_land

DAYS = 730
NUMBER = 450


@dataclass(frozen=True)
class Corridor:
    """A way that people take.

    Attributes
    ----------
    line : tuple of (lat, lon)
        A few points of the course, public knowledge, roughly placed.
    share : float
        Of all incidents.
    spread_km : float
        How far off the line incidents lie.
    """

    name: str
    route: str
    at_sea: bool
    share: float
    spread_km: float
    line: tuple[Position, ...]


SEA, DESERT = "Central Mediterranean", "Sahara crossing"
CORRIDORS: tuple[Corridor, ...] = (
    Corridor(
        "Zuwara - Lampedusa", SEA, True, 0.17, 22, ((33.05, 12.1), (34.3, 12.3), (35.4, 12.55)),
    ),
    Corridor(
        "Zawiya - Lampedusa", SEA, True, 0.13, 24, ((32.95, 12.7), (34.1, 12.8), (35.4, 12.65)),
    ),
    Corridor(
        "Sfax - Lampedusa", SEA, True, 0.17, 18, ((34.8, 10.95), (35.1, 11.6), (35.48, 12.45)),
    ),
    Corridor("Garabulli - Malta", SEA, True, 0.10, 30, ((32.9, 13.8), (34.4, 14.1), (35.7, 14.4))),
    Corridor("Tobruk - Crete", SEA, True, 0.08, 30, ((32.2, 24.0), (33.6, 24.1), (34.7, 24.2))),
    Corridor("Annaba - Sardinia", SEA, True, 0.04, 20, ((37.05, 7.9), (38.0, 8.4), (38.8, 8.6))),
    Corridor(
        "Agadez - Toummo - Sabha", DESERT, False, 0.14, 14,
        (
            (17.1, 8.2), (18.2, 10.6), (19.1, 12.7), (20.9, 12.9), (22.6, 14.0), (24.9, 14.6),
            (26.9, 14.4),
        ),
    ),
    Corridor(
        "Agadez - Assamaka", DESERT, False, 0.08, 10,
        ((17.1, 7.9), (18.7, 7.4), (19.36, 5.9), (20.6, 5.6), (22.6, 5.5)),
    ),
    Corridor(
        "Kufra - Uwaynat", DESERT, False, 0.06, 16, ((24.1, 23.3), (22.9, 24.3), (21.9, 24.95)),
    ),
    Corridor(
        "Faya - Kufra", DESERT, False, 0.03, 16,
        ((18.1, 19.3), (19.2, 20.4), (20.9, 21.25), (23.9, 23.2)),
    ),
)  # fmt: skip
CAUSES = {
    SEA: ("Drowning", "Boat adrift", "Fire or fuel burns", "Cause not known"),
    DESERT: ("Lack of water", "Vehicle accident", "Left behind", "Cause not known"),
}
CAUSE_SHARES = (0.62, 0.2, 0.08, 0.1)


def incidents(lattice: Lattice, today: date) -> pd.DataFrame:
    """Incidents of the last 24 months, newest last; blank counts are not known."""
    random = np.random.default_rng([SEED, 61])
    corridors = random.choice(len(CORRIDORS), size=NUMBER, p=[c.share for c in CORRIDORS])
    days = np.sort(_days(today, random))
    rows = [
        _row(number, CORRIDORS[corridor], today - timedelta(days=int(DAYS - day)), lattice, random)
        for number, (corridor, day) in enumerate(zip(corridors, days, strict=True), start=1)
    ]
    counts = dict.fromkeys(["Dead", "Missing", "Dead and missing", "Survivors"], "Int64")
    return pd.DataFrame(rows).astype(counts)


def corridors_geojson() -> dict:
    """The corridors as lines."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": f"SIM-C{n:02d}", "name": corridor.name, "kind": "corridor"},
            "geometry": {
                "type": "LineString", "coordinates": [[lon, lat] for lat, lon in corridor.line],
            },
        }
        for n, corridor in enumerate(CORRIDORS, start=1)
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _days(today: date, random: Generator) -> np.ndarray:
    """Days of the period, the calm and warm season twice as likely; the last is yesterday."""
    day = np.arange(DAYS)
    year_day = np.array([(today - timedelta(days=int(DAYS - n))).timetuple().tm_yday for n in day])
    weight = 1.5 - 0.75 * np.cos(2 * np.pi * (year_day - 15) / 365.25)
    return random.choice(day, size=NUMBER, p=weight / weight.sum())


def _row(
    number: int, corridor: Corridor, day: date, lattice: Lattice, random: Generator
) -> dict[str, object]:
    legs = len(corridor.line) - 1
    leg, share = divmod(random.beta(1.3, 1.3) * legs * 0.999, 1)
    start, end = corridor.line[int(leg)], corridor.line[int(leg) + 1]
    on_line = tuple(a + share * (b - a) for a, b in zip(start, end, strict=True))
    allowed = on_land(lattice, not corridor.at_sea)
    lat, lon = near((on_line[0], on_line[1]), corridor.spread_km, random, allowed)
    dead, missing, survivors = _counts(corridor, random)
    known = [count for count in (dead, missing) if count is not None]
    return {
        "Incident": f"SIM-I{number:04d}",
        "Reported": day,
        "Route": corridor.route,
        "Corridor": corridor.name,
        "Cause": str(random.choice(CAUSES[corridor.route], p=CAUSE_SHARES)),
        "Dead": dead,
        "Missing": missing,
        "Dead and missing": sum(known) if known else None,
        "Survivors": survivors,
        "Position from": str(random.choice(["authority", "vessel report", "media estimate"])),
        "Coordinates": f"{lat:.4f}, {lon:.4f}",
    }


def _counts(corridor: Corridor, random: Generator) -> tuple[int | None, int | None, int | None]:
    """Dead, missing and survivors; None where nobody could say."""
    dead = int(random.geometric(0.45)) if random.random() < 0.8 else 0
    wreck = random.random() < (0.16 if corridor.at_sea else 0.06)
    missing = int(random.lognormal(2.9, 0.6)) if wreck else int(random.poisson(0.7))
    survivors = int(random.lognormal(3.1, 0.7) if corridor.at_sea else random.lognormal(2.2, 0.6))
    return (
        dead if random.random() > 0.05 else None,
        missing if random.random() > 0.22 else None,
        survivors if random.random() > 0.35 else None,
    )
