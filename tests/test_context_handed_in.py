"""Areas handed in or stretched between places: what is mended, refused and said; totals add up."""

import json
import sqlite3
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from dashboard import uploaded
from etl.__main__ import main
from geo_data import grid, outlines
from geo_data.errors import SourceUnreadable
from layers.context import areas, uploads
from layers.context.areas import AreaUnusable
from layers.context.profile import TOTALS, compared, profile
from tests import brought

CELLS = grid.cells_in_box(11.0, 26.0, 13.0, 28.0, 6)
GEOD = Geod(ellps="WGS84")


def geojson(polygon):
    return json.dumps(shapely.geometry.mapping(polygon)).encode()


def test_a_corridor_measures_length_times_width_and_its_round_ends():
    """40 km wide between two towns 178 km apart, on the ellipsoid"""
    strip = areas.corridor([(27.0, 11.2), (27.0, 13.0)], 40)
    length = GEOD.inv(11.2, 27.0, 13.0, 27.0)[2] / 1000
    km2 = abs(GEOD.geometry_area_perimeter(strip)[0]) / 1e6
    assert km2 == pytest.approx(length * 40 + np.pi * 20**2, rel=2e-3)


@pytest.mark.parametrize("stops", [[], [(27.0, 12.0)], [(27.0, 12.0), (27.0, 12.0)]])
def test_a_corridor_needs_two_places(stops):
    """One place, or the same twice: a sentence"""
    with pytest.raises(AreaUnusable, match="two different places"):
        areas.corridor(stops, 20)


@pytest.fixture
def handed(monkeypatch):
    "Reads an outline in this process and gives it with what was done to it."
    monkeypatch.setenv("WAYPOST_SANDBOX", "off")
    monkeypatch.setattr(uploaded, "_run", lambda command: str(main(command[3:])))
    return in_a_child


def in_a_child(name, content, layer=None):
    "An outline as the page reads it."
    asked = uploads.asked(layer)
    return uploads.outline(*uploaded.read(name, content, asked, most_bytes=uploads.MOST_BYTES))


KINDS = {
    "o.geojson": lambda shape, _: brought.geojson(shape), "o.json": lambda shape, _: geojson(shape),
    "o.kml": lambda shape, _: brought.kml_area(shape.exterior.coords),
    "o.zip": brought.shapefile,
    "o.gpkg": lambda shape, at: brought.layer({"n": [1]}, [shape], at, ".gpkg", crs=32633),
    "o.gpx": lambda shape, _: brought.gpx([None] * 5, shape.exterior.coords),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_an_outline_in_every_kind_of_file(name, tmp_path):
    """The same square, in whatever projection and program it was drawn"""
    square = shapely.box(11.5, 26.5, 12.5, 27.5)
    if name == "o.gpkg":
        drawn = gpd.GeoSeries([square], crs=4326).to_crs(32633)[0]
        found, said = in_a_child(name, KINDS[name](drawn, tmp_path))
    else:
        found, said = in_a_child(name, KINDS[name](square, tmp_path))
    assert found.symmetric_difference(square).area < 1e-6 and said == ()


def test_the_largest_layer_or_the_one_chosen(tmp_path):
    """Two layers of one GeoPackage: the one of two areas at first, the other when asked for"""
    for name, boxes in (("one", [0]), ("two", [1, 2])):
        shapes = [shapely.box(11 + n, 26, 11.5 + n, 26.5) for n in boxes]
        content = brought.layer({"n": boxes}, shapes, tmp_path, ".gpkg", layer=name)
    assert in_a_child("l.gpkg", content)[0].area == pytest.approx(0.5)
    assert in_a_child("l.gpkg", content, "one")[0].area == pytest.approx(0.25)


def test_a_geopackage_that_holds_programs_is_refused(tmp_path, handed):
    """A trigger of a stranger, a view that never ends"""
    content = brought.layer({"n": [1]}, [shapely.box(11, 26, 12, 27)], tmp_path, ".gpkg")
    for words in ("TRIGGER evil AFTER INSERT ON layer BEGIN DELETE FROM layer; END",
                  "VIEW evil AS SELECT * FROM layer"):  # fmt: skip
        file = tmp_path / "evil.gpkg"
        file.write_bytes(content)
        with closing(sqlite3.connect(file)) as database:
            database.execute(f"CREATE {words}")
            database.commit()
        with pytest.raises(SourceUnreadable, match="'evil', expected tables only"):
            handed("evil.gpkg", file.read_bytes())


def test_a_crossed_outline_is_mended_and_said(handed):
    """A bow tie holds two triangles; nobody is left guessing"""
    tie = shapely.Polygon([(11.2, 26.2), (12.8, 27.8), (12.8, 26.2), (11.2, 27.8)])
    found, said = handed("tie.geojson", geojson(tie))
    assert len(areas.from_polygon(found, CELLS)) and found.is_valid
    assert any("mended" in one for one in said)


def test_a_ring_that_is_not_closed_is_refused_with_a_sentence(handed):
    """As people write KML by hand; the library that reads it knows no mercy"""
    with pytest.raises(SourceUnreadable, match="o.kml: found a layer that cannot be read .*closed"):
        handed("o.kml", brought.kml_area([(11, 26), (12, 26), (12, 27), (11, 27)]))


def test_overlapping_surfaces_are_one_area(handed):
    """Two squares that share a quarter: 1.75 squares, no hole where they overlap"""
    both = shapely.MultiPolygon([shapely.box(11, 26, 12, 27), shapely.box(11.5, 26.5, 12.5, 27.5)])
    assert handed("both.geojson", geojson(both))[0].area == pytest.approx(1.75)


def test_two_hundred_thousand_corners_are_simplified_and_said(handed):
    """A circle keeps its area to a thousandth"""
    angle = np.linspace(0, 2 * np.pi, 200_000, endpoint=False)
    circle = shapely.Polygon(np.c_[12 + 0.5 * np.cos(angle), 27 + 0.5 * np.sin(angle)])
    found, said = handed("c.geojson", geojson(circle))
    assert shapely.get_num_coordinates(found) <= outlines.MOST_CORNERS
    assert found.area == pytest.approx(np.pi / 4, rel=1e-3)
    assert said[0].startswith("The outline had 200,001 corners and was simplified to ")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1,2]", b"not json", b'{"type":"Polygon","coordinates":[["a"]]}', b"\xff\xfe",
     b'{"type":"FeatureCollection","features":[1]}', b"SQLite format 3\0 and nothing", b"[" * 90_000,
     b'{"type":"FeatureCollection","features":[]}', b"<!doctype html>"],
)  # fmt: skip
def test_what_is_no_outline_is_refused_with_a_sentence(content, handed):
    """Never an exception of a library"""
    with pytest.raises((SourceUnreadable, AreaUnusable)):
        handed("x.geojson", content)


