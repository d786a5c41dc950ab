"""Which sources stand behind the figures of an area, and which of those are coarser than it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dashboard.area import blocks
from dashboard.area.choose import Area
from geo_data import geography, grid
from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.rollup import cover_column, source_column
from geo_data.view import View
from layers.context import flows, places


def sources(view: View, area: Area) -> list[Mapping[str, Any]]:
    """Accounts of the sources that say anything about an area, in the order of the release.

    A register that covers the country and names nothing in the area speaks too: it says none.
    """
    found = {key for quantity in blocks.QUANTITIES for key in _measured(view, area, quantity)}
    codes = {flows.code_of(name) for name in _names(view, area)}
    told = view.series()
    told = told[(told["quantity"] == q.CROSSED.column) & told["place_code"].isin(codes)]
    found |= set(told["source"])
    return [source for source in view.sources if source["source"] in found]


def coarser(view: View, area: Area) -> list[Quantity]:
    """Quantities of the profile whose source here says one value for several hexagons."""
    methods = view.manifest["methods"]
    return [
        quantity for quantity in blocks.QUANTITIES
        if set(methods.get(quantity.column, {}).get("coarse", ())) & _measured(view, area, quantity)
    ]  # fmt: skip


def _measured(view: View, area: Area, quantity: Quantity) -> set[str]:
    if not view.sources_of(quantity) or not view.rule(quantity).shown:
        return set()
    table = view.hexagons(quantity)
    wanted = grid.parents(area.cells["cell"], grid.resolution_of(table["cell"]))
    here = table[table["cell"].isin(np.unique(wanted)) & (table[cover_column(quantity)] > 0)]
    numbers = here[source_column(quantity)].fillna(-1).astype(int).unique()
    found = {str(view.sources[number]["source"]) for number in numbers if number >= 0}
    if (numbers < 0).any():
        found |= {
            str(source["source"]) for source in view.sources_of(quantity)
            if not source["coverage"] or _countries(area) & set(source["coverage"])
        }  # fmt: skip
    return found


def _countries(area: Area) -> set[str]:
    lat, lon = grid.centres_of(area.cells["cell"])
    return set(geography.country_of(lat_deg=lat, lon_deg=lon)) - {None}


def _names(view: View, area: Area) -> list[str]:
    table = view.places("crossings")
    return list(places.within(area.cells, table)["name"].dropna()) if len(table) else []
