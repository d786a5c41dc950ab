"""Reference geography against facts from outside it: places, areas, checksums."""

import hashlib
import json
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo_data import geography
from geo_data.reference import exonyms
from geo_data.reference.synonyms import SYNONYMS

ROOT = Path(__file__).resolve().parents[1]
BASEMAP = ROOT / "dashboard/static/basemap"
README = ROOT / "geo_data/reference/README.md"
WGS84 = Geod(ellps="WGS84")

# Land area, km2, CIA World Factbook; where inland water counts as land here, the total area.
PUBLISHED_KM2 = {"TUN": 155_360, "TCD": 1_259_200, "ITA": 301_340, "GRC": 131_957, "EGY": 1_001_450}
# The 1,759,540 km2 published for Libya fit no drawn boundary; geoBoundaries LBY ADM1 measures:
MEASURED_KM2 = {"LBY": 1_623_746}


@pytest.mark.parametrize(
    ("lat", "lon", "iso3"),
    [
        (32.887, 13.191, "LBY"),  # Tripoli
        (16.974, 7.991, "NER"),  # Agadez
        (35.897, 14.505, "MLT"),  # Valletta, inland of the harbours
        (35.50, 12.60, "ITA"),  # Lampedusa
        (36.806, 10.18, "TUN"),  # Tunis
        (66.5, -172.0, "RUS"),  # Chukotka, beyond the antimeridian
        (9.56, 44.06, "SOM"),  # Hargeisa
        (45.0, 34.1, "UKR"),  # Simferopol; General Assembly resolution 68/262
        (4.94, -52.33, "GUF"),  # Cayenne, not FRA
        (-80.0, 0.0, "ATA"),  # closed over the pole
        (27.15, -13.2, "ESH"),  # Laayoune, south of 27 degrees 40 minutes
        (35.0, 17.0, None),  # Ionian Sea
        (38.245, 15.635, None),  # Strait of Messina
        (float("nan"), 15.0, None),
    ],
)
def test_known_places(lat, lon, iso3):
    "Places everybody can check on any map"
    assert geography.country_of(lat_deg=lat, lon_deg=lon).tolist() == [iso3]


def test_smallest_state_is_near_its_place():
    "The coarse source puts the Holy See within 2 km of St Peter's, 41.9022 N 12.4539 E"
    shapes = geography.countries().set_index("iso3").geometry
    assert _least_km(41.9022, 12.4539, shapes["VAT"]) < 2


def test_ras_jedir_is_on_the_border():
    "The crossing lies in one of the two states it joins"
    found = geography.country_of(lat_deg=[33.1494], lon_deg=[11.5679], within_km=2)
    assert found[0] in {"TUN", "LBY"}


def test_within_km_is_a_limit():
    "Lampedusa ends at 12.63 E; 0.1 degree further east is 9 km off, 1 degree is 90 km off"
    east = {"lat_deg": [35.5, 35.5], "lon_deg": [12.73, 13.63]}
    assert geography.country_of(**east, within_km=5).tolist() == [None, None]
    assert geography.country_of(**east, within_km=20).tolist() == ["ITA", None]


def test_nearest_agrees_with_geodesics():
    "Random positions off the coast: the same country as the nearest outline on the ellipsoid"
    random = np.random.default_rng(7)
    lat, lon = random.uniform(33, 38, 60), random.uniform(9, 16, 60)
    at_sea = geography.country_of(lat_deg=lat, lon_deg=lon) == None  # noqa: E711
    lat, lon = lat[at_sea], lon[at_sea]
    found = geography.country_of(lat_deg=lat, lon_deg=lon, within_km=60)
    shapes = geography.countries().set_index("iso3").geometry
    outlines = {
        code: shapely.segmentize(shapes[code].boundary, 0.005)
        for code in ("ITA", "LBY", "MLT", "TUN")
    }
    for y, x, code in zip(lat, lon, found, strict=True):
        km = {other: _least_km(y, x, outline) for other, outline in outlines.items()}
        nearest = min(km, key=km.__getitem__)
        if abs(km[nearest] - 60) > 1 and sorted(km.values())[1] - km[nearest] > 1:
            assert code == (nearest if km[nearest] < 60 else None)


