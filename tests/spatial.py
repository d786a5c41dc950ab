"""Tiny rasters, layers and sources, so that the expected value is obvious."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from affine import Affine

from etl import hexing, pixels
from geo_data import grid
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Band, Read, Source

EVERYTHING = (-1e30, 1e30)


def operation(area: tuple[float, float, float, float], resolution: int = 6) -> Operation:
    "An operation without sources."
    return Operation(
        key="test", title="Test", area=area, resolution=resolution, countries=["TUN"], source=[]
    )


def source(job: str = "raster", **more: Any) -> Source:
    "A declared source."
    read = more.pop("read", {})
    made = {"key": "one", "title": "One", "owner": "Owner", "licence": "CC0", "path": "x"} | more
    return Source(job=job, read=Read(**{"format": "raster"} | read), **made)


def raster(
    file: Path, values: Any, *, west: float, north: float, step: float,
    crs: str | None = "EPSG:4326", south_up: bool = False, transform: Affine | None = None,
    nodata: float | None = None,
) -> Path:  # fmt: skip
    "A GeoTIFF whose first row of values is the northernmost."
    values = np.atleast_2d(np.asarray(values, dtype=np.float64))
    place = Affine(step, 0, west, 0, -step, north)
    if south_up:
        place = Affine(step, 0, west, 0, step, north - step * len(values))
        values = values[::-1]
    with rasterio.open(
        file, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1,
        dtype="float64", crs=crs, transform=transform or place, nodata=nodata,
    ) as written:  # fmt: skip
        written.write(values, 1)
    return file


def hexed(
    file: Path, area: tuple[float, float, float, float], resolution: int = 6, **band: Any
) -> tuple[np.ndarray, hexing.Hexed]:
    "Cells of an area and a raster on them."
    cells = grid.cells_in_box(*area, resolution)
    declared = Band(**{"quantity": "elevation_m"} | band)
    with pixels.opened(file, declared, source(), Settings()) as opened:
        return cells, hexing.hex_raster(opened, cells, declared, area=area, legal=EVERYTHING)


def layer(shapes: list[Any], **columns: list[str]) -> pd.DataFrame:
    "A layer as the readers give it."
    table = (
        pd.DataFrame(columns, dtype="str") if columns else pd.DataFrame(index=range(len(shapes)))
    )
    table["_file"], table["_row"] = "layer.geojson", np.arange(1, len(shapes) + 1)
    table["geometry"] = pd.Series(shapes, dtype=object)
    return table
