"""Workbooks, written part by part so that no library tidies them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook

from tests.corpus.case import GOOD, Case, counts, places
from tests.hostile import bombs

NAMES = ("name", "lat", "lon")
EXCEL = {"file": "a.xlsx", "read": {"format": "excel"}}


def book(*rows: tuple[object, ...], also: Callable[[Workbook], object] = lambda _: None) -> object:
    """Writes a workbook with some rows in its first sheet."""

    def write(file: Path) -> None:
        made = Workbook()
        for row in rows:
            made.active.append(row)
        also(made)
        made.save(file)

    return write


def sheet(name: str, *rows: tuple[object, ...], also: object = lambda _: None,
          read: dict[str, object] | None = None, **more: object) -> Case:  # fmt: skip
    """A workbook of places."""
    declared = {"format": "excel"} | (read or {})
    return places(name, book(NAMES, *rows, also=also), file="a.xlsx", read=declared, **more)  # type: ignore[arg-type]


def _second(made: Workbook) -> None:
    other = made.create_sheet("2024")
    other.append(NAMES)
    other.append(("Ghat", 24.96, 10.18))


def _merged(made: Workbook) -> None:
    made.active.merge_cells("A2:A4")


def _hidden(made: Workbook) -> None:
    made.active.row_dimensions[3].hidden = True
    made.active.column_dimensions["B"].hidden = True


ERROR = '<row r="2"><c r="A2" t="inlineStr"><is><t>Ghat</t></is></c><c r="B2" t="e"><v>#REF!</v></c></row>'
HEAD = ('<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="inlineStr"><is><t>'
        'lat</t></is></c><c r="C1" t="inlineStr"><is><t>lon</t></is></c></row>')  # fmt: skip


CASES = (
    sheet("numbers as numbers", *GOOD, kept=GOOD),
    sheet("numbers as text with decimal commas", ("Ghat", "24,96", "10,18"),
          read={"decimal": ","}, kept=[("Ghat", 24.96, 10.18)]),
    sheet("blank rows and a total below", *GOOD, (), (None, None, None), ("Total", None, None),
          kept=GOOD, out={7: "total_row"}),
    sheet("merged cells", *GOOD, also=_merged,
          kept=[("Ras Jedir", lat, lon) for _, lat, lon in GOOD]),
    sheet("hidden rows and columns are read", *GOOD, also=_hidden, kept=GOOD),
    sheet("a second sheet is left alone", *GOOD, also=_second, kept=GOOD),
    sheet("all sheets of a pattern", *GOOD, also=_second, read={"sheet": "*"},
          kept=[*GOOD, ("Ghat", 24.96, 10.18)]),
    sheet("a sheet that is not there", *GOOD, read={"sheet": "Sheets"}, refused="nearest: 'Sheet'"),
    sheet("a formula without a value", ("Ghat", "=12+12", 10.18), *GOOD, kept=GOOD,
          out={2: "missing_required"}),
    places("a cell with a failed formula", lambda file: bombs.workbook(file, HEAD + ERROR), **EXCEL,
           out={2: "missing_required"}, fails=True, said=["1 cells hold a failed formula"]),
    sheet("booleans for numbers", ("Ghat", True, False), *GOOD, kept=GOOD,
          out={2: "not_a_position"}),
    sheet("days for numbers", ("Ghat", date(2024, 5, 1), 10.18), *GOOD,
          kept=GOOD, out={2: "not_a_position"}),
    counts("days as days and as numbers", book(("code", "day", "people"),
           ("LBY", datetime(2024, 3, 1, 23, 59), 5), ("LBY", 45353, 6),
           ("LBY", "2024-03-03", 7)), **EXCEL, said=["1 cells of 'day' were read as day numbers"],
           kept=[("LBY", "2024-03-01", 5), ("LBY", "2024-03-02", 6), ("LBY", "2024-03-03", 7)]),
    sheet("a header and no rows"),
    places("a workbook without a cell", book(), **EXCEL, refused="no rows"),
    places("a text under the name of a workbook", "name,lat,lon\nA,33,12\n", **EXCEL,
           refused="a workbook that does not open"),
    places("a web page under the name of a workbook", "<html><table></table></html>", **EXCEL,
           refused="a workbook that does not open"),
    places("an encrypted workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), **EXCEL,
           refused="a workbook that does not open"),
    places("half a workbook", lambda file: (book(NAMES, *GOOD)(file),
           file.write_bytes(file.read_bytes()[:900])), **EXCEL, refused="does not open"),
    places("a sheet that reaches to the last corner",
           lambda file: bombs.workbook(file, HEAD + bombs.text_cell("XFD1048576", "x")), **EXCEL,
           refused="at most 20,000,000 cells"),
    places("a cell of thirty million letters",
           lambda file: bombs.workbook(file, '<row r="1"><c r="A1" t="inlineStr"><is><t>', says=30),
           **EXCEL, refused="200 times"),
)  # fmt: skip
