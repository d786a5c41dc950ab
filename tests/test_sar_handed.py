"""What the rescue page hands over: whole, in words, and with nothing above the audience."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from defusedxml import ElementTree
from pypdf import PdfReader
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import access, api, data, map_table, sketches
from dashboard.handout import formats
from dashboard.handout.formats import FORMATS
from dashboard.handout.names import file_name
from dashboard.handout.picture import Picture
from dashboard.rescue import assets, drawings, flow, handed, settings
from dashboard.rescue.plan import Plan
from dashboard.sheets.sheet import Order, sheet
from geo_data import grid
from tests import builders
from tests.test_handout import content

BY_ENDING = {form.ending: form for form in FORMATS}
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
LONG_AGO = date(2025, 1, 1)
LAT, LON = 35.51234, 12.61234
WHERE = ("35.51234", "12.61234", "35.512, 12.612")
ENDINGS = [*BY_ENDING, "pdf", "tables"]


def asset(place_id, name, when, **more):
    "A patrol boat at a position that nothing else has."
    return {
        "place_id": place_id, "name": name, "medium": "sea", "source": "assets", "lat_deg": LAT,
        "lon_deg": LON, "speed_km_h": 40.0, "endurance_h": 2.0, "mobilise_h": 0.5, "ready": True,
        "asset_type": "patrol boat", "row": 1, "date": when, "on_call": "24/7",
        "cell": grid.cells_of(lat_deg=[LAT], lon_deg=[LON], resolution=6)[0],
    } | more  # fmt: skip


def frames():
    "Two boats, one of yesterday; a track; old incidents near and far."
    far = [builders.incident(n, 34.2, 14.8, when=LONG_AGO) for n in range(12)]
    near = [builders.incident(20 + n, 35.6, 12.7, when=LONG_AGO) for n in range(12)]
    track = shapely.to_wkb(shapely.LineString([(12.4, 35.3), (12.9, 35.3), (12.9, 35.4)]))
    return {
        "hexagons": builders.hexagons(land_share=np.zeros(len(builders.cells()))),
        "assets": pd.DataFrame(
            [asset("new", "SECRETNEW", YESTERDAY), asset("old", "SECRETOLD", LONG_AGO)]
        ),
        "incidents": pd.DataFrame([*far, *near]),
        "lines": pd.DataFrame(
            [{"line_id": "t1", "name": "Search by SECRETBOAT", "line_type": "search track",
              "geometry": track, "source": "tracks", "row": 1}]
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    "A store with one release."
    made = tmp_path_factory.mktemp("rescue")
    sources = [
        builders.account("assets", job="assets", sensitivity="severe"),
        builders.account("incidents", job="incidents", sensitivity="high"),
        builders.account("tracks", job="lines", sensitivity="severe"),
        builders.account("land"),
    ]
    builders.release(made, frames(), sources, {"land_share": ["land"]})
    return made


@pytest.fixture
def plan(folder, monkeypatch):
    "A plan of one audience, as the page makes it, and nothing kept of others."

    def make(audience, **query):
        monkeypatch.setenv("WAYPOST_STORE", str(folder))
        monkeypatch.setenv("WAYPOST_AUDIENCE", audience)
        forget()
        view = data.view(data.newest())
        fleet, _ = assets.located(assets.stored(view), view.resolution)
        return Plan(view, fleet, settings.read({"limit_h": "2", **query}))

    yield make
    monkeypatch.undo()
    forget()


def forget():
    for cached in (access.settings, data._release, *data._forget):
        getattr(cached, "cache_clear", cached)()


def picture(made, step):
    "What the page hands over in a step, as the page composes it."
    layer, token = flow.drawn(made, step, flow.STEPS[step].shows[0])
    sketch = drawings.of_step(made, step)
    return Picture(
        layer=layer, token=token, box=builders.AREA, title="Sheet",
        places=tuple(k for k in ("assets", "incidents") if len(made.view.places(k))),
        outlines=(*flow_tracks(made, step), *((sketch,) if sketch else ())),
        notes=handed.notes(made, step, flow.ADVICE), tables=handed.attached(made, step),
        figures=tuple((f.label, f.value, f.note) for f in flow.figures_of(made)),
    )  # fmt: skip


def flow_tracks(made, step):
    return tuple(n for n in flow.lines_shown(made, step) if not n.startswith(sketches.PREFIX))


def made_of(made, step, ending):
    "Content of a file or of all attached tables as text."
    shown = picture(made, step)
    if ending == "pdf":
        known = {n: getattr(shown, n) for n in Picture.__dataclass_fields__}
        return content(ending, sheet(made.view, Order(**known), "pdf"))
    if ending == "tables":
        found = [formats.csv_of(made.view, shown, table.name) for table in shown.tables]
        return b"".join(found).decode()
    return content(ending, BY_ENDING[ending].make(made.view, shown))


@pytest.mark.parametrize("step", ["assets", "gap", "looked"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_no_asset_and_no_track_is_in_any_file_for_the_public(plan, ending, step):
    "Neither names nor the position, which nothing else has"
    said = made_of(plan("public"), step, ending)
    assert "SECRET" not in said
    assert not any(position in said for position in WHERE)


@pytest.mark.parametrize("ending", ENDINGS)
def test_partners_get_old_assets_coarsened(plan, ending):
    "Yesterday's is away; the old one is nameless, at a centre of resolution 4, not where it was"
    said = made_of(plan("partner"), "gap", ending)
    assert "SECRET" not in said and not any(position in said for position in WHERE)
    cell = grid.cells_of(lat_deg=[LAT], lon_deg=[LON], resolution=6)
    lat, _lon = grid.centres_of(grid.parents(cell, 4))
    if ending == "tables":
        assert str(lat[0])[:8] in said


def test_the_cell_gets_all_of_it(plan):
    "Names, position, words of planning, parameters with units, key figures, why and who"
    said = made_of(plan("cell"), "gap", "pdf")
    for part in ("SECRETNEW", "35.512, 12.612", "For planning, not for tasking", "2 h",
                 "Demand met in time", "out of endurance", "For the coordination cell only",
                 "Gap areas", "Assets and their readiness"):  # fmt: skip
        assert part in said, part


def test_gap_areas_are_outlines_for_a_gis(plan, tmp_path):
    "As many as areas, all cells of the gap in them, ranked as in the table"
    made = plan("cell")
    file = tmp_path / "gap.gpkg"
    file.write_bytes(BY_ENDING["gpkg"].make(made.view, picture(made, "gap")))
    names = {name for name, _ in pyogrio.list_layers(file)}
    assert {"hexagons", "gap_areas", "assets_of_the_plan", "about", "units"} <= names
    areas = gpd.read_file(file, layer="gap_areas")
    cells = grid.polygons_of(made.ranked["cell"])
    assert len(areas) == made.ranked["gap_area"].nunique()
    assert areas.area.sum() == pytest.approx(shapely.area(cells).sum(), rel=1e-6)
    assert areas["gap_share"].is_monotonic_decreasing
    assert set(areas["use"]) == {"for planning, not for tasking"}


def test_the_pattern_is_a_track_and_waypoints(plan):
    "In GPX one track and a waypoint a corner; in KML the same line"
    made = plan("cell", drawn="pattern")
    shown = picture(made, "looked")
    steps = next(table for table in shown.tables if table.name == "search_pattern")
    root = ElementTree.fromstring(BY_ENDING["gpx"].make(made.view, shown))
    kinds = [node.text for node in root.iter("{http://www.topografix.com/GPX/1/1}type")]
    assert kinds.count("planned-pattern") == 1
    assert kinds.count("search_pattern") == len(steps.rows)
    assert "planned-pattern" in json.dumps(json.loads(content("geojson", BY_ENDING["geojson"].make(
        made.view, shown))))  # fmt: skip
    packed = zipfile.ZipFile(io.BytesIO(BY_ENDING["kmz"].make(made.view, shown)))
    assert b"<LineString>" in packed.read("doc.kml")


def test_an_attached_table_is_csv_with_tags(plan):
    "A HXL row, release and audience in every row"
    made = plan("cell")
    text = formats.csv_of(made.view, picture(made, "gap"), "gap_areas").decode("utf-8-sig")
    head, tags, *rows = list(csv.reader(io.StringIO(text)))
    assert all(tag.startswith("#") for tag in tags) and len(rows) == 2
    row = dict(zip(head, rows[0], strict=True))
    assert row["release"] == made.view.name and row["audience"] == "for the coordination cell only"
    assert row["reason"] == "out of endurance"


@pytest.mark.parametrize("step", flow.STEPS)
def test_every_step_prints_on_every_paper(plan, step):
    "A4 across and A3 upright, two kinds of audience, no word cut from the table of the step"
    for audience, paper, portrait in (("cell", "a4", False), ("public", "a3", True)):
        made = plan(audience)
        shown = picture(made, step)
        known = {n: getattr(shown, n) for n in Picture.__dataclass_fields__}
        order = Order(**known, paper=paper, portrait=portrait)
        pages = PdfReader(io.BytesIO(sheet(made.view, order, "pdf"))).pages
        assert "planning" in pages[0].extract_text()
        wide, high = (float(side) / 72 * 25.4 for side in pages[0].mediabox[2:])
        assert (wide, high) == pytest.approx((297, 210) if paper == "a4" else (297, 420), abs=0.5)


def test_file_names_begin_with_the_short_name(plan):
    "Of the operation, then the step, the date, the audience"
    view = plan("partner").view
    view.operation["short"] = "central-med"
    try:
        assert (
            file_name(view, "sar-gap", "pdf")
            == f"central-med_sar-gap_{view.at:%Y-%m-%d}_partner.pdf"
        )
    finally:
        del view.operation["short"]


def test_a_sketch_is_for_its_audience_and_its_release(plan, monkeypatch):
    "By its name there; 404 for a guess, for another audience, and never kept by a browser"
    view = plan("cell").view
    name = sketches.register(view, [sketches.Shape("</script>", "mark", shapely.Point(1, 2))])
    http = TestClient(Starlette(routes=api.routes()))
    url = f"/waypost/outlines/{view.name}/{name}.geojson"
    answer = http.get(url)
    assert answer.json()["features"][0]["properties"] == {"name": "</script>", "style": "mark"}
    assert answer.headers["cache-control"] == "no-store"
    guess = f"/waypost/outlines/{view.name}/made-{'0' * 32}.geojson"
    assert http.get(guess).status_code == 404
    monkeypatch.setenv("WAYPOST_AUDIENCE", "public")
    access.settings.cache_clear()
    assert http.get(url).status_code == 404


def test_the_map_as_a_table_is_what_is_drawn(plan):
    "The computed hexagons by their token, worst first; nobody arriving is no number"
    made = plan("cell")
    layer, token = flow.drawn(made, "gap", flow.STEPS["gap"].shows[0])
    table = map_table.hexagons(made.view, layer, token=token)
    assert table.iloc[0]["share of the operation's demand"] == "50.00%"
    assert "none" not in set(table["Class"])
    layer, token = flow.drawn(made, "reach", flow.STEPS["reach"].shows[0])
    worst = map_table.hexagons(made.view, layer, token=token).iloc[0]
    assert (worst["h"], worst["Class"]) == ("–", "nobody arrives")
