"""Arabic in a real browser: from right to left, nothing from outside, what is foreign stays text."""

import re

import pytest

ARABIC = re.compile("[\u0600-\u06ff]")
SIDES = """() => ({
  zoom: document.querySelector('.leaflet-control-zoom').parentElement.className,
  scale: document.querySelector('.leaflet-control-scale').parentElement.className,
  said: document.querySelector('.leaflet-control-zoom-in').title,
})"""
OVER_A_HEXAGON = """() => {
  for (let x = 60; x < 700; x += 11) for (let y = 60; y < 500; y += 11) {
    const at = map_div.containerPointToLatLng([x, y]);
    if (waypost.stage.places.hit(at) || !waypost.stage.hexes.hit(at)) continue;
    map_div.fire("mousemove", {latlng: at, containerPoint: L.point(x, y)});
    return true;
  }
}"""


@pytest.fixture
def tab(app, visitor):
    "The live map in Arabic."
    found = visitor(f"{app}/?lang=ar&layer=population_people&places=&view=31.0,12.0,6")
    found.inside = found.map()
    found.at_rest()
    return found


def test_the_page_reads_from_the_right(tab):
    "Language and direction of the document, legend and controls on their other side"
    page = tab.page
    root = page.evaluate("() => [document.documentElement.lang, document.documentElement.dir]")
    assert root == ["ar", "rtl"]
    swatch = page.locator(".wp-class .wp-swatch").first.bounding_box()
    line = page.locator(".wp-class").first.bounding_box()
    assert swatch["x"] + swatch["width"] > line["x"] + line["width"] - 3
    sides = tab.inside.evaluate(SIDES)
    assert "leaflet-right" in sides["zoom"] and "leaflet-right" in sides["scale"]
    assert ARABIC.search(sides["said"])
    assert (
        page.locator("iframe").first.evaluate("frame => frame.getBoundingClientRect().width") > 300
    )


def test_the_tooltip_is_arabic_and_nothing_leaves_the_machine(tab):
    "Words from the right, digits in order, every request to this machine"
    assert tab.inside.evaluate(OVER_A_HEXAGON)
    tab.inside.wait_for_function("() => document.querySelector('.waypost-tip.waypost-shown')")
    tip = tab.inside.evaluate("() => [waypost.stage.tip.innerText, waypost.stage.tip.dir]")
    assert ARABIC.search(tip[0]) and tip[1] == "rtl"
    assert not re.search("[A-Za-z]{3}", tip[0])
    assert tab.outside == []
    assert tab.broken == []


def test_another_language_keeps_the_view(tab):
    "Chosen in the head of the page: the same frame, place and layer, words in French"
    tab.inside.evaluate(
        "() => { window.kept = true; map_div.setView([33, 13], 7, {animate: false}); }"
    )
    tab.page.wait_for_timeout(600)
    tab.page.locator(".st-key-language input").click()
    tab.page.get_by_role("option", name="Français").click()
    tab.page.wait_for_url(re.compile("lang=fr"), timeout=20_000)
    tab.page.get_by_text("DONNÉES SIMULÉES").wait_for(timeout=20_000)
    tab.inside.wait_for_function(
        "() => waypost.stage.state.texts.language === 'fr'", timeout=20_000
    )
    seen = tab.inside.evaluate(
        "() => [window.kept, map_div.getZoom(), document.querySelector('.leaflet-control-zoom').parentElement.className]"
    )
    assert seen[:2] == [True, 7] and "leaflet-left" in seen[2]
    assert tab.page.evaluate("() => document.documentElement.dir") == "ltr"


def test_it_fits_a_phone_from_the_right(app, visitor):
    "No sideways scrolling, the closed side panel out of sight"
    tab = visitor(f"{app}/?lang=ar", width=390, height=900)
    tab.map()
    assert tab.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert not tab.page.locator("[data-testid=stSidebar] .wp-legend").first.is_visible()
