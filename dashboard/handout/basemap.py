"""The files of the basemap, cut to a box."""

from __future__ import annotations

import json
from typing import Any

import shapely

from dashboard.assets import STATIC
from dashboard.handout.picture import Box

COARSE = ("land.json", "borders.json")
FINE = ("land_detail.json", "borders_detail.json")
SIMPLIFY_DEG = 0.004
GRID_DEG = 0.001


def cut(box: Box) -> dict[str, Any]:
    """Each file of ``static/basemap`` by name, with only what lies in a box."""
    found = {name: _shapes(name, box) for name in (*COARSE, *FINE)}
    return found | {"places.json": _points(box)}


def _shapes(name: str, box: Box) -> dict[str, Any]:
    """Shapes cut and thinned; the box tells the map which sides are cuts and no coast."""
    document = _read(name)
    shapes = [
        (f.get("properties") or {}, shapely.make_valid(shapely.geometry.shape(f["geometry"])))
        for f in document["features"]
    ]
    limits = shapely.box(*box)
    if name in FINE and shapes:
        limits = limits & shapely.box(*shapely.total_bounds([shape for _, shape in shapes]))
    if limits.is_empty:
        return {"type": "FeatureCollection", "features": []}
    features = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for properties, shape in shapes
        if (geometry := _geometry(shape, limits.bounds)) is not None
    ]
    return {"type": "FeatureCollection", "bbox": list(limits.bounds), "features": features}


def _geometry(shape: shapely.Geometry, box: Box) -> dict[str, Any] | None:
    part = shapely.simplify(shapely.clip_by_rect(shape, *box), SIMPLIFY_DEG)
    part = shapely.set_precision(part, GRID_DEG)
    if part.is_empty or part.geom_type == "GeometryCollection":
        return None
    return json.loads(shapely.to_geojson(part))


def _points(box: Box) -> dict[str, Any]:
    west, south, east, north = box
    document = _read("places.json")
    kept = [
        f
        for f in document["features"]
        if west <= f["geometry"]["coordinates"][0] <= east
        and south <= f["geometry"]["coordinates"][1] <= north
    ]
    return {"type": "FeatureCollection", "features": kept}


def _read(name: str) -> dict[str, Any]:
    return json.loads((STATIC / "basemap" / name).read_text("utf-8"))
