"""TopoJSON: shapes that share their borders as arcs, put together again as features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from etl.readers import geojson
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

Line = list[list[float]]


def read(document: Any, declared: Read, file: str) -> pd.DataFrame:
    """Features of one object of a topology; ``layer`` names the object if there are several."""
    if not isinstance(document, Mapping) or document.get("type") != "Topology":
        raise SourceUnreadable(
            file,
            "JSON of another type",
            "a TopoJSON Topology",
            "Correct format of the declaration.",
        )
    layers = document.get("objects")
    layers = layers if isinstance(layers, Mapping) else {}
    name = declared.layer or next(iter(layers), "")
    if name not in layers or (declared.layer is None and len(layers) > 1):
        raise SourceUnreadable(
            file, f"objects {', '.join(layers) or 'none'}",
            f"an object {name!r}" if declared.layer else "one object",
            "Set layer of the declaration to one of them.",
        )  # fmt: skip
    try:
        arcs = [_arc(arc, document.get("transform")) for arc in document["arcs"]]
        found = layers[name]
        parts = found["geometries"] if found["type"] == "GeometryCollection" else [found]
        features = [_feature(part, arcs, document.get("transform")) for part in parts]
    except (KeyError, IndexError, TypeError, ValueError) as problem:
        raise SourceUnreadable(
            file, "a broken topology", "arcs, and geometries made of them",
            "Ask for the file again.",
        ) from problem  # fmt: skip
    return geojson.read({"type": "FeatureCollection", "features": features}, declared, file)


def _arc(arc: Sequence[Sequence[float]], transform: Mapping[str, Any] | None) -> Line:
    points = np.asarray([point[:2] for point in arc], dtype=np.float64)
    if transform is None:
        return points.tolist()
    scale, shift = (
        np.asarray(transform[part], dtype=np.float64) for part in ("scale", "translate")
    )
    return (points.cumsum(axis=0) * scale + shift).tolist()


def _feature(
    part: Mapping[str, Any], arcs: list[Line], transform: Mapping[str, Any] | None
) -> dict[str, Any]:
    kind, geometry = part["type"], None
    if kind in ("Point", "MultiPoint"):
        points = part["coordinates"] if kind == "MultiPoint" else [part["coordinates"]]
        placed = [_arc([point], transform)[0] for point in points]
        geometry = {"type": kind, "coordinates": placed if kind == "MultiPoint" else placed[0]}
    elif kind is not None:
        geometry = {"type": kind, "coordinates": _stitched(part["arcs"], arcs)}
    feature = {"type": "Feature", "properties": part.get("properties"), "geometry": geometry}
    return {**feature, "id": part["id"]} if "id" in part else feature


def _stitched(chain: Sequence[Any], arcs: list[Line]) -> list[Any]:
    if chain and isinstance(chain[0], list):
        return [_stitched(part, arcs) for part in chain]
    line: Line = []
    for number in map(int, chain):
        # A negative number is the arc of its complement, walked backwards.
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        line += arc[1:] if line else arc
    return line
