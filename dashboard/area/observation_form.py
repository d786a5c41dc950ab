"""The form for an observation, and for taking one back; by role, never by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import streamlit as st

from dashboard import data, say
from dashboard.area import observed
from dashboard.area.observed import Place
from dashboard.language import _, word
from geo_data.assessments.history import Thread
from geo_data.assessments.record import (
    FIRST_DAY,
    MOST_LETTERS,
    Observation,
    PlaceKind,
    now,
    shown,
)
from geo_data.errors import WaypostError
from geo_data.view import View
from geo_data.vocabulary import RATING_LEVELS, Component, Confidence, Rating, Role
from geo_data.words import N_

KEY = "obs-"
EDITED = KEY + "edited"
SAID = KEY + "said"
ADVICE = N_(
    "About places, never about a person: no names, telephone numbers, addresses or numbers of "
    "documents, and nothing by which one person could be recognised. Bare names are not detected."
)
FIELDS = ("place", "component", "rating", "evidence", "date", "confidence", "role")


def form(view: View, offered: Mapping[Place, str]) -> None:
    """Record an observation of one of some places, or a new version of one."""
    edited: Thread | None = st.session_state.get(EDITED)
    if edited is not None:
        offered = {edited.newest.place: observed.names(view).get(
            edited.newest.place, edited.newest.place_code)}  # fmt: skip
    say.strong(_title(edited))
    _say()
    if not offered:
        say.note(_("Choose an area first: an observation is about an area or a crossing."))
        return
    if edited is not None and edited.conflict:
        say.caption(_("What you record takes the place of all versions shown below."))
    _forget_odd(offered)
    with st.form(KEY + "form", border=True):
        _fields(offered)
        say.caption(_(ADVICE))
        st.form_submit_button(
            _("Record"), type="primary", on_click=_record, args=(view.name, edited), width="stretch"
        )  # fmt: skip
    if edited is not None:
        st.button(_("Cancel"), on_click=_cancel, key=KEY + "cancel")


def _title(edited: Thread | None) -> str:
    if edited is None:
        return _("New observation")
    return _("Resolve the conflict") if edited.conflict else _("Edit the observation")


def _fields(offered: Mapping[Place, str]) -> None:
    st.selectbox(_("Place"), list(offered), key=KEY + "place", format_func=offered.__getitem__)
    choose = _("Choose")  # nothing is preset that somebody could forget to change
    st.selectbox(_("Component"), list(Component), index=None, key=KEY + "component",
                 format_func=_word, placeholder=choose)  # fmt: skip
    st.selectbox(_("Rating"), list(Rating), index=None, key=KEY + "rating", format_func=_rating,
                 placeholder=choose,
                 help=_("How much concern this gives here. 'Not known' says that somebody looked "
                        "and could not tell."))  # fmt: skip
    st.text_area(_("Evidence"), key=KEY + "evidence", max_chars=MOST_LETTERS, height=110,
                 placeholder=_("What was seen, counted or told; others must be able to check it"),
                 )  # fmt: skip
    st.date_input(_("Observed on"), key=KEY + "date", min_value=FIRST_DAY, max_value=_today(),
                  format="DD/MM/YYYY")  # fmt: skip
    st.radio(_("Confidence"), list(Confidence), key=KEY + "confidence", format_func=_word,
             horizontal=True)  # fmt: skip
    st.selectbox(_("Role"), list(Role), index=None, key=KEY + "role", format_func=_word,
                 placeholder=choose)  # fmt: skip


def _today() -> date:
    return datetime.now(UTC).date()


def _word(value: object) -> str:
    return word(str(value))


def _rating(rating: Rating) -> str:
    level = RATING_LEVELS.get(rating)
    return _word(rating) if level is None else f"{level} · {_word(rating)}"


def _forget_odd(offered: Mapping[Place, str]) -> None:
    """A place that is not offered any more cannot stay chosen."""
    if st.session_state.get(KEY + "place") not in offered:
        st.session_state.pop(KEY + "place", None)
    st.session_state.setdefault(KEY + "confidence", Confidence.MEDIUM)


def edit(thread: Thread) -> None:
    """Fill the form with the newest version of an observation; a callback."""
    newest = thread.newest
    st.session_state[EDITED] = thread
    values = {"place": newest.place, "component": newest.component, "rating": newest.rating,
              "evidence": "" if newest.withdrawn else newest.evidence, "date": newest.date,
              "confidence": newest.confidence, "role": newest.role}  # fmt: skip
    for name, value in values.items():
        st.session_state[KEY + name] = value


def withdraw(release: str, thread: Thread) -> None:
    """Take an observation back; a callback. Its versions stay in its history."""
    view, newest = data.view(release), thread.newest
    why, role = shown(st.session_state.get(KEY + "why", "")), st.session_state.get(KEY + "who")
    if role is None:
        st.session_state[SAID] = ("warning", N_("Choose the role that withdraws it."))
        return
    _keep(view, newest.place, thread, {
        "component": newest.component, "rating": newest.rating, "evidence": why,
        "date": newest.date, "confidence": newest.confidence,
        "role": role, "withdrawn": True,
    })  # fmt: skip


def _record(release: str, edited: Thread | None) -> None:
    values = {name: st.session_state.get(KEY + name) for name in FIELDS}
    values["evidence"] = shown(str(values["evidence"] or ""))
    place = values.pop("place")
    if not place or None in values.values():
        st.session_state[SAID] = ("warning", N_("Choose place, component, rating, day and role."))
    elif _keep(data.view(release), place, edited, values):
        st.session_state.pop(EDITED, None)
        _emptied()


def _emptied() -> None:
    """The form without what belongs to one observation; role, day and place stay."""
    st.session_state[KEY + "evidence"] = ""
    st.session_state[KEY + "component"] = st.session_state[KEY + "rating"] = None


def _keep(view: View, place: Place, older: Thread | None, values: Mapping[str, object]) -> bool:
    """Record it and say so, or say why not; whether it was recorded."""
    journal = observed.journal(view)
    ids = tuple(sorted(head.id for head in older.heads)) if older else ()
    try:
        journal.append(
            Observation(
                operation=str(view.operation["key"]),
                place_kind=PlaceKind(place[0]),
                place_code=place[1],
                device=journal.device(),
                recorded_at=now(),
                supersedes=ids,
                **values,  # type: ignore[arg-type]
            )  # fmt: skip
        )
    except WaypostError as problem:
        st.session_state[SAID] = ("warning", problem.args[0])
        return False
    st.session_state[SAID] = ("success", N_("Recorded on this machine."))
    return True


def _say() -> None:
    """What came of the last button, once."""
    kind, text = st.session_state.pop(SAID, ("", ""))
    if kind:
        (st.success if kind == "success" else st.warning)(_(text))


def _cancel() -> None:
    st.session_state.pop(EDITED, None)
    _emptied()
