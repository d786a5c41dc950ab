"""Raster files through the engine: strips, workers, projections and what is refused."""

import numpy as np
import pandas as pd
import pytest
import rasterio

from etl.engine import hexagons, stream
from etl.engine.files import RasterFile
from etl.engine.statistics import Statistic
from geo_data.errors import SettingInvalid, SourceUnreadable
from tests import spatial, windows

SUM = [Statistic("sum", "sum"), Statistic("high", "max")]


@pytest.fixture
def file(tmp_path):
    "A raster of a few strips."
    values = np.random.default_rng(3).gamma(0.5, 10, (1500, 700))
    return spatial.raster(tmp_path / "a.tif", values, west=10, north=34, step=0.002, nodata=-1)


def test_windows_do_not_matter(file, monkeypatch):
    "Small windows and large ones give the same cells and, to rounding, the same sums."
    one = hexagons.table(RasterFile(str(file)), 7, SUM)
    monkeypatch.setattr(stream, "MOST_ROWS", 37)
    monkeypatch.setattr(stream, "MOST_PIXELS", 5000)
    other = hexagons.table(RasterFile(str(file)), 7, SUM)
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)


def test_finished_cells_leave(file):
    "Tables come as soon as their cells are done, and no cell comes twice."
    parts = list(hexagons.hexagons(RasterFile(str(file)), 7, SUM, how="alone"))
    assert len(parts) > 3
    assert pd.concat(parts)["cell"].is_unique


@pytest.mark.parametrize("how", ["threads", "processes"])
def test_workers_give_the_same_bits(file, how):
    "Threads and processes give what one thread gives, bit by bit."
    alone = hexagons.table(RasterFile(str(file)), 7, SUM, how="alone")
    pd.testing.assert_frame_equal(
        hexagons.table(RasterFile(str(file)), 7, SUM, how=how), alone, check_exact=True
    )


def test_killed_worker(file, tmp_path):
    "A worker killed in mid-job costs time, not data."
    alone = hexagons.table(RasterFile(str(file)), 7, SUM, how="alone")
    raster = windows.Deadly(str(file), mark=str(tmp_path / "killed"))
    found = hexagons.table(raster, 7, SUM, how="processes")
    assert (tmp_path / "killed").exists()
    pd.testing.assert_frame_equal(found, alone, check_exact=True)


@pytest.mark.parametrize("deadly", [False, True])
def test_cluster(file, tmp_path, deadly):
    "A Dask cluster gives the same bits, also when it loses a worker."
    distributed = pytest.importorskip("distributed")
    alone = hexagons.table(RasterFile(str(file)), 7, SUM, how="alone")
    raster = RasterFile(str(file))
    if deadly:
        raster = windows.Deadly(str(file), mark=str(tmp_path / "killed"))
    settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with (
        distributed.LocalCluster(**settings, host="127.0.0.1", silence_logs=50) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = hexagons.table(raster, 7, SUM, how=client)
    pd.testing.assert_frame_equal(found, alone, check_exact=True)
    assert deadly == (tmp_path / "killed").exists()


@pytest.mark.parametrize(
    ("crs", "west", "north"),
    [
        ("EPSG:32636", 300_000, 1_400_000), ("EPSG:3035", 4_300_000, 3_200_000),
        ("EPSG:3995", -90_000, 70_000), ("EPSG:3857", -20_037_508 + 50_000, 900_000),
    ],
)  # fmt: skip
def test_projected(tmp_path, crs, west, north):
    "Rings are projected, pixels never warped: totals and cells are exact; also over the pole."
    values = np.random.default_rng(3).gamma(0.5, 10, (200, 260))
    file = spatial.raster(tmp_path / "a.tif", values, west=west, north=north, step=600, crs=crs)
    found = hexagons.table(RasterFile(str(file)), 6, SUM)
    assert found["cell"].is_unique
    assert found["sum"].sum() == pytest.approx(values.sum(), rel=1e-9)


def test_projected_against_exactextract(tmp_path):
    "Projected hexagons give exactextract the same sums."
    pytest.importorskip("exactextract")
    geopandas = pytest.importorskip("geopandas")
    values = np.random.default_rng(3).gamma(0.5, 10, (300, 260))
    place = {"west": 300_000, "north": 1_400_000, "step": 100}
    file = spatial.raster(tmp_path / "a.tif", values, **place, crs="EPSG:32636")
    found = hexagons.table(RasterFile(str(file)), 8, SUM)
    shapes = geopandas.GeoSeries(windows.hexagons_near(found["cell"], 31), crs=4326)
    raster = windows.bands(values, **place)
    other = windows.exact(raster, shapes.to_crs(32636), ["sum"], crs=32636)["sum"]
    np.testing.assert_allclose(found["sum"], other, rtol=1e-7, atol=1e-6)


def test_more_than_once_round(tmp_path):
    "Columns beyond 360 degrees repeat the first ones and are left out."
    file = spatial.raster(tmp_path / "a.tif", np.ones((20, 74)), west=0, north=50, step=5)
    found = hexagons.table(RasterFile(str(file)), 3, [Statistic("n", "count")])
    assert found["n"].sum() == pytest.approx(20 * 72, rel=1e-9)


def test_mask_of_the_file(tmp_path):
    "Pixels that an alpha-like mask hides are unknown."
    file = spatial.raster(tmp_path / "a.tif", np.ones((60, 60)), west=9, north=35, step=0.01)
    with rasterio.open(file, "r+") as written:
        mask = np.full((60, 60), 255, dtype=np.uint8)
        mask[:30] = 0
        written.write_mask(mask)
    found = hexagons.table(RasterFile(str(file)), 6, [Statistic("n", "count")], least_known=0)
    assert found["n"].sum() == pytest.approx(1800, rel=1e-9)


def test_corrupt_block(tmp_path):
    "A damaged file names the rows and columns that cannot be decoded."
    values = np.random.default_rng(3).uniform(size=(600, 600))
    file = spatial.raster(tmp_path / "a.tif", values, west=9, north=35, step=0.01)
    file.write_bytes(file.read_bytes()[:1_500_000])
    with pytest.raises(SourceUnreadable, match=r"rows \d+ to \d+ and columns 0 to"):
        hexagons.table(RasterFile(str(file)), 6, SUM)


@pytest.mark.parametrize(
    ("more", "resolution", "error", "said"),
    [
        ({"bands": (1, 2)}, 6, SourceUnreadable, "bands 1 to 1, expected a band 2"),
        ({"max_pixels": 10}, 6, SourceUnreadable, "expected at most 10"),
        ({}, 12, SettingInvalid, "a resolution from 3 to 10"),
    ],
)
def test_refused(file, more, resolution, error, said):
    "What cannot be is said before a pixel is read."
    with pytest.raises(error, match=said):
        hexagons.table(RasterFile(str(file), **more), resolution, SUM)
