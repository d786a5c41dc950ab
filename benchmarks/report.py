"""Table and drawing of docs/performance.md from the last runs, or from new ones.

python -m benchmarks.report [--measure]: with --measure the benchmarks run first, one after the
other, each in a process of its own: python -m benchmarks.hexing, memory, archipelago, cluster.
"""

import json
import math
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import rasters

DOCS = Path(__file__).parent.parent / "docs"
COLOURS = {
    "engine": "#c2552d", "h3ronpy + group-by": "#7a97a8", "exactextract by raster": "#476a80",
    "exactextract by feature": "#243b4a", "rasterstats": "#c9c2b8",
    "raster2dggs overlay": "#8a6d3b",
}  # fmt: skip
RUNS = [
    ("hexing", "3200", "7"), ("memory", "3200", "8"), ("memory", "20000", "8"),
    ("memory", "20000", "8", "threads"), ("archipelago",),
    ("cluster", "20000", "3"),
]  # fmt: skip
RESOLUTIONS = (6, 7, 8, 9)
NAMES = {
    "engine": "engine, five statistics", "engine without max": "engine, without the highest value",
    "h3ronpy + group-by": "h3ronpy and group-by (by pixel centres)",
    "exactextract by feature": "exactextract, by feature",
    "exactextract by raster": "exactextract, by raster",
    "rasterstats": "rasterstats (by pixel centres)",
    "raster2dggs overlay": "raster2dggs, overlay (sums only)",
}  # fmt: skip
BEGIN, END = "<!-- table: python -m benchmarks.report -->", "<!-- end of table -->"


def drawn(rows):
    parts, top = [], 40
    for resolution in RESOLUTIONS:
        parts.append(f'<text x="10" y="{top + 10}">resolution {resolution}</text>')
        for row in rows:
            if row["resolution"] == resolution and row["method"] in COLOURS:
                times = row["times_reading"]
                wide = 95 * math.log10(times) + 4
                colour = COLOURS[row["method"]]
                parts.append(
                    f'<rect x="110" y="{top}" width="{wide:.0f}" height="13" fill="{colour}"/>'
                    f'<text x="{116 + wide:.0f}" y="{top + 11}">{row["method"]}: {times:.3g}</text>'
                )
                top += 17
        top += 12
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {top}" font-family="sans-serif"'
        f' font-size="12" fill="#243b4a"><rect width="720" height="{top}" fill="#fff"/>'
        '<text x="10" y="20">CPU time of the whole pipeline, in times of reading the file '
        "(logarithmic)</text>"
    )
    return "\n".join([head, *parts, "</svg>\n"])


def measure():
    "Run all benchmarks; what each prints is shown and kept beside the rasters."
    for name, *arguments in RUNS:
        began = time.perf_counter()
        command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        kept = rasters.HOME / f"{'_'.join([name, *arguments])}.log"
        kept.write_text(said, encoding="utf-8")
        print(f"{' '.join([name, *arguments])}: {time.perf_counter() - began:.0f} s\n{said}")


def tabled(rows):
    "Nanoseconds per pixel and times of reading, a row for each method."
    lines = ["| | " + " | ".join(f"res {r}" for r in RESOLUTIONS) + " |", "|---|---|---|---|---|"]
    for method in dict.fromkeys(row["method"] for row in rows):
        found = {row["resolution"]: row for row in rows if row["method"] == method}
        cells = [
            f"{found[r]['ns_per_pixel']:,.0f} ({found[r]['times_reading']:,.3g}x)"
            if r in found else "" for r in RESOLUTIONS
        ]  # fmt: skip
        lines.append(f"| {NAMES.get(method, method)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    if "--measure" in sys.argv[1:]:
        measure()
    run = json.loads((rasters.HOME / "hexing.json").read_text(encoding="utf-8"))
    (DOCS / "performance.svg").write_text(drawn(run["speed"]), encoding="utf-8")
    page = DOCS / "performance.md"
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    table = tabled(run["speed"])
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
    print(table)
    for row in run["agreement"]:
        print(row)


if __name__ == "__main__":
    main()
