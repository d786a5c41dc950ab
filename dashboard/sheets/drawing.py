"""A map as SVG: land, hexagons by class, boundaries, graticule, places. Vectors at any size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely
from numpy.typing import NDArray

from dashboard.basemap.shapes import Basemap, world
from dashboard.sheets import lettering, symbols
from dashboard.sheets.lettering import FAMILIES, HALO, INK, SYMBOL_MM
from dashboard.sheets.marks import Mark
from dashboard.sheets.paper import Paper
from dashboard.tiles import OUTSIDE, UNKNOWN
from geo_data import grid

WATER, LAND, COAST, BORDER = "#d8e5ec", "#eae6dc", "#66808e", "#3d4850"
CRIMSON = "#b3243c"
RIVER = "#a9c3d0"
HATCH = (
    '<pattern id="hatch" width="1.1" height="1.1" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="1.1" height="1.1" fill="#f4f5f6"/>'
    '<line x1="0" y1="0" x2="0" y2="1.1" stroke="#6a747c" stroke-width="0.4"/></pattern>'
)
DIGITS = 2
LONGEST_IN_RING = 2
OPACITY = 0.85
LINE_STYLES: dict[str, tuple[tuple[str, float, str], ...]] = {
    "area": ((BORDER, 0.25, "0.4 0.8"),), "selected": ((HALO, 1.2, ""), ("#7b3294", 0.6, "")),
    "line": ((BORDER, 0.4, ""),), "track": ((INK, 0.3, "1.5 0.8"),),
    "drawn": (("#12436d", 0.4, ""),), "pattern": ((HALO, 0.9, ""), ("#0a6aa6", 0.45, "")),
    "effort": ((HALO, 1.0, ""), ("#7b3294", 0.5, "1.6 0.8")),
    "error": ((HALO, 0.9, ""), (CRIMSON, 0.45, "0.8 0.8")),
}  # fmt: skip


def svg(
    paper: Paper,
    cells: grid.Cells,
    classes: NDArray[np.uint8],
    colours: Sequence[str],
    places: Iterable[Mark] = (),
    lines: Mapping[str, Sequence[shapely.Geometry]] | None = None,
    basemap: Basemap | None = None,
) -> str:
    """The whole map.

    Parameters
    ----------
    cells, classes : arrays, shape (n,)
        Class of each cell; 254 is hatched, 255 is not drawn.
    places : iterable of Mark
    lines : mapping
        Outlines drawn on top, longitude first, by style of ``LINE_STYLES``.
    basemap : Basemap, optional
        The app's own by default.
    """
    marks, ground = list(places), basemap or world()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{paper.width_mm}mm" '
        f'height="{paper.height_mm}mm" viewBox="0 0 {paper.width_mm} {paper.height_mm}">'
        f"<defs>{HATCH}</defs>",
        f'<rect width="100%" height="100%" fill="{WATER}"/>',
        *_ground(paper, ground),
        hexagons(paper, cells, classes, colours),
        *_borders(paper, ground),
        lettering.graticule(paper),
        *_lines(paper, lines or {}),
        *lettering.names(paper, marks, ground),
        *(_drawn(mark) for mark in marks),
        f'<rect width="100%" height="100%" fill="none" stroke="{INK}" stroke-width="0.5"/></svg>',
    ]
    return "".join(parts)


def hexagons(
    paper: Paper, cells: grid.Cells, classes: NDArray[np.uint8], colours: Sequence[str]
) -> str:
    """Cells as one path a class."""
    seen = within(paper, cells) & (classes != OUTSIDE)
    cells, classes = cells[seen], classes[seen]
    paths = []
    for code in np.unique(classes):
        shapes = _about(paper, grid.polygons_of(cells[classes == code]))
        fill = "url(#hatch)" if code == UNKNOWN else colours[code]
        paths.append(f'<path fill="{fill}" d="{_path(paper, shapes)}"/>')
    return f'<g opacity="{OPACITY}">{"".join(paths)}</g>'


def within(paper: Paper, cells: grid.Cells) -> NDArray[np.bool_]:
    """Cells that may touch the frame, on whichever side of the antimeridian it lies."""
    if not len(cells):
        return np.zeros(0, bool)
    lat, lon = grid.centres_of(cells)
    reach = 2 * grid.AVERAGE_EDGE_KM[grid.resolution_of(cells)] / 111.2
    wide = reach / np.maximum(np.cos(np.radians(lat)), 0.05)
    inside = (lat > paper.south - reach) & (lat < paper.north + reach)
    return inside & (np.abs(_apart(lon, paper)) < (paper.east - paper.west) / 2 + wide)


def _apart(lon_deg: NDArray[np.float64], paper: Paper) -> NDArray[np.float64]:
    """Degrees east of the middle of the frame, the short way round."""
    return (lon_deg - (paper.west + paper.east) / 2 + 180) % 360 - 180


def _about(paper: Paper, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Small shapes on the side of the antimeridian where the frame lies, none torn by it."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    first = points[np.searchsorted(owner, owner), 0]
    near = (paper.west + paper.east) / 2 + _apart(first, paper)
    points[:, 0] = near + (points[:, 0] - first + 180) % 360 - 180
    return np.asarray(shapely.set_coordinates(shapes, points), dtype=object)


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


def _ground(paper: Paper, basemap: Basemap) -> list[str]:
    """Land, and the water on it."""
    styles = (
        ("land", LAND, COAST, 0.12),
        ("lakes", WATER, COAST, 0.12),
        ("rivers", "none", RIVER, 0.2),
    )
    return [
        _shapes(paper, basemap.shapes(part, paper.zoom), fill=fill, stroke=stroke, width=width)
        for part, fill, stroke, width in styles
    ]


def _borders(paper: Paper, basemap: Basemap) -> list[str]:
    drawn = []
    for kind in ("settled", "disputed"):
        dashes = "" if kind == "settled" else "1.2 0.8"
        found = basemap.shapes(kind, paper.zoom)
        drawn.append(_shapes(paper, found, fill="none", stroke=BORDER, width=0.22, dashes=dashes))
    return drawn


def swatch(colour: str) -> str:
    """A square of the legend as the map shows the class on land; an empty colour is the hatch."""
    fill = colour or "url(#hatch)"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 3.6"><defs>{HATCH}</defs>'
        f'<rect width="6" height="3.6" fill="{LAND}"/><rect width="6" height="3.6" '
        f'fill="{fill}" opacity="{OPACITY}"/></svg>'
    )


def stroke_sample(style: str) -> str:
    """A piece of a line for the legend."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 3.6">'
        + "".join(_stroke("M0,1.8H6", *layer) for layer in LINE_STYLES[style])
        + "</svg>"
    )


