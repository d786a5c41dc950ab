"""GeoJSON, read without GDAL: it would follow links that a file may hold, and guess types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

from etl.readers import cells
from etl.readers.json_records import as_text
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

EPSG = re.compile(r"EPSG:{1,2}(\d{4,6})$")
KINDS = frozenset({"FeatureCollection", "Feature"})


def read(document: Any, declared: Read, file: str) -> pd.DataFrame:
    """Features of a parsed document: text columns and WGS84 ``geometry``, missing where empty."""
    kind = document.get("type") if isinstance(document, Mapping) else type(document).__name__
    listed = [document] if kind == "Feature" else _member(document, "features")
    if kind not in tuple(KINDS) or not isinstance(listed, list):
        raise SourceUnreadable(
            file, f"JSON of type {str(kind)[:60]!r}", "a GeoJSON FeatureCollection with features",
            "Export the layer as GeoJSON, or declare format json or topojson.",
        )  # fmt: skip
    records, shapes, problems = [], [], []
    for feature in listed:
        properties, geometry, problem = _parts(feature)
        records.append(properties)
        shapes.append(geometry)
        problems.append(problem)
    placed = in_wgs84(np.array(shapes, dtype=object), _crs(document, declared, file), file)
    return cells.shaped(records, placed, problems, file)


def in_wgs84(shapes: np.ndarray, crs: str | None, file: str) -> np.ndarray:
    """Flat shapes in WGS84 degrees, longitude first; None stays None."""
    shapes = shapely.force_2d(shapes)
    if crs is None or not len(shapes):
        return shapes
    import geopandas as gpd
    from pyproj.exceptions import CRSError

    try:
        moved = gpd.GeoSeries(shapes, crs=crs).to_crs(4326)
    except CRSError as problem:
        raise SourceUnreadable(
            file, f"CRS {crs!r}", "a CRS known to PROJ, such as EPSG:32632",
            "Correct crs of the declaration.",
        ) from problem  # fmt: skip
    return moved.to_numpy(dtype=object)


def _member(document: Any, name: str) -> Any:
    return document.get(name) if isinstance(document, Mapping) else None


def _parts(feature: Any) -> tuple[dict[str, str | None], Any, str | None]:
    if not isinstance(feature, Mapping):
        return {}, None, "not a feature"
    given = feature.get("properties") or {}
    if not isinstance(given, Mapping):
        return {}, None, "properties that are not named values"
    properties = {str(k): as_text(v) for k, v in given.items()}
    if "id" in feature:
        properties.setdefault("id", as_text(feature["id"]))
    try:
        geometry = shape(feature["geometry"]) if feature.get("geometry") else None
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
        return properties, None, "geometry cannot be read"
    if geometry is not None and not np.isfinite(shapely.get_coordinates(geometry)).all():
        return properties, None, "geometry with coordinates that are not numbers"
    return properties, None if geometry is None or geometry.is_empty else geometry, None


def _crs(document: Mapping[str, Any], declared: Read, file: str) -> str | None:
    named = document.get("crs")
    if not isinstance(named, Mapping):
        return declared.crs
    name = str(_member(named.get("properties"), "name") or "")
    if not name or "CRS84" in name:
        return None
    code = EPSG.search(name)
    if code is None:
        raise SourceUnreadable(
            file, f"CRS {name[:60]!r}", "an EPSG code or none, as GeoJSON is in WGS84",
            "Export it in WGS84 (EPSG:4326).",
        )  # fmt: skip
    return f"EPSG:{code[1]}"
