"""CPU seconds from cells of resolution 9 to coarser ones, per ten million cells.

python -m benchmarks.pyramid [CELLS] [ROUNDS]: ours, and h3ronpy with a pandas group-by on a tenth.
"""

import json
import sys

import h3ronpy
import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.hexing import spent
from geo_data import grid
from geo_data import quantities as q
from geo_data.quantities import Combine
from geo_data.rollup import cover_column, roll_up, source_column

TEN_MILLION = 10_000_000


def cells_about(lat_deg, lon_deg, many):
    near = grid.cells_of(lat_deg=[lat_deg], lon_deg=[lon_deg], resolution=3)
    rings = int(np.sqrt(many / 7**6 / 3)) + 1
    coarse = grid.disks(near, rings)[1]
    return np.sort(np.concatenate([grid.children([c], 9).ravel() for c in coarse]))[:many]


def table_of(cells, quantity):
    value = np.random.default_rng(1).gamma(0.5, 10, len(cells))
    return pd.DataFrame({
        "cell": cells, quantity.column: value, cover_column(quantity): 1.0,
        source_column(quantity): 0,
    })  # fmt: skip


def by_group(table, quantity, resolution):
    index = pa.array(table["cell"].to_numpy().view(np.uint64))
    frame = table.assign(parent=pa.array(h3ronpy.change_resolution(index, resolution)).to_numpy())
    if quantity.combine is not Combine.MEAN:
        return frame.groupby("parent")[quantity.column].sum()
    frame["area"] = pa.array(h3ronpy.cells_area_km2(index)).to_numpy()
    frame["product"] = frame[quantity.column] * frame["area"]
    both = frame.groupby("parent")[["product", "area"]].sum()
    return both["product"] / both["area"]


def main():
    many = int(sys.argv[1]) if len(sys.argv) > 1 else TEN_MILLION
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    cells = cells_about(15.0, 30.0, many)
    few = cells[: many // 10]
    per = TEN_MILLION / len(cells), TEN_MILLION / len(few)
    for quantity in (q.POPULATION, q.HEAT):
        table, small = table_of(cells, quantity), table_of(few, quantity)
        ours = roll_up(small, [quantity], 3)[quantity.column].to_numpy()
        theirs = by_group(small, quantity, 3).to_numpy()
        works = {
            "9 to 3": lambda t=table, k=quantity: roll_up(t, [k], 3),
            "9 to each of 8 to 3": lambda t=table, k=quantity: [
                roll_up(t, [k], r) for r in range(8, 2, -1)
            ],
        }  # fmt: skip
        found = {
            name: round(per[0] * float(np.median([spent(work)[0] for _ in range(rounds)])), 3)
            for name, work in works.items()
        }
        other = per[1] * spent(lambda t=small, k=quantity: by_group(t, k, 3))[0]
        print(json.dumps({
            "quantity": quantity.column, "rule": quantity.combine, "cells": len(cells), **found,
            "h3ronpy and group-by, 9 to 3": round(other, 2),
            "difference": float(np.abs(ours / theirs - 1).max()),
        }), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
