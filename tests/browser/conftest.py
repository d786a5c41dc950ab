"""A running app and a real browser that reports every request it makes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser():
    "Debian's Chromium; its absence is a failure where it was asked for, a skip elsewhere."
    if CHROMIUM is None:
        if os.environ.get("WAYPOST_NEED_BROWSER"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def app(demo_store, tmp_path_factory) -> Iterator[str]:
    "The app as a newcomer starts it, on a free port of the loopback interface."
    yield from serve(demo_store, tmp_path_factory.mktemp("log") / "app.log")


def serve(store: Path, log: Path, port: int = 0, **settings: str) -> Iterator[str]:
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
        port = free.getsockname()[1]
    env = {**os.environ, "WAYPOST_STORE": str(store), "WAYPOST_REFRESH_S": "2", **settings}
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "streamlit_app.py",
        f"--server.port={port}",
    ]
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
        try:
            _wait(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            pytest.fail(f"the app did not start: {log.read_text()}")
        time.sleep(0.1)
    pytest.fail("the app did not answer within 30 s")


class Visitor:
    "A browser tab, with all that it asked for and all that went wrong in it."

    def __init__(self, browser, width=1366, height=900, **options):
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.broken: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))

    @property
    def outside(self) -> list[str]:
        "Requests that left the machine."
        own = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "about:")
        return [url for url in self.asked if not url.startswith(own)]

    def map(self):
        "The frame of the map, once its hexagons are drawn."
        frame = self.page.locator("iframe[title='streamlit_folium.st_folium']").element_handle(
            timeout=150_000
        )
        inside = frame.content_frame()
        inside.wait_for_function(
            "() => window.waypost && waypost.stage && waypost.stage.hexes"
            " && Object.values(waypost.stage.hexes._tiles).some(t => t.el.drawn && t.el.drawn.tile)",
            timeout=150_000,
        )
        return inside

    def at_rest(self):
        "Wait until the page has stopped running."
        self.page.wait_for_function(
            "() => !document.querySelector('[data-testid=stStatusWidget]')", timeout=150_000
        )
        self.page.wait_for_timeout(600)


@pytest.fixture
def visitor(browser):
    "Opens tabs and closes them."
    opened: list[Visitor] = []

    def open_tab(url: str, **options) -> Visitor:
        tab = Visitor(browser, **options)
        opened.append(tab)
        tab.page.goto(url, wait_until="domcontentloaded")
        return tab

    yield open_tab
    for tab in opened:
        tab.context.close()
