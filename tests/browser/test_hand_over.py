"""A map in one file, opened from a disk in a real browser."""

import pytest

from dashboard import access, data
from dashboard.handout import offline
from dashboard.handout.picture import Picture
from layers import BY_KEY

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_map_in_one_file_asks_nothing(visitor, demo_store, tmp_path, monkeypatch, code):
    "From file://, no request, no fault; a hexagon says its value; at most 3 MB"
    monkeypatch.setenv("WAYPOST_STORE", str(demo_store))
    for cached in (access.settings, data._release, *data._forget):
        getattr(cached, "cache_clear", cached)()
    view = data.view(data.newest())
    kinds = ("crossings", "services", "sites", "assets")
    shown = Picture(layer=BY_KEY["population_people"], box=tuple(view.operation["area"]),
                    places=kinds, outlines=("line-corridor",), language=code)  # fmt: skip
    file = tmp_path / "map.html"
    file.write_bytes(offline.page(view, shown))
    assert file.stat().st_size < 3_000_000
    tab = visitor(file.as_uri())
    page = tab.page
    page.wait_for_function("() => document.documentElement.dataset.ready", timeout=20_000)
    page.wait_for_timeout(800)
    spot = page.evaluate(
        "() => { const m = waypost.stage.map, q = m.latLngToContainerPoint([36.6, 5]),"
        " r = m.getContainer().getBoundingClientRect(); return [q.x + r.x, q.y + r.y]; }"
    )
    page.mouse.move(*spot)
    page.wait_for_timeout(400)
    tip = page.evaluate("() => waypost.stage.tip.textContent")
    assert any(digit.isdigit() for digit in tip)
    assert tab.asked == [file.as_uri()]
    assert not tab.broken
    assert page.evaluate("() => document.documentElement.dir") == ("rtl" if code == "ar" else "ltr")
    assert page.locator("summary").count() == len(kinds) + 1
