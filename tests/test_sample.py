"""The demo: real facts are pinned, the rest is simulated, says so, and looks like the area."""

import csv
import hashlib
import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely

from geo_data import geography, operations
from geo_data.sample import build

SAMPLE = Path(operations.DEMO).parent
TODAY = date(2026, 3, 2)
YESTERDAY = "2026-03-01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("demo")
    build.write(made, TODAY)
    return made


@pytest.fixture(scope="module")
def demo():
    return operations.load(operations.DEMO)


def table(folder, name, **how):
    return pd.read_csv(folder / name, dtype=str, keep_default_na=False, **how)


def raster(folder, name, band=1):
    with rasterio.open(folder / name) as opened:
        return opened.read(band, masked=True)


def border_km(lat, lon, one, other):
    "Distance to the line that two countries share; plane geometry about the point"
    shapes = geography.countries().set_index("iso3").geometry
    squeeze = np.cos(np.radians(lat))
    near = shapely.box(lon - 2, lat - 2, lon + 2, lat + 2)
    lines = [
        shapely.transform(
            shapely.intersection(shapely.boundary(shapes[code]), near),
            lambda at: (at - [lon, lat]) * [111.195 * squeeze, 111.195],
        )
        for code in (one, other)
    ]
    shared = shapely.intersection(lines[0], shapely.buffer(lines[1], 0.5))
    return shapely.distance(shapely.Point(0, 0), shared)


