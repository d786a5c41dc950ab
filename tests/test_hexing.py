"""Rasters on hexagons: closed forms, conserved totals, a second implementation."""

import numpy as np
import pytest
import rasterio
from affine import Affine

from etl import hexing, pixels, rasters
from geo_data import grid
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Band
from tests import spatial

AREA = (10.0, 33.0, 11.0, 34.0)


@pytest.mark.parametrize("step", [0.004, 0.02, 0.1, 0.7])
def test_constant_raster(tmp_path, step):
    "A raster of one value gives that value, whatever the size of its pixels."
    size = int(np.ceil(3 / step))
    file = spatial.raster(
        tmp_path / "a.tif", np.full((size, size), 7.0), west=9, north=35, step=step
    )
    _, found = spatial.hexed(file, AREA)
    assert found.value == pytest.approx(7.0, rel=1e-12)
    assert found.cover == pytest.approx(1.0, rel=1e-9)
    assert found.coarse == (step == 0.1 or step == 0.7)


def test_bands_of_latitude_weigh_by_true_area(tmp_path):
    "Golden 3 of exactextract: rows 60 to 1 over latitudes 60 to 0 have a true mean of 27.421106."
    file = spatial.raster(
        tmp_path / "a.tif", np.arange(60, 0, -1.0)[:, None], west=0, north=60, step=1
    )
    cells, found = spatial.hexed(file, (-1, -1, 2, 61), resolution=5)
    weight = grid.area_km2(cells) * found.cover
    known = weight > 0
    # Shares of cells are measured in the plane: on the border of the column they are not exact.
    mean = (found.value * weight)[known].sum() / weight.sum()
    assert mean == pytest.approx(27.421106, rel=2e-5)
    assert weight.sum() == pytest.approx(614887.529 * (6371.007180918475 / 6378.137) ** 2, rel=1e-6)


@pytest.mark.parametrize("step", [0.005, 0.02, 0.1])
def test_counts_keep_their_total(tmp_path, step):
    "People of a raster inside the area are neither lost nor doubled."
    size = round(0.6 / step)
    people = np.random.default_rng(4).gamma(0.5, 40, (size, size))
    file = spatial.raster(tmp_path / "a.tif", people, west=10.2, north=33.8, step=step)
    _, found = spatial.hexed(file, AREA, stat="sum")
    assert np.nansum(found.value) == pytest.approx(people.sum(), rel=1e-12)
    assert found.pixels == size**2


def test_sixteen_pixels(tmp_path):
    "Golden raster 1 to 16, one degree each: sum 136, highest 16, lowest hexagon mean 1."
    values = np.arange(1.0, 17).reshape(4, 4)
    file = spatial.raster(tmp_path / "a.tif", values, west=0, north=4, step=1)
    area = (-1, -1, 5, 5)
    _, total = spatial.hexed(file, area, stat="sum")
    _, mean = spatial.hexed(file, area)
    _, highest = spatial.hexed(file, area, stat="max")
    assert np.nansum(total.value) == pytest.approx(136, rel=1e-12)
    assert (np.nanmin(mean.value), np.nanmax(highest.value)) == (1, 16)


def test_density_becomes_people_by_true_area(tmp_path):
    "Two people per km2 everywhere: each hexagon holds twice its own area."
    file = spatial.raster(tmp_path / "a.tif", np.full((30, 30), 2.0), west=9, north=35, step=0.1)
    cells, found = spatial.hexed(file, AREA, stat="density")
    assert found.value == pytest.approx(2 * grid.area_km2(cells), rel=1e-9)


def test_share_of_classes(tmp_path):
    "A raster whose western half is class 16 gives 1 in the west and 0 in the east."
    values = np.full((200, 200), 7.0)
    values[:, :100] = 16
    file = spatial.raster(tmp_path / "a.tif", values, west=9.5, north=34.5, step=0.01)
    cells, found = spatial.hexed(file, AREA, stat="share", classes=[16])
    _, lon = grid.centres_of(cells)
    assert (found.value[lon < 10.4] == 1).all()
    assert (found.value[lon > 10.6] == 0).all()
    assert np.average(found.value) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("step", [0.01, 0.25])
def test_south_up_is_north_up(tmp_path, step):
    "The same raster written from south to north gives the same hexagons."
    values = np.random.default_rng(1).normal(size=(round(2 / step),) * 2)
    found = []
    for up in (False, True):
        file = spatial.raster(
            tmp_path / f"{up}.tif", values, west=9.5, north=34.5, step=step, south_up=up
        )
        found.append(spatial.hexed(file, AREA)[1].value)
    np.testing.assert_allclose(found[1], found[0], rtol=1e-9)


