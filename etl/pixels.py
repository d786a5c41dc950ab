"""A raster band: opened, checked before a pixel is read, read window by window, never warped."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning

from etl.engine import formats
from etl.engine.files import CACHE_MB, check, frame_of, read
from etl.engine.frame import Frame
from etl.engine.patches import Span, outline
from etl.engine.prefix import Reading
from geo_data.errors import SourceUnreadable, nearest
from geo_data.sources import Band, Source

Box = tuple[float, float, float, float]

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
            nodata=tuple(float(n) for n in nodata if np.isfinite(n)),
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
        return read(self.file, self.dataset, band, rows, columns)

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


@contextmanager
def opened(file: Path, band: Band, source: Source, max_pixels: int) -> Iterator[Raster]:
    """A band of a raster file, checked before a pixel is read.

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
            check(file.name, dataset, [band.band], max_pixels)
            yield Raster(file.name, dataset, band, frame_of(file.name, dataset, source.read.crs))


def _name_of(file: Path, band: Band) -> str:
    """What GDAL calls the variable of a file that holds several."""
    if band.variable is None:
        return str(file)
    with formats.opened(str(file), file.name) as dataset:
        variables = {name.rsplit(":", 1)[-1]: name for name in dataset.subdatasets}
        own = dataset.tags(1).get("NETCDF_VARNAME") if dataset.count else None
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
