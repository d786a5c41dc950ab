"""The map in a headless browser, side by side with folium.GeoJson and pydeck, in one run.

    python -m benchmarks.map [--cells 1000000] [--resolution 8] [--zoom 9] [--ours]
                             [--memory-cells 10000000] [--rounds 5]

For ten million cells: ``--cells 10000000 --resolution 9``; with ``--zoom 11`` the finest are drawn.
``--ours`` leaves the other two out. Hexagons with made values; a bare server of our routes, so that
only the map is measured. pydeck runs in Streamlit, which brings deck.gl along. Needs Chromium and
playwright.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import folium
import h3
import numpy as np
import pandas as pd
import uvicorn
from playwright.sync_api import CDPSession, Page, sync_playwright
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard import data, leaflet, routes
from dashboard.assets import LEAFLET_URL, SCRIPT, STYLE
from dashboard.basemap.served import address
from dashboard.basemap.shapes import world
from dashboard.tiles import TileGrid, encode
from geo_data import grid, rollup
from geo_data.columns import Columns
from geo_data.grid import resolution_of
from geo_data.quantities import POPULATION
from geo_data.rollup import cover_column, source_column

PORT, DECK_PORT = 8784, 8785
START = (15.5, 32.5, 9)
PALETTE = ("#f4f1ea", "#e3cfe6", "#b07fc0", "#74449a", "#371460")
FRAMES = """() => { window.frames_ms = []; let last = performance.now();
  const tick = (now) => { frames_ms.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick); }"""
OURS_READY = """() => window.waypost && waypost.stage && waypost.stage.hexes
  && Object.values(waypost.stage.hexes._tiles).length
  && Object.values(waypost.stage.hexes._tiles).every((t) => t.loaded)"""
FOLIUM_READY = "() => document.querySelectorAll('path').length > 9000"
FOLIUM_MAP = "Object.values(window).find((v) => v && v.panBy && v._container)"
PAGE = f"""<!doctype html><meta charset=utf-8><style>html,body{{margin:0}}</style>
<link rel=stylesheet href={LEAFLET_URL}/leaflet.css><link rel=stylesheet href={STYLE.url}>
<div id=map_div style="width:100vw;height:100vh"></div>
<script src={LEAFLET_URL}/leaflet.js></script><script src={SCRIPT.url}></script><script>
const map_div = L.map("map_div", {{minZoom: 2, maxZoom: 16}});
waypost.start(map_div); waypost.apply("STATE");</script>"""
DECK = """import numpy as np, pandas as pd, pydeck, streamlit as st
cells = np.load("cells.npy", allow_pickle=True)
table = pd.DataFrame({"hex": cells, "v": np.arange(len(cells)) % 5 * 50})
layer = pydeck.Layer("H3HexagonLayer", table, get_hexagon="hex", get_fill_color="[v, 90, 120]",
                     extruded=False, high_precision=False)
st.pydeck_chart(pydeck.Deck([layer], map_style=None, map_provider=None, height=700,
    initial_view_state=pydeck.ViewState(latitude=15.5, longitude=32.5, zoom=9)))
