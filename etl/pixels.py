"""A raster band as values and positions: opened, checked, read window by window, never warped."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj
import rasterio
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from geo_data.errors import SourceUnreadable, nearest
from geo_data.sources import Band, Source

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]

EARTH_RADIUS_KM = 6371.007180918475  # the sphere on which H3 measures areas
GDAL_CACHE_MB = 48  # a row of blocks is decoded once, then read in slices
OUTLINE_POINTS = 65


@dataclass(frozen=True)
class Block:
    """Pixels of one window.

    Attributes
    ----------
    values : float array, shape (rows, columns)
        NaN where the file says that it has none.
    x, y : float arrays, shape (columns,) and (rows,)
        Pixel centres in the raster's own coordinates.
    row, column : int
        Place of the first pixel in the whole raster.
    """

    values: Floats
    x: Floats
    y: Floats
    row: int
    column: int


@dataclass(frozen=True)
class Raster:
    """One opened band.

    Attributes
    ----------
    to_lonlat : pyproj.Transformer or None
        None: the raster's own axes are longitude and latitude. Geographic degrees are taken as
        WGS84 whatever their datum, which is wrong by some hundred metres at most.
    scale : float
        Metres per unit of a projected raster.
    """

    file: str
    dataset: rasterio.DatasetReader
    band: Band
    to_lonlat: pyproj.Transformer | None
    scale: float = 1.0

    @property
    def step(self) -> tuple[float, float]:
        """Width and height of a pixel; a height above 0 means that the first row is the south."""
        return self.dataset.transform.a, self.dataset.transform.e

    @property
    def step_deg(self) -> tuple[float, float]:
        """About the width and height of a pixel in degrees; of a projected one, at the equator."""
        wide, high = (abs(side) for side in self.step)
        metres_per_deg = 111_195 * 0.5  # generous: at 60 degrees of latitude
        if self.to_lonlat is None:
            return wide, high
        return wide * self.scale / metres_per_deg, high * self.scale / metres_per_deg

    def blocks(self, box: Box, most: int) -> Iterator[Block]:
        """Windows of about ``most`` pixels that together hold all pixel centres in a box."""
        row0, row1, column0, column1 = self._crop(box)
        block_high, block_wide = self.dataset.block_shapes[0]
        wide = max(1, most // block_high // block_wide) * block_wide
        high = max(1, most // min(wide, max(1, column1 - column0)))
        high = high - high % block_high if high > block_high else high
        for row in range(row0, row1, high):
            for column in range(column0, column1, wide):
                yield self._read(row, min(row + high, row1), column, min(column + wide, column1))

    def whole(self, box: Box) -> Block:
        """All pixels in and around a box at once, for rasters that are coarse against the cells."""
        return self._read(*self._crop(box))

    def positions(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Latitude and longitude of raster coordinates."""
        if self.to_lonlat is None:
            return y, _wrapped(x)
        lon, lat = self.to_lonlat.transform(x, y)
        return lat, lon

    def pixels_at(self, lat_deg: Floats, lon_deg: Floats) -> tuple[NDArray[np.int64], ...]:
        """Row and column of the pixel at each position, -1 outside the raster."""
        x, y = lon_deg, lat_deg
        transform = self.dataset.transform
        if self.to_lonlat is None:
            x = transform.c + (x - transform.c) % 360
        else:
            x, y = self.to_lonlat.transform(x, y, direction="INVERSE")
        with np.errstate(invalid="ignore"):
            column = np.floor((x - transform.c) / transform.a)
            row = np.floor((y - transform.f) / transform.e)
            inside = (column >= 0) & (column < self.dataset.width)
            inside &= (row >= 0) & (row < self.dataset.height)
        place = [np.where(inside, index, -1).astype(np.int64) for index in (row, column)]
        return place[0], place[1]

    def pixel_km2(self, lat_deg: Floats, lon_deg: Floats) -> Floats:
        """True area of the pixels at positions, on the sphere of the grid."""
        width, height = self.step
        if self.to_lonlat is None:
            north = np.clip(lat_deg + abs(height) / 2, -90, 90)
            south = np.clip(lat_deg - abs(height) / 2, -90, 90)
            band = np.sin(np.radians(north)) - np.sin(np.radians(south))
            return EARTH_RADIUS_KM**2 * np.radians(width) * band
        plane = abs(width * height) * self.scale**2 / 1e6
        factors = pyproj.Proj(self.to_lonlat.source_crs).get_factors(lon_deg, lat_deg)
        return plane / np.asarray(factors.areal_scale)

    def outline(self) -> shapely.Geometry:
        """The area that the raster spans, longitude first, WGS84 degrees."""
        west, south, east, north = self.dataset.bounds
        south, north = sorted((south, north))
        if self.to_lonlat is None:
            south, north = max(south, -90.0), min(north, 90.0)
            turns = [shapely.box(west + turn, south, east + turn, north) for turn in (-360, 0, 360)]
            return shapely.union_all(turns)
        side = np.linspace(0, 1, OUTLINE_POINTS)
        x = west + (east - west) * np.concatenate([side, side * 0 + 1, side[::-1], side * 0])
        y = south + (north - south) * np.concatenate([side * 0, side, side * 0 + 1, side[::-1]])
        lat, lon = self.positions(x, y)
        if not (np.isfinite(lat).all() and np.isfinite(lon).all()):
            raise SourceUnreadable(
                self.file, "a raster that reaches beyond where its projection is valid",
                "a raster inside its projection", "Ask the provider for a cut to the region.",
            )  # fmt: skip
        return shapely.make_valid(shapely.Polygon(np.column_stack([lon, lat])))

    def _crop(self, box: Box) -> tuple[int, int, int, int]:
        """First and last row and column (half open) of the pixels whose centre is in a box."""
        west, south, east, north = box
        transform, width, height = self.dataset.transform, self.dataset.width, self.dataset.height
        x = transform.c + (np.arange(width) + 0.5) * transform.a
        y = transform.f + (np.arange(height) + 0.5) * transform.e
        if self.to_lonlat is None:
            x = west + (x - west) % 360
        else:
            bounds = self.to_lonlat.transform_bounds(*box, densify_pts=21, direction="INVERSE")
            if not np.isfinite(bounds).all():  # the box reaches beyond the projection
                return 0, height, 0, width
            west, south, east, north = bounds
        columns = np.flatnonzero((x >= west) & (x <= east))
        rows = np.flatnonzero((y >= south) & (y <= north))
        if not len(columns) or not len(rows):
            return 0, 0, 0, 0
        return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1

    def _read(self, row0: int, row1: int, column0: int, column1: int) -> Block:
        window = Window(column0, row0, column1 - column0, row1 - row0)
        transform = self.dataset.transform
        x = transform.c + (np.arange(column0, column1) + 0.5) * transform.a
        y = transform.f + (np.arange(row0, row1) + 0.5) * transform.e
        if row0 == row1:
            return Block(np.empty((0, 0)), x, y, 0, 0)
        try:
            raw = self.dataset.read(self.band.band, window=window, masked=True)
        except RasterioError as problem:
            raise SourceUnreadable(
                self.file, f"pixels that cannot be decoded ({problem})", "a complete raster",
                "Fetch the file again.",
            ) from problem  # fmt: skip
        return Block(self._values(raw), x, y, row0, column0)

    def _values(self, raw: np.ma.MaskedArray) -> Floats:
        values = raw.filled(0).astype(np.float64)
        values[np.ma.getmaskarray(raw)] = np.nan
        for nodata in (self.dataset.nodata, self.band.nodata):
            if nodata is not None and np.isfinite(nodata):
                # Written and declared nodata often differ in the last digits of a float32.
                values[np.abs(values - nodata) <= abs(nodata) * 1e-6] = np.nan
        number = self.band.band - 1
        own_scale, own_offset = self.dataset.scales[number], self.dataset.offsets[number]
        if (own_scale, own_offset) != (1.0, 0.0):
            values = values * own_scale + own_offset
        if (self.band.scale, self.band.offset) != (1.0, 0.0):
            values = values * self.band.scale + self.band.offset
        return values


