"""Legend of a layer: classes with unit, the kinds of nothing, sources with age and licence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dashboard.figures import age
from dashboard.language import _
from dashboard.text import safe
from geo_data import freshness
from geo_data.view import View
from layers.base import HexLayer

_HATCH = (
    "background:repeating-linear-gradient(45deg,#8b949b 0 1.5px,#e6e8ea 1.5px 5px);"
    "border:1px solid #8b949b"
)
_COLOUR = "background:{};border:1px solid #0003"
_OUTSIDE = "border:1px dashed #8b949b"


def legend(view: View, layer: HexLayer, resolution: int | None = None) -> str:
    """The legend as markup; every word of it is escaped."""
    unit = _(layer.quantity.unit)
    classes = zip(layer.colours, layer.classes.labels, strict=True)
    rows = [_row(_COLOUR.format(colour), _(label)) for colour, label in classes]
    rule = view.rule(layer.quantity)
    withheld = layer.quantity.people and rule.min_count
    unknown = (
        _("unknown, or withheld (fewer than {n})", n=rule.min_count) if withheld else _("unknown")
    )
    rows += [_row(_HATCH, unknown), _row(_OUTSIDE, _("outside coverage (not coloured)"))]
    larger = _("Larger hexagons: {rule}.", rule=_(layer.zoomed_out))
    note = larger if resolution is None else ""
    title = _(layer.title)
    return (
        f"<div class='wp-legend'><div class='wp-legend-title'>{safe(title)}"
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
        flags += _flag("simulated", _("SIMULATED"))
    if freshness.late(account, now):
        flags += _flag("late", _("LATE"))
    said = _("Data age: {age}.", age=age(freshness.age_h(account, now)))
    return (
        f"<div class='wp-source'>{flags}<bdi>{safe(account['title'])}. {safe(account['owner'])}, "
        f"{safe(account['licence'])}.</bdi> {safe(said)}</div>"
    )


def _flag(kind: str, text: str) -> str:
    return f"<span class='wp-flag wp-{kind}'>{safe(text)}</span>"


def _row(style: str, label: str) -> str:
    return (
        f"<div class='wp-class'><span class='wp-swatch' style=\"{style}\"></span>"
        f"{safe(label)}</div>"
    )
