"""Before and after a what-if: profile, figures, ranks and gaps, what differs first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import say, small_tables
from dashboard.area import blocks, choose, naming, ranking, service_blocks
from dashboard.area.choose import Area
from dashboard.area.ranking import Ranking
from dashboard.figures import Figure
from dashboard.language import LTR_ISOLATE, _, number, word
from dashboard.what_if import Supposed
from geo_data import grid
from geo_data.words import N_
from layers.context import impact, index, profile
from layers.context.measures import Row
from layers.context.scheme import Scheme
from layers.sar.ground import Pace

SHOWN = 100
VERDICTS = {1.0: N_("worse"), -1.0: N_("better"), 0.0: N_("the same")}


def remarks(view: Supposed) -> None:
    """What of the what-if could not be done as asked."""
    for remark in dict.fromkeys(view.after.remarks):
        say.warning(_(remark))


def figures_of(view: Supposed, area: Area, now: list[Figure]) -> list[Figure]:
    """Key figures with what they are without the edits, and those of the edits themselves."""
    table = blocks.profile_of(view.base, area)
    then = blocks.key_figures(view.base, table)
    told = [
        one if one.value == old.value
        else replace(one, note=_("{value} without the what-if", value=old.value), alarm=True)
        for one, old in zip(now, then, strict=True)
    ]  # fmt: skip
    here, all_over = (
        impact.rows(cells, view.before, view.after, view.series())
        for cells in (area.cells, choose.whole(view).cells)
    )
    everywhere = {row.label: row for row in all_over}
    return [*told, *(_impact(row, everywhere.get(row.label)) for row in here)]


def _impact(row: Row, everywhere: Row | None) -> Figure:
    note = ""
    if everywhere is not None:
        note = _("{value} in the whole operation",
                 value=blocks.said(everywhere.value, everywhere.unit))  # fmt: skip
    return Figure(_(row.label), blocks.said(row.value, row.unit), note, alarm=row.value > 0)


def profiles(view: Supposed, area: Area, after: pd.DataFrame, timed: bool = False) -> None:
    """The profile of an area before, after, and the difference."""
    say.heading(_("Before and after: {area}", area=area.name))
    table = profile.differences(blocks.profile_of(view.base, area, timed), after)
    differs = ~table["difference"].eq(0.0) & ~(table["before"].isna() & table["after"].isna())
    if not differs.any():
        say.note(_("The what-if changes nothing in the profile of this area."))
    all_lines = st.toggle(_("Also lines that stay the same"), key=f"what-if-all-{area.name}")
    small_tables.grid(readable(table if all_lines else table[differs]),
                      height=460 if all_lines else "content")  # fmt: skip


def readable(table: pd.DataFrame, before: str = "", after: str = "") -> pd.DataFrame:
    """Differences of two profiles as people read them."""
    signed = [_signed(*row) for row in zip(table["difference"], table["unit"], strict=True)]
    return pd.DataFrame(
        {
            _("What"): table["label"].map(word),
            before or _("Before"): _values(table, "before"),
            after or _("What if"): _values(table, "after"),
            _("Difference"): signed,
            _("Verdict"): [verdict(value) for value in table["verdict"]],
            _("Unit"): table["unit"].map(word), _("Topic"): table["topic"].map(word),
        }
    )  # fmt: skip


def verdict(value: float) -> str:
    """Worse, better or the same; a dash where no direction is declared or a value is unknown."""
    return "–" if np.isnan(value) else _(VERDICTS[float(value)])


def _values(table: pd.DataFrame, column: str) -> list[str]:
    return [blocks.said(*row) for row in zip(table[column], table["unit"], strict=True)]


def _signed(value: float, unit: str) -> str:
    if value is None or np.isnan(value):
        return _("unknown")
    said = blocks.said(value, unit)
    if not value > 0 or np.isinf(value):
        return said
    # The sign belongs to the number, also where the text around it runs from the right.
    inside = said.startswith(LTR_ISOLATE)
    return LTR_ISOLATE + "+" + said[1:] if inside else "+" + said


def ranks(view: Supposed, made: Ranking, plan: Scheme, found: list[Area]) -> None:
    """Hexagons whose index the what-if moves, with their rank before and after."""
    say.heading(_("Index before and after"))
    table = moved(ranking.ranking(view.base, plan), made, found)
    if table.empty:
        say.note(_("The what-if moves no index in the chosen areas."))
        return
    shown = table.head(SHOWN)
    small_tables.grid(pd.DataFrame({
        _("Where"): naming.names(view.name, shown["cell"]), _("Hexagon"): grid.text(shown["cell"]),
        _("Index before"): shown["before"].round(1), _("Index after"): shown["after"].round(1),
        _("Difference"): shown["difference"].round(2),
        _("Rank before"): shown["rank_before"], _("Rank after"): shown["rank_after"],
    }), height=300)  # fmt: skip
    say.caption(_("Hexagons whose index changes: {n}.", n=len(table)))


def moved(before: Ranking, after: Ranking, found: list[Area]) -> pd.DataFrame:
    """Index and rank of hexagons on both sides, those that differ, the largest difference first.

    A hexagon that only one side ranks has no index on the other.
    """
    old, new = (
        pd.DataFrame({"cell": one.basis.cells, "value": one.result,
                      "rank": index.ranked(one.result)})
        for one in (before, after)
    )  # fmt: skip
    both = old.merge(new, on="cell", how="outer", suffixes=("_before", "_after"))
    both = both.rename(columns={"value_before": "before", "value_after": "after"})
    if found:
        both = both[both["cell"].isin(pd.concat([area.cells["cell"] for area in found]))]
    apart = both["after"] - both["before"]
    changed = (apart.abs() > 1e-9) | (both["before"].isna() != both["after"].isna())
    both = both.assign(difference=apart)[changed]
    return both.sort_values("difference", key=lambda one: one.abs(), ascending=False,
                            na_position="first", ignore_index=True)  # fmt: skip


def gaps(view: Supposed, found: list[Area], pace: Pace) -> None:
    """People out of reach by sector before and after."""
    for area in found or [choose.whole(view)]:
        say.strong(_("Out of reach before and after: {area}", area=area.name))
        old, new = (service_blocks.gap_table(one, area, pace) for one in (view.base, view))
        both = old.merge(new, on=["sector", "limit_h"], how="outer", suffixes=("_old", "_new"))
        # A sector whose last point is lost reaches nobody.
        people = both["people_new"].fillna(service_blocks.residents(view, area))
        apart = people - both["people_old"]
        table = pd.DataFrame({
            _("Service"): both["sector"].map(word),
            _("Farther than"): [_("{n} h", n=limit) for limit in both["limit_h"]],
            _("Before"): both["people_old"].map(number), _("What if"): people.map(number),
            _("Difference"): [_signed(value, "people") for value in apart.round()],
        })  # fmt: skip
        order = apart.abs().sort_values(ascending=False, kind="stable").index
        small_tables.grid(table.loc[order], height=260)
