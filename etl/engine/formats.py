"""What kind of raster a file is by its first bytes, and how GDAL is made to take it for no other.

Some of GDAL's drivers, and some metadata of honest ones, lead to other files and hosts. So the
driver is named, overviews are never opened, and a file that names some elsewhere is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import RasterioError

from etl.engine import netcdf
from geo_data.errors import SourceUnreadable, quoted

TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
NETCDF = (b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF\r\n\x1a\n")
OPTIONS: dict[str, dict[str, str]] = {
    "GTiff": {"OVERVIEW_LEVEL": "NONE"}, "netCDF": {}, "GRIB": {"USE_IDX": "NO"},
}  # fmt: skip
HEAD = 1024
"""Bytes looked at; some centres write a line or two before the first GRIB message."""
MOST_BANDS = 16
MOST_LAYERS = 4_096
"""Bands of a GRIB or NetCDF file, which holds one for each hour, height and variable."""
MOST_BLOCK_BYTES = 1 << 29
PART = re.compile(r"netcdf:(.+):[^:]*", re.IGNORECASE)
"""How GDAL calls one variable of a file."""


def opened(name: str, file: str | None = None) -> rasterio.DatasetReader:
    """A dataset, or ``SourceUnreadable`` for what is none."""
    part = PART.fullmatch(name)
    path = Path(part[1].strip('"') if part else name)
    shown = file or path.name
    driver = driver_of(path, shown)
    if driver == "netCDF" and (lacking := netcdf.missing_bytes(path)):
        raise SourceUnreadable(
            shown, f"a file that ends at least {lacking:,} bytes too early", "a whole file",
            "Fetch the file again.",
        )  # fmt: skip
    try:
        dataset = rasterio.open(name, driver=driver, sharing=False, **OPTIONS[driver])
    except RasterioError as problem:
        raise _unreadable(
            shown, f"a file that cannot be opened as a raster ({quoted(problem)})"
        ) from None
    if dataset.tags(ns="OVERVIEWS"):
        dataset.close()
        raise SourceUnreadable(
            shown, "a raster that names another file or address for its overviews",
            "a raster whole in itself", "Ask its owner for the file; do not open it elsewhere.",
        )  # fmt: skip
    return dataset


def driver_of(path: Path, shown: str) -> str:
    """The driver for a file by its first bytes, whatever its name.

    Raises
    ------
    SourceUnreadable
        If it is none of the three kinds.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as problem:
        raise _unreadable(shown, f"a file that cannot be read ({problem.strerror})") from None
    if head.startswith(TIFF):
        return "GTiff"
    if head.startswith(NETCDF):
        return "netCDF"
    if b"GRIB" in head and not head.lstrip().startswith(b"<"):
        return "GRIB"
    raise _unreadable(shown, "content that cannot be opened as a raster of a known kind")


def refuse_bulk(file: str, dataset: rasterio.DatasetReader, bands: Sequence[int]) -> None:
    """Refuse more bands than a declaration counts on, and blocks that fill the memory at once."""
    most = MOST_BANDS if dataset.driver == "GTiff" else MOST_LAYERS
    most = max(most, *bands)
    if dataset.count > most:
        raise SourceUnreadable(
            file, f"{dataset.count:,} bands", f"at most {most:,}",
            "Cut it to the bands needed, or declare the last of them under [[source.bands]].",
        )  # fmt: skip
    together = dataset.count if dataset.interleaving == _PIXEL else 1
    for (high, wide), dtype in zip(dataset.block_shapes[:1], dataset.dtypes, strict=False):
        held = high * wide * together * _bytes_of(dtype)
        if held > MOST_BLOCK_BYTES:
            raise SourceUnreadable(
                file, f"blocks of {high:,} x {wide:,} pixels, {held:,} bytes",
                f"at most {MOST_BLOCK_BYTES:,} bytes that can only be read at once",
                "Write it in tiles, such as with gdal_translate -co TILED=YES.",
            )  # fmt: skip


_PIXEL: Any = rasterio.enums.Interleaving.pixel


def _bytes_of(dtype: str) -> int:
    bits = re.search(r"\d+$", dtype)
    return int(bits[0]) // 8 if bits else 16


def _unreadable(file: str, found: str) -> SourceUnreadable:
    return SourceUnreadable(
        file, found, "GeoTIFF, NetCDF or GRIB", "Fetch the file again or correct read.format."
    )