"""


def disk(count: int, resolution: int = 8) -> np.ndarray:
    """About so many cells in a box around the start."""
    side = np.sqrt(count * h3.average_hexagon_area(resolution, unit="km^2")) / 111
    lat, lon, wide = START[0], START[1], side / np.cos(np.radians(START[0]))
    west, east = lon - wide / 2, lon + wide / 2
    return grid.cells_in_box(west, lat - side / 2, east, lat + side / 2, resolution)


def level(cells: np.ndarray, resolution: int) -> tuple[TileGrid, np.ndarray]:
    """Cells of a resolution with a class each; the coarser ones take any of their children."""
    finer = resolution < resolution_of(cells)
    held = np.unique(grid.parents(cells, resolution)) if finer else np.sort(cells)
    lat, lon = grid.centres_of(held)
    codes = (np.sin(lat * 9) + np.cos(lon * 7) + 2) * 1.24
    return TileGrid.of(held), codes.astype(np.uint8)


@contextmanager
def served(cells: np.ndarray, zoom: int) -> Iterator[None]:
    """A server of the map's routes over the cells."""
    at, finest = lru_cache(None)(lambda resolution: level(cells, resolution)), resolution_of(cells)
    for resolution in range(3, finest + 1):
        at(resolution)

    def tile(request: Request) -> Response:
        z, x, y = (request.path_params[name] for name in "zxy")
        held, codes = at(grid.resolution_at_zoom(z, finest))
        body = encode(held, held.tile(z, x, y), codes, z, x, y)
        if body is None:
            return Response(status_code=204)
        return Response(body, media_type="application/octet-stream")

    state = _told("a", zoom)
    page, made = PAGE.replace("STATE", state), _folium(disk(10_000))
    app = Starlette(
        routes=[
            *routes.static_routes(), Route("/", lambda _: HTMLResponse(page)),
            Route("/folium", lambda _: HTMLResponse(made)),
            Route("/waypost/tiles/{name}/{z:int}/{x:int}/{y:int}", tile),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)],
    )  # fmt: skip
    server = uvicorn.Server(uvicorn.Config(app, port=PORT, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield
    server.should_exit = True
    thread.join()


def _told(name: str, zoom: int) -> str:
    """The state as a page carries it."""
    view = [*START[:2], zoom]
    return leaflet.inert({"name": "bench", "view": view, **leaflet.as_json(_state(name))})


def _state(name: str) -> leaflet.MapState:
    url = f"/waypost/tiles/{name}/{{z}}/{{x}}/{{y}}"
    hexes = leaflet.HexState(url=url, palette=PALETTE, labels=("a", "b", "c", "d", "e"))
    ground = leaflet.GroundState(url=address(world()), credit=world().credit)
    return leaflet.MapState(hexes=hexes, ground=ground)


def _folium(cells: np.ndarray) -> str:
    """The usual way: a page of folium with every hexagon as GeoJSON."""
    features = [
        {"type": "Feature", "properties": {"v": n % 5}, "geometry": shape.__geo_interface__}
        for n, shape in enumerate(grid.polygons_of(cells))
    ]
    made = folium.Map(location=START[:2], zoom_start=START[2], tiles=None)
    folium.GeoJson({"type": "FeatureCollection", "features": features}).add_to(made)
    return str(made.get_root().render())


def heap_mb(tools: CDPSession) -> float:
    """JavaScript heap after a collection."""
    tools.send("HeapProfiler.enable")
    tools.send("HeapProfiler.collectGarbage")
    tools.send("Performance.enable")
    found = {m["name"]: m["value"] for m in tools.send("Performance.getMetrics")["metrics"]}
    return float(found["JSHeapUsedSize"]) / 1e6


def longest(page: Page, moving: str, wait_ms: int) -> float:
    """Longest frame while the map moves, ms."""
    page.evaluate("() => { frames_ms.length = 0; }")
    page.evaluate(moving)
    page.wait_for_timeout(wait_ms)
    return float(page.evaluate("() => Math.max(...frames_ms.slice(1))"))


REQUESTS: dict[str, list[tuple[str, int]]] = {}
"""What the last opening of a page asked for on its first view, and bytes with headers."""


def visit(page: Page, url: str, ready: str, map_name: str) -> dict[str, float]:
    """One opening of a page, moved about."""
    tools, taken = page.context.new_cdp_session(page), {"all": 0.0, "leaflet": 0.0, "basemap": 0.0}
    names: dict[str, str] = {}
    requests: list[tuple[str, int]] = []
    tools.send("Network.enable")
    tools.on(
        "Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]})
    )

    def count(event: dict) -> None:
        taken["all"] += event["encodedDataLength"]
        requests.append((names.get(event["requestId"], ""), int(event["encodedDataLength"])))
        for part in ("leaflet", "basemap"):
            if part in names.get(event["requestId"], ""):
                taken[part] += event["encodedDataLength"]

    tools.on("Network.loadingFinished", count)
    begun = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(ready, timeout=120_000)
    page.evaluate("() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
    found = {"interactive_s": time.perf_counter() - begun}
    page.wait_for_timeout(400)
    found["basemap_kb"] = taken["basemap"] / 1e3
    found["beyond_leaflet_kb"] = (taken["all"] - taken["leaflet"] - taken["basemap"]) / 1e3
    REQUESTS[url] = list(requests)
    page.evaluate(FRAMES)
    if map_name:
        pan = f"() => void {map_name}.panBy([500, 250], {{animate: true, duration: 1}})"
        found["pan_ms"] = longest(page, pan, 1_300)
        found["zoom_ms"] = max(
            longest(page, f"() => void {map_name}.{way}()", 900) for way in ("zoomIn", "zoomOut")
        )
    found["heap_mb"] = heap_mb(tools)
    return found


def switch_ms(page: Page, zoom: int) -> float:
    """From the order to draw another layer until all of it is drawn."""
    state = _told("b", zoom)
    return float(
        page.evaluate(
            """(text) => new Promise((done) => { const begun = performance.now();
            waypost.apply(JSON.parse('"' + text + '"'));
            const look = () => Object.values(waypost.stage.hexes._tiles).every((t) =>
              !t.current || (t.el.drawn && t.el.drawn.edition.url.includes("/b/")))
              ? done(performance.now() - begun) : requestAnimationFrame(look); look(); })""",
            state,
        )
    )


@contextmanager
def deck(count: int) -> Iterator[str]:
    """pydeck in Streamlit, the way that Streamlit offers."""
    folder = Path(tempfile.mkdtemp())
    np.save(folder / "cells.npy", np.array(grid.text(disk(count)), dtype=object))
    (folder / "deck.py").write_text(DECK)
    command = [
        sys.executable, "-m", "streamlit", "run", "deck.py", f"--server.port={DECK_PORT}",
        "--server.headless=true", "--server.address=127.0.0.1",
        "--browser.gatherUsageStats=false",
    ]  # fmt: skip
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet)
    time.sleep(4)
    yield f"http://127.0.0.1:{DECK_PORT}"
    process.terminate()
    process.wait()
    shutil.rmtree(folder)


def wire() -> tuple[float, float]:
    """Bytes a cell of full tiles, plain and compressed."""
    import gzip

    held, codes = level(disk(100_000), 8)
    plain = packed = cells = 0
    for z in (10, 11):
        n = 1 << z
        x = int((START[1] + 180) / 360 * n)
        y = int((1 - np.arcsinh(np.tan(np.radians(START[0]))) / np.pi) / 2 * n)
        body = encode(held, held.tile(z, x, y), codes, z, x, y) or b""
        plain, packed = plain + len(body), packed + len(gzip.compress(body, 5))
        cells += int.from_bytes(body[:4], "little")
    return plain / cells, packed / cells


def memory(count: int) -> dict[str, float]:
    """Bytes a cell of the arrays that the server holds: once for the cells, and a quantity.

    The quantity has values of its own everywhere, three sources, a fifth of the cells outside
    coverage and one in fifty partly covered.
    """
    cells = np.sort(grid.children(disk(count // 343, 6), 9).ravel())
    levels = [cells, *(np.unique(grid.parents(cells, r)) for r in range(8, 2, -1))]
    begun = time.perf_counter()
    grids = [TileGrid.of(held) for held in levels]
    made_s = time.perf_counter() - begun
    index = sum(g.cells.nbytes + g.face.nbytes + g._order.nbytes + g._keys.nbytes for g in grids)
    table = _quantity(cells)
    quantity = 0.0
    for level in levels:
        coarse = resolution_of(level) < 9
        seen = rollup.roll_up(table, [POPULATION], resolution_of(level)) if coarse else table
        held = Columns.of({k: v for k, v in data._narrow(seen).items() if k != "cell"})
        quantity += held.nbytes + len(level)  # and the class
    found = {"cells": len(cells), "index": index / len(cells), "quantity": quantity / len(cells)}
    codes, n = np.ones(len(cells), np.uint8), 1 << 11
    begun = time.perf_counter()
    x = int((START[1] + 180) / 360 * n)
    y = int((1 - np.arcsinh(np.tan(np.radians(START[0]))) / np.pi) / 2 * n)
    for step in range(20):
        at = grids[0].tile(11, x + step % 5, y + step // 5)
        encode(grids[0], at, codes, 11, x + step % 5, y + step // 5)
    return found | {"index_s": made_s, "tile_ms": (time.perf_counter() - begun) * 50}


def _quantity(cells: np.ndarray) -> pd.DataFrame:
    chance = np.random.default_rng(1)
    outside = np.arange(len(cells)) < len(cells) // 5
    cover = np.where(outside, 0, 1).astype(np.float32)
    partly = chance.integers(0, len(cells), len(cells) // 50)
    cover[partly] = chance.random(len(partly), np.float32)
    value = np.where(cover > 0, chance.random(len(cells), np.float32) * 1e4, np.nan)
    source = np.where(cover > 0, np.arange(len(cells)) * 3 // len(cells), -1)
    return pd.DataFrame(
        {"cell": cells, POPULATION.column: value.astype(np.float32),
         cover_column(POPULATION): cover, source_column(POPULATION): source.astype(np.int16)}
    )  # fmt: skip


def main() -> None:
    """Measure and print medians as JSON."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--cells", type=int, default=1_000_000)
    ask.add_argument("--resolution", type=int, default=8)
    ask.add_argument("--zoom", type=int, default=START[2])
    ask.add_argument("--ours", action="store_true")
    ask.add_argument("--memory-cells", type=int, default=10_000_000)
    ask.add_argument("--rounds", type=int, default=5)
    told = ask.parse_args()
    found: dict[str, object] = {"load": os.getloadavg()[0]}
    if told.memory_cells:
        found["memory"] = memory(told.memory_cells)
    found["bytes_a_cell"] = wire()
    base = f"http://127.0.0.1:{PORT}"
    with (
        served(disk(told.cells, told.resolution), told.zoom),
        deck(10_000) as deck_url,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        ways = {
            "waypost": (base + "/", OURS_READY, "map_div"),
            "folium_10k": (base + "/folium", FOLIUM_READY, FOLIUM_MAP),
            "pydeck_10k": (deck_url, "() => document.querySelector('canvas')", ""),
        }  # fmt: skip
        for name, (url, ready, map_name) in list(ways.items())[: 1 if told.ours else None]:
            rounds = []
            for _ in range(told.rounds if name == "waypost" else min(told.rounds, 3)):
                page = browser.new_page(viewport={"width": 1366, "height": 768})
                if name == "folium_10k":
                    _local_leaflet(page)
                rounds.append(visit(page, url, ready, map_name))
                if name == "waypost":
                    rounds[-1]["switch_ms"] = switch_ms(page, told.zoom)
                page.close()
            found[name] = {k: statistics.median(r[k] for r in rounds) for k in rounds[0]}
        browser.close()
    found["first_view"] = [(url.split("/", 3)[3], size) for url, size in REQUESTS[base + "/"]]
    found["load_after"] = os.getloadavg()[0]
    print(json.dumps(found, indent=1))


def _local_leaflet(page: Page) -> None:
    """folium asks other servers for scripts that this page does not need; answer in their place."""
    page.route(
        "**/*",
        lambda route: route.abort() if "127.0.0.1" not in route.request.url else route.continue_(),
    )


if __name__ == "__main__":
    main()
