"""Takes the pictures of the documentation from a running app: python -m docs.screens URL.

The app should show the demo operation with two releases, for the coordination cell. Every picture
is to be looked at before it is committed. Needs Debian's chromium and requirements-dev.txt.
"""

from __future__ import annotations

import io
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
COLOURS = 256
DESK, PHONE, WALL = (1366, 860), (390, 844), (1920, 1080)
MAP = "iframe[title='streamlit_folium.st_folium']"


@dataclass(frozen=True)
class Look:
    """One page in one state, on one screen."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    options: dict[str, Any] = field(default_factory=dict)
    whole: bool = False
    printed: bool = False


def looks() -> list[Look]:
    """Every page by day and by night, in Arabic, on a telephone; kiosk and print; the SAR steps."""
    pages = {
        "live": "?view=29,12.5,5&places=crossings,incidents&picked=hex:863f304efffffff",
        "context": "context?look=index", "sar": "sar_coverage?step=gap&view=27,12.5,5",
        "data": "data?",
    }  # fmt: skip
    made = []
    for name, path in pages.items():
        made += [
            Look(f"{name}", path),
            Look(f"{name}-dark", path, options={"color_scheme": "dark"}),
            Look(f"{name}-ar", f"{path}&lang=ar"),
            Look(f"{name}-phone", path, PHONE, {"has_touch": True}, whole=True),
            Look(f"{name}-print", path, printed=True),
        ]
    steps = ("assets", "reach", "looked", "drift", "demand", "next")
    made += [Look(f"sar-{step}", f"sar_coverage?step={step}&view=29,12.5,5") for step in steps]
    return [
        *made, Look("context-profile", "context?look=profile"),
        Look("context-services", "context?look=services"),
        Look("live-compare", "?view=32,13,5&layer=population_people&compare=side"),
        Look("live-light", "?light=1&places=crossings", PHONE, whole=True),
        Look("live-kiosk", "?kiosk=1&layers=displaced_people,population_people", WALL),
    ]  # fmt: skip


def take(browser: Browser, url: str, look: Look) -> None:
    """Open a page, wait until it is drawn, and keep its picture."""
    width, height = look.size
    context = browser.new_context(viewport={"width": width, "height": height}, **look.options)
    page = context.new_page()
    page.goto(f"{url}/{look.path}")
    _at_rest(page, has_map="light=1" not in look.path and not look.path.startswith("data"))
    if look.printed:
        page.emulate_media(media="print")
        page.wait_for_timeout(1_500)
    shot = page.screenshot(full_page=look.whole)
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture = picture.quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE)
    picture.save(IMAGES / f"{look.name}.png", optimize=True)
    context.close()


def _at_rest(page: Page, *, has_map: bool) -> None:
    if has_map:
        frame = page.locator(MAP).first.element_handle(timeout=90_000)
        inside = frame.content_frame() if frame else None
        assert inside is not None
        inside.wait_for_function(
            "() => window.waypost && waypost.stage && waypost.stage.hexes"
            " && Object.values(waypost.stage.hexes._tiles).every((t) => t.loaded)",
            timeout=90_000,
        )
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stStatusWidget],[data-testid=stSpinner]')",
        timeout=120_000,
    )
    page.wait_for_timeout(2_500)


def main() -> None:
    """Take all pictures, or those whose names are given after the address."""
    url, wanted = sys.argv[1].rstrip("/"), set(sys.argv[2:])
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for look in looks():
            if not wanted or look.name in wanted:
                take(browser, url, look)
                sys.stdout.write(f"{look.name}\n")
        browser.close()


if __name__ == "__main__":
    main()
