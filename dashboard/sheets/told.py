"""All words and numbers of a sheet, in its language; what Typst reads as data."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dashboard import language
from dashboard.figures import age
from dashboard.handout import leaf
from dashboard.handout.picture import Picture
from dashboard.handout.provenance import heading, simulated, sources_of
from dashboard.language import _, listed, ngettext, number
from dashboard.sheets.legend import Entry
from dashboard.sheets.paper import Paper
from geo_data import freshness
from geo_data.view import View


def told(
    view: View, order: Picture, paper: Paper, entries: Mapping[str, list[Entry]], left_out: int,
    *, receipts: bool,
) -> dict[str, Any]:  # fmt: skip
    """Words of one sheet; call it inside ``language.spoken``."""
    head, layer = heading(view, order), order.layer
    used = sources_of(view, layer) if layer else []
    return {
        **head, **entries, "language": order.language, "rtl": language.right_to_left(),
        "layer": _(layer.title) if layer else "", "unit": _(layer.quantity.unit) if layer else "",
        "outside": _("outside coverage (not coloured)") if layer else "",
        "foot": _foot(head), "bar_mm": paper.bar_km / paper.km_per_mm,
        "bar_text": _bar(paper), "north": _("N"), "scale": _scale(paper),
        "remarks": _remarks(order, left_out), "sources": [_source(s) for s in used],
        "late_flags": [leaf.late(s) for s in used],
        "sources_title": _("Sources"),
        "receipts_title": _("Receipts: where each value comes from"),
        "simulated_text": simulated(view),
        "figures": [list(figure) for figure in order.figures], **_tables(order),
        "receipt_columns": leaf.receipt_columns(),
        "receipts": [leaf.receipt(s) for s in view.sources] if receipts else [],
    }  # fmt: skip


def _source(account: Mapping[str, Any]) -> dict[str, Any]:
    """Name, owner and licence as one run in their own direction; the age, in ours, below it."""
    name = f"{account['title']} ({account['owner']}, {account['licence']})"
    rtl = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name)
    how_old = age(freshness.age_h(account, datetime.now(UTC)))
    return {"name": name, "rtl": rtl, "age": _("Data age: {age}.", age=how_old)}


def _tables(order: Picture) -> dict[str, Any]:
    """The first table stands below the map as far as it has room, all follow on pages of it."""
    found = [leaf.printed(table) for table in order.tables if table.title and table.printed_rows]
    return {"front": found[0] if found else None, "tables": found}


def _foot(head: Mapping[str, Any]) -> list[str]:
    """For whom, of when, how late: a printed sheet leaves the building."""
    printed = _("Printed {moment}", moment=language.moment(datetime.now(UTC)))
    release = _("Release {name}", name=head["release"])
    return [head["audience"], release, head["late"], printed]


def _remarks(order: Picture, left_out: int) -> list[str]:
    said = list(order.notes)
    if order.layer and order.hidden:
        labels = order.layer.classes.labels
        names = [_(labels[code]) for code in order.hidden if code < len(labels)]
        said.append(_("Hidden on this sheet: {classes}.", classes=listed(names)))
    if left_out:
        said.append(ngettext("{n} place is not drawn, for lack of room.",
                             "{n} places are not drawn, for lack of room.", left_out))  # fmt: skip
    return said


def _bar(paper: Paper) -> str:
    return number(paper.bar_km, 0 if paper.bar_km >= 1 else 2) + " " + _("km")


def _scale(paper: Paper) -> str:
    middle = (paper.south + paper.north) / 2
    side = _("N") if middle >= 0 else _("S")
    latitude = f"{abs(middle):.0f}° {side}"
    return _("About {ratio} at {latitude}, Mercator", ratio=_ratio(paper), latitude=latitude)


def _ratio(paper: Paper) -> str:
    """One run of text that reads from the left in every language."""
    said = number(paper.ratio)
    return (
        f"{language.LTR_ISOLATE}1 : {said}{language.POP}"
        if language.right_to_left()
        else (f"1 : {said}")
    )
