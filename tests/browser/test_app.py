"""The app in a real browser: it draws, it answers clicks, and nothing leaves the machine."""

import re

import pytest

pytestmark = pytest.mark.browser

PAGES = {"": True, "context": True, "sar_coverage": True, "data": False}
PIXEL = bytes.fromhex(
    "47494638396101000100800000ff000000000021f90400000000002c00000000010001000002024401003b"
)
STOOD = "() => [map_div.getCenter().lat, map_div.getCenter().lng, map_div.getZoom()]"
FREE_HEXAGON = """() => {
  for (let x = 250; x < 700; x += 9) for (let y = 120; y < 500; y += 9) {
    const at = map_div.containerPointToLatLng([x, y]);
    if (!waypost.stage.places.hit(at) && waypost.stage.hexes.hit(at)) return [x, y];
  }
}"""


@pytest.mark.parametrize("page", PAGES)
def test_nothing_leaves_the_machine(app, visitor, page):
    "Every request of every page goes to this machine, and no script breaks"
    tab = visitor(f"{app}/{page}")
    if PAGES[page]:
        tab.map()
    tab.page.get_by_text("SIMULATED DATA").wait_for(timeout=60_000)
    tab.at_rest()
    assert len(tab.asked) > 10
    assert tab.outside == []
    assert tab.broken == []


def test_a_clicked_hexagon_is_read_back(app, visitor):
    "Click: the panel names the hexagon under the pointer, the link holds it"
    tab = visitor(f"{app}/?layer=population_people&places=&view=31.0,12.0,6")
    inside = tab.map()
    tab.at_rest()
    x, y = inside.evaluate(FREE_HEXAGON)
    box = tab.page.locator("iframe").first.bounding_box()
    where = inside.evaluate(
        "([x, y]) => { const p = map_div.containerPointToLatLng([x, y]); return [p.lat, p.lng]; }",
        [x, y],
    )
    tab.page.mouse.click(box["x"] + x, box["y"] + y)
    tab.page.wait_for_url(re.compile("picked=hex"), timeout=20_000)
    from geo_data import grid

    name = re.search("picked=hex%3A([0-9a-f]{15})", tab.page.url)[1]
    cell = grid.cells_of(lat_deg=[where[0]], lon_deg=[where[1]], resolution=5)
    assert grid.text(cell) == [name]
    tab.page.get_by_text(name).wait_for(timeout=20_000)
    assert "Resident population" in tab.page.locator(".wp-pairs").inner_text()


def test_a_link_opens_the_same_picture(app, visitor):
    "Layer, view and picked hexagon come back in another browser"
    link = f"{app}/?layer=elevation_m&places=incidents&view=36.2,14.4,7&picked=hex:863f304efffffff"
    tab = visitor(link)
    inside = tab.map()
    lat, lon, zoom = inside.evaluate(STOOD)
    assert (round(lat, 1), round(lon, 1), zoom) == (36.2, 14.4, 7)
    tab.page.get_by_text("863f304efffffff").wait_for(timeout=20_000)
    assert "elevation_m" in inside.evaluate("() => waypost.stage.hexes._edition.url")


def test_pan_and_zoom_ask_python_nothing(app, visitor):
    "Moving the map fetches tiles only; the page is not run again"
    tab = visitor(f"{app}/?places=")
    inside = tab.map()
    tab.at_rest()
    sent = []
    tab.page.on("websocket", lambda socket: sent.append(socket))
    before = tab.page.evaluate("() => document.querySelector('.wp-strip').innerText")
    inside.evaluate("() => { map_div.panBy([150, 80], {animate: false}); map_div.zoomIn(1); }")
    tab.page.wait_for_timeout(1_500)
    assert tab.page.evaluate("() => document.querySelector('.wp-strip').innerText") == before
    assert not tab.page.locator("[data-testid=stStatusWidget]").count()
    assert sent == []


def test_switching_the_layer_keeps_the_view(app, visitor):
    "The same frame, the same place, other hexagons"
    tab = visitor(f"{app}/?places=&layer=population_people")
    inside = tab.map()
    tab.at_rest()
    inside.evaluate("() => void map_div.setView([33, 13], 7, {animate: false})")
    tab.page.wait_for_timeout(800)
    tab.page.get_by_text("Elevation or depth", exact=True).click()
    inside.wait_for_function(
        "() => waypost.stage.hexes._edition.url.includes('elevation_m')", timeout=20_000
    )
    lat, lon, zoom = inside.evaluate(STOOD)
    assert (round(lat, 2), round(lon, 2), zoom) == (33, 13, 7)


def test_steps_of_the_rescue_page_keep_the_map(app, visitor):
    "From gap to where next: the same frame, the same view, another layer"
    tab = visitor(f"{app}/sar_coverage?step=gap&view=31.0,12.0,6")
    inside = tab.map()
    tab.at_rest()
    tab.page.locator("iframe").first.evaluate("frame => { frame.dataset.first = 'yes'; }")
    tab.page.get_by_text("6 Where next", exact=True).click()
    tab.page.get_by_text("Quick answer").wait_for(timeout=150_000)
    assert tab.page.locator("iframe[data-first=yes]").count() == 1
    assert [round(part, 1) for part in inside.evaluate(STOOD)] == [31.0, 12.0, 6]


