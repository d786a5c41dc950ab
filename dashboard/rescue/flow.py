"""The page as one flow: steps, and for each its controls, its layer, and what stands below."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import controls, data, legend, links, map_page, panel, say
from dashboard.clicks import Click
from dashboard.figures import Figure, part
from dashboard.hand_over import panel as panel_of
from dashboard.language import _, ngettext, number, percent, word
from dashboard.rescue import (
    assets,
    bring,
    drawings,
    drift_block,
    fleet_block,
    handed,
    last_known,
    looked_block,
    next_block,
    reach_block,
    searched,
    settings,
    sites,
)  # fmt: skip
from dashboard.rescue.plan import Plan, cell_of
from dashboard.selection import Selection
from geo_data import quantities as q
from geo_data import receipts
from geo_data.classes import NOBODY_H
from geo_data.quantities import Quantity
from geo_data.rollup import cover_column
from geo_data.view import View
from geo_data.words import N_, Number, Phrase
from layers import BY_KEY, PLACES_BY_KIND
from layers.base import HexLayer
from layers.sar import edits
from layers.sar.survivable import Chance

ADVICE = N_(
    "Times: alert, mobilisation and the fastest passable way at the asset's speed, out and back "
    "within its endurance; no current. Where nobody reports, nothing is known."
)
WORTH = {Chance.COVERED: 1.0, Chance.DOUBTFUL: 0.5, Chance.UNCOVERED: 0.0, Chance.UNKNOWN: np.nan}


@dataclass(frozen=True)
class Step:
    """One step of the flow.

    Attributes
    ----------
    title : str
    shows : tuple of Quantity
        Layers to choose from.
    controls, below : callable
        Its knobs, and its tables and files.
    """

    title: str
    shows: tuple[Quantity, ...]
    controls: Callable[[Plan], None]
    below: Callable[[Plan], None]


STEPS: dict[str, Step] = {
    "assets": Step(N_("1 Assets"), (q.RESPONSE, q.GAP_CHANGE), fleet_block.controls,
                   fleet_block.below),
    "reach": Step(N_("2 Reach"), (q.RESPONSE,), reach_block.reach_controls,
                  reach_block.reach_below),
    "looked": Step(N_("3 Searched"), (q.DETECTION, q.AREA_PROBABILITY, q.PLANNED),
                   looked_block.controls, looked_block.below),
    "drift": Step(N_("Drift"), (q.AREA_PROBABILITY,), drift_block.controls, drift_block.below),
    "demand": Step(N_("4 Demand"), (q.DEMAND,), reach_block.demand_controls,
                   reach_block.demand_below),
    "gap": Step(N_("5 Gap"), (q.GAP, q.SURVIVABLE, q.RESPONSE), reach_block.gap_controls,
                reach_block.gap_below),
    "next": Step(N_("6 Where next"), (q.GAP, q.GAP_CHANGE), next_block.controls, next_block.below),
}  # fmt: skip


def choose_step() -> str:
    """The step in the link; every step keeps its place in the row."""
    titles = {key: _(step.title) for key, step in STEPS.items()}
    if "step" not in st.query_params and "step" not in st.session_state:
        st.session_state["step"] = "gap"
    widget = partial(
        st.segmented_control, required=True, label_visibility="collapsed", width="stretch"
    )
    return links.choice("step", titles, widget, _("Step"))


def plan_of(view: View) -> Plan:
    """The plan in the link; says what had to be left out of it."""
    table = edits.applied(assets.stored(view), assets.current())
    fleet, left_out = assets.located(table, view.resolution)
    if left_out:
        say.warning(
            ngettext(
                "{n} asset row has no medium or no position and was left out.",
                "{n} asset rows have no medium or no position and were left out.", left_out,
            )
        )  # fmt: skip
    values = settings.read(st.query_params.to_dict())
    made = Plan(view, fleet, values, assets.compared(view), looked_block.brought(), bring.brought())
    next_block.tend(made)
    return made


def controls_of(made: Plan, step: str) -> Quantity:
    """Knobs of a step in the sidebar; returns what is drawn."""
    shows = STEPS[step].shows
    if q.GAP_CHANGE in shows and step == "assets":
        shows = shows[::-1] if made.compared is not None else shows[:1]
    shown = shows[0]
    if len(shows) > 1:
        titles = {quantity.column: _(quantity.label) for quantity in shows}
        key = links.choice(f"show_{step}", titles, st.radio, _("Show"))
        shown = next(quantity for quantity in shows if quantity.column == key)
    STEPS[step].controls(made)
    return shown


def shown_places(view: View) -> tuple[str, ...]:
    """Which places are drawn on top."""
    kinds = [kind for kind in ("assets", "incidents", "crossings") if kind in controls.kinds(view)]
    chosen = st.pills(
        _("Places"), kinds, selection_mode="multi", default=[k for k in kinds if k == "assets"],
        format_func=lambda kind: _(PLACES_BY_KIND[kind].title), key="sar-places",
    )  # fmt: skip
    return tuple(chosen)


def lines_shown(made: Plan, step: str) -> tuple[str, ...]:
    """Search tracks where they matter, and what the step draws on top."""
    recorded = f"line-{searched.SEARCH_TRACK}"
    tracks = step == "looked" and recorded in controls.outlines.names(made.view)
    sketch = drawings.of_step(made, step)
    return ((recorded,) if tracks else ()) + ((sketch,) if sketch else ())


def drawn(made: Plan, step: str, shown: Quantity) -> tuple[HexLayer, str]:
    """The layer of a step and the token of its tiles; made drawable on the way."""
    table = _table(made, step, shown)
    layer = BY_KEY[shown.column]
    value = table[shown.column].to_numpy(np.float64)
    token = made.token(step, shown.column, hashlib.sha256(value.tobytes()).hexdigest())
    covered = table[["cell"]].assign(**{shown.column: value, cover_column(shown): 1.0})
    data.register(made.view.name, layer, token, covered)
    return layer, token


def _table(made: Plan, step: str, shown: Quantity) -> pd.DataFrame:
    cells = made.hexes[["cell"]]
    unknown = cells.assign(**{shown.column: np.nan})
    if shown == q.RESPONSE:
        hours = made.reach.cells[q.RESPONSE.column].fillna(NOBODY_H)
        return unknown if made.blind else cells.assign(**{shown.column: hours.to_numpy()})
    if shown == q.DEMAND:
        return made.need.cells[["cell", shown.column]]
    if shown == q.SURVIVABLE:
        return (
            unknown
            if made.blind
            else cells.assign(**{shown.column: made.chances["chance"].map(WORTH).to_numpy()})
        )
    if step == "drift":
        if drift_block.problem(made):
            return unknown
        found = searched.drifted(made)[0].set_index("cell")[shown.column]
        return cells.assign(**{shown.column: found.reindex(cells["cell"]).fillna(0.0).to_numpy()})
    if step == "looked":
        return searched.looked(made).cells[["cell", shown.column]]
    if made.blind:
        return unknown
    if step == "next":
        return _after(made, shown)
    if shown == q.GAP_CHANGE and made.change is not None:
        return made.change.cells.rename(columns={"gap_change": shown.column})
    return made.gaps[["cell", q.GAP.column]]


def _after(made: Plan, shown: Quantity) -> pd.DataFrame:
    """Gaps once the chosen sites have their asset."""
    asked = sites.question(made)
    answer = next_block.chosen(made, asked)
    after = made.gaps
    if answer is not None and answer.sites:
        after = made.gaps_of(next_block.added(made, asked, answer.sites))
    change = after[q.GAP.column] - made.gaps[q.GAP.column]
    return after.assign(**{q.GAP_CHANGE.column: change})[["cell", shown.column]]


def figures_of(made: Plan) -> list[Figure]:
    """Share of demand met, gaps, and what they rest on."""
    ready = int(made.assets["ready"].fillna(False).astype(bool).sum())
    incidents, ranked = made.view.places("incidents"), made.ranked
    hours = float(made.values["limit_h"])
    within = _("within {hours} h, less where survival is shorter", hours=hours)
    change = made.change
    if change is not None:
        within = _("before: {share}", share=percent(change.met_before))
    worst = ranked["reason"].mode() if len(ranked) else pd.Series(dtype=str)
    areas = int(ranked["gap_area"].max()) if len(ranked) else 0
    noted = len(made.reach.notes)
    about = ngettext("{n} with remarks", "{n} with remarks", noted)
    return [
        Figure(_("Demand met in time"), reach_block.met(made), within),
        Figure(_("Gap areas"), number(areas) if not made.blind else _("unknown"),
               ngettext("{n} hexagon", "{n} hexagons", len(ranked))),
        Figure(_("Most frequent reason"), _(worst.iloc[0]) if len(worst) else _("none")),
        Figure(_("Assets ready"), part(ready, len(made.assets)),
               _("withheld from this audience") if made.blind else about),
        Figure(_("Incidents behind demand"), number(len(incidents)), _("recorded ones only")),
    ]  # fmt: skip


def legend_of(made: Plan, layer: HexLayer) -> None:
    """Legend of a computed layer, with what it was computed from."""
    view = made.view
    st.html(legend.legend(view, layer))
    used = [view.source(str(key)) for kind in ("assets", "incidents")
            for key in view.places(kind)["source"].dropna().unique()]  # fmt: skip
    words = "; ".join(dict.fromkeys(source["title"] for source in used))
    parts = [_("Computed from: {sources}.", sources=words)] if words else []
    alarms = [_("SIMULATED")] if any(source["simulated"] for source in used) else []
    if assets.current():
        alarms += [_("With edited assets: a what-if, not the situation.")]
    say.caption(" ".join([*parts, _(ADVICE)]), alarm=". ".join(alarms))


def on_map(selection: Selection, kinds: tuple[str, ...], lines: tuple[str, ...]) -> Selection:
    """The selection with the places and lines of this page, at one date."""
    return replace(selection, places=kinds, hidden=(), lines=lines, compare="", days="")


def after(view: View, step: str, selection: Selection, click: Click | None) -> Selection:
    """The selection after a click; one that sets the position of a drift picks nothing."""
    moved = map_page.after(selection, click)
    if step != "drift":
        last_known.forget_waiting()
    if step == "drift" and last_known.clicked(view, click):
        return replace(moved, picked=selection.picked)
    return moved


def hand_over(
    made: Plan, step: str, picture: Selection, layer: HexLayer, token: str, figures: list[Figure]
) -> None:
    """The coverage sheet and the files of a step."""
    first = STEPS[step].shows[0].column
    name = f"sar-{step}" if layer.key == first else f"sar-{step}-{layer.key}"
    panel_of(
        made.view, picture, layer, token=token, name=name, key="sar",
        title=_("Search and rescue, {step}", step=_(STEPS[step].title)),
        notes=handed.notes(made, step, ADVICE),
        figures=tuple((figure.label, figure.value, figure.note) for figure in figures),
        tables=handed.attached(made, step),
    )  # fmt: skip


def side(made: Plan, selection: Selection) -> None:
    """What is picked, with the computed values first."""
    panel.show(made.view, selection, _values(made, selection))


def _values(made: Plan, selection: Selection) -> list[tuple[Quantity, str]]:
    cell = cell_of(selection.cell, made.view.resolution)
    if cell is None or made.blind:
        return []
    rows = made.gaps[made.gaps["cell"] == cell]
    if rows.empty:
        return []
    row = rows.iloc[0]
    hours = row[q.RESPONSE.column]
    asset = dict(zip(made.assets["place_id"], made.assets["name"], strict=True)).get(
        row["asset_id"]
    )
    arrives = (
        word(row["obstacle"]) or N_("nobody arrives")
        if np.isnan(hours)
        else Phrase("{number} {unit}", number=Number(hours, ".1f"), unit="h")
    )
    return [
        (q.RESPONSE, f"{word(arrives)}{f', {asset}' if asset else ''}"),
        *((quantity, receipts.said(quantity, float(row[quantity.column]), 1.0))
          for quantity in (q.DEMAND, q.GAP)),
    ]  # fmt: skip
