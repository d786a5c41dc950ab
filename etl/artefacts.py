"""Positions that machines and gazetteers make up: metres for degrees, middles of countries."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from etl import synonyms
from etl.distances import Floats, Mask, chord, neighbours, unit_vectors
from etl.intake import Intake
from geo_data import geography

# Eastings and northings of grids, and metres of Web Mercator, are never as small as degrees.
LEAST_METRES, MOST_METRES = 1_000.0, 20_100_000.0
# Providers compute the middle from shapes of their own: a repeated position may lie this far off
# ours; a single record must be on the spot, for people do live and die in the middle of countries.
REPEATED_WITHIN_KM, SINGLE_WITHIN_KM = 20.0, 1.0
REPEATED_ROWS = 3
# Half the smallest extent that makes a middle say nothing; that of Malta is a place.
LEAST_EXTENT_DEG = 1.0
SITE_WITHIN_M = 500


def reject_projected(intake: Intake) -> None:
    """Reject rows whose two numbers are metres."""
    lat, lon = intake.table["lat_deg"].abs(), intake.table["lon_deg"].abs()
    metres = lat.between(LEAST_METRES, MOST_METRES) & lon.between(LEAST_METRES, MOST_METRES)
    intake.reject(metres, "projected_position", "lat_deg")


def reject_centroids(intake: Intake) -> None:
    """Reject rows on the middle of a country: one on the spot, or several at one place near it."""
    table = intake.table
    if not len(table):
        return
    points = unit_vectors(table["lat_deg"].to_numpy(), table["lon_deg"].to_numpy())
    wrong = neighbours(middles(), points, REPEATED_WITHIN_KM) > 0
    near = np.flatnonzero(wrong)
    places = table.iloc[near].groupby(["lat_deg", "lon_deg"])["lat_deg"]
    on_spot = neighbours(middles(), points[near], SINGLE_WITHIN_KM) > 0
    wrong[near] = on_spot | (places.transform("size").to_numpy() >= REPEATED_ROWS)
    intake.reject(wrong, "country_centroid", "lat_deg")


def reject_duplicate_sites(intake: Intake) -> None:
    """Reject later records of one site: same name and kind, near, and of the same day if dated."""
    table = intake.table
    name = table["name"].map(synonyms.plain, na_action="ignore")
    keys = [name, table["site_type"].fillna(""), table["date"].astype("str").fillna("")]
    groups = table.groupby(keys, sort=False).indices
    wrong = np.zeros(len(table), dtype=bool)
    for rows in groups.values():
        if len(rows) > 1:
            wrong[rows] = _behind_another(table.iloc[rows])
    intake.reject(wrong, "duplicate_site", "name", metres=SITE_WITHIN_M)


def _behind_another(alike: pd.DataFrame) -> Mask:
    points = unit_vectors(alike["lat_deg"].to_numpy(), alike["lon_deg"].to_numpy())
    pairs = cKDTree(points).query_pairs(chord(SITE_WITHIN_M / 1_000), output_type="ndarray")
    return np.isin(np.arange(len(alike)), pairs[:, 1])


@lru_cache(maxsize=1)
def middles() -> Floats:
    """Middles of large countries, in the plane of degrees and by true area."""
    countries = geography.countries().dropna(subset="iso3")
    west, south, east, north = countries.geometry.bounds.to_numpy().T
    large = countries[np.minimum(east - west, north - south) >= 2 * LEAST_EXTENT_DEG]
    plain = shapely.centroid(large.geometry.to_numpy(dtype=object))
    equal = large.geometry.to_crs("EPSG:6933").centroid.to_crs("EPSG:4326")
    both = np.concatenate([plain, equal.to_numpy(dtype=object)])
    return unit_vectors(shapely.get_y(both), shapely.get_x(both))
