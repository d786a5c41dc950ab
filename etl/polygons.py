"""Hazard polygons: the share of each hexagon that they cover together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from etl.accounts import Contribution, HexValues, Quarantine
from etl.hexing import cell_fractions
from etl.shapes import NOT_NEEDED, POLYGONS, features, repairs
from geo_data import grid
from geo_data.errors import OperationInvalid
from geo_data.operations import Operation
from geo_data.sources import Source

FIELDS = ("date",)
REACH_DEG = 2.0
"""No cell of an operation reaches farther than this beyond its area."""


def polygons(raw: pd.DataFrame, source: Source, operation: Operation) -> Contribution:
    """Share of each cell inside the union of a source's polygons.

    The provider looked everywhere in its coverage, so a cell without a polygon is a cell without
    the hazard: its share is 0. With ``latest = "date"`` declared only the features of the greatest
    date speak (dates must sort as text) and the others are superseded; otherwise all count.

    Raises
    ------
    OperationInvalid
        If the source names no quantity.
    """
    if source.quantity is None:
        raise OperationInvalid(
            operation.key, None, f"source {source.key!r}: polygons need a quantity"
        )
    quarantine = Quarantine(source.key)
    table = features(raw, source, FIELDS, POLYGONS, quarantine)
    table = _latest(table, source, quarantine)
    cells = grid.cells_in_box(*operation.area, operation.resolution)
    shapes = table["geometry"].to_numpy(object)
    found = cell_fractions([shapely.union_all(_near(shapes, operation, REACH_DEG))], cells)
    share = np.zeros(len(cells))
    share[np.searchsorted(cells, found["cell"])] = found["fraction"]
    near = shapely.intersects(shapes, shapely.box(*operation.area))
    table = quarantine.reject(
        table, ~near, rule="outside_operation", expected="a shape inside the operation",
        advice=NOT_NEEDED,
    )  # fmt: skip
    return Contribution(
        rows_in=len(raw), accepted=len(table), quarantine=quarantine.table(),
        repairs=repairs(table),
        hexes=[HexValues(source.quantity, cells, share, np.ones(len(cells)))],
    )  # fmt: skip


def _near(shapes: np.ndarray, operation: Operation, reach_deg: float) -> np.ndarray:
    area = shapely.box(*operation.area).buffer(reach_deg)
    return shapes[shapely.intersects(shapes, area)]


def _latest(table: pd.DataFrame, source: Source, quarantine: Quarantine) -> pd.DataFrame:
    if source.latest not in FIELDS or not len(table):
        return table
    when = table[source.latest].fillna("")
    return quarantine.reject(
        table, when != when.max(), rule="superseded", column=source.latest,
        expected=str(when.max()), advice="None; a later edition replaces it.",
    )  # fmt: skip
