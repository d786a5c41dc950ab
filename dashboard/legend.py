"""Legend of a layer: classes with unit, the kinds of nothing, sources with age and licence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dashboard.text import safe
from geo_data import freshness
from geo_data.view import View
from layers.base import HexLayer

_HATCH = (
    "background:repeating-linear-gradient(45deg,#8b949b 0 1.5px,#e6e8ea 1.5px 5px);"
    "border:1px solid #8b949b"
)
_OUTSIDE = "border:1px dashed #8b949b"


def legend(view: View, layer: HexLayer, resolution: int | None = None) -> str:
    """The legend as markup; every word of it is escaped."""
    unit = layer.quantity.unit
    classes = zip(layer.colours, layer.classes.labels, strict=True)
    rows = [_row(f"background:{colour};border:1px solid #0003", label) for colour, label in classes]
    rule = view.rule(layer.quantity)
    withheld = layer.quantity.people and rule.min_count
    unknown = f"unknown, or withheld (fewer than {rule.min_count})" if withheld else "unknown"
    rows += [_row(_HATCH, unknown), _row(_OUTSIDE, "outside coverage (not coloured)")]
    note = f"Larger hexagons: {layer.zoomed_out}." if resolution is None else ""
    return (
        f"<div class='wp-legend'><div class='wp-legend-title'>{safe(layer.title)}"
        f" <span class='wp-unit'>({safe(unit)})</span></div>{''.join(rows)}"
        f"<div class='wp-note'>{safe(note)}</div>{sources(view, layer)}</div>"
    )


def sources(view: View, layer: HexLayer) -> str:
    """Who says so, how old it is, whether it is late or simulated."""
    now = datetime.now(UTC)
    return "".join(_source(account, now) for account in view.sources_of(layer.quantity))


def _source(account: Mapping[str, Any], now: datetime) -> str:
    flags = ""
    if account["simulated"]:
        flags += "<span class='wp-flag wp-simulated'>SIMULATED</span>"
    if freshness.late(account, now):
        flags += "<span class='wp-flag wp-late'>LATE</span>"
    age = freshness.said(freshness.age_h(account, now))
    return (
        f"<div class='wp-source'>{flags}{safe(account['title'])}. {safe(account['owner'])}, "
        f"{safe(account['licence'])}. Data age: {safe(age)}.</div>"
    )


def _row(style: str, label: str) -> str:
    return (
        f"<div class='wp-class'><span class='wp-swatch' style=\"{style}\"></span>"
        f"{safe(label)}</div>"
    )
