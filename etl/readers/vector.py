"""Vector layers: what kind a file is decides its content, never its name alone."""

from __future__ import annotations

import re
import zipfile
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
from shapely.errors import ShapelyError

from etl import files
from etl.readers import cells, geojson, geopackage, json_records, topojson
from etl.readers.delimited import decoded
from etl.readers.excel import as_text
from geo_data.errors import SourceUnreadable, quoted
from geo_data.sources import Read

# GDAL picks its driver by content, and some drivers follow links to other files and hosts, so
# only these kinds are handed to it.
SIGNATURES = (
    (b"SQLite format 3\0", "gpkg"), (b"\x00\x00\x27\x0a", "shp"), (b"fgb\x03", "fgb"),
    (b"PK\x03\x04", "zip"),
)  # fmt: skip
MEMBERS = (".shp", ".geojson", ".json", ".kml", ".gpx", ".gpkg", ".fgb")
FORBIDDEN = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
# Words by which drivers that follow links know their files, wherever in the head they stand.
LINKING = re.compile(rb"OGRVRT|VRTDataset|GDAL_W[A-Z]+|WFS|gdal_streamed|<GML|:gml", re.IGNORECASE)
PROLOGUE = re.compile(r"\A(\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
SNIFFED = 4096
Content = Path | bytes


def read(path: Path, declared: Read) -> pd.DataFrame:
    """Features as text columns and WGS84 ``geometry``, missing where a feature has none."""
    if _kind(path.read_bytes()[:SNIFFED]) != "zip":
        return _layer(path, path, declared, path.name)
    with files.archive(path) as packed:
        names = _wanted(packed.namelist(), declared, path.name)
        parts = [_member(path, packed, name, declared) for name in names]
    table = pd.concat(parts, ignore_index=True)
    table.attrs = parts[0].attrs
    return table


def _wanted(names: list[str], declared: Read, file: str) -> list[str]:
    layers = [name for name in names if PurePosixPath(name).suffix.lower() in MEMBERS]
    pattern = declared.member or declared.layer
    if pattern is None:
        chosen = layers if len(layers) == 1 or not any(n.endswith(".shp") for n in layers) else []
    else:
        chosen = [n for n in layers if fnmatch(n, pattern) or PurePosixPath(n).stem == pattern]
    if chosen:
        return sorted(chosen)
    raise SourceUnreadable(
        file, f"members {', '.join(layers[:20]) or 'of no known kind'}",
        f"a member {pattern!r}" if pattern else "one layer",
        "Set member to the file wanted inside the archive.",
    )  # fmt: skip


def _member(path: Path, packed: zipfile.ZipFile, name: str, declared: Read) -> pd.DataFrame:
    shown = f"{path.name}/{name}"
    if name.lower().endswith(".shp"):
        with packed.open(name) as stream:
            head = stream.read(SNIFFED)
        _refuse_unless(_kind(head) == "shp" and not LINKING.search(head), shown)
        return _through_gdal(f"/vsizip/{path.resolve()}/{name}", "shp", declared, shown)
    return _layer(packed.read(name), path, declared, shown)


def _layer(content: Content, path: Path, declared: Read, shown: str) -> pd.DataFrame:
    raw = content if isinstance(content, bytes) else content.read_bytes()
    kind = _kind(raw[:SNIFFED])
    if kind == "json":
        document = json_records.parsed(decoded(raw, "utf-8", shown), shown)
        topology = isinstance(document, dict) and document.get("type") == "Topology"
        return (topojson if topology else geojson).read(document, declared, shown)
    if kind in ("kml", "gpx"):
        _refuse_unless(not FORBIDDEN.search(raw), shown)
    _refuse_unless(kind in ("gpkg", "fgb", "kml", "gpx", "shp"), shown)
    _refuse_unless(not LINKING.search(raw[:SNIFFED]), shown)
    if kind == "gpkg":
        geopackage.refuse_programs(content, shown)
    return _through_gdal(raw if isinstance(content, bytes) else path, kind, declared, shown)


def _kind(head: bytes) -> str:
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"{", b"[")):
        return "json"
    root = PROLOGUE.sub("", start.decode("utf-8", errors="replace"), count=1)
    kinds = (kind for kind in ("kml", "gpx") if re.match(rf"<(\w+:)?{kind}\b", root))
    return next(kinds, "unknown")


def _refuse_unless(fine: bool, file: str) -> None:
    if not fine:
        raise SourceUnreadable(
            file, "content of another kind than its name says",
            "GeoJSON, GeoPackage, Shapefile, KML, GPX or FlatGeobuf without a DOCTYPE",
            "Export the layer again in one of these formats.",
        )  # fmt: skip


def _through_gdal(content: Any, kind: str, declared: Read, file: str) -> pd.DataFrame:
    import pyogrio

    try:
        names = present = [str(name) for name in pyogrio.list_layers(content)[:, 0]]
        if kind == "gpx":  # every file has the same five, most of them empty
            names = [name for name in names if _count(content, name)]
            names = [name for name in names if not name.endswith("_points")] or ["waypoints"]
        wanted = _layers(names, kind, declared.layer if kind != "shp" else None, file)
        # By number: a nameless layer of a packed file is named anew each time it is opened.
        parts = [
            pyogrio.read_dataframe(content, layer=number, datetime_as_string=True)
            for number, name in enumerate(present)
            if name in wanted
        ]
    except (RuntimeError, ValueError, IndexError, ShapelyError) as problem:  # and what derives
        raise SourceUnreadable(
            file, f"a layer that cannot be read ({quoted(problem)})", "a whole layer",
            "Ask for the file again.",
        ) from problem  # fmt: skip
    tables = [_texts(part, declared, file) for part in parts]
    table = pd.concat(tables, ignore_index=True)
    table.attrs = {"hxl": {}, "warnings": []}
    return table


def _count(content: Any, layer: str) -> int:
    import pyogrio

    return int(pyogrio.read_info(content, layer=layer, force_feature_count=True)["features"])


def _layers(names: list[str], kind: str, wanted: str | None, file: str) -> list[str]:
    if names and (wanted in names or kind in ("kml", "shp", "fgb")):
        return [wanted] if wanted in names else names
    if wanted is None and len(names) == 1:
        return names
    raise SourceUnreadable(
        file, f"layers {', '.join(names) or 'none'}",
        f"a layer {wanted!r}" if wanted else "one layer",
        "Set layer of the declaration to one of them.",
    )  # fmt: skip


def _texts(layer: Any, declared: Read, file: str) -> pd.DataFrame:
    crs = layer.crs.to_wkt() if layer.crs is not None else declared.crs
    if crs is None:
        raise SourceUnreadable(
            file, "a layer without a CRS", "a layer that says its CRS",
            "Set crs of the declaration, such as EPSG:4326.",
        )  # fmt: skip
    values = layer.drop(columns=layer.geometry.name)
    columns = [[as_text(_plain(cell)) for cell in values[name]] for name in values]
    rows = [dict(zip(values.columns, row, strict=True)) for row in zip(*columns, strict=True)]
    table = cells.records(rows or [{} for _ in range(len(layer))], file)
    shapes = layer.geometry.to_numpy(dtype=object)
    table[cells.GEOMETRY] = geojson.in_wgs84(shapes, crs, file)
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    return ", ".join(map(str, value)) if isinstance(value, (list, np.ndarray)) else value