def _least_km(lat, lon, outline):
    points = shapely.get_coordinates(outline)
    here = np.full(len(points), lon), np.full(len(points), lat)
    return WGS84.inv(*here, *points.T)[2].min() / 1000


@pytest.mark.parametrize(("iso3", "km2"), [*PUBLISHED_KM2.items(), *MEASURED_KM2.items()])
def test_areas(iso3, km2):
    "Area on the ellipsoid within 2% of the published figure"
    shapes = geography.countries().set_index("iso3").geometry
    assert _area_km2(shapes[iso3]) == pytest.approx(km2, rel=0.02)


def _area_km2(shape):
    return abs(WGS84.geometry_area_perimeter(shape)[0]) / 1e6


def test_land_is_all_countries():
    "149 M km2 of land (lakes included, Caspian Sea not), and no country beyond it"
    land = geography.land()
    assert land.is_valid.all()
    assert sum(map(_area_km2, land.geometry)) == pytest.approx(148.9e6, rel=0.02)
    countries = geography.countries().clip((-8, 4, 42, 48)).union_all()
    window = land.clip((-8, 4, 42, 48)).union_all()
    assert countries.symmetric_difference(window).area == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("lat", "lon", "dry"),
    [(38.245, 15.635, False), (37.935, 22.985, True), (35.95, -5.6, False), (35.5, 12.6, True)],
)
def test_straits(lat, lon, dry):
    "Messina and Gibraltar are open, the isthmus of Corinth and Lampedusa are land"
    assert geography.land().intersects(shapely.Point(lon, lat)).any() == dry


def test_countries_are_well_formed():
    "193 members and 2 observers; codes unique; contested areas have no code but Kosovo and ESH"
    table = geography.countries()
    assert table.is_valid.all() and not table.is_empty.any()
    assert (table["status"] == "state").sum() == 193 + 2
    assert table["iso3"].dropna().is_unique and table["name"].is_unique
    assert table["iso3"].dropna().str.fullmatch("[A-Z]{3}").all()
    coded = table.loc[(table["status"] == "disputed") & table["iso3"].notna(), "iso3"]
    assert set(coded) == {"ESH", "XKX"}


def test_neighbours_match():
    "Simplified once, borders leave no overlap: less than 2 km2 in 30 M km2 of the window"
    shapes = geography.countries().clip((-8, 4, 42, 48)).geometry.to_numpy()
    overlap = shapely.area(shapes).sum() - shapely.union_all(shapes).area
    assert overlap * 111.2**2 < 2


def test_callers_cannot_change_the_table():
    "A caller that drops a column leaves the others theirs"
    del geography.countries()["name"]
    assert "name" in geography.countries()


@pytest.mark.parametrize("name", ["borders", "borders_detail"])
def test_no_solid_line_under_a_dashed_one(name):
    "Less than 1% of the disputed length, its ends, comes within 500 m of a settled line"
    lines = gpd.read_file(BASEMAP / f"{name}.json")
    settled = lines[lines["kind"] == "settled"].union_all()
    disputed = lines[lines["kind"] == "disputed"].union_all()
    assert disputed.length > 0
    assert disputed.intersection(settled).length == 0
    assert disputed.intersection(settled.buffer(0.005)).length < 0.01 * disputed.length


