"""Tables of a million rows and workbooks of 50,000 x 20, read by us and by others.

PYTHONPATH=. python benchmarks/readers.py [rows]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

HOME = Path(os.environ.get("WAYPOST_BENCH", Path(tempfile.gettempdir()) / "waypost-bench"))
COLUMNS = ["id", "Name", "Lat", "Lon", "Country", "Date", "Sector", "Status", "Capacity", "Note"]
OPERATION = """
key = "bench"
title = "Benchmark"
countries = ["LBY", "TUN", "NER", "TCD"]
area = [0, 15, 26, 40]
resolution = 6

[[source]]
key = "places"
title = "Places"
owner = "Nobody"
licence = "CC0"
job = "sites"
path = "{path}"
read = {{ format = "delimited" }}
[source.columns]
place_id = "id"
name = "Name"
lat_deg = "Lat"
lon_deg = "Lon"
country = "Country"
date = "Date"
site_type = "Sector"
displaced_people = "Capacity"
status = "Status"
"""


def table(rows, seed=1):
    "Ten columns; one row in a hundred is wrong in one of five ways."
    random = np.random.default_rng(seed)
    boxes = {"LBY": (12, 23, 25, 31), "TUN": (9, 10, 33, 36), "NER": (6, 12, 15, 20),
             "TCD": (16, 20, 15, 20)}  # fmt: skip
    codes = random.choice(list(boxes), rows)
    west, east, south, north = (
        pd.Series(codes).map({code: box[side] for code, box in boxes.items()}).to_numpy()
        for side in range(4)
    )
    days = np.datetime64("2020-01-01") + random.integers(0, 1500, rows).astype("timedelta64[D]")
    frame = pd.DataFrame(
        {
            "id": np.char.add("P", np.arange(rows).astype(str)),
            "Name": np.char.add(random.choice(["Poste ", "Ghat غات ", "Médenine "], rows),
                                random.integers(0, 99_999, rows).astype(str)),
            "Lat": np.char.mod("%.5f", random.uniform(south, north)),
            "Lon": np.char.mod("%.5f", random.uniform(west, east)),
            "Country": codes,
            "Date": days.astype(str),
            "Sector": random.choice(["health", "shelter", "wash", "protection"], rows),
            "Status": random.choice(["open", "closed", "unknown"], rows),
            "Capacity": random.integers(0, 5000, rows).astype(str),
            "Note": random.choice(["", "a, b", "usual"], rows),
        }
    )  # fmt: skip
    for number, (column, text) in enumerate(
        [("Lat", "n/a"), ("Lon", "190"), ("Date", "soon"), ("Status", "?"), ("Lat", "")]
    ):
        frame.loc[number::500, column] = text
    return frame


def written(rows):
    "Path of the CSV, written once."
    HOME.mkdir(parents=True, exist_ok=True)
    path = HOME / f"places_{rows}.csv"
    if not path.exists():
        table(rows).to_csv(path, index=False)
    (HOME / f"bench_{rows}.toml").write_text(OPERATION.format(path=path.name))
    return path


def workbook(rows=50_000, columns=20):
    "Path of a workbook of texts and numbers, written once by openpyxl."
    path = HOME / f"sheet_{rows}_{columns}.xlsx"
    if not path.exists():
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Data")
        sheet.append([f"column {number}" for number in range(columns)])
        for row in range(rows):
            sheet.append(
                [row * 20 + n if n % 2 else f"text {row % 999} {n}" for n in range(columns)]
            )
        book.save(path)
    return path


MEASURED = """
import time as t, resource
def spent():
    own = resource.getrusage(resource.RUSAGE_SELF)
    return t.perf_counter(), own.ru_utime + own.ru_stime
{before}
began = spent()
{after}
ended = spent()
with open("/proc/self/status") as told:
    peak = next(line.split()[1] for line in told if line.startswith("VmHWM"))
print(ended[0] - began[0], ended[1] - began[1], int(peak) / 1024)
"""


def timed(before, after):
    "Seconds by the clock and of the processor of the second part, peak memory in MB of both."
    done = subprocess.run(
        [sys.executable, "-c", MEASURED.format(before=before, after=after)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return map(float, done.stdout.split()[-3:])


OURS = """
from pathlib import Path
from etl.readers import read_table
from geo_data.settings import Settings
from geo_data.sources import Read, Source
one = Source(key="s", title="S", owner="O", licence="C", job="sites", path="a",
             read=Read(format={format!r}))
"""
READ = "print(len(read_table(one, [Path({path!r})], Settings())))"


def main(rows=1_000_000):
    path, book = str(written(rows)), str(workbook())
    lines = {
        "read CSV, ours": (OURS.format(format="delimited"), READ.format(path=path)),
        "read CSV, pandas dtype=str": (
            "import pandas as pd",
            f"print(len(pd.read_csv({path!r}, dtype=str, keep_default_na=False)))",
        ),
        "read sheet, ours": (OURS.format(format="excel"), READ.format(path=book)),
        "read sheet, openpyxl": (
            "import openpyxl",
            f"b_ = openpyxl.load_workbook({book!r}, read_only=True)\n"
            "print(sum(1 for _ in b_.active.iter_rows(values_only=True)))",
        ),
    }
    arguments = ["run", str(HOME / f"bench_{rows}.toml"), "--data", str(HOME), "--store",
                 str(HOME / "store"), "--plain"]  # fmt: skip
    toml = str(HOME / f"bench_{rows}.toml")
    lines["read and validate CSV"] = (
        OURS.format(format="delimited") + "from etl import jobs\nfrom geo_data import operations\n"
        f"from datetime import date\nmade = operations.load(Path({toml!r}))",
        f"print(jobs.run(made.source[0], [Path({path!r})], made, Settings(), "
        "date(2026, 1, 1)).accepted)",
    )
    lines["whole run, one source"] = ("", f"from etl.__main__ import main; main({arguments!r})")
    for name, code in lines.items():
        seconds, processor, memory = timed(*code)
        print(f"{name:30} {seconds:6.2f} s  {processor:6.2f} s cpu {memory:6.0f} MB", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
