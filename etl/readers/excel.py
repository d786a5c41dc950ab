"""Workbooks: XLSX and the older and free formats beside it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import python_calamine as calamine

from etl import files
from etl.readers import cells
from etl.readers.cells import Cells
from geo_data.errors import SourceUnreadable, nearest
from geo_data.sources import Read

# The library lays a sheet out as a full rectangle; one stray cell in the last corner of a sheet
# would take the memory of the whole machine, so the rectangle is measured first.
MOST_CELLS = 20_000_000
POSITION = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
CHUNK, OVERLAP = 1 << 22, 256


def read(path: Path, declared: Read) -> pd.DataFrame:
    """One sheet as text columns; ``_row`` is the row number that the program shows."""
    _refuse_stray_cells(path)
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        sheet = book.get_sheet_by_name(_sheet_name(path, book.sheet_names, declared.sheet))
        grid = sheet.to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError, ValueError) as problem:
        raise SourceUnreadable(
            path.name, f"a workbook that does not open ({problem})", "a workbook without password",
            "Open it in a spreadsheet program and save it again.",
        ) from problem  # fmt: skip
    _fill_merged(grid, sheet.merged_cell_ranges or [])
    return cells.frame(_rows(grid), declared, path.name, padded=True)


def as_text(value: Any) -> str | None:
    """A cell as the text that a person would type: 16 for 16.0, ISO 8601 for dates.

    >>> as_text(16.0), as_text(0.1), as_text(True), as_text(date(2021, 5, 1)), as_text("0201")
    ('16', '0.1', 'true', '2021-05-01', '0201')
    """
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _fill_merged(grid: list[list[Any]], ranges: list[Any]) -> None:
    """Give every cell of a merged block its value, as people read it."""
    for (top, left), (bottom, right) in ranges:
        for row in grid[top : bottom + 1]:
            row[left : right + 1] = [grid[top][left]] * len(row[left : right + 1])


def _rows(grid: list[list[Any]]) -> Iterator[Cells]:
    for number, row in enumerate(grid, start=1):
        yield Cells(number, [as_text(value) for value in row])


def _sheet_name(path: Path, present: list[str], wanted: str | None) -> str:
    if present and (wanted is None or wanted in present):
        return wanted or present[0]
    near = nearest(wanted or "", present)
    raise SourceUnreadable(
        path.name, f"sheets {', '.join(present) or 'none'}", f"a sheet {wanted or 'of any name'!r}",
        f"Correct sheet of the declaration{f'; nearest: {near!r}' if near else ''}.",
    )  # fmt: skip


def _refuse_stray_cells(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    with files.archive(path) as packed:
        sheets = [name for name in packed.namelist() if re.match(r"xl/worksheets/[^/]+\.xml", name)]
        for name in sheets:
            with packed.open(name) as stream:
                rows, columns = _extent(iter(lambda: stream.read(CHUNK), b""))
            if rows * columns > MOST_CELLS:
                raise SourceUnreadable(
                    path.name, f"a sheet of {rows:,} rows and {columns:,} columns",
                    f"at most {MOST_CELLS:,} cells",
                    "Delete the empty rows and columns behind the table and save it again.",
                )  # fmt: skip


def _extent(chunks: Iterator[bytes]) -> tuple[int, int]:
    rows, columns, before = 0, 0, b""
    for chunk in chunks:
        found = POSITION.findall(before + chunk)
        rows = max([rows, *(int(row) for _, row in found)])
        columns = max([columns, *(_number(letters) for letters in {one for one, _ in found})])
        before = chunk[-OVERLAP:]
    return rows, columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
