"""Roads, corridors and other lines."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import shapely

from etl import columns
from etl.accounts import Contribution, Quarantine
from etl.readers.cells import GEOMETRY
from etl.shapes import LINES, NOT_NEEDED, features, repairs
from geo_data.operations import Operation
from geo_data.sources import Source

PATHS = {"lat_lon_path": (1, 0), "lon_lat_path": (0, 1)}
"""Fields that hold a list of positions, and where longitude and latitude stand in each."""
FIELDS = ("name", "line_type")
DEFAULT_TYPE = "line"


def lines(raw: pd.DataFrame, source: Source, operation: Operation) -> Contribution:
    """Table ``lines`` of a vector source, or of records that hold lists of positions.

    Parameters
    ----------
    raw : DataFrame
        With ``geometry``, or with the column declared as ``lat_lon_path`` or ``lon_lat_path``:
        lists of pairs in that order, WGS84 degrees, also as JSON text.
    """
    quarantine = Quarantine(source.key)
    table = features(_with_geometry(raw, source), source, FIELDS, LINES, quarantine)
    outside = ~shapely.intersects(table["geometry"].to_numpy(object), shapely.box(*operation.area))
    table = quarantine.reject(
        table, outside, rule="outside_operation", expected="a line inside the operation",
        advice=NOT_NEEDED,
    )  # fmt: skip
    accepted = pd.DataFrame(
        {
            "line_id": [f"{source.key}-{number}" for number in range(1, len(table) + 1)],
            "name": table["name"],
            "line_type": table["line_type"].fillna(DEFAULT_TYPE),
            "geometry": shapely.to_wkb(table["geometry"].to_numpy(object)),
            "source": source.key,
            "row": table["_row"].astype(np.int64),
        }
    ).reset_index(drop=True)
    return Contribution(
        rows_in=len(raw), accepted=len(accepted), quarantine=quarantine.table(),
        tables={"lines": accepted}, repairs=repairs(table),
    )  # fmt: skip


def _with_geometry(raw: pd.DataFrame, source: Source) -> pd.DataFrame:
    """The table with the shapes that its lists of positions draw."""
    for field, order in PATHS.items():
        if field in source.columns:
            declared = source.columns[field]
            names = [declared] if isinstance(declared, str) else declared
            paths = raw[columns.required(raw, source, names)[0]]
            shapes = np.empty(len(raw), dtype=object)
            shapes[:] = [_line(path, order) for path in paths]
            return raw.assign(**{GEOMETRY: shapes})
    return raw


def _line(path: object, order: tuple[int, int]) -> shapely.LineString | None:
    try:
        points = np.asarray(json.loads(path) if isinstance(path, str) else path, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    if points.ndim != 2 or points.shape[1] < 2 or len(points) < 2 or not np.isfinite(points).all():
        return None
    points = points[:, order]
    legal = (np.abs(points[:, 0]) <= 180).all() and (np.abs(points[:, 1]) <= 90).all()
    return shapely.LineString(points) if legal else None
