"""The hexing engine against others, on one raster and in one run; results are compared first.

python -m benchmarks.hexing [SIZE] [ROUNDS]: CPU seconds of the whole pipeline, reading included.
WAYPOST_RASTER2DGGS names the Python of an environment with raster2dggs[h3]; else it is left out.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import rasterio

from benchmarks import rasters
from etl.engine.files import RasterFile
from etl.engine.hexagons import hexagons, table
from etl.engine.statistics import Statistic
from etl.fractions import hexagons_of
from geo_data import grid

RESOLUTIONS = (6, 7, 8, 9)
FOUR = [
    Statistic("count", "count"), Statistic("sum", "sum"), Statistic("mean", "mean"),
    Statistic("above", "share", between=(20.0, np.inf)),
]  # fmt: skip
FIVE = [*FOUR, Statistic("max", "max")]


def reading(path):
    with rasterio.Env(GDAL_CACHEMAX=48), rasterio.open(path) as file:
        for row in range(0, file.height, 512):
            for column in range(0, file.width, 2048):
                wide, high = min(2048, file.width - column), min(512, file.height - row)
                file.read(1, window=((row, row + high), (column, column + wide)))


def engine(path, resolution, statistics=FIVE):
    return table(RasterFile(str(path)), resolution, statistics, how="alone", least_known=0.0)


def streamed(path, resolution, statistics):
    "All tables of finished cells, one after the other."
    raster = RasterFile(str(path))
    return sum(map(len, hexagons(raster, resolution, statistics, how="alone")))


def by_h3ronpy(path, resolution):
    with rasterio.open(path) as file:
        values, place = file.read(1), file.transform
    row, column = np.nonzero(values != -9999)
    lat, lon = place.f + (row + 0.5) * place.e, place.c + (column + 0.5) * place.a
    cell = grid.cells_of(lat_deg=lat, lon_deg=lon, resolution=resolution)
    pixel = pd.DataFrame({"cell": cell, "value": values[row, column]})
    pixel["above"] = pixel["value"] > 20
    return pixel.groupby("cell").agg(
        count=("value", "size"), sum=("value", "sum"), mean=("value", "mean"),
        max=("value", "max"), above=("above", "mean"),
    )  # fmt: skip


def by_exactextract(path, cells, strategy):
    from exactextract import exact_extract
    from geopandas import GeoDataFrame

    hexagons = GeoDataFrame({"cell": cells.astype(str)}, geometry=hexagons_of(cells), crs=4326)
    return exact_extract(
        str(path), hexagons, ["count", "sum", "mean", "max"], include_cols="cell",
        output="pandas", strategy=strategy,
    )  # fmt: skip


def by_rasterstats(path, cells):
    from rasterstats import zonal_stats

    return zonal_stats(list(hexagons_of(cells)), str(path), stats=["count", "sum", "mean", "max"])


OTHER_PYTHON = os.environ.get("WAYPOST_RASTER2DGGS")


def by_raster2dggs(path, warm, resolution):
    "CPU seconds of its own process without imports, and the sums by cell."
    out = rasters.HOME / "raster2dggs"
    shutil.rmtree(out, ignore_errors=True)
    done = subprocess.run(
        [OTHER_PYTHON, "-m", "benchmarks.raster2dggs_run", warm, path, str(resolution), out],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    parts = [pq.ParquetFile(part).read().to_pandas() for part in sorted(out.rglob("*.parquet"))]
    sums = pd.concat(parts)["band_1"]
    sums.index = sums.index.astype("int64")
    return json.loads(done.stdout.splitlines()[-1])["cpu_s"], sums


def spent(work):
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def cut(path, size):
    "The upper left corner as a file of its own, for those that would take minutes."
    target = path.with_name(f"cut_{size}.tif")
    if not target.exists():
        with rasterio.open(path) as file:
            profile = file.profile | {"width": size, "height": size}
            with rasterio.open(target, "w", **profile) as part:
                part.write(file.read(1, window=((0, size), (0, size))), 1)
    return target


def compare(path, resolution):
    "Largest relative difference of a cell and of the total to exactextract; equal cells or not."
    ours = engine(path, resolution)
    other = by_exactextract(path, ours["cell"].to_numpy(), "raster-sequential")
    theirs = other.set_index("cell").loc[ours["cell"].astype(str)]
    full = (ours["cover"] > 0.999).to_numpy()
    wrong = np.abs(ours["sum"].fillna(0).to_numpy() / theirs["sum"].to_numpy() - 1)
    _, around = grid.disks(ours["cell"], 1)
    fresh = np.setdiff1d(around, ours["cell"].to_numpy())
    beyond = by_exactextract(path, fresh, "feature-sequential")["count"].max()
    known = full & (theirs["count"].to_numpy() > 1)
    with rasterio.open(path) as file:
        values = file.read(1).astype(np.float64)
    whole = values[values != -9999].sum()
    other_sums = {}
    if OTHER_PYTHON:
        _, sums = by_raster2dggs(path, cut(path, 64), resolution)
        mine = ours.set_index("cell")["sum"].reindex(sums.index)
        apart = np.abs(mine / sums - 1)[ours["cell"][known].to_numpy()]
        other_sums = {
            "worst_cell_to_raster2dggs": float(apart.max()),
            "median_cell_to_raster2dggs": float(np.median(apart)),
            "total_to_raster2dggs": float(ours["sum"].sum() / sums.sum() - 1),
            "cells_only_in_one": len(set(sums.index) ^ set(ours["cell"])),
        }
    return {
        "resolution": resolution, "cells": len(ours), "worst_cell": float(wrong[known].max()),
        "median_cell": float(np.median(wrong[known])),
        "total_to_exactextract": float(ours["sum"].sum() / theirs["sum"].sum() - 1),
        "total_to_pixels": float(ours["sum"].sum() / whole - 1),
        "cells_missing": int(beyond > 1e-6), **other_sums,
    }  # fmt: skip


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 3200
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    path = rasters.made(size)
    small, smaller = cut(path, 1024), cut(path, 512)
    pixels = {path: size**2, small: 1024**2, smaller: 512**2}
    agreed = [compare(smaller if r == 9 else small, r) for r in RESOLUTIONS]
    for row in agreed:
        print(json.dumps(row), flush=True)
    speeds = []
    for resolution in RESOLUTIONS:
        engine(small, resolution)
        some = smaller if resolution == 9 else small
        cells = engine(some, resolution)["cell"].to_numpy()
        works = {
            "engine": (path, rounds, lambda p, r=resolution: streamed(p, r, FIVE)),
            "engine without max": (path, rounds, lambda p, r=resolution: streamed(p, r, FOUR)),
            "h3ronpy + group-by": (small, 2, lambda p, r=resolution: by_h3ronpy(p, r)),
            "exactextract by feature": (
                some, 1, lambda p, c=cells: by_exactextract(p, c, "feature-sequential")),
            "exactextract by raster": (
                some, 1, lambda p, c=cells: by_exactextract(p, c, "raster-sequential")),
            "rasterstats": (smaller, 1, lambda p, r=resolution: by_rasterstats(
                p, engine(smaller, r)["cell"].to_numpy())),
        }  # fmt: skip
        if resolution == 9:
            del works["rasterstats"]  # a minute for a quarter of a megapixel
        if OTHER_PYTHON:
            works["raster2dggs overlay"] = (small, 2, lambda p, r=resolution: by_raster2dggs(
                p, cut(p, 64), r)[0])  # fmt: skip
        for name, (file, many, work) in works.items():
            times, reads = [], []
            for _ in range(many):
                reads.append(spent(lambda p=file: reading(p))[0] / pixels[file] * 1e9)
                cpu, found = spent(lambda p=file, w=work: w(p))
                cpu = found if name == "raster2dggs overlay" else cpu  # that of its own process
                times.append(cpu / pixels[file] * 1e9)
            row = {
                "resolution": resolution, "method": name, "ns_per_pixel": np.median(times),
                "read_ns_per_pixel": np.median(reads),
                "times_reading": np.median(np.array(times) / np.array(reads)), "rounds": many,
            }  # fmt: skip
            speeds.append(row)
            print(json.dumps(row), flush=True)
    result = {"agreement": agreed, "speed": speeds, "megapixels": size**2 / 1e6}
    (rasters.HOME / "hexing.json").write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    Path(rasters.HOME).mkdir(parents=True, exist_ok=True)
    main()
