"""What a step draws on top of its hexagons: numbers, patterns, effort, positions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from dashboard import sketches
from dashboard.language import _
from dashboard.rescue import assets, gap_areas, looked_block, next_block, searched, sites
from dashboard.rescue.plan import Plan
from dashboard.sketches import Shape
from geo_data import grid

NUMBERED = 10
KM_PER_DEG = 111.2
NINETY_FIVE = 2.448
"""Radius that holds 95 % of a normal error in two directions, in standard deviations."""


def of_step(made: Plan, step: str) -> str:
    """Name of the drawing of a step among the outlines of the map; empty if there is nothing."""
    return sketches.register(made.view, shapes(made, step))


def shapes(made: Plan, step: str) -> list[Shape]:
    """All that is drawn on top in a step."""
    drawn = {"looked": search, "drift": start, "gap": areas, "next": bases}.get(step)
    return [*(drawn(made) if drawn else []), *changed_assets(made)]


def search(made: Plan) -> list[Shape]:
    """The pattern to steer and the outline of each asset's share of the next hours."""
    asked = made.values["drawn"]
    found = searched.looked(made)
    made_of = effort(made, found) if asked in ("both", "effort") else []
    if asked in ("both", "pattern"):
        made_of += pattern(made, found)
    return made_of


def pattern(made: Plan, found: searched.Looked) -> list[Shape]:
    """The search pattern with its start; nothing where none can be steered."""
    steered, _problem = looked_block.steered(made, found)
    if steered is None:
        return []
    points = shapely.points(steered["lon_deg"].to_numpy(), steered["lat_deg"].to_numpy())
    return [
        Shape(_("Search pattern"), sketches.PATTERN, shapely.linestrings(_corners(points))),
        Shape(_("Start"), sketches.MARK, points[0]),
    ]


def effort(made: Plan, found: searched.Looked) -> list[Shape]:
    """Hexagons in which the next hours are best spent, one outline an asset."""
    cells = looked_block.next_cells(made, found)
    names = made.names
    return [
        Shape(names.get(str(asset), _("nobody")), sketches.EFFORT, _union(part["cell"]))
        for asset, part in cells.groupby("asset_id", sort=False, dropna=False)
    ]


def start(made: Plan) -> list[Shape]:
    """The last known position, and the circle that holds it with 95 %."""
    lat, lon, error = (float(made.values[name]) for name in ("lkp_lat", "lkp_lon", "lkp_sd"))
    mark = Shape(_("Last known position"), sketches.MARK, shapely.Point(lon, lat))
    if not error:
        return [mark]
    turn = np.radians(np.arange(0, 361, 10))
    reach = NINETY_FIVE * error / KM_PER_DEG
    around = np.column_stack(
        [lon + reach * np.sin(turn) / np.cos(np.radians(lat)), lat + reach * np.cos(turn)]
    )
    return [Shape(_("Error of the position"), sketches.ERROR, shapely.Polygon(around)), mark]


def areas(made: Plan) -> list[Shape]:
    """Numbers of the largest gap areas, those of the table."""
    if made.blind or made.ranked.empty:
        return []
    return _numbers(gap_areas.areas(made).head(NUMBERED))


def bases(made: Plan) -> list[Shape]:
    """Numbers of the chosen bases, those of the table."""
    if made.blind or made.ranked.empty:
        return []
    asked = sites.question(made)
    answer = next_block.chosen(made, asked)
    return [] if answer is None else _numbers(next_block.ranked(made, asked, answer))


def changed_assets(made: Plan) -> list[Shape]:
    """Assets that the plan adds or moves: the register's own symbols do not show them."""
    known = assets.stored(made.view).set_index("place_id")[["lat_deg", "lon_deg"]]
    was = known.reindex(made.assets["place_id"]).to_numpy(np.float64)
    now = made.assets[["lat_deg", "lon_deg"]].to_numpy(np.float64)
    moved = made.assets[~np.isclose(was, now).all(axis=1)]
    return [
        Shape(made.names[row["place_id"]], sketches.MARK,
              shapely.Point(row["lon_deg"], row["lat_deg"]))
        for row in moved.to_dict("records")
    ]  # fmt: skip


def outlines_of(made: Plan) -> list[shapely.Geometry]:
    """Outline of each gap area, in the order of the table."""
    cells = made.ranked.groupby("gap_area", sort=True)["cell"]
    return [_union(part) for _number, part in cells]


def _numbers(table: pd.DataFrame) -> list[Shape]:
    spots = shapely.points(table["lon_deg"].to_numpy(float), table["lat_deg"].to_numpy(float))
    made = [Shape(str(n), sketches.MARK, spot) for n, spot in enumerate(spots, start=1)]
    return made[::-1]  # The first is drawn last, so that nothing hides it.


def _union(cells: pd.Series) -> shapely.Geometry:
    return shapely.coverage_union_all(grid.polygons_of(cells.to_numpy(np.int64)))


def _corners(points: np.ndarray) -> np.ndarray:
    return shapely.get_coordinates(points)