@contextmanager
def opened(file: Path, band: Band, source: Source, max_pixels: int) -> Iterator[Raster]:
    """A band of a raster file, checked before a pixel is read.

    Raises
    ------
    SourceUnreadable
        If the file is no raster, too large, rotated, without place or CRS, or lacks the band or
        the variable; those that it has are named.
    """
    with rasterio.Env(GDAL_CACHEMAX=GDAL_CACHE_MB), warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        name = _name_of(file, band)
        try:
            dataset = rasterio.open(name)
        except RasterioError as problem:
            raise SourceUnreadable(
                file.name, f"a file that cannot be opened as a raster ({problem})",
                "GeoTIFF, NetCDF or GRIB", "Fetch the file again or correct read.format.",
            ) from problem  # fmt: skip
        with dataset:
            _check(file.name, dataset, band, max_pixels)
            to_lonlat, scale = _projection(file.name, dataset, source)
            yield Raster(file.name, dataset, band, to_lonlat, scale)


def _name_of(file: Path, band: Band) -> str:
    """What GDAL calls the variable of a file that holds several."""
    if band.variable is None:
        return str(file)
    try:
        with rasterio.open(file) as dataset:
            variables = {name.rsplit(":", 1)[-1]: name for name in dataset.subdatasets}
            own = dataset.tags(1).get("NETCDF_VARNAME") if dataset.count else None
    except RasterioError:
        return str(file)
    if band.variable == own:
        return str(file)
    if band.variable not in variables:
        present = sorted(variables) or [own or "one unnamed variable"]
        near = nearest(band.variable, present)
        raise SourceUnreadable(
            file.name, f"variables {', '.join(present)}", f"a variable {band.variable!r}",
            f"{f'Nearest: {near!r}. ' if near else ''}Correct [[source.bands]].",
        )  # fmt: skip
    return variables[band.variable]


