"""Exact fractions of an archipelago of 19.5 thousand vertices: seconds, area and lost islands."""

import json
import time

import numpy as np
import shapely

from etl.fractions import cell_fractions, hexagons_of
from geo_data import grid


def archipelago(islands=265, vertices=19_500, seed=7):
    "Rough islands of all sizes on the equator, together as large as those of Indonesia."
    rng = np.random.default_rng(seed)
    size = rng.pareto(0.8, islands) + 0.05
    size = np.minimum(size, 20)
    size *= 150 / (np.pi * 1.6 * size.sum())  # square degrees
    share = np.maximum(8, (vertices * np.sqrt(size) / np.sqrt(size).sum()).astype(int))
    parts = []
    for many, area in zip(share, size, strict=True):
        angle = np.linspace(0, 2 * np.pi, many, endpoint=False)
        radius = np.ones(many)
        for wave in range(2, 40):
            radius += rng.normal() * 0.5 / wave**1.3 * np.cos(wave * angle + rng.uniform(0, 6.28))
        radius = np.maximum(radius, 0.2) * np.sqrt(area)
        x, y = rng.uniform(98, 138), rng.uniform(-9, 4)
        ring = np.column_stack([x + 1.6 * radius * np.cos(angle), y + radius * np.sin(angle)])
        parts.append(shapely.make_valid(shapely.Polygon(ring)))
    return shapely.union_all(parts)


def main():
    shape = archipelago()
    west, south, east, north = shape.bounds
    for resolution in (6, 7):
        reach = 0.2
        cells = grid.cells_in_box(
            west - reach, south - reach, east + reach, north + reach, resolution
        )
        began = time.process_time()
        found = cell_fractions([shape], cells)
        spent = time.process_time() - began
        area = shapely.area(hexagons_of(found["cell"].to_numpy()))
        whole = (area * found["fraction"]).sum() / shape.area
        tree = shapely.STRtree(hexagons_of(found["cell"].to_numpy()))
        lost = sum(not len(tree.query(part, "intersects")) for part in shapely.get_parts(shape))
        print(json.dumps({
            "resolution": resolution, "vertices": int(shapely.get_num_coordinates(shape)),
            "parts": len(shapely.get_parts(shape)), "candidates": len(cells), "cells": len(found),
            "cpu_s": round(spent, 2), "area_error": float(whole - 1), "islands_lost": lost,
        }))  # fmt: skip


if __name__ == "__main__":
    main()
