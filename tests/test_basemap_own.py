"""An operation's own basemap: read, checked, drawn in place of ours, named on the map."""

import pandas as pd
import pytest
import shapely

from dashboard import data
from dashboard.basemap import own
from dashboard.basemap.pieces import piece
from dashboard.basemap.shapes import world
from etl.accounts import Contribution
from etl.basemap import basemap
from geo_data import operations
from geo_data.errors import OperationInvalid
from geo_data.view import View
from geo_data.vocabulary import Audience
from tests import builders, spatial

OPERATION = spatial.operation((10, 30, 12, 32))
HEAD = """
key = "o"
title = "O"
area = [10, 30, 12, 32]
resolution = 6
countries = ["LBY"]
[[source]]
key = "b"
title = "B"
owner = "O"
licence = "CC0"
job = "basemap"
path = "b.gpkg"
read = { format = "vector" }
"""


def given(part: str, shapes: list, **columns) -> Contribution:
    "What a source of one part gives"
    raw = spatial.layer(shapes, **columns)
    declared = {name: name for name in columns}
    source = spatial.source("basemap", constants={"part": part}, columns=declared)
    return basemap(raw, source, OPERATION)


def test_borders_are_settled_unless_they_say_otherwise():
    "One disputed, one without a word, one with a word that nobody declared"
    lines = [shapely.LineString([(10, 30), (11, 31 + n)]) for n in range(3)]
    gave = given("borders", lines, kind=["disputed", None, "so-so"])
    assert gave.tables["basemap"]["kind"].tolist() == ["disputed", "settled"]
    assert gave.reasons() == {"unknown_word": 1}


def test_places_need_a_name_and_a_zoom_that_exists():
    "Rank 6 without one; no name, a half zoom and zoom 40 are rejected"
    points = [shapely.Point(10 + n / 9, 30) for n in range(5)]
    gave = given(
        "places", points, name=["A", "B", None, "D", "E"], rank=["4", None, "5", "4.5", "40"]
    )
    assert gave.tables["basemap"][["name", "rank"]].to_numpy().tolist() == [["A", 4], ["B", 6]]
    assert gave.reasons() == {"missing_required": 1, "out_of_range": 2}


def test_a_shape_of_another_kind_is_refused():
    "Land is made of polygons"
    gave = given("land", [shapely.box(10, 30, 11, 31), shapely.Point(10, 30)])
    assert gave.accepted == 1 and gave.reasons() == {"empty_geometry": 1}


@pytest.mark.parametrize("constants", ["", 'constants = { part = "coast" }'])
def test_a_part_that_is_none_is_named(tmp_path, constants):
    "File, source, what was found and what there is"
    file = tmp_path / "o.toml"
    file.write_text(HEAD + constants)
    with pytest.raises(
        OperationInvalid, match="o.toml, line .*'b'.*land, lakes, rivers, borders, places"
    ):
        operations.load(file)


@pytest.fixture
def release(tmp_path, monkeypatch):
    "A release whose land is one box, with a lake in it and one village"
    parts = [
        given("land", [shapely.box(10, 30, 12, 32)]), given("lakes", [shapely.box(10.9, 30.9, 11, 31)]),
        given("places", [shapely.Point(11.5, 31.5)], name=["Village"], name_ar=["قرية"], rank=["3"]),
    ]  # fmt: skip
    rows = pd.concat([gave.tables["basemap"] for gave in parts])
    source = builders.account("one", job="basemap", sensitivity="low") | {"owner": "Cluster <b>"}
    made = builders.release(tmp_path, {"basemap": rows}, [source])
    monkeypatch.setattr(data, "view", lambda name: View(made, Audience.PUBLIC))
    own._basemap.cache_clear()
    yield made
    own._basemap.cache_clear()


def test_own_parts_replace_ours_and_the_others_stay(release):
    "Land, lakes and places of the operation; borders of the app; both are named"
    found = own.basemap_of(View(release, Audience.PUBLIC))
    assert shapely.bounds(found.shapes("land", 5)).tolist() == [[10, 30, 12, 32]]
    assert len(found.shapes("lakes", 5)) == 1
    assert len(found.shapes("settled", 5)) == len(world().shapes("settled", 5))
    assert [town.called("ar") for town in found.towns()] == ["قرية"]
    assert found.credit == f"Cluster <b>, {world().credit}"


def test_own_parts_reach_the_browser(release):
    "The square around it holds the lake and the village; the one beside it neither"
    basemap = own.basemap_of(View(release, Audience.PUBLIC))
    here, far = piece(basemap, "en", 2, 2, 1), piece(basemap, "en", 2, 1, 1)
    assert len(here["land"]) == 1 and len(here["lakes"]) == 1
    assert [town[2:] for town in here["towns"]] == [[3, "Village"]]
    assert not {"land", "lakes", "towns"} & set(far)