@pytest.mark.parametrize(
    ("lat", "lon", "kind"),
    [
        (22.0, 35.5, "disputed"),  # Egypt, Sudan: Hala'ib
        (22.0, 28.0, "settled"),  # Egypt, Sudan in the west
        (27.667, -11.5, "disputed"),  # Western Sahara, Morocco
        (34.4, 74.0, "disputed"),  # Line of Control
        (29.5, 25.0, "settled"),  # Libya, Egypt
    ],
)
def test_lines_in_question(lat, lon, kind):
    "The nearest border line, at most 40 km away, has the expected kind"
    lines = gpd.read_file(BASEMAP / "borders.json")
    distance_deg = shapely.distance(lines.geometry.to_numpy(), shapely.Point(lon, lat))
    assert lines["kind"].iloc[distance_deg.argmin()] == kind
    assert distance_deg.min() < 0.4


def test_places_have_room():
    "The capitals of the demonstration area are named, once each, early; small towns come later"
    features = json.loads((BASEMAP / "places.json").read_text(encoding="utf-8"))["features"]
    rank = {f["properties"]["name"]: f["properties"]["rank"] for f in features}
    assert max(rank[name] for name in ("Tripoli", "Tunis", "Valletta", "Athens")) <= 6
    assert rank["Tripoli"] < rank["Lampedusa"]
    assert all(re.fullmatch("[A-Z]{3}", f["properties"]["country"]) for f in features)


def test_places_have_names_in_other_languages():
    "Capitals in the three languages; most towns of Libya and Tunisia in Arabic; no Ottoman names"
    features = json.loads((BASEMAP / "places.json").read_text(encoding="utf-8"))["features"]
    told = {f["properties"]["name"]: f["properties"] for f in features}
    assert told["Cairo"]["names"] == {"ar": "القاهرة", "fr": "Le Caire", "es": "El Cairo"}
    assert told["Athens"]["names"]["fr"] == "Athènes" and told["Sfax"]["names"] == {"ar": "صفاقس"}
    near = [p for p in told.values() if p["country"] in ("LBY", "TUN")]
    assert sum("ar" in p.get("names", {}) for p in near) > 0.7 * len(near)
    assert "names" not in told["Tríkala"]


def test_a_name_in_arabic_letters_counts_if_it_is_the_only_one():
    "One spelling with and without its last dot is one name; two names are none; elsewhere typed only"
    one = exonyms.names_of("LBY", "X", ["زله", "زلة", "Zella", "محافظة زلة"])
    assert one == {"ar": "زلة"}
    assert exonyms.names_of("LBY", "X", ["زلة", "سبها"]) == {}
    assert exonyms.names_of("GRC", "Párga", ["بارغه"]) == {}


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("Rep. of Chad", "TCD"),
        ("Sudan (the)", "SDN"),
        ("Libyan Arab Jamahiriya", "LBY"),
        ("CÔTE D’IVOIRE", "CIV"),
        ("Republic of the Congo", "COG"),
        ("Democratic Republic of the Congo", "COD"),
        ("Republic of Korea", "KOR"),
        ("Niger", "NER"),
        ("is", "ISL"),
        (" tun ", "TUN"),
        ("434", "LBY"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_names_and_codes(text, iso3):
    "Names and codes as reports write them"
    assert geography.iso3_of(text) == iso3


def test_synonyms_mean_one_country():
    "No synonym says another country than the table, none is written for a code without a row"
    coded = set(geography.countries()["iso3"].dropna())
    for code, texts in SYNONYMS.items():
        assert code in coded
        assert [geography.iso3_of(text) for text in texts] == [code] * len(texts)


def test_files_match_their_sums():
    "Every committed file is the one the README lists, and none above 1.4 MB"
    listed = re.findall(r"\| `([^`]+)` \| (\d+) \| `([0-9a-f]{64})` \|", README.read_text("utf-8"))
    made = {*ROOT.glob("geo_data/reference/*.parquet"), *BASEMAP.glob("*.json")}
    assert {ROOT / file for file, _, _ in listed} == made
    for file, size, digest in listed:
        content = (ROOT / file).read_bytes()
        assert len(content) == int(size) < 1_400_000
        assert hashlib.sha256(content).hexdigest() == digest
