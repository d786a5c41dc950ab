"""The editor of a what-if: a few edits, undo, a name, a file, and what the map shows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pandas as pd
import streamlit as st

from dashboard import exports, links, markers, say, what_if
from dashboard.area import choose
from dashboard.area.choose import Area
from dashboard.language import _, listed, word
from dashboard.linked import Linked
from dashboard.selection import CHANGE, SIDE
from geo_data.errors import WaypostError
from geo_data.view import View
from geo_data.words import N_
from layers.context import scenario
from layers.context.scenario import (
    Arrivals,
    Crossing,
    Edit,
    Flood,
    Scenario,
    ServiceLost,
    Site,
    Spread,
)

LINKED = Linked("what_if", "supposed")
KINDS = {
    "arrivals": N_("More people arrive"), "crossing": N_("A crossing changes"),
    "flood": N_("A flood comes"), "service": N_("A service point is lost"),
    "site": N_("A displacement site changes"),
}  # fmt: skip
SPREADS: Mapping[Spread, str] = {
    "displaced": N_("where displaced people are now"), "residents": N_("where residents live"),
    "even": N_("evenly over the land"),
}  # fmt: skip
RULE = N_(
    "A rule of thumb: a service is lost and a crossing closed where the deepest point of its "
    "hexagon reaches this depth. Hexagons of unknown depth stay as they are."
)
DEALT = N_(
    "Whole people, none lost, in hexagons where the number of displaced people is known; of an "
    "area in those that lie wholly inside."
)
MOST_OFFERED = 500
Titles = dict[str, str]


def current() -> Scenario:
    """The what-if that the link holds; says so if it cannot be read."""
    try:
        return scenario.from_text(LINKED.text())
    except WaypostError as problem:
        say.warning(_(str(problem)))
        return Scenario()


def controls(view: View, found: list[Area]) -> View:
    """The editor in the side bar; returns the release as it would be."""
    plan = current()
    with st.expander(_("What if …"), icon=":material/alt_route:", expanded=bool(plan)):
        say.caption(_("Edits of this page only: nothing is stored, the link holds all of it."))
        for number, edit in enumerate(plan.edits):
            _line(view, plan, number, edit)
        _adding(view, plan, found)
        _after(plan)
        _file(view, plan)
    return what_if.view_of(view, plan)


def on_map(view: View, *, stored: bool) -> str:
    """What the map shows of a what-if: itself, the difference, or for stored layers both sides."""
    if not view.what_if:
        return ""
    titles = {"what-if": _("the what-if"), CHANGE: _("the difference")}
    titles |= {SIDE: _("side by side")} if stored else {}
    asked = links.choice("what_if_map", titles, st.radio, _("On the map"))
    return "" if asked == "what-if" else asked


def change(made: Scenario) -> None:
    """Put a what-if into the link; the one before can be had back."""
    LINKED.change(scenario.to_text(made))


def _line(view: View, plan: Scenario, number: int, edit: Edit) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center", gap="small")
    said = what_if.said(view, edit)
    with left:
        say.caption(said)
    rest = msgspec.structs.replace(plan, edits=plan.edits[:number] + plan.edits[number + 1 :])
    right.button(
        "", icon=":material/close:", type="tertiary", help=_("Take this edit out"),
        key=f"what-if-drop-{number}-{LINKED.edition}", on_click=change, args=(rest,),
    )  # fmt: skip


def _adding(view: View, plan: Scenario, found: list[Area]) -> None:
    titles = {key: _(title) for key, title in KINDS.items()}
    kind = st.selectbox(_("Add an edit"), list(titles), format_func=titles.__getitem__,
                        key="what-if-kind", index=None, placeholder=_("choose"))  # fmt: skip
    if kind is None:
        return
    making: dict[str, Callable[[View, list[Area]], Edit | None]] = {
        "arrivals": _arrivals, "crossing": _crossing, "flood": _flood, "service": _service,
        "site": _site,
    }  # fmt: skip
    edit = making[kind](view, found)
    full = len(plan.edits) >= scenario.MOST_EDITS
    made = msgspec.structs.replace(plan, edits=(*plan.edits, edit)) if edit else plan
    st.button(_("Add"), disabled=edit is None or full, on_click=change, args=(made,),
              key="what-if-add", type="primary", width="stretch")  # fmt: skip


def _flood(view: View, found: list[Area]) -> Edit:
    say.caption(_("Depths of this release: 1 in {n} years.", n=100))
    depth = st.number_input(_("From a depth of, m"), 0.05, 10.0, 0.5, 0.05, key="what-if-depth")
    ways = st.checkbox(_("Nobody passes flooded hexagons"), key="what-if-ways")
    say.caption(_(RULE))
    return Flood(depth_m=round(float(depth), 2), ways=ways)


def _crossing(view: View, found: list[Area]) -> Edit | None:
    place = _place(view, "crossings", _("Crossing"))
    status = _status(["closed", "restricted", "open"])
    return Crossing(place=place, status=status) if place else None  # type: ignore[arg-type]


def _site(view: View, found: list[Area]) -> Edit | None:
    place = _place(view, "sites", _("Displacement site"), found)
    status = _status(["closed", "open"])
    say.caption(_("People stay where they are counted: closing a site moves nobody."))
    return Site(place=place, status=status) if place else None  # type: ignore[arg-type]


def _service(view: View, found: list[Area]) -> Edit | None:
    place = _place(view, "services", _("Service"), found)
    return ServiceLost(place=place) if place else None


def _arrivals(view: View, found: list[Area]) -> Edit | None:
    people = st.number_input(_("How many people"), 1, 10_000_000, 20_000, 1_000,
                             key="what-if-people")  # fmt: skip
    titles = {f"area:{code}": name for code, name in _units(view, found).items()}
    titles |= {f"crossing:{key}": name for key, name in _places(view, "crossings").items()}
    at = st.selectbox(_("Where"), list(titles), format_func=titles.__getitem__, key="what-if-at",
                      index=0 if titles else None)  # fmt: skip
    if at is None:
        return None
    where, _colon, code = at.partition(":")
    rings = 2
    if where == "crossing":
        rings = st.slider(_("Rings of hexagons around it"), 0, 10, 2, key="what-if-rings")
    spread = st.radio(_("Spread"), list(SPREADS), format_func=lambda key: _(SPREADS[key]),
                      key="what-if-spread")  # fmt: skip
    say.caption(_(DEALT))
    if where == "area":
        return Arrivals(people=int(people), area=code, spread=spread)
    return Arrivals(people=int(people), crossing=code, rings=rings, spread=spread)


def _status(words: list[str]) -> str:
    return str(st.selectbox(_("Becomes"), words, format_func=word, key="what-if-status"))


def _place(view: View, kind: str, label: str, found: list[Area] | None = None) -> str | None:
    titles = _places(view, kind, found)
    if not titles:
        say.note(_("None in this area, or this audience may not see them."))
        return None
    return st.selectbox(label, list(titles), format_func=titles.__getitem__,
                        key=f"what-if-{kind}")  # fmt: skip


def _places(view: View, kind: str, found: list[Area] | None = None) -> Titles:
    """Names of places by id, those of the chosen areas if some are chosen."""
    table = view.places(kind)
    if found:
        cells = pd.concat([area.cells["cell"] for area in found])
        table = table[table["cell"].isin(cells)]
    if "duplicate_of" in table:
        table = table[table["duplicate_of"].isna()]
    return {row["place_id"]: _title(row) for row in table.head(MOST_OFFERED).to_dict("records")}


def _title(row: dict[str, Any]) -> str:
    said = [markers.name_of(row) or _("without a name")]
    if isinstance(row.get("sector"), str):
        said.append(word(row["sector"]))
    return listed(said)


def _units(view: View, found: list[Area]) -> Titles:
    """Administrative areas, the chosen ones first."""
    table = choose.units(view)
    names = dict(zip(table["area_code"], table["name"].fillna(table["area_code"]), strict=True))
    chosen = [name.removeprefix("code-") for area in found for name in area.outlines]
    return {code: str(names[code]) for code in dict.fromkeys((*chosen, *names)) if code in names}


def _after(plan: Scenario) -> None:
    left, right = st.columns(2)
    left.button(_("Undo"), on_click=LINKED.undo, disabled=not LINKED.changed,
                key="what-if-back", width="stretch")  # fmt: skip
    right.button(_("Remove all"), on_click=change, args=(Scenario(),), disabled=not plan,
                 key="what-if-clear", width="stretch")  # fmt: skip
    key = f"what-if-name-{LINKED.edition}"
    st.text_input(
        _("Name of the what-if"), value=plan.name, max_chars=80, key=key,
        on_change=lambda: change(msgspec.structs.replace(plan, name=st.session_state[key])),
    )  # fmt: skip


def _file(view: View, plan: Scenario) -> None:
    st.download_button(
        _("What-if as a file"), scenario.to_file(plan), mime="application/json", disabled=not plan,
        file_name=exports.file_name(view, f"what-if-{plan.name}", "json"), width="stretch",
    )  # fmt: skip
    file = st.file_uploader(_("Bring a what-if"), type=["json"],
                            key=f"what-if-file-{LINKED.edition}")  # fmt: skip
    if file is None:
        return
    try:
        change(scenario.from_file(file.name, file.getvalue()))
    except WaypostError as problem:
        say.warning(_(str(problem)))
        return
    st.rerun()
