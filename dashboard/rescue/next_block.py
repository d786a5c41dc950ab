"""Step 6, where next: the quick answer at once, the exact one from the background."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import say, small_tables
from dashboard.language import _, ngettext, percent
from dashboard.rescue import plan, reach_block, settings, sites, tables
from dashboard.rescue.desk import desk
from dashboard.rescue.plan import Hashed, Plan
from geo_data.errors import WaypostError
from layers.sar import siting
from layers.sar.siting import Siting

ANSWER = "sar-answer"


def controls(made: Plan) -> None:
    """What is placed, how many, for which aim."""
    settings.show(settings.NEXT, made.values)


def added(made: Plan, asked: sites.Question, chosen: tuple[int, ...]) -> Hashed:
    """The fleet with assets of the chosen kind at the chosen bases."""
    kind = sites.KINDS[str(made.values["kind"])]
    where = asked.found.bases.iloc[list(chosen)]
    rows = where.assign(
        place_id=["site-" + str(name) for name in where["place_id"]], medium=kind.medium.value,
        asset_type=str(made.values["kind"]), speed_km_h=kind.speed_km_h, ready=True,
        endurance_h=kind.endurance_h, mobilise_h=kind.mobilise_h, on_call=None, sensor=None,
        organisation=None,
    )  # fmt: skip
    from dashboard.rescue.assets import located

    together = pd.concat([made.assets.astype(object), rows.astype(object)], ignore_index=True)
    return located(together, made.view.resolution)[0]


def chosen(made: Plan, asked: sites.Question) -> Siting | None:
    """The exact answer if there is one to this question, else the quick one."""
    if not asked.covers.shape[1] or not len(asked.cells):
        return None
    held = st.session_state.get(ANSWER)
    if held and held[0] == _key(made):
        return held[1]
    if made.values["aim"] != "most":
        return None
    return sites.quick(asked, int(made.values["p"]))


def below(made: Plan) -> None:
    """Bases in their order with what each adds; the exact answer, its gap, and a way to stop it."""
    if made.blind or made.ranked.empty:
        reach_block.gap_below(made)
        return
    asked = sites.question(made)
    if not asked.covers.shape[1]:
        say.warning(_("No candidate base can be used by this kind of asset. See the remarks."))
        _remarks(made, asked)
        return
    answer = chosen(made, asked)
    if answer is not None and not answer.sites:
        say.note(_("No candidate base reaches any gap in time with this kind of asset."))
    if answer is not None and answer.sites:
        _answer(made, asked, answer)
    _solver(made, asked)
    _remarks(made, asked)


def ranked(made: Plan, asked: sites.Question, answer: Siting) -> pd.DataFrame:
    """Chosen bases in the order in which they add most."""
    before = made.met_share or 0.0
    covered = np.zeros(len(asked.cells), bool)
    rows: list[dict[str, Any]] = []
    for base in _by_gain(asked, answer.sites):
        adds = float(asked.demand[asked.covers[:, base] & ~covered].sum())
        covered |= asked.covers[:, base]
        spot = asked.found.bases.iloc[base]
        rows.append(
            {"rank": len(rows) + 1, "base": str(spot["name"]), "lat_deg": spot["lat_deg"],
             "lon_deg": spot["lon_deg"], "gained_share": adds,
             "met_share": before + float(asked.demand[covered].sum())}
        )  # fmt: skip
    names = ["rank", "base", "lat_deg", "lon_deg", "gained_share", "met_share"]
    return pd.DataFrame(rows, columns=names)


def _answer(made: Plan, asked: sites.Question, answer: Siting) -> None:
    table = ranked(made, asked, answer)
    held = st.session_state.get(ANSWER)
    proven = bool(held and held[1] is answer)
    aim = str(made.values["aim"])
    lost = siting.beyond(aim, asked.covers, asked.found.hours, asked.demand)
    if aim != "most" and lost.any():
        say.note(_beyond(lost, asked))
    if aim == "most":
        said = (
            _("Exact answer, proven to {gap} of the best.", gap=percent(answer.gap, 1))
            if proven
            else _(
                "Quick answer (greedy), at most {gap} below the best.", gap=percent(answer.gap, 1)
            )
        )
        say.caption(said)
    elif aim == "all":
        say.caption(
            ngettext("{n} base, at least {least} needed.", "{n} bases, at least {least} needed.",
                     int(answer.value), least=int(np.ceil(answer.bound - 1e-6)))
        )  # fmt: skip
    elif aim == "worst":
        say.caption(_("Longest way: {hours} h.", hours=round(answer.value, 2)))
    else:
        mean = answer.value / float(asked.demand[~lost].sum() or 1)
        say.caption(_("Mean way, weighed by demand: {hours} h.", hours=round(mean, 2)))
    tables.show(made, table)
    small_tables.bars(
        [f"{rank}. {base}" for rank, base in zip(table["rank"], table["base"], strict=True)],
        (100 * table["met_share"]).round(1).tolist(), _("Then met, %"),
    )  # fmt: skip
    stamped = tables.stamp(made, table.rename(columns={"base": "name"}))
    tables.buttons(
        made, "where-next", csv=lambda: tables.exports.csv(stamped),
        kml=lambda: tables.exports.kml("Where next", stamped),
    )  # fmt: skip


def _beyond(lost: np.ndarray, asked: sites.Question) -> str:
    """What the answer is not about."""
    part = percent(float(asked.demand[lost].sum() / asked.demand.sum()), 1)
    return ngettext(
        "{n} hexagon with {part} of the gap is left out: no base reaches it.",
        "{n} hexagons with {part} of the gap are left out: no base reaches them.",
        int(lost.sum()), part=part,
    )  # fmt: skip


def _by_gain(asked: sites.Question, chosen_sites: tuple[int, ...]) -> list[int]:
    """Sites in the order in which they add most."""
    left, order = list(chosen_sites), []
    open_demand = asked.demand.copy()
    while left:
        best = max(left, key=lambda base: float(open_demand[asked.covers[:, base]].sum()))
        open_demand[asked.covers[:, best]] = 0.0
        left.remove(best)
        order.append(best)
    return order


def tend(made: Plan) -> None:
    """End a solver whose question is no longer that of the plan, whatever step is on screen."""
    desk().keep(_key(made))


def _solver(made: Plan, asked: sites.Question) -> None:
    if desk().job is not None:
        _watch()
        return
    st.button(_("Find the exact answer"), on_click=_begin, args=(made, asked))
    if said := st.session_state.pop("sar-problem", ""):
        say.warning(_(said))


@st.fragment(run_every="1s")
def _watch() -> None:
    held = desk()
    job, key = held.job, held.key
    if job is None:
        return
    if job.running:
        said = _("Solving in the background: {n} of at most {most} s", n=round(job.elapsed_s),
                 most=round(job.seconds))  # fmt: skip
        st.progress(job.share, text=said)
        if not st.button(_("Stop")):
            return
        job.stop()
    try:
        st.session_state[ANSWER] = (key, job.result())
    except WaypostError as problem:
        st.session_state["sar-problem"] = str(problem)
    held.close()
    st.rerun()


def _begin(made: Plan, asked: sites.Question) -> None:
    hours = np.where(np.isfinite(asked.found.hours), asked.found.hours, np.inf)
    try:
        desk().begin(
            _key(made), str(made.values["aim"]), asked.covers, hours, asked.demand,
            int(made.values["p"]), float(made.values["seconds"]),
        )  # fmt: skip
    except WaypostError as problem:
        st.session_state["sar-problem"] = str(problem)


def _key(made: Plan) -> str:
    return made.token(
        made.fleet.digest, made.reach_key, made.of(plan._DEMAND), made.of(plan._SEARCH),
        made.of(plan._GAP), made.of(("kind", "p", "aim", "seconds")),
    )  # fmt: skip


def _remarks(made: Plan, asked: sites.Question) -> None:
    notes = asked.found.notes
    if notes.empty:
        return
    names = dict(zip(asked.found.bases["place_id"], asked.found.bases["name"], strict=True))
    with st.expander(ngettext("Remarks on {n} candidate", "Remarks on {n} candidates", len(notes))):
        told = notes.rename(columns={"asset_id": "base"})
        tables.show(made, told.assign(base=[names.get(b, b) for b in told["base"]]))
