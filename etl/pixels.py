"""A raster band: opened, checked before a pixel is read, read window by window, never warped."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj
import rasterio
from numpy.typing import NDArray
from pyproj.exceptions import CRSError
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from etl.engine.frame import Frame
from etl.engine.patches import Span, outline
from etl.engine.prefix import Reading
from geo_data.errors import SourceUnreadable, nearest
from geo_data.sources import Band, Source

Box = tuple[float, float, float, float]

GDAL_CACHE_MB = 48  # a row of blocks is decoded once, then read in slices
OUTLINE_POINTS = 65


@dataclass(frozen=True)
class Raster:
    """One opened band.

    Attributes
    ----------
    frame : Frame
        Where the pixels lie. Geographic degrees are taken as WGS84 whatever their datum, which is
        wrong by some hundred metres at most.
    """

    file: str
    dataset: rasterio.DatasetReader
    band: Band
    frame: Frame

    @property
    def block(self) -> tuple[int, int]:
        """Rows and columns that are stored together."""
        high, wide = self.dataset.block_shapes[self.band.band - 1]
        return int(high), int(wide)

    def reading(self, legal: tuple[float, float]) -> Reading:
        """How raw numbers become values, by the file and by the declaration."""
        number, declared = self.band.band - 1, self.band
        own_scale, own_offset = self.dataset.scales[number], self.dataset.offsets[number]
        nodata = {self.dataset.nodatavals[number], declared.nodata} - {None}
        return Reading(
            nodata=tuple(float(n) for n in nodata if np.isfinite(n)),  # type: ignore[arg-type]
            scale=own_scale * declared.scale,
            offset=own_offset * declared.scale + declared.offset,
            legal=legal,
            empty=0.0 if declared.nodata_means == "none" else np.nan,
        )

    def read(self, band: int, rows: Span, columns: Span) -> NDArray:
        """Raw numbers of a window; NaN where a mask of the file hides them.

        Raises
        ------
        SourceUnreadable
            If a block cannot be decoded; it is named.
        """
        window = Window(columns[0], rows[0], columns[1] - columns[0], rows[1] - rows[0])
        try:
            raw = self.dataset.read(band, window=window)
            if not _has_mask(self.dataset, band):
                return raw
            hidden = self.dataset.read_masks(band, window=window) == 0
        except RasterioError as problem:
            raise SourceUnreadable(
                self.file,
                f"pixels that cannot be decoded (rows {rows[0]} to {rows[1] - 1}, columns "
                f"{columns[0]} to {columns[1] - 1}: {problem})",
                "a complete raster", "Fetch the file again.",
            ) from problem  # fmt: skip
        return np.where(hidden, np.nan, raw)

    def crop(self, box: Box) -> tuple[Span, Span]:
        """Rows and columns (half open) of the pixels whose centre is in a box of degrees.

        Raises
        ------
        SourceUnreadable
            If the raster reaches beyond its projection.
        """
        west, south, east, north = box
        frame = self.frame
        x = frame.x0 + (np.arange(frame.width) + 0.5) * frame.dx
        y = frame.y0 + (np.arange(frame.height) + 0.5) * frame.dy
        if frame.to_lonlat is None:
            x = west + (x - west) % 360
        else:
            self._check_projection()
            bounds = frame.to_lonlat.transform_bounds(*box, densify_pts=21, direction="INVERSE")
            if not np.isfinite(bounds).all():  # the box reaches beyond the projection
                return (0, frame.height), (0, frame.width)
            west, south, east, north = bounds
        columns = np.flatnonzero((x >= west) & (x <= east))
        rows = np.flatnonzero((y >= south) & (y <= north))
        if not len(columns) or not len(rows):
            return (0, 0), (0, 0)
        return (int(rows[0]), int(rows[-1]) + 1), (int(columns[0]), int(columns[-1]) + 1)

    def _check_projection(self) -> None:
        size = (0, self.frame.height), (0, self.frame.width)
        if np.isfinite(self.frame.positions(*outline(*size, OUTLINE_POINTS))).all():
            return
        raise SourceUnreadable(
            self.file, "a raster that reaches beyond where its projection is valid",
            "a raster inside its projection", "Ask the provider for a cut to the region.",
        )  # fmt: skip


def _has_mask(dataset: rasterio.DatasetReader, band: int) -> bool:
    """Whether pixels are hidden otherwise than by a nodata number."""
    flags = set(dataset.mask_flag_enums[band - 1])
    return not flags & {MaskFlags.all_valid, MaskFlags.nodata}


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
            to_lonlat, metres = _projection(file.name, dataset, source)
            place = dataset.transform
            frame = Frame(
                place.c, place.f, place.a, place.e, dataset.width, dataset.height, to_lonlat, metres
            )
            yield Raster(file.name, dataset, band, frame)


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

