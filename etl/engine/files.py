"""Raster files: checked before a pixel is read, opened where they are read."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyproj
import rasterio
from numpy.typing import NDArray
from pyproj.exceptions import CRSError
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from etl.engine import formats
from etl.engine.frame import Frame
from etl.engine.patches import Span
from etl.engine.prefix import Reading
from geo_data.errors import SourceUnreadable

CACHE_MB = 48  # a row of blocks is decoded once, then read in slices
_OPENED = threading.local()


@dataclass(frozen=True)
class RasterFile:
    """A raster by its name, so that it can be sent to other threads and processes.

    Attributes
    ----------
    bands : tuple of int
        Bands that will be read, from 1.
    crs : str or None
        Speaks for a file that says nothing.
    max_pixels, max_bytes : int
        Limits of what the file's header declares.
    file : str or None
        The file itself, where ``path`` is GDAL's name of one of its variables.
    """

    path: str
    bands: tuple[int, ...] = (1,)
    crs: str | None = None
    max_pixels: int = 10**11
    max_bytes: int = 10**12
    file: str | None = None

    @property
    def name(self) -> str:
        """The file as messages call it."""
        return Path(self.file or self.path).name

    @cached_property
    def frame(self) -> Frame:
        """Where the pixels lie; checks the file."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = self.dataset()
        check(self.name, dataset, self.bands, self.max_pixels, self.max_bytes)
        return frame_of(self.name, dataset, self.crs)

    @property
    def block(self) -> tuple[int, int]:
        """Rows and columns that are stored together."""
        high, wide = self.dataset().block_shapes[self.bands[0] - 1]
        return int(high), int(wide)

    def readings(self) -> dict[int, Reading]:
        """How the file's raw numbers become values, by band."""
        dataset, found = self.dataset(), {}
        for band in self.bands:
            number = dataset.nodatavals[band - 1]
            nodata = () if number is None or np.isnan(number) else (float(number),)
            scale, offset = dataset.scales[band - 1], dataset.offsets[band - 1]
            found[band] = Reading(nodata, scale, offset)
        return found

    def read(self, band: int, rows: Span, columns: Span) -> NDArray:
        """Raw numbers of a window; see :func:`read`."""
        with rasterio.Env(GDAL_CACHEMAX=CACHE_MB):
            return read(self.name, self.dataset(), band, rows, columns)

    def dataset(self) -> rasterio.DatasetReader:
        """One dataset for each thread, as they cannot be shared; a changed file is opened again."""
        kept, edition = _OPENED.__dict__, (self.path, _stamp(self.file or self.path))
        if kept.get("edition") != edition:
            close()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NotGeoreferencedWarning)
                kept["dataset"] = formats.opened(self.path, self.name)
            kept["edition"] = edition
        return kept["dataset"]

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in self.__dict__.items() if key != "frame"}


def close() -> None:
    """Close what this thread holds open."""
    kept = _OPENED.__dict__
    kept.pop("edition", None)
    if "dataset" in kept:
        kept.pop("dataset").close()


def _stamp(file: str) -> tuple[int, int] | None:
    """What changes when a file is written again."""
    try:
        state = Path(file).stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size


def read(
    file: str, dataset: rasterio.DatasetReader, band: int, rows: Span, columns: Span
) -> NDArray:
    """Raw numbers of a window; NaN where a mask of the file hides them.

    Raises
    ------
    SourceUnreadable
        If a block cannot be decoded; its rows and columns are named.
    """
    window = Window(columns[0], rows[0], columns[1] - columns[0], rows[1] - rows[0])
    try:
        raw = dataset.read(band, window=window)
        if set(dataset.mask_flag_enums[band - 1]) & {MaskFlags.all_valid, MaskFlags.nodata}:
            return raw
        hidden = dataset.read_masks(band, window=window) == 0
    except RasterioError as problem:
        rows, columns = _broken(dataset, band, rows, columns)
        raise SourceUnreadable(
            file,
            f"pixels that cannot be decoded, in rows {rows[0]} to {rows[1] - 1} and columns "
            f"{columns[0]} to {columns[1] - 1} of band {band} (counted from 0)",
            "a complete raster", "Fetch the file again.",
        ) from problem  # fmt: skip
    return np.where(hidden, np.nan, raw)


