"""Travel time, siting and drift against the obvious routes; results are compared first.

Run: ``PYTHONPATH=. python benchmarks/sar.py``. Needs networkx (requirements-dev.txt).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import networkx as nx
import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from geo_data import grid
from geo_data.vocabulary import Medium
from layers.sar import drift, leeway, network, response, siting

T = TypeVar("T")
METRES_PER_DEGREE = drift.METRES_PER_DEGREE


def timed(make: Callable[[], T], *, runs: int = 1) -> tuple[T, float]:
    """A result and the shortest of some runs, seconds."""
    best = np.inf
    for _ in range(runs):
        begun = time.perf_counter()
        made = make()
        best = min(best, time.perf_counter() - begun)
    return made, float(best)


def say(text: str) -> None:
    """One line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def sea(rings: int, resolution: int = 6) -> pd.DataFrame:
    """Open water around a point of the central Mediterranean."""
    middle = grid.cells_of(lat_deg=[34.0], lon_deg=[16.0], resolution=resolution)
    cells = np.sort(grid.disks(middle, rings)[1])
    return pd.DataFrame({"cell": cells, "land_share": 0.0})


def boats(cells: grid.Cells, many: int, speeds: int) -> pd.DataFrame:
    """Boats spread over the cells, a few kinds of them."""
    random = np.random.default_rng(1)
    at = random.choice(cells, many, replace=False)
    lat_deg, lon_deg = grid.centres_of(at)
    kind = np.arange(many) % speeds
    return pd.DataFrame(
        {
            "place_id": [f"b{n:03d}" for n in range(many)], "medium": "sea", "lat_deg": lat_deg,
            "lon_deg": lon_deg, "cell": at, "speed_km_h": 26.0 + 13 * kind, "endurance_h": 30.0,
            "mobilise_h": 0.5, "ready": True,
        }
    )  # fmt: skip


def travel_against_networkx() -> None:
    """Equal hours on a smaller sea, then the ratio."""
    hexes = sea(60)
    net = {Medium.SEA: network.build(hexes, Medium.SEA)}
    fleet = boats(hexes["cell"].to_numpy(), 20, 1)
    found, ours = timed(lambda: response.response_time(fleet, hexes, net), runs=3)
    graph = nx.from_scipy_sparse_array(net[Medium.SEA].length_km)
    start = set(net[Medium.SEA].find(fleet["cell"].to_numpy()).tolist())
    far, theirs = timed(lambda: nx.multi_source_dijkstra_path_length(graph, start, weight="weight"))
    hours = np.array([far[n] for n in range(len(hexes))]) / 26.0 + 0.5
    np.testing.assert_allclose(found.cells["response_h"], hours, rtol=1e-9)
    say(f"travel, {len(hexes):,} cells, 20 boats: {ours:.3f} s, networkx {theirs:.2f} s, "
        f"ratio {theirs / ours:.0f}, equal hours")  # fmt: skip


def travel_on_a_million() -> None:
    """The size that is promised."""
    hexes = sea(577)
    net, built = timed(lambda: {Medium.SEA: network.build(hexes, Medium.SEA)})
    fleet = boats(hexes["cell"].to_numpy(), 200, 3)
    _, took = timed(lambda: response.response_time(fleet, hexes, net), runs=2)
    legs = net[Medium.SEA].length_km.nnz // 2
    say(f"travel, {len(hexes):,} cells, {legs:,} legs, 200 assets of 3 speeds: {took:.2f} s "
        f"(network once: {built:.1f} s)")  # fmt: skip


def siting_greedy() -> None:
    """Against a plain loop over bases."""
    random = np.random.default_rng(2)
    covers, demand = random.random((20_000, 300)) < 0.02, random.random(20_000)

    def plain() -> tuple[int, ...]:
        left, chosen = demand.copy(), []
        for _ in range(10):
            adds = [float(left[covers[:, base]].sum()) for base in range(300)]
            chosen.append(int(np.argmax(adds)))
            left[covers[:, chosen[-1]]] = 0.0
        return tuple(chosen)

    found, ours = timed(lambda: siting.greedy(covers, demand, 10), runs=3)
    loop, theirs = timed(plain)
    assert found.sites == loop
    say(f"greedy MCLP, 20,000 x 300, p = 10: {ours:.3f} s, plain loop {theirs:.3f} s, "
        f"ratio {theirs / ours:.1f}, same sites")  # fmt: skip
    best, took = timed(lambda: siting.most_covered(covers, demand, 10, seconds=60))
    say(f"exact MCLP, the same: {took:.1f} s, gap {best.gap:.4f}")


