"""Tables of a picture: hexagons, places and lines as their reader may see them, safe to hand over.

Text was neutralised once, here; every format is made of these tables and of nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from dashboard import data, markers, outlines, sketches, what_if
from dashboard.handout.attached import Attached
from dashboard.handout.neutral import safe_table
from dashboard.handout.picture import Box, Picture
from dashboard.handout.provenance import AUDIENCES, sources_of
from dashboard.handout.titles import titled
from dashboard.handout.used import inside
from geo_data import grid
from geo_data.classes import NOBODY_H
from geo_data.rollup import cover_column
from geo_data.view import View
from layers.base import HexLayer

PLACE_COLUMNS_LEFT_OUT = ("cell", "row", "duplicate_of", "source")


def hexagons(view: View, picture: Picture, most: int | None = None) -> pd.DataFrame:
    """Hexagons that the picture shows; what is outside coverage has no row.

    Parameters
    ----------
    most : int, optional
        Larger hexagons are taken until there are at most so many.

    Returns
    -------
    DataFrame
        ``cell``, the quantity's column (null: unknown or withheld), ``class`` in words,
        ``class_number`` (254: unknown), ``covered_share``, ``source_id`` (keys of ``about``),
        ``simulated``.
    """
    layer = picture.layer
    if layer is None:
        return pd.DataFrame({"cell": np.empty(0, np.int64)})
    for resolution in range(view.resolution, grid.COARSEST_RESOLUTION - 1, -1):
        table = _drawn(view, picture, layer, resolution)
        if most is None or len(table) <= most:
            break
    named = pd.DataFrame(
        {
            "cell": table["cell"].to_numpy(np.int64),
            layer.quantity.column: _measured(layer, table),
            "class": _class_names(layer, table["class_number"].to_numpy()),
            "class_number": table["class_number"].to_numpy(),
            "covered_share": table[cover_column(layer.quantity)].to_numpy(np.float64).round(3),
        }
    )
    return safe_table(_stamped(view, named, layer))


def _stamped(view: View, table: pd.DataFrame, layer: HexLayer) -> pd.DataFrame:
    """With keys of sources: what they say in full stands once in each file."""
    used = sources_of(view, layer)
    return table.assign(
        source_id="; ".join(s["source"] for s in used),
        simulated="yes" if any(s["simulated"] for s in used) else "no",
        **({"what_if": what_if.banner(view)} if view.what_if else {}),
    )


def _drawn(view: View, picture: Picture, layer: HexLayer, resolution: int) -> pd.DataFrame:
    """Cells of the box with their class, without hidden ones and those outside coverage."""
    if picture.token == data.STORED:
        table = view.hexagons(layer.quantity, resolution)
    else:
        made = data.drawn(view.name, layer.key, picture.token)
        if made is None:
            raise KeyError(layer.key)
        table = made.table_at(resolution)
    table = table[table[cover_column(layer.quantity)] > 0]
    table = table[inside(picture.box, *grid.centres_of(table["cell"]))]
    value, cover = table[layer.quantity.column], table[cover_column(layer.quantity)]
    codes = layer.classes.of(value, cover)
    return table.assign(class_number=codes)[~np.isin(codes, picture.hidden)]


def _measured(layer: HexLayer, table: pd.DataFrame) -> np.ndarray:
    """Values; that nobody arrives is a class, not a number of hours."""
    value = table[layer.quantity.column].to_numpy(np.float64)
    nobody = layer.quantity.unit == "h" and value >= NOBODY_H
    return np.where(nobody, np.nan, value)


def _class_names(layer: HexLayer, codes: np.ndarray) -> list[str]:
    """In English, as all of a file that other programs read."""
    labels = dict(enumerate(str(label) for label in layer.classes.labels))
    return [labels.get(int(code), "unknown") for code in codes]


def places(view: View, kind: str, box: Box) -> pd.DataFrame:
    """Places of one kind in a box: id, name, position, symbol, what is known, source.

    Names that a register has not are made in the language of this run.
    """
    table = view.places(kind)
    if "duplicate_of" in table:
        table = table[table["duplicate_of"].isna()]
    table = table[inside(box, table["lat_deg"], table["lon_deg"])]
    rows = table.to_dict("records")
    told = titled(table, kind).drop(columns=[c for c in PLACE_COLUMNS_LEFT_OUT if c in table])
    told = told.rename(columns={"place_id": "id"}).assign(
        symbol=[markers.symbol_of(kind, row) for row in rows],
        lat_deg=table["lat_deg"].round(5), lon_deg=table["lon_deg"].round(5),
    )  # fmt: skip
    accounts = {s["source"]: s for s in view.sources}
    used = [accounts[source] for source in table["source"]]
    stamped = told.assign(
        source=[f"{s['title']} ({s['licence']})" for s in used],
        simulated=["yes" if s["simulated"] else "no" for s in used], release=view.name,
        audience=AUDIENCES[view.audience],
    )  # fmt: skip
    return safe_table(stamped).reset_index(drop=True)


def lines(view: View, names: Sequence[str], box: Box) -> gpd.GeoDataFrame:
    """Outlines and lines that touch a box, whole, by name of ``dashboard.outlines``.

    Marks of a page are no lines.
    """
    rows = [
        {"outline": _kind(name, feature["properties"]), "name": feature["properties"]["name"],
         "geometry": shapely.geometry.shape(feature["geometry"])}
        for name in names for feature in outlines.outlines(view, name)["features"]
        if feature["geometry"]["type"] != "Point"
    ]  # fmt: skip
    rows = [row for row in rows if shapely.intersects(row["geometry"], shapely.box(*box))]
    table = pd.DataFrame(rows, columns=["outline", "name", "geometry"])
    safe = safe_table(table.drop(columns="geometry")).assign(release=view.name)
    return gpd.GeoDataFrame(safe, geometry=table["geometry"].tolist(), crs="EPSG:4326")


def _kind(name: str, properties: Mapping[str, str]) -> str:
    """Name of an outline, of a page's own shape its style: the other is of one session only."""
    made = name.startswith(sketches.PREFIX)
    return f"planned-{properties['style']}" if made else name


def attached(view: View, table: Attached) -> gpd.GeoDataFrame:
    """A table of a page with its shapes, safe, with release and audience in every row."""
    rows = pd.DataFrame(list(table.rows), columns=list(table.columns))
    safe = safe_table(rows.assign(release=view.name, audience=AUDIENCES[view.audience]))
    shapes: Sequence[Any] = table.shapes
    if not shapes and {"lat_deg", "lon_deg"} <= set(safe):
        spots = zip(safe["lat_deg"], safe["lon_deg"], strict=True)
        shapes = [None if pd.isna(a) or pd.isna(b) else shapely.Point(b, a) for a, b in spots]
    return gpd.GeoDataFrame(safe, geometry=list(shapes) or [None] * len(safe), crs="EPSG:4326")
