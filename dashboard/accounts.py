"""Blocks of the Data page: sources with their accounts, rejected rows, methods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import exports
from dashboard.figures import Figure, strip
from geo_data import freshness
from geo_data import quantities as q
from geo_data.view import View

STATUS = {"ok": "in", "warning": "in, with warnings", "failed": "FAILED"}
SHOWN_CODES = 5
ASSUMED = {
    "by_area": "by surface, as nobody is known to live there",
    "only_part_inside": "in part, by the surface inside the operation",
    "unplaced": "not placed, as they hold no hexagon",
}
"""Notes of a method, and what each says of the areas it lists."""
SHOWN_ROWS = 2_000


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
            Figure("Sources", f"{len(sources)}", f"{failed} failed", alarm=failed > 0),
            Figure("Late", f"{late}", "older than 1.5 times their cadence", alarm=late > 0),
            Figure("Rows in", f"{rows['rows_in']:,}"),
            Figure("Accepted", f"{rows['accepted']:,}"),
            Figure("Quarantined", f"{rows['quarantined']:,}", "each with its reason, below"),
        ]
    )


def source_table(view: View) -> None:
    """One row a source."""
    now = datetime.now(UTC)
    table = pd.DataFrame([_row(source, now) for source in view.sources])
    st.dataframe(table, hide_index=True, height=min(560, 38 + 35 * len(table)))


def source_detail(view: View) -> None:
    """All that is known of one source."""
    st.subheader("One source")
    keys = [source["source"] for source in view.sources]
    key = st.selectbox(
        "Source", keys, format_func=lambda key: view.source(key)["title"],
        label_visibility="collapsed",
    )  # fmt: skip
    source = view.source(key)
    if source["error"]:
        st.error(source["error"])
    if source["simulated"]:
        st.warning("Simulated for demonstration.")
    facts = {
        "Owner": source["owner"], "Licence": source["licence"],
        "Where to get it": source["url"] or "not stated",
        "Renewed every": _cadence(source), "Sensitivity": source["sensitivity"],
        "Speaks about": ", ".join(source["coverage"]) or "the whole operation",
        "Note": source["note"] or "none",
        "Mends made": "; ".join(f"{r['said']} ({r['rows']})" for r in source["repairs"]) or "none",
        "Warnings": "; ".join(source["warnings"]) or "none",
        "Files": ", ".join(f"{f['name']} ({f['bytes']:,} bytes)" for f in source["files"]),
    }  # fmt: skip
    st.dataframe(
        pd.DataFrame(facts.items(), columns=["", "Said"]), hide_index=True, height="content"
    )


def quarantine(view: View) -> None:
    """Rejected rows by rule, to browse and to send back to their owner."""
    st.subheader("Quarantined rows")
    table = view.quarantine()
    if table.empty:
        st.caption("Nothing was rejected.")
        return
    by_rule = table.groupby(["source", "rule"], as_index=False)["count"].sum()
    st.dataframe(by_rule.sort_values("count", ascending=False), hide_index=True, height=220)
    sources = sorted(table["source"].unique())
    chosen = st.selectbox("Rows of", sources)
    rows = table[table["source"] == chosen]
    st.dataframe(rows.head(SHOWN_ROWS), hide_index=True, height=260)
    if len(rows) > SHOWN_ROWS:
        st.caption(f"The first {SHOWN_ROWS:,} of {len(rows):,}; the download holds all.")
    st.download_button(
        "Quarantined rows as CSV", lambda: exports.csv(rows),
        file_name=exports.file_name(view, f"quarantine-{chosen}", "csv"), mime="text/csv",
    )  # fmt: skip


def methods(view: View) -> None:
    """How each quantity got into the hexagons."""
    rows = [
        {
            "Quantity": quantity.label, "Unit": quantity.unit, "Method": quantity.method,
            "Larger hexagons": quantity.combine.value,
            "Sources": "; ".join(s["title"] for s in view.sources_of(quantity)),
            "Assumed": assumed(view.manifest["methods"].get(quantity.column, {})),
        }
        for quantity in q.HEX_QUANTITIES
        if view.sources_of(quantity)
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content")


def assumed(method: Mapping[str, Any]) -> str:
    """Which areas' totals were placed otherwise than by residents, or not at all.

    >>> assumed({"by_area": ["TN01"], "unplaced": [], "rule": ""})
    'by surface, as nobody is known to live there: TN01'
    """
    said = []
    for name, words in ASSUMED.items():
        codes = list(method.get(name, ()))
        more = f" and {len(codes) - SHOWN_CODES} more" if len(codes) > SHOWN_CODES else ""
        if codes:
            said.append(f"{words}: {', '.join(codes[:SHOWN_CODES])}{more}")
    return "; ".join(said)


def _row(source: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    reasons = ", ".join(f"{rule} {count:,}" for rule, count in list(source["reasons"].items())[:3])
    return {
        "Source": source["title"], "Status": STATUS[source["status"]],
        "Age": freshness.said(freshness.age_h(source, now)),
        "Late": "late" if freshness.late(source, now) else "",
        "Simulated": "simulated" if source["simulated"] else "",
        "Rows in": source["rows_in"], "Accepted": source["accepted"],
        "Quarantined": source["quarantined"], "Reasons": reasons, "Owner": source["owner"],
        "Licence": source["licence"], "Period": source["reference_period"] or "not stated",
    }  # fmt: skip


def _cadence(source: Mapping[str, Any]) -> str:
    days = source["cadence_days"]
    return "never; cannot be late" if days is None else f"{days:g} days"