def _check(file: str, dataset: rasterio.DatasetReader, band: Band, max_pixels: int) -> None:
    pixels = dataset.width * dataset.height
    transform = dataset.transform
    if pixels > max_pixels:
        found, expected = f"{pixels:,} pixels", f"at most {max_pixels:,}"
        advice = "Cut the raster to the operation's area, or raise WAYPOST_MAX_PIXELS."
    elif dataset.subdatasets and not dataset.count:
        names = ", ".join(name.rsplit(":", 1)[-1] for name in dataset.subdatasets)
        found, expected = f"several variables ({names})", "one of them named"
        advice = "Set variable under [[source.bands]]."
    elif not 1 <= band.band <= dataset.count:
        found, expected = f"bands 1 to {dataset.count}", f"a band {band.band}"
        advice = "Correct [[source.bands]]."
    elif transform.is_identity:
        found, expected = "no geotransform", "a raster that says where it lies"
        advice = "Ask the provider for a georeferenced file."
    elif transform.b or transform.d or transform.a <= 0:
        found, expected = (
            f"a rotated or mirrored grid {tuple(transform)[:6]}",
            "rows from west to east",
        )
        advice = "Resample it to an unrotated grid with gdalwarp."
    else:
        return
    raise SourceUnreadable(file, found, expected, advice)


def _projection(
    file: str, dataset: rasterio.DatasetReader, source: Source
) -> tuple[pyproj.Transformer | None, float]:
    declared = dataset.crs.to_wkt() if dataset.crs else source.read.crs
    if not declared:
        raise SourceUnreadable(
            file, "no CRS", "a CRS", 'Set crs under [source.read], for example crs = "EPSG:4326".'
        )
    try:
        crs = pyproj.CRS.from_user_input(declared)
    except CRSError as problem:
        raise SourceUnreadable(
            file, f"a CRS that is not understood ({declared[:60]})", "a CRS such as EPSG:4326",
            "Correct crs under [source.read].",
        ) from problem  # fmt: skip
    degrees = crs.is_geographic and crs.axis_info[0].unit_name.startswith("degree")
    if degrees and not (crs.prime_meridian and crs.prime_meridian.longitude):
        return None, 1.0
    transformer = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return transformer, float(crs.axis_info[0].unit_conversion_factor)


def _wrapped(lon_deg: Floats) -> Floats:
    return (lon_deg + 180) % 360 - 180
