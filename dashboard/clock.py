"""The clock below the map: one date for all layers, playing, and a second date to compare with."""

from __future__ import annotations

import time

import streamlit as st

from dashboard import data, say
from dashboard.language import _, moment
from dashboard.selection import CHANGE, SIDE, WINDOWS_DAYS, Selection
from geo_data.view import View

STEP_S = 2.5


def releases() -> list[str]:
    """Names of the releases that can be shown, oldest first."""
    return sorted(release.name for release in data.store().releases())


def earlier(view: View, selection: Selection) -> str | None:
    """The other release of a comparison: the asked one, else the one before; None if none is."""
    names = [name for name in releases() if name != view.name]
    if selection.against in names:
        return selection.against
    before = [name for name in names if name < view.name]
    return before[-1] if before else (names[0] if names else None)


def bar(view: View, selection: Selection, *, comparing: bool = True) -> None:
    """Draw the clock. A turn of it changes the link and runs the page again.

    Without ``comparing`` it offers dates alone, for a page whose results are of one date.
    """
    names = releases()
    left, middle, right = st.columns([1.7, 5, 3.4], gap="small", vertical_alignment="bottom")
    if len(names) < 2:
        with middle:
            say.caption(_("One date: {moment}.", moment=_titles(names)[view.name]))
    else:
        _play(left, names)
        with middle:
            _slider(names, view)
    if comparing:
        with right:
            _more(view, selection, names)
    if st.session_state.get("playing"):
        at = names.index(view.name) + 1 if view.name in names else len(names)
        say.caption(_("Playing: date {n} of {all}.", n=at, all=len(names)))
        _ticking(names, view.name)
    elif st.session_state.pop("played", False):
        say.caption(_("Stopped at the newest of {n} dates.", n=len(names)))


def _slider(names: list[str], view: View) -> None:
    titles = _titles(names)
    st.session_state["clock"] = view.name
    st.select_slider(
        _("Date of all layers"), names, key="clock", format_func=titles.__getitem__,
        on_change=lambda: _turn(st.session_state["clock"], names),
    )  # fmt: skip


def _titles(names: list[str]) -> dict[str, str]:
    """Dates of releases in words, no two alike."""
    at = {release.name: release.at for release in data.store().releases()}
    said = {name: moment(at[name]) for name in names if name in at}
    words = list(said.values())
    return {
        name: word if words.count(word) == 1 else f"{word} ({words[: n + 1].count(word)})"
        for n, (name, word) in enumerate(said.items())
    }


def _play(column: st.delta_generator.DeltaGenerator, names: list[str]) -> None:
    playing = bool(st.session_state.get("playing"))

    def pressed() -> None:
        st.session_state["playing"] = not playing
        st.session_state["turned_at"] = time.monotonic()
        if not playing and st.session_state.get("clock") == names[-1]:
            _turn(names[0], names)

    column.button(
        _("Stop") if playing else _("Play"), on_click=pressed, key="play",
        icon=":material/pause:" if playing else ":material/play_arrow:", width="stretch",
    )  # fmt: skip


def _ticking(names: list[str], shown: str) -> None:
    @st.fragment(run_every=f"{STEP_S}s")
    def tick() -> None:
        if time.monotonic() - st.session_state.get("turned_at", 0.0) < STEP_S * 0.8:
            return
        at = names.index(shown) if shown in names else len(names) - 1
        st.session_state["turned_at"] = time.monotonic()
        st.session_state["playing"] = at + 1 < len(names)
        st.session_state["played"] = not st.session_state["playing"]
        _turn(names[min(at + 1, len(names) - 1)], names)
        st.rerun(scope="app")

    tick()


def _turn(name: str, names: list[str]) -> None:
    """Show another release; the newest one has no name in the link and is kept up to date."""
    _link("release", "" if name == names[-1] else name)


def _link(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def _more(view: View, selection: Selection, names: list[str]) -> None:
    with st.popover(_("Compare, time window"), icon=":material/compare:", width="stretch"):
        _window(selection)
        if len(names) > 1:
            _compare(view, selection, names)
        else:
            say.caption(_("There is no other date to compare with yet."))


def _window(selection: Selection) -> None:
    titles = {"": _("all")} | {days: _("last {n} days", n=int(days)) for days in WINDOWS_DAYS}
    st.session_state["clock-days"] = selection.days
    st.selectbox(
        _("Incidents and states of crossings reported"), list(titles), key="clock-days",
        format_func=titles.__getitem__,
        on_change=lambda: _link("days", st.session_state["clock-days"]),
        help=_("Older states of crossings count as unknown; older incidents are left out."),
    )  # fmt: skip


def _compare(view: View, selection: Selection, names: list[str]) -> None:
    ways = {"": _("one date"), SIDE: _("side by side"), CHANGE: _("difference")}
    st.session_state["clock-compare"] = selection.compare
    st.radio(
        _("Compare"), list(ways), key="clock-compare", format_func=ways.__getitem__,
        horizontal=True,
        on_change=lambda: _link("compare", st.session_state["clock-compare"]),
    )  # fmt: skip
    others = [name for name in names if name != view.name]
    titles = _titles(others)
    st.session_state["clock-against"] = earlier(view, selection)
    st.selectbox(
        _("with"), others, key="clock-against", format_func=titles.__getitem__,
        on_change=lambda: _link("against", st.session_state["clock-against"]),
        disabled=not selection.compare,
    )  # fmt: skip
