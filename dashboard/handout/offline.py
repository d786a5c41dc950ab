"""A map in one file for a USB stick: scripts, data and basemap inside, nothing asked of a network.

The scripts are those of the app. Whatever they fetch there they find here in a packed book; strings
travel as JSON and become text content, and the page forbids itself every connection.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from xstatic.pkg import leaflet as leaflet_files

from dashboard import language, markers, outlines
from dashboard.assets import SCRIPT, STATIC, STYLE
from dashboard.basemap.ground import ground
from dashboard.basemap.own import basemap_of
from dashboard.handout import basemap, tiling
from dashboard.handout.leaf import told
from dashboard.handout.picture import Picture
from dashboard.handout.used import inside
from dashboard.language import _
from dashboard.leaflet import (
    DEEPEST_ZOOM,
    HexState,
    MapState,
    OutlineState,
    PlaceState,
    as_json,
)  # fmt: skip
from dashboard.map_texts import texts
from geo_data.view import View

FOLDER = STATIC / "handout"
MARGIN = 0.8
"""Of the basemap around the box, in boxes."""


def page(view: View, picture: Picture) -> bytes:
    """The page. About 2 MB for a country at resolution 6."""
    with language.spoken(picture.language):
        book = gzip.compress(_book(view, picture), 9, mtime=0)
    script = _script()
    seal = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"script-src 'sha256-{seal}'; style-src 'unsafe-inline'; img-src data:\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Waypost</title><style>{_style()}</style></head><body>"
        '<header id="head"><h1 id="title"></h1><div id="said" class="said"></div></header>'
        '<main><div id="map" dir="ltr"></div><aside id="legend"></aside></main>'
        '<footer><div id="tables"></div><p id="disclaimer"></p></footer>'
        f'<script type="text/plain" id="book">{base64.b64encode(book).decode()}</script>'
        f"<script>{script}</script></body></html>"
    ).encode()


def _book(view: View, picture: Picture) -> bytes:
    box = _wide(picture)
    places = {kind: _places(view, kind, picture) for kind in picture.places}
    tiles, deepest = tiling.tiles(view, picture)
    least = tiling.zoom_of(picture.box)
    zooms = (max(2, least - 1), DEEPEST_ZOOM)
    files: dict[str, Any] = basemap.cut(basemap_of(view), box, zooms, picture.language)
    files |= {_place_url(view, kind): found for kind, found in places.items()}
    files |= {_line_url(view, n): outlines.outlines(view, n) for n in picture.outlines}
    book = {
        "files": files, "tiles": tiles, "box": box, "deepest": deepest,
        "zoom": {"least": zooms[0], "most": zooms[1]},
        "state": _state(view, picture, least, deepest), "told": told(view, picture, places),
    }  # fmt: skip
    return json.dumps(book, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _state(view: View, picture: Picture, zoom: int, deepest: int) -> dict[str, Any]:
    west, south, east, north = picture.box
    state = MapState(
        hexes=_hexes(view, picture, deepest),
        places=tuple(PlaceState(kind=k, url=_place_url(view, k)) for k in picture.places),
        outlines=tuple(OutlineState(url=_line_url(view, name)) for name in picture.outlines),
        texts=texts(), ground=ground(view),
    )  # fmt: skip
    return {
        "name": "handout",
        "view": [(south + north) / 2, (west + east) / 2, zoom],
        **as_json(state),
    }


def _hexes(view: View, picture: Picture, deepest: int) -> HexState | None:
    layer = picture.layer
    if layer is None:
        return None
    unit, labels = _(layer.quantity.unit), [_(label) for label in layer.classes.labels]
    return HexState(
        url=tiling.address(view, picture), palette=layer.colours, none=layer.classes.none,
        labels=tuple(f"{label} ({unit})" for label in labels),
        unknown=_("unknown"), title=_(layer.title), deepest_tile_zoom=deepest,
    )  # fmt: skip


def _places(view: View, kind: str, picture: Picture) -> dict[str, Any]:
    found = markers.markers(view, kind)
    kept = [p for p in found["places"] if inside(picture.box, [p["lat"]], [p["lon"]])[0]]
    return found | {"places": kept}


def _place_url(view: View, kind: str) -> str:
    return f"/waypost/places/{view.name}/{kind}.{language.current()}.json"


def _line_url(view: View, name: str) -> str:
    return f"/waypost/outlines/{view.name}/{name.replace(' ', '%20')}.geojson"


def _wide(picture: Picture) -> tuple[float, float, float, float]:
    west, south, east, north = picture.box
    wide, high = MARGIN * (east - west), MARGIN * (north - south)
    return (
        max(-180.0, west - wide), max(-85.0, south - high),
        min(180.0, east + wide), min(85.0, north + high),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _script() -> str:
    """All scripts in one function, whose ``fetch`` is ours."""
    first, last = ((FOLDER / name).read_text("utf-8") for name in ("page.js", "open.js"))
    leaflet = (Path(leaflet_files.BASE_DIR) / "leaflet.js").read_text("utf-8")
    leaflet = re.sub(r"//# sourceMappingURL=\S*", "", leaflet)
    parts = "\n".join([first, SCRIPT.body.decode(), last])
    whole = f"{leaflet}\n(() => {{\n{parts}\n}})();"
    assert "</script" not in whole.lower()
    return whole


@lru_cache(maxsize=1)
def _style() -> str:
    """All styles; what they would load from other files is left out."""
    leaflet = (Path(leaflet_files.BASE_DIR) / "leaflet.css").read_text("utf-8")
    own = (FOLDER / "page.css").read_text("utf-8")
    return re.sub(r"url\([^)]*\)", "none", "\n".join([leaflet, STYLE.body.decode(), own]))
