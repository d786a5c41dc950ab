"""Blocks of the observations: what stands, what is disputed, how it came about, other laptops."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import exports, say, small_tables
from dashboard.area import observation_cards, observation_form, observed
from dashboard.area.choose import Area
from dashboard.area.observed import Place
from dashboard.figures import Figure
from dashboard.language import _, day, ngettext, number, word
from geo_data.assessments import exchange
from geo_data.assessments.exchange import Received
from geo_data.assessments.history import Thread
from geo_data.assessments.record import Observation
from geo_data.errors import WaypostError
from geo_data.view import View
from geo_data.vocabulary import Component, Rating, Role
from geo_data.words import N_

SHOWN = 30
NOT_FOR_OTHERS = N_("A team's observations are for the coordination cell only.")
SHOW = {
    "standing": N_("What stands"),
    "conflicts": N_("Conflicts"),
    "all": N_("All, also withdrawn"),
}


def beside(view: View, found: Sequence[Area]) -> None:
    """The form."""
    if not observed.may_see():
        say.note(_(NOT_FOR_OTHERS))
        return
    observation_form.form(view, observed.places(view, found))


def key_figures(view: View, found: Sequence[Area]) -> list[Figure]:
    """How many observations stand, how many are disputed, how grave, how old."""
    made = observed.threads(view, found)
    standing = [thread for thread in made if not thread.withdrawn]
    heads = [head for thread in standing for head in thread.shown if not head.withdrawn]
    grave = sum(head.rating is Rating.VERY_HIGH for head in heads)
    newest = max((head.date for head in heads), default=None)
    places = len({head.place for head in heads})
    return [
        Figure(_("Observations"), number(len(standing)),
               ngettext("{n} place", "{n} places", places)),
        Figure(_("In conflict"), number(sum(thread.conflict for thread in standing)),
               _("edited in different ways at two places")),
        Figure(_("Very high concern"), number(grave), _("step 5 of 5")),
        Figure(_("Newest"), day(newest) if newest else _("none"), _("day of observation")),
    ]  # fmt: skip


def below(view: View, found: Sequence[Area]) -> None:
    """List with filters, the history of one, export and merge."""
    if not observed.may_see():
        return
    if bad := observed.journal(view).damaged(deep=False):
        say.problem(
            _("Damaged records, not shown: {n}. Operator: python -m etl doctor", n=len(bad))
        )
    say.heading(_("Observations of the team"))
    titles = observed.names(view)
    kept = _filtered(observed.threads(view, found))
    if not kept:
        say.note(_("No observation here, or none that fits the filters."))
    else:
        observation_cards.cards(kept[:SHOWN], titles)
    if len(kept) > SHOWN:
        say.caption(_("The first {n} of {all} are shown.", n=SHOWN, all=len(kept)))
    if kept:
        with st.expander(_("As a table")):
            small_tables.grid(readable(kept, titles), height=300)
        _one(view, kept, titles)
    with st.expander(_("Export, or merge from another laptop"), icon=":material/sync_alt:"):
        _exchange(view)


def _filtered(made: list[Thread]) -> list[Thread]:
    left, middle, right = st.columns([2, 2, 3])
    show = left.selectbox(_("Show"), list(SHOW), key="obs-show", format_func=lambda k: _(SHOW[k]))
    roles = middle.multiselect(_("Role"), list(Role), key="obs-roles", format_func=_word,
                               placeholder=_("all"))  # fmt: skip
    parts = right.multiselect(_("Component"), list(Component), key="obs-parts",
                              format_func=_word, placeholder=_("all"))  # fmt: skip
    fits = {
        "standing": lambda t: not t.withdrawn or t.conflict, "conflicts": lambda t: t.conflict,
        "all": lambda t: True,
    }[show]  # fmt: skip
    return [
        thread for thread in made
        if fits(thread) and (not parts or any(h.component in parts for h in thread.heads))
        and (not roles or any(h.role in roles for h in thread.heads))
    ]  # fmt: skip


def _word(value: object) -> str:
    return word(str(value))


def readable(made: Sequence[Thread], titles: dict[Place, str]) -> pd.DataFrame:
    """Observations as people read them: a row a version that stands, all of a conflict."""
    rows = [(thread, head) for thread in made for head in thread.shown]
    return pd.DataFrame(
        {
            _("Observed on"): [day(head.date) for _thread, head in rows],
            _("Place"): [titles.get(head.place, head.place_code) for _thread, head in rows],
            _("Component"): [_word(head.component) for _thread, head in rows],
            _("Rating"): [observed.rated(head) for _thread, head in rows],
            _("Evidence"): [head.evidence for _thread, head in rows],
            _("Confidence"): [_word(head.confidence) for _thread, head in rows],
            _("Role"): [_word(head.role) for _thread, head in rows],
            _("State"): [observed.state(thread) for thread, _head in rows],
        }
    )


# ---------------------------------------------------------------------- one observation
def _one(view: View, made: list[Thread], titles: dict[Place, str]) -> None:
    """History of one observation, and what can be done with it."""
    by_id = {thread.newest.id: thread for thread in made}
    if st.session_state.get("obs-one") not in by_id:
        st.session_state.pop("obs-one", None)
    chosen = st.selectbox(
        _("History of"), list(by_id), key="obs-one",
        format_func=lambda name: _label(by_id[name].newest, titles),
    )  # fmt: skip
    thread = by_id[chosen]
    observation_cards.history(thread)
    label = _("Resolve") if thread.conflict else _("Edit")
    st.button(label, key="obs-edit", on_click=observation_form.edit, args=(thread,))
    if not thread.withdrawn:
        with st.form("obs-withdraw", border=False):
            left, middle, right = st.columns([3, 2, 1], vertical_alignment="bottom")
            left.text_input(_("Why it no longer holds"), key="obs-why", max_chars=200)
            middle.selectbox(_("Role"), list(Role), index=None, key="obs-who", format_func=_word,
                             placeholder=_("Choose"))  # fmt: skip
            right.form_submit_button(
                _("Withdraw"), on_click=observation_form.withdraw, args=(view.name, thread)
            )
    say.caption(_("Nothing is deleted: every version stays in the history and in exports."))


def _label(record: Observation, titles: dict[Place, str]) -> str:
    place = titles.get(record.place, record.place_code)
    return " · ".join([day(record.date), place, _word(record.component), record.evidence[:40]])


# ---------------------------------------------------------------------- other laptops
def _exchange(view: View) -> None:
    key, made = str(view.operation["key"]), observed.records(view)
    say.caption(_(
        "The file holds every version in full, for members of the cell only. Merging keeps all "
        "versions of both laptops; what was edited at both is shown as a conflict."
    ))  # fmt: skip
    st.download_button(
        _("Export {n} records", n=len(made)), lambda: exchange.write(made, key), key="obs-export",
        file_name=exports.file_name(view, "observations", exchange.SUFFIX.lstrip(".")),
        mime="application/jsonl", on_click="ignore", disabled=not made,
    )  # fmt: skip
    file = st.file_uploader(_("Observations of another laptop"), type=["jsonl"], key="obs-file")
    if file is None:
        return
    try:
        here = {record.id for record in made}
        received = exchange.read(file.name, file.getvalue(), key, here)
    except WaypostError as problem:
        say.warning(_(problem.args[0]))
        return
    _account(received)
    if received.accepted:
        st.button(_("Merge {n} records", n=len(received.accepted)), type="primary",
                  key="obs-merge", on_click=_merge, args=(view, received))  # fmt: skip


def _account(received: Received) -> None:
    say.strong(_(
        "Rows in: {rows}. New: {new}. Known already: {known}. Quarantined: {bad}.",
        rows=received.rows_in, new=len(received.accepted), known=received.known,
        bad=len(received.quarantine),
    ))  # fmt: skip
    if len(received.quarantine):
        table = received.quarantine
        small_tables.grid(
            pd.DataFrame(
                {
                    _("Line"): table["row"],
                    _("Rule"): table["rule"],
                    _("Column"): table["column"],
                    _("Found"): table["found"],
                    _("Expected"): table["expected"].map(_),
                    _("What to do"): table["advice"].map(_),
                }  # fmt: skip
            )
        )


def _merge(view: View, received: Received) -> None:
    try:
        new = observed.journal(view).merge(received.accepted)
    except WaypostError as problem:
        st.session_state[observation_form.SAID] = ("warning", problem.args[0])
        return
    st.session_state[observation_form.SAID] = ("success", _("Merged: {n} records.", n=new))
