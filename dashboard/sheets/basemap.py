"""Land, borders and towns of the basemap as shapes."""

from __future__ import annotations

import json
from functools import lru_cache

import numpy as np
import shapely

from dashboard.assets import STATIC

DETAIL_FROM_ZOOM = 6


def shapes(name: str, zoom: int, kind: str | None = None) -> list[shapely.Geometry]:
    """Shapes of the coarse file; in a large scale, within its box, those of the finer one."""
    coarse = features(f"{name}.json", kind)
    if zoom < DETAIL_FROM_ZOOM:
        return coarse
    fine = features(f"{name}_detail.json", kind)
    if not fine:
        return coarse
    box = shapely.box(*shapely.total_bounds(features(f"{name}_detail.json", None)))
    rest = shapely.difference(np.array(coarse, dtype=object), box)
    return [*fine, *rest[~shapely.is_empty(rest)]]


@lru_cache(maxsize=16)
def features(name: str, kind: str | None) -> list[shapely.Geometry]:
    """Parts of one file, of one kind if asked."""
    features = json.loads((STATIC / "basemap" / name).read_text("utf-8"))["features"]
    found = [f for f in features if kind is None or f["properties"].get("kind") == kind]
    shapes = [shapely.make_valid(shapely.geometry.shape(f["geometry"])) for f in found]
    return list(shapely.get_parts(np.array(shapes, dtype=object))) if shapes else []


@lru_cache(maxsize=1)
def towns() -> list[tuple[float, float, str]]:
    """Longitude, latitude and name, the most important first."""
    features = json.loads((STATIC / "basemap" / "places.json").read_text("utf-8"))["features"]
    ranked = sorted(features, key=lambda feature: feature["properties"]["rank"])
    return [(*f["geometry"]["coordinates"], f["properties"]["name"]) for f in ranked]
