"""Files to hand over hold units and sources, and nothing that a spreadsheet runs."""

import io

import geopandas as gpd
import pandas as pd
import pytest

from dashboard import exports
from geo_data import quantities as q
from geo_data.view import View
from tests import builders

CANARIES = ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1", "{{7*7}}", "<img onerror=x>", "＝1"]


@pytest.fixture
def view(tmp_path):
    "A release of one simulated source."
    frames = {"hexagons": builders.hexagons(population_people=7.0)}
    sources = [builders.account("population", simulated=True)]
    made = builders.release(tmp_path, frames, sources, {"population_people": ["population"]})
    return View(made, "cell")


@pytest.mark.parametrize("canary", CANARIES)
def test_formulas_are_text(canary):
    "Nothing in a CSV begins as a formula, in cells or in column names"
    table = pd.DataFrame({"name": [canary], canary: [1]})
    back = pd.read_csv(io.BytesIO(exports.csv(table)), dtype=str, encoding="utf-8-sig")
    for text in [*back.columns, *back.iloc[1]]:
        assert not text.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "＝"))


def test_negative_numbers_stay_numbers():
    "-4.5 degrees is a number, not a formula"
    back = pd.read_csv(io.BytesIO(exports.csv(pd.DataFrame({"lat_deg": [-4.5]}))), skiprows=[1])
    assert back.iloc[0, 0] == -4.5


def test_csv_has_a_hxl_row():
    "The second line holds the tags"
    lines = exports.csv(pd.DataFrame({"h3": ["8"], "population_people": [1]})).decode("utf-8-sig")
    assert lines.splitlines()[1] == "#geo+h3,#population"


def test_every_row_says_that_it_is_simulated(view):
    "Unit in the column name, source and flag in each row"
    table = exports.hexagon_table(view, q.POPULATION, view.hexagons(q.POPULATION))
    assert len(table) == len(builders.cells())
    assert set(table["simulated"]) == {"yes"}
    assert set(table["source"]) == {"Population (CC0)"}
    assert table["h3"].str.len().eq(15).all()


def test_outside_coverage_is_not_exported(view):
    "A source that does not speak has no rows, rather than empty ones"
    assert exports.hexagon_table(view, q.HEAT, view.hexagons(q.HEAT)).empty


def test_geopackage_opens_with_its_sources(view, tmp_path):
    "Hexagons as polygons, and a table that says where they come from"
    hexes = exports.hexagon_layer(
        view.hexagons(q.POPULATION)[["cell", "population_people"]].head(5)
    )
    file = tmp_path / "x.gpkg"
    file.write_bytes(exports.geopackage({"hexagons": hexes}, exports.about(view)))
    assert gpd.read_file(file, layer="hexagons")["population_people"].sum() == 35
    assert gpd.read_file(file, layer="about")["simulated"].tolist() == ["yes"]


def test_kml_is_plain_and_closed():
    "Markup in a name is text; a handheld reads the position as lon,lat"
    from defusedxml.ElementTree import fromstring

    points = pd.DataFrame(
        [{"name": "<b>&{{x}}", "lat_deg": 35.5, "lon_deg": 12.6, "gap_share": 0.1}]
    )
    root = fromstring(exports.kml("Gaps", points))
    space = {"k": "http://www.opengis.net/kml/2.2"}
    assert root.find(".//k:Placemark/k:name", space).text == "<b>&{{x}}"
    assert root.find(".//k:coordinates", space).text == "12.60000,35.50000"
