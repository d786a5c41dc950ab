"""Whether what a source gives now differs absurdly from what it gave to the last release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from etl.accounts import Contribution

FEWEST_SHARE = 0.5
MOST_TIMES = 10
SUMMED = ("_people", "_count")


def figures(gave: Contribution | None) -> dict[str, Any]:
    """What the next run compares itself with: accepted rows, newest day, sums of counts."""
    if gave is None:
        return {"accepted": 0, "newest": None, "sums": {}}
    newest = _newest(gave)
    return {
        "accepted": gave.accepted, "newest": None if newest is None else newest.isoformat(),
        "sums": _sums(gave),
    }  # fmt: skip


def suspicions(before: Mapping[str, Any] | None, gave: Contribution) -> list[str]:
    """What is absurd against the figures of the last release, in sentences; none at the first."""
    if not before or not before.get("accepted"):
        return []
    now, had = figures(gave), int(before["accepted"])
    if not gave.accepted:
        return [f"no row is accepted; the last release had {had}"]
    said = []
    if gave.accepted < FEWEST_SHARE * had:
        said.append(f"{gave.accepted} rows are accepted; the last release had {had}")
    for name, total in now["sums"].items():
        earlier = before.get("sums", {}).get(name, 0)
        if 0 < MOST_TIMES * earlier < total:
            said.append(f"{name} adds up to {total:,.0f}; in the last release to {earlier:,.0f}")
    if now["newest"] and before.get("newest") and now["newest"] < before["newest"]:
        said.append(f"its newest day is {now['newest']}; in the last release {before['newest']}")
    return said


def _newest(gave: Contribution) -> date | None:
    days = [
        pd.to_datetime(table[name]).max()
        for table in gave.tables.values()
        for name in ("date", "start")
        if name in table and table[name].notna().any()
    ]
    return max(days).date() if days else None


def _sums(gave: Contribution) -> dict[str, float]:
    totals: dict[str, float] = {}
    for table in gave.tables.values():
        for name in [name for name in table if str(name).endswith(SUMMED)]:
            value = pd.to_numeric(table[name], errors="coerce").sum()
            totals[str(name)] = totals.get(str(name), 0.0) + float(value)
        if {"quantity", "value"} <= set(table.columns):
            for name, value in table.groupby("quantity")["value"].sum().items():
                if str(name).endswith(SUMMED):
                    totals[str(name)] = totals.get(str(name), 0.0) + float(value)
    for values in gave.hexes:
        if values.quantity.endswith(SUMMED):
            totals[values.quantity] = totals.get(values.quantity, 0.0) + float(
                np.nansum(values.value)
            )
    return totals
