"""Rasters in memory for the hexing engine, and the second opinion of exactextract."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from etl.engine.files import RasterFile
from etl.engine.frame import Frame
from etl.engine.hexagons import table
from etl.engine.prefix import Reading
from etl.engine.statistics import Statistic
from etl.fractions import hexagons_of

NODATA = -9999.0
ALL = (
    Statistic("count", "count"), Statistic("sum", "sum"), Statistic("mean", "mean"),
    Statistic("low", "min"), Statistic("high", "max"),
    Statistic("above", "share", between=(0.5, np.inf)),
)  # fmt: skip


@dataclass(frozen=True)
class Bands:
    "Arrays as bands of a raster."

    frame: Frame
    arrays: tuple = field(repr=False)
    block: tuple[int, int] = (64, 64)

    def read(self, band, rows, columns):
        "Numbers of a window."
        return self.arrays[band - 1][slice(*rows), slice(*columns)]


@dataclass(frozen=True)
class Deadly(RasterFile):
    "A file whose first reader is killed."

    mark: str = ""

    def read(self, band, rows, columns):
        "Numbers of a window, or the end of the process."
        if rows[0] > 0 and not Path(self.mark).exists():
            Path(self.mark).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(band, rows, columns)


def bands(values, *, west, north, step, south_up=False, block=(64, 64)):
    "One band, or several; the first row of values is the northernmost."
    values = np.asarray(values)
    values = values[np.newaxis] if values.ndim == 2 else values
    high, wide = values.shape[1:]
    frame = Frame(west, north, step, -step, wide, high)
    if south_up:
        frame = Frame(west, north - step * high, step, step, wide, high)
        values = values[:, ::-1]
    return Bands(frame, tuple(np.ascontiguousarray(v) for v in values), block)


def hexed(raster, resolution=7, statistics=ALL, least_known=0.0, **more):
    "Table of statistics by cell."
    readings = {n + 1: Reading((NODATA,)) for n in range(len(raster.arrays))}
    found = table(
        raster, resolution, statistics, readings=readings, least_known=least_known, **more
    )
    return found.set_index("cell")


def hexagons_near(cells, longitude):
    "Hexagons on the turn of longitudes nearest to a given one."
    shapes = hexagons_of(np.asarray(cells, dtype=np.int64))
    middle = shapely.get_coordinates(shapely.centroid(shapes))[:, 0]
    turn = np.round((longitude - middle) / 360) * 360
    place, owner = shapely.get_coordinates(shapes, return_index=True)
    place[:, 0] += turn[owner]
    return shapely.set_coordinates(shapes, place)


def exact(raster, shapes, operations, crs=4326):
    "exactextract's opinion of the first band."
    from exactextract import exact_extract
    from exactextract.raster import NumPyRasterSource
    from geopandas import GeoDataFrame

    frame, values = raster.frame, raster.arrays[0].astype(np.float64)
    values = values if frame.dy < 0 else values[::-1].copy()
    y = sorted((frame.y0, frame.y0 + frame.dy * frame.height))
    source = NumPyRasterSource(
        values, xmin=frame.x0, xmax=frame.x0 + frame.dx * frame.width, ymin=y[0], ymax=y[1],
        nodata=NODATA,
    )  # fmt: skip
    table = GeoDataFrame({"n": np.arange(len(shapes))}, geometry=shapes, crs=crs)
    return exact_extract(source, table, operations, output="pandas")
