"""Uploads on the pages: what is brought is used, what is refused is said, and no text is markup."""

import re

import numpy as np
import pytest
import shapely

from dashboard import uploaded
from etl.__main__ import main
from tests import brought
from tests.test_pages import app, text_of  # noqa: F401 -- the fixture

EVIL = "![x](http://evil.example/x.png)<img src=x>"


@pytest.fixture
def page(app, monkeypatch):  # noqa: F811
    "Opens a page, hands files to the uploader of a label, and runs it again."
    monkeypatch.setenv("WAYPOST_SANDBOX", "off")
    monkeypatch.setattr(uploaded, "_run", lambda command: str(main(command[3:])))

    def bring(name, label, *files, **query):
        at = app(name, **query)
        uploader = next(one for one in at.file_uploader if one.label.startswith(label))
        given = [(file, content, "application/octet-stream") for file, content in files]
        uploader.set_value(given if uploader.accept_multiple_files else given[0])
        at.run(timeout=90)
        assert not at.exception, at.exception
        return at

    return bring


def errors(at):
    return " ".join(one.value for one in at.error)


def test_a_fleet_replaces_that_of_the_plan(page, tmp_path):
    "Two assets of a GeoPackage, one of them with a name that is markup"
    table = brought.FLEET.assign(name=[EVIL, "=1+1"], contact_person=["A", "B"])
    shapes = map(shapely.Point, brought.PLACES)
    content = brought.layer(table, shapes, tmp_path, ".gpkg")
    at = page("sar_coverage", "Assets", ("fleet.gpkg", content), step="assets")
    assert not errors(at) and "2 of 2" in text_of(at)
    assert "contact\\_person" in text_of(at) and "<img src=x>" not in text_of(at)


def test_what_an_error_quotes_is_neither_markup_nor_link(page):
    "The browser must not ask another server for what a file holds"
    text = brought.FLEET.assign(medium=EVIL, lat=35, lon=12).to_csv(index=False).encode()
    at = page("sar_coverage", "Assets", ("a.csv", text), step="assets")
    assert "row 2" in errors(at) and "://" not in errors(at)
    assert "\\<img" in errors(at) and not re.search(r"(?<!\\)[<\[]", errors(at))


def test_tracks_and_areas_are_searched(page):
    "Both count; that a track has no times is said; a bad file takes neither"
    area = brought.geojson(shapely.box(13, 34, 13.4, 34.2), spacing_nm=1)
    files = (("line.kml", brought.kml_line()), ("area.geojson", area))
    at = page("sar_coverage", "Bring tracks", *files, step="looked")
    assert "1 track tells no times" in text_of(at) and "1 area is taken" in text_of(at)
    tracks = next(one.value for one in at.dataframe if "Track" in " ".join(one.value.columns))
    assert {"Boat", "area-1"} <= {*tracks.iloc[:, 0]}
    at = page("sar_coverage", "Bring tracks", *files, ("x.gpx", b"<gpx/>"), step="looked")
    assert "x.gpx" in errors(at).replace("\\", "")


def test_particles_stand_for_the_drift(page, tmp_path):
    "Three of four afloat on the map; they add up, and are the prior of the search"
    lat, lon = np.full((4, 2), 34.2), np.full((4, 2), 13.2)
    content = brought.particles(tmp_path, lon, lat, [[0, 0], [0, 0], [0, 0], [0, 1]])
    at = page("sar_coverage", "NetCDF", ("d.nc", content), step="drift", prior="drift")
    assert "4 particles of a file" in text_of(at)
    assert "Afloat on the map 75.0%, stranded 25.0%" in text_of(at)
    at = page("sar_coverage", "NetCDF", ("d.nc", b"CDF"), step="drift")
    assert "d.nc" in errors(at).replace("\\", "")


def test_outlines_of_several_kinds_become_areas(page, tmp_path):
    "The same square twice, as KML and as Shapefile, and a name that is markup"
    square = shapely.box(13, 26, 14, 27)
    files = ((f"{EVIL}.kml", brought.kml_area(square.exterior.coords)),
             ("s.zip", brought.shapefile(square, tmp_path)))  # fmt: skip
    at = page("context", "Outline", *files, way="upload")
    assert not errors(at)
    assert any("s.zip" in one.value for one in at.subheader)
    assert not any("![" in one.value or "<img" in one.value for one in at.subheader)


def test_an_outline_outside_the_operation_is_said(page):
    "Iceland; the page stays"
    content = brought.geojson(shapely.box(-20, 64, -18, 65))
    at = page("context", "Outline", ("i.geojson", content), way="upload")
    assert "outside this operation" in errors(at)
