"""Observations as cards that wrap, print and read aloud; every word of them is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.area import observed
from dashboard.area.observed import Place
from dashboard.language import _, day, moment, ngettext, word
from dashboard.text import safe
from geo_data.assessments.history import Thread
from geo_data.assessments.record import Observation
from geo_data.vocabulary import RATING_LEVELS


def cards(made: Sequence[Thread], titles: Mapping[Place, str]) -> None:
    """One card an observation; of a conflict every version, one below the other."""
    st.html("".join(_card(thread, titles) for thread in made))


def history(thread: Thread) -> None:
    """Every version of an observation, those that stand first."""
    now = _("conflict") if thread.conflict else _("stands")
    versions = [(record, now) for record in thread.heads]
    versions += [(record, _("superseded")) for record in thread.past]
    st.html(
        "".join(
            _version(record, state, "wp-gone" if record in thread.past else "")
            for record, state in versions
        )  # fmt: skip
    )


def _card(thread: Thread, titles: Mapping[Place, str]) -> str:
    newest = thread.newest
    place = titles.get(newest.place, newest.place_code)
    what = f"<b>{safe(_word(newest.component))}</b> · <bdi>{safe(place)}</bdi>"
    if not thread.conflict:
        kind = "wp-gone" if thread.withdrawn else ""
        return _framed(kind, what, _rating(newest), _said(newest))
    n = len(thread.shown)
    mark = ngettext("CONFLICT: {n} version", "CONFLICT: {n} versions", n)
    body = "".join(
        f"<div class='wp-seen-head'>{_rating(head)}</div>"
        + _said(head) for head in thread.shown
    )  # fmt: skip
    return _framed("wp-disputed", what, f"<span class='wp-seen-mark'>{safe(mark)}</span>", body)


def _version(record: Observation, state: str, kind: str) -> str:
    done = _("withdrawn") if record.withdrawn else _("edited") if record.supersedes else _("new")
    head = f"{safe(moment(record.recorded_at))} · {safe(done)} · <b>{safe(state)}</b>"
    device = _("laptop {device}", device=record.device)
    return _framed(kind, head, _rating(record), _said(record, device))


def _framed(kind: str, head: str, right: str, body: str) -> str:
    top = f"<div class='wp-seen-head'><span>{head}</span>{right}</div>"
    return f"<article class='wp-seen {kind}'>{top}{body}</article>"


def _rating(record: Observation) -> str:
    level = RATING_LEVELS.get(record.rating)
    steps = "" if level is None or record.withdrawn else "●" * level + "○" * (5 - level)
    said = safe(observed.rated(record))
    return f"<span class='wp-seen-rate'><span aria-hidden='true'>{steps}</span> {said}</span>"


def _said(record: Observation, more: str = "") -> str:
    foot = " · ".join(part for part in (when(record), more) if part)
    return (
        f"<div class='wp-seen-said'><bdi>{safe(record.evidence)}</bdi></div>"
        f"<div class='wp-seen-foot'>{safe(foot)}</div>"
    )


def when(record: Observation) -> str:
    """Day, confidence and role of a record."""
    return " · ".join([day(record.date), observed.confidence(record), _word(record.role)])


def _word(value: object) -> str:
    return word(str(value))
