"""Outlines and lines as GeoJSON: administrative areas, search-and-rescue regions, roads, routes."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from typing import Any

import pandas as pd
import shapely

from dashboard import sketches
from geo_data.view import View

SIMPLIFY_DEG = 0.01
SEARCH_TRACKS = "line-search track"
SIMPLIFY_HELD_DEG = 0.002
AREA_PREFIX, HELD_PREFIX = "area-", "held-"
KEPT = 64
_held: OrderedDict[str, shapely.Geometry] = OrderedDict()


def hold(geometry: shapely.Geometry) -> str:
    """Make the outline of a chosen area drawable; its name says what it is made of."""
    name = HELD_PREFIX + hashlib.sha256(shapely.to_wkb(geometry)).hexdigest()[:16]
    _held[name] = geometry
    _held.move_to_end(name)
    while len(_held) > KEPT:
        _held.popitem(last=False)
    return name


def names(view: View) -> list[str]:
    """Outlines that a release can draw: each kind of area, each type of line."""
    areas, lines = view.reference("areas"), view.reference("lines")
    kinds = [f"{AREA_PREFIX}{kind}" for kind in sorted(areas["kind"].dropna().unique())]
    return kinds + [f"line-{kind}" for kind in sorted(lines["line_type"].dropna().unique())]


def outlines(view: View, name: str) -> dict[str, Any]:
    """One of :func:`names`, ``code-X`` for the single area with the code X, or what a page made.

    Raises
    ------
    KeyError
        If the release has no such outline.
    """
    if name.startswith(sketches.PREFIX):
        return {"type": "FeatureCollection", "features": sketches.features(view, name)}
    if name in _held:
        feature = _feature(("", shapely.simplify(_held[name], SIMPLIFY_HELD_DEG)), "code")
        return {"type": "FeatureCollection", "features": [feature]}
    table, style = _table(view, name), name.partition("-")[0]
    if table.empty:
        raise KeyError(name)
    style = "track" if name == SEARCH_TRACKS else style
    return {"type": "FeatureCollection", "features": [_feature(row, style) for row in _rows(table)]}


def sources(view: View, name: str) -> set[str]:
    """Keys of the sources that an outline is of; what a page drew itself has none."""
    table = view.reference("areas") if name in _held else _table(view, name)
    return set(table["source"]) if len(table) else set()


def _table(view: View, name: str) -> pd.DataFrame:
    """Rows of areas or lines behind a name, none for what a page made."""
    style, _, value = name.partition("-")
    if style == "line":
        table = view.reference("lines")
        return table[table["line_type"] == value]
    if style in ("area", "code"):
        table = view.reference("areas")
        return table[table["kind" if style == "area" else "area_code"] == value]
    return pd.DataFrame()


def _rows(table: pd.DataFrame) -> list[tuple[str, Any]]:
    geometry = shapely.simplify(shapely.from_wkb(table["geometry"].to_numpy()), SIMPLIFY_DEG)
    return list(zip(table["name"].fillna("").astype(str), geometry, strict=True))


def _feature(row: tuple[str, Any], style: str) -> dict[str, Any]:
    name, geometry = row
    return {
        "type": "Feature",
        "properties": {"name": name, "style": "selected" if style == "code" else style},
        "geometry": json.loads(shapely.to_geojson(shapely.set_precision(geometry, 0.001))),
    }
