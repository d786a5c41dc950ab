"""The raster job: what it refuses it refuses with one sentence, what it doubts it says."""

import numpy as np
import pytest
import rasterio
from affine import Affine

from etl.engine import files
from etl.rasters import rasters
from geo_data import grid, operations
from geo_data.errors import OperationInvalid, SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Band
from tests import spatial

AREA = (10.0, 33.0, 11.0, 34.0)
PLACE = {"west": 9.5, "north": 34.5, "step": 0.2}


def _gave(file, band=None, **limits):
    source = spatial.source(bands=[Band(**{"quantity": "elevation_m"} | (band or {}))])
    return rasters([file], source, spatial.operation(AREA), Settings(executor="alone", **limits))


@pytest.mark.parametrize(("nodata", "warned"), [(None, True), (-1.0, False)])
def test_a_raster_without_nodata_says_so(tmp_path, nodata, warned):
    "Named file, what it means, what to do; with a nodata value there is nothing to say"
    file = spatial.raster(
        tmp_path / "a.tif", np.full((40, 40), 7.0), west=9, north=35, step=0.1, nodata=nodata
    )
    gave = _gave(file)
    assert bool(gave.warnings) is warned
    assert all("a.tif declares no nodata" in warning for warning in gave.warnings)


@pytest.mark.filterwarnings("ignore:The given matrix")
@pytest.mark.parametrize(
    ("written", "band", "limits", "said"),
    [
        ({}, {"band": 3}, {}, "bands 1 to 1, expected a band 3. Correct [[source.bands]]."),
        ({}, {"variable": "uo"}, {},
         "variables one unnamed variable, expected a variable 'uo'. Correct [[source.bands]]."),
        ({}, {}, {"max_pixels": 99}, "100 pixels, expected at most 99. Cut the raster to the "
         "operation's area, or raise WAYPOST_MAX_PIXELS."),
        ({}, {}, {"max_raster_bytes": 799}, "10 x 10 pixels x 1 band x 8 bytes = 800 bytes, "
         "expected at most 799. Cut the raster to the operation's area, or raise "
         "WAYPOST_MAX_RASTER_BYTES."),
        ({"transform": Affine(0.2, 0.1, 9, 0.1, -0.2, 35)}, {}, {},
         "a rotated or mirrored grid (0.2, 0.1, 9.0, 0.1, -0.2, 35.0), expected rows from west to "
         "east. Resample it to an unrotated grid with gdalwarp."),
        ({"crs": None}, {}, {}, 'no CRS, expected a CRS. Set crs under [source.read], for example '
         'crs = "EPSG:4326".'),
        ({"transform": Affine.identity()}, {}, {}, "no geotransform, expected a raster that says "
         "where it lies. Ask the provider for a georeferenced file."),
    ],
)  # fmt: skip
def test_refused_before_a_pixel_is_read(tmp_path, monkeypatch, written, band, limits, said):
    "File, what was found, what was expected, what to do; nothing was read."
    monkeypatch.setattr(files, "read", None)
    file = spatial.raster(tmp_path / "a.tif", np.ones((10, 10)), **PLACE | written)
    with pytest.raises(SourceUnreadable) as problem:
        _gave(file, band, **limits)
    assert str(problem.value) == f"a.tif: found {said}"


def test_a_small_file_that_declares_a_large_raster(tmp_path):
    "All bands count: a few kilobytes declare two bands of 2 GB."
    with rasterio.open(
        tmp_path / "a.tif",
        "w",
        driver="GTiff",
        height=16_000,
        width=15_600,
        count=2,
        tiled=True,
        dtype="float64",
        crs="EPSG:4326",
        transform=Affine(1e-4, 0, 10, 0, -1e-4, 34),
        SPARSE_OK=1,
    ):
        pass
    assert (tmp_path / "a.tif").stat().st_size < 200_000
    with pytest.raises(SourceUnreadable, match="2 bands x 8 bytes = 3,993,600,000 bytes, expected"):
        _gave(tmp_path / "a.tif", max_raster_bytes=3_993_599_999)


