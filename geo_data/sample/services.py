"""Service points and who works where, simulated; organisations are invented and named so."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo_data.sample.districts import District
from geo_data.sample.lattice import SEED
from geo_data.sample.places import inside, near, positions

# Cluster word of the provider, what stands there, organisations that run it, share of the points.
KINDS: tuple[tuple[str, str, float], ...] = (
    ("Health", "Clinic", 0.17), ("Health", "Hospital", 0.07),
    ("Health", "Mobile health team", 0.05),
    ("WASH", "Water point", 0.15), ("Food Security", "Distribution point", 0.11),
    ("Protection", "Help desk", 0.12), ("Shelter/NFI", "Relief items store", 0.09),
    ("Nutrition", "Nutrition centre", 0.06), ("Education", "Learning space", 0.06),
    ("Logistics", "Warehouse", 0.06), ("CCCM", "Coordination office", 0.03),
    ("Cash", "Cash desk", 0.03),
)  # fmt: skip
# Real town or crossing point, service points about it.
PLACES: tuple[tuple[str, int], ...] = (
    ("Tripoli", 34), ("Benghazi", 26), ("Misratah", 14), ("Sabha", 20), ("Al Jawf", 14),
    ("Ghat", 6), ("Murzuk", 6), ("Zuwarah", 8), ("Tobruk", 8), ("Darnah", 10), ("Ajdabiya", 5),
    ("Sirte", 5), ("Al Qaţrūn", 4), ("Tunis", 16), ("Sfax", 10), ("Medenine", 10), ("Zarzis", 8),
    ("Ben Gardane", 8), ("Tataouine", 6), ("Kasserine", 4), ("Agadez", 24), ("Arlit", 12),
    ("Bilma", 3), ("Abalak", 4), ("Iriba", 12), ("Amdjarass", 8), ("Fada", 5), ("Faya-Largeau", 6),
    ("Algiers", 10), ("Annaba", 6), ("Ouargla", 6), ("Tamanghasset", 10), ("Djanet", 4),
    ("In Guezzam", 5), ("Illizi", 4), ("As Sallūm", 6), ("Lampedusa", 5), ("Pozzallo", 5),
    ("Catania", 6), ("Trapani", 5), ("Valletta", 6), ("ras-jedir", 7), ("dhehiba-wazin", 5),
    ("in-guezzam-assamaka", 6), ("al-tum-toummo", 2), ("musaid-salloum", 5), ("tine", 5),
    ("al-uwaynat", 2), ("bahai", 3), ("ghadames-debdeb", 2),
)  # fmt: skip
LETTERS = "ABCDEFGHJKLMNPQRST"
ORGANISATION_TYPES = ("International NGO", "National NGO", "Public service", "Intergovernmental")
CLUSTERS = tuple(dict.fromkeys(cluster for cluster, _, _ in KINDS))
ACTIVITIES = {
    "Health": "Consultations", "WASH": "Water supply", "Food Security": "Food baskets",
    "Protection": "Information and referral", "Shelter/NFI": "Relief items",
    "Nutrition": "Screening", "Education": "Temporary classes", "Logistics": "Transport",
    "CCCM": "Site coordination", "Cash": "Cash for basic needs",
}  # fmt: skip
PRESENT_IN = {
    "LBY": 5, "TUN": 2, "NER": 5, "TCD": 5, "DZA": 1, "EGY": 3, "SDN": 4, "ITA": 1, "MLT": 2,
}  # fmt: skip


def services(
    shapes: dict[str, BaseGeometry], towns: pd.DataFrame, crossings: pd.DataFrame, today: date
) -> pd.DataFrame:
    """Service points about towns, and on both sides of crossing points."""
    random = np.random.default_rng([SEED, 41])
    largest = towns.drop_duplicates("name")
    at = positions(largest, "name") | positions(crossings, "point_id")
    title = dict(zip(crossings["point_id"], crossings["name"], strict=True))
    sides: dict[str, list[str]] = dict(
        zip(largest["name"], largest[["iso3"]].to_numpy().tolist(), strict=True)
    )
    both = crossings[["iso3", "iso3_other"]].to_numpy().tolist()
    sides |= dict(zip(crossings["point_id"], both, strict=True))
    shares = np.array([share for _, _, share in KINDS])
    rows: list[dict[str, object]] = []
    for place, number in PLACES:
        for kind in random.choice(len(KINDS), size=number, p=shares / shares.sum()):
            country = str(random.choice(sides[place]))
            lat, lon = near(at[place], 5.0, random, inside(shapes[country]))
            point = _point(len(rows) + 1, int(kind), title.get(place, place), random, today)
            rows.append({**point, "iso3": country, "lat": lat, "lon": lon})
    return pd.DataFrame(rows)


def _point(
    number: int, kind: int, place: str, random: np.random.Generator, today: date
) -> dict[str, object]:
    cluster, what, _ = KINDS[kind]
    return {
        "service_id": f"SIM-V{number:03d}",
        "service_name": f"{what} {number:03d} near {place}",
        "cluster": cluster,
        "service_type": what,
        "run_by": f"Relief Team {random.choice(list(LETTERS))}",
        "updated": today - timedelta(days=int(random.integers(1, 120))),
    }


def presence(areas: list[District], today: date) -> pd.DataFrame:
    """Who does what where: a 3W table with the HXL row that such tables carry under the header."""
    random = np.random.default_rng([SEED, 42])
    rows: list[dict[str, object]] = [dict(HXL)]
    for area in areas:
        teams = random.choice(
            len(LETTERS), size=min(random.poisson(PRESENT_IN.get(area.iso3, 0)), 9), replace=False
        )
        rows += [_row(area, int(team), random, today) for team in teams]
    return pd.DataFrame(rows)


HXL = {
    "Organisation": "#org+name", "Type": "#org+type", "Cluster": "#sector+name",
    "Activity": "#activity", "Country": "#country+code", "Admin1 code": "#adm1+code",
    "Admin1": "#adm1+name", "Status": "#status", "Start": "#date+start", "End": "#date+end",
    "People reached": "#reached",
}  # fmt: skip


def _row(area: District, team: int, random: np.random.Generator, today: date) -> dict[str, object]:
    cluster = CLUSTERS[(team + int(random.integers(0, 3))) % len(CLUSTERS)]
    start = today - timedelta(days=int(random.integers(60, 500)))
    end = start + timedelta(days=int(random.integers(180, 720)))
    return {
        "Organisation": f"Relief Team {LETTERS[team]}",
        "Type": ORGANISATION_TYPES[team % len(ORGANISATION_TYPES)],
        "Cluster": cluster,
        "Activity": ACTIVITIES[cluster],
        "Country": area.iso3,
        "Admin1 code": area.code,
        "Admin1": area.town,
        "Status": "Completed" if end < today else "Ongoing",
        "Start": start.isoformat(),
        "End": end.isoformat(),
        "People reached": "" if random.random() < 0.2 else 10 * int(random.lognormal(4.4, 0.9)),
    }
