"""Blocks of the SAR page: parameters, assets, key figures, ranked gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import controls, exports, legend, links, small_tables
from dashboard.figures import Figure, part
from dashboard.language import _, ngettext, number, percent, word
from dashboard.rescue import DRAWN, Coverage, Parameters, editable_assets, located
from dashboard.selection import Selection
from dashboard.text import strong
from geo_data import grid, receipts
from geo_data import quantities as q
from geo_data.quantities import Quantity
from geo_data.view import View
from geo_data.vocabulary import Medium
from geo_data.words import N_, Number, Phrase
from layers import PLACES_BY_KIND
from layers.base import HexLayer

SHOWN_GAPS = 200
ADVICE = N_(
    "Times: mobilisation plus the fastest passable way at the asset's speed, out and back within "
    "its endurance; no wind, no current, no search time. Demand: people dead or missing in "
    "recorded incidents, recent ones weigh more; where nobody reports, nothing is known."
)


def parameters() -> Parameters:
    """Parameters with unit and meaning; they live in the link."""
    default = Parameters()
    limit = st.slider(
        _("Help has to arrive within, hours"), 1.0, 48.0, default.limit_h, 0.5, key="limit_h",
        bind="query-params",
    )  # fmt: skip
    cold = st.toggle(
        _("Sooner in cold water (Hayward 1975)"), default.cold_water, key="cold",
        bind="query-params",
        help=_(
            "Survival in light clothing with a lifejacket; without one, drowning comes sooner."
        ),
    )  # fmt: skip
    half_life = st.slider(
        _("An incident weighs half after, years"), 0.5, 10.0, default.half_life_years, 0.5,
        key="half_life", bind="query-params",
    )  # fmt: skip
    on_scene = st.slider(
        _("Time on scene kept in hand, hours"), 0.0, 4.0, default.on_scene_h, 0.5, key="on_scene",
        bind="query-params",
    )  # fmt: skip
    return Parameters(
        limit_h=limit, half_life_years=half_life, on_scene_h=on_scene, cold_water=cold
    )


def shown_layer() -> Quantity:
    """Which result is drawn."""
    by_key = {quantity.column: quantity for quantity in DRAWN}
    titles = {key: _(quantity.label) for key, quantity in by_key.items()}
    return by_key[links.choice("show", titles, st.radio, _("Show"))]


def shown_places(view: View) -> tuple[str, ...]:
    """Which places are drawn on top."""
    kinds = [kind for kind in ("assets", "incidents", "crossings") if kind in controls.kinds(view)]
    chosen = st.pills(
        _("Places"), kinds, selection_mode="multi", default=[k for k in kinds if k == "assets"],
        format_func=lambda kind: _(PLACES_BY_KIND[kind].title), key="sar-places",
    )  # fmt: skip
    return tuple(chosen)


def on_map(selection: Selection, kinds: tuple[str, ...]) -> Selection:
    """The selection with the places of this page."""
    return replace(selection, places=kinds, hidden=())


def asset_table(view: View) -> tuple[pd.DataFrame, bool]:
    """Editable assets; returns those that have a position, and whether anything was changed."""
    stored = editable_assets(view)
    head = _("Assets ({n}): edit, add or take away to ask 'what if'", n=len(stored))
    with st.expander(head):
        if stored.empty:
            st.info(
                _("No asset is in this release, or this audience may not see them. Add one below.")
            )
        edited = st.data_editor(
            stored, num_rows="dynamic", hide_index=True, key=f"assets-{view.name}",
            column_config={
                "place_id": None,
                "name": _("Name"),
                "medium": st.column_config.SelectboxColumn(
                    _("Moves by"), options=[medium.value for medium in Medium], format_func=word,
                    required=True,
                ),
                "asset_type": _("Type"),
                "lat_deg": st.column_config.NumberColumn(
                    _("Latitude"), min_value=-90, max_value=90
                ),
                "lon_deg": st.column_config.NumberColumn(
                    _("Longitude"), min_value=-180, max_value=180
                ),
                "speed_km_h": st.column_config.NumberColumn(_("Speed, km/h"), min_value=0),
                "endurance_h": st.column_config.NumberColumn(_("Endurance, h"), min_value=0),
                "mobilise_h": st.column_config.NumberColumn(_("Mobilises in, h"), min_value=0),
                "ready": st.column_config.CheckboxColumn(_("Ready")),
            },
        )  # fmt: skip
    assets, left_out = located(edited, view.resolution)
    if left_out:
        st.warning(
            ngettext(
                "{n} asset row has no medium or no position and was left out.",
                "{n} asset rows have no medium or no position and were left out.", left_out,
            )
        )  # fmt: skip
    return assets, not edited.equals(stored)


def key_figures(
    view: View, assets: pd.DataFrame, coverage: Coverage, parameters: Parameters
) -> list[Figure]:
    """Share of demand met, gaps, and what they rest on."""
    ready = int(assets["ready"].astype(bool).sum())
    incidents = view.places("incidents")
    share = coverage.met_share
    met = _("unknown") if share is None else percent(share)
    within = (
        _("within {hours} h, less in cold water", hours=parameters.limit_h)
        if parameters.cold_water
        else _("within {hours} h", hours=parameters.limit_h)
    )
    hexes, remarks = len(coverage.ranked), len(coverage.notes)
    worst = coverage.ranked["reason"].mode() if len(coverage.ranked) else pd.Series(dtype=str)
    return [
        Figure(_("Demand met in time"), met, within),
        Figure(_("Gap areas"), number(len(coverage.areas)),
               ngettext("{n} hexagon", "{n} hexagons", hexes)),
        Figure(_("Most frequent reason"), _(worst.iloc[0]) if len(worst) else _("none")),
        Figure(_("Assets ready"), part(ready, len(assets)),
               ngettext("{n} with remarks", "{n} with remarks", remarks)),
        Figure(_("Incidents behind demand"), number(len(incidents)), _("recorded ones only")),
    ]  # fmt: skip


def derived_legend(view: View, layer: HexLayer, edited: bool) -> None:
    """Legend of a computed layer, with what it was computed from."""
    st.html(legend.legend(view, layer))
    used = [view.source(str(key)) for kind in ("assets", "incidents")
            for key in view.places(kind)["source"].dropna().unique()]  # fmt: skip
    simulated = any(source["simulated"] for source in used)
    words = "; ".join(dict.fromkeys(source["title"] for source in used))
    parts = [_("Computed from: {sources}.", sources=words)]
    what_if = _("With edited assets: a what-if, not the situation.")
    parts += [strong(_("SIMULATED"))] if simulated else []
    parts += [strong(what_if)] if edited else []
    st.caption(" ".join([*parts, _(ADVICE)]))


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
        (q.RESPONSE, _hours(reached)),
        *(
            (quantity, receipts.said(quantity, float(rows[quantity.column].sum(min_count=1)), 1.0))
            for quantity in (q.DEMAND, q.GAP)
        ),
    ]


def _hours(value: float) -> str:
    if np.isnan(value):
        return N_("nobody arrives")
    return Phrase("{number} {unit}", number=Number(value, ".1f"), unit="h")


def gap_tables(view: View, coverage: Coverage) -> None:
    """Gap areas and cells by rank, and both as files."""
    st.subheader(_("Gaps, the largest first"))
    if coverage.ranked.empty:
        st.info(
            _("Every recorded demand is met in time with these assets.")
            if coverage.met_share is not None
            else _("No incident is recorded in this release, so demand and gaps are unknown.")
        )
        return
    area_tab, cell_tab = st.tabs([_("Areas"), _("Hexagons")])
    with area_tab:
        small_tables.grid(_readable(coverage.areas), height=300)
    with cell_tab:
        cells = coverage.ranked.assign(h3=grid.text(coverage.ranked["cell"])).drop(columns="cell")
        small_tables.grid(_readable(cells.head(SHOWN_GAPS)), height=300)
    stamped = exports.stamped(view, cells, [q.INCIDENTS])
    left, right = st.columns(2)
    left.download_button(
        _("Gap hexagons as CSV"), lambda: exports.csv(stamped), mime="text/csv",
        file_name=exports.file_name(view, "sar-gap", "csv"),
    )  # fmt: skip
    marks = stamped.assign(name="Gap " + stamped["rank"].astype(str)).head(1_000)
    right.download_button(
        _("Gap hexagons as KML"),
        lambda: exports.kml(f"{view.operation['title']}: coverage gaps", marks),
        file_name=exports.file_name(view, "sar-gap", "kml"),
        mime="application/vnd.google-earth.kml+xml",
    )


def notes(coverage: Coverage) -> None:
    """Assets that could not be used as entered, and what to mend."""
    if len(coverage.notes):
        st.subheader(_("Remarks on assets"))
        told = coverage.notes.assign(
            problem=coverage.notes["problem"].map(word), advice=coverage.notes["advice"].map(word)
        )
        titles = {name: _(title) for name, title in NOTE_TITLES.items()}
        small_tables.grid(told.rename(columns=titles))


NOTE_TITLES = {
    "asset_id": N_("Asset"), "problem": N_("Problem"), "advice": N_("What to do"),
    "used": N_("Still counted"),
}  # fmt: skip
COLUMN_TITLES = {
    "gap_area": N_("Gap area"), "cells_count": N_("Hexagons"), "area_km2": N_("Area, km²"),
    "rank": N_("Rank"), "demand_share": N_("Demand, %"), "gap_share": N_("Gap, %"),
    "lat_deg": N_("Latitude"), "lon_deg": N_("Longitude"), "response_h": N_("First arrives, h"),
    "limit_h": N_("Needed within, h"), "reason": N_("Why"), "asset_id": N_("First asset"),
    "h3": N_("Hexagon"),
}  # fmt: skip


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    digits = {"response_h": 1, "limit_h": 1, "area_km2": 0, "lat_deg": 3, "lon_deg": 3}
    rounded = {name: table[name].round(places) for name, places in digits.items() if name in table}
    shares = {
        name: (table[name] * 100).round(3)
        for name in ("demand_share", "gap_share")
        if name in table
    }
    told = table.assign(**rounded, **shares, reason=table["reason"].map(word))
    return told.rename(columns={name: _(title) for name, title in COLUMN_TITLES.items()})