@pytest.fixture
def tiled(tmp_path):
    "A compressed raster of 64 x 64 blocks over the area, and where block (1, 2) lies in the file."
    values = np.random.default_rng(1).uniform(size=(256, 256))
    with rasterio.open(
        tmp_path / "a.tif", "w", driver="GTiff", height=256, width=256, count=1, tiled=True,
        blockxsize=64, blockysize=64, dtype="float64", crs="EPSG:4326", compress="deflate",
        transform=Affine(0.004, 0, 10, 0, -0.004, 34), nodata=-1,
    ) as written:  # fmt: skip
        written.write(values, 1)
    with rasterio.open(tmp_path / "a.tif") as file:
        return tmp_path / "a.tif", int(file.get_tag_item("BLOCK_OFFSET_2_1", "TIFF", bidx=1))


def test_corrupt_block_is_named(tiled):
    "Rows 64 to 127 and columns 128 to 191 of this file, and no others, cannot be decoded."
    file, start = tiled
    content = bytearray(file.read_bytes())
    content[start : start + 2_000] = bytes(2_000)
    file.write_bytes(content)
    with pytest.raises(SourceUnreadable) as problem:
        _gave(file)
    assert str(problem.value) == (
        "a.tif: found pixels that cannot be decoded, in rows 64 to 127 and columns 128 to 191 of "
        "band 1 (counted from 0), expected a complete raster. Fetch the file again."
    )


def test_no_raster_at_all(tmp_path):
    "A page of text instead of a raster."
    (tmp_path / "a.tif").write_text("<html>Please log in</html>", encoding="utf-8")
    with pytest.raises(SourceUnreadable) as problem:
        _gave(tmp_path / "a.tif")
    assert str(problem.value) == (
        "a.tif: found content that cannot be opened as a raster of a known kind, "
        "expected GeoTIFF, NetCDF or GRIB. Fetch the file again or correct read.format."
    )


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32632"])
def test_a_raster_elsewhere_is_an_account(tmp_path, crs):
    "Wholly outside the area: no pixel, no cell, no crash, and a sentence."
    west, north, step = (50, 9, 0.1) if crs == "EPSG:4326" else (600_000, 1_000_000, 500)
    file = spatial.raster(
        tmp_path / "a.tif", np.ones((40, 40)), west=west, north=north, step=step, nodata=-1, crs=crs
    )
    gave = _gave(file)
    assert (gave.rows_in, gave.accepted, len(gave.hexes[0].cell)) == (0, 0, 0)
    assert gave.warnings == [
        "a.tif: no pixel lies in the operation's area (west 10, south 33, east 11, north 34), so "
        "the source says nothing about it"
    ]


@pytest.mark.parametrize("said_by", ["file", "declaration"])
def test_nodata_is_a_raw_number(tmp_path, said_by):
    "Stored -5 means nothing, 20 means 20 * 0.5 + 3 = 13; half of the raster is empty."
    values = np.full((80, 80), 20.0)
    values[:, 40:] = -5
    own = -5.0 if said_by == "file" else None
    place = {"west": 9.5, "north": 34.5, "step": 0.025}
    file = spatial.raster(tmp_path / "a.tif", values, **place, nodata=own)
    band = {"scale": 0.5, "offset": 3.0, "nodata": None if own else -5.0}
    gave = _gave(file, band)
    _, lon = grid.centres_of(gave.hexes[0].cell)
    np.testing.assert_allclose(gave.hexes[0].value[lon < 10.4], 13.0, rtol=1e-12)
    assert np.isnan(gave.hexes[0].value[lon > 10.6]).all()
    assert (gave.rows_in, gave.warnings) == (40 * 20, [])


def test_share_without_classes(tmp_path):
    "A share of nothing is refused with the line of the declaration."
    text = operations.DEMO.read_text(encoding="utf-8").split("[[source]]")[0] + (
        '[[source]]\nkey = "s"\ntitle = "S"\nowner = "O"\nlicence = "L"\njob = "raster"\n'
        'path = "s.tif"\n[source.read]\nformat = "raster"\n[[source.bands]]\n'
        'quantity = "desert_share"\nstat = "share"\n'
    )
    (tmp_path / "o.toml").write_text(text, encoding="utf-8")
    line = text.splitlines().index('quantity = "desert_share"') + 1
    with pytest.raises(OperationInvalid) as problem:
        operations.load(tmp_path / "o.toml")
    assert str(problem.value) == (
        f"o.toml, line {line}: source 's': a share (desert_share) needs classes, the pixel values "
        "that count"
    )
