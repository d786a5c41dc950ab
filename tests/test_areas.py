"""Polygons and lines: exact shares, lost islands, mended outlines."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.areas import areas
from etl.hexing import cell_fractions
from etl.lines import lines
from etl.polygons import polygons
from geo_data import grid, tables
from geo_data.errors import ColumnMissing, SourceUnreadable
from tests import spatial

AREA = (10.0, 33.0, 11.0, 34.0)
CELLS = grid.cells_in_box(*AREA, 6)
OPERATION = spatial.operation(AREA)
PLANAR = shapely.area(grid.polygons_of(CELLS))


def _areas(**more):
    return spatial.source("areas", columns={"area_code": "code", "name": "label"}, level=1, **more)


@settings(max_examples=20, deadline=None)
@given(st.floats(10.01, 10.99), st.floats(33.01, 33.99), st.floats(-0.5, 0.5))
def test_partition_sums_to_one(lon, lat, tilt):
    "Two parts of a plane, divided by any line, share every cell completely."
    ends = [(lon + 9 * tilt, lat - 9), (lon - 9 * tilt, lat + 9)]
    west = shapely.Polygon([*ends, (-9, 50), (-9, 10)])
    east = shapely.Polygon([*ends, (40, 50), (40, 10)])
    found = cell_fractions([west, east], CELLS).groupby("cell")["fraction"].sum()
    assert found.to_numpy() == pytest.approx(np.ones(len(CELLS)), abs=1e-9)


def test_area_is_conserved():
    "The cells' parts of a star with 2,000 vertices add up to the star."
    turn = np.linspace(0, 2 * np.pi, 2_000, endpoint=False)
    reach = 0.3 + 0.1 * np.sin(41 * turn)
    star = shapely.Polygon(
        np.column_stack([10.5 + reach * np.cos(turn), 33.5 + reach * np.sin(turn)])
    )
    found = cell_fractions([star], CELLS)
    planar = PLANAR[np.searchsorted(CELLS, found["cell"])]
    assert (found["fraction"] * planar).sum() == pytest.approx(star.area, rel=1e-9)
    assert not found.duplicated(["area_index", "cell"]).any()


def test_tiny_island_is_kept():
    "An island of 100 m in a cell of 6 km has its cell and its small share."
    island = shapely.box(10.5, 33.5, 10.501, 33.501)
    found = cell_fractions([shapely.MultiPolygon([shapely.box(10, 33, 10.2, 33.2), island])], CELLS)
    home = grid.cells_of(lat_deg=[33.5005], lon_deg=[10.5005], resolution=6)[0]
    share = found.loc[found["cell"] == home, "fraction"].iloc[0]
    assert share == pytest.approx(1e-6 / PLANAR[home == CELLS][0], rel=0.6)
    assert 0 < share < 0.001


def test_everything_and_nothing():
    "The world holds every cell, an ocean away none."
    assert (cell_fractions([shapely.box(-180, -90, 180, 90)], CELLS)["fraction"] == 1).all()
    assert len(cell_fractions([shapely.box(-60, 0, -50, 9)], CELLS)) == 0
    assert len(cell_fractions([], CELLS)) == 0


def test_areas_and_their_cells():
    "Two halves of the operation: codes, names and cells arrive, the far one is left out."
    raw = spatial.layer(
        [shapely.box(9, 32, 10.5, 35), shapely.box(10.5, 32, 12, 35), shapely.box(30, 0, 31, 1)],
        code=["TN-1", "TN-2", "KE-1"], label=["West", "East", "Far"],
    )  # fmt: skip
    gave = areas(raw, _areas(constants={"country": "Tunisia"}), OPERATION)
    assert gave.reasons() == {"outside_operation": 1}
    assert gave.tables["areas"]["country"].tolist() == ["TUN", "TUN"]
    held = gave.tables["area_cells"].groupby("cell")["fraction"].sum()
    assert held.to_numpy() == pytest.approx(np.ones(len(CELLS)))
    assert tables.as_arrow("areas", gave.tables["areas"]).num_rows == 2
    assert tables.as_arrow("area_cells", gave.tables["area_cells"]).num_rows > len(CELLS)


def test_crossed_outline_is_mended_and_reported():
    "A bow tie becomes two triangles, and the account says so."
    bow = shapely.Polygon([(10, 33), (11, 34), (11, 33), (10, 34)])
    gave = areas(spatial.layer([bow], code=["A"], label=["Bow"]), _areas(), OPERATION)
    assert [(mend.rule, mend.rows) for mend in gave.repairs] == [("invalid_geometry", 1)]
    stored = shapely.from_wkb(gave.tables["areas"]["geometry"].iloc[0])
    assert (stored.is_valid, stored.area) == (True, pytest.approx(0.5))


def test_missing_shapes_and_codes_are_quarantined():
    "No shape, a point and no code: each row has its reason, the good one is taken."
    box = shapely.box(10, 33, 11, 34)
    raw = spatial.layer(
        [None, shapely.Point(10.5, 33.5), box, box], code=["A", "B", None, "D"], label=list("abcd")
    )
    gave = areas(raw, _areas(), OPERATION)
    assert gave.reasons() == {"empty_geometry": 2, "missing_area_code": 1}
    assert gave.tables["areas"]["area_code"].tolist() == ["D"]


def test_polygons_inside_a_collection():
    "A collection keeps its polygons and drops its lines."
    box = shapely.box(10, 33, 11, 34)
    mixed = shapely.GeometryCollection([box, shapely.LineString([(0, 0), (1, 1)])])
    gave = areas(spatial.layer([mixed], code=["A"], label=["a"]), _areas(), OPERATION)
    assert shapely.from_wkb(gave.tables["areas"]["geometry"].iloc[0]).equals(box)


def test_features_of_one_code_are_one_area():
    "Two islands of one code are one area; both rows are accepted."
    raw = spatial.layer(
        [shapely.box(10.1, 33.1, 10.2, 33.2), shapely.box(10.5, 33.5, 10.6, 33.6)],
        code=["A", "A"], label=["One", "Two"],
    )  # fmt: skip
    gave = areas(raw, _areas(), OPERATION)
    assert (gave.accepted, len(gave.tables["areas"])) == (2, 1)
    assert not gave.tables["area_cells"].duplicated(["kind", "area_code", "cell"]).any()
    assert gave.repairs[0].rule == "joined_features"


def test_metres_are_not_degrees():
    "A layer in metres without a CRS is refused with what to do."
    raw = spatial.layer([shapely.box(6e5, 3e6, 7e5, 4e6)], code=["A"], label=["a"])
    with pytest.raises(SourceUnreadable, match="Set crs"):
        areas(raw, _areas(), OPERATION)


def test_missing_column_is_named():
    "A misspelt column names the nearest one."
    with pytest.raises(ColumnMissing, match="Nearest column: 'coda'"):
        areas(spatial.layer([None], coda=["A"], label=["a"]), _areas(), OPERATION)


def test_polygon_hazard_is_a_union():
    "Two overlapping halves cover each cell once; beyond them the share is 0, not unknown."
    raw = spatial.layer([shapely.box(9, 32, 10.5, 35), shapely.box(9, 32, 10.5, 35)])
    gave = polygons(raw, spatial.source("polygons", quantity="drought_share"), OPERATION)
    (found,) = gave.hexes
    lat, lon = grid.centres_of(found.cell)
    assert (found.value[lon < 10.4] == pytest.approx(1)) and (found.value[lon > 10.6] == 0).all()
    assert (found.cover == 1).all()


def test_only_the_latest_polygons_speak():
    "Of two dates the later one counts, the earlier is superseded."
    raw = spatial.layer(
        [shapely.box(9, 32, 12, 35), shapely.box(10, 33, 10.2, 33.2)],
        day=["2025-01-01", "2025-06-11"],
    )
    source = spatial.source(
        "polygons", quantity="drought_share", columns={"date": "day"}, latest="date"
    )
    gave = polygons(raw, source, OPERATION)
    assert gave.reasons() == {"superseded": 1}
    assert gave.hexes[0].value.mean() < 0.1


def test_no_polygon_means_no_hazard():
    "An empty layer says that no cell is in drought."
    gave = polygons(
        spatial.layer([]), spatial.source("polygons", quantity="drought_share"), OPERATION
    )
    assert (gave.hexes[0].value == 0).all()


def test_lines_from_lists_of_positions():
    "Latitude first as declared; a list with one position is no line."
    raw = spatial.layer(
        [None] * 3, route=["R", "S", "T"],
        path=["[[33.2, 10.1], [33.8, 10.9]]", "[[33, 10]]", "[[60, 5], [61, 6]]"],
    ).drop(columns="geometry")  # fmt: skip
    source = spatial.source("lines", columns={"name": "route", "lat_lon_path": "path"})
    gave = lines(raw, source, OPERATION)
    assert gave.reasons() == {"empty_geometry": 1, "outside_operation": 1}
    stored = shapely.from_wkb(gave.tables["lines"]["geometry"].iloc[0])
    assert list(stored.coords) == [(10.1, 33.2), (10.9, 33.8)]
    assert tables.as_arrow("lines", gave.tables["lines"]).num_rows == 1
