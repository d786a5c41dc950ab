"""What the map shows, as tables: for readers of the screen, for weak links, for the telephone."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import data, markers, small_tables
from dashboard.language import _, number
from dashboard.selection import Selection
from dashboard.text import strong
from geo_data import grid
from geo_data.grid import Floats
from geo_data.icosahedron import unit_vectors
from geo_data.quantities import Combine, Quantity
from geo_data.rollup import cover_column
from geo_data.view import View
from layers import PLACES_BY_KIND
from layers.base import HexLayer

MOST_ROWS = 20


def show(
    view: View, selection: Selection, layer: HexLayer | None, token: str = data.STORED
) -> None:
    """Tables of the drawn hexagons and places.

    Parameters
    ----------
    token : str
        Under which the layer is drawn.
    """
    if layer is not None:
        st.markdown(strong(_(layer.title)))
        small_tables.grid(hexagons(view, layer, token))
    for kind in selection.places:
        found = places(view, kind, selection.days)
        if len(found):
            st.markdown(strong(_(PLACES_BY_KIND[kind].title)))
            small_tables.grid(found, height=min(400, 38 + 35 * len(found)))


def hexagons(view: View, layer: HexLayer, token: str = data.STORED) -> pd.DataFrame:
    """The hexagons that matter most, of the resolution that the operation is seen at."""
    quantity = layer.quantity
    drawn = data.drawn(view.name, layer.key, token)
    if drawn is None:
        raise KeyError(layer.key)
    table = drawn.table_at(drawn.resolution_at(5))
    known = table[table[quantity.column].notna() & (table[cover_column(quantity)] > 0)]
    first = _worst(known, quantity).head(MOST_ROWS)
    lat, lon = grid.centres_of(first["cell"])
    codes = layer.classes.of(first[quantity.column], first[cover_column(quantity)])
    words = [_(label) for label in layer.classes.labels]
    return pd.DataFrame(
        {
            _("Hexagon"): grid.text(first["cell"]),
            _("Near"): _near(view, lat, lon),
            _("Position"): [f"{a:.2f}, {b:.2f}" for a, b in zip(lat, lon, strict=True)],
            _(quantity.unit): [number(v, _decimals(quantity)) for v in first[quantity.column]],
            _("Class"): [words[code] for code in codes],
        }
    )  # fmt: skip


def places(view: View, kind: str, days: str = "") -> pd.DataFrame:
    """Places of a kind with what is known about them."""
    table = view.places(kind)
    if "duplicate_of" in table:
        table = table[table["duplicate_of"].isna()]
    if days:
        table = markers.recent(table, kind, int(days), view.at.date())
    rows = [
        {_("Name"): markers.name_of(row) or _("unknown")} | dict(markers.details(kind, row))
        for row in table.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _worst(known: pd.DataFrame, quantity: Quantity) -> pd.DataFrame:
    """The highest values first, or the lowest where those are worse and no service is counted."""
    rising = quantity.worse == "low" and quantity.combine is not Combine.SUM
    return known.sort_values([quantity.column, "cell"], ascending=[rising, True])


def _decimals(quantity: Quantity) -> int:
    return 0 if quantity.column.endswith(("_people", "_count")) else 2


def _near(view: View, lat_deg: Floats, lon_deg: Floats) -> list[str]:
    """Name of the nearest landmark of the release, or nothing."""
    known = view.places("landmarks")
    if known.empty:
        return [""] * len(lat_deg)
    names = [markers.name_of(row) for row in known.to_dict("records")]
    apart = unit_vectors(lat_deg, lon_deg) @ unit_vectors(known["lat_deg"], known["lon_deg"]).T
    return [names[position] for position in apart.argmax(axis=1)]
