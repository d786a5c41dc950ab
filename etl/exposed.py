"""What a release shows to one audience, as tables for a database: columns, rows, positions."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from pyarrow import csv

from geo_data import grid, tables
from geo_data.quantities import HEX_QUANTITIES
from geo_data.rollup import cover_column
from geo_data.view import View

SRID = 4326
GEOMETRY = "geom"
HEXAGONS, CELLS = "hex", "hex_geom"
_TYPES: Mapping[pa.DataType, str] = {
    tables.TEXT: "text", tables.NUMBER: "double precision", tables.INTEGER: "bigint",
    tables.DATE: "date", tables.FLAG: "boolean", pa.float32(): "real",
}  # fmt: skip


@dataclass(frozen=True)
class Exposed:
    """One table as it goes into a database.

    Attributes
    ----------
    name : str
        Of the layer: ``hex`` or a kind of places.
    source : str
        Table of the release that it was made of.
    columns : mapping
        Name to type of PostgreSQL, in order.
    rows : Table
        Geometry as hexadecimal EWKB.
    complete : bool
        Whether no row of the release's table may be missing.
    """

    name: str
    source: str
    columns: Mapping[str, str]
    rows: pa.Table
    complete: bool

    def as_csv(self) -> bytes:
        """Rows as text; an unknown value is empty, an empty text is in quotes."""
        sink = io.BytesIO()
        csv.write_csv(self.rows, sink, csv.WriteOptions(include_header=False))
        return sink.getvalue()


def layers(view: View) -> list[Exposed]:
    """All layers of a release for the audience of a view, without geometry of hexagons."""
    return [hexagons(view), *(places(view, kind) for kind in tables.PLACE_KINDS)]


def hexagons(view: View) -> Exposed:
    """Values and covers of all quantities on the cells of the operation.

    What an audience may only see coarsely is spread or repeated over the cells inside, as on the
    map.
    """
    frame = view.wide(list(HEX_QUANTITIES))
    values = [name for q in HEX_QUANTITIES for name in (q.column, cover_column(q))]
    shape = pa.schema(
        [("cell", pa.int64()), ("h3", pa.string()), *((v, pa.float32()) for v in values)]
    )
    frame.insert(1, "h3", grid.text(frame["cell"]))
    rows = pa.Table.from_pandas(frame, shape, preserve_index=False)
    return Exposed(HEXAGONS, "hexagons", _declared(shape), rows, complete=True)


def places(view: View, kind: str) -> Exposed:
    """One kind of places, with points."""
    frame = view.places(kind)
    rows = pa.Table.from_pandas(frame, tables.schema(kind), preserve_index=False)
    points = shapely.points(frame["lon_deg"].to_numpy(float), frame["lat_deg"].to_numpy(float))
    shown = rows.append_column(GEOMETRY, pa.array(_ewkb(points), pa.string()))
    columns = _declared(rows.schema) | {GEOMETRY: f"geometry(Point, {SRID})"}
    return Exposed(kind, kind, columns, shown, complete=view.audience == "cell")


def outlines(cells: np.ndarray) -> Exposed:
    """Hexagons of cells, which no release changes."""
    rows = pa.table({"cell": cells, GEOMETRY: _ewkb(grid.polygons_of(cells))})
    columns = {"cell": "bigint", GEOMETRY: f"geometry(Polygon, {SRID})"}
    return Exposed(CELLS, "hexagons", columns, rows, complete=True)


def _ewkb(shapes: np.ndarray) -> list[str]:
    placed = shapely.set_srid(np.asarray(shapes, dtype=object), SRID)
    return list(shapely.to_wkb(placed, hex=True, include_srid=True)) if len(placed) else []


def _declared(shape: pa.Schema) -> dict[str, str]:
    return {field.name: _TYPES[field.type] for field in shape}


def sensitivities(view: View) -> dict[str, str]:
    """Sensitivity of each source today."""
    return {source["source"]: str(source["sensitivity"]) for source in view.sources}
