"""One overlay by raster2dggs, run by an interpreter of its own environment.

python -m benchmarks.raster2dggs_run WARM RASTER RES OUT: prints the CPU seconds of the command for
RASTER, without imports, after it has run once on the small raster WARM.
"""

import json
import resource
import sys

from raster2dggs.cli import cli


def used():
    "CPU seconds of this process and of its finished children."
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def overlay(raster, resolution, out):
    "Area-weighted sums of all cells, not rounded, as Parquet."
    cli(
        ["h3", raster, out, "-r", resolution, "--overlay", "mass-preserve", "-d", "none",
         "--cell-id", "uint64", "-v", "ERROR", "-o"], standalone_mode=False,
    )  # fmt: skip


def main():
    warm, raster, resolution, out = sys.argv[1:]
    overlay(warm, resolution, out + ".warm")
    began = used()
    overlay(raster, resolution, out)
    print(json.dumps({"cpu_s": used() - began}))


if __name__ == "__main__":
    main()
