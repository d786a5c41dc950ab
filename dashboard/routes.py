"""Routes of files that belong to the app itself: map scripts, basemap and Leaflet. Never data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from xstatic.pkg import leaflet

from dashboard.assets import LEAFLET_URL, SCRIPT, STATIC_URL, STYLE, Asset
from dashboard.basemap.served import world_piece

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
ASK_FIRST = "no-cache"


def static_routes() -> list[BaseRoute]:
    """Routes for ``st.App``; they need no login, as they hold nothing of any operation."""
    return [
        *(Route(f"{STATIC_URL}/{asset.name}", _serving(asset)) for asset in (SCRIPT, STYLE)),
        Route(
            f"{STATIC_URL}/basemap/{{name}}/{{language}}/{{z:int}}/{{x:int}}/{{y:int}}.json",
            _basemap,
        ),
        Mount(LEAFLET_URL, _Files(FOR_A_DAY, directory=leaflet.BASE_DIR)),
    ]


class _Files(StaticFiles):
    """Files of one folder with a lifetime; Starlette adds ETag, 304 and refuses paths outside."""

    def __init__(self, lifetime: str, directory: str | Path) -> None:
        super().__init__(directory=directory)
        self.lifetime = lifetime

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = self.lifetime
        return answer


def _basemap(request: Request) -> Response:
    """A piece of the app's own basemap; see ``dashboard.basemap.pieces``."""
    asked = request.path_params
    try:
        body = world_piece(asked["name"], asked["language"], asked["z"], asked["x"], asked["y"])
    except KeyError:
        return PlainTextResponse("no such piece", 404, headers={"Cache-Control": "no-store"})
    return Response(body, media_type="application/json", headers={"Cache-Control": FOR_EVER})


def _serving(asset: Asset) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        named = request.query_params.get("v") == asset.tag
        headers = {"ETag": f'"{asset.tag}"', "Cache-Control": FOR_EVER if named else ASK_FIRST}
        if asset.tag in Headers(scope=request.scope).get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(asset.body, media_type=asset.media_type, headers=headers)

    return answer