def test_points_metres_and_places_elsewhere(handed):
    """A point has no area, metres are no degrees, and Iceland is outside"""
    with pytest.raises(AreaUnusable, match="no surface"):
        handed("p.geojson", geojson(shapely.Point(12, 27)))
    with pytest.raises(SourceUnreadable, match="EPSG:4326"):
        handed("m.geojson", geojson(shapely.box(3e5, 2e6, 4e5, 3e6)))
    with pytest.raises(AreaUnusable, match="outside this operation"):
        areas.from_polygon(handed("i.geojson", geojson(shapely.box(-20, 64, -18, 65)))[0], CELLS)


def test_a_database_under_another_name_is_read_as_what_it_is(handed):
    """Cut short, it is refused by its bytes"""
    with pytest.raises(SourceUnreadable, match="a whole GeoPackage"):
        handed("a.gpkg", b"SQLite format 3\0" + b"\xff" * 100)


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_totals_of_any_partition_equal_the_whole(seed, parts):
    """People and services of shares of hexagons, however they are dealt out, to 1e-9"""
    draw = np.random.default_rng(seed)
    table = pd.DataFrame({"cell": CELLS})
    for quantity in TOTALS:
        table[quantity.column] = draw.gamma(0.3, 1e4, len(CELLS))
        table[f"{quantity.column}__cover"] = 1.0
    lat, lon = grid.centres_of(CELLS)
    places = pd.DataFrame(
        {"lat_deg": lat, "lon_deg": lon, "sector": draw.choice(["a", "b"], len(CELLS))}
    )
    share = draw.dirichlet(np.ones(parts), len(CELLS)) * draw.integers(0, 2, (len(CELLS), parts))
    share[:, -1] = 1 - share[:, :-1].sum(axis=1)
    tables = {str(n): profile(areas.from_cells(CELLS, share[:, n]), table, {"services": places})
              for n in range(parts)}  # fmt: skip
    whole = profile(areas.from_cells(CELLS), table, {"services": places})
    both = compared({**tables, "whole": whole})
    summed = both[both["topic"].isin(["people", "services"]) & (both["unit"] != "per resident")]
    found = summed[list(tables)].sum(axis=1)
    assert found.to_numpy() == pytest.approx(summed["whole"].to_numpy(), rel=1e-9)


def test_an_area_without_people():
    """Zero residents: exposure is zero, rates are unknown, and the rest is there"""
    table = pd.DataFrame(
        {"cell": CELLS, "population_people": 0.0, "population_people__cover": 1.0}
    )  # fmt: skip
    found = profile(areas.from_cells(CELLS[:5]), table, {}).set_index("label")
    assert found.loc["Resident population", "value"] == 0
    assert np.isnan(found.loc["Displaced people per resident", "value"])


def test_hazards_jointly():
    """10 people meet both flood and heat, 20 heat only; drought holds nowhere; 40 meet nothing"""
    cells = CELLS[:3]
    columns = {"population_people": [10, 20, 40], "flood_depth_m": [1, 0, 0],
               "heat_max_c": [46, 46, 30], "drought_share": [0, 0, 0]}  # fmt: skip
    table = pd.DataFrame({"cell": cells, **columns})
    table = table.assign(**{f"{name}__cover": 1.0 for name in columns})
    found = profile(areas.from_cells(cells), table, {})
    joint = found[found["topic"] == "hazards at once"]
    assert joint["value"].tolist() == [0, 10, 20]
    assert joint["label"].iloc[1] == "People exposed to hazards at once: 2 of 3"
