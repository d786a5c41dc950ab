"""What a person looks at, as a value and as a link: a link opens the same picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from geo_data import grid

NONE = "none"
SIDE, CHANGE = "side", "change"
WINDOWS_DAYS = ("7", "30", "90", "365")
_CELL = re.compile(r"hex:(8[0-9a-f]{14})")
_PLACE = re.compile(r"place:([a-z]+):(.{1,120})")


@dataclass(frozen=True, kw_only=True)
class Selection:
    """One picture.

    Attributes
    ----------
    release : str
        Empty: always the newest.
    layer : str
        Key of the hexagon layer, or ``none``.
    places : tuple of str
        Kinds of places shown.
    lines : tuple of str
        Outlines shown.
    hidden : tuple of int
        Classes hidden in the legend.
    lat_deg, lon_deg, zoom : float, float, int
        View of the map; zoom 0: not known yet, the whole operation.
    picked : str
        ``hex:<cell>``, ``place:<kind>:<id>`` or empty.
    compare : str
        ``side`` (two dates side by side), ``change`` (later minus earlier) or empty.
    against : str
        The other release of a comparison; empty: the one before.
    days : str
        Only reports of that many days up to the date shown; empty: all.
    opacity : float
        Of the hexagons.
    light : str
        ``1``: tables first, no map until asked for.
    language : str
        Code of the language, ``lang`` in the link; empty: as the browser asks.
    """

    release: str = ""
    layer: str = NONE
    places: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    hidden: tuple[int, ...] = ()
    lat_deg: float = 0.0
    lon_deg: float = 0.0
    zoom: int = 5
    picked: str = ""
    compare: str = ""
    against: str = ""
    days: str = ""
    opacity: float = 0.8
    light: str = ""
    language: str = ""

    @property
    def cell(self) -> str | None:
        """Name of the picked hexagon."""
        match = _CELL.fullmatch(self.picked)
        return match[1] if match else None

    @property
    def place(self) -> tuple[str, str] | None:
        """Kind and id of the picked place."""
        match = _PLACE.fullmatch(self.picked)
        return (match[1], match[2]) if match else None

    @property
    def view(self) -> str:
        """The view as it stands in a link; empty: the whole operation."""
        return f"{self.lat_deg:.3f},{self.lon_deg:.3f},{self.zoom}" if self.zoom else ""

    def to_query(self) -> dict[str, str]:
        """The selection as URL parameters."""
        query = {
            "release": self.release,
            "layer": self.layer,
            "places": ",".join(self.places),
            "lines": ",".join(self.lines),
            "hidden": ",".join(str(number) for number in self.hidden),
            "view": self.view,
            "picked": self.picked,
            "compare": self.compare,
            "against": self.against,
            "days": self.days,
            "opacity": "" if self.opacity == Selection.opacity else f"{self.opacity:.2g}",
            "light": self.light,
            "lang": self.language,
        }
        return {name: value for name, value in query.items() if value or name == "places"}


def from_query(
    query: Mapping[str, str],
    start: Selection,
    *,
    layers: Iterable[str],
    places: Iterable[str],
    lines: Iterable[str],
    releases: Iterable[str],
    languages: Iterable[str] = (),
) -> tuple[Selection, list[str]]:
    """A selection from URL parameters.

    Parameters
    ----------
    query : mapping
        As the browser sent it; anything may be in it.
    start : Selection
        Default of what is missing or nonsense.
    layers, places, lines, releases, languages : iterables of str
        The words that exist.

    Returns
    -------
    selection : Selection
    ignored : list of str
        Names of parameters that held nonsense, for the person who opened the link.
    """
    known = set(releases)
    one = {
        "layer": {NONE, *layers}, "release": known, "against": known, "lang": set(languages),
        "compare": {SIDE, CHANGE}, "days": set(WINDOWS_DAYS), "light": {"1"},
    }  # fmt: skip
    many = {"places": set(places), "lines": set(lines)}
    chosen: dict[str, Any] = {}
    ignored = []
    for name, value in query.items():
        if name not in _NAMES:
            continue
        found, whole = _read(name, value, one, many)
        chosen |= found
        if not whole:
            ignored.append(name)
    return replace(start, **chosen), ignored


_FIELDS = {"lang": "language"}
_NAMES = frozenset(
    {
        "release", "layer", "places", "lines", "hidden", "view", "picked", "compare", "against",
        "days", "opacity", "light", "lang",
    }
)  # fmt: skip


def _read(
    name: str, value: str, one: Mapping[str, set[str]], many: Mapping[str, set[str]]
) -> tuple[dict[str, Any], bool]:
    """Fields that one parameter sets, and whether all of it made sense."""
    if name in one:
        known = value in one[name]
        return ({_FIELDS.get(name, name): value} if known else {}), known
    if name in many:
        words = [word for word in value.split(",") if word]
        kept = tuple(word for word in words if word in many[name])
        return {name: kept}, len(kept) == len(words)
    if name == "hidden":
        numbers = value.split(",") if value else []
        known = all(number.isdigit() and int(number) < 256 for number in numbers)
        return ({"hidden": tuple(map(int, numbers))} if known else {}), known
    if name == "opacity":
        known = bool(re.fullmatch(r"0?\.\d{1,2}|1(\.0)?", value)) and float(value) >= 0.1
        return ({"opacity": float(value)} if known else {}), known
    if name == "view":
        view = view_of(value)
        return view, bool(view)
    cell = _CELL.fullmatch(value)
    known = grid.is_cell(cell[1]) if cell else bool(_PLACE.fullmatch(value))
    return ({"picked": value} if known else {}), known


def view_of(text: str) -> dict[str, Any]:
    """Fields that a view ``lat,lon,zoom`` sets; none if it is nonsense."""
    match = re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?),(\d{1,2})", text)
    if not match:
        return {}
    lat, lon, zoom = float(match[1]), float(match[2]), int(match[3])
    inside = abs(lat) <= 85 and abs(lon) <= 180 and 2 <= zoom <= 16
    return {"lat_deg": lat, "lon_deg": lon, "zoom": zoom} if inside else {}
