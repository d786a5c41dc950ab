"""Areas as cells and fractions: from a code, a circle, a drawing."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_data import grid
from layers.context import areas

CELLS = grid.cells_in_box(10.0, 33.0, 14.0, 36.5, 6)
BASE = grid.cells_of(lat_deg=[34.7], lon_deg=[12.0], resolution=6)


def km2(area):
    """True area of a table of cells and fractions."""
    return float((area["fraction"] * grid.area_km2(area["cell"])).sum())


@pytest.mark.parametrize("radius_km", [3.0, 25.0, 100.0])
def test_circle_has_its_area(radius_km):
    """Pi r squared, within the half per cent between the ellipsoid and the sphere of H3"""
    area = areas.from_circle(lat_deg=34.7, lon_deg=12.0, radius_km=radius_km, cells=CELLS)
    assert km2(area) == pytest.approx(np.pi * radius_km**2, rel=5e-3)
    assert area["fraction"].between(0, 1).all()
    assert (area["fraction"] == 1).any() == (radius_km > 20)


def test_rim_of_the_circle():
    """Every corner lies at the radius, by a geodesic program"""
    pyproj = pytest.importorskip("pyproj")
    rim = shapely.get_coordinates(areas.circle(lat_deg=34.7, lon_deg=12.0, radius_km=50))
    geod = pyproj.Geod(ellps="WGS84")
    away = geod.inv(np.full(361, 12.0), np.full(361, 34.7), rim[:, 0], rim[:, 1])[2]
    assert np.abs(away - 50_000).max() < 1


def test_one_whole_and_one_half_hexagon():
    """A hexagon drawn exactly, then its northern half: 1 and about 1/2"""
    hexagon = grid.polygons_of(BASE)[0]
    lat, lon = grid.centres_of(BASE)
    north = hexagon.intersection(shapely.box(0, lat[0], 90, 90))
    whole = areas.from_polygon(hexagon, CELLS).set_index("cell")["fraction"]
    half = areas.from_polygon(north, CELLS).set_index("cell")["fraction"]
    assert whole[BASE[0]] == pytest.approx(1)
    assert whole.sum() == pytest.approx(1, abs=1e-9)
    assert half[BASE[0]] == pytest.approx(0.5, abs=0.01)


@settings(max_examples=30, deadline=None)
@given(cut=st.floats(11.2, 12.8), tilt=st.floats(-0.4, 0.4))
def test_parts_add_up(cut, tilt):
    """A box cut in two: the fractions of both parts add up to those of the box"""
    box = shapely.box(11, 34, 13, 36)
    west = shapely.Polygon([(0, 30), (cut - tilt, 30), (cut + tilt, 40), (0, 40)])
    parts = [box.intersection(west), box.difference(west)]
    whole = areas.from_polygon(box, CELLS).set_index("cell")["fraction"]
    tables = [areas.from_polygon(part, CELLS) for part in parts if part.area > 1e-6]
    summed = pd.concat(tables).groupby("cell")["fraction"].sum()
    assert np.allclose(summed.reindex(whole.index, fill_value=0), whole, atol=1e-9)


def test_bow_tie_is_mended_and_said():
    """A self-crossing square keeps its two triangles, half of the square"""
    tie = shapely.Polygon([(11, 34), (13, 36), (13, 34), (11, 36)])
    box = shapely.box(11, 34, 13, 36)
    half = km2(areas.from_polygon(tie, CELLS)) / km2(areas.from_polygon(box, CELLS))
    assert half == pytest.approx(0.5, rel=1e-3)
    assert "crosses or touches itself" in areas.remarks(tie, CELLS)[0]
    assert areas.remarks(box, CELLS) == ()


def test_partly_outside_is_said():
    """Half of the box lies west of the operation"""
    (remark,) = areas.remarks(shapely.box(9, 34, 11, 35), CELLS)
    assert remark.startswith(("49%", "50%", "51%", "48%"))


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        (shapely.Polygon(), "empty"),
        (shapely.Polygon([(11, 34), (12, 35), (13, 36)]), "empty"),
        (shapely.box(-10, 50, -9, 51), "outside"),
    ],
)
def test_useless_drawings(polygon, words):
    """Empty, without area, or elsewhere: the message says which"""
    with pytest.raises(areas.AreaUnusable, match=words):
        areas.from_polygon(polygon, CELLS)


def test_wholly_outside_is_said():
    """Remarks on a drawing elsewhere: all of it lies outside"""
    (remark,) = areas.remarks(shapely.box(-10, 50, -9, 51), CELLS)
    assert remark.startswith("100%")


def test_circle_without_radius():
    """A radius of nothing is refused, also an unknown one"""
    for radius_km in (0.0, -1.0, np.nan):
        with pytest.raises(areas.AreaUnusable, match="above 0"):
            areas.from_circle(lat_deg=34.7, lon_deg=12.0, radius_km=radius_km, cells=CELLS)


def test_area_by_code():
    """Fractions of the code asked for, and the nearest code for a misspelt one"""
    known = pd.DataFrame({"area_code": ["LBY-01", "TUN-01"]})
    cells = pd.DataFrame(
        {"area_code": ["LBY-01", "LBY-01"], "cell": CELLS[[1, 0]], "fraction": [0.25, 1.0]}
    )
    area = areas.from_code("LBY-01", known, cells)
    assert area["cell"].tolist() == CELLS[:2].tolist()
    assert area["fraction"].tolist() == [1.0, 0.25]
    with pytest.raises(areas.AreaUnusable, match="Nearest: 'LBY-01'"):
        areas.from_code("LBY01", known, cells)
    with pytest.raises(areas.AreaUnusable, match="no hexagon"):
        areas.from_code("TUN-01", known, cells)


def test_the_outline_of_hexagons_holds_them_all_and_nothing_else():
    """Two separate disks, one with a hole: areas add up, parts and holes are told apart"""
    first = grid.disks(grid.cells_of(lat_deg=[32.0], lon_deg=[13.0], resolution=6), 2)[1]
    far = grid.disks(grid.cells_of(lat_deg=[30.0], lon_deg=[13.0], resolution=6), 2)[1]
    middle = grid.cells_of(lat_deg=[32.0], lon_deg=[13.0], resolution=6)
    cells = np.concatenate([np.setdiff1d(first, middle), far])
    line = grid.outline_of(cells)
    assert line.area == pytest.approx(shapely.area(grid.polygons_of(cells)).sum(), rel=1e-12)
    assert sorted(len(part.interiors) for part in line.geoms) == [0, 1]
    # A disk of two rings has 30 edges outside.
    assert {len(part.exterior.coords) - 1 for part in line.geoms} == {30}
