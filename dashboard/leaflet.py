"""The map on a page. The only module that knows folium and streamlit-folium.

The folium map is the same on every run, so its frame stays and the view is never lost. All that
changes is one line of script in a feature group. That line holds addresses, colours, numbers and
labels of our own, written in an alphabet that no template and no parser reads as more than text;
names and texts of data reach the browser only through the JSON routes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import folium
from folium.elements import JSCSSMixin
from folium.template import Template
from streamlit_folium import st_folium

from dashboard.assets import LEAFLET_URL, SCRIPT, STYLE
from dashboard.clicks import Click, click_of
from geo_data import grid
from geo_data.settings import TILES

folium.Map.default_js = [("leaflet", f"{LEAFLET_URL}/leaflet.js")]
folium.Map.default_css = [("leaflet_css", f"{LEAFLET_URL}/leaflet.css")]

SHALLOWEST_ZOOM, DEEPEST_ZOOM = 2, 16
_ADDRESS = re.compile(r"/waypost/[\w.~%/?=&{}:,-]{1,1000}", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NAME = re.compile(r"[\w.:-]{1,120}", re.ASCII)
_PLAIN = re.compile(r"[^A-Za-z0-9 ,.:/-]")


@dataclass(frozen=True, kw_only=True)
class HexState:
    """Hexagons to draw.

    Attributes
    ----------
    url : str
        Tile address with ``{z}``, ``{x}`` and ``{y}``; a new address is swapped in without flicker.
    palette, labels : tuple of str
        Colour ``#rrggbb`` and text of each class.
    unknown : str
        Text for cells that were not observed.
    title : str
        Second line of the tooltip.
    hidden : tuple of int
        Classes left out; 254 hides the unknown.
    opacity : float
        0 to 1.
    none : bool
        The first class is an observed zero; it is drawn as a honeycomb.
    selected : int or None
        Outlined cell.
    """

    url: str
    palette: tuple[str, ...]
    labels: tuple[str, ...]
    unknown: str = "Not observed"
    title: str = ""
    hidden: tuple[int, ...] = ()
    opacity: float = 0.8
    none: bool = False
    selected: int | None = None
    deepest_tile_zoom: int = 13

    def __post_init__(self) -> None:
        _check(_ADDRESS, self.url)
        if not all(part in self.url for part in ("{z}", "{x}", "{y}")):
            raise ValueError(f"a tile address needs {{z}}, {{x}} and {{y}}: {self.url!r}")
        for colour in self.palette:
            _check(_COLOUR, colour)


@dataclass(frozen=True, kw_only=True)
class PlaceState:
    """One kind of places to draw, with the id of the ringed one."""

    kind: str
    url: str
    selected: str | None = None

    def __post_init__(self) -> None:
        _check(_NAME, self.kind)
        _check(_ADDRESS, self.url)


@dataclass(frozen=True, kw_only=True)
class OutlineState:
    """Lines and outlines of areas to draw; each feature names its style."""

    url: str

    def __post_init__(self) -> None:
        _check(_ADDRESS, self.url)


@dataclass(frozen=True, kw_only=True)
class GroundState:
    """Land, borders and names under the hexagons.

    Attributes
    ----------
    url : str
        Address of its pieces with ``{z}``, ``{x}`` and ``{y}``.
    credit : str
        Whose work it is, shown on the map.
    tiles : str
        Address of online tiles drawn over it, checked by the settings; empty: none.
    tiles_credit : str
        Whose they are.
    """

    url: str
    credit: str = ""
    tiles: str = ""
    tiles_credit: str = ""

    def __post_init__(self) -> None:
        _check(_ADDRESS, self.url)
        if self.tiles:
            _check(TILES, self.tiles)


@dataclass(frozen=True, kw_only=True)
class MapTexts:
    """The few words of the map itself, its language and its direction.

    They are escaped like every other text of the state, so any alphabet may stand in them.
    """

    language: str = "en"
    direction: str = "ltr"
    map: str = "Map. Arrow keys move it, plus and minus zoom, Enter picks what lies at the centre."
    places: str = "Places: {count}"
    draw: str = "Draw an area"
    draw_hint: str = "Click to add corners. Double click or Enter to close, Esc to stop."
    zoom_in: str = "Zoom in"
    zoom_out: str = "Zoom out"
    kilometres: str = "km"
    metres: str = "m"
    nautical_miles: str = "nm"
    compass: str = "N S E W"
    two_fingers: str = "Use two fingers to move the map"
    nothing: str = "No hexagon here"
    lost: str = "No answer from the server since {time}. The map shows what it has."


@dataclass(frozen=True, kw_only=True)
class TwinState:
    """A second map beside the first, linked with it: the same view at another date."""

    hexes: HexState | None
    places: tuple[PlaceState, ...]
    label: str


@dataclass(frozen=True, kw_only=True)
class MapState:
    """Everything that may change on the map.

    Attributes
    ----------
    draw : bool
        Offer the drawing of a polygon.
    drawn : tuple of (lon, lat)
        Polygon shown, for instance the one that was drawn before or brought as a file.
    label : str
        Date and remarks shown on the map; empty: nothing.
    twin : TwinState or None
        A second date beside the first.
    bare : bool
        Without controls, for a wall screen.
    turn : int
        The map takes Python's view at the start, and again when this number changes.
    area : west, south, east, north
        Shown whole where no view is asked for.
    stands : str
        Secret under which the map tells where it stands; empty: it tells nobody.
    """

    hexes: HexState | None = None
    ground: GroundState | None = None
    places: tuple[PlaceState, ...] = ()
    outlines: tuple[OutlineState, ...] = ()
    dark: bool = False
    draw: bool = False
    drawn: tuple[tuple[float, float], ...] = ()
    label: str = ""
    twin: TwinState | None = None
    bare: bool = False
    turn: int = 0
    area: tuple[float, float, float, float] = (-180.0, -60.0, 180.0, 75.0)
    stands: str = ""
    texts: MapTexts = field(default_factory=MapTexts)


def show(
    state: MapState,
    *,
    center: tuple[float, float] | None,
    zoom: int,
    key: str,
    height: int = 600,
) -> Click | None:
    """Draw the map and return the last thing that was clicked on it.

    Parameters
    ----------
    center : (lat, lon) or None
        None: what this tab saw last, else the whole area.
    zoom : int
        View at the start. The browser keeps its own view afterwards, until ``turn`` of the state
        changes.
    key : str
        Name of the map; its view is kept under this name while the browser tab lives.
    height : int
        Pixels; a page may stretch the frame by CSS, the map follows.

    Returns
    -------
    Click or None
        The same click again on every run until another one follows: compare ``at_ms``.
    """
    _check(_NAME, key)
    view = [round(float(center[0]), 5), round(float(center[1]), 5), int(zoom)] if center else None
    group = folium.FeatureGroup(name="state", control=False)
    _State({"name": key, "view": view, **as_json(state)}).add_to(group)
    answer = st_folium(
        _constant_map(),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=group,
    )
    return click_of((answer or {}).get("last_active_drawing"))


def as_json(state: MapState) -> dict[str, Any]:
    """The state as the browser reads it."""
    return {
        "dark": bool(state.dark),
        "draw": bool(state.draw),
        "drawn": [[float(lon), float(lat)] for lon, lat in state.drawn],
        "hexes": _hexes(state.hexes) if state.hexes else None,
        "ground": _ground(state.ground) if state.ground else None,
        "places": [_place(place) for place in state.places],
        "outlines": [{"url": outline.url} for outline in state.outlines],
        "label": str(state.label),
        "twin": _twin(state.twin) if state.twin else None,
        "bare": bool(state.bare),
        "turn": int(state.turn),
        "area": [float(side) for side in state.area],
        "stands": str(state.stands),
        "texts": {text.name: str(getattr(state.texts, text.name)) for text in fields(MapTexts)},
    }


def inert(value: object) -> str:
    r"""JSON as the inside of a JavaScript string, safe in every template, script and page.

    >>> inert("{{x}}")
    '\\u0022\\u007b\\u007bx\\u007d\\u007d\\u0022'
    """
    return _PLAIN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, allow_nan=False))


def _hexes(state: HexState) -> dict[str, Any]:
    return {
        "url": state.url,
        "palette": list(state.palette),
        "labels": [str(label) for label in state.labels],
        "unknown": str(state.unknown),
        "title": str(state.title),
        "hidden": sorted(int(number) for number in state.hidden),
        "opacity": float(state.opacity),
        "none": bool(state.none),
        "selected": _ring(state.selected),
        "max_zoom": int(state.deepest_tile_zoom),
    }


def _ground(state: GroundState) -> dict[str, Any]:
    return {
        "url": state.url, "credit": str(state.credit), "tiles": state.tiles,
        "tiles_credit": str(state.tiles_credit),
    }  # fmt: skip


def _twin(state: TwinState) -> dict[str, Any]:
    return {
        "hexes": _hexes(state.hexes) if state.hexes else None,
        "places": [_place(place) for place in state.places],
        "label": str(state.label),
    }


def _place(state: PlaceState) -> dict[str, str | None]:
    known = state.selected is not None and _NAME.fullmatch(state.selected)
    return {"kind": state.kind, "url": state.url, "selected": state.selected if known else None}


def _ring(cell: int | None) -> list[list[float]]:
    """Outline of a cell as (lat, lon), without a jump at the antimeridian."""
    if cell is None:
        return []
    corners = list(grid.polygons_of([cell])[0].exterior.coords)
    first = corners[0][0]
    return [[lat, first + (lon - first + 180) % 360 - 180] for lon, lat in corners[:-1]]


def _check(pattern: re.Pattern[str], value: str) -> None:
    if not pattern.fullmatch(value):
        raise ValueError(f"the map does not take {value!r}: expected {pattern.pattern}")


def _constant_map() -> folium.Map:
    """The same script on every run: a changed one would make a new frame and lose the view."""
    made = folium.Map(
        location=(20.0, 10.0),
        zoom_start=SHALLOWEST_ZOOM,
        tiles=None,
        minZoom=SHALLOWEST_ZOOM,
        maxZoom=DEEPEST_ZOOM,
    )
    made.add_child(_Stage())
    return made


class _Stage(JSCSSMixin):
    default_js = [("waypost", SCRIPT.url)]
    default_css = [("waypost_css", STYLE.url)]
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "waypost.start({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()
        self._name = "Waypost"


class _State(JSCSSMixin):
    _template = Template(
        '{% macro script(this, kwargs) %}waypost.apply("{{ this.text }}");{% endmacro %}'
    )

    def __init__(self, state: Mapping[str, Any]) -> None:
        super().__init__()
        self._name = "WaypostState"
        self.text = inert(state)


__all__: Sequence[str] = (
    "Click", "GroundState", "HexState", "MapState", "MapTexts", "OutlineState", "PlaceState",
    "TwinState", "as_json", "show",
)  # fmt: skip
