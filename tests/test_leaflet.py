"""The map: nothing that a provider wrote reaches a template, nothing a browser sends is trusted."""

import json
import re

import h3
import pytest

from dashboard import leaflet
from dashboard.clicks import DrawnArea, HexClick, PlaceClick, View, click_of
from geo_data.errors import SettingInvalid
from geo_data.settings import Settings

HEXES = {"url": "/waypost/tiles/r/l/stored/{z}/{x}/{y}", "palette": ("#ffffff",), "labels": ("a",)}
SEEN = {"view": [33.0, 12.0, 7], "at": 5}
NASTY = "{{ 7*7 }} {% raw %} {# `${alert(1)}` </script> \\u0027 ' \" \u2028 معبر 😀"


def feature(coordinates: object, **properties: object) -> dict:
    return {"geometry": {"coordinates": coordinates}, "properties": {**SEEN, **properties}}


def test_the_state_is_inert_text():
    """Every character that some parser could act on is a plain escape; JSON reads it back whole."""
    text = leaflet.inert({"label": NASTY})
    assert re.fullmatch(r"(?:[A-Za-z0-9 ,.:/-]|\\u[0-9a-f]{4})+", text)
    assert json.loads(json.loads(f'"{text}"')) == {"label": NASTY}


def test_labels_survive_the_templates_of_folium():
    """A label full of template signs comes out of folium as it went in, neither run nor refused."""
    state = leaflet.MapState(hexes=leaflet.HexState(**{**HEXES, "labels": (NASTY,)}))
    made = leaflet._constant_map()
    leaflet._State(leaflet.as_json(state)).add_to(made)
    page = made.get_root().render()
    sent = json.loads(json.loads(re.search(r'waypost\.apply\(("[^"]*")\)', page)[1]))
    assert sent["hexes"]["labels"] == [NASTY] and "49" not in sent["hexes"]["labels"][0]


def test_the_constant_map_is_constant_and_local():
    """The same script every time, and no address outside this server."""
    first, second = (leaflet._constant_map().get_root().render() for _ in range(2))
    nameless = [re.sub(r"[0-9a-f]{32}", "", page) for page in (first, second)]
    assert nameless[0] == nameless[1]
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", first)


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "https://example.org/{z}/{x}/{y}"}, {"url": "/waypost/tiles/'/{z}/{x}/{y}"},
        {"url": "/waypost/tiles/{z}/{x}"}, {"palette": ("red",)}, {"palette": ("#fff",)},
    ],
)  # fmt: skip
def test_addresses_and_colours_are_whitelisted(wrong: dict):
    """An address outside our routes, or a colour that is none, is refused at once."""
    with pytest.raises(ValueError, match="map does not take|tile address needs"):
        leaflet.HexState(**{**HEXES, **wrong})


def test_the_selected_cell_is_outlined_across_the_antimeridian():
    """Six corners without a jump of 360 degrees."""
    cell = h3.str_to_int(h3.latlng_to_cell(0.2, 180, 4))
    state = leaflet.MapState(hexes=leaflet.HexState(**HEXES, selected=cell))
    ring = leaflet.as_json(state)["hexes"]["selected"]
    lons = [lon for _, lon in ring]
    assert len(ring) == 6 and max(lons) - min(lons) < 1


def test_a_place_id_of_odd_letters_is_not_sent():
    """The ring around a place is left out rather than its id passed through a template."""
    for place_id, sent in (("iom:12", "iom:12"), ("{{x}}", None)):
        place = leaflet.PlaceState(kind="sites", url="/waypost/places/r/a.json", selected=place_id)
        assert leaflet.as_json(leaflet.MapState(places=(place,)))["places"][0]["selected"] == sent


def test_clicks_become_values():
    """A hexagon gives back its cell, a place its kind and id, a drawing its corners."""
    lat, lon = h3.cell_to_latlng("85384d8ffffffff")
    view = View(33.0, 12.0, 7)
    clicked = click_of(feature([lon, lat], kind="hex", res=5, cls=1))
    assert clicked == HexClick(lat, lon, 5, view, 5)
    assert h3.int_to_str(clicked.cell) == "85384d8ffffffff"
    place = feature([1, 2], kind="place", place_kind="sites", id="a b")
    assert click_of(place) == PlaceClick("sites", "a b", view, 5)
    ring = [[-181.0, 1.0], [-179.0, 1.0], [-179.0, 2.0], [-181.0, 1.0]]
    east = ((179.0, 1.0), (181.0, 1.0), (181.0, 2.0), (179.0, 1.0))
    assert click_of(feature([ring], kind="drawn")) == DrawnArea(east, view, 5)


@pytest.mark.parametrize(
    "sent",
    [
        None, [], "x", {}, feature([1, 2], kind="other"), feature([1, 200], kind="hex", res=5),
        feature([1, 2], kind="hex", res=99), feature([float("nan"), 2], kind="hex", res=5),
        feature([1, 2], kind="place", place_kind="sites", id="x" * 300),
        feature([[[0, 0]] * 500], kind="drawn"), feature([[[0, 0]] * 3], kind="drawn"),
        {**feature([1, 2], kind="hex", res=5), "geometry": None},
    ],
)  # fmt: skip
def test_nonsense_from_a_browser_is_no_click(sent: object):
    """Whatever arrives, the page goes on."""
    assert click_of(sent) is None


TILES = "https://tiles.example/{z}/{x}/{y}.png?key=hush"


def test_online_tiles_are_off_by_default():
    "Without the setting no address outside reaches the browser"
    assert Settings.from_env({}).tiles is None
    state = leaflet.MapState(
        ground=leaflet.GroundState(url="/waypost/basemap/r/en/{z}/{x}/{y}.json")
    )
    assert leaflet.as_json(state)["ground"]["tiles"] == ""


@pytest.mark.parametrize(
    "address",
    ["http://tiles.example/{z}/{x}/{y}.png", "https://tiles.example/{z}/{x}.png", "tiles/{z}/{x}/{y}",
     "https://{s}.tiles.example/{z}/{x}/{y}.png", "https://t.example/{z}/{x}/{y}?k=hush\"><script>"],
)  # fmt: skip
def test_wrong_addresses_of_tiles_are_refused_without_showing_them(address):
    "Not https, a place missing, other braces, markup; the message holds no key"
    with pytest.raises(SettingInvalid, match="WAYPOST_TILES is '...'") as told:
        Settings.from_env({"WAYPOST_TILES": address, "WAYPOST_TILES_CREDIT": "A"})
    assert "hush" not in str(told.value)


def test_online_tiles_need_a_credit_and_hide_their_key():
    "Without a credit they are refused; the key is in no text of the settings"
    with pytest.raises(SettingInvalid, match="WAYPOST_TILES_CREDIT"):
        Settings.from_env({"WAYPOST_TILES": TILES})
    found = Settings.from_env({"WAYPOST_TILES": TILES, "WAYPOST_TILES_CREDIT": "A"})
    assert found.tiles == TILES and "hush" not in repr(found)
