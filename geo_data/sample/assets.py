"""Search-and-rescue assets, simulated: usual kinds and speeds, stationed at real places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo_data.sample.lattice import SEED
from geo_data.sample.places import positions


@dataclass(frozen=True)
class Kind:
    """A kind of asset: its medium, cruising speed, hours away from base, notice, and sensor."""

    medium: str
    speed_km_h: float
    endurance_h: float
    mobilise_h: float
    sensor: str
    roster_utc: str = "24/7"


# Assumptions: 28, 14 and 20 knots; a medium helicopter, a twin propeller aircraft, cars on sand.
KINDS: dict[str, Kind] = {
    "patrol boat": Kind("sea", 52, 14, 0.5, "boat"),
    "rescue vessel": Kind("sea", 26, 240, 1.0, "vessel"),
    "offshore patrol vessel": Kind("sea", 37, 360, 2.0, "vessel"),
    "helicopter": Kind("air", 240, 4, 0.75, "helicopter", "Mo-Su 05:00-21:00"),
    "patrol aircraft": Kind("air", 330, 8, 1.5, "fixed wing", "Mo-Sa 06:00-18:00"),
    "desert ground team": Kind("land", 45, 20, 2.0, "ground", "Mo-Su 04:00-18:00"),
}
# Kind and the crossing point at or beside which it stands.
STATIONS: tuple[tuple[str, str], ...] = (
    ("patrol boat", "port-lampedusa"), ("patrol boat", "port-lampedusa"),
    ("patrol boat", "port-pozzallo"), ("patrol boat", "port-valletta"),
    ("patrol boat", "port-porto-empedocle"), ("patrol boat", "port-roccella-ionica"),
    ("patrol boat", "port-sfax"), ("patrol boat", "port-zarzis"), ("patrol boat", "port-tripoli"),
    ("patrol boat", "port-heraklion"), ("patrol boat", "port-annaba"),
    ("rescue vessel", "port-augusta"), ("rescue vessel", "port-trapani"),
    ("rescue vessel", "port-crotone"), ("offshore patrol vessel", "port-valletta"),
    ("offshore patrol vessel", "port-souda"), ("helicopter", "air-licc"),
    ("helicopter", "air-lmml"), ("helicopter", "air-dtta"), ("helicopter", "air-lgir"),
    ("patrol aircraft", "air-licc"), ("patrol aircraft", "air-lmml"),
    ("desert ground team", "air-drza"), ("desert ground team", "air-daat"),
    ("desert ground team", "air-hlls"), ("desert ground team", "air-hlkf"),
)  # fmt: skip
NOT_READY = 0.12


def assets(crossings: pd.DataFrame) -> pd.DataFrame:
    """Assets with their base; ``ready`` is yes or no."""
    random = np.random.default_rng([SEED, 51])
    at = positions(crossings, "point_id")
    title = dict(zip(crossings["point_id"], crossings["name"], strict=True))
    rows = []
    for number, (name, base) in enumerate(STATIONS, start=1):
        kind = KINDS[name]
        rows.append(
            {
                "call_sign": f"SIM-A{number:02d}",
                "unit": f"{name.capitalize()} {number:02d}, {title[base]}",
                "kind": name,
                "medium": kind.medium,
                "service": f"Rescue Service {'ABCDE'[number % 5]}",
                "base_lat": at[base][0],
                "base_lon": at[base][1],
                "speed_kmh": kind.speed_km_h,
                "endurance_h": kind.endurance_h,
                "notice_h": kind.mobilise_h,
                "roster_utc": kind.roster_utc,
                "sensor": kind.sensor,
                "ready": "no" if random.random() < NOT_READY else "yes",
            }
        )
    return pd.DataFrame(rows)
