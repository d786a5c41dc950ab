"""Synthetic 3-arc-second rasters: full-entropy counts with a quarter of patchy nodata, DEFLATE."""

import os
import tempfile
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

HOME = Path(os.environ.get("WAYPOST_BENCH", Path(tempfile.gettempdir()) / "waypost-bench"))
STEP = 1 / 1200


def smooth(seed, shape, rows, scale):
    "Bilinear noise of rows (first, last) of a grid; the same whatever the rows."
    grid = np.random.default_rng(seed).standard_normal(
        (shape[0] // scale + 3, shape[1] // scale + 3), dtype=np.float32
    )
    y, x = np.arange(*rows) / scale, np.arange(shape[1]) / scale
    i, j = y.astype(int), x.astype(int)
    down, right = (y - i)[:, None].astype("f4"), (x - j)[None, :].astype("f4")
    top = grid[i][:, j] * (1 - right) + grid[i][:, j + 1] * right
    bottom = grid[i + 1][:, j] * (1 - right) + grid[i + 1][:, j + 1] * right
    return top * (1 - down) + bottom * down


def made(size, west=28.0, north=13.5, block=512):
    "Path of a raster of size x size pixels, written once."
    path = HOME / f"counts_{size}.tif"
    if path.exists():
        return path
    HOME.mkdir(parents=True, exist_ok=True)
    profile = {
        "driver": "GTiff", "width": size, "height": size, "count": 1, "dtype": "float32",
        "crs": "EPSG:4326", "transform": from_origin(west, north, STEP, STEP), "nodata": -9999.0,
        "tiled": True, "blockxsize": block, "blockysize": block, "compress": "deflate",
        "predictor": 3,
    }  # fmt: skip
    part = path.with_suffix(".part")
    with rasterio.open(part, "w", **profile) as file:
        for row in range(0, size, block):
            rows = row, min(row + block, size)
            shape = size, size
            level = sum(
                smooth(n, shape, rows, scale) * weight
                for n, (scale, weight) in enumerate([(1000, 1.0), (170, 0.8), (37, 0.5), (9, 0.4)])
            )
            grain = np.random.default_rng(row).standard_normal(level.shape, dtype=np.float32)
            values = np.exp(1.2 * level + 0.6 * grain + 1).astype("f4")
            values[smooth(77, shape, rows, 400) + 0.5 * smooth(78, shape, rows, 60) < -0.45] = -9999
            file.write(values, 1, window=((row, rows[1]), (0, size)))
    part.rename(path)
    return path
