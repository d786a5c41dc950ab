"""One map sheet as PDF or PNG: the drawn layer with all that a reader needs to judge it.

Set by Typst, which shapes every script and asks no network; what it is given is data, never markup.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import shapely
import typst

from dashboard import data, markers
from dashboard.sheets import drawing, symbols
from dashboard.sheets.paper import Paper
from dashboard.tiles import UNKNOWN
from geo_data import freshness
from geo_data.view import View
from layers import PLACES_BY_KIND
from layers.base import HexLayer

TEMPLATE = Path(__file__).with_name("map.typ")
FONTS = ("Noto Sans", "Noto Sans Arabic", "Noto Naskh Arabic", "DejaVu Sans")
PRINT_DPI = 300
MAP_MM: dict[str, tuple[float, float]] = {"a4": (205.0, 158.0), "a3": (325.0, 243.0)}
MOST_PLACES = 2_000
FINER = 1
"""Paper shows smaller hexagons than a screen of the same scale."""
WORDS = {
    "page": "Page", "sources": "Sources", "receipts": "Receipts: where the data comes from",
    "simulated": "SIMULATED DATA: made for demonstration. Do not act on it.",
}  # fmt: skip
RECEIPT_COLUMNS = (
    "Source", "Owner", "Licence", "Period", "Data age", "Rows in", "Accepted", "Quarantined",
    "Simulated",
)  # fmt: skip
DISCLAIMER = (
    "The boundaries and names shown and the designations used on this map do not imply official "
    "endorsement or acceptance. Dashed lines: disputed or undetermined."
)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be printed.

    Attributes
    ----------
    layer : HexLayer
    token : str
        Under which the layer is drawn.
    box : west, south, east, north
    places : tuple of str
        Kinds of places drawn on top.
    hidden : tuple of int
        Classes left out.
    title : str
        Empty: that of the layer.
    notes : tuple of str
        Parameters and limits of a computed layer.
    language, rtl : str, bool
    words : mapping
        ``WORDS`` in that language.
    """

    layer: HexLayer
    box: tuple[float, float, float, float]
    token: str = data.STORED
    places: tuple[str, ...] = ()
    lines: tuple[shapely.Geometry, ...] = ()
    hidden: tuple[int, ...] = ()
    paper: Literal["a4", "a3"] = "a4"
    title: str = ""
    notes: tuple[str, ...] = ()
    language: str = "en"
    rtl: bool = False
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)


def sheet(view: View, order: Order, kind: Literal["pdf", "png"]) -> bytes:
    """The sheet; of a PNG the map page at 300 dots per inch."""
    wide, high = MAP_MM[order.paper]
    paper = Paper.around(*order.box, width_mm=wide, height_mm=high)
    places = _places(view, order)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "map.svg").write_text(_map(view, order, paper, places), "utf-8")
        known = _symbols(places, folder)
        said = json.dumps(_said(view, order, paper, known, receipts=kind == "pdf"))
        (folder / "sheet.json").write_text(said, "utf-8")
        (folder / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
        made = typst.compile(
            str(folder / TEMPLATE.name), root=name, format=kind, ppi=PRINT_DPI,
        )  # fmt: skip
    return made if isinstance(made, bytes) else made[0]


def _map(view: View, order: Order, paper: Paper, places: Sequence[Mapping[str, Any]]) -> str:
    drawn = data.classes(view.name, order.layer.key, order.token, paper.zoom + FINER)
    if drawn is None:
        raise KeyError(order.layer.key)
    tiles, codes = drawn
    shown = codes.copy()
    for hidden in order.hidden:
        shown[codes == hidden] = 255
    return drawing.svg(paper, tiles.cells, shown, order.layer.colours, places, order.lines)


def _places(view: View, order: Order) -> list[Mapping[str, Any]]:
    west, south, east, north = order.box
    found = [
        place
        for kind in order.places
        for place in markers.markers(view, kind)["places"]
        if west <= place["lon"] <= east and south <= place["lat"] <= north
    ]
    return found[:MOST_PLACES]


def _symbols(places: Sequence[Mapping[str, Any]], folder: Path) -> list[dict[str, str]]:
    """Each symbol once, as a file of its own for the legend."""
    entries = []
    for number, name in enumerate(sorted({str(place["symbol"]) for place in places})):
        file = folder / f"symbol{number}.svg"
        body = symbols.svg(name)
        file.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 26 26">{body}</svg>', "utf-8"
        )
        entries.append({"file": file.name, "label": name.replace("-", ", ")})
    return entries


def _said(
    view: View, order: Order, paper: Paper, known: list[dict[str, str]], *, receipts: bool
) -> dict[str, Any]:
    layer, used = order.layer, view.sources_of(order.layer.quantity)
    kinds = ", ".join(PLACES_BY_KIND[kind].title for kind in order.places)
    return {
        "paper": order.paper, "language": order.language, "rtl": order.rtl, "fonts": FONTS,
        "title": order.title or f"{view.operation['title']}: {layer.title}",
        "operation": view.operation["title"], "layer": layer.title, "unit": layer.quantity.unit,
        "date": f"{view.at:%Y-%m-%d %H:%M} UTC",
        "made": f"release {view.name}; {kinds}".rstrip("; "),
        "simulated": view.manifest["simulated"], "words": dict(order.words),
        "legend": _legend(view, layer, order.hidden), "symbols": known,
        "map_mm": MAP_MM[order.paper], "bar_mm": paper.bar_km / paper.km_per_mm,
        "bar_text": f"{paper.bar_km:g} km", "scale": _scale(paper), "notes": list(order.notes),
        "sources": [f"{s['title']} ({s['owner']}, {s['licence']})" for s in used],
        "disclaimer": DISCLAIMER,
        "receipt_columns": list(RECEIPT_COLUMNS),
        "receipts": [_receipt(view, s) for s in view.sources] if receipts else [],
    }  # fmt: skip


def _legend(view: View, layer: HexLayer, hidden: Sequence[int]) -> list[dict[str, str]]:
    classes = enumerate(zip(layer.colours, layer.classes.labels, strict=True))
    rows = [
        {"kind": "class", "colour": colour, "label": label}
        for code, (colour, label) in classes
        if code not in hidden
    ]
    withheld = view.rule(layer.quantity).min_count if layer.quantity.people else 0
    unknown = f"unknown, or withheld (fewer than {withheld})" if withheld else "unknown"
    if UNKNOWN not in hidden:
        rows.append({"kind": "unknown", "label": unknown})
    return [*rows, {"kind": "outside", "label": "outside coverage (not coloured)"}]


def _scale(paper: Paper) -> str:
    middle = (paper.south + paper.north) / 2
    return f"About 1 : {paper.ratio:,} at {abs(middle):.0f}°{'N' if middle >= 0 else 'S'}, Mercator"


def _receipt(view: View, source: Mapping[str, Any]) -> list[str]:
    age = freshness.said(freshness.age_h(source, view.at))
    return [
        source["title"], source["owner"], source["licence"], source["reference_period"] or "-", age,
        f"{source['rows_in']:,}", f"{source['accepted']:,}", f"{source['quarantined']:,}",
        "yes" if source["simulated"] else "no",
    ]  # fmt: skip
