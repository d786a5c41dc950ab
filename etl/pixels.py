"""A raster band: opened, checked before a pixel is read, read window by window, never warped."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning

from etl import steps
from etl.engine import formats
from etl.engine.files import CACHE_MB, RasterFile, close
from etl.engine.frame import Frame
from etl.engine.patches import Span, outline
from etl.engine.prefix import Reading
from geo_data.errors import SourceUnreadable, nearest
from geo_data.settings import Settings
from geo_data.sources import Band, Source

Box = tuple[float, float, float, float]

OUTLINE_POINTS = 65


@dataclass(frozen=True)
class Raster:
    """One checked band.

    Attributes
    ----------
    pixels : RasterFile
        The file by its name, which opens it again in every thread and process that reads it.
    """

    pixels: RasterFile
    band: Band

    @property
    def frame(self) -> Frame:
        """Where the pixels lie.

        Geographic degrees are taken as WGS84 whatever their datum, which is wrong by some hundred
        metres at most.
        """
        return self.pixels.frame

    @property
    def says_nodata(self) -> bool:
        """Whether the file or the declaration names a number that means no value."""
        own = self.pixels.dataset().nodatavals[self.band.band - 1]
        return own is not None or self.band.nodata is not None

    def reading(self, legal: tuple[float, float]) -> Reading:
        """How raw numbers become values, by the file and by the declaration."""
        own, declared = self.pixels.readings()[self.band.band], self.band
        nodata = {*own.nodata, *([] if declared.nodata is None else [declared.nodata])}
        return Reading(
            nodata=tuple(float(n) for n in nodata if np.isfinite(n)),
            scale=own.scale * declared.scale,
            offset=own.offset * declared.scale + declared.offset,
            legal=legal,
            empty=0.0 if declared.nodata_means == "none" else np.nan,
        )

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
            self.pixels.name, "a raster that reaches beyond where its projection is valid",
            "a raster inside its projection", "Ask the provider for a cut to the region.",
        )  # fmt: skip


@contextmanager
def opened(file: Path, band: Band, source: Source, settings: Settings) -> Iterator[Raster]:
    """A band of a raster file, checked before a pixel is read; closed here at the end.

    Raises
    ------
    SourceUnreadable
        If the file is no raster, too large, rotated, without place or CRS, or lacks the band or
        the variable; those that it has are named.
    """
    with rasterio.Env(GDAL_CACHEMAX=CACHE_MB), warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        name = _name_of(file, band)
        with formats.opened(name, file.name) as dataset:
            band = steps.chosen(dataset, band, file.name)
        found = RasterFile(
            name, (band.band,), source.read.crs, settings.max_pixels, settings.max_raster_bytes,
            str(file),
        )  # fmt: skip
        try:
            assert found.frame  # checks the file
            yield Raster(found, band)
        finally:
            close()


def _name_of(file: Path, band: Band) -> str:
    """What GDAL calls the variable of a file that holds several."""
    if band.variable is None:
        return str(file)
    with formats.opened(str(file), file.name) as dataset:
        variables = {name.rsplit(":", 1)[-1]: name for name in dataset.subdatasets}
        own = dataset.tags(1).get("NETCDF_VARNAME") if dataset.count else None
        elements = dataset.count and "GRIB_ELEMENT" in dataset.tags(1)
    if band.variable == own or elements:
        return str(file)
    if band.variable not in variables:
        present = sorted(variables) or [own or "one unnamed variable"]
        near = nearest(band.variable, present)
        raise SourceUnreadable(
            file.name, f"variables {', '.join(present)}", f"a variable {band.variable!r}",
            f"{f'Nearest: {near!r}. ' if near else ''}Correct [[source.bands]].",
        )  # fmt: skip
    return variables[band.variable]
