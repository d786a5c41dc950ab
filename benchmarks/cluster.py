"""CPU of one raster on this thread, on threads, processes and a local Dask cluster, all included.

python -m benchmarks.cluster [SIZE] [ROUNDS] [RES]: every run is a process of its own, so that the
CPU of its workers, from their start to their end, is that of its children.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

from benchmarks import rasters
from benchmarks.hexing import FIVE

WAYS = ("alone", "threads", "processes", "dask")


def used():
    "CPU seconds of this process and of its finished children."
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def mapped(size, resolution, how):
    "Cells, total and a fingerprint of all columns in the order of the cells that came."
    from etl.engine.files import RasterFile
    from etl.engine.hexagons import hexagons

    cells, total, print_ = 0, 0.0, hashlib.sha256()
    raster = RasterFile(str(rasters.made(size)))
    for part in hexagons(raster, resolution, FIVE, how=how, workers=2):
        cells += len(part)
        total += float(part["sum"].sum())
        for column in part:
            print_.update(np.ascontiguousarray(part[column].to_numpy()))
    return {"cells": cells, "total": total, "fingerprint": print_.hexdigest()[:16]}


def on_dask(size, resolution):
    "The same on two workers with a thread each; CPU of the mapping alone besides."
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1",
                     dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        client.run(_warm)
        began = time.process_time() + sum(client.run(time.process_time).values())
        found = mapped(size, resolution, client)
        ended = time.process_time() + sum(client.run(time.process_time).values())
    return found | {"mapping_s": ended - began}


def _warm():
    import etl.engine.executors  # noqa: F401


def one(size, resolution, way):
    began = time.perf_counter()
    if way == "dask":
        found = on_dask(size, resolution)
    else:
        start = used()
        found = mapped(size, resolution, way)
        found["mapping_s"] = used() - start
    return found | {"way": way, "cpu_s": used(), "wall_s": time.perf_counter() - began}


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    resolution = int(sys.argv[3]) if len(sys.argv) > 3 else 8
    rasters.made(size)
    runs = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            command = [sys.executable, "-m", "benchmarks.cluster", "one", str(size),
                       str(resolution), way]  # fmt: skip
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            runs[way].append(json.loads(said.splitlines()[-1]))
            print(json.dumps(runs[way][-1]), flush=True)
    same = {(run["cells"], run["fingerprint"]) for way in WAYS for run in runs[way]}
    assert len(same) == 1, f"the ways differ: {same}"
    rows = []
    for way in WAYS:
        row = {"way": way, "megapixels": size**2 / 1e6, "rounds": rounds}
        for name in ("cpu_s", "mapping_s", "wall_s"):
            row[name] = round(float(np.median([run[name] for run in runs[way]])), 2)
            # Rounds are compared with the single thread of the same minute.
            pairs = zip(runs[way], runs["alone"], strict=True)
            ratio = float(np.median([mine[name] / its[name] for mine, its in pairs]))
            row[name.replace("_s", "_times_alone")] = round(ratio, 3)
        rows.append(row)
        print(json.dumps(row), flush=True)
    (rasters.HOME / "cluster.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])))
    else:
        main()