def test_shipped_facts_are_the_reviewed_ones():
    "Name, number of records and SHA-256 of each file of real facts"
    pinned = [line.split() for line in (SAMPLE / "registry.txt").read_text().splitlines()[1:]]
    assert {name for _, _, name in pinned} == {file.name for file in SAMPLE.glob("*.csv")}
    for digest, records, name in pinned:
        content = (SAMPLE / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, name
        rows = list(csv.reader(content.decode("utf-8").splitlines()))
        assert len(rows) == int(records) + 1, name


def test_what_is_generated_is_flagged_simulated(demo, folder):
    "A source is simulated exactly if the generator wrote its file, and every file is declared"
    written = {file.name for file in folder.iterdir()}
    for source in demo.source:
        assert source.simulated == (source.path in written), source.key
        assert source.simulated or (SAMPLE / source.path).is_file(), source.key
        assert not source.simulated or "simulated" in source.title.lower(), source.key
    assert written == {source.path for source in demo.source if source.simulated}


def test_register_of_real_crossings_has_no_status():
    "Nobody typed in whether a real post is open"
    points = table(SAMPLE, "crossing_points.csv")
    assert set(points["status"]) == {"unknown"}
    assert points["point_id"].is_unique
    assert points["type"].value_counts().to_dict() == {"land": 26, "sea": 25, "air": 16}


def test_land_crossings_are_on_their_border():
    "No farther than 15 km from the line between their two countries"
    points = table(SAMPLE, "crossing_points.csv").query("type == 'land'")
    for point in points.itertuples():
        lat, lon = float(point.latitude), float(point.longitude)
        away = border_km(lat, lon, point.iso3, point.iso3_other)
        assert away <= 15, f"{point.point_id}: {away:.0f} km"


def test_harbours_and_airports_are_in_their_country():
    "Within 5 km of it, for moles and coasts drawn coarsely; harbours within 5 km of the coast"
    points = table(SAMPLE, "crossing_points.csv").query("type != 'land'")
    lat, lon = (points[name].astype(float).to_numpy() for name in ("latitude", "longitude"))
    found = geography.country_of(lat_deg=lat, lon_deg=lon, within_km=5)
    assert found.tolist() == points["iso3"].tolist()
    coast = shapely.boundary(geography.land().geometry.to_numpy())
    tree = shapely.STRtree(coast)
    sea = points["type"].to_numpy() == "sea"
    reach = 5 / 111.195 / np.cos(np.radians(lat))
    assert all(len(tree.query(p, "dwithin", r)) for p, r in zip(
        shapely.points(lon, lat)[sea], reach[sea], strict=True))  # fmt: skip


def test_two_runs_write_the_same_bytes(folder, tmp_path):
    "Same day, same files; told progress never goes back and ends at 1"
    told = []
    build.write(tmp_path, TODAY, lambda doing, share: told.append(share))
    for file in folder.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name
    assert told == sorted(told) and told[0] == 0 and told[-1] == 1


def test_records_end_yesterday(folder, tmp_path):
    "The demo never looks stale, whatever the day; 29 February does not break it"
    assert table(folder, "crossing_flows.csv")["date"].max() == YESTERDAY
    assert table(folder, "arrivals.csv", sep=";")["giorno"].iloc[-1] == "01/03/2026"
    assert max(table(folder, "incidents.csv")["Reported"]) <= YESTERDAY
    build.write(tmp_path, date(2028, 2, 29))
    assert table(tmp_path, "crossing_flows.csv")["date"].max() == "2028-02-28"


def test_residents_are_as_many_as_live_there(folder):
    """72.9 million by national figures of 2020, README.md, so between 45 and 75; Libya 6.9.

    Independent: WorldPop 2020 at 20 km sums to 51 million on the African side of the area, where
    the coast is lost to coarse pixels; Sicily, Calabria, Malta and Greece add 15.
    """
    people = raster(folder, "population.tif")
    assert 45e6 < people.sum() < 75e6
    assert people.min() == 0
    lat, lon = 39.975 - 0.05 * np.arange(500), 0.025 + 0.05 * np.arange(520)
    inside = ((lat[:, None] < 32.3) & (lat[:, None] > 24) & (lon > 14) & (lon < 24.9)).nonzero()
    assert 1e6 < people[inside].sum() < 6.9e6
    assert people[(500 - int((28.5 - 15) / 0.05)), int(20.0 / 0.05)] == 0  # Calanscio sand sea


def test_no_residents_where_the_operation_does_not_speak(folder):
    "Open sea, Majorca and Mali are outside coverage, not empty"
    people = raster(folder, "population.tif")
    for lat, lon in ((35.0, 18.0), (39.6, 3.0), (17.0, 2.0)):
        assert people.mask[int((40 - lat) / 0.05), int(lon / 0.05)]


@pytest.mark.parametrize("name", ["wave_height.tif", "sea_temperature.tif", "currents.tif"])
def test_sea_rasters_are_null_on_land(folder, name):
    "At every 7th pixel: a value exactly where no country is"
    sea = raster(folder, name)[::7, ::7]
    row, column = np.indices(sea.shape)
    lat, lon = 39.975 - 0.35 * row, 0.025 + 0.35 * column
    country = geography.country_of(lat_deg=lat.ravel(), lon_deg=lon.ravel()).reshape(lat.shape)
    assert np.array_equal(sea.mask, country != None)  # noqa: E711


def test_relief_has_the_right_summits_and_depths(folder):
    "Tahat about 2,900 m, Calypso Deep about 5,000 m, the Gulf of Gabes shallow, Siwa near the sea"
    height = raster(folder, "elevation.tif").astype(float)

    def about(lat, lon):
        row, column = int((40 - lat) / 0.05), int(lon / 0.05)
        return height[row - 4 : row + 5, column - 4 : column + 5]

    assert 2200 < about(23.3, 5.5).max() < 3300
    assert -5600 < height.min() < -4000
    assert -120 < about(34.2, 10.9).mean() < 0
    assert -30 < about(29.2, 25.4).mean() < 60


def test_districts_fill_their_country_once(folder):
    "No gap and no overlap: areas add up to the area of their union"
    features = json.loads((folder / "districts.geojson").read_text())["features"]
    shapes = np.array([shapely.geometry.shape(one["geometry"]) for one in features])
    codes = [one["properties"]["ADM_CODE"] for one in features]
    assert len(set(codes)) == len(codes) and all(code.startswith("X") for code in codes)
    assert shapely.is_valid(shapes).all()
    union = shapely.union_all(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(shapely.area(union), rel=1e-4)
    world = geography.countries().set_index("iso3").geometry
    niger = shapely.area(shapely.intersection(world["NER"], shapely.box(0, 15, 26, 40)))
    mine = [one["properties"]["ISO3"] == "NER" for one in features]
    assert shapely.area(shapes[mine]).sum() == pytest.approx(niger, rel=1e-3)


def test_every_district_is_counted_or_said_not_to_be(folder):
    "One row per district; some observed none (0), some unknown (n.d.)"
    features = json.loads((folder / "districts.geojson").read_text())["features"]
    totals = table(folder, "displaced_by_area.csv", sep=";", encoding="cp1252").iloc[:-1]
    assert totals["Code zone"].tolist() == [one["properties"]["ADM_CODE"] for one in features]
    people = totals["Personnes déplacées"]
    assert (people == "0").any() and (people == "n.d.").any()


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("services.csv", ["iso3", "lat", "lon"]),
        ("displacement_sites.csv", ["Country", "Latitude", "Longitude"]),
    ],
)
def test_points_are_in_the_country_they_name(folder, name, columns):
    "Also on islands smaller than a pixel and beside a border; 1 km for rounding and moles"
    rows = table(folder, name).iloc[:-1][columns]
    lat, lon = (rows[column].astype(float) for column in columns[1:])
    found = geography.country_of(lat_deg=lat, lon_deg=lon, within_km=1)
    assert (found == rows[columns[0]].to_numpy()).mean() > 0.98
    assert (found != None).all()  # noqa: E711


