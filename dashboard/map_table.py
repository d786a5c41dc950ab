"""What the map shows, as tables: for readers of the screen, for weak links, for the telephone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard import data, markers, say, small_tables
from dashboard.language import _, number, percent
from dashboard.selection import Selection
from geo_data import grid
from geo_data import quantities as q
from geo_data.classes import NOBODY_H
from geo_data.grid import Floats
from geo_data.icosahedron import unit_vectors
from geo_data.quantities import Combine, Quantity
from geo_data.rollup import cover_column
from geo_data.view import View
from layers import PLACES_BY_KIND
from layers.base import HexLayer
from layers.change import ChangeLayer

MOST_ROWS = 20
SEEN_AT_ZOOM = 5


def show(
    view: View, selection: Selection, layer: HexLayer | None, *, token: str = data.STORED,
    within: np.ndarray | None = None,
) -> None:  # fmt: skip
    """Tables of the drawn hexagons and places; ``token`` as the layer is drawn.

    Parameters
    ----------
    within : int64 array, optional
        Cells of the operation; only hexagons that hold one of them are shown.
    """
    if layer is not None:
        say.strong(_(layer.title))
        small_tables.grid(hexagons(view, layer, token=token, within=within))
    for kind in selection.places:
        found = places(view, kind, selection.days)
        if len(found):
            say.strong(_(PLACES_BY_KIND[kind].title))
            small_tables.grid(found, height=min(400, 38 + 35 * len(found)))


def hexagons(
    view: View, layer: HexLayer, *, token: str = data.STORED, within: np.ndarray | None = None
) -> pd.DataFrame:
    """The hexagons that matter most, of the resolution that the operation is seen at."""
    quantity = layer.quantity
    table = _drawn(view, layer, token)
    if within is not None and len(table) and len(within):
        level = grid.resolution_of(table["cell"])
        table = table[table["cell"].isin(grid.parents(within, level))]
    known = table[table[quantity.column].notna() & (table[cover_column(quantity)] > 0)]
    changed = isinstance(layer, ChangeLayer)
    if (changed or layer.classes.none) and (known[quantity.column] != 0).any():
        known = known[known[quantity.column] != 0]
    first = (_most(known, quantity) if changed else _worst(known, quantity)).head(MOST_ROWS)
    lat, lon = grid.centres_of(first["cell"])
    codes = layer.classes.of(first[quantity.column], first[cover_column(quantity)])
    words = [_(label) for label in layer.classes.labels]
    return pd.DataFrame(
        {
            _("Near"): _near(view, lat, lon),
            _("Position"): [f"{a:.2f}, {b:.2f}" for a, b in zip(lat, lon, strict=True)],
            _(quantity.unit): [_said(quantity, v) for v in first[quantity.column]],
            _("Class"): [words[code] for code in codes],
            _("Hexagon"): grid.text(first["cell"]),
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


def _drawn(view: View, layer: HexLayer, token: str) -> pd.DataFrame:
    if token == data.STORED:
        level = view.resolution_of(layer.quantity, SEEN_AT_ZOOM)
        return data.hexagons(view.name, layer.quantity, level)
    drawn = data.drawn(view.name, layer.key, token)
    if drawn is None:
        raise KeyError(layer.key)
    return drawn.table_at(drawn.resolution_at(SEEN_AT_ZOOM))


def _said(quantity: Quantity, value: float) -> str:
    """A value in words; that nobody arrives, or no way leads there, is no number of hours."""
    if quantity.unit == q.RESPONSE.unit and value >= NOBODY_H:
        return "–"
    if quantity.unit.startswith(("share", "chance", "probability")):
        return percent(value, 2)
    return number(value, _decimals(quantity))


def _worst(known: pd.DataFrame, quantity: Quantity) -> pd.DataFrame:
    """The highest values first, or the lowest where those are worse and no service is counted."""
    rising = quantity.worse == "low" and quantity.combine is not Combine.SUM
    return known.sort_values([quantity.column, "cell"], ascending=[rising, True])


def _most(known: pd.DataFrame, quantity: Quantity) -> pd.DataFrame:
    """What changed most first, up or down."""
    size = known[quantity.column].abs()
    return known.loc[size.sort_values(ascending=False, kind="stable").index]


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
