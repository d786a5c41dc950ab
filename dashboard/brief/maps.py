"""Maps of a brief: who lives there, and the index, both with the outline of the area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from dashboard import data, frame, markers
from dashboard.area.choose import Area
from dashboard.area.ranking import Ranking
from dashboard.basemap.own import basemap_of
from dashboard.language import _, number
from dashboard.sheets import drawing
from dashboard.sheets.marks import marks
from dashboard.sheets.paper import Paper
from geo_data import grid
from geo_data import quantities as q
from geo_data.view import View
from layers import BY_KEY
from layers.base import HexLayer

WIDTH_MM, HEIGHT_MM = 86.0, 78.0
MARGIN = 0.12
MOST_PLACES = 300


@dataclass(frozen=True)
class Map:
    """One map: its drawing as SVG, a title, and classes as (colour, label)."""

    title: str
    svg: str
    legend: list[tuple[str, str]]
    scale: str


def maps(view: View, area: Area, made: Ranking) -> list[Map]:
    """People and index."""
    paper = Paper.around(*_box(area), width_mm=WIDTH_MM, height_mm=HEIGHT_MM)
    outline = outline_of(view, area)
    places = [
        place for place in markers.markers(view, "crossings")["places"]
        if paper.west < place["lon"] < paper.east and paper.south < place["lat"] < paper.north
    ][:MOST_PLACES]  # fmt: skip
    people = BY_KEY[q.DISPLACED.column if view.sources_of(q.DISPLACED) else q.POPULATION.column]
    wanted = ((people, data.STORED), (BY_KEY[q.CONTEXT_INDEX.column], made.token))
    return [_map(view, paper, layer, token, places, outline) for layer, token in wanted]


def outline_of(view: View, area: Area) -> list[shapely.Geometry]:
    """Lines round the area: of its register, as drawn, or round its hexagons."""
    codes = {name.removeprefix("code-") for name in area.outlines if name.startswith("code-")}
    if codes:
        table = view.reference("areas")
        return list(shapely.from_wkb(table.loc[table["area_code"].isin(codes), "geometry"]))
    if area.ring:
        return [shapely.Polygon(area.ring)]
    return [grid.outline_of(area.cells["cell"])]


def disclaimer() -> str:
    """What a boundary on the map does not say."""
    return _(frame.DISCLAIMER)


def _map(
    view: View, paper: Paper, layer: HexLayer, token: str, places: list,
    outline: list[shapely.Geometry],
) -> Map:  # fmt: skip
    drawn = data.classes(view.name, layer.key, token, paper.zoom + 1)
    if drawn is None:
        raise KeyError(layer.key)
    tiles, codes = drawn
    labels = [_(label) for label in layer.classes.labels]
    present = set(np.unique(codes[drawing.within(paper, tiles.cells)]).tolist())
    shown = [(colour, label) for number, (colour, label) in
             enumerate(zip(layer.colours, labels, strict=True)) if number in present]  # fmt: skip
    if 254 in present:
        shown.append(("hatch", _("unknown")))
    drawn_places, _left_out = marks(paper, places)
    svg = drawing.svg(
        paper, tiles.cells, codes, layer.colours, drawn_places, {"drawn": outline}, basemap_of(view)
    )
    title = _(layer.title) + " (" + _(layer.quantity.unit) + ")"
    return Map(title, svg, shown, _("About 1 : {ratio}, Mercator", ratio=number(paper.ratio)))


def _box(area: Area) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(
        grid.polygons_of(area.cells["cell"].to_numpy(np.int64))
    )
    wide, high = (max(east - west, 0.1) * MARGIN, max(north - south, 0.1) * MARGIN)
    return (west - wide, max(south - high, -84.0), east + wide, min(north + high, 84.0))
