"""The real rasters and layers of the central Mediterranean, if they are at hand."""

import time
from pathlib import Path

import numpy as np
import pytest
import rasterio

from etl.areas import areas
from etl.polygons import polygons
from etl.rasters import rasters
from etl.readers import read_table
from geo_data import grid
from geo_data.settings import Settings
from geo_data.sources import Band
from tests import spatial

OPERATION = spatial.operation((0.0, 15.0, 26.0, 40.0))
REGION = Path("central_med_sahara")


def _hexed(real_data, path, *bands, **read):
    source = spatial.source(bands=[Band(**band) for band in bands], read=read)
    return rasters([real_data / path], source, OPERATION, Settings())


def test_population_of_tunisia(real_data):
    "360,034 of 43 million pixels hold people; hexagons keep their total of 11,818,618."
    gave = _hexed(
        real_data, REGION / "population/TUN_POP.tif",
        {"quantity": "population_people", "stat": "sum", "nodata_means": "none"},
    )  # fmt: skip
    assert gave.rows_in == gave.accepted == 360_034
    assert np.nansum(gave.hexes[0].value) == pytest.approx(11_818_618, rel=1e-6)
    assert not gave.hexes[0].coarse


def test_density_times_true_area(real_data):
    "People of the density raster, summed pixel by pixel without hexagons, differ by under 1 %."
    file = REGION / "population/afripop2020_clip.tif"
    density = {"quantity": "population_people", "stat": "density", "nodata_means": "outside"}
    (found,) = _hexed(real_data, file, density).hexes
    with rasterio.open(real_data / file) as raster:
        per_km2, place = raster.read(1, masked=True).filled(0), raster.transform
    edges = np.radians(place.f + np.arange(per_km2.shape[0] + 1) * place.e)
    km2 = 6371.007**2 * np.radians(place.a) * -np.diff(np.sin(edges))
    lat = place.f + (np.arange(per_km2.shape[0]) + 0.5) * place.e
    lon = place.c + (np.arange(per_km2.shape[1]) + 0.5) * place.a
    inside = ((lat > 15) & (lat < 40))[:, None] & ((lon > 0) & (lon < 26))
    people = (per_km2 * km2[:, None] * inside).sum()
    assert found.value.sum() == pytest.approx(people, rel=0.01)
    assert found.coarse


def test_currents_stop_at_20_east(real_data):
    "The sea off Benghazi is covered, the sea off Tobruk is outside, not unknown."
    gave = _hexed(
        real_data, REGION / "hazards/cmems_surface_currents_20240101_clip.nc",
        {"quantity": "current_east_m_s", "variable": "uo", "nodata_means": "outside"},
        crs="EPSG:4326",
    )  # fmt: skip
    (found,) = gave.hexes
    near, far = grid.cells_of(lat_deg=[33, 33], lon_deg=[19.5, 24], resolution=6)
    assert near in found.cell and far not in found.cell
    assert np.abs(found.value[found.cell == near]) < 2
    assert grid.centres_of(found.cell)[1].max() < 20.2


def test_forecast_across_the_antimeridian(real_data):
    "The GRIB grid starts at 181.25 W; January maxima here lie between 5 and 30 degrees."
    gave = _hexed(
        real_data, "global/gfs_20110110T12Z_f120_surface_subset_2p5deg.grib2",
        {"quantity": "heat_max_c", "band": 2},
    )  # fmt: skip
    (found,) = gave.hexes
    assert len(found.cell) == len(grid.cells_in_box(*OPERATION.area, 6))
    assert found.value.min() > 5 and found.value.max() < 30
    assert found.coarse


def test_relief_knows_sea_and_mountain(real_data):
    "The Ionian Sea is deeper than 3 km, the Hoggar higher than 1.5 km."
    (found,) = _hexed(
        real_data, REGION / "terrain/etopo20_relief_clip.tif", {"quantity": "elevation_m"}
    ).hexes
    sea, hoggar = grid.cells_of(lat_deg=[36.3, 23.3], lon_deg=[18.5, 5.5], resolution=6)
    assert found.value[found.cell == sea] < -3_000
    assert found.value[found.cell == hoggar] > 1_500


def test_sahara_is_desert(real_data):
    "The Libyan desert is bare ground, the Mediterranean is not."
    (found,) = _hexed(
        real_data, REGION / "terrain/afrilandcover_modis2019_clip.tif",
        {"quantity": "desert_share", "stat": "share", "classes": [16]},
    ).hexes  # fmt: skip
    desert, sea = grid.cells_of(lat_deg=[25, 34.5], lon_deg=[18, 17], resolution=6)
    assert found.value[found.cell == desert] == 1
    assert found.value[found.cell == sea] == 0


def test_libya_is_divided_completely(real_data):
    "22 districts share nearly all cells of the country, in seconds."
    source = spatial.source(
        "areas", columns={"area_code": "shapeISO"}, level=1, read={"format": "vector"}
    )
    file = real_data / REGION / "admin/geoboundaries_LBY_ADM1.geojson"
    raw = read_table(source, [file], Settings())
    began = time.process_time()
    gave = areas(raw, source, OPERATION)
    assert time.process_time() - began < 10
    assert len(gave.tables["areas"]) == 22
    share = gave.tables["area_cells"].groupby("cell")["fraction"].sum()
    assert share.max() < 1.05
    km2 = (share.to_numpy() * grid.area_km2(share.index.to_numpy())).sum()
    assert km2 == pytest.approx(1_760_000, rel=0.1)  # World Bank: 1,759,540 km2


def test_last_dekad_of_the_drought_archive(real_data):
    "Of 17 dekads the declared one is read; the world outside is left out."
    source = spatial.source(
        "polygons", quantity="drought_share",
        read={"format": "vector", "member": "*_20250611_t.json"},
    )  # fmt: skip
    file = real_data / "global/jrc_met_drought_tracking_spa3_20250101_20250611.zip"
    gave = polygons(read_table(source, [file], Settings()), source, OPERATION)
    assert (gave.rows_in, gave.accepted) == (21, 1)
    assert 0 < (gave.hexes[0].value > 0).mean() < 0.01
