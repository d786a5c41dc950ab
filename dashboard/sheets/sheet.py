"""One map sheet as PDF or PNG: the drawn layer with all that a reader needs to judge it.

Set by Typst, which shapes every script and asks no network; what it is given is data, never markup.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
import typst

from dashboard import data, language, markers, outlines
from dashboard.basemap.own import basemap_of
from dashboard.handout.picture import Box, Picture
from dashboard.sheets import drawing, fonts, legend, marks
from dashboard.sheets.paper import Paper
from dashboard.sheets.told import told
from geo_data.view import View

TEMPLATE = Path(__file__).with_name("map.typ")
PRINT_DPI = 300
FIGURES_MM = 13.0
TABLE_MM = {"a4": (8.0, 3.6, 33.0), "a3": (10.0, 4.6, 55.0)}
"""What the frame gives up for the first table below it: for its heads, a row, and at most."""
MAP_MM: dict[tuple[str, bool], tuple[float, float]] = {
    ("a4", False): (205.0, 171.0), ("a3", False): (325.0, 257.0),
    ("a4", True): (190.0, 182.0), ("a3", True): (277.0, 302.0),
}  # fmt: skip
"""The frame of the map by paper and whether it stands upright."""
FINER = 1
"""Paper shows smaller hexagons than a screen of the same scale."""


@dataclass(frozen=True, kw_only=True)
class Order(Picture):
    """What is to be printed: a picture and its paper.

    Attributes
    ----------
    lines : tuple of geometries
        Drawn on top besides the outlines of the picture.
    paper : "a4" or "a3"
    portrait : bool
    """

    lines: tuple[shapely.Geometry, ...] = ()
    paper: Literal["a4", "a3"] = "a4"
    portrait: bool = False


def sheet(view: View, order: Order, kind: Literal["pdf", "png"]) -> bytes:
    """The sheet; of a PNG the map page at 300 dots per inch.

    Raises
    ------
    FontMissing
        If no installed font has the letters of what is to be printed.
    """
    wide, high = frame_mm(order)
    paper = Paper.around(*order.box, width_mm=wide, height_mm=high)
    with language.spoken(order.language), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places, left_out = marks.marks(paper, _places(view, order))
        lines, spots = _lines(view, order)
        numbers = marks.named(paper, spots)
        drawn = _map(view, order, paper, [*places, *numbers], lines)
        (folder / "map.svg").write_text(drawn, "utf-8")
        entries = legend.files(view, order, [*places, *numbers], list(lines), folder)
        said = told(view, order, paper, entries, left_out, receipts=kind == "pdf")
        text = json.dumps(said, ensure_ascii=False)
        fitting = {"fonts": fonts.families(text + drawn), "paper": order.paper,
                   "portrait": order.portrait, "map_mm": (wide, high),
                   "table_mm": below_mm(order)}  # fmt: skip
        (folder / "sheet.json").write_text(json.dumps(said | fitting), "utf-8")
        (folder / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
        made = typst.compile(
            str(folder / TEMPLATE.name), root=name, format=kind, ppi=PRINT_DPI,
        )  # fmt: skip
    return made if isinstance(made, bytes) else made[0]


def frame_mm(order: Order) -> tuple[float, float]:
    """The frame of the map, less high where figures and a table need room below it."""
    wide, high = MAP_MM[order.paper, order.portrait]
    return wide, high - below_mm(order)


def below_mm(order: Order) -> float:
    """Room for key figures and the first rows of the first table, below the map."""
    first = next((t for t in order.tables if t.title and t.printed_rows), None)
    figures = FIGURES_MM if order.figures else 0.0
    if first is None:
        return figures
    heads, row, most = TABLE_MM[order.paper]
    return figures + min(most, heads + row * len(first.printed_rows))


def _map(
    view: View, order: Order, paper: Paper, places: list[marks.Mark],
    lines: Mapping[str, list[shapely.Geometry]],
) -> str:  # fmt: skip
    if order.layer is None:
        return drawing.svg(
            paper, np.empty(0, np.int64), np.empty(0, np.uint8), [], places, lines, basemap_of(view)
        )
    drawn = data.classes(view.name, order.layer.key, order.token, paper.zoom + FINER)
    if drawn is None:
        raise KeyError(order.layer.key)
    tiles, codes = drawn
    shown = np.where(np.isin(codes, order.hidden), 255, codes).astype(np.uint8)
    return drawing.svg(
        paper, tiles.cells, shown, order.layer.colours, places, lines, basemap_of(view)
    )


def _places(view: View, order: Order) -> list[Mapping[str, Any]]:
    return [place for kind in order.places for place in markers.markers(view, kind)["places"]]


def _lines(
    view: View, order: Order
) -> tuple[dict[str, list[shapely.Geometry]], list[tuple[str, shapely.Geometry]]]:
    """Shapes by style of the drawing, and points with their names."""
    found: dict[str, list[shapely.Geometry]] = {}
    spots = []
    for name in order.outlines:
        for feature in outlines.outlines(view, name)["features"]:
            said, shape = feature["properties"], shapely.geometry.shape(feature["geometry"])
            if shape.geom_type == "Point":
                spots.append((said["name"], shape))
                continue
            style = said["style"]
            found.setdefault(style if style in drawing.LINE_STYLES else "line", []).append(shape)
    return found | ({"drawn": list(order.lines)} if order.lines else {}), spots


__all__ = ("Box", "Order", "sheet")
