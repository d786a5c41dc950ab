"""What a layer is: method, rule, and of each source its three dates, which are three things."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

from dashboard import data, say, small_tables
from dashboard.figures import age
from dashboard.language import _, day, listed, percent
from geo_data import freshness
from geo_data.rollup import cover_column
from geo_data.view import View
from layers.base import HexLayer


def popover(view: View, layer: HexLayer) -> None:
    """A button beside the legend that opens all of it."""
    with st.popover(_("About this layer"), icon=":material/info:", width="stretch"):
        say.strong(_(layer.title))
        small_tables.pairs(facts(view, layer))
        for account in view.sources_of(layer.quantity):
            say.strong(account["title"])
            small_tables.pairs(dates(account, datetime.now(UTC)))


def facts(view: View, layer: HexLayer) -> list[tuple[str, str, str]]:
    """Method, unit, rule and how much of the operation is known, as name, value and remark."""
    quantity = layer.quantity
    table = data.hexagons(view.name, quantity, view.resolution)
    spoken = table[cover_column(quantity)] > 0
    known = spoken & table[quantity.column].notna()
    return [
        (_("Method"), _(quantity.method), ""),
        (_("Unit"), _(quantity.unit), ""),
        (_("Larger hexagons"), _(layer.zoomed_out), ""),
        (_("Hexagons covered"), percent(float(spoken.mean())), _("of the operation")),
        (_("Hexagons with a known value"), percent(float(known.mean())), _("of the operation")),
    ]


def dates(account: Mapping[str, Any], now: datetime) -> list[tuple[str, str, str]]:
    """Reference date, validity and period of a source, and who answers for it."""
    end = account["reference_end"]
    flags = [_("late")] if freshness.late(account, now) else []
    flags += [_("simulated")] if account["simulated"] else []
    return [
        (_("Reference date"), day(date.fromisoformat(str(end))) if end else _("not stated"),
         _("the day that the values speak about")),
        (_("Valid until"), valid_until(account), _("when its owner should have renewed it")),
        (_("Period described"), account["reference_period"] or _("not stated"),
         _("what a sum or mean was taken over")),
        (_("Data age"), age(freshness.age_h(account, now)), listed(flags)),
        (_("Owner, licence"), listed([account["owner"], account["licence"]]), ""),
    ]  # fmt: skip


def valid_until(account: Mapping[str, Any]) -> str:
    """Day after which a source counts as late, in words."""
    end, cadence = account["reference_end"], account["cadence_days"]
    if not end or not cadence:
        return _("replaced by a newer one")
    days = freshness.TOLERANCE * float(cadence)
    return day(date.fromisoformat(str(end)) + timedelta(days=days))
