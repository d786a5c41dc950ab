"""A map as SVG: land, hexagons by class, boundaries, graticule, places. Vectors at any size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from dashboard.assets import STATIC
from dashboard.sheets import symbols
from dashboard.sheets.paper import Paper
from dashboard.text import safe
from dashboard.tiles import OUTSIDE, UNKNOWN
from geo_data import grid

WATER, LAND, COAST, BORDER = "#d8e5ec", "#f6f4ef", "#66808e", "#3d4850"
GRATICULE, INK, HALO = "#465c6a", "#111820", "#ffffff"
HATCH = (
    '<pattern id="hatch" width="1.1" height="1.1" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="1.1" height="1.1" fill="#f4f5f6"/>'
    '<line x1="0" y1="0" x2="0" y2="1.1" stroke="#6a747c" stroke-width="0.4"/></pattern>'
)
DIGITS = 2
DETAIL_FROM_ZOOM = 6
SYMBOL_MM = 3.2
NAMES = 18


def svg(
    paper: Paper,
    cells: grid.Cells,
    classes: NDArray[np.uint8],
    colours: Sequence[str],
    places: Iterable[Mapping[str, Any]] = (),
    lines: Iterable[shapely.Geometry] = (),
) -> str:
    """The whole map.

    Parameters
    ----------
    cells, classes : arrays, shape (n,)
        Class of each cell; 254 is hatched, 255 is not drawn.
    places : iterable of mappings
        ``lat``, ``lon``, ``symbol`` and ``label`` as the map's own route gives them.
    lines : iterable of geometries
        Outlines drawn on top, longitude first.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{paper.width_mm}mm" '
        f'height="{paper.height_mm}mm" viewBox="0 0 {paper.width_mm} {paper.height_mm}">'
        f"<defs>{HATCH}</defs>",
        f'<rect width="100%" height="100%" fill="{WATER}"/>',
        _shapes(paper, _basemap("land", paper.zoom), fill=LAND, stroke=COAST, width=0.12),
        hexagons(paper, cells, classes, colours),
        *_borders(paper),
        _graticule(paper),
        _shapes(paper, lines, fill="none", stroke="#12436d", width=0.4),
        *(_place(paper, place) for place in places),
        *_names(paper),
        f'<rect width="100%" height="100%" fill="none" stroke="{INK}" stroke-width="0.5"/></svg>',
    ]
    return "".join(parts)


def hexagons(
    paper: Paper, cells: grid.Cells, classes: NDArray[np.uint8], colours: Sequence[str]
) -> str:
    """Cells as one path a class."""
    seen = _within(paper, cells) & (classes != OUTSIDE)
    cells, classes = cells[seen], classes[seen]
    paths = []
    for code in np.unique(classes):
        shapes = grid.polygons_of(cells[classes == code])
        fill = "url(#hatch)" if code == UNKNOWN else colours[code]
        paths.append(f'<path fill="{fill}" d="{_path(paper, shapes)}"/>')
    return f'<g opacity="0.85">{"".join(paths)}</g>'


def _within(paper: Paper, cells: grid.Cells) -> NDArray[np.bool_]:
    """Cells that may touch the frame; those on the antimeridian are left out of a flat sheet."""
    if not len(cells):
        return np.zeros(0, bool)
    lat, lon = grid.centres_of(cells)
    reach = 2 * grid.AVERAGE_EDGE_KM[grid.resolution_of(cells)] / 111.2
    wide = reach / np.maximum(np.cos(np.radians(lat)), 0.05)
    inside = (lat > paper.south - reach) & (lat < paper.north + reach)
    inside &= (lon > paper.west - wide) & (lon < paper.east + wide)
    return inside & (np.abs(lon) + wide < 180)


def _path(paper: Paper, shapes: Any) -> str:
    """Rings of polygons or parts of lines as path data."""
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    rings = shapely.get_parts(shapely.get_rings(parts[shapely.get_dimensions(parts) == 2]))
    data = [_moves(paper, rings, "Z")]
    data.append(_moves(paper, parts[shapely.get_dimensions(parts) == 1], ""))
    return "".join(data)


def _moves(paper: Paper, curves: Any, end: str) -> str:
    if not len(curves):
        return ""
    points, owner = shapely.get_coordinates(curves, return_index=True)
    x, y = paper.place(lat_deg=points[:, 1], lon_deg=points[:, 0])
    texts = [f"{a:.{DIGITS}f},{b:.{DIGITS}f}" for a, b in zip(x, y, strict=True)]
    starts = np.searchsorted(owner, np.arange(len(curves) + 1)).tolist()
    return "".join(
        f"M{'L'.join(texts[first:last])}{end}"
        for first, last in zip(starts, starts[1:], strict=False)
        if last > first
    )


