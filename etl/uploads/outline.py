"""The outline of an area: all surfaces of one layer, mended and simplified where they are read."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from etl.readers import geojson, json_records
from etl.readers.delimited import decoded
from etl.soundings import Sounding
from etl.uploads import layers, records
from geo_data import outlines, uploads
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Read
from geo_data.uploads import Asked, Told

MOST_CORNERS = 500_000
LONE = re.compile(
    rb'[\xef\xbb\xbf\s]*{\s*"type"\s*:\s*"(Multi)?(Polygon|LineString|Point|Geometry\w+)"'
)
OF_COLUMNS = "missing:"
"""How doubts begin that are not about shapes."""


def read(file: Path, asked: Asked, settings: Settings) -> tuple[pd.DataFrame, Told]:
    """One row with ``row`` and ``geometry``; without a row if the file holds no surface.

    ``figures`` tell ``corners_before``, ``corners``, ``changed_share`` and ``mended`` (0 or 1).

    Raises
    ------
    SourceUnreadable
        If it is no layer, not in degrees, or has too many corners.
    """
    layers.kind_of(file, settings)
    sounding, choice = _lone(file) or layers.sounded(file, settings, asked.layer)
    records.refuse_broken(file.name, sounding.table)
    shapes = _shapes(sounding.table, file)
    notes = [doubt for doubt in sounding.doubts if not doubt.startswith(OF_COLUMNS)]
    told = Told(layers=choice, notes=notes)
    surfaces = shapes[shapely.get_dimensions(shapes) == 2]
    if not len(surfaces):
        surfaces = _rings(shapes)
    records.refuse_crowd(
        file.name, max(1, int(shapely.get_num_coordinates(surfaces).sum())), MOST_CORNERS, "corners"
    )
    if len(surfaces):
        _refuse_no_degrees(file.name, surfaces)
    made = outlines.outline(surfaces) if len(surfaces) else None
    if made is None:
        return pd.DataFrame({uploads.ROW: [], uploads.GEOMETRY: []}), told
    figures = {
        "corners_before": float(made.corners_before),
        "corners": float(shapely.get_num_coordinates(made.shape)),
        "changed_share": made.changed_share, "mended": float(made.mended),
    }  # fmt: skip
    table = pd.DataFrame({uploads.ROW: [1], uploads.GEOMETRY: [shapely.to_wkb(made.shape)]})
    return table, Told(layers=told.layers, notes=told.notes, figures=figures)


def _lone(file: Path) -> tuple[Sounding, list[str]] | None:
    """A GeoJSON that is nothing but a shape, as map programs put on the clipboard."""
    with file.open("rb") as stream:
        if not LONE.match(stream.read(200)):
            return None
    shape = json_records.parsed(decoded(file.read_bytes(), "utf-8", file.name), file.name)
    declared = Read(format="vector")
    feature = {"type": "Feature", "geometry": shape}
    return Sounding(declared, geojson.read(feature, declared, file.name)), []


def _shapes(table: pd.DataFrame, file: Path) -> np.ndarray:
    if uploads.GEOMETRY not in table:
        raise SourceUnreadable(
            file.name, "a table without shapes", "a layer of polygons",
            "Bring the outline as GeoJSON, KML, GeoPackage or zipped Shapefile.",
        )  # fmt: skip
    shapes = table[uploads.GEOMETRY].dropna().to_numpy(dtype=object)
    parts: np.ndarray = shapely.get_parts(shapely.get_parts(shapes))  # out of collections, too
    return parts


def _rings(shapes: np.ndarray) -> np.ndarray:
    """Surfaces within lines that end where they begin; devices know no other outline."""
    lines = shapes[shapely.get_dimensions(shapes) == 1]
    closed = lines[shapely.is_closed(lines) & (shapely.get_num_coordinates(lines) > 3)]
    rings = [shapely.Polygon(shapely.get_coordinates(line)) for line in closed]
    return np.array(rings, dtype=object)


def _refuse_no_degrees(file: str, surfaces: np.ndarray) -> None:
    west, south, east, north = shapely.total_bounds(surfaces)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise SourceUnreadable(
            file, f"positions from {west:g}, {south:g} to {east:g}, {north:g}",
            "degrees of longitude and latitude", "Save the file in WGS84 (EPSG:4326).",
        )  # fmt: skip
