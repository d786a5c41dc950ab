"""A printed map of the demo beside geopandas and matplotlib: python -m benchmarks.sheets.

Each way runs in a process of its own: CPU of one sheet after imports, and peak memory. The other
way draws hexagons, a coast and a legend only: no places, names, graticule, scale or receipts.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

LAYER = "population_people"
FRAME_PX = (11.69, 8.27)


def ours(kind):
    from dashboard import data
    from dashboard.sheets.sheet import Order, sheet
    from layers import BY_KEY

    view = data.view(data.newest())
    order = Order(
        layer=BY_KEY[LAYER], box=tuple(view.operation["area"]), places=("crossings", "services")
    )
    return lambda: sheet(view, order, kind)


def matplotlibs(kind):
    import io

    import geopandas as gpd
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.colors import ListedColormap

    from dashboard import data
    from dashboard.basemap.shapes import world
    from geo_data import grid
    from layers import BY_KEY

    view, layer = data.view(data.newest()), BY_KEY[LAYER]

    def draw():
        cells, codes = data.classes(view.name, layer.key, data.STORED, 6)
        table = gpd.GeoDataFrame(
            {"code": codes}, geometry=grid.polygons_of(cells.cells), crs="EPSG:4326"
        )
        table = table[table["code"] < 254].to_crs("EPSG:3857")
        west, south, east, north = view.operation["area"]
        land = gpd.GeoSeries(world().shapes("land", 5), crs="EPSG:4326")
        land = land.clip((west, south, east, north)).to_crs("EPSG:3857")
        figure, axes = plt.subplots(figsize=FRAME_PX)
        land.plot(ax=axes, color="#f6f4ef", edgecolor="#66808e")
        table.plot(ax=axes, column="code", cmap=ListedColormap(layer.colours), legend=True)
        out = io.BytesIO()
        figure.savefig(out, format=kind, dpi=300)
        return out.getvalue()

    return draw


def measured(way, kind):
    made = {"ours": ours, "matplotlib": matplotlibs}[way](kind)
    seconds = []
    for _ in range(2):
        began = time.process_time()
        body = made()
        seconds.append(round(time.process_time() - began, 2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"way": way, "kind": kind, "first_cpu_s": seconds[0], "cpu_s": seconds[1],
                      "bytes": len(body), "peak_mb": round(peak)}))  # fmt: skip


def main():
    if len(sys.argv) == 3:
        measured(sys.argv[1], sys.argv[2])
        return
    for way in ("ours", "matplotlib"):
        for kind in ("pdf", "png"):
            command = [sys.executable, "-m", "benchmarks.sheets", way, kind]
            subprocess.run(command, cwd=Path(__file__).parent.parent, check=True)


if __name__ == "__main__":
    main()
