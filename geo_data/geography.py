"""Which country a position is in, where land is, and what code a name of a country means.

Codes follow ISO 3166-1; ``reference/README.md`` says where the lines come from and what they are
not: an opinion about any territory.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo_data.reference.synonyms import SYNONYMS

if TYPE_CHECKING:
    import geopandas as gpd

REFERENCE = Path(__file__).parent / "reference"
# Of one degree of latitude, and of longitude at the equator, on a sphere of 6371.0088 km.
KM_PER_DEG = 111.195
# Positions compared with nearby lines at once; bounds the memory of a wide search.
BATCH = 2_000
LONG_FORMS = {"rep": "republic", "dem": "democratic", "st": "saint", "is": "islands"}

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


def countries() -> gpd.GeoDataFrame:
    """Countries, territories and contested areas of the world, one row each.

    Returns
    -------
    GeoDataFrame, WGS84 degrees
        ``iso3``, ``iso2`` (str, unique, missing where ISO 3166-1 has no code), ``m49`` (str of
        three digits), ``name``, ``status`` ("state": member or observer of the United Nations,
        "area": any other code, "disputed"), ``filed_under`` (the code whose entry covers a
        contested area, missing if none does) and valid multipolygons.
    """
    return _countries().copy()


def land() -> gpd.GeoDataFrame:
    """Land as single polygons without borders or lakes, one row each, WGS84 degrees."""
    return _land().copy()


def country_of(*, lat_deg: ArrayLike, lon_deg: ArrayLike, within_km: float = 0.0) -> Texts:
    """Country of each position.

    Parameters
    ----------
    lat_deg, lon_deg : float arrays, shape (n,)
        WGS84 degrees; a missing position has no country.
    within_km : float
        Positions outside every country get the nearest one up to this distance, for jetties,
        islets and coasts drawn coarsely. Not searched across the antimeridian.

    Returns
    -------
    object array, shape (n,)
        ISO 3166-1 alpha-3; a contested area without a code answers with the code it is filed
        under. None at sea and where no code is filed. On a line the first code wins.
    """
    lat = np.atleast_1d(np.asarray(lat_deg, dtype=np.float64))
    lon = np.atleast_1d(np.asarray(lon_deg, dtype=np.float64))
    row = np.full(len(lat), -1)
    known = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    row[known] = _row_containing(lat[known], lon[known])
    if within_km > 0:
        outside = known[row[known] < 0]
        for start in range(0, len(outside), BATCH):
            batch = outside[start : start + BATCH]
            row[batch] = _row_nearest(lat[batch], lon[batch], within_km)
    found: Texts = _codes()[row]
    return found


def iso3_of(code_or_name: str) -> str | None:
    """ISO 3166-1 alpha-3 of a code or an English name as providers write it; None if unknown.

    >>> [iso3_of(text) for text in ("Libyan Arab Jamahiriya", "Sudan (the)", "ne", "Atlantis")]
    ['LBY', 'SDN', 'NER', None]
    """
    known = _known_words()
    text = code_or_name.strip().casefold()
    words = _words(text)
    return known.get(text) or known.get(words) or known.get(words.removeprefix("republic of "))


def preload() -> None:
    """Load all that the other functions look up, without starting a thread."""
    _lines()
    _known_words()
    _land()


@lru_cache(maxsize=1)
def _countries() -> gpd.GeoDataFrame:
    return _read("countries.parquet")


@lru_cache(maxsize=1)
def _land() -> gpd.GeoDataFrame:
    return _read("land.parquet")


def _read(name: str) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pa.BufferReader((REFERENCE / name).read_bytes())
    table = pq.ParquetFile(file, pre_buffer=False).read(use_threads=False)
    frame = table.to_pandas(use_threads=False)
    shapes = gpd.GeoSeries.from_wkb(frame["geometry"], crs="EPSG:4326")
    return gpd.GeoDataFrame(frame.assign(geometry=shapes), geometry="geometry")


@lru_cache(maxsize=1)
def _codes() -> Texts:
    """Code of each row, and None behind the last for row -1."""
    filed_under = _countries()["filed_under"]
    return np.array([*filed_under.astype(object).where(filed_under.notna(), None), None])


@lru_cache(maxsize=1)
def _shapes() -> Texts:
    shapes: Texts = _countries().geometry.to_numpy(dtype=object)
    shapely.prepare(shapes)
    return shapes


@lru_cache(maxsize=1)
def _lines() -> tuple[shapely.STRtree, Floats, NDArray[np.int64]]:
    """Every straight piece of outline: an index, its two ends, and the row it bounds."""
    polygons, row = shapely.get_parts(_shapes(), return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[:-1] == ring[1:]
    ends = np.stack([points[:-1][joined], points[1:][joined]], axis=1)
    return shapely.STRtree(shapely.linestrings(ends)), ends, row[polygon[ring[:-1][joined]]]


def _row_containing(lat: Floats, lon: Floats) -> NDArray[np.int64]:
    # The countries ask the points, not the other way round: only they are prepared.
    shape, point = shapely.STRtree(shapely.points(lon, lat)).query(_shapes(), "intersects")
    row = np.full(len(lat), -1)
    last_to_first = np.argsort(-shape, kind="stable")
    row[point[last_to_first]] = shape[last_to_first]
    return row


def _row_nearest(lat: Floats, lon: Floats, within_km: float) -> NDArray[np.int64]:
    index, ends, row_of_line = _lines()
    reach_lat = within_km / KM_PER_DEG
    reach_lon = reach_lat / np.cos(np.radians(np.minimum(np.abs(lat) + reach_lat, 89.0)))
    boxes = shapely.box(lon - reach_lon, lat - reach_lat, lon + reach_lon, lat + reach_lat)
    point, line = index.query(boxes)
    distance_km = _distance_km(lat[point], lon[point], ends[line])
    order = np.lexsort((row_of_line[line], distance_km))[::-1]
    order = order[distance_km[order] <= within_km]
    row = np.full(len(lat), -1)
    row[point[order]] = row_of_line[line[order]]
    return row


def _distance_km(lat: Floats, lon: Floats, ends: Floats) -> Floats:
    """From each position to its straight line, in the plane that touches the globe there."""
    scale = np.column_stack([np.cos(np.radians(lat)), np.ones_like(lat)]) * KM_PER_DEG
    origin = np.column_stack([lon, lat])
    start, end = (ends[:, 0] - origin) * scale, (ends[:, 1] - origin) * scale
    along = end - start
    length2 = np.maximum((along**2).sum(axis=1), 1e-18)
    share = np.clip(-(start * along).sum(axis=1) / length2, 0.0, 1.0)
    nearest = start + share[:, None] * along
    return np.hypot(nearest[:, 0], nearest[:, 1])


@lru_cache(maxsize=1)
def _known_words() -> dict[str, str]:
    known: dict[str, str] = {}
    filed = _countries().dropna(subset="filed_under")
    for column in ("name", "m49", "iso2", "iso3"):
        for code, text in filed[["filed_under", column]].dropna().itertuples(index=False):
            known[_words(text) if column == "name" else text.casefold()] = code
    synonyms = ((code, text) for code, texts in SYNONYMS.items() for text in texts)
    return {_words(text): code for code, text in synonyms} | known


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.findall(
        r"[a-z0-9]+", letters.replace("&", " and ").replace("’", "'").replace("'", "")
    )
    return " ".join(LONG_FORMS.get(word, word) for word in words if word != "the")
