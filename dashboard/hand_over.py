"""The panel "Print and hand over": the picture on the screen as a sheet or as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import streamlit as st

from dashboard import data, exports, language, say, stands
from dashboard.handout import formats
from dashboard.handout.attached import Attached
from dashboard.handout.formats import FORMATS, Format
from dashboard.handout.kept import kept
from dashboard.handout.picture import Picture, picture, standing
from dashboard.language import _
from dashboard.selection import Selection
from dashboard.sheets import fonts
from dashboard.sheets.sheet import Order, sheet
from geo_data.errors import FontMissing
from geo_data.view import View
from layers.base import HexLayer

SHEETS: tuple[tuple[str, str, str], ...] = (
    ("pdf", "a4", "application/pdf"), ("pdf", "a3", "application/pdf"),
    ("png", "a4", "image/png"), ("png", "a3", "image/png"),
)  # fmt: skip
Now = Callable[[Picture], Picture]
WHAT = tuple(field.name for field in fields(Picture))


def panel(
    view: View, selection: Selection, layer: HexLayer | None, *, token: str = data.STORED,
    name: str = "", title: str = "", notes: tuple[str, ...] = (), key: str = "hand",
    figures: tuple[tuple[str, str, str], ...] = (), tables: tuple[Attached, ...] = (),
) -> None:  # fmt: skip
    """One small panel below a map.

    Parameters
    ----------
    token : str
        Under which the layer is drawn.
    name : str
        What file names say; that of the layer if empty.
    title : str
        Heading of the sheet; that of the layer if empty.
    notes : tuple of str
        Parameters and limits of a computed layer, in the language of the page.
    key : str
        Tells two panels of one page apart.
    figures : tuple of (label, value, remark)
        Key figures for the sheet, in the language of the page.
    tables : tuple of Attached
        What the page computed beside the map; the first with a title stands below the map.
    """
    with st.expander(_("Print and hand over"), icon=":material/print:"):
        left, right = st.columns([2, 1])
        whole = left.segmented_control(
            _("Part"), [False, True], default=False, key=f"{key}-whole", required=True,
            format_func=lambda all_: _("Whole operation") if all_ else _("What the map shows"),
            label_visibility="collapsed",
        )  # fmt: skip
        upright = right.toggle(_("Upright"), key=f"{key}-upright")
        shown = picture(
            view, selection, layer, whole=bool(whole), token=token, title=title, notes=notes,
            figures=figures, tables=tables,
        )  # fmt: skip
        name = name or (layer.key if layer else "places")
        now = _now(stands.secret(), bool(whole))
        _sheets(view, shown, name, upright, key, now)
        _files(view, shown, name, key, now)
        if shown.tables:
            _tables(view, shown, name, key)
        say.caption(_("Made when you click. Each file holds its units, sources and audience."))


def _now(secret: str, whole: bool) -> Callable[[Picture], Picture]:
    """What turns a picture to where the map stands when the file is made, which is at the click."""
    return lambda shown: shown if whole else standing(shown, stands.told(secret))


def made(view: View, shown: Picture, form: Format) -> bytes:
    """A file, from what is held or new."""
    key = (view.name, view.audience, view.today, shown, form.ending)
    return kept(key, lambda: form.make(view, shown))


def printed(view: View, order: Order, kind: str) -> bytes:
    """A sheet, from what is held or new."""
    key = (view.name, view.audience, view.today, order, kind)
    return kept(key, lambda: sheet(view, order, "pdf" if kind == "pdf" else "png"))


def _sheets(view: View, shown: Picture, name: str, upright: bool, key: str, now: Now) -> None:
    try:
        fonts.families(language.NAMES[shown.language])
    except FontMissing as problem:
        say.warning(str(problem))
        return
    columns = st.columns(len(SHEETS))
    for column, (kind, paper, mime) in zip(columns, SHEETS, strict=True):
        _button(
            column, f"{kind.upper()} {paper.upper()}",
            _sheet_of(view, shown, now, kind, paper, upright),
            _name(view, shown, name, kind, paper=paper, upright=upright), mime,
            f"{key}-{kind}-{paper}",
        )  # fmt: skip


def _files(view: View, shown: Picture, name: str, key: str, now: Now) -> None:
    forms = [
        form for form in FORMATS
        if (shown.layer and form.of_hexagons) or (shown.places and form.of_places)
        or ((shown.outlines or shown.tables) and form.ending == "gpx")
    ]  # fmt: skip
    columns = st.columns(4)
    for number, form in enumerate(forms):
        _button(
            columns[number % 4], _(form.title), _file_of(view, shown, now, form),
            _name(view, shown, name, form.ending), form.mime, f"{key}-{form.ending}",
        )  # fmt: skip


def _tables(view: View, shown: Picture, name: str, key: str) -> None:
    """Each attached table as CSV of its own."""
    found = [table for table in shown.tables if table.rows]
    columns = st.columns(4)
    for number, table in enumerate(found):
        label = _("CSV: {table}", table=table.title or table.name.replace("_", " "))
        _button(
            columns[number % 4], label, _csv_of(view, shown, table.name),
            _name(view, shown, f"{name}-{table.name}", "csv"), "text/csv",
            f"{key}-csv-{table.name}",
        )  # fmt: skip


def _name(
    view: View, shown: Picture, what: str, ending: str, *, paper: str = "a4", upright: bool = False
) -> str:
    return exports.file_name(
        view, what, ending, change=data.is_change(shown.token), whole=shown.whole,
        paper=paper, upright=upright,
    )  # fmt: skip


def _csv_of(view: View, shown: Picture, table: str) -> Callable[[], bytes]:
    return lambda: formats.csv_of(view, shown, table)


def _sheet_of(
    view: View, shown: Picture, now: Now, kind: str, paper: str, upright: bool
) -> Callable[[], bytes]:
    def make() -> bytes:
        what = now(shown)
        order = Order(
            **{n: getattr(what, n) for n in WHAT},
            paper="a3" if paper == "a3" else "a4", portrait=upright,
        )  # fmt: skip
        return printed(view, order, kind)

    return make


def _file_of(view: View, shown: Picture, now: Now, form: Format) -> Callable[[], bytes]:
    return lambda: made(view, now(shown), form)


def _button(
    column: st.delta_generator.DeltaGenerator, label: str, make: Callable[[], bytes], file: str,
    mime: str, key: str,
) -> None:  # fmt: skip
    column.download_button(
        label, make, file_name=file, mime=mime, key=key, width="stretch", on_click="ignore"
    )
