"""Blocks of the index: weights to turn, what made a hexagon, how sure the ranking is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import exports, legend, links, say, small_tables
from dashboard.area import choose, naming, ranking
from dashboard.area.ranking import Ranking
from dashboard.figures import Figure
from dashboard.language import _, listed, ngettext, number, percent, word
from dashboard.selection import Selection
from geo_data import grid
from geo_data import quantities as q
from geo_data.view import View
from geo_data.words import N_
from layers import BY_KEY
from layers.base import HexLayer
from layers.context import index, indicators
from layers.context.scheme import Scheme

HOW = {
    "": N_("as declared (INFORM)"), "arithmetic": N_("arithmetic mean"),
    "geometric": N_("geometric mean"), "scaled geometric": N_("scaled geometric mean"),
}  # fmt: skip
DRAWN = (q.CONTEXT_INDEX, q.INDEX_MISSING)
SHOWN = 200
MOSTLY = 0.5
"""Share of a hexagon that has to lie in an area to be ranked there: whole hexagons only."""
METHOD = N_(
    "The index joins hazard and exposure, vulnerability, and lack of coping capacity as INFORM "
    "Risk does. Limits are fixed. What is not known of a hexagon is left out there, never filled "
    "in."
)
PRIORITY = N_(
    "Priority: among the worst tenth in at least 90% of {draws} versions of the index, drawn with "
    "other weights, other means and one indicator left out. Everything else is a rank with a range."
)


def plan() -> Scheme:
    """The index with the weights and the mean that somebody chose; both live in the link."""
    declared = ranking.declared()
    how = links.choice("mean", {key: _(text) for key, text in HOW.items()}, st.selectbox,
                       _("How parts are joined"))  # fmt: skip
    with st.expander(_("Weights")):
        weights = _weights(declared)
    for node in indicators.all_zero(declared, weights):
        say.warning(
            _("All parts of '{name}' weigh 0; the declared weights are used there.",
              name=_(node.title))
        )  # fmt: skip
    return indicators.weighed(declared, weights, how)


def layer() -> HexLayer:
    """Which result is drawn."""
    titles = {quantity.column: _(quantity.label) for quantity in DRAWN}
    return BY_KEY[links.choice("show", titles, st.radio, _("Show"))]


def _weights(declared: Scheme) -> dict[str, float]:
    titles = declared.titles()
    parts = [(node, part, weight) for node in declared.node for part, weight in
             zip(node.of, node.weights or [1.0] * len(node.of), strict=True)]  # fmt: skip
    if "weights-start" not in st.session_state:
        st.session_state["weights-start"] = _from_link(st.query_params.get("weights", ""))
    start = st.session_state["weights-start"]
    table = pd.DataFrame(
        {"part": [_(titles[part]) for _node, part, _own in parts],
         "of": [_(node.title) for node, _part, _own in parts],
         "weight": [start.get(part, own) for _node, part, own in parts]}
    )  # fmt: skip
    edited = st.data_editor(
        table, hide_index=True, key="weights-edited", disabled=["part", "of"], height=300,
        column_config={
            "part": _("Part"), "of": _("of"),
            "weight": st.column_config.NumberColumn(_("Weight"), min_value=0, max_value=10,
                                                    step=0.5, required=True),
        },
    )  # fmt: skip
    found = edited["weight"].fillna(0.0).clip(0, 10).astype(float)
    weights = {part: weight for (_node, part, _own), weight in zip(parts, found, strict=True)}
    changed = [f"{part}:{weights[part]:g}" for _node, part, own in parts if weights[part] != own]
    st.query_params["weights"] = ",".join(changed)
    if not changed:
        del st.query_params["weights"]
    return weights


def _from_link(text: str) -> dict[str, float]:
    """Weights out of ``FLOOD:2,HEAT:0``; what makes no sense is left out."""
    found = {}
    for pair in text.split(",")[:100]:
        key, _colon, value = pair.partition(":")
        if value.replace(".", "", 1).isdigit() and value.isascii():
            found[key] = min(float(value), 10.0)
    return found


def legend_of(view: View, drawn: HexLayer, made: Ranking) -> None:
    """Legend of the index, with what it is about and what is wrong with its indicators."""
    st.html(legend.legend(view, drawn))
    rules = [_(rule.title) for rule in made.scheme.only]
    say.caption(_("Only hexagons with {rules}; the others are outside the index.",
                 rules=listed(rules)))  # fmt: skip
    used = [source for one in made.scheme.indicators if one.quantity in q.BY_COLUMN
            for source in view.sources_of(q.BY_COLUMN[one.quantity])]  # fmt: skip
    titles = list(dict.fromkeys(source["title"] for source in used))
    flag = _("SIMULATED") if any(source["simulated"] for source in used) else ""
    say.caption(_("Computed from: {sources}.", sources="; ".join(titles)), alarm=flag)
    for remark in made.basis.remarks:
        say.caption(_(remark))


def key_figures(
    view: View, made: Ranking, sure: pd.DataFrame, found: list[choose.Area]
) -> list[Figure]:
    """How much of the areas (none: the operation) is ranked, how it looks, how much is sure."""
    table = rank_table(view, made, sure, found)
    worst = int((table["context_index"] >= made.scheme.classes[-1]).sum())
    missing = int(table["missing_count"].gt(0).sum())
    silent = [key for key in made.basis.scores if made.basis.scores[key].isna().all()]
    where = choose.said_of(found) if found else _("Whole operation")
    return [
        Figure(_("Hexagons ranked"), number(len(table)), where),
        Figure(_("Priority"), number(int(table["priority"].sum())),
               _("whatever the weights, in 9 of 10 versions")),
        Figure(_("Very high"), number(worst), _("index of {n} or more", n=made.scheme.classes[-1])),
        Figure(_("With missing indicators"), number(missing),
               _("left out there, never filled in")),
        Figure(_("Indicators without data"), number(len(silent)),
               listed([_(made.scheme.titles()[str(key)]) for key in silent])),
    ]  # fmt: skip


def explained(view: View, made: Ranking, selection: Selection) -> None:
    """What made the index of the picked hexagon; of a larger one, of its worst cell."""
    say.strong(_("What makes this hexagon"))
    row = _row(made, selection)
    if row is None:
        say.caption(_("Click a coloured hexagon to see which indicators made its index."))
        return
    plan, table = made.scheme, made.table.iloc[[row]]
    value, cell = float(made.result.iloc[row]), int(made.basis.cells[row])
    grade = index.classed(made.result.iloc[[row]], plan).iloc[0]
    said = _("unknown") if np.isnan(value) else number(value, 1)
    say.caption(naming.spots(view.name, [cell])[0], code=grid.text([cell])[0])
    say.strong(" · ".join([said, _(grade)] if isinstance(grade, str) else [said]))
    titles = plan.titles()
    parts = [(_(titles[n.key]), float(table[n.key].iloc[0])) for n in plan.node[:-1]]
    added = index.without(made.basis.scores.iloc[[row]], plan).iloc[0].dropna()
    added = added[added.abs() > 0.005].sort_values(key=np.abs, ascending=False)
    names = [_(titles[key]) + " (" + _measured(made, row, key) + ")" for key in added.index]
    small_tables.signed(names, added.tolist(), _("index points that each indicator adds or takes"))
    say.caption(_("Index points that each indicator adds (or, with a minus, takes away)."))
    silent = [_(one.title) for one in plan.indicators if np.isnan(table[one.key].iloc[0])]
    if silent:
        said = ngettext("{n} indicator is missing here: {names}.",
                        "{n} indicators are missing here: {names}.", len(silent),
                        names=listed(silent))  # fmt: skip
        say.warning(said)
    with st.expander(_("Components, 0 to 10")):
        known = [(name, score) for name, score in parts if not np.isnan(score)]
        small_tables.pairs([(name, number(score, 1), "") for name, score in known])


def _measured(made: Ranking, row: int, key: str) -> str:
    value = float(made.basis.values[key].iloc[row])
    unit = next(one.unit for one in made.scheme.indicators if one.key == key)
    digits = 0 if abs(value) >= 10 or value.is_integer() else 2
    if unit == "h" and value >= ranking.NO_WAY_H:
        return _("no way")
    return number(value, digits) + " " + _(unit)


def _row(made: Ranking, selection: Selection) -> int | None:
    if not selection.cell:
        return None
    cell = int(selection.cell, 16)
    level = grid.resolution_of([cell])
    inside = np.flatnonzero(grid.parents(made.basis.cells, level) == cell)
    if not len(inside):
        return None
    values = made.result.to_numpy(np.float64)[inside]
    return int(inside[0] if np.isnan(values).all() else inside[np.nanargmax(values)])


def ranked(view: View, made: Ranking, sure: pd.DataFrame, found: list[choose.Area]) -> None:
    """Hexagons by rank with the range of it, inside the chosen areas, and as a file."""
    say.heading(_("Ranking, and how sure it is"))
    say.caption(_(PRIORITY, draws=ranking.DRAWS))
    table = rank_table(view, made, sure, found)
    if table.empty:
        say.note(_("No hexagon of the chosen areas is in the index."))
        return
    small_tables.grid(readable(view, table.head(SHOWN)), height=320)
    stamped = exports.stamped(view, table.assign(h3=grid.text(table["cell"])).drop(columns="cell"),
                              [q.POPULATION, q.DISPLACED])  # fmt: skip
    st.download_button(
        _("Ranking as CSV"), lambda: exports.csv(stamped), mime="text/csv",
        file_name=exports.file_name(view, "context-index", "csv"),
    )  # fmt: skip


def rank_table(
    view: View, made: Ranking, sure: pd.DataFrame, found: list[choose.Area]
) -> pd.DataFrame:
    """Hexagons of some areas (none: all) with index, rank, its range and whether it is sure."""
    table = pd.DataFrame(
        {"cell": made.basis.cells, "context_index": made.result,
         "rank": index.ranked(made.result), "missing_count": made.table["missing_count"],
         **{name: sure[name] for name in ("rank_low", "rank_high", "top_share", "priority")}}
    )  # fmt: skip
    if found:
        mostly = [area.cells[area.cells["fraction"] >= MOSTLY]["cell"] for area in found]
        table = table[table["cell"].isin(np.unique(np.concatenate(mostly)))]
    return table.dropna(subset=["context_index"]).sort_values(
        ["priority", "top_share", "context_index"], ascending=False
    )


def readable(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """The ranking as people read it."""
    return pd.DataFrame(
        {
            _("Where"): naming.spots(view.name, table["cell"].to_numpy(np.int64)),
            _("Hexagon"): grid.text(table["cell"]),
            _("Index"): table["context_index"].round(1), _("Rank"): table["rank"],
            _("Rank, 5% to 95%"): [
                f"{number(low)} – {number(high)}"
                for low, high in zip(table["rank_low"], table["rank_high"], strict=True)
            ],
            _("Among the worst tenth"): table["top_share"].map(percent),
            _("Priority"): [_("yes") if yes else _("no") for yes in table["priority"]],
            _("Indicators missing"): table["missing_count"],
        }
    )  # fmt: skip


def anatomy(made: Ranking) -> None:
    """What each indicator does to the ranking, its limits and why, and what is wrong with it."""
    say.heading(_("Indicators: limits, weight, and what dropping one changes"))
    small_tables.grid(anatomy_table(made))


def anatomy_table(made: Ranking) -> pd.DataFrame:
    """One row an indicator, in words."""
    one_by_key = {one.key: one for one in made.scheme.indicators}
    rows = []
    for row in ranking.dropped(made).itertuples():
        one = one_by_key[row.key]
        link, left = row.correlation, row.left_share
        rows.append({
            _("Indicator"): _(one.title), _("Unit"): _(one.unit),
            _("Limits"): f"{number(one.low or 0, _digits(one.low))} – "
                         f"{number(one.high or 0, _digits(one.high))}",
            _("Better"): word(one.better),
            _("Weight, %"): percent(row.weight),
            _("Known for"): percent(row.known_share),
            _("Correlation with the index"): _("none") if np.isnan(link) else number(link, 2),
            _("If dropped, of the worst tenth change"):
                _("unknown") if np.isnan(left) else percent(left),
            _("Remark"): _(made.basis.problems.get(row.key, "")),
            _("Why these limits"): _(one.why),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _digits(value: float | None) -> int:
    return 0 if value is None or float(value).is_integer() else len(f"{value:g}".split(".")[-1])
