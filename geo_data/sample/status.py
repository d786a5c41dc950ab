"""The crossings table of the demo: real places of the register, status drawn at random."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo_data.sample.flows import USUAL
from geo_data.sample.lattice import SEED
from geo_data.vocabulary import CrossingStatus

WORDS = tuple(word.value for word in CrossingStatus)
SHARES = (0.58, 0.18, 0.10, 0.14)
REASONS = {
    "restricted": "Simulated notice: passage in daylight hours only, longer checks.",
    "closed": "Simulated notice: closed to travellers until further notice.",
}
# A point at which people are counted is not closed.
COUNTED_SHARES = (0.76, 0.24, 0.0, 0.0)


def with_status(register: pd.DataFrame, today: date) -> pd.DataFrame:
    """The register of crossing points with a simulated status and the day it was reported."""
    random = np.random.default_rng([SEED, 81])
    status, since = [], []
    for point in register["point_id"]:
        shares = COUNTED_SHARES if point in USUAL else SHARES
        status.append(str(random.choice(WORDS, p=shares)))
        since.append(today - timedelta(days=int(random.integers(1, 40))))
    track = register["name"].str.contains("track")
    control = np.where(track, "no permanent post", "border post")
    return register.drop(columns="note").assign(
        status=status, status_date=since, control=control, status_origin="simulated"
    )


def notices(points: pd.DataFrame) -> dict:
    """Short statements about the points whose passage is limited, as a JSON document."""
    limited = points[points["status"].isin(list(REASONS))]
    named = zip(limited["point_id"], limited["status"], limited["status_date"], strict=True)
    said = [
        {"point": point, "about": "passage", "on": day.isoformat(), "text": REASONS[status]}
        for point, status, day in named
    ]
    return {"simulated": True, "notices": said}