@pytest.mark.parametrize("step", [0.01, 0.1])
@pytest.mark.parametrize("stat", ["mean", "sum", "density", "max", "share"])
def test_three_meanings_of_no_data(tmp_path, step, stat):
    "No data in the east is unknown, outside or none as declared, and never 0 by itself."
    values = np.full((round(2 / step),) * 2, 5.0)
    values[:, len(values) // 2 :] = -99
    file = spatial.raster(tmp_path / "a.tif", values, west=9.5, north=34.5, step=step, nodata=-99)
    cells = grid.cells_in_box(*AREA, 6)
    east, west = (grid.centres_of(cells)[1] > 10.6), (grid.centres_of(cells)[1] < 10.4)
    for meaning, value, cover in (("unknown", np.nan, 1), ("outside", np.nan, 0), ("none", 0, 1)):
        _, found = spatial.hexed(file, AREA, stat=stat, classes=[5], nodata_means=meaning)
        np.testing.assert_array_equal(found.value[east], value)
        np.testing.assert_allclose(found.cover[east], cover, atol=1e-9)
        assert (found.value[west] > 0).all()
        np.testing.assert_allclose(found.cover[west], 1, atol=1e-9)


def test_half_of_the_cell_must_be_known(tmp_path):
    "A mean is unknown exactly where less than half of the cell has data."
    values = np.full((400, 400), 5.0)
    values[:, 200:] = np.nan
    file = spatial.raster(tmp_path / "a.tif", values, west=9.5, north=34.5, step=0.005)
    _, unknown = spatial.hexed(file, AREA)
    _, outside = spatial.hexed(file, AREA, nodata_means="outside")
    assert ((outside.cover > 0) & (outside.cover < 1)).sum() > 10
    np.testing.assert_array_equal(np.isnan(unknown.value), outside.cover < 0.5)


def test_longitudes_from_0_to_360(tmp_path):
    "A global raster that starts at Greenwich holds 15 W at its column 345."
    values = np.tile(np.arange(360.0), (180, 1))
    file = spatial.raster(tmp_path / "a.tif", values, west=0, north=90, step=1)
    cells, found = spatial.hexed(file, (-16, 10, -14, 12), resolution=5)
    _, lon = grid.centres_of(cells)
    clear = np.abs(lon % 1 - 0.5) < 0.3
    np.testing.assert_allclose(found.value[clear], np.floor(lon[clear] + 360))
    assert found.pixels == 2 * 2


@pytest.mark.parametrize("step_m", [500, 20_000])
def test_projected_raster_keeps_its_total(tmp_path, step_m):
    "Counts on a UTM grid are placed without warping: none is lost."
    people = np.full((60_000 // step_m,) * 2, step_m**2 / 1e6)
    file = spatial.raster(
        tmp_path / "a.tif", people, west=600_000, north=3_740_000, step=step_m, crs="EPSG:32632"
    )
    _, found = spatial.hexed(file, (9.5, 33, 11.5, 34.2), stat="sum")
    assert np.nansum(found.value) == pytest.approx(3600, rel=1e-9)


def test_pentagon(tmp_path):
    "A cell with five sides has fewer grandchildren, and the same value."
    file = spatial.raster(tmp_path / "a.tif", np.full((8, 8), 3.0), west=56, north=13, step=0.6)
    _, found = spatial.hexed(file, (57.5, 9.8, 58.8, 11), resolution=5)
    np.testing.assert_allclose(found.value, 3.0, rtol=1e-9)


ORACLE = {
    "mean": "mean(coverage_weight=area_spherical_km2)", "sum": "sum", "max": "max",
}  # fmt: skip


@pytest.mark.parametrize("step", [0.002, 0.01, 0.04, 0.1])
@pytest.mark.parametrize("stat", list(ORACLE))
def test_against_exact_weighting(tmp_path, step, stat):
    "Every hexagon has exactextract's mean by true area, sum and maximum; so has the total."
    exactextract = pytest.importorskip("exactextract")
    geopandas = pytest.importorskip("geopandas")
    size = round(1.6 / step)
    values = np.random.default_rng(7).uniform(0, 1, (size, size))
    file = spatial.raster(tmp_path / "a.tif", values, west=9.7, north=34.3, step=step)
    cells, found = spatial.hexed(file, AREA, stat=stat)
    hexagons = geopandas.GeoDataFrame(geometry=grid.polygons_of(cells), crs=4326)
    asked = [f"it={ORACLE[stat]}"]
    exact = exactextract.exact_extract(str(file), hexagons, asked, output="pandas")["it"]
    np.testing.assert_allclose(found.value, exact, rtol=1e-7)
    if stat == "sum":
        assert found.value.sum() == pytest.approx(exact.sum(), rel=1e-9)


def test_tiles_are_one_raster(tmp_path):
    "A raster in two files gives the counts and means of the same raster in one."
    values = np.random.default_rng(3).uniform(1, 9, (200, 200))
    whole = spatial.raster(tmp_path / "w.tif", values, west=9.5, north=34.5, step=0.01)
    west = spatial.raster(tmp_path / "l.tif", values[:, :90], west=9.5, north=34.5, step=0.01)
    east = spatial.raster(tmp_path / "r.tif", values[:, 90:], west=10.4, north=34.5, step=0.01)
    for stat, tolerance in (("sum", 1e-12), ("mean", 1e-6), ("max", 1e-12)):
        one = spatial.hexed(whole, AREA, stat=stat)[1]
        two = rasters.joined([spatial.hexed(f, AREA, stat=stat)[1] for f in (west, east)], stat)
        np.testing.assert_allclose(two.value, one.value, rtol=tolerance)
        np.testing.assert_allclose(two.cover, one.cover, atol=1e-9)


def test_values_out_of_range_are_counted_and_unknown(tmp_path):
    "Heights beyond 9 km are quarantined by number and leave their hexagons unknown."
    values = np.full((200, 200), 100.0)
    values[:100] = 99_999
    file = spatial.raster(tmp_path / "a.tif", values, west=9.5, north=34.5, step=0.01)
    source = spatial.source(bands=[Band(quantity="elevation_m")])
    gave = rasters.rasters([file], source, spatial.operation(AREA), Settings())
    assert gave.reasons() == {"out_of_range": 5_000}
    assert (gave.rows_in, gave.accepted) == (10_000, 5_000)
    lat, _ = grid.centres_of(gave.hexes[0].cell)
    assert np.isnan(gave.hexes[0].value[lat > 33.6]).all()
    assert gave.hexes[0].value[lat < 33.4] == pytest.approx(100)


@pytest.mark.filterwarnings("ignore:The given matrix")
@pytest.mark.parametrize(
    ("written", "band", "limit", "said"),
    [
        ({}, {"band": 3}, 10**9, "bands 1 to 1, expected a band 3"),
        ({}, {"variable": "uo"}, 10**9, "expected a variable 'uo'"),
        ({}, {}, 99, "100 pixels, expected at most 99"),
        ({"crs": None}, {}, 10**9, "no CRS"),
        ({"transform": Affine(1, 0.2, 0, 0.2, -1, 0)}, {}, 10**9, "rotated"),
        ({"transform": Affine.identity()}, {}, 10**9, "no geotransform"),
    ],
)
def test_refused_rasters(tmp_path, written, band, limit, said):
    "What a raster lacks is said before a pixel is read."
    file = spatial.raster(
        tmp_path / "a.tif", np.ones((10, 10)), **{"west": 0, "north": 1, "step": 0.1} | written
    )
    declared = Band(quantity="elevation_m", **band)
    with (
        pytest.raises(SourceUnreadable, match=said),
        pixels.opened(file, declared, spatial.source(), Settings(max_pixels=limit)),
    ):
        pass


def test_broken_file(tmp_path):
    "A cut-off file fails as this source, with a sentence."
    file = spatial.raster(tmp_path / "a.tif", np.ones((500, 500)), west=9, north=35, step=0.01)
    file.write_bytes(file.read_bytes()[:90_000])
    with pytest.raises(SourceUnreadable, match="Fetch the file again"):
        spatial.hexed(file, AREA)


def test_raster_without_crs_takes_the_declared_one(tmp_path):
    "read.crs speaks for a file that says nothing."
    file = spatial.raster(tmp_path / "a.tif", np.ones((4, 4)), west=9, north=35, step=1, crs=None)
    declared = spatial.source(read={"crs": "EPSG:4326"})
    with pixels.opened(file, Band(quantity="elevation_m"), declared, Settings()) as opened:
        assert opened.frame.to_lonlat is None


def test_scales_of_file_and_declaration(tmp_path):
    "A file of tenths of a kelvin above 200 gives degrees Celsius: 1000 is 300 K, 26.85 C."
    file = spatial.raster(tmp_path / "a.tif", np.full((30, 30), 1e3), west=9, north=35, step=0.1)
    with rasterio.open(file, "r+") as written:
        written.scales, written.offsets = (0.1,), (200.0,)
    _, found = spatial.hexed(file, AREA, offset=-273.15)
    np.testing.assert_allclose(found.value, 26.85)


def test_points():
    "Three positions in two cells, one of them outside: counts 2 and 0, weights 5 and 0."
    cells = grid.cells_in_box(*AREA, 6)[:2]
    at = np.array([cells[0], cells[0], 599_718_752_904_282_111])
    assert hexing.hex_points(at, cells).tolist() == [2, 0]
    assert hexing.hex_points(at, cells, np.array([5, np.nan, 7.0])).tolist() == [5, 0]
