"""The map's own routes: they hand out what the view allows, and know only what they whitelist."""

import struct

import numpy as np
import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import access, api, data, routes
from dashboard.basemap.shapes import world
from geo_data import grid
from geo_data.settings import Settings
from tests import builders

CANARY = "{{1234567*7}}${alert(1)}</script><img src=x onerror=alert(1)>"


@pytest.fixture
def client(tmp_path, monkeypatch):
    "The routes over a small release: 3 incidents off Lampedusa, 12 off Malta, hostile names."
    rows = [builders.incident(n, 35.9, 14.5) for n in range(12)]
    rows += [builders.incident(20 + n, 35.5, 12.6) for n in range(3)]
    incidents = pd.DataFrame(rows).assign(name=CANARY, cause=CANARY, route=CANARY)
    hexagons = builders.hexagons(incidents_count=builders.counted(incidents))
    sources = [builders.account("incidents", sensitivity="high", title=CANARY)]
    frames = {"hexagons": hexagons, "incidents": incidents}
    made = builders.release(tmp_path, frames, sources, {"incidents_count": ["incidents"]})
    for cached in (data._view, data._release, api._tile, api._places, api._outline):
        cached.cache_clear()
    data._classes.held.clear()
    data._tables.held.clear()

    def serve(audience):
        settings = Settings(store=tmp_path, audience=audience)
        monkeypatch.setattr(access, "settings", lambda: settings)
        app = Starlette(routes=[*routes.static_routes(), *api.routes()])
        return TestClient(app), made.name

    return serve


def tile_url(release, z=8, lat=35.5, lon=12.6, layer="incidents_count", token="stored"):
    n = 1 << z
    x = int((lon + 180) / 360 * n)
    y = int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * n)
    return f"/waypost/tiles/{release}/{layer}/{token}/{z}/{x}/{y}"


def classes_in(body):
    count, _, mode, _ = struct.unpack_from("<IBBH", body)
    start = 8 + (24 + 4 * count if mode == 0 else 4 * count)
    return np.frombuffer(body, np.uint8, count, start)


def test_a_tile_holds_the_cells_of_its_square(client):
    "Around Lampedusa: none nearly everywhere, one cell with 3 incidents (class '2 to 4')"
    http, release = client("cell")
    answer = http.get(tile_url(release))
    assert answer.status_code == 200
    codes, counts = np.unique(classes_in(answer.content), return_counts=True)
    assert dict(zip(codes.tolist(), counts.tolist(), strict=True))[2] == 1
    assert set(codes.tolist()) == {0, 2}


def test_partners_get_a_withheld_cell_as_unknown(client):
    "The same square for partners: the three are not there, at any zoom"
    http, release = client("partner")
    for z in range(3, 13):
        body = http.get(tile_url(release, z=z)).content
        codes = set(classes_in(body).tolist()) if body else set()
        assert codes <= {0, 254, 3}, z
        assert 2 not in codes


def test_empty_squares_answer_204(client):
    "Far from the operation there is nothing to draw"
    http, release = client("cell")
    assert http.get(tile_url(release, lat=-20, lon=-100)).status_code == 204


@pytest.mark.parametrize(
    "path",
    [
        "/waypost/tiles/{r}/nonsense/stored/5/1/1", "/waypost/tiles/none/incidents_count/stored/5/1/1",
        "/waypost/tiles/{r}/incidents_count/stored/25/1/1",
        "/waypost/tiles/{r}/incidents_count/stored/3/8/1",
        "/waypost/tiles/{r}/gap_share/forged-token/5/16/12",
        "/waypost/tiles/{r}/incidents_count/stored/a/b/c", "/waypost/places/{r}/hexagons.en.json",
        "/waypost/places/{r}/quarantine.en.json", "/waypost/places/..%2f..%2fetc/incidents.en.json",
        "/waypost/tiles/{r}/incidents_count/since-/5/16/12",
        "/waypost/tiles/{r}/incidents_count/since-..%2f..%2fetc/5/16/12",
        "/waypost/tiles/{r}/nonsense/since-{r}/5/16/12",
        "/waypost/tiles/{r}/incidents_count/stored/-1/0/0",
        "/waypost/tiles/{r}/incidents_count/stored/5/99999999999999999999/1",
        "/waypost/places/{r}/incidents.en.json?days=31",
        "/waypost/places/{r}/incidents.en.json?days=30%27--", "/waypost/places/{r}/incidents.xx.json",
        "/waypost/outlines/{r}/nonsense.geojson", "/waypost/static/..%2fmain.py",
        "/vendor/leaflet/..%2f..%2f__init__.py", "/waypost/static/basemap/../../main.py",
    ],
)  # fmt: skip
def test_what_is_not_listed_does_not_exist(client, path):
    "Unknown releases, layers, kinds, zooms and paths: 404 or 400, never a traceback"
    http, release = client("cell")
    assert http.get(path.format(r=release)).status_code in (400, 404)


