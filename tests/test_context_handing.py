"""The Context page handed over: its map as sheets, files and a table, also without the map."""

import io

import pandas as pd
import pytest

from dashboard import map_table
from dashboard.area import handing, ranking, service_blocks
from dashboard.handout.formats import FORMATS
from dashboard.handout.picture import Picture
from dashboard.handout.provenance import sources_of
from geo_data import grid
from geo_data import quantities as q
from layers import BY_KEY
from layers.context import indicators
from layers.sar.ground import Pace
from tests.test_brief import area_of, see  # noqa: F401 -- a fixture
from tests.test_pages import app, text_of  # noqa: F401 -- a fixture

CSV = next(form for form in FORMATS if form.ending == "csv")


@pytest.mark.parametrize("look", ["profile", "index", "services", "observations"])
def test_every_mode_can_be_handed_over_and_read_as_a_table(app, look):  # noqa: F811
    """The panel, the table of the chosen area and the legend for phones are there"""
    at = app("context", look=look, code="XLY01")
    titles = [one.label for one in at.expander]
    assert "Print and hand over" in titles and "The map as a table" in titles
    assert "Hexagons of: LBY Tripoli district (simulated)" in text_of(at)
    assert "wp-phone-legend" in text_of(at)


def test_low_bandwidth_holds_the_map_back(app):  # noqa: F811
    """Figures and tables first; the map when asked for"""
    at = app("context", look="profile", code="XLY01", light="1")
    assert at.button(key="draw-map").label == "Draw the map"
    assert next(e for e in at.expander if e.label == "The map as a table").proto.expanded
    assert "Residents" in text_of(at) or "Resident population" in text_of(at)


def test_the_table_is_of_the_chosen_area(see):  # noqa: F811
    """Every hexagon in it holds a cell of the area"""
    view = see()
    area = area_of(view)
    found = map_table.hexagons(view, BY_KEY[q.POPULATION.column], within=area.cells["cell"])
    cells = [int(name, 16) for name in found["Hexagon"]]
    assert set(cells) <= set(grid.parents(area.cells["cell"], grid.resolution_of(cells)))
    assert len(cells)


def test_no_way_is_a_class_and_no_number_of_hours(see):  # noqa: F811
    """Islands without a service: blank with the class 'no way', in tables and in files"""
    view = see()
    layer, token = service_blocks.layer(view, "all", Pace.WALKING)
    shown = map_table.hexagons(view, layer, token=token)
    assert set(shown.loc[shown["h"] == "–", "Class"]) == {"no way"}
    made = CSV.make(view, Picture(layer=layer, box=tuple(view.operation["area"]), token=token))
    back = pd.read_csv(io.BytesIO(made), encoding="utf-8-sig", skiprows=[1])
    gone = back["class"] == "no way"
    assert gone.any() and back.loc[gone, "walk_h"].isna().all()
    assert back["walk_h"].max() < 999


def test_a_sheet_of_the_index_names_its_sources_and_what_was_turned(see):  # noqa: F811
    """Sources of every indicator; weights as declared, or which were changed"""
    view = see()
    plan = ranking.declared()
    layer = BY_KEY[q.CONTEXT_INDEX.column]
    used = {source["source"] for source in sources_of(view, layer)}
    of_flood = {source["source"] for source in view.sources_of(q.FLOOD_DEPTH)}
    assert of_flood and of_flood <= used
    assert handing.index_notes(ranking.ranking(view, plan))[-1] == "Weights and means as declared."
    turned = indicators.weighed(plan, {"FLOOD": 3.0}, "arithmetic")
    said = handing.index_notes(ranking.ranking(view, turned))[-1]
    assert "Flood depth, 1 in 100 years 3" in said and "arithmetic mean" in said


def test_the_outline_of_the_area_is_handed_over(see):  # noqa: F811
    """As a layer of lines in the GeoPackage"""
    import pyogrio

    view = see()
    area = area_of(view)
    layer = BY_KEY[q.POPULATION.column]
    west, south, east, north = view.operation["area"]
    wanted = Picture(layer=layer, box=(west, south, east, north), outlines=area.outlines)
    form = next(form for form in FORMATS if form.ending == "gpkg")
    with io.BytesIO(form.make(view, wanted)) as file:
        assert len(pyogrio.read_dataframe(file, layer="lines")) == len(area.outlines)