def badge_sample() -> str:
    """The sign of several places for the legend."""
    body = _badge(Mark(1.9, 1.9, count=9))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3.8 3.8">{body}</svg>'


def _lines(paper: Paper, lines: Mapping[str, Sequence[shapely.Geometry]]) -> list[str]:
    return [
        _shapes(paper, shapes, fill="none", stroke=colour, width=width, dashes=dashes)
        for style, shapes in lines.items()
        for colour, width, dashes in LINE_STYLES[style]
    ]


def _stroke(path: str, colour: str, width: float, dashes: str) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-dasharray="{dashes or "none"}"/>'
    )


def ring_sample() -> str:
    """The sign of a number on the map for the legend."""
    body = _ringed(Mark(1.9, 1.9, name="1", ringed=True))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3.8 3.8">{body}</svg>'


def _drawn(mark: Mark) -> str:
    if mark.ringed:
        return _ringed(mark)
    return _badge(mark) if mark.count > 1 else _symbol(mark)


def _ringed(mark: Mark) -> str:
    """A number in a circle, or a point with its name beside it."""
    short = len(mark.name) <= LONGEST_IN_RING
    x, anchor = (mark.x, "middle") if short else (mark.x + 1.6, "start")
    return (
        f'<circle cx="{mark.x:.2f}" cy="{mark.y:.2f}" r="{1.6 if short else 0.9}" fill="{HALO}" '
        f'stroke="{CRIMSON}" stroke-width="0.5"/><text x="{x:.2f}" y="{mark.y + 0.8:.2f}" '
        f'text-anchor="{anchor}" font-size="2.2" font-family="{FAMILIES}" font-weight="bold" '
        f'fill="{INK}">{escape(mark.name)}</text>'
    )


def _symbol(mark: Mark) -> str:
    scale, half = SYMBOL_MM / 24, SYMBOL_MM / 2
    return (
        f'<g transform="translate({mark.x - half:.2f} {mark.y - half:.2f}) '
        f'scale({scale:.4f})">{symbols.svg(mark.symbol)}</g>'
    )


def _badge(mark: Mark) -> str:
    """How many places stand where there is room for one."""
    radius = 1.5 + 0.3 * len(str(mark.count))
    return (
        f'<circle cx="{mark.x:.2f}" cy="{mark.y:.2f}" r="{radius:.2f}" fill="#22313d" '
        f'stroke="{HALO}" stroke-width="0.3"/><text x="{mark.x:.2f}" y="{mark.y + 0.72:.2f}" '
        f'text-anchor="middle" font-size="2.12" font-family="{FAMILIES}" font-weight="bold" '
        f'fill="{HALO}">{mark.count}</text>'
    )
