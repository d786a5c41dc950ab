"""Symbols of places on paper, from the same table as those on the screen."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from dashboard.assets import SYMBOLS

HALF = "M1.5 22.5h21v-4.5H1.5z"
CROSS = "M3.5 3.5l17 17M20.5 3.5l-17 17"


def svg(symbol: str) -> str:
    """A symbol on a grid of 24 by 24."""
    table, look = _table(), _look(symbol)
    plate, glyph = table["plates"][look["plate"]], table["glyphs"][look["glyph"]]
    edge = (
        'stroke="#4a555e" stroke-width="1.8" stroke-dasharray="3.2 2.6"'
        if look.get("mark") == "dashed"
        else 'stroke="#000" stroke-opacity="0.55" stroke-width="1"'
    )
    shift = ' transform="translate(0 3)"' if look.get("low") else ""
    round_ends = 'stroke-linecap="round" stroke-linejoin="round"'
    parts = [
        f'<path d="{plate}" fill="none" stroke="#fff" stroke-width="3"/>',
        f'<path d="{plate}" fill="{look["fill"]}" {edge}/>',
        f'<path d="{glyph}"{shift} fill="none" stroke="{look["ink"]}" stroke-width="2" '
        f"{round_ends}/>",
    ]
    if look.get("mark") == "half":
        parts.append(f'<path d="{HALF}" fill="{look["ink"]}"/>')
    if look.get("mark") == "cross":
        for colour, width in (("#9d1c2e", 5), ("#fff", 2.6)):
            parts.append(
                f'<path d="{CROSS}" stroke="{colour}" stroke-width="{width}" {round_ends}/>'
            )
    return "".join(parts)


def glyph(name: str, colour: str) -> str:
    """The drawing inside a symbol alone, without plate or status."""
    path = _table()["glyphs"][name]
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.2" '
        f'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _look(symbol: str) -> dict[str, Any]:
    """Plate, glyph, colours and mark of a symbol's name; a plain dot for an unknown one."""
    table = _table()
    family, _, rest = symbol.partition("-")
    kind, _, status = rest.partition("-")
    if family == "crossing":
        glyph = kind if kind in ("land", "sea", "air") else "other"
        status_look = table["status"].get(status, table["status"]["unknown"])
        return {"plate": "square", "glyph": glyph, **status_look}
    if family == "service":
        sectors = table["sectors"]
        known = kind if kind in sectors else "other"
        return {"plate": "circle", "glyph": known, "fill": sectors[known], "ink": "#fff"}
    dot = {"plate": "circle", "glyph": "other", "fill": table["sectors"]["other"], "ink": "#fff"}
    return table["single"].get(symbol, dot)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return json.loads(SYMBOLS.read_text("utf-8"))
