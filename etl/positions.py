"""Where a row says it is: positions out of columns or shapes, in the notation declared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from etl import angles, artefacts, coordinates, metric_grids, values
from etl.columns import POSITION
from etl.distances import Mask
from etl.intake import Intake
from etl.readers.cells import GEOMETRY

FORMS = {
    "decimal": "decimal degrees", "pair": "'latitude, longitude'", "unlocode": "'DDMMN DDDMME'",
    "dms": "degrees, minutes and seconds with N, S, E or W", "mgrs": "a square such as 33SUR1234",
    "utm": "zone, easting and northing", "wkt": "POINT (longitude latitude) in WGS84",
}  # fmt: skip


def make_positions(intake: Intake) -> None:
    """Read positions from columns or shapes; rows without a possible one are rejected."""
    table, form = intake.table, intake.source.read.coordinates
    if form == "utm" and {"lat_deg", "lon_deg"} <= intake.source.columns.keys():
        lat, lon, bad = metric_grids.utm_of(table[POSITION], table["lon_deg"], table["lat_deg"])
        column = "lon_deg"
    elif table[POSITION].notna().any() or POSITION in intake.source.columns:
        lat, lon, bad = coordinates.NOTATIONS[form](table[POSITION])
        column = POSITION
    elif GEOMETRY in table and "lat_deg" not in intake.source.columns:
        lat, lon = _of_shapes(table[GEOMETRY])
        bad, column = np.zeros(len(table), dtype=bool), "lat_deg"
    else:
        form, column = ("dms" if form == "dms" else "decimal"), "lon_deg"
        lat, bad_lat = _axis(intake, "lat", form)
        lon, bad_lon = _axis(intake, "lon", form)
        _reject_unread(intake, bad_lat, "lat_deg", form)
        lat, lon, bad = lat[~bad_lat], lon[~bad_lat], bad_lon[~bad_lat]
    _reject_unread(intake, bad, column, form)
    intake.table = intake.table.assign(lat_deg=lat[~bad], lon_deg=lon[~bad])
    artefacts.reject_projected(intake)
    for name, limit in (("lat_deg", 90.0), ("lon_deg", 180.0)):
        intake.reject(intake.table[name].isna(), "missing_required", name)
        beyond = intake.table[name].abs() > limit
        intake.reject(beyond, "out_of_range", name, low=-limit, high=limit)


def _axis(intake: Intake, axis: angles.Axis, form: str) -> values.Parsed:
    texts = intake.table[f"{axis}_deg"]
    if form == "dms":
        return angles.angle(texts, axis)
    return values.number(texts, intake.source.read.decimal)


def _reject_unread(intake: Intake, bad: Mask, column: str, form: str) -> None:
    """Reject texts that are no position in the declared notation, with the one that fits each."""
    unread = intake.table.loc[bad, column]
    fitting = unread.map({text: coordinates.notation(text) for text in unread.dropna().unique()})
    for key in [*fitting.dropna().unique(), None]:
        mine = fitting == key if key else fitting.isna()
        hint = f", or declare {key} under read" if key else ""
        rows = intake.table.index.isin(unread.index[mine])
        intake.reject(rows, "not_a_position", column, form=FORMS[form], hint=hint)


def _of_shapes(shapes: pd.Series) -> tuple[pd.Series, pd.Series]:
    given = shapes.to_numpy(dtype=object, copy=True)
    given[~np.isfinite(shapely.bounds(given)).all(axis=1)] = None  # an empty one would be at 0/0
    points = shapely.point_on_surface(given)
    return (
        pd.Series(shapely.get_y(points), index=shapes.index),
        pd.Series(shapely.get_x(points), index=shapes.index),
    )
