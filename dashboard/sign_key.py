"""What the symbols on the map mean: the kinds of places shown, counts, and lines."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from dashboard.language import _, word
from dashboard.sheets import symbols
from dashboard.sheets.marks import SECTOR_WORDS, STATUSES
from dashboard.text import safe
from layers import PLACES_BY_KIND

GREY = "#76828c"
BADGE = (
    '<circle cx="12" cy="12" r="10.5" fill="#22313d" stroke="#fff" stroke-width="2"/>'
    '<text x="12" y="16" font-size="11" font-weight="600" font-family="sans-serif" '
    'text-anchor="middle" fill="#fff">9</text>'
)
DASHES = {"area": ("1.6", "1.5 2.4"), "track": ("1.4", "6 3"), "line": ("2", "")}
Signs = list[tuple[str, str]]


def groups(kinds: Sequence[str]) -> list[tuple[str, Signs]]:
    """Title of each kind of places, and its signs as (data address of a picture, words)."""
    found = [(_(PLACES_BY_KIND[kind].title), _signs(kind)) for kind in kinds]
    several = (_picture(BADGE), _("Number of places close together"))
    return [*found, ("", [several])] if found else []


def key(kinds: Sequence[str], lines: Sequence[str] = ()) -> str:
    """The key as markup, for the legend; nothing where neither places nor lines are shown."""
    drawn = [("", _lines(lines))] if lines else []
    parts = "".join(_group(title, signs) for title, signs in [*groups(kinds), *drawn])
    return f"<div class='wp-legend wp-key'>{parts}</div>" if parts else ""


def _signs(kind: str) -> Signs:
    if kind == "crossings":
        states = [(_symbol(f"crossing-land-{s}"), word(s)) for s in STATUSES]
        return states + [(_picture(symbols.glyph(way, GREY)), word(way)) for way in WAYS]
    if kind == "services":
        sectors = (SECTOR_WORDS | {"other": "other"}).items()
        return [(_symbol(f"service-{sector}"), word(said)) for sector, said in sectors]
    if kind == "assets":
        return [(_symbol(f"sar-{way}"), word(way)) for way in WAYS]
    return [(_symbol({"sites": "site", "incidents": "incident"}.get(kind, "landmark")), "")]


WAYS = ("land", "sea", "air")


def _lines(names: Sequence[str]) -> Signs:
    words = {
        "area": _("Outline of an area"), "track": _("Search track"), "line": _("Road or corridor"),
    }  # fmt: skip
    styles = ["track" if name == "line-search track" else name.partition("-")[0] for name in names]
    return [(_line(style), words[style]) for style in DASHES if style in styles]


def _line(style: str) -> str:
    width, dash = DASHES[style]
    return _picture(
        f'<path d="M0 12h24" stroke="{GREY}" stroke-width="{width}" stroke-dasharray="{dash}"/>'
    )


def _symbol(name: str) -> str:
    return _picture(symbols.svg(name))


def _picture(body: str) -> str:
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 26 26">{body}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def _group(title: str, signs: Signs) -> str:
    if title and [words for _sign, words in signs] == [""]:
        title, signs = "", [(signs[0][0], title)]
    head = f"<div class='wp-key-title'>{safe(title)}</div>" if title else ""
    row = "".join(f"<span><img src='{sign}' alt=''>{safe(words)}</span>" for sign, words in signs)
    return f"{head}<div class='wp-key-row'>{row}</div>"
