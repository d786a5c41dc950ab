"""Displaced people, simulated: in sites near real towns, and among residents by district."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo_data.sample.districts import District
from geo_data.sample.lattice import SEED
from geo_data.sample.places import inside, near, positions

# Real town, sites near it, people in a usual site.
HOSTS: tuple[tuple[str, int, int], ...] = (
    ("Agadez", 4, 1900), ("Arlit", 3, 900), ("Bilma", 1, 350), ("Iriba", 5, 9500),
    ("Amdjarass", 4, 7200), ("Fada", 1, 1100), ("Faya-Largeau", 2, 800), ("Bardaï", 1, 500),
    ("Al Jawf", 4, 5200), ("Sabha", 3, 900), ("Murzuk", 1, 700), ("Benghazi", 3, 1300),
    ("Tripoli", 3, 850), ("Misratah", 1, 700), ("Darnah", 2, 1500), ("Ajdabiya", 1, 900),
    ("Medenine", 2, 300), ("Tamanghasset", 2, 900), ("In Guezzam", 1, 650), ("Lampedusa", 1, 420),
)  # fmt: skip
SITE_TYPES = ("spontaneous site", "planned site", "collective centre", "transit centre")
# People displaced among residents, typical of a district.
TYPICAL = {
    "LBY": 5200, "TUN": 500, "DZA": 700, "NER": 2600, "TCD": 9000, "EGY": 900, "SDN": 16000,
    "ITA": 1600, "MLT": 2400, "GRC": 1400,
}  # fmt: skip
NOT_REPORTED = 0.08
NONE_OBSERVED = 0.10


def sites(shapes: dict[str, BaseGeometry], towns: pd.DataFrame, today: date) -> pd.DataFrame:
    """Displacement sites with people; one count in fifteen is not known."""
    random = np.random.default_rng([SEED, 31])
    largest = towns.drop_duplicates("name")
    at = positions(largest, "name")
    country = dict(zip(largest["name"], largest["iso3"], strict=True))
    rows: list[dict[str, object]] = []
    for town, number, people in HOSTS:
        for _ in range(number):
            lat, lon = near(at[town], 9.0, random, inside(shapes[country[town]]))
            count = int(people * random.lognormal(0, 0.6)) if random.random() > 1 / 15 else None
            status = "closed" if random.random() < 0.08 else "open"
            rows.append(
                {
                    "Site code": f"SIM-S{len(rows) + 1:02d}",
                    "Site": f"Site {len(rows) + 1:02d} near {town}",
                    "Country": country[town],
                    "Type": str(random.choice(SITE_TYPES)),
                    "Status": status,
                    "Individuals": 0 if status == "closed" else count,
                    "Latitude": lat,
                    "Longitude": lon,
                    "Assessed on": today - timedelta(days=int(random.integers(1, 75))),
                }
            )
    return pd.DataFrame(rows).astype({"Individuals": "Int64"})


def by_area(areas: list[District], camps: pd.DataFrame, today: date) -> pd.DataFrame:
    """All displaced people by district, in sites and outside: some none, some not reported.

    Parameters
    ----------
    camps : DataFrame
        Of :func:`sites`; their people are part of their district's total.
    """
    random = np.random.default_rng([SEED, 32])
    in_sites = _people_inside(areas, camps)
    rows = []
    for area, sheltered in zip(areas, in_sites, strict=True):
        drawn, hosted = random.random(), int(TYPICAL[area.iso3] * random.lognormal(0, 0.7))
        none = NOT_REPORTED < drawn < NOT_REPORTED + NONE_OBSERVED
        people = sheltered + (0 if none else hosted)
        rows.append(
            {
                "Code zone": area.code,
                "Zone": _plain(area.town),
                "Pays": area.iso3,
                "Personnes déplacées": "n.d." if drawn <= NOT_REPORTED else people,
                "Date de collecte": (today - timedelta(days=20)).strftime("%d/%m/%Y"),
            }
        )
    return pd.DataFrame(rows)


def _people_inside(areas: list[District], camps: pd.DataFrame) -> list[int]:
    points = shapely.points(camps["Longitude"], camps["Latitude"])
    people = camps["Individuals"].fillna(0).to_numpy(int)
    return [int(people[shapely.intersects(area.shape, points)].sum()) for area in areas]


def _plain(name: str) -> str:
    """A name without the marks that older French files cannot hold."""
    letters = unicodedata.normalize("NFKD", name)
    return letters.encode("ascii", errors="ignore").decode("ascii")