def test_incidents_are_where_their_route_is(folder):
    "Sea routes at sea, desert routes on land, for nearly all: pixels are coarser than the coast"
    rows = table(folder, "incidents.csv")
    at = rows["Coordinates"].str.split(", ", expand=True).astype(float).to_numpy()
    on_land = geography.country_of(lat_deg=at[:, 0], lon_deg=at[:, 1]) != None  # noqa: E711
    desert = (rows["Route"] == "Sahara crossing").to_numpy()
    assert (on_land == desert).mean() > 0.98
    assert len(rows) == 451


def test_incident_counts_add_up(folder):
    "Dead and missing is the sum of what is known, blank where neither is"
    rows = table(folder, "incidents.csv")
    dead, missing, both = (
        pd.to_numeric(rows[name]) for name in ("Dead", "Missing", "Dead and missing")
    )
    known = dead.notna() | missing.notna()
    assert ((dead.fillna(0) + missing.fillna(0))[known] == both[known]).all()
    assert both[~known].isna().all() and (~known).any()


def test_flows_surge_at_ras_jedir_only_and_have_gaps(folder):
    "Mean of the last 3 days against the 100 days before the surge; unknown days in two forms"
    rows = table(folder, "crossing_flows.csv").assign(
        entries=lambda rows: pd.to_numeric(rows["entries"], errors="coerce")
    )
    start, surge = pd.Timestamp(TODAY) - pd.Timedelta(days=10), pd.Timestamp("2026-02-27")
    days = pd.to_datetime(rows["date"])
    usual = rows[days < start].groupby("point_id")["entries"].mean()
    recent = rows[days >= surge].groupby("point_id")["entries"].mean()
    times = recent / usual
    assert times["ras-jedir"] > 2
    assert times.drop("ras-jedir")[usual > 100].between(0.5, 1.6).all()
    assert len(usual) == 20 and len(rows) < 20 * 120 and rows["entries"].isna().sum() > 10


def test_sites_are_part_of_their_district(folder):
    "People in sites never exceed the total of the district that holds them"
    camps = table(folder, "displacement_sites.csv").iloc[:-1]
    totals = table(folder, "displaced_by_area.csv", sep=";", encoding="cp1252")
    totals = totals.iloc[:-1].set_index("Code zone")["Personnes déplacées"]
    for one in json.loads((folder / "districts.geojson").read_text())["features"]:
        shape = shapely.buffer(shapely.geometry.shape(one["geometry"]), -0.001)
        inside = shapely.intersects(
            shape, shapely.points(camps["Longitude"].astype(float), camps["Latitude"].astype(float))
        )
        total = totals[one["properties"]["ADM_CODE"]]
        if total != "n.d.":
            assert pd.to_numeric(camps["Individuals"])[inside].sum() <= int(total)


def test_bad_rows_are_five(folder):
    "One of each kind that README.md names, and no other"
    camps, points = table(folder, "displacement_sites.csv"), table(folder, "services.csv")
    rows, flows = table(folder, "incidents.csv"), table(folder, "crossing_flows.csv")
    totals = table(folder, "displaced_by_area.csv", sep=";", encoding="cp1252")
    assert (pd.to_numeric(camps["Individuals"]) < 0).sum() == 1
    lat, lon = points["lat"].astype(float), points["lon"].astype(float)
    assert (~(lat.between(15, 40) & lon.between(0, 26))).sum() == 1
    assert pd.to_datetime(rows["Reported"], errors="coerce").isna().sum() == 1
    counts = flows["entries"][flows["entries"] != ""]
    assert pd.to_numeric(counts, errors="coerce").isna().sum() == 1
    collected = pd.to_datetime(totals["Date de collecte"], format="%d/%m/%Y")
    assert (collected >= pd.Timestamp(TODAY)).sum() == 1
