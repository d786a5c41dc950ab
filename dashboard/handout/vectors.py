"""Files for GIS: GeoPackage, GeoJSON and GeoParquet, each with its units and sources inside."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from dashboard.handout.neutral import neutral, safe_table
from geo_data import grid

CRS = "EPSG:4326"
METADATA_KEY = b"waypost"
DIGITS_DEG = 1e-5


def hexagon_layer(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Hexagons with their outline; the id travels as text, whole numbers that long lose digits."""
    cells = table["cell"].to_numpy(np.int64)
    named = table.drop(columns="cell").assign(h3=grid.text(cells) if len(cells) else [])
    return gpd.GeoDataFrame(named, geometry=grid.polygons_of(cells), crs=CRS)


def point_layer(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Places as points."""
    points = shapely.points(table["lon_deg"].to_numpy(float), table["lat_deg"].to_numpy(float))
    return gpd.GeoDataFrame(table, geometry=points, crs=CRS)


def geopackage(
    layers: Mapping[str, gpd.GeoDataFrame], notes: pd.DataFrame, units: pd.DataFrame | None = None
) -> bytes:
    """GeoPackage with one layer a name, a table ``about`` of sources and one of ``units``."""
    tables = {"about": notes} | ({} if units is None else {"units": units})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.gpkg"
        for name, layer in layers.items():
            _whole(layer).to_file(file, layer=str(neutral(name)), driver="GPKG")
        for name, table in tables.items():
            bare = gpd.GeoDataFrame(safe_table(table), geometry=[None] * len(table), crs=CRS)
            bare.to_file(file, layer=name, driver="GPKG")
        return file.read_bytes()


def geojson(layers: Mapping[str, gpd.GeoDataFrame], told: Mapping[str, Any]) -> bytes:
    """One RFC 7946 collection; each feature names its layer, ``waypost`` says where it is from."""
    features = [part for name, layer in layers.items() for part in _features(name, layer)]
    head = json.dumps({"type": "FeatureCollection", "waypost": told}, ensure_ascii=False)
    return (head[:-1] + ', "features": [\n' + ",\n".join(features) + "\n]}\n").encode()


def geoparquet(layer: gpd.GeoDataFrame, told: Mapping[str, Any]) -> bytes:
    """GeoParquet 1.1; the metadata of the file holds ``told``, that of a column its unit."""
    raw = io.BytesIO()
    _whole(layer).to_parquet(raw, index=False, schema_version="1.1.0")
    table = pq.read_table(io.BytesIO(raw.getvalue()))
    units = {row["column"]: row["unit"] for row in told["units"]}
    fields = [
        field.with_metadata({b"unit": str(units[field.name]).encode()})
        if field.name in units else field
        for field in table.schema
    ]  # fmt: skip
    said = json.dumps(told, ensure_ascii=False).encode()
    schema = pa.schema(fields, metadata={**(table.schema.metadata or {}), METADATA_KEY: said})
    out = io.BytesIO()
    pq.write_table(table.cast(schema), out, compression="zstd")
    return out.getvalue()


def _whole(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same layer with safe text and columns that every driver takes."""
    table = safe_table(pd.DataFrame(layer.drop(columns="geometry")))
    empty = [name for name in table if table[name].isna().all() and table[name].dtype == object]
    table = table.astype(dict.fromkeys(empty, "str"))
    return gpd.GeoDataFrame(table, geometry=layer.geometry.to_numpy(), crs=CRS)


def _features(name: str, layer: gpd.GeoDataFrame) -> list[str]:
    shapes = shapely.to_geojson(
        shapely.set_precision(layer.geometry.to_numpy(), DIGITS_DEG, mode="pointwise")
    )
    table = safe_table(pd.DataFrame(layer.drop(columns="geometry"))).assign(layer=neutral(name))
    bare = [_bare(row) for row in table.to_dict("records")]
    said = (json.dumps(row, ensure_ascii=False, allow_nan=False, default=str) for row in bare)
    return [
        f'{{"type": "Feature", "properties": {row}, "geometry": {shape}}}'
        for row, shape in zip(said, shapes, strict=True)
    ]


def _bare(row: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON knows them; what is not known is null."""
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}