def drifting() -> None:
    """5,000 particles, 48 hourly steps; the mean against a loop over particles without spread."""
    start = drift.Start(lat_deg=34.0, lon_deg=13.0, sd_km=2.0, at=datetime(2026, 1, 1, tzinfo=UTC))
    wind, current = drift.constant(5.0, -3.0), drift.constant(0.1, 0.05)
    made, ours = timed(
        lambda: drift.drift(start, wind, current, hours=48, object_class=leeway.RUBBER_BOAT,
                            wind_sd_m_s=1.5, current_sd_m_s=0.1),
        runs=3,
    )  # fmt: skip
    say(f"drift, {len(made.lat_deg):,} particles x 48 h: {ours:.3f} s")
    particles = leeway.draw("PIW-1", 500, np.random.default_rng(0), spread=False)
    sure, fast = timed(
        lambda: drift.drift(drift.Start(lat_deg=34.0, lon_deg=13.0, sd_km=0.0, at=start.at), wind,
                            current, hours=48, object_class="PIW-1", particles=500, spread=False,
                            jibes_per_h=0.0)
    )  # fmt: skip

    def plain() -> tuple[list[float], list[float]]:
        lats, lons = [], []
        for n in range(500):
            lat, lon = 34.0, 13.0
            one = leeway.Particles(
                particles.down_slope[n : n + 1], particles.down_offset_m_s[n : n + 1],
                particles.cross_slope[:, n : n + 1], particles.cross_offset_m_s[:, n : n + 1],
                particles.on_left[n : n + 1],
            )  # fmt: skip
            for _ in range(48):
                x, y = leeway.velocity(one, one.on_left, np.array([5.0]), np.array([-3.0]))
                up = (float(y[0]) + 0.05) * 3600 / METRES_PER_DEGREE
                lon += (float(x[0]) + 0.1) * 3600 / METRES_PER_DEGREE / np.cos(
                    np.radians(lat + up / 2))  # fmt: skip
                lat += up
            lats.append(lat)
            lons.append(lon)
        return lats, lons

    (lats, lons), slow = timed(plain)
    np.testing.assert_allclose(sure.lat_deg, lats, atol=1e-9)
    np.testing.assert_allclose(sure.lon_deg, lons, atol=1e-9)
    say(f"drift, 500 particles: {fast:.3f} s, one by one {slow:.2f} s, ratio {slow / fast:.0f}, "
        "equal positions")  # fmt: skip


def plain_dijkstra() -> None:
    """One search per asset and a minimum over all, against one search per kind."""
    hexes = sea(150)
    net = {Medium.SEA: network.build(hexes, Medium.SEA)}
    fleet = boats(hexes["cell"].to_numpy(), 60, 3)
    found, ours = timed(lambda: response.response_time(fleet, hexes, net), runs=2)
    legs: sparse.csr_array = net[Medium.SEA].length_km

    def each() -> np.ndarray:
        hours = np.full(len(hexes), np.inf)
        for row in fleet.itertuples():
            node = net[Medium.SEA].find([row.cell])[0]
            away = csgraph.dijkstra(legs, indices=node, limit=(30 - 1) / 2 * row.speed_km_h)
            hours = np.minimum(hours, 0.5 + away / row.speed_km_h)
        return hours

    hours, theirs = timed(each)
    np.testing.assert_allclose(found.cells["response_h"], hours, rtol=1e-9)
    say(f"travel, {len(hexes):,} cells, 60 assets: {ours:.2f} s, one search an asset {theirs:.2f} "
        f"s, ratio {theirs / ours:.0f}, equal hours")  # fmt: skip


if __name__ == "__main__":
    travel_against_networkx()
    plain_dijkstra()
    siting_greedy()
    drifting()
    travel_on_a_million()
