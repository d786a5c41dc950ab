"""Legend of a layer: classes with unit, the kinds of nothing, sources with age and licence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dashboard import theme
from dashboard.figures import age
from dashboard.language import _
from dashboard.text import safe
from geo_data import freshness
from geo_data.view import View
from layers import CATALOGUE
from layers.base import HexLayer

HATCH = (
    "background:repeating-linear-gradient(45deg,#8b949b 0 1.5px,#e6e8ea 1.5px 5px);"
    "border:1px solid #8b949b"
)
_COLOUR = "background:{};border:1px solid #0003"
_OUTSIDE = "border:1px dashed #8b949b"


def legend(view: View, layer: HexLayer, about: str = "") -> str:
    """The legend as markup; every word of it is escaped."""
    classes = zip(layer.shades(dark=theme.dark()), layer.classes.labels, strict=True)
    rows = [_row(_COLOUR.format(colour), _(label)) for colour, label in classes]
    rows.append(_row(HATCH, unknown(view, layer)))
    return _framed(head(layer) + "".join(rows) + tail(view, layer, about))


def top(layer: HexLayer) -> str:
    """The title alone, for a legend whose classes are switches."""
    return _framed(head(layer))


def bottom(view: View, layer: HexLayer, about: str = "") -> str:
    """What follows the classes."""
    return _framed(tail(view, layer, about))


def for_phones(view: View, layer: HexLayer | None, about: str = "", signs: str = "") -> str:
    """The legend below the map with the key of its symbols, where the side bar is folded away."""
    told = legend(view, layer, about) if layer else ""
    return f"<div class='wp-phone-legend'>{told}{signs}</div>"


def head(layer: HexLayer) -> str:
    """Title and unit."""
    title, unit = safe(_(layer.title)), safe(_(layer.quantity.unit))
    return f"<div class='wp-legend-title'>{title} <span class='wp-unit'>({unit})</span></div>"


def tail(view: View, layer: HexLayer, about: str = "") -> str:
    """Outside coverage, how large hexagons come about, of which date it all is, the sources."""
    larger = _("Larger hexagons: {rule}.", rule=_(layer.zoomed_out))
    outside = _row(_OUTSIDE, _("outside coverage (not coloured)"))
    said = sources(view, layer)
    if layer in CATALOGUE and not view.sources_of(layer.quantity):
        nothing = _flag("late", _("No value at this date"))
        said = f"<div class='wp-source'>{nothing}</div>"
    notes = "".join(f"<div class='wp-note'>{safe(note)}</div>" for note in (larger, about) if note)
    return f"{outside}{notes}{said}"


def unknown(view: View, layer: HexLayer) -> str:
    """What a hatched hexagon means for this audience."""
    rule = view.rule(layer.quantity)
    if layer.quantity.people and rule.min_count:
        return _("unknown, or withheld (fewer than {n})", n=rule.min_count)
    return _(layer.unknown)


def _framed(markup: str) -> str:
    return f"<div class='wp-legend'>{markup}</div>"


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
        f"{safe(account['licence'])}.</bdi> <span class='wp-age'>{safe(said)}</span></div>"
    )


def _flag(kind: str, text: str) -> str:
    return f"<span class='wp-flag wp-{kind}'>{safe(text)}</span>"


def _row(style: str, label: str) -> str:
    return (
        f"<div class='wp-class'><span class='wp-swatch' style=\"{style}\"></span>"
        f"{safe(label)}</div>"
    )
