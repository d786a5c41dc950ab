"""Blocks of the SAR page: parameters, assets, key figures, ranked gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import controls, exports, legend, links
from dashboard.figures import Figure
from dashboard.rescue import DRAWN, Coverage, Parameters, editable_assets, located
from dashboard.selection import Selection
from geo_data import grid, receipts
from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.view import View
from geo_data.vocabulary import Medium
from layers import PLACES_BY_KIND
from layers.base import HexLayer

SHOWN_GAPS = 200
ADVICE = (
    "Times: mobilisation plus the fastest passable way at the asset's speed, out and back within "
    "its endurance; no wind, no current, no search time. Demand: people dead or missing in "
    "recorded incidents, recent ones weigh more; where nobody reports, nothing is known."
)


def parameters() -> Parameters:
    """Parameters with unit and meaning; they live in the link."""
    default = Parameters()
    limit = st.slider(
        "Help has to arrive within, hours", 1.0, 48.0, default.limit_h, 0.5, key="limit_h",
        bind="query-params",
    )  # fmt: skip
    cold = st.toggle(
        "Sooner in cold water (Hayward 1975)", default.cold_water, key="cold",
        bind="query-params",
        help="Survival in light clothing with a lifejacket; without one, drowning comes sooner.",
    )  # fmt: skip
    half_life = st.slider(
        "An incident weighs half after, years", 0.5, 10.0, default.half_life_years, 0.5,
        key="half_life", bind="query-params",
    )  # fmt: skip
    on_scene = st.slider(
        "Time on scene kept in hand, hours", 0.0, 4.0, default.on_scene_h, 0.5, key="on_scene",
        bind="query-params",
    )  # fmt: skip
    return Parameters(
        limit_h=limit, half_life_years=half_life, on_scene_h=on_scene, cold_water=cold
    )


def shown_layer() -> Quantity:
    """Which result is drawn."""
    by_key = {quantity.column: quantity for quantity in DRAWN}
    titles = {key: quantity.label for key, quantity in by_key.items()}
    return by_key[links.choice("show", titles, st.radio, "Show")]


def shown_places(view: View) -> tuple[str, ...]:
    """Which places are drawn on top."""
    kinds = [kind for kind in ("assets", "incidents", "crossings") if kind in controls.kinds(view)]
    chosen = st.pills(
        "Places", kinds, selection_mode="multi", default=[k for k in kinds if k == "assets"],
        format_func=lambda kind: PLACES_BY_KIND[kind].title, key="sar-places",
    )  # fmt: skip
    return tuple(chosen)


def on_map(selection: Selection, kinds: tuple[str, ...]) -> Selection:
    """The selection with the places of this page."""
    return replace(selection, places=kinds, hidden=())


def asset_table(view: View) -> tuple[pd.DataFrame, bool]:
    """Editable assets; returns those that have a position, and whether anything was changed."""
    stored = editable_assets(view)
    with st.expander(f"Assets ({len(stored)}): edit, add or take away to ask 'what if'"):
        if stored.empty:
            st.info(
                "No asset is in this release, or this audience may not see them. Add one below."
            )
        edited = st.data_editor(
            stored, num_rows="dynamic", hide_index=True, key=f"assets-{view.name}",
            column_config={
                "place_id": None,
                "name": "Name",
                "medium": st.column_config.SelectboxColumn(
                    "Moves by", options=[medium.value for medium in Medium], required=True
                ),
                "asset_type": "Type",
                "lat_deg": st.column_config.NumberColumn("Latitude", min_value=-90, max_value=90),
                "lon_deg": st.column_config.NumberColumn(
                    "Longitude", min_value=-180, max_value=180
                ),
                "speed_km_h": st.column_config.NumberColumn("Speed, km/h", min_value=0),
                "endurance_h": st.column_config.NumberColumn("Endurance, h", min_value=0),
                "mobilise_h": st.column_config.NumberColumn("Mobilises in, h", min_value=0),
                "ready": st.column_config.CheckboxColumn("Ready"),
            },
        )  # fmt: skip
    assets, left_out = located(edited, view.resolution)
    if left_out:
        st.warning(f"{left_out} asset rows have no medium or no position and were left out.")
    return assets, not edited.equals(stored)


def key_figures(
    view: View, assets: pd.DataFrame, coverage: Coverage, parameters: Parameters
) -> list[Figure]:
    """Share of demand met, gaps, and what they rest on."""
    ready = int(assets["ready"].astype(bool).sum())
    incidents = view.places("incidents")
    share = coverage.met_share
    met = "unknown" if share is None else f"{share:.0%}"
    worst = coverage.ranked["reason"].mode() if len(coverage.ranked) else pd.Series(dtype=str)
    return [
        Figure("Demand met in time", met, f"within {parameters.limit_h:g} h, less in cold water"
               if parameters.cold_water else f"within {parameters.limit_h:g} h"),
        Figure("Gap areas", f"{len(coverage.areas):,}", f"{len(coverage.ranked):,} hexagons"),
        Figure("Most frequent reason", worst.iloc[0] if len(worst) else "none"),
        Figure("Assets ready", f"{ready} of {len(assets)}", f"{len(coverage.notes)} with remarks"),
        Figure("Incidents behind demand", f"{len(incidents):,}", "recorded ones only"),
    ]  # fmt: skip


def derived_legend(view: View, layer: HexLayer, edited: bool) -> None:
    """Legend of a computed layer, with what it was computed from."""
    st.html(legend.legend(view, layer))
    used = [view.source(str(key)) for kind in ("assets", "incidents")
            for key in view.places(kind)["source"].dropna().unique()]  # fmt: skip
    simulated = any(source["simulated"] for source in used)
    words = "; ".join(dict.fromkeys(source["title"] for source in used))
    flag = " **SIMULATED.**" if simulated else ""
    what_if = " **With edited assets: a what-if, not the situation.**" if edited else ""
    st.caption(f"Computed from: {words}.{flag}{what_if} {ADVICE}")


def cell_values(coverage: Coverage, selection: Selection) -> list[tuple[Quantity, str]]:
    """Computed values of the picked hexagon, for the panel."""
    if not selection.cell:
        return []
    cell = int(selection.cell, 16)
    level = grid.resolution_of([cell])
    rows = coverage.gaps[grid.parents(coverage.gaps["cell"], level) == cell]
    if rows.empty:
        return []
    reached = rows[q.RESPONSE.column].mean()
    return [
        (q.RESPONSE, "nobody arrives" if np.isnan(reached) else f"{reached:.1f} h"),
        *(
            (quantity, receipts.said(quantity, float(rows[quantity.column].sum(min_count=1)), 1.0))
            for quantity in (q.DEMAND, q.GAP)
        ),
    ]


def gap_tables(view: View, coverage: Coverage) -> None:
    """Gap areas and cells by rank, and both as files."""
    st.subheader("Gaps, the largest first")
    if coverage.ranked.empty:
        st.info(
            "Every recorded demand is met in time with these assets."
            if coverage.met_share is not None
            else "No incident is recorded in this release, so demand and gaps are unknown."
        )
        return
    area_tab, cell_tab = st.tabs(["Areas", "Hexagons"])
    with area_tab:
        st.dataframe(_readable(coverage.areas), hide_index=True, height=300)
    with cell_tab:
        cells = coverage.ranked.assign(h3=grid.text(coverage.ranked["cell"])).drop(columns="cell")
        st.dataframe(_readable(cells.head(SHOWN_GAPS)), hide_index=True, height=300)
    stamped = exports.stamped(view, cells, [q.INCIDENTS])
    left, right = st.columns(2)
    left.download_button(
        "Gap hexagons as CSV", lambda: exports.csv(stamped), mime="text/csv",
        file_name=exports.file_name(view, "sar-gap", "csv"),
    )  # fmt: skip
    marks = stamped.assign(name="Gap " + stamped["rank"].astype(str)).head(1_000)
    right.download_button(
        "Gap hexagons as KML",
        lambda: exports.kml(f"{view.operation['title']}: coverage gaps", marks),
        file_name=exports.file_name(view, "sar-gap", "kml"),
        mime="application/vnd.google-earth.kml+xml",
    )


def notes(coverage: Coverage) -> None:
    """Assets that could not be used as entered, and what to mend."""
    if len(coverage.notes):
        st.subheader("Remarks on assets")
        st.dataframe(coverage.notes, hide_index=True, height="content")


COLUMN_TITLES = {
    "gap_area": "Gap area", "cells_count": "Hexagons", "area_km2": "Area, km²", "rank": "Rank",
    "demand_share": "Demand, %", "gap_share": "Gap, %", "lat_deg": "Latitude",
    "lon_deg": "Longitude", "response_h": "First arrives, h", "limit_h": "Needed within, h",
    "reason": "Why", "asset_id": "First asset", "h3": "Hexagon",
}  # fmt: skip


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    digits = {"response_h": 1, "limit_h": 1, "area_km2": 0, "lat_deg": 3, "lon_deg": 3}
    rounded = {name: table[name].round(places) for name, places in digits.items() if name in table}
    shares = {
        name: (table[name] * 100).round(3)
        for name in ("demand_share", "gap_share")
        if name in table
    }
    return table.assign(**rounded, **shares).rename(columns=COLUMN_TITLES)
