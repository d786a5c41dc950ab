"""Points of six kinds to one shape of table."""

import json

import pytest

from etl import files
from etl.places import places
from etl.readers import read_table
from geo_data import tables
from geo_data.grid import text
from geo_data.settings import Settings
from geo_data.sources import Read
from tests.declared import TODAY, operation, raw, source

SITE = {"n": "A", "lat": "32.9", "lon": "13.2"}
COLUMNS = {"name": "n", "lat_deg": "lat", "lon_deg": "lon"}


def given(kind, rows, **more):
    declared = source(kind, **{"columns": COLUMNS} | more)
    account = places(raw(rows), declared, operation(), today=TODAY)
    return account.tables[kind]


@pytest.mark.parametrize(
    ("kind", "constants"),
    [
        ("crossings", {}), ("services", {"sector": "health"}), ("sites", {}), ("incidents", {}),
        ("assets", {"medium": "sea", "speed_km_h": 40, "endurance_h": 6, "mobilise_h": 1,
                    "ready": True}),
        ("landmarks", {"landmark_type": "port"}),
    ],
)  # fmt: skip
def test_every_kind_has_the_shape_of_its_table(kind, constants):
    """One code path; the table of the release takes what it gives."""
    table = given(kind, [SITE], constants=constants)
    arrow = tables.as_arrow(kind, table)
    assert (arrow.num_rows, arrow["source"][0].as_py(), arrow["row"][0].as_py()) == (1, "s", 2)
    for name, value in constants.items():
        assert arrow[name][0].as_py() == value


def test_cell_country_and_words_are_filled():
    """Tripoli is in Libya; what no column says is unknown, not empty."""
    row = given("crossings", [SITE]).iloc[0]
    assert (row["country"], row["status"], row["crossing_type"]) == ("LBY", "unknown", "unknown")
    assert text([row["cell"]])[0].startswith("86")


def test_missing_asset_speed_is_refused():
    """An asset without speed cannot be sent anywhere."""
    declared = source("assets", columns=COLUMNS, constants={"medium": "sea", "endurance_h": 6})
    account = places(raw([SITE]), declared, operation(), today=TODAY)
    assert account.reasons() == {"missing_required": 1}


def test_ids_stay_and_differ():
    """The same file gives the same ids in any order; places of one name and spot keep apart."""
    rows = [SITE, SITE | {"n": "B"}, SITE | {"x": "other"}]
    first = given("crossings", [row | {"x": row.get("x")} for row in rows])
    again = given("crossings", [row | {"x": row.get("x")} for row in reversed(rows)])
    assert set(first["place_id"]) == set(again["place_id"])
    assert first["place_id"].nunique() == 3


def test_one_record_in_two_files_of_one_owner_has_one_id():
    """So that merging can tell; two owners may both call a place "1"."""
    columns = COLUMNS | {"place_id": "n"}
    ids = {
        key: given("sites", [SITE], columns=columns, key=key, owner=owner)["place_id"][0]
        for key, owner in (("a", "X"), ("b", "X"), ("c", "Y"))
    }
    assert ids["a"] == ids["b"] != ids["c"]


def test_repeats_by_name_and_place():
    """A point listed once for each of three origins is one point."""
    rows = [SITE | {"origin": o} for o in ("DZA", "LBY", "ITA")]
    declared = source("crossings", columns=COLUMNS, unique=["name", "lat_deg", "lon_deg"])
    account = places(raw(rows), declared, operation(), today=TODAY)
    assert (account.accepted, account.reasons()) == (1, {"repeated_row": 2})


def test_wanted_rows_only():
    """Other rows are not selected; a star wants any word."""
    rows = [SITE | {"tag": "ferry"}, SITE | {"tag": "shop"}, SITE | {"tag": None}]
    for words, left in ((["ferry"], 1), (["*"], 2)):
        declared = source("crossings", columns=COLUMNS, where={"tag": words})
        account = places(raw(rows), declared, operation(), today=TODAY)
        assert (account.accepted, account.reasons()) == (left, {"not_selected": 3 - left})


def test_words_are_translated():
    """A star stands for all other words, an empty word for unknown."""
    rows = [SITE | {"t": t, "n": t} for t in ("AIR ", "sea", "mule", "?")]
    values = {"crossing_type": {"air": "air", "SEA": "sea", "?": "", "*": "land"}}
    columns = COLUMNS | {"crossing_type": "t"}
    table = given(
        "crossings", [r | {"t": r["t"].strip()} for r in rows], columns=columns, values=values
    )
    assert table["crossing_type"].tolist() == ["air", "sea", "land", "unknown"]


def test_dead_or_missing_is_the_sum_or_what_is_declared():
    """Unknown and three missing are at least three; nothing known stays unknown."""
    columns = COLUMNS | {"dead_people": "d", "missing_people": "m"}
    rows = [
        SITE | {"n": n, "d": d, "m": m}
        for n, d, m in (("a", "2", "1"), ("b", None, "3"), ("c", None, None))
    ]
    found = given("incidents", rows, columns=columns)["dead_missing_people"]
    assert found[:2].tolist() == [3, 3]
    assert found.isna()[2]


def test_first_known_column_counts():
    """Columns tried in turn, row by row."""
    rows = [SITE | {"en": "Ghat", "ar": "غات"}, SITE | {"en": None, "ar": "سبها"}]
    table = given("landmarks", rows, columns=COLUMNS | {"name": ["en", "ar"]},
                  constants={"landmark_type": "town"})  # fmt: skip
    assert table["name"].tolist() == ["Ghat", "سبها"]


def test_layers_of_points_and_polygons(tmp_path):
    """A polygon stands at a point inside it; a feature without shape has no position."""
    square = [[[10, 30], [11, 30], [11, 31], [10, 31], [10, 30]]]
    shapes = [{"type": "Point", "coordinates": [12.0, 33.0]},
              {"type": "Polygon", "coordinates": square}, None]  # fmt: skip
    features = [
        {"type": "Feature", "properties": {"n": str(i)}, "geometry": g}
        for i, g in enumerate(shapes)
    ]
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    declared = source("sites", read=Read(format="vector"), path="a.geojson", columns={"name": "n"})
    table = read_table(declared, files.find(declared, [tmp_path], Settings()), Settings())
    account = places(table, declared, operation(), today=TODAY)
    assert account.reasons() == {"missing_required": 1}
    lat, lon = account.tables["sites"][["lat_deg", "lon_deg"]].iloc[1]
    assert 30 < lat < 31
    assert 10 < lon < 11


@pytest.mark.parametrize("kind", ["crossings", "incidents", "landmarks"])
def test_a_file_without_rows_gives_an_empty_table(tmp_path, kind):
    """A header alone is nothing in and nothing out, in the right shape."""
    (tmp_path / "a.csv").write_text("n,lat,lon,route\n")
    columns = COLUMNS | ({"route": "route"} if kind == "incidents" else {})
    declared = source(kind, columns=columns, unique=["name"])
    table = read_table(declared, files.find(declared, [tmp_path], Settings()), Settings())
    account = places(table, declared, operation(), today=TODAY)
    assert (account.rows_in, account.accepted, account.quarantined) == (0, 0, 0)
    assert tables.as_arrow(kind, account.tables[kind]).num_rows == 0
