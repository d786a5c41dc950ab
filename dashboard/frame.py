"""The frame around every page: first build, style, simulated banner, watch for new releases."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from dashboard import access, data, figures, language, say, what_if
from dashboard.language import _, moment, word
from dashboard.text import safe
from geo_data.errors import ReleaseMissing, StoreDamaged, StoreUnreachable
from geo_data.view import View
from geo_data.words import N_
from layers.sar import first_use

ROOT = Path(__file__).resolve().parent.parent
STYLE = Path(__file__).parent / "static" / "page.css"
ICON = Path(__file__).parent / "static" / "icon.png"
DISCLAIMER = N_(
    "The boundaries and names shown and the designations used on this map do not imply any opinion "
    "on the legal status of any country, territory or area, or endorsement. Dashed: disputed or "
    "undetermined."
)


def style() -> None:
    """Our style sheet, and the language and direction of the page, for readers of the screen."""
    way = "rtl" if language.right_to_left() else "ltr"
    said = json.dumps({"lang": language.current(), "dir": way})
    script = f"<script>Object.assign(document.documentElement, {said})</script>"
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    st.html(f"<span class='wp-speaks'></span>{script}", unsafe_allow_javascript=True)


def disclaimer() -> None:
    """What a boundary on the map does not say; below every map."""
    say.caption(_(DISCLAIMER))


def mark() -> None:
    """Our sign in the corner."""
    st.logo(str(ICON), size="large")


def release_ready() -> bool:
    """Whether there is a release to show; builds the operation with a progress bar if not."""
    try:
        data.newest()
    except ReleaseMissing:
        return _build()
    except (StoreDamaged, StoreUnreachable):
        said = _("No release can be read. Operator: {command}", command="python -m etl doctor")
        say.problem(said)
        return False
    return True


def _build() -> bool:
    settings = access.settings()
    command = [sys.executable, "-m", "etl", "run", "--plain", "--store", str(settings.store)]
    if settings.operation:
        command += [str(settings.operation), "--data", str(settings.data)]
    threading.Thread(target=first_use.ready, daemon=True).start()
    building = st.empty()
    with building.container():
        st.title("Waypost")
        say.caption(_("No data yet. Building the first release; this is done once."))
        problem = _watched(command, st.progress(0.0))
    if problem and not _someone_else_built():
        say.problem(problem)
        return False
    building.empty()
    return True


def _watched(command: list[str], bar: st.delta_generator.DeltaGenerator) -> str:
    process = subprocess.Popen(  # noqa: S603 -- our own module, arguments from our settings
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    for line in process.stdout:
        step = json.loads(line)
        bar.progress(min(1.0, step["share"]), text=step["doing"])
    said = process.stderr.read().strip()
    return said if process.wait() not in (0, 1) else ""


def _someone_else_built() -> bool:
    try:
        data.newest()
    except ReleaseMissing:
        return False
    return True


def banner(view: View) -> None:
    """Says that the newest release is damaged, or something simulated, as long as that is so."""
    if damaged := data.passed_over():
        said = _(
            "THE NEWEST RELEASE CANNOT BE READ. Shown is an older one, of {moment}; "
            "damaged: {n}. Operator: {command}",
            moment=moment(view.at), n=len(damaged), command="python -m etl doctor",
        )  # fmt: skip
        st.html(f"<div class='wp-banner' role='alert'>{safe(said)}</div>")
    if view.what_if:
        said = what_if.banner(view)
        st.html(f"<div class='wp-banner wp-what-if' role='note'>{safe(said)}</div>")
    if not view.manifest["simulated"]:
        return
    simulated = [s for s in view.sources if s["simulated"] and s["accepted"]]
    said = _(
        "SIMULATED DATA. Sources simulated for demonstration: {n} of {all}. Do not act on them.",
        n=len(simulated), all=len(view.sources),
    )  # fmt: skip
    st.html(f"<div class='wp-banner' role='note'>{safe(said)}</div>")


def watch(shown: str, pinned: bool) -> None:
    """Say how old the release is; when a newer one lands, run the page again with it.

    The map stays: only what changed is swapped in place.
    """
    seconds = access.settings().refresh_s

    @st.fragment(run_every=f"{seconds}s")
    def look() -> None:
        newest = data.newest()
        if newest != shown and not pinned:
            st.rerun(scope="app")
        view = data.view(shown)
        at = figures.ago(view.at, datetime.now(UTC))
        newer = " " + _("A newer release exists.") if newest != shown else ""
        if view.shows_again:
            newer += " " + _("It shows {release} again.", release=view.shows_again)
        said = _("Release of {moment}, {ago}.", moment=moment(view.at), ago=at)
        title = word(view.operation["title"])
        say.caption(f"{title}. {said}{newer}")

    look()
