"""Parquet and GeoParquet: columns with types, as the text that other files would hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from etl.readers import cells, geojson
from etl.readers.excel import as_text
from geo_data.errors import SourceUnreadable, quoted
from geo_data.sources import Read

# The encoding is packed; what it unpacks to is said in the footer, and asked for before reading.
MOST_CELLS = 100_000_000
CRS84 = "OGC:CRS84"


def read(path: Path, declared: Read) -> pd.DataFrame:
    """Rows as text columns and, of GeoParquet, WGS84 ``geometry``; ``_row`` counts from 1."""
    try:
        file = pq.ParquetFile(path)
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if rows * columns > MOST_CELLS:
            raise SourceUnreadable(
                path.name, f"{rows:,} rows and {columns:,} columns",
                f"at most {MOST_CELLS:,} cells", "Cut it to the area and period needed.",
            )  # fmt: skip
        table = file.read()
        geo = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
        shaped = _geometry_column(geo, path.name)
        shapes = _shapes(table[shaped]) if shaped else None
    except (pa.ArrowException, OSError, KeyError, ValueError, shapely.errors.ShapelyError) as wrong:
        raise SourceUnreadable(
            path.name, f"Parquet that cannot be read ({quoted(wrong)})",
            "a whole Parquet file", "Ask for the file again.",
        ) from wrong  # fmt: skip
    names = [name for name in table.column_names if name != shaped and name != "bbox"]
    texts = {name: pd.array(_texts(table[name]), dtype="str") for name in names}
    frame = pd.DataFrame(texts, index=range(len(table)))
    frame = cells.placed(frame, path.name, np.arange(1, len(table) + 1))
    if shapes is not None:
        crs = _crs(geo["columns"][shaped], declared)
        frame[cells.GEOMETRY] = geojson.in_wgs84(shapes, crs, path.name)
    frame.attrs = {"hxl": {}, "warnings": []}
    return frame


def _geometry_column(geo: Mapping[str, Any], file: str) -> str | None:
    if not geo:
        return None
    name = geo.get("primary_column", "geometry")
    found = geo["columns"][name].get("encoding", "WKB")
    if found != "WKB":
        raise SourceUnreadable(
            file, f"geometry encoded as {found}", "WKB",
            "Write the file with geometry_encoding WKB.",
        )  # fmt: skip
    return str(name)


def _shapes(column: pa.ChunkedArray) -> np.ndarray:
    shapes: np.ndarray = shapely.from_wkb(column.to_numpy(), on_invalid="raise")
    shapes[shapely.is_empty(shapes)] = None
    return shapes


def _crs(about: Mapping[str, Any], declared: Read) -> str | None:
    """CRS of the file, in which a missing one means longitude and latitude; then the declared."""
    if "crs" not in about:
        return None
    if about["crs"] is None:
        return declared.crs
    return json.dumps(about["crs"])


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_date(kind):
        column = column.cast(pa.large_string())
    elif pa.types.is_float32(kind):  # as a wider number 33.1 would be 33.09999847
        column = pc.if_else(pc.is_nan(column), None, column).cast(pa.large_string())
    elif not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        column = pa.chunked_array(
            [pa.array(map(_text, column.to_pylist()), pa.large_string())], pa.large_string()
        )
    trimmed = pc.utf8_trim(column.cast(pa.large_string()), characters=cells.EDGES)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.large_string()), trimmed)


def _text(value: Any) -> str | None:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return None if isinstance(value, bytes) else as_text(value)
