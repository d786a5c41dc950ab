"""Features of a vector source: declared fields and valid shapes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from etl import columns
from etl.accounts import Quarantine, Repair
from etl.readers.cells import FILE, GEOMETRY, PROBLEM
from geo_data import tables
from geo_data.errors import SourceUnreadable
from geo_data.sources import Source

POLYGONS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
NOT_NEEDED = "None; it is not needed here."


def features(
    raw: pd.DataFrame, source: Source, fields: Sequence[str], kinds: Sequence[str],
    quarantine: Quarantine,
) -> pd.DataFrame:  # fmt: skip
    """Accepted features of a layer.

    Parameters
    ----------
    raw : DataFrame
        As :func:`etl.readers.read_table` gives it: text columns, ``geometry`` in WGS84 degrees
        (longitude first) or missing, ``_file``, ``_row``.
    fields : sequence of str
        Our fields wanted; those that the source does not declare are missing.
    kinds : sequence of str
        Geometry types wanted; parts of other types inside a collection are left out.

    Returns
    -------
    DataFrame
        The fields as text, ``geometry``, ``_file``, ``_row`` and ``_mended`` (see :func:`repairs`).

    Raises
    ------
    SourceUnreadable
        If the shapes are not in degrees, so that their CRS must be declared.
    """
    raw = _selected(raw, source, quarantine)
    table = columns.mapped(raw, source, [tables.Field(name, tables.TEXT) for name in fields])
    table = _unbroken(table, quarantine)
    shapes = table[GEOMETRY].to_numpy(dtype=object, copy=True)
    _refuse_beyond_degrees(shapes, table, source)
    broken = ~(shapely.is_valid(shapes) | shapely.is_missing(shapes))
    shapes[broken] = shapely.make_valid(shapes[broken])
    wanted = np.empty(len(shapes), dtype=object)
    wanted[:] = [_only(shape, kinds) for shape in shapes]
    table = table.assign(**{GEOMETRY: wanted, "_mended": broken})
    return quarantine.reject(
        table, shapely.is_missing(wanted) | shapely.is_empty(wanted), rule="empty_geometry",
        expected=" or ".join(kinds), advice="Ask the provider for the missing shape.",
    )  # fmt: skip


def repairs(accepted: pd.DataFrame) -> list[Repair]:
    """Mends that were made to the features that stayed."""
    count = int(accepted["_mended"].sum())
    said = "outlines that crossed themselves were made valid; the area they enclose is kept"
    return [Repair("invalid_geometry", count, said)] if count else []


def _selected(raw: pd.DataFrame, source: Source, quarantine: Quarantine) -> pd.DataFrame:
    for declared, words in source.where.items():
        name = columns.required(raw, source, [declared])[0]
        raw = quarantine.reject(
            raw, ~raw[name].isin(words), rule="not_selected", column=name,
            expected=" or ".join(words), advice=NOT_NEEDED,
        )  # fmt: skip
    return raw


def _unbroken(table: pd.DataFrame, quarantine: Quarantine) -> pd.DataFrame:
    if PROBLEM not in table:
        return table
    return quarantine.reject(
        table, table[PROBLEM].notna(), rule="broken_row", column=PROBLEM,
        expected="a feature that can be read", advice="Ask the provider to export it again.",
    )  # fmt: skip


def _refuse_beyond_degrees(shapes: np.ndarray, table: pd.DataFrame, source: Source) -> None:
    if shapely.is_missing(shapes).all():
        return
    west, south, east, north = shapely.total_bounds(shapes)
    if max(-west, east) > 360 or max(-south, north) > 90.01:
        raise SourceUnreadable(
            str(table[FILE].iloc[0]) if len(table) else source.key,
            f"coordinates from {west:,.0f} to {east:,.0f} and {south:,.0f} to {north:,.0f}",
            "longitude and latitude in degrees", "Set crs under [source.read].",
        )  # fmt: skip


def _only(shape: shapely.Geometry | None, kinds: Sequence[str]) -> shapely.Geometry | None:
    """A shape of the wanted types: itself, the parts of a collection, or None."""
    if shape is None or shape.geom_type in kinds:
        return shape
    if shape.geom_type != "GeometryCollection":
        return None
    parts = [_only(part, kinds) for part in shape.geoms]
    return shapely.union_all([part for part in parts if part is not None and not part.is_empty])
