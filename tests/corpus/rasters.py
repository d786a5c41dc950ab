"""Rasters: wrong nodata, rotated, cut, nowhere, in other units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import rasterio
from rasterio.control import GroundControlPoint
from rasterio.shutil import copy

from geo_data.sources import Band, Read
from tests.corpus.case import Case
from tests.declared import source
from tests.hostile import bombs

SIDE, STEP = 60, 0.1
PLACE = rasterio.Affine(STEP, 0, 12, 0, -STEP, 34)
WHOLE = SIDE * SIDE


def tif(values: object = 5.0, *, then: Callable[[Path], object] = lambda _: None,
        place: rasterio.Affine = PLACE, tags: dict[str, object] | None = None,
        **more: object) -> Callable[[Path], None]:  # fmt: skip
    """Writes a raster of one value, or of given values."""

    def write(file: Path) -> None:
        grid = np.broadcast_to(np.asarray(values, dtype=more.get("dtype", "float32")), (SIDE, SIDE))
        given = {"crs": "EPSG:4326", "nodata": -1, "dtype": "float32"} | more
        with rasterio.open(file, "w", driver="GTiff", width=SIDE, height=SIDE, count=1,
                           transform=place, **given) as out:  # fmt: skip
            out.write(grid, 1)
            for name, value in (tags or {}).items():
                setattr(out, name, value)
        then(file)

    return write


def raster(name: str, content: object, *, file: str = "a.tif", value: float | None = 5.0,
           pixels: int = WHOLE, band: dict[str, object] | None = None,
           read: dict[str, object] | None = None, **more: object) -> Case:  # fmt: skip
    """A raster of elevations."""
    bands = [msgspec.convert({"quantity": "elevation_m"} | (band or {}), Band)]
    declared = msgspec.convert({"format": "raster"} | (read or {}), Read)
    one = source("raster", declared, path=file, bands=bands)
    good = {} if "refused" in more else {"hexes": {bands[0].quantity: value}, "pixels": pixels}
    return Case(name, {file: content}, one, **good, **more)  # type: ignore[arg-type]


def _half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _netcdf(file: Path) -> None:
    plain = file.with_suffix(".tif.part")
    tif()(plain)
    copy(plain, file, driver="netCDF")


def _points(file: Path) -> None:
    corners = [GroundControlPoint(r, c, 12 + c * STEP, 34 - r * STEP)
               for r, c in ((0, 0), (0, SIDE), (SIDE, 0), (SIDE, SIDE))]  # fmt: skip
    with rasterio.open(file, "w", driver="GTiff", width=SIDE, height=SIDE, count=1,
                       dtype="uint8", gcps=corners, crs="EPSG:4326") as out:  # fmt: skip
        out.write(np.ones((1, SIDE, SIDE), "uint8"))


HOLES = np.full((SIDE, SIDE), 5.0)
HOLES[::2] = np.nan
INFINITE = np.full((SIDE, SIDE), 5.0)
INFINITE[0] = np.inf
FILLED = np.full((SIDE, SIDE), 5.0)
FILLED[:10] = -9999
SHIFTED = rasterio.Affine(STEP, 0, 372, 0, -STEP, 34)

CASES = (
    raster("one value everywhere", tif()),
    raster("no word on nodata", tif(nodata=None), said=["declares no nodata value"]),
    raster("a filler that the file does not declare", tif(FILLED, nodata=None),
           band={"nodata": -9999}, pixels=WHOLE - 600),
    raster("a filler that only its range betrays", tif(np.where(FILLED < 0, -32768.0, 5.0),
           nodata=None), out={None: "out_of_range"}, pixels=WHOLE - 600,
           said=["declares no nodata"]),
    raster("pixels that are not numbers", tif(HOLES), pixels=WHOLE // 2),
    raster("pixels at infinity", tif(INFINITE), pixels=WHOLE - SIDE, out={None: "out_of_range"}),
    raster("heights above every mountain", tif(12_000.0), pixels=0, value=None, fails=True,
           out={None: "out_of_range"}),
    raster("written from the south", tif(place=rasterio.Affine(STEP, 0, 12, 0, STEP, 28))),
    raster("longitudes counted from 0 to 360", tif(place=SHIFTED)),
    raster("scale and offset in the file", tif(2.0, tags={"scales": (2.0,), "offsets": (1.0,)})),
    raster("scale and offset declared", tif(20, dtype="int16"), band={"scale": 0.5, "offset": -5}),
    raster("rotated", tif(place=PLACE * rasterio.Affine.rotation(30)), refused="rotated"),
    raster("mirrored", tif(place=rasterio.Affine(-STEP, 0, 18, 0, -STEP, 34)), refused="mirrored"),
    raster("without a place", tif(place=rasterio.Affine.identity()), refused="geotransform"),
    raster("placed by control points only", _points, refused="geotransform"),
    raster("without a system", tif(crs=None), refused="no CRS"),
    raster("without a system, declared", tif(crs=None), read={"crs": "EPSG:4326"}),
    raster("a declared system that nobody knows", tif(crs=None), read={"crs": "EPSG:999999"},
           refused="not understood"),
    raster("elsewhere", tif(place=rasterio.Affine(STEP, 0, 90, 0, -STEP, 34)), pixels=0,
           value=None, said=["no pixel lies in the operation's area"]),
    raster("a band that it lacks", tif(), band={"band": 3}, refused="a band 3"),
    raster("half a file", tif(np.arange(WHOLE).reshape(SIDE, SIDE), then=_half),
           refused="cannot be decoded"),
    raster("an empty raster", b"", refused="raster of a known kind"),
    raster("a web page", "<html>Log in</html>", refused="raster of a known kind"),
    raster("a raster that names other files", '<VRTDataset rasterXSize="1" rasterYSize="1"/>',
           refused="raster of a known kind"),
    raster("an image without place", b"\x89PNG\r\n\x1a\n" + bytes(50),
           refused="raster of a known kind"),
    raster("a hundred thousand by a hundred thousand pixels",
           lambda file: bombs.tiff(file, width=100_000, height=100_000),
           refused="WAYPOST_MAX_PIXELS"),
    raster("thousands of bands", lambda file: bombs.tiff(file, width=10, height=10, bands=9_000),
           refused="9,000 bands"),
    raster("a header and nothing behind it", b"II*\0\x08\0\0\0", refused="opened as a raster"),
    raster("classes as colours", tif(7, dtype="uint8", nodata=0),
           band={"quantity": "desert_share", "stat": "share", "classes": [7]}, value=1.0),
    raster("net values", _netcdf, file="a.nc"),
    raster("a variable that it lacks", _netcdf, file="a.nc", band={"variable": "Band"},
           refused="'Band1'"),
    raster("half net values", lambda file: (_netcdf(file), _half(file)), file="a.nc",
           refused="bytes too early"),
    raster("messages that end early", b"GRIB\0\0\0\x02" + bytes(40), file="a.grib2",
           refused="a.grib2"),
)  # fmt: skip
