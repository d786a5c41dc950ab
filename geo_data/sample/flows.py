"""Daily counts, simulated: people at crossing points and arrivals by sea."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo_data.sample.lattice import SEED

DAYS = 120
ARRIVAL_DAYS = 730
SURGE_AT, SURGE_DAYS, SURGE_TIMES = "ras-jedir", 10, 3.2
NO_ROW, NO_COUNT = 0.03, 0.015
# People a day on a usual day: into the country named first in the register, and out of it.
USUAL: dict[str, tuple[float, float]] = {
    "ras-jedir": (3900, 3700), "dhehiba-wazin": (820, 790), "melloula-oum-teboul": (2100, 2250),
    "babouch-el-aioun": (1500, 1480), "sakiet-sidi-youssef": (950, 930),
    "kalaat-senan-el-meridj": (310, 300), "haidra-ras-el-aioun": (420, 400),
    "bouchebka": (1350, 1300), "hazoua-taleb-larbi": (780, 760), "ghadames-debdeb": (35, 40),
    "ghat-tin-alkoum": (25, 18), "al-tum-toummo": (95, 60), "kouri-bougoudi-track": (30, 42),
    "sarra-track": (22, 12), "musaid-salloum": (2300, 2200), "al-uwaynat": (70, 15),
    "in-guezzam-assamaka": (55, 160), "tin-zaouatine": (20, 24), "tine": (380, 210),
    "bahai": (90, 60),
}  # fmt: skip
# Monday first; Friday is the day of rest on most of these borders.
WEEK = np.array([1.02, 0.97, 0.98, 1.05, 0.82, 1.08, 1.08])


def crossing_flows(today: date) -> pd.DataFrame:
    """People counted per crossing point and day; a missing row or a blank count is not known."""
    days = [today - timedelta(days=n) for n in range(DAYS, 0, -1)]
    tables = [
        _of_point(point, usual, days, np.random.default_rng([SEED, 71, number]))
        for number, (point, usual) in enumerate(USUAL.items())
    ]
    return pd.concat(tables, ignore_index=True)


def _of_point(
    point: str, usual: tuple[float, float], days: list[date], random: np.random.Generator
) -> pd.DataFrame:
    week = WEEK[[day.weekday() for day in days]]
    drift = np.exp(np.cumsum(random.normal(0, 0.008, size=DAYS)))
    surge = np.ones((DAYS, 2))
    if point == SURGE_AT:
        surge[-SURGE_DAYS:, 0] = np.linspace(1.4, SURGE_TIMES, SURGE_DAYS)
    expected = np.array(usual) * (week * drift)[:, None] * surge
    counts = random.poisson(expected * random.lognormal(0, 0.09, size=(DAYS, 2)))
    table = pd.DataFrame({"date": days, "point_id": point}).assign(
        entries=counts[:, 0], exits=counts[:, 1]
    )
    table = table.astype({"entries": "Int64", "exits": "Int64"})
    blank = random.random(DAYS) < NO_COUNT
    calm = np.arange(DAYS) < DAYS - SURGE_DAYS
    table.loc[blank & calm, ["entries", "exits"]] = pd.NA
    return table[(random.random(DAYS) >= NO_ROW) | ~calm]


def arrivals(today: date) -> pd.DataFrame:
    """People who arrived in Italy by sea, per day; rough days bring none."""
    random = np.random.default_rng([SEED, 72])
    days = [today - timedelta(days=n) for n in range(ARRIVAL_DAYS, 0, -1)]
    year_day = np.array([day.timetuple().tm_yday for day in days])
    season = 1.0 - 0.55 * np.cos(2 * np.pi * (year_day - 35) / 365.25)
    calm = np.convolve(random.normal(size=ARRIVAL_DAYS + 2), [0.4, 0.5, 0.4], mode="valid") > -0.5
    people = random.poisson(225 * season * calm * random.lognormal(-0.2, 0.65, size=ARRIVAL_DAYS))
    return pd.DataFrame({"giorno": [day.strftime("%d/%m/%Y") for day in days], "sbarcati": people})
