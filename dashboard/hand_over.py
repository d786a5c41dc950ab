"""Download buttons of the map."""

from __future__ import annotations

import streamlit as st

from dashboard import data, exports
from dashboard.language import _
from geo_data.view import View
from layers.base import HexLayer


def hexagons(view: View, layer: HexLayer) -> None:
    """The drawn layer as CSV and as GeoPackage, made when asked for."""
    quantity = layer.quantity

    def csv() -> bytes:
        table = data.hexagons(view.name, quantity, view.resolution)
        return exports.csv(exports.hexagon_table(view, quantity, table))

    def geopackage() -> bytes:
        table = data.hexagons(view.name, quantity, view.resolution)
        spoken = table[table[f"{quantity.column}__cover"] > 0]
        kept = exports.stamped(view, spoken[["cell", quantity.column]], [quantity])
        layers = {layer.key: exports.hexagon_layer(kept)}
        return exports.geopackage(layers, exports.about(view))

    left, right = st.columns([1, 1, 2])[:2]
    left.download_button(
        _("CSV: {layer}", layer=_(layer.title)), csv, mime="text/csv",
        file_name=exports.file_name(view, layer.key, "csv"),
    )  # fmt: skip
    right.download_button(
        _("GeoPackage: {layer}", layer=_(layer.title)), geopackage,
        file_name=exports.file_name(view, layer.key, "gpkg"),
        mime="application/geopackage+sqlite3",
    )  # fmt: skip
