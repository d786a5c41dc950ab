"""Screen, address and sheet show the same part of the world, in a real browser."""

import re
import zipfile

import pytest

pytestmark = pytest.mark.browser

STOOD = "() => [map_div.getCenter().lat, map_div.getCenter().lng, map_div.getZoom()]"
BOUNDS = """() => { const b = map_div.getBounds();
  return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]; }"""


def test_a_pan_is_in_the_address_and_survives_the_next_run(app, visitor):
    "No run of the page; the address says the view; a later run keeps it; another tab opens it"
    tab = visitor(f"{app}/?places=&layer=population_people&view=31,12,6")
    inside = tab.map()
    tab.at_rest()
    inside.evaluate("() => void map_div.setView([36.2, 14.4], 7, {animate: false})")
    tab.page.wait_for_url(re.compile(r"view=36\.200%2C14\.400%2C7"), timeout=5_000)
    tab.page.get_by_text("Elevation or depth", exact=True).click()
    inside.wait_for_function(
        "() => waypost.stage.hexes._edition.url.includes('elevation_m')", timeout=20_000
    )
    tab.at_rest()
    assert "view=36.200%2C14.400%2C7" in tab.page.url
    assert [round(part, 1) for part in inside.evaluate(STOOD)] == [36.2, 14.4, 7]
    other = visitor(tab.page.url).map()
    assert [round(part, 1) for part in other.evaluate(STOOD)] == [36.2, 14.4, 7]


def test_a_link_pasted_into_the_same_tab_wins(app, visitor):
    "The map of the tab was elsewhere; the link says where it is to be"
    tab = visitor(f"{app}/?places=&view=31,12,6")
    inside = tab.map()
    inside.evaluate("() => void map_div.setView([36.2, 14.4], 7, {animate: false})")
    tab.page.wait_for_timeout(600)
    tab.page.goto(f"{app}/?places=&view=31,12,6")
    assert [round(part, 1) for part in tab.map().evaluate(STOOD)] == [31, 12, 6]


def test_going_back_moves_the_map(app, visitor):
    "The browser's own button: the view of the entry before"
    tab = visitor(f"{app}/?places=&layer=population_people&view=31,12,6")
    inside = tab.map()
    tab.at_rest()
    tab.page.get_by_text("Elevation or depth", exact=True).click()
    tab.page.wait_for_url(re.compile("elevation_m"))
    tab.at_rest()
    inside.evaluate("() => void map_div.setView([36.2, 14.4], 7, {animate: false})")
    tab.page.wait_for_url(re.compile(r"view=36\.200"), timeout=5_000)
    for _ in range(4):  # a slow page may have added an entry of its own after the move
        tab.page.go_back()
        tab.page.wait_for_timeout(4_000)
        if "population_people" in tab.page.url:
            break
    inside.wait_for_function("() => map_div.getZoom() === 6", timeout=60_000)
    assert [round(part, 1) for part in inside.evaluate(STOOD)] == [31, 12, 6]


@pytest.mark.parametrize("width", [390, 1366])
def test_without_a_view_all_of_the_operation_is_seen(app, visitor, width, demo_store):
    "On a telephone and on a laptop, every side of it"
    from geo_data.store import Store

    tab = visitor(f"{app}/?places=", width=width)
    inside = tab.map()
    tab.at_rest()
    west, south, east, north = Store(demo_store).latest().manifest["operation"]["area"]
    seen = inside.evaluate(BOUNDS)
    assert seen[0] <= west and seen[1] <= south and seen[2] >= east and seen[3] >= north
    assert "view=" in tab.page.url


def test_a_file_holds_what_the_map_shows_at_the_click(app, visitor, tmp_path):
    "Moved after the last run of the page: the box of the KMZ lies within the screen"
    tab = visitor(f"{app}/?places=&layer=population_people&view=31,12,5")
    inside = tab.map()
    tab.at_rest()
    tab.page.get_by_text("Print and hand over").click()
    inside.evaluate("() => void map_div.setView([32.8, 13.2], 9, {animate: false})")
    tab.page.wait_for_timeout(900)
    with tab.page.expect_download(timeout=60_000) as waited:
        tab.page.get_by_role("button", name=re.compile("KMZ")).click()
    waited.value.save_as(tmp_path / "a.kmz")
    text = zipfile.ZipFile(tmp_path / "a.kmz").read("doc.kml").decode()
    found = re.findall(r"(-?\d+\.\d+),(-?\d+\.\d+)", text)
    west, south, east, north = inside.evaluate(BOUNDS)
    assert len(found) > 20
    assert all(west - 0.3 < float(x) < east + 0.3 for x, _ in found)
    assert all(south - 0.3 < float(y) < north + 0.3 for _, y in found)
