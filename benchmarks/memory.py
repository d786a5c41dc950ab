"""CPU and peak memory of one streamed raster: python -m benchmarks.memory SIZE [RES [HOW]]."""

import json
import resource
import sys
import time

from benchmarks import rasters
from benchmarks.hexing import FIVE
from etl.engine.files import RasterFile
from etl.engine.hexagons import hexagons


def main():
    size, resolution = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 8
    how = sys.argv[3] if len(sys.argv) > 3 else "alone"
    path = rasters.made(size)
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, cells, total = time.process_time(), 0, 0.0
    for part in hexagons(RasterFile(str(path)), resolution, FIVE, how=how):
        cells += len(part)
        total += part["sum"].sum()
    print(json.dumps({
        "megapixels": size**2 / 1e6, "resolution": resolution, "how": how, "cells": cells,
        "total": total,
        "cpu_s": round(time.process_time() - began, 2), "base_mb": round(base),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