def test_a_drawn_area_gets_its_profile(app, visitor):
    "Three clicks and a double click: the profile appears, and the link holds the polygon"
    tab = visitor(f"{app}/context?way=drawn&view=32.5,13.2,7", height=1_000)
    inside = tab.map()
    tab.at_rest()
    box = tab.page.locator("iframe").first.bounding_box()
    tab.page.frame_locator("iframe").locator(".waypost-button").click()
    for x, y in ((250, 200), (420, 190), (440, 330)):
        tab.page.mouse.click(box["x"] + x, box["y"] + y)
        tab.page.wait_for_timeout(350)
    tab.page.mouse.dblclick(box["x"] + 260, box["y"] + 340)
    tab.page.wait_for_url(re.compile("drawn="), timeout=20_000)
    tab.page.get_by_role("heading", name="Drawn area").wait_for(timeout=20_000)
    corners = re.search("drawn=([^&]+)", tab.page.url)[1].split("%2C")
    assert len(corners) == 2 * 5
    assert tab.page.get_by_text("Resident population").first.is_visible()
    assert inside.evaluate(STOOD)[2] == 7


def test_hostile_names_are_text(demo_store, browser, visitor, tmp_path):
    "Markup and template code in a place's name: shown to the letter, nothing runs"
    import shutil

    import pyarrow as pa

    from geo_data.store import Store
    from tests.browser.conftest import serve

    name = "{{7*7}}${alert(1)}<img src=x onerror=alert(1)>"
    shutil.copytree(demo_store, tmp_path / "store")
    store = Store(tmp_path / "store")
    old = store.latest()
    tables = {key: old.table(key) for key in old.tables}
    crossings = tables["crossings"]
    column = crossings.schema.get_field_index("name")
    names = pa.array([name] * len(crossings), pa.string())
    tables["crossings"] = crossings.set_column(column, crossings.schema.field("name"), names)
    store.publish(tables, old.manifest)
    key = crossings["place_id"][0].as_py()
    running = serve(tmp_path / "store", tmp_path / "log")
    tab = visitor(f"{next(running)}/?places=crossings&picked=place:crossings:{key}")
    asked = []
    tab.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    tab.map()
    tab.page.get_by_text(name, exact=True).first.wait_for(timeout=20_000)
    tab.at_rest()
    assert asked == []
    assert tab.broken == []
    running.close()


@pytest.mark.parametrize("width", [390, 820])
def test_it_fits_small_screens(app, visitor, width):
    "Phone and tablet: no sideways scrolling, the map is there"
    tab = visitor(app, width=width, height=900)
    tab.map()
    assert tab.page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_new_release_lands_without_losing_the_view(demo_store, browser, visitor, tmp_path):
    "While the page is open a release is published: the tiles change, the map stays where it was"
    import shutil

    from geo_data.store import Store
    from tests.browser.conftest import serve

    shutil.copytree(demo_store, tmp_path / "store")
    store = Store(tmp_path / "store")
    running = serve(tmp_path / "store", tmp_path / "log")
    tab = visitor(f"{next(running)}/?places=&layer=population_people")
    inside = tab.map()
    tab.at_rest()
    inside.evaluate("() => void map_div.setView([33, 13], 7, {animate: false})")
    old = store.latest()
    tables = {name: old.table(name) for name in old.tables}
    new = store.publish(tables, old.manifest).name
    inside.wait_for_function(
        f"() => waypost.stage.hexes._edition.url.includes('{new}')", timeout=30_000
    )
    lat, lon, zoom = inside.evaluate(STOOD)
    assert (round(lat, 2), round(lon, 2), zoom) == (33, 13, 7)
    running.close()


def test_online_tiles_lie_over_our_land_and_leave_it_when_they_fail(demo_store, visitor, tmp_path):
    "Only by a setting: drawn and named while they come; when they fail, our land and names are back"
    from tests.browser.conftest import serve

    asked, there = [], True

    def answer(route):
        asked.append(route.request.url)
        if there:
            route.fulfill(body=PIXEL, content_type="image/gif")
        else:
            route.abort()

    settings = {
        "WAYPOST_TILES": "https://tiles.test/{z}/{x}/{y}.gif",
        "WAYPOST_TILES_CREDIT": "A <b>&",
    }
    running = serve(demo_store, tmp_path / "log", **settings)
    tab = visitor("about:blank")
    tab.context.route("https://tiles.test/**", answer)
    tab.page.goto(f"{next(running)}/?places=")
    inside = tab.map()
    online = "() => map_div.getContainer().classList.contains('waypost-online')"
    inside.wait_for_function(online, timeout=20_000)
    assert asked and "A <b>&" in inside.locator(".leaflet-control-attribution").inner_text()
    tab.page.get_by_text("Online tiles: A <b>&").wait_for(timeout=20_000)
    there = False
    inside.evaluate("() => void map_div.setView([10, 20], 6, {animate: false})")
    inside.wait_for_function(f"() => !({online})()", timeout=20_000)
    assert inside.evaluate("() => waypost.stage.basemap._pieces.kept.size") > 0
    running.close()
