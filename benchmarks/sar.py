"""Travel time, siting and drift against the obvious routes; results are compared first.

Run: ``PYTHONPATH=. python benchmarks/sar.py``, or with names of functions for some of it. Seconds
are of CPU, those by the clock in brackets. Needs networkx (requirements-dev.txt).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import networkx as nx
import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csgraph

from geo_data import grid
from geo_data.vocabulary import Medium
from layers.sar import distance, drift, leeway, network, response, siting

T = TypeVar("T")
METRES_PER_DEGREE = drift.METRES_PER_DEGREE


class Took(float):
    """Seconds of CPU, with those by the clock beside them."""

    wall: float

    def __format__(self, form: str) -> str:
        return f"{float(self):{form}} ({self.wall:{form}})"


def timed(make: Callable[[], T], *, runs: int = 1) -> tuple[T, Took]:
    """A result and the shortest of some runs."""
    best = Took(np.inf)
    for _ in range(runs):
        begun, used = time.perf_counter(), time.process_time()
        made = make()
        took = Took(time.process_time() - used)
        took.wall = time.perf_counter() - begun
        best = min(best, took)
    return made, best


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
    """Equal hours on a smaller sea, then the ratio: three speeds, of which each needs a search."""
    hexes = sea(60)
    net = {Medium.SEA: network.build(hexes, Medium.SEA)}
    fleet = boats(hexes["cell"].to_numpy(), 20, 3)
    found, ours = timed(lambda: response.response_time(fleet, hexes, net), runs=3)
    graph = nx.from_scipy_sparse_array(net[Medium.SEA].length_km)

    def searches() -> np.ndarray:
        hours = np.full(len(hexes), np.inf)
        for speed, equals in fleet.groupby("speed_km_h"):
            start = set(net[Medium.SEA].find(equals["cell"].to_numpy()).tolist())
            far = nx.multi_source_dijkstra_path_length(
                graph, start, weight="weight", cutoff=(30 - 1) / 2 * speed
            )
            at, km = np.array(list(far)), np.array(list(far.values()))
            hours[at] = np.minimum(hours[at], km / speed + 0.5)
        return hours

    hours, theirs = timed(searches)
    np.testing.assert_allclose(found.cells["response_h"], hours, rtol=1e-9)
    say(f"travel, {len(hexes):,} cells, 20 boats: {ours:.3f} s, networkx {theirs:.2f} s, "
        f"ratio {theirs / ours:.0f}, equal hours")  # fmt: skip


def travel_on_a_million() -> None:
    """The size that is promised, for fleets from alike to all different, beside scipy by kind."""
    hexes = sea(577)
    build = lambda: {Medium.SEA: network.build(hexes, Medium.SEA)}  # noqa: E731
    build()
    net, built = timed(build)
    legs = net[Medium.SEA].length_km
    say(f"network, {len(hexes):,} cells, {legs.nnz // 2:,} legs: {built:.2f} s")
    random = np.random.default_rng(3)
    fleets = {f"{n} speeds": boats(hexes["cell"].to_numpy(), 200, n) for n in (1, 3)}
    fleets["all different"] = fleets["3 speeds"].assign(
        speed_km_h=random.uniform(15, 65, 200), endurance_h=random.uniform(6, 60, 200),
        mobilise_h=random.uniform(0, 3, 200),
    )  # fmt: skip
    for name, fleet in fleets.items():
        find = lambda fleet=fleet: response.response_time(fleet, hexes, net)  # noqa: E731
        found, ours = timed(find, runs=2)
        hours, theirs = timed(lambda fleet=fleet: by_kind(fleet, hexes, net[Medium.SEA]))
        np.testing.assert_allclose(
            found.cells["response_h"].fillna(np.inf), hours, rtol=0, atol=1e-9
        )
        say(f"travel, {len(hexes):,} cells, 200 assets, {name}: {ours:.2f} s, scipy, one search a "
            f"kind {theirs:.2f} s, ratio {theirs / ours:.1f}, equal hours")  # fmt: skip


def by_kind(fleet: pd.DataFrame, hexes: pd.DataFrame, net: network.Network) -> np.ndarray:
    """Hours by one search of scipy for each kind of boat, the searches alone."""
    hours = np.full(len(hexes), np.inf)
    for kind, equals in fleet.groupby(["speed_km_h", "endurance_h", "mobilise_h"]):
        speed, endurance, start = kind
        node = np.unique(net.find(equals["cell"].to_numpy()))
        away = csgraph.dijkstra(
            net.length_km, indices=node, min_only=True, limit=(endurance - 1) / 2 * speed
        )
        hours = np.minimum(hours, start + away / speed)
    return hours


def legs_of_land() -> None:
    """Networks by the lattice beside those by geometry, same legs."""
    hexes = sea(240)
    land = np.random.default_rng(4).random(len(hexes)) < 0.1
    hexes = hexes.assign(land_share=land.astype(float))
    network.build(hexes, Medium.SEA)
    made, ours = timed(lambda: network.build(hexes, Medium.SEA), runs=2)
    lat_deg, lon_deg = grid.centres_of(made.cells)
    up = distance.normals(lat_deg=lat_deg, lon_deg=lon_deg)
    plain, theirs = timed(lambda: network._measured(made.cells, up, made.centre_km))
    assert abs(made.length_km - plain.length_km).max() < 1e-9
    say(f"network, {len(made.cells):,} of {len(hexes):,} cells open: {ours:.2f} s, by geometry "
        f"{theirs:.2f} s, ratio {theirs / ours:.1f}, same legs")  # fmt: skip


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


def siting_exact(seconds: float = 60.0) -> None:
    """Hard problems of 20,000 cells x 300 bases, p = 10, beside one large integer programme."""
    random = np.random.default_rng(2)
    noise = random.random((20_000, 300)) < 0.02, random.random(20_000)
    cells, bases = random.random((20_000, 2)), random.random((300, 2))
    away = np.hypot(*(cells[:, None, :] - bases[None, :, :]).transpose(2, 0, 1))
    problems = {"at random": noise}
    problems |= {
        f"on a square, radius {r}": (away <= r, random.lognormal(0, 2, 20_000))
        for r in (0.08, 0.16)
    }
    for name, (covers, demand) in problems.items():
        quick = siting.greedy(covers, demand, 10)
        best, ours = timed(
            lambda c=covers, d=demand: siting.most_covered(c, d, 10, seconds=seconds)
        )
        highs, theirs = timed(lambda c=covers, d=demand: programme(c, d, 10, seconds))
        bound, value = highs
        assert best.value <= bound * (1 + 1e-6)
        assert value <= best.bound * (1 + 1e-6)
        more = best.value / quick.value - 1
        say(f"exact MCLP {name}: {ours:.1f} s, gap {best.gap:.4f}, {more:.1%} above greedy; HiGHS "
            f"{theirs:.1f} s, gap {1 - value / bound:.4f}, bounds agree")  # fmt: skip


def programme(
    covers: np.ndarray, demand: np.ndarray, sites: int, seconds: float
) -> tuple[float, float]:
    """Bound and value of the problem as it stands, by HiGHS; only bases are whole."""
    cells, bases = covers.shape
    whole = np.concatenate([np.ones(bases), np.zeros(cells)])
    near = sparse.hstack([-sparse.csr_array(covers.astype(float)), sparse.eye_array(cells)])
    found = milp(
        np.concatenate([np.zeros(bases), -demand]), integrality=whole, bounds=Bounds(0, 1),
        constraints=[LinearConstraint(near, ub=0), LinearConstraint(whole[None, :], ub=sites)],
        options={"time_limit": seconds},
    )  # fmt: skip
    bound = demand.sum() if found.mip_dual_bound is None else -found.mip_dual_bound
    return float(bound), 0.0 if found.x is None else -float(found.fun)


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


EVERY = (
    travel_against_networkx, plain_dijkstra, legs_of_land, siting_greedy, drifting,
    travel_on_a_million, siting_exact,
)  # fmt: skip

if __name__ == "__main__":
    say(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; seconds of CPU (by the clock)")
    for part in EVERY:
        if len(sys.argv) == 1 or part.__name__ in sys.argv[1:]:
            part()
