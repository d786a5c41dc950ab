"""Routes that the map reads from: tiles, places and outlines. They whitelist all that they take.

A route has no session, so it protects by itself: it knows releases, layers and kinds by name, it
hands out what the view of the deployment's audience allows, and nothing it is told is a path.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import data, language, markers, outlines, sketches, stands
from dashboard.basemap.own import basemap_of
from dashboard.basemap.pieces import piece
from dashboard.basemap.served import RELEASES_URL, packed
from dashboard.selection import WINDOWS_DAYS
from dashboard.tiles import encode
from geo_data.errors import ReleaseMissing, SettingInvalid, WaypostError
from layers import PLACES_BY_KIND

DEEPEST_ZOOM = 13
_KEEP = {"Cache-Control": "private, max-age=86400, immutable"}
_NO_STORE = {"Cache-Control": "no-store"}


def _guarded(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def route(request: Request) -> Response:
        try:
            return answer(request)
        except (ReleaseMissing, KeyError, ValueError):
            return PlainTextResponse("no such data", 404, headers=_NO_STORE)
        except SettingInvalid as problem:
            return PlainTextResponse(str(problem), 503, headers=_NO_STORE)
        except WaypostError:
            return PlainTextResponse("the store cannot be read", 503, headers=_NO_STORE)

    return route


def tile(request: Request) -> Response:
    """One tile of hexagons; 204 where there is nothing to draw."""
    asked = request.path_params
    z, x, y = asked["z"], asked["x"], asked["y"]
    if not (0 <= z <= DEEPEST_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        return PlainTextResponse("no such tile", 404, headers=_NO_STORE)
    body = _tile(asked["release"], asked["layer"], asked["token"], z, x, y)
    if body is None:
        return Response(status_code=204, headers=_KEEP)
    return Response(body, media_type="application/octet-stream", headers=_KEEP)


@lru_cache(maxsize=4096)
def _tile(release: str, layer: str, token: str, z: int, x: int, y: int) -> bytes | None:
    found = data.classes(release, layer, token, z)
    if found is None:
        raise KeyError(layer)
    grid, classes = found
    return encode(grid, grid.tile(z, x, y), classes, z, x, y)


def places(request: Request) -> Response:
    """One kind of places as JSON, in one language."""
    kind, code = request.path_params["kind"], request.path_params["language"]
    if kind not in PLACES_BY_KIND or code not in language.NAMES:
        raise KeyError(kind)
    days = request.query_params.get("days", "")
    if days and days not in WINDOWS_DAYS:
        raise KeyError(days)
    body = _places(request.path_params["release"], kind, code, days)
    return Response(body, media_type="application/json", headers=_KEEP)


@lru_cache(maxsize=32)
def _places(release: str, kind: str, code: str, days: str) -> bytes:
    with language.spoken(code):
        found = markers.markers(data.view(release), kind, int(days) if days else None)
    return json.dumps(found, ensure_ascii=False, allow_nan=False).encode()


def outline(request: Request) -> Response:
    """Lines and outlines of areas as GeoJSON."""
    release, name = request.path_params["release"], request.path_params["name"]
    if name.startswith(sketches.PREFIX):
        # Of one session: kept by nobody, and looked up anew for whoever asks.
        body, headers = _outline.__wrapped__(release, name), _NO_STORE
    else:
        body, headers = _outline(release, name), _KEEP
    return Response(body, media_type="application/geo+json", headers=headers)


@lru_cache(maxsize=64)
def _outline(release: str, name: str) -> bytes:
    found = outlines.outlines(data.view(release), name)
    return json.dumps(found, ensure_ascii=False, allow_nan=False).encode()


def ground(request: Request) -> Response:
    """A piece of the basemap of a release, in one language."""
    asked = request.path_params
    if asked["language"] not in language.NAMES:
        raise KeyError(asked["language"])
    body = _ground(asked["release"], asked["language"], asked["z"], asked["x"], asked["y"])
    return Response(body, media_type="application/json", headers=_KEEP)


@lru_cache(maxsize=1024)
def _ground(release: str, code: str, z: int, x: int, y: int) -> bytes:
    return packed(piece(basemap_of(data.view(release)), code, z, x, y))


def stand(request: Request) -> Response:
    """A map tells where it stands, under the secret of its session."""
    stands.tell(request.path_params["secret"], request.query_params.get("at", ""))
    return Response(status_code=204, headers=_NO_STORE)


def routes() -> list[Route]:
    """All data routes."""
    return [
        Route("/waypost/tiles/{release}/{layer}/{token}/{z:int}/{x:int}/{y:int}", _guarded(tile)),
        Route("/waypost/places/{release}/{kind}.{language}.json", _guarded(places)),
        Route("/waypost/outlines/{release}/{name}.geojson", _guarded(outline)),
        Route(
            f"{RELEASES_URL}/{{release}}/{{language}}/{{z:int}}/{{x:int}}/{{y:int}}.json",
            _guarded(ground),
        ),
        Route("/waypost/stands/{secret}", _guarded(stand), methods=["POST"]),
    ]


for _cached in (_tile, _places, _outline, _ground):
    data.forget_daily(_cached.cache_clear)