def _shapes(
    paper: Paper, shapes: Iterable[shapely.Geometry], *, fill: str, stroke: str, width: float,
    dashes: str = "",
) -> str:  # fmt: skip
    box = (
        paper.west - 0.5,
        max(-85.0, paper.south - 0.5),
        paper.east + 0.5,
        min(85.0, paper.north + 0.5),
    )
    cut = shapely.clip_by_rect(np.array(list(shapes), dtype=object), *box)
    cut = cut[~shapely.is_empty(cut)] if len(cut) else cut
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path fill="{fill}" fill-rule="evenodd" stroke="{stroke}" stroke-width="{width}"{dashed} '
        f'stroke-linejoin="round" d="{_path(paper, cut)}"/>'
    )


def _borders(paper: Paper) -> list[str]:
    drawn = []
    for kind in ("settled", "disputed"):
        dashes = "" if kind == "settled" else "1.2 0.8"
        found = _basemap("borders", paper.zoom, kind)
        drawn.append(_shapes(paper, found, fill="none", stroke=BORDER, width=0.22, dashes=dashes))
    return drawn


def _graticule(paper: Paper) -> str:
    lons, lats = paper.graticule()
    x, _ = paper.place(lat_deg=np.zeros(len(lons)), lon_deg=lons)
    _, y = paper.place(lat_deg=lats, lon_deg=np.zeros(len(lats)))
    lines = [f"M{at:.2f},0V{paper.height_mm}" for at in x]
    lines += [f"M0,{at:.2f}H{paper.width_mm}" for at in y]
    words = [
        _word(at + 0.6, 2.6, f"{abs(lon):g}° {'E' if lon >= 0 else 'W'}")
        for at, lon in zip(x, lons, strict=True)
        if at < paper.width_mm - 8
    ]
    words += [
        _word(0.7, at - 0.6, f"{abs(lat):g}° {'N' if lat >= 0 else 'S'}")
        for at, lat in zip(y, lats, strict=True)
        if at > 6
    ]
    return (
        f'<path d="{"".join(lines)}" stroke="{GRATICULE}" stroke-width="0.1" opacity="0.5"/>'
        + "".join(words)
    )


def _names(paper: Paper) -> list[str]:
    """The largest towns of the basemap that keep clear of each other."""
    taken: list[tuple[float, float]] = []
    drawn: list[str] = []
    for lon, lat, name in _towns():
        (x,), (y,) = paper.place(lat_deg=[lat], lon_deg=[lon])
        inside = 0 < x < paper.width_mm - 22 and 4 < y < paper.height_mm - 2
        clear = all(abs(x - a) > 24 or abs(y - b) > 5 for a, b in taken)
        if inside and clear and len(taken) < NAMES:
            taken.append((x, y))
            drawn.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="0.5" fill="{INK}"/>')
            drawn.append(_word(x + 1.2, y - 1.4, str(name), size=2.5, ink=INK))
    return drawn


def _place(paper: Paper, place: Mapping[str, Any]) -> str:
    (x,), (y,) = paper.place(lat_deg=[place["lat"]], lon_deg=[place["lon"]])
    if not (0 <= x <= paper.width_mm and 0 <= y <= paper.height_mm):
        return ""
    scale = SYMBOL_MM / 24
    return (
        f'<g transform="translate({x - SYMBOL_MM / 2:.2f} {y - SYMBOL_MM / 2:.2f}) '
        f'scale({scale:.4f})">{symbols.svg(str(place["symbol"]))}</g>'
    )


def _word(x: float, y: float, text: str, *, size: float = 2.1, ink: str = GRATICULE) -> str:
    style = f'font-size="{size}" font-family="Noto Sans, DejaVu Sans, sans-serif"'
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" {style} fill="{ink}" stroke="{HALO}" stroke-width="0.5" '
        f'paint-order="stroke">{safe(text)}</text>'
    )


def _basemap(name: str, zoom: int, kind: str | None = None) -> list[shapely.Geometry]:
    """Shapes of the coarse file; in a large scale, within its box, those of the finer one."""
    coarse = _file(f"{name}.json", kind)
    if zoom < DETAIL_FROM_ZOOM:
        return coarse
    fine = _file(f"{name}_detail.json", kind)
    if not fine:
        return coarse
    box = shapely.box(*shapely.total_bounds(_file(f"{name}_detail.json", None)))
    rest = shapely.difference(np.array(coarse, dtype=object), box)
    return [*fine, *rest[~shapely.is_empty(rest)]]


@lru_cache(maxsize=16)
def _file(name: str, kind: str | None) -> list[shapely.Geometry]:
    features = json.loads((STATIC / "basemap" / name).read_text("utf-8"))["features"]
    found = [f for f in features if kind is None or f["properties"].get("kind") == kind]
    shapes = [shapely.make_valid(shapely.geometry.shape(f["geometry"])) for f in found]
    return list(shapely.get_parts(np.array(shapes, dtype=object))) if shapes else []


@lru_cache(maxsize=1)
def _towns() -> list[tuple[float, float, str]]:
    """Longitude, latitude and name, the most important first."""
    features = json.loads((STATIC / "basemap" / "places.json").read_text("utf-8"))["features"]
    ranked = sorted(features, key=lambda feature: feature["properties"]["rank"])
    return [(*f["geometry"]["coordinates"], f["properties"]["name"]) for f in ranked]
