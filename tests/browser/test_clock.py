"""Time, comparison, legend and a lost server, in a real browser."""

import shutil

import pytest

from geo_data.store import Store
from tests.browser.conftest import serve

pytestmark = pytest.mark.browser
CENTRES = """() => [waypost.stage.map, waypost.stage.other.map].map(
  (map) => [map.getCenter().lat, map.getCenter().lng, map.getZoom()])"""
URL = "() => waypost.stage.hexes._edition.url"


@pytest.fixture(scope="module")
def two_dates(demo_store, tmp_path_factory):
    "A store with two releases, and an app over it."
    folder = tmp_path_factory.mktemp("dates")
    shutil.copytree(demo_store, folder / "store")
    store = Store(folder / "store")
    old = store.latest()
    new = store.publish({name: old.table(name) for name in old.tables}, old.manifest)
    running = serve(folder / "store", folder / "log")
    yield next(running), old.name, new.name
    running.close()


def test_two_maps_move_together(two_dates, visitor):
    "Moves and zooms of either map take the other along; each has the hexagons of its own date"
    url, old, new = two_dates
    tab = visitor(f"{url}/?compare=side&against={old}&layer=population_people&view=31,14,6")
    inside = tab.map()
    inside.wait_for_function("() => waypost.stage.other && waypost.stage.other.hexes")
    tab.at_rest()
    inside.evaluate("() => void waypost.stage.map.setView([33, 12], 7, {animate: false})")
    one, two = inside.evaluate(CENTRES)
    assert one == pytest.approx(two, abs=1e-6) and one == pytest.approx([33, 12, 7], abs=0.01)
    inside.evaluate("() => void waypost.stage.other.map.panBy([120, 60], {animate: false})")
    one, two = inside.evaluate(CENTRES)
    assert one == pytest.approx(two, abs=1e-6) and one[1] > 12.1
    assert old in inside.evaluate(URL)
    assert new in inside.evaluate("() => waypost.stage.other.hexes._edition.url")
    sizes = inside.evaluate("() => [map_div.getSize().x, waypost.stage.other.map.getSize().x]")
    assert sizes[0] == sizes[1] < 600


def test_the_clock_swaps_tiles_in_place(two_dates, visitor):
    "One step of the slider by keyboard: the tiles of the other date, the same view and frame"
    url, old, new = two_dates
    tab = visitor(f"{url}/?layer=population_people&places=")
    inside = tab.map()
    tab.at_rest()
    inside.evaluate(
        "() => { window.mark = 1; void map_div.setView([33, 13], 7, {animate: false}) }"
    )
    for _ in range(8):  # a page that still runs takes the focus away
        tab.page.get_by_role("slider", name="Date of all layers").focus()
        tab.page.keyboard.press("ArrowLeft")
        tab.page.wait_for_timeout(4_000)
        if old in inside.evaluate(URL):
            break
    inside.wait_for_function(f"() => waypost.stage.hexes._edition.url.includes('{old}')")
    lat, lon, zoom = inside.evaluate(
        "() => [map_div.getCenter().lat, map_div.getCenter().lng, map_div.getZoom()]"
    )
    assert (round(lat, 2), round(lon, 2), zoom) == (33, 13, 7)
    assert inside.evaluate("() => window.mark") == 1


def test_a_click_in_the_legend_hides_a_class(app, visitor):
    "The class 'none' is switched off in the legend: the map leaves it out without a new tile"
    tab = visitor(f"{app}/?layer=population_people&places=")
    inside = tab.map()
    tab.at_rest()
    before = sum("/waypost/tiles/" in url for url in tab.asked)
    tab.page.locator(".st-key-wp-classes").get_by_text("none", exact=True).click()
    inside.wait_for_function("() => waypost.stage.hexes._edition.hidden.includes(0)")
    assert sum("/waypost/tiles/" in url for url in tab.asked) == before


def test_a_lost_server_is_said_and_the_map_stays(demo_store, visitor, tmp_path):
    "The server dies: the map says so, still pans and still answers clicks on what it has"
    running = serve(demo_store, tmp_path / "log")
    tab = visitor(f"{next(running)}/?layer=population_people&places=&view=31,14,6")
    inside = tab.map()
    tab.at_rest()
    running.close()
    inside.evaluate(
        "() => { waypost.stage.pulse.ask(); map_div.panBy([60, 0], {animate: false}); }"
    )
    inside.wait_for_function("() => waypost.stage.pulse.lost", timeout=15_000)
    assert "No answer from the server" in inside.locator(".waypost-lost").inner_text()
    told = inside.evaluate("() => waypost.stage.hexes.hit(map_div.getCenter()).lines[0]")
    assert "people" in told or told == "unknown"


def test_no_dialog_covers_the_map_of_a_lost_server(demo_store, visitor, tmp_path):
    "Streamlit's dialog goes, clicks reach the map, and when the server is back so is the page"
    running = serve(demo_store, tmp_path / "log")
    address = next(running)
    tab = visitor(f"{address}/?layer=population_people&places=&view=31,14,6")
    inside = tab.map()
    tab.at_rest()
    running.close()
    inside.wait_for_function("() => waypost.stage.pulse.lost", timeout=60_000)
    tab.page.wait_for_timeout(20_000)
    assert tab.page.locator("[data-testid=stDialog]").count() == 0
    box = tab.page.locator("iframe").first.bounding_box()
    tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    before = inside.evaluate("() => map_div.getZoom()")
    tab.page.mouse.wheel(0, -300)
    inside.wait_for_function(f"() => map_div.getZoom() > {before}", timeout=10_000)
    assert inside.locator(".waypost-lost").is_visible()
    back = serve(demo_store, tmp_path / "log2", port=int(address.rsplit(":", 1)[1]))
    next(back)
    inside.wait_for_function("() => !waypost.stage.pulse.lost", timeout=60_000)
    tab.page.get_by_text("Elevation or depth", exact=True).click()
    inside.wait_for_function(
        "() => waypost.stage.hexes._edition.url.includes('elevation_m')", timeout=60_000
    )
    back.close()


def test_one_finger_scrolls_the_page(app, visitor):
    "On a touch screen the map is not dragged by one finger; a hint says how to move it"
    tab = visitor(app, width=390, height=844, has_touch=True, is_mobile=True)
    inside = tab.map()
    assert not inside.evaluate("() => map_div.dragging.enabled()")
    way = "() => getComputedStyle(map_div.getContainer()).touchAction"
    assert inside.evaluate(way) in ("pan-x pan-y", "manipulation", "auto")
    top = tab.page.locator("iframe").first.bounding_box()["y"]
    assert top < 844 / 3


@pytest.mark.parametrize("page", ["context", "sar_coverage", "data"])
def test_no_request_of_a_page_fails(app, visitor, page):
    "No answer of 400 or above, nothing in the console"
    tab = visitor("about:blank")
    wrong = []
    tab.page.on("response", lambda r: wrong.append((r.status, r.url)) if r.status >= 400 else None)
    tab.page.goto(f"{app}/{page}")
    tab.page.get_by_text("SIMULATED DATA").wait_for(timeout=60_000)
    tab.at_rest()
    assert wrong == []
