"""The grid agrees with the published H3 tables and with another implementation."""

import h3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_data import grid
from geo_data.icosahedron import unit_vectors

NAMED = [
    (35.5, 12.6, 5, "85384d8ffffffff", 287.353573),
    (35.5, 12.6, 6, "86384d8f7ffffff", 41.025635),
    (16.97, 7.99, 5, "85582c07fffffff", 263.218032),
    (35.9, 14.5, 6, "863f304efffffff", 41.417899),
]


@pytest.mark.parametrize(("lat", "lon", "resolution", "name", "area"), NAMED)
def test_known_cells(lat, lon, resolution, name, area):
    "Lampedusa, Agadez and Malta: id and true area"
    cell = grid.cells_of(lat_deg=[lat], lon_deg=[lon], resolution=resolution)
    assert grid.text(cell) == [name]
    assert grid.area_km2(cell)[0] == pytest.approx(area, abs=1e-5)


@given(st.floats(-89, 89), st.floats(-180, 180), st.integers(4, 9))
def test_parents_by_arithmetic_equal_the_library(lat, lon, resolution):
    "Every coarser parent, pentagons included"
    cell = grid.cells_of(lat_deg=[lat], lon_deg=[lon], resolution=resolution)
    for coarser in range(resolution):
        expected = h3.cell_to_parent(grid.text(cell)[0], coarser)
        assert grid.text(grid.parents(cell, coarser)) == [expected]


def test_disks_grow_as_published():
    "1, 7, 19, 37 cells within 0 to 3 rings"
    cell = grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=6)
    assert [len(grid.disks(cell, rings)[1]) for rings in range(4)] == [1, 7, 19, 37]


def test_children_two_levels_down():
    "A hexagon has 49 children two levels down, all with it as parent"
    cell = grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=5)
    children = grid.children(cell, 7)
    assert children.shape == (1, 49)
    assert (grid.parents(children.ravel(), 5) == cell).all()


def test_cells_of_a_box_cover_its_area():
    "26 by 25 degrees: R^2 * dlon * (sin 40 - sin 15) = 6.91 million km2, within 0.1 %"
    cells = grid.cells_in_box(0, 15, 26, 40, 5)
    expected = 6371.007**2 * np.radians(26) * (np.sin(np.radians(40)) - np.sin(np.radians(15)))
    assert grid.area_km2(cells).sum() == pytest.approx(expected, rel=1e-3)
    assert (np.diff(cells) > 0).all()


def test_a_position_that_is_not_finite_is_refused():
    "NaN has no cell"
    with pytest.raises(ValueError, match="finite"):
        grid.cells_of(lat_deg=[np.nan], lon_deg=[0.0], resolution=6)


@pytest.mark.parametrize("zoom", range(18))
def test_the_display_ladder_is_never_finer_than_the_data(zoom):
    "Zooming in shows the data's own cells, zooming out coarser ones"
    assert 3 <= grid.resolution_at_zoom(zoom, 6) <= 6


def _asked(cells):
    return np.array([h3.cell_area(name) for name in grid.text(cells)])


@pytest.mark.parametrize("resolution", range(13))
def test_areas_around_every_pentagon(resolution):
    "Pentagons, their neighbours, and cells folded over an edge, as h3 measures their corners"
    pentagons = [h3.str_to_int(cell) for cell in h3.get_pentagons(resolution)]
    cells = np.unique(grid.disks(pentagons, 2)[1])
    np.testing.assert_allclose(grid.area_km2(cells), _asked(cells), rtol=1e-7)


@pytest.mark.parametrize("resolution", range(3, 11))
def test_areas_along_the_edges_of_faces(resolution):
    "From one pentagon to the next, the cells on the way"
    lats, lons = zip(*(h3.cell_to_latlng(cell) for cell in h3.get_pentagons(0)), strict=True)
    corners = unit_vectors(lats, lons)
    ends = [(a, b) for a in range(12) for b in range(a) if corners[a] @ corners[b] > 0.4]
    way = np.linspace(0, 1, 41)[:, np.newaxis]
    x, y, z = np.concatenate([corners[a] * way + corners[b] * (1 - way) for a, b in ends]).T
    lat, lon = np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))
    cells = np.unique(grid.cells_of(lat_deg=lat, lon_deg=lon, resolution=resolution))
    cells = np.unique(grid.disks(cells[::4], 1)[1])
    np.testing.assert_allclose(grid.area_km2(cells), _asked(cells), rtol=1e-7)


@given(st.integers(0, 12), st.integers(0, 10**9))
def test_areas_anywhere(resolution, seed):
    "Random positions, all over the world"
    rng = np.random.default_rng(seed)
    lat, lon = np.degrees(np.arcsin(rng.uniform(-1, 1, 50))), rng.uniform(-180, 180, 50)
    cells = grid.cells_of(lat_deg=lat, lon_deg=lon, resolution=resolution)
    np.testing.assert_allclose(grid.area_km2(cells), _asked(cells), rtol=1e-7)


def test_areas_of_the_world():
    "All 41,162 cells of resolution 3 are the sphere: 4 pi R^2"
    cells = np.concatenate([h3.cell_to_children(cell, 3) for cell in h3.get_res0_cells()])
    area = grid.area_km2([h3.str_to_int(cell) for cell in cells])
    assert area.sum() == pytest.approx(4 * np.pi * 6371.007180918475**2, rel=1e-10)


def test_areas_of_mixed_resolutions():
    "Each cell has its own area, whatever stands beside it; no cells have none"
    cells = [grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=r)[0] for r in (5, 6)]
    assert grid.area_km2(cells) == pytest.approx([287.353573, 41.025635], abs=1e-5)
    assert len(grid.area_km2([])) == 0
