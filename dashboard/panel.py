"""What is known about the picked hexagon or place: values first, receipts behind them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import markers, small_tables
from dashboard.selection import Selection
from geo_data import grid, receipts
from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.receipts import Receipt
from geo_data.view import View
from layers import PLACES_BY_KIND


def show(view: View, selection: Selection, extra: list[tuple[Quantity, str]] | None = None) -> None:
    """The panel for what is picked; without a pick it says how to pick."""
    if selection.cell:
        _cell(view, int(selection.cell, 16), extra or [])
    elif selection.place:
        _place(view, *selection.place)
    else:
        st.markdown("**Details**")
        st.caption(
            "Click a hexagon or a symbol. With the keyboard: move the map with the arrow keys, "
            "press Enter for the hexagon in the middle."
        )


def cell_receipts(view: View, cell: int) -> list[Receipt]:
    """Receipts of every quantity that a source of the release speaks about in a cell."""
    measured = [quantity for quantity in q.HEX_QUANTITIES if view.sources_of(quantity)]
    found = ((quantity, view.in_cell(quantity, cell)) for quantity in measured)
    return [receipts.receipt(view, quantity, row) for quantity, row in found if row is not None]


def _cell(view: View, cell: int, extra: list[tuple[Quantity, str]]) -> None:
    lat, lon = (float(value[0]) for value in grid.centres_of([cell]))
    name = grid.text([cell])[0]
    st.markdown(f"**Hexagon** `{name}`")
    st.caption(
        f"Centre {lat:.3f}, {lon:.3f}; {grid.area_km2([cell])[0]:,.0f} km², resolution "
        f"{grid.resolution_of([cell])}"
    )
    found = cell_receipts(view, cell)
    if not found:
        st.info("This hexagon lies outside the operation.")
        return
    rows = [(quantity.label, text, "computed") for quantity, text in extra]
    spoken = [receipt for receipt in found if receipt.value != "outside coverage"]
    rows += [(receipt.quantity, receipt.value, _mark(receipt)) for receipt in spoken]
    small_tables.pairs(rows)
    silent = [receipt.quantity for receipt in found if receipt.value == "outside coverage"]
    if silent:
        st.caption("Outside coverage here: " + ", ".join(silent).lower() + ".")
    with st.expander("Receipts: where each value comes from"):
        st.dataframe(receipt_table(spoken), hide_index=True, height="content")


def receipt_table(found: list[Receipt]) -> pd.DataFrame:
    """Receipts as a table for screen and export."""
    return pd.DataFrame(
        [
            {
                "Quantity": r.quantity, "Value": r.value, "Source": r.sources, "Owner": r.owner,
                "Licence": r.licence, "Period": r.period, "Fetched": r.fetched,
                "Method": r.method, "Covered": r.covered,
                "Source coarser than the hexagon": "yes" if r.coarse else "no",
                "Simulated": "yes" if r.simulated else "no",
            }
            for r in found
        ]
    )  # fmt: skip


def _mark(receipt: Receipt) -> str:
    marks = [
        word
        for word, holds in (
            ("simulated", receipt.simulated), ("coarse source", receipt.coarse),
            ("late", receipt.late),
        )
        if holds
    ]  # fmt: skip
    return ", ".join(marks)


def _place(view: View, kind: str, place_id: str) -> None:
    if kind not in PLACES_BY_KIND:
        return
    table = view.places(kind)
    found = table[table["place_id"] == place_id]
    if found.empty:
        st.info("This place is not in the release shown.")
        return
    row: dict[str, Any] = found.iloc[0].to_dict()
    st.markdown(f"**{PLACES_BY_KIND[kind].title}**")
    st.text(markers.said(row["name"]))
    rows = [(label, markers.said(row.get(column)), "") for label, column in markers.DETAIL[kind]]
    small_tables.pairs(rows)
    account = view.source(row["source"])
    simulated = " SIMULATED." if account["simulated"] else ""
    st.caption(
        f"Source: {account['title']}, {account['owner']}, {account['licence']}. "
        f"Reference period: {account['reference_period'] or 'not stated'}.{simulated}"
    )