def test_hostile_text_travels_as_data(client):
    "Names are JSON strings, to the letter, and never HTML"
    http, release = client("cell")
    answer = http.get(f"/waypost/places/{release}/incidents.en.json")
    assert answer.headers["content-type"] == "application/json"
    assert {place["name"] for place in answer.json()["places"]} == {CANARY}


def test_partners_get_no_exact_position(client):
    "Every position is the centre of a resolution-5 cell, and names are gone"
    http, release = client("partner")
    found = http.get(f"/waypost/places/{release}/incidents.en.json").json()["places"]
    assert len(found) == 12
    for place in found:
        cell = grid.cells_of(lat_deg=[place["lat"]], lon_deg=[place["lon"]], resolution=5)
        lat, lon = grid.centres_of(cell)
        assert (place["lat"], place["lon"]) == pytest.approx((lat[0], lon[0]), abs=1e-4)
        assert CANARY not in place["name"]


def test_data_is_not_kept_by_shared_caches(client):
    "Tiles and places may stay in the browser, not in a proxy"
    http, release = client("cell")
    for path in (tile_url(release), f"/waypost/places/{release}/incidents.en.json"):
        assert http.get(path).headers["cache-control"].startswith("private")


def test_a_reachable_server_without_audience_hands_out_nothing(client, monkeypatch):
    "On another address than loopback the audience must be set"
    http, release = client(None)
    monkeypatch.setattr(access.st, "get_option", lambda name: "0.0.0.0")
    answer = http.get(tile_url(release))
    assert answer.status_code == 503
    assert "WAYPOST_AUDIENCE" in answer.text


def test_leaflet_and_the_basemap_come_from_here(client):
    "Scripts, styles and coastlines are served by the app itself"
    http, _ = client("cell")
    for path in ("/vendor/leaflet/leaflet.js", "/waypost/static/waypost.js"):
        assert http.get(path).status_code == 200


def test_pieces_of_the_basemap_come_from_here(client):
    "The app's own for ever and without login, a release's privately; both in a language that exists"
    http, release = client("cell")
    own = f"/waypost/static/basemap/{world().name}"
    answer = http.get(f"{own}/ar/2/2/1.json")
    assert "land" in answer.json() and "immutable" in answer.headers["cache-control"]
    assert "القاهرة" in {town[3] for town in answer.json()["towns"]}
    held = http.get(f"/waypost/basemap/{release}/ar/2/2/1.json")
    assert held.json() == answer.json() and held.headers["cache-control"].startswith("private")
    wrong = (
        f"{own}/xx/2/2/1.json",
        f"{own}/en/3/2/1.json",
        "/waypost/static/basemap/x/en/2/2/1.json",
    )
    for path in (
        *wrong,
        "/waypost/basemap/x/en/2/2/1.json",
        f"/waypost/basemap/{release}/xx/2/2/1.json",
    ):
        assert http.get(path).status_code == 404


def test_no_change_since_itself(client):
    "A release against itself: every hexagon of the square is in the middle class"
    http, release = client("cell")
    answer = http.get(tile_url(release, token=f"since-{release}"))
    assert set(classes_in(answer.content).tolist()) == {3}


def test_partners_see_no_change_of_what_is_withheld(client):
    "What they may not see at either date is unknown as a difference too"
    http, release = client("partner")
    for z in range(3, 13):
        body = http.get(tile_url(release, z=z, token=f"since-{release}")).content
        assert set(classes_in(body).tolist()) <= {3, 254} if body else True


def test_old_incidents_leave_a_short_window(client):
    "All 15 happened on 1 January 2026, long before the release: none in the last 7 days"
    http, release = client("cell")
    url = f"/waypost/places/{release}/incidents.en.json"
    assert len(http.get(url).json()["places"]) == 15
    assert http.get(f"{url}?days=7").json()["places"] == []
