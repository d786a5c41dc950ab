"""A polygon that somebody hands in as a file: read without trust, mended, simplified, and told."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo_data.errors import SourceUnreadable
from geo_data.words import Number, Phrase
from layers.context.areas import AreaUnusable

MOST_BYTES = 20_000_000
MOST_VERTICES = 5_000
FIRST_TOLERANCE_DEG = 0.0005


def read(name: str, content: bytes) -> BaseGeometry:
    """The surfaces of a GeoJSON file as one geometry, WGS84, longitude first.

    Raises
    ------
    SourceUnreadable
        If it is too large, no GeoJSON, or not in degrees.
    AreaUnusable
        If it holds no surface.
    """
    if len(content) > MOST_BYTES:
        raise SourceUnreadable(
            name, f"{len(content):,} bytes", f"at most {MOST_BYTES:,}", "Hand in the outline only."
        )
    found = _geojson(name, content)
    surfaces = [part for part in shapely.get_parts(found) if shapely.get_dimensions(part) == 2]
    if not surfaces:
        raise AreaUnusable(Phrase("The file holds no surface. Hand in a polygon with an area."))
    west, south, east, north = shapely.total_bounds(surfaces)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise SourceUnreadable(
            name, f"positions from {west:g}, {south:g} to {east:g}, {north:g}",
            "degrees of longitude and latitude", "Save the file in WGS84 (EPSG:4326).",
        )  # fmt: skip
    return shapely.multipolygons(surfaces) if len(surfaces) > 1 else surfaces[0]


def simplified(polygon: BaseGeometry) -> tuple[BaseGeometry, tuple[str, ...]]:
    """An outline of few enough corners to be drawn and cut, and what was done to it."""
    before = int(shapely.get_num_coordinates(polygon))
    if before <= MOST_VERTICES:
        return polygon, ()
    whole, tolerance = shapely.make_valid(polygon), FIRST_TOLERANCE_DEG
    made = whole
    while shapely.get_num_coordinates(made) > MOST_VERTICES and tolerance < 1:
        made = shapely.simplify(whole, tolerance)
        tolerance *= 2
    changed = abs(made.area - whole.area) / whole.area if whole.area else 0.0
    after = Number(int(shapely.get_num_coordinates(made)), ",")
    said = Phrase(
        "The outline had {before} corners and was simplified to {after}; its area changed by "
        "{share}.", before=Number(before, ","), after=after, share=Number(changed, ".2%"),
    )  # fmt: skip
    return made, (said,)


def _geojson(name: str, content: bytes) -> list[BaseGeometry]:
    try:
        document = json.loads(content.decode("utf-8-sig"))
        shapes = [shapely.geometry.shape(one) for one in _geometries(document)]
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError,
            shapely.errors.ShapelyError) as problem:  # fmt: skip
        raise SourceUnreadable(
            name, f"no GeoJSON ({type(problem).__name__})", "a GeoJSON of polygons",
            "Export the outline again.",
        ) from None  # fmt: skip
    finite = [one for one in shapes if np.isfinite(shapely.get_coordinates(one)).all()]
    return list(shapely.get_parts(np.array(finite, dtype=object))) if finite else []


def _geometries(document: Any) -> list[dict[str, Any]]:
    if document["type"] == "FeatureCollection":
        return [one["geometry"] for one in document["features"] if one.get("geometry")]
    if document["type"] == "Feature":
        return [document["geometry"]] if document["geometry"] else []
    return [document]