def _broken(
    dataset: rasterio.DatasetReader, band: int, rows: Span, columns: Span
) -> tuple[Span, Span]:
    """Rows and columns of the first block of a window that cannot be read; else the window."""
    high, wide = dataset.block_shapes[band - 1]
    for top in range(rows[0] - rows[0] % high, rows[1], high):
        for left in range(columns[0] - columns[0] % wide, columns[1], wide):
            down, across = min(top + high, dataset.height), min(left + wide, dataset.width)
            try:
                dataset.read(band, window=Window(left, top, across - left, down - top))
            except RasterioError:
                return (top, down), (left, across)
    return rows, columns


def check(
    file: str, dataset: rasterio.DatasetReader, bands: Sequence[int], max_pixels: int,
    max_bytes: int,
) -> None:  # fmt: skip
    """Raise ``SourceUnreadable`` for a raster that is too large, out of place, or lacks a band."""
    check_size(file, dataset, max_pixels, max_bytes)
    transform = dataset.transform
    if dataset.subdatasets and not dataset.count:
        names = ", ".join(name.rsplit(":", 1)[-1] for name in dataset.subdatasets)
        found, expected = f"several variables ({names})", "one of them named"
        advice = "Set variable under [[source.bands]]."
    elif lacking := [band for band in bands if not 1 <= band <= dataset.count]:
        found, expected = f"bands 1 to {dataset.count}", f"a band {lacking[0]}"
        advice = "Correct [[source.bands]]."
    elif transform.is_identity or dataset.gcps[0]:
        found, expected = "no geotransform", "a raster that says where it lies"
        advice = "Ask the provider for a georeferenced file."
    elif transform.b or transform.d or transform.a <= 0:
        found, expected = (
            f"a rotated or mirrored grid {tuple(transform)[:6]}",
            "rows from west to east",
        )
        advice = "Resample it to an unrotated grid with gdalwarp."
    else:
        formats.refuse_bulk(file, dataset, bands)
        return
    raise SourceUnreadable(file, found, expected, advice)


def check_size(file: str, dataset: rasterio.DatasetReader, max_pixels: int, max_bytes: int) -> None:
    """Raise ``SourceUnreadable`` if the header declares more than the settings allow."""
    pixels = dataset.width * dataset.height
    number = max((np.dtype(kind).itemsize for kind in dataset.dtypes), default=0)
    size = pixels * dataset.count * number
    if pixels > max_pixels:
        found, expected, setting = f"{pixels:,} pixels", f"{max_pixels:,}", "WAYPOST_MAX_PIXELS"
    elif size > max_bytes:
        bands = f"{dataset.count} band{'s' if dataset.count > 1 else ''}"
        found = (
            f"{dataset.width:,} x {dataset.height:,} pixels x {bands} x {number} bytes = "
            f"{size:,} bytes"
        )
        expected, setting = f"{max_bytes:,}", "WAYPOST_MAX_RASTER_BYTES"
    else:
        return
    raise SourceUnreadable(
        file, found, f"at most {expected}",
        f"Cut the raster to the operation's area, or raise {setting}.",
    )  # fmt: skip


def frame_of(file: str, dataset: rasterio.DatasetReader, crs: str | None = None) -> Frame:
    """Where the pixels of a checked dataset lie; ``crs`` speaks for a file that says nothing."""
    place, size = dataset.transform, (dataset.width, dataset.height)
    to_lonlat, metres = _projection(file, dataset, crs)
    return Frame(place.c, place.f, place.a, place.e, *size, to_lonlat, metres)


def _projection(
    file: str, dataset: rasterio.DatasetReader, spoken: str | None
) -> tuple[pyproj.Transformer | None, float]:
    declared = dataset.crs.to_wkt() if dataset.crs else spoken
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
