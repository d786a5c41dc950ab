"""What is known about the picked hexagon or place: values first, receipts behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import controls, markers, say, small_tables
from dashboard.language import _, listed, number
from dashboard.selection import Selection
from geo_data import grid, receipts
from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.receipts import Receipt
from geo_data.view import View
from layers import PLACES_BY_KIND

ONE_SIDED = frozenset({"air", "sea"})
"""Crossings that face no single country."""


def show(view: View, selection: Selection, extra: list[tuple[Quantity, str]] | None = None) -> None:
    """The panel for what is picked; without a pick it says how to pick."""
    if selection.cell:
        _cell(view, int(selection.cell, 16), extra or [])
    elif selection.place:
        _place(view, *selection.place)
    else:
        say.strong(_("Details"))
        say.caption(
            _(
                "Click a hexagon or a symbol. With the keyboard: move the map with the arrow "
                "keys, press Enter for the hexagon in the middle."
            )
        )


def framed(view: View, selection: Selection) -> None:
    """The panel in a frame, with a way to let go of what is picked."""
    with st.container(border=True):
        show(view, selection)
        if selection.picked and st.button(_("Clear selection")):
            controls.to_url(replace(selection, picked=""))
            st.rerun()


def cell_receipts(view: View, cell: int) -> list[Receipt]:
    """Receipts of every quantity that a source of the release speaks about in a cell."""
    measured = [quantity for quantity in q.HEX_QUANTITIES if view.sources_of(quantity)]
    found = ((quantity, view.in_cell(quantity, cell)) for quantity in measured)
    return [receipts.receipt(view, quantity, row) for quantity, row in found if row is not None]


def _cell(view: View, cell: int, extra: list[tuple[Quantity, str]]) -> None:
    lat, lon = (float(value[0]) for value in grid.centres_of([cell]))
    name = grid.text([cell])[0]
    say.strong(_("Hexagon"), code=name)
    say.caption(
        _(
            "Centre {position}; {area} km², resolution {resolution}",
            position=f"{lat:.3f}, {lon:.3f}",
            area=number(grid.area_km2([cell])[0]),
            resolution=grid.resolution_of([cell]),
        )
    )
    found = cell_receipts(view, cell)
    if not found:
        say.note(_("This hexagon lies outside the operation."))
        return
    rows = [(_(quantity.label), _(text), _("computed")) for quantity, text in extra]
    spoken = [receipt for receipt in found if receipt.value != "outside coverage"]
    rows += [(_(receipt.quantity), _(receipt.value), _mark(receipt)) for receipt in spoken]
    small_tables.pairs(rows)
    silent = [_(receipt.quantity) for receipt in found if receipt.value == "outside coverage"]
    if silent:
        say.caption(_("Outside coverage here: {names}.", names=listed(silent).lower()))
    with st.expander(_("Receipts: where each value comes from")):
        small_tables.grid(receipt_table(spoken))


def receipt_table(found: list[Receipt]) -> pd.DataFrame:
    """Receipts as a table for the screen."""
    return pd.DataFrame(
        [
            {
                _("Quantity"): _(r.quantity), _("Value"): _(r.value), _("Source"): _(r.sources),
                _("Owner"): _(r.owner), _("Licence"): _(r.licence), _("Period"): _(r.period),
                _("Fetched"): _(r.fetched), _("Method"): _(r.method), _("Covered"): _(r.covered),
                _("Source coarser than the hexagon"): _("yes") if r.coarse else _("no"),
                _("Simulated"): _("yes") if r.simulated else _("no"),
            }
            for r in found
        ]
    )  # fmt: skip


def _mark(receipt: Receipt) -> str:
    marks = [
        word
        for word, holds in (
            (_("simulated"), receipt.simulated), (_("coarse source"), receipt.coarse),
            (_("late"), receipt.late),
        )
        if holds
    ]  # fmt: skip
    return listed(marks)


def _place(view: View, kind: str, place_id: str) -> None:
    if kind not in PLACES_BY_KIND:
        return
    table = view.places(kind)
    found = table[table["place_id"] == place_id]
    if found.empty:
        say.note(_("This place is not in the release shown."))
        return
    row: dict[str, Any] = found.iloc[0].to_dict()
    say.strong(_(PLACES_BY_KIND[kind].title))
    st.text(markers.name_of(row) or _("unknown"))
    shown = markers.details(kind, row)
    if row.get("crossing_type") in ONE_SIDED and pd.isna(row.get("other_country")):
        shown = [pair for pair in shown if pair[0] != _("Other side")]
    small_tables.pairs([(title, value, "") for title, value in shown])
    account = view.source(row["source"])
    said = _(
        "Source: {source}. Reference period: {period}.",
        source=listed([account["title"], account["owner"], account["licence"]]),
        period=account["reference_period"] or _("not stated"),
    )
    flag = _("SIMULATED") if account["simulated"] else ""
    say.caption(f"{said} {flag}")
