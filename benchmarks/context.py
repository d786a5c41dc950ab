"""How long a person waits for a profile, another weight, robustness; against plain geopandas.

    python -m benchmarks.context

100,000 cells of resolution 7 and 12 indicators with made values; the best of five runs each.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_data import grid
from layers.context import areas, index, indicators, robustness, scheme
from layers.context.profile import HAZARDS, MEANS, TOTALS, profile

CELLS = 100_000
RUNS = 5


def timed(name: str, work: Callable[[], object], runs: int = RUNS) -> float:
    best = min(_once(work) for _ in range(runs))
    print(f"{name:<58} {best * 1000:>9,.0f} ms")
    return best


def _once(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def operation() -> pd.DataFrame:
    cells = grid.cells_in_box(8.0, 22.0, 15.0, 30.0, 7)[:CELLS]
    draw = np.random.default_rng(0)
    table = pd.DataFrame({"cell": cells})
    for quantity in dict.fromkeys((*TOTALS, *HAZARDS, *MEANS)):
        table[quantity.column] = draw.gamma(0.5, 10, len(cells)).astype(np.float32)
        table[f"{quantity.column}__cover"] = np.float32(1)
    return table


def overlay(cells: gpd.GeoDataFrame, area: gpd.GeoDataFrame) -> pd.Series:
    "The usual way: intersect, weigh by area in an equal-area projection, sum."
    projected = cells.to_crs(6933)
    projected["whole"] = projected.area
    cut = gpd.overlay(projected, area.to_crs(6933), how="intersection")
    share = cut.area / cut["whole"]
    return cut[[quantity.column for quantity in TOTALS]].mul(share, axis=0).sum()


def main() -> None:
    table = operation()
    outline = shapely.Point(11.5, 26.0).buffer(3.0, 200)
    everywhere = areas.from_cells(table["cell"].to_numpy())
    services = pd.DataFrame(
        {"lat_deg": np.linspace(23, 29, 2_000), "lon_deg": np.linspace(9, 14, 2_000),
         "sector": "health"}
    )  # fmt: skip
    timed(f"profile of {len(table):,} cells, {2_000:,} services", lambda: profile(
        everywhere, table, {"services": services}))  # fmt: skip
    cells = table["cell"].to_numpy()
    ours = timed("cells of a drawn polygon (exact shares), and its profile", lambda: profile(
        areas.from_polygon(outline, cells), table, {"services": services}))  # fmt: skip
    shapes = gpd.GeoDataFrame(
        table, geometry=grid.polygons_of(table["cell"].to_numpy()), crs=4326
    )  # fmt: skip
    area = gpd.GeoDataFrame(geometry=[outline], crs=4326)
    theirs = timed("geopandas overlay of the same, two totals only", lambda: overlay(shapes, area),
                   runs=1)  # fmt: skip
    print(f"{'ratio':<58} {theirs / ours:>9.1f}")

    plan = scheme.load(scheme.BORDER_PRESSURE)
    draw = np.random.default_rng(1)
    scores = pd.DataFrame(
        {one.key: np.where(draw.random(CELLS) < 0.05, np.nan, draw.uniform(0, 10, CELLS))
         for one in plan.indicators}
    )  # fmt: skip
    turns = iter(np.linspace(0.5, 3, 50))
    timed("another weight, index of 100,000 cells", lambda: index.evaluated(
        scores, indicators.weighed(plan, {"FLOOD": next(turns)})))  # fmt: skip
    versions = robustness.draws(plan, 1_000)
    timed(f"robustness, 1,000 draws x {len(plan.indicators)} indicators", lambda:
          robustness.robustness(scores, plan, versions), runs=2)  # fmt: skip


if __name__ == "__main__":
    main()
