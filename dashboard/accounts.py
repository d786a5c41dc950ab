"""Blocks of the Data page: sources with their accounts, rejected rows, methods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import exports, reasons, say, small_tables
from dashboard.figures import Figure, age, strip
from dashboard.language import _, listed, ngettext, number, span, word
from geo_data import freshness
from geo_data import quantities as q
from geo_data.view import View
from geo_data.words import N_

STATUS = {"ok": N_("in"), "warning": N_("in, with warnings"), "failed": N_("FAILED")}
WHOLE = (N_("Source"), N_("Late"), N_("Age"), N_("Status"), N_("Licence"), N_("Period"))
COUNTS = (N_("Rows in"), N_("Accepted"), N_("Quarantined"))
SHOWN_CODES = 5
ASSUMED = {
    "by_area": N_("by surface, as nobody is known to live there"),
    "only_part_inside": N_("in part, by the surface inside the operation"),
    "unplaced": N_("not placed, as they hold no hexagon"),
}
"""Notes of a method, and what each says of the areas it lists."""
SHOWN_ROWS = 2_000
QUARANTINE = {
    "source": N_("Source"), "rule": N_("Rule"), "count": N_("Rows"), "row": N_("Row"),
    "file": N_("File"), "column": N_("Column"), "found": N_("Found"), "expected": N_("Expected"),
}  # fmt: skip


def totals(view: View) -> None:
    """Rows in, accepted, quarantined; sources failed and late."""
    now, sources = datetime.now(UTC), view.sources
    rows = {
        name: sum(int(source[name]) for source in sources)
        for name in ("rows_in", "accepted", "quarantined")
    }
    failed = sum(source["status"] == "failed" for source in sources)
    late = sum(freshness.late(source, now) for source in sources)
    strip(
        [
            Figure(
                _("Sources"), number(len(sources)),
                ngettext("{n} failed", "{n} failed", failed), alarm=failed > 0,
            ),
            Figure(
                _("Late"), number(late), _("older than 1.5 times their cadence"), alarm=late > 0
            ),
            Figure(_("Rows in"), number(rows["rows_in"])),
            Figure(_("Accepted"), number(rows["accepted"])),
            Figure(
                _("Quarantined"), number(rows["quarantined"]), _("each with its reason, below")
            ),
        ]
    )  # fmt: skip


def source_table(view: View) -> None:
    """One row a source."""
    now = datetime.now(UTC)
    table = pd.DataFrame([_row(source, now) for source in view.sources])
    small_tables.grid(
        table, height=min(560, 38 + 35 * len(table)),
        whole=[_(title) for title in WHOLE], counts=[_(title) for title in COUNTS],
    )  # fmt: skip


def source_detail(view: View) -> None:
    """All that is known of one source."""
    say.heading(_("One source"))
    keys = [source["source"] for source in view.sources]
    key = st.selectbox(
        _("Source"), keys, format_func=lambda key: view.source(key)["title"],
        label_visibility="collapsed",
    )  # fmt: skip
    source = view.source(key)
    if source["error"]:
        say.problem(source["error"])
    if source["simulated"]:
        say.warning(_("Simulated for demonstration."))
    facts = {
        _("Owner"): source["owner"], _("Licence"): source["licence"],
        _("Where to get it"): source["url"] or _("not stated"),
        _("Renewed every"): _cadence(source), _("Sensitivity"): word(source["sensitivity"]),
        _("Speaks about"): listed(source["coverage"]) or _("the whole operation"),
        _("Note"): source["note"] or _("none"),
        _("Mends made"): "; ".join(f"{r['said']} ({r['rows']})" for r in source["repairs"])
        or _("none"),
        _("Warnings"): "; ".join(source["warnings"]) or _("none"),
        _("Files"): listed([_file(file) for file in source["files"]]),
    }  # fmt: skip
    said = pd.DataFrame(facts.items(), columns=["", _("Said")])
    small_tables.grid(said)


def quarantine(view: View) -> None:
    """Rejected rows by rule, to browse and to send back to their owner."""
    say.heading(_("Quarantined rows"))
    table = view.quarantine()
    if table.empty:
        say.caption(_("Nothing was rejected."))
        return
    titles = {source["source"]: source["title"] for source in view.sources}
    by_rule = table.groupby(["source", "rule"], as_index=False)["count"].sum()
    by_rule = by_rule.sort_values("count", ascending=False)
    small_tables.grid(_readable(by_rule.assign(source=by_rule["source"].map(titles))), height=220)
    sources = sorted(table["source"].unique())
    chosen = st.selectbox(_("Rows of"), sources, format_func=titles.__getitem__)
    rows = table[table["source"] == chosen]
    shown = rows.head(SHOWN_ROWS).drop(columns="source")
    small_tables.grid(_readable(shown), height=260)
    if len(rows) > SHOWN_ROWS:
        say.caption(
            _("The first {n} of {all}; the download holds all.", n=SHOWN_ROWS, all=len(rows))
        )
    st.download_button(
        _("Quarantined rows as CSV"), lambda: exports.csv(rows),
        file_name=exports.file_name(view, f"quarantine-{chosen}", "csv"), mime="text/csv",
    )  # fmt: skip


def methods(view: View) -> None:
    """How each quantity got into the hexagons."""
    rows = [
        {
            _("Quantity"): _(quantity.label), _("Unit"): _(quantity.unit),
            _("Method"): _(quantity.method), _("Larger hexagons"): _(quantity.combine.value),
            _("Sources"): "; ".join(s["title"] for s in view.sources_of(quantity)),
            _("Assumed"): assumed(view.manifest["methods"].get(quantity.column, {})),
        }
        for quantity in q.HEX_QUANTITIES
        if view.sources_of(quantity)
    ]  # fmt: skip
    small_tables.grid(pd.DataFrame(rows))


def assumed(method: Mapping[str, Any]) -> str:
    """Which areas' totals were placed otherwise than by residents, or not at all.

    >>> assumed({"by_area": ["TN01"], "unplaced": [], "rule": ""})
    'by surface, as nobody is known to live there: TN01'
    """
    said = []
    for name, words in ASSUMED.items():
        codes = list(method.get(name, ()))
        more = len(codes) - SHOWN_CODES
        shown = ", ".join(codes[:SHOWN_CODES])
        if more > 0:
            shown = _("{codes} and {n} more", codes=shown, n=more)
        if codes:
            said.append(f"{word(words)}: {shown}")
    return "; ".join(said)


def _row(source: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    counts = list(source["reasons"].items())[:3]
    return {
        _("Source"): source["title"], _("Late"): timeliness(source, now),
        _("Age"): age(freshness.age_h(source, now)), _("Status"): word(STATUS[source["status"]]),
        _("Simulated"): _("simulated") if source["simulated"] else "",
        _("Rows in"): source["rows_in"], _("Accepted"): source["accepted"],
        _("Quarantined"): source["quarantined"],
        _("Reasons"): listed([f"{reasons.title(rule)} {number(count)}" for rule, count in counts]),
        _("Owner"): source["owner"], _("Licence"): source["licence"],
        _("Period"): source["reference_period"] or _("not stated"),
    }  # fmt: skip


def timeliness(source: Mapping[str, Any], now: datetime) -> str:
    """Late, in time (nothing is said), or undated: neither of both.

    >>> timeliness({"reference_end": None, "cadence_days": 1}, datetime(2026, 1, 4, tzinfo=UTC))
    'undated'
    """
    if freshness.late(source, now):
        return _("late")
    return _("undated") if freshness.age_h(source, now) is None else ""


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    told = table.assign(rule=table["rule"].map(reasons.title))
    return told.rename(columns={name: _(title) for name, title in QUARANTINE.items()})


def _file(file: Mapping[str, Any]) -> str:
    return _("{file} ({n} bytes)", file=file["name"], n=file["bytes"])


def _cadence(source: Mapping[str, Any]) -> str:
    days = source["cadence_days"]
    if days is None:
        return _("never; cannot be late")
    return span(timedelta(days=days))
