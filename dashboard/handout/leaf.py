"""All words of the map in one file: heading, legend, sources and tables, in its language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dashboard import language, sign_key
from dashboard.figures import age
from dashboard.handout.attached import Attached
from dashboard.handout.picture import Picture
from dashboard.handout.provenance import heading, simulated, sources_of
from dashboard.language import _, listed, number, word
from dashboard.tiles import UNKNOWN
from geo_data import freshness
from geo_data.view import View
from layers import PLACES_BY_KIND


def told(view: View, picture: Picture, places: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Words of one page; call it inside ``language.spoken``."""
    head, layer = heading(view, picture), picture.layer
    used = sources_of(view, layer) if layer else []
    return {
        **head, "language": picture.language, "rtl": language.right_to_left(),
        "locale": language.LOCALES[picture.language].replace("_", "-"),
        "banner": simulated(view) if head["simulated"] else "",
        "layer": _(layer.title) if layer else "", "unit": _(layer.quantity.unit) if layer else "",
        "share": bool(layer and layer.quantity.unit.startswith("share")),
        "legend": legend(view, picture),
        "signs": [{"title": title, "rows": signs} for title, signs in sign_key.groups([*places])],
        "sources": [{"text": source(s), "late": late(s)} for s in used],
        "words": {"sources": _("Sources"), "value": _("Value")},
        "tables": [
            *(printed(table) for table in picture.tables if table.title),
            *(_table(kind, found) for kind, found in places.items()), _receipts(view),
        ],
    }  # fmt: skip


def legend(view: View, picture: Picture) -> list[dict[str, str]]:
    """Rows of ``kind`` (class, hatch or outside), ``colour`` and ``label``."""
    layer = picture.layer
    if layer is None:
        return []
    labels = enumerate(zip(layer.colours, layer.classes.labels, strict=True))
    rows = [
        {"kind": "class", "colour": colour, "label": word(label)}
        for code, (colour, label) in labels
        if code not in picture.hidden
    ]
    least = view.rule(layer.quantity).min_count
    withheld = _("unknown, or withheld (fewer than {n})", n=least)
    unknown = withheld if layer.quantity.people and least else _("unknown")
    if UNKNOWN not in picture.hidden:
        rows.append({"kind": "hatch", "colour": "", "label": unknown})
    outside = _("outside coverage (not coloured)")
    return [*rows, {"kind": "outside", "colour": "", "label": outside}]


def source(account: Mapping[str, Any]) -> str:
    """A source with owner, licence and age."""
    said = listed([str(account["owner"]), str(account["licence"])])
    how_old = age(freshness.age_h(account, datetime.now(UTC)))
    return _("{source}. Data age: {age}.", source=f"{account['title']} ({said})", age=how_old)


def late(account: Mapping[str, Any]) -> str:
    """The flag of a source that is late, or nothing."""
    return _("LATE") if freshness.late(account, datetime.now(UTC)) else ""


def receipt_columns() -> list[str]:
    """Titles of :func:`receipt`."""
    return [
        _("Source"), _("Owner"), _("Licence"), _("Period"), _("Age"), _("Rows in"),
        _("Accepted"), _("Quarantined"), _("Simulated"),
    ]  # fmt: skip


def receipt(account: Mapping[str, Any]) -> list[str]:
    """What came in from a source and what became of it."""
    how_old = age(freshness.age_h(account, datetime.now(UTC)))
    flag = late(account)
    return [
        account["title"], account["owner"], account["licence"],
        account["reference_period"] or _("not stated"), f"{how_old} – {flag}" if flag else how_old,
        *(number(account[name]) for name in ("rows_in", "accepted", "quarantined")),
        _("yes") if account["simulated"] else _("no"),
    ]  # fmt: skip


def printed(table: Attached, most: int | None = None) -> dict[str, Any]:
    """Title, columns and the first rows of an attached table, as people read it."""
    return {
        "title": table.title, "columns": list(table.printed_columns),
        "rows": [list(row) for row in table.printed_rows[:most]],
    }  # fmt: skip


def _receipts(view: View) -> dict[str, Any]:
    rows = [receipt(account) for account in view.sources]
    title = _("Receipts: where each value comes from")
    return {"title": title, "columns": receipt_columns(), "rows": rows}


def _table(kind: str, found: dict[str, Any]) -> dict[str, Any]:
    places = found["places"]
    titles = [title for title, _value in places[0]["detail"]] if places else []
    rows = [
        [p["name"], f"{p['lat']:.4f}, {p['lon']:.4f}", *(value for _title, value in p["detail"])]
        for p in places
    ]
    columns = [_("Name"), _("Position"), *titles]
    return {"title": _(PLACES_BY_KIND[kind].title), "columns": columns, "rows": rows}
