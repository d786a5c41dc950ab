"""Writes docs/performance.svg and prints the table of docs/performance.md from the last run."""

import json
import math
from pathlib import Path

from benchmarks import rasters

DOCS = Path(__file__).parent.parent / "docs"
COLOURS = {
    "engine": "#c2552d", "h3ronpy + group-by": "#7a97a8", "exactextract by raster": "#476a80",
    "exactextract by feature": "#243b4a", "rasterstats": "#c9c2b8",
}  # fmt: skip


def drawn(rows):
    parts, top = [], 40
    for resolution in (6, 7, 8, 9):
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


def main():
    run = json.loads((rasters.HOME / "hexing.json").read_text(encoding="utf-8"))
    (DOCS / "performance.svg").write_text(drawn(run["speed"]), encoding="utf-8")
    methods = list(dict.fromkeys(row["method"] for row in run["speed"]))
    print("| | " + " | ".join(f"res {r}" for r in (6, 7, 8, 9)) + " |\n|---|---|---|---|---|")
    for method in methods:
        found = {r["resolution"]: r for r in run["speed"] if r["method"] == method}
        cells = [
            f"{found[r]['ns_per_pixel']:,.0f} ({found[r]['times_reading']:,.3g}x)"
            if r in found else "" for r in (6, 7, 8, 9)
        ]  # fmt: skip
        print(f"| {method} | " + " | ".join(cells) + " |")
    for row in run["agreement"]:
        print(row)


if __name__ == "__main__":
    main()
