"""The legend of a sheet: each sign as a small drawing like that on the map, with its words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dashboard.handout import leaf
from dashboard.handout.picture import Picture
from dashboard.language import _
from dashboard.sheets import drawing, marks, symbols
from geo_data.view import View
from geo_data.words import N_

LINES = {
    "area": N_("Outline of an area"), "selected": N_("Chosen area"), "line": N_("Road or corridor"),
    "track": N_("Search track"), "drawn": N_("Chosen area"), "pattern": N_("Search pattern"),
    "effort": N_("Next search hours of an asset"), "error": N_("Error of the position, 95 %"),
}  # fmt: skip
Entry = dict[str, str]


def files(
    view: View, picture: Picture, places: Sequence[marks.Mark], lines: Sequence[str], folder: Path
) -> dict[str, list[Entry]]:
    """Signs as files in a folder; entries of ``file`` and ``label``, classes apart from symbols."""
    classes = [
        (drawing.swatch(row["colour"]), row["label"])
        for row in leaf.legend(view, picture) if row["kind"] != "outside"
    ]  # fmt: skip
    single = sorted({mark.symbol for mark in places if mark.count == 1 and not mark.ringed})
    signs = [(_symbol(name), marks.label(name)) for name in single]
    if any(mark.count > 1 for mark in places):
        signs.append((drawing.badge_sample(), _("Number of places close together")))
    if any(mark.ringed and len(mark.name) <= drawing.LONGEST_IN_RING for mark in places):
        signs.insert(0, (drawing.ring_sample(), _("Number in the table")))
    strokes = [(drawing.stroke_sample(name), _(LINES[name])) for name in lines]
    parts = {"classes": classes, "symbols": signs, "strokes": strokes}
    return {part: _written(part, found, folder) for part, found in parts.items()}


def _symbol(name: str) -> str:
    body = symbols.svg(name)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 26 26">{body}</svg>'


def _written(part: str, found: Sequence[tuple[str, str]], folder: Path) -> list[Entry]:
    entries = []
    for number, (drawn, label) in enumerate(found):
        file = folder / f"{part}{number}.svg"
        file.write_text(drawn, "utf-8")
        entries.append({"file": file.name, "label": label})
    return entries
