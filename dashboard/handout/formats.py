"""Every format that a picture can be handed over in: one line each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from dashboard import exports, language
from dashboard.handout import gpx, kml, offline, provenance, tables, used, vectors
from dashboard.handout.picture import Picture
from geo_data import grid
from geo_data.view import View
from geo_data.words import N_

# A handheld gives up on more polygons, a browser on more text.
MOST_IN_KML = 6_000
MOST_IN_GEOJSON = 40_000


@dataclass(frozen=True)
class Format:
    """One kind of file.

    Attributes
    ----------
    ending, mime : str
    title : str
        As people choose it.
    make : callable
        The file of a picture.
    of_places, of_hexagons : bool
        Whether it holds them; a format without hexagons is of no use to a layer alone.
    """

    ending: str
    mime: str
    title: str
    make: Callable[[View, Picture], bytes]
    of_hexagons: bool = True
    of_places: bool = True


def csv(view: View, picture: Picture) -> bytes:
    """Hexagons as a table with a HXL row; without a layer the places, one kind after the other.

    Sources, release and audience stand once, in the first rows of the column ``about``: a line of
    its own above the table would make it unreadable for programs that know HXL.
    """
    if picture.layer is None:
        kinds = [places.assign(kind=kind) for kind, places in _places(view, picture).items()]
        return exports.csv(pd.concat(kinds) if kinds else pd.DataFrame({"kind": []}))
    table = tables.hexagons(view, picture)
    lat_deg, lon_deg = grid.centres_of(table["cell"])
    front = {"h3": grid.text(table["cell"]), "lat_deg": lat_deg.round(5),
             "lon_deg": lon_deg.round(5)}  # fmt: skip
    bare = table.drop(columns=["cell", "class_number"])
    whole = pd.concat([pd.DataFrame(front), bare], axis=1)
    return exports.csv(
        whole.assign(
            unit=picture.layer.quantity.unit, about=_in_rows(_notes(view, picture), len(whole))
        )
    )


def _notes(view: View, picture: Picture) -> list[str]:
    """What a table says of itself once: release, audience, and each source by its key."""
    rows = provenance.about(view, used.accounts(view, replace(picture, places=(), outlines=())))
    return [
        f"release {view.name}; {provenance.AUDIENCES[view.audience]}",
        *(f"{r['source_id']}: {_source(r)}" for r in rows.to_dict("records")),
    ]


def _in_rows(notes: Sequence[str], rows_count: int) -> list[str]:
    """One note a row from the first on; what finds no row of its own goes into the last."""
    if rows_count < len(notes):
        notes = [*notes[: rows_count - 1], " | ".join(notes[rows_count - 1 :])][:rows_count]
    return [*notes, *[""] * (rows_count - len(notes))]


def geopackage(view: View, picture: Picture) -> bytes:
    """One layer of hexagons, one a kind of places, one of lines; tables of sources and units."""
    layers = _layers(view, picture)
    about = provenance.about(view, used.accounts(view, picture))
    return vectors.geopackage(layers, about, _units(layers))


def geojson(view: View, picture: Picture) -> bytes:
    """All in one collection; hexagons are larger where there would be too many."""
    layers = _layers(view, picture, MOST_IN_GEOJSON)
    return vectors.geojson(layers, _told(view, picture, layers))


def geoparquet(view: View, picture: Picture) -> bytes:
    """Hexagons; without a layer, places."""
    layers = _layers(view, picture)
    if picture.layer is not None:
        chosen = layers["hexagons"]
    else:
        points = [layers[kind].assign(kind=kind) for kind in picture.places]
        chosen = pd.concat(points) if points else vectors.point_layer(_no_places())
    return vectors.geoparquet(chosen, _told(view, picture, layers))


def keyhole(view: View, picture: Picture) -> bytes:
    """KML with styles of its own and dates."""
    layer = picture.layer
    hexagons = vectors.hexagon_layer(tables.hexagons(view, picture, MOST_IN_KML)) if layer else None
    behind = provenance.sources_of(view, layer) if layer else []
    return kml.document(
        provenance.heading(view, picture), hexagons, layer.colours if layer else (),
        used.period(behind, view.at), _places(view, picture),
        _lines(view, picture), _sources(view, picture), _attached(view, picture),
    )  # fmt: skip


def keyhole_packed(view: View, picture: Picture) -> bytes:
    """The same as KMZ."""
    return kml.kmz(keyhole(view, picture))


def waypoints(view: View, picture: Picture) -> bytes:
    """GPX of places and tracks."""
    return gpx.gpx(
        provenance.heading(view, picture), view.at, _places(view, picture) | _spots(view, picture),
        _lines(view, picture), _sources(view, picture),
    )  # fmt: skip


FORMATS: tuple[Format, ...] = (
    Format("html", "text/html", N_("Map in one file, for a USB stick"), offline.page),
    Format("gpkg", "application/geopackage+sqlite3", "GeoPackage", geopackage),
    Format("geojson", "application/geo+json", "GeoJSON", geojson),
    Format("kml", "application/vnd.google-earth.kml+xml", "KML", keyhole),
    Format("kmz", "application/vnd.google-earth.kmz", "KMZ", keyhole_packed),
    Format("gpx", "application/gpx+xml", "GPX", waypoints, of_hexagons=False),
    Format("parquet", "application/vnd.apache.parquet", "GeoParquet", geoparquet, of_places=False),
    Format("csv", "text/csv", N_("CSV with HXL tags"), csv, of_places=False),
)


def _layers(view: View, picture: Picture, most: int | None = None) -> dict[str, gpd.GeoDataFrame]:
    found = {}
    if picture.layer is not None:
        table = tables.hexagons(view, picture, most).drop(columns="class_number")
        found["hexagons"] = vectors.hexagon_layer(table)
    found |= {k: vectors.point_layer(t) for k, t in _places(view, picture).items()}
    lines = _lines(view, picture)
    found |= {"lines": lines} if len(lines) else {}
    return found | {t.name: tables.attached(view, t) for t in picture.tables if t.rows}


def _places(view: View, picture: Picture) -> dict[str, pd.DataFrame]:
    with language.spoken(picture.language):
        return {kind: tables.places(view, kind, picture.box) for kind in picture.places}


def _lines(view: View, picture: Picture) -> gpd.GeoDataFrame:
    return tables.lines(view, picture.outlines, picture.box)


def _attached(view: View, picture: Picture) -> dict[str, gpd.GeoDataFrame]:
    found = {table.name: tables.attached(view, table) for table in picture.tables}
    return {name: layer for name, layer in found.items() if layer.geometry.notna().any()}


def _spots(view: View, picture: Picture) -> dict[str, pd.DataFrame]:
    """Attached rows with a position, as waypoints."""
    found = {
        name: layer.drop(columns="geometry") for name, layer in _attached(view, picture).items()
    }
    return {
        name: table.dropna(subset=["lat_deg", "lon_deg"])
        for name, table in found.items() if {"lat_deg", "lon_deg"} <= set(table)
    }  # fmt: skip


def csv_of(view: View, picture: Picture, name: str) -> bytes:
    """One attached table as CSV with a HXL row."""
    table = next(table for table in picture.tables if table.name == name)
    return exports.csv(pd.DataFrame(tables.attached(view, table).drop(columns="geometry")))


def _no_places() -> pd.DataFrame:
    return pd.DataFrame({"id": [], "lat_deg": [], "lon_deg": []})


def _units(layers: Mapping[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    return provenance.units([name for layer in layers.values() for name in layer.columns])


def _told(view: View, picture: Picture, layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """Heading, units and sources as plain values of JSON."""
    records = (_units(layers), provenance.about(view, used.accounts(view, picture)))
    units, sources = (json.loads(table.to_json(orient="records")) for table in records)
    return {**provenance.heading(view, picture), "units": units, "sources": sources}


def _sources(view: View, picture: Picture) -> list[str]:
    rows = provenance.about(view, used.accounts(view, picture)).to_dict("records")
    return [_source(row) for row in rows]


def _source(row: Mapping[str, Any]) -> str:
    return f"{row['source']} ({row['owner']}, {row['licence']}); {row['reference_period']}"
