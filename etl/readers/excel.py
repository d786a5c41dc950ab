"""Workbooks: XLSX and the older and free formats beside it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError  # noqa: S405 - type only

import pandas as pd
import python_calamine as calamine
from defusedxml import DefusedXmlException, ElementTree

from etl import files
from etl.readers import cells
from etl.readers.cells import Cells
from geo_data.errors import SourceUnreadable, nearest, quoted
from geo_data.sources import Read

# The library lays a sheet out as a full rectangle; one stray cell in the last corner of a sheet
# would take the memory of the whole machine, so the rectangle is measured first.
MOST_CELLS = 20_000_000
# Patterns that begin with letters, not with a choice, are found three times as fast.
ROW_NUMBERS = tuple(re.compile(rb"r=" + mark + rb"[A-Z]{1,3}(\d{1,7})") for mark in (b'"', b"'"))
COLUMN_LETTERS = tuple(re.compile(rb"r=" + mark + rb"([A-Z]{1,3})") for mark in (b'"', b"'"))
ERROR = re.compile(rb't="e"')
ERROR_LENGTH = 5
FAILED = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
SHEET = "_sheet"
CHUNK, OVERLAP = 1 << 22, 256


def read(path: Path, declared: Read) -> pd.DataFrame:
    """Sheets as text columns; ``_row`` is the row number that the program shows.

    Several sheets, asked for by a list or a pattern, stand below each other with their name in
    ``_sheet``. Hidden rows are read like others; cells with a failed formula are unknown.
    """
    failed = _failed_cells(path)
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        wanted = _sheet_names(path, book.sheet_names, declared.sheet)
        sheets = [book.get_sheet_by_name(name) for name in wanted]
        grids = [sheet.to_python(skip_empty_area=False) for sheet in sheets]
    except (calamine.CalamineError, OSError, ValueError) as problem:
        raise SourceUnreadable(
            path.name, f"a workbook that does not open ({quoted(problem)})",
            "a workbook without password", "Open it in a spreadsheet program and save it again.",
        ) from problem  # fmt: skip
    several = isinstance(declared.sheet, list) or declared.sheet not in (None, *wanted)
    tables = []
    for name, sheet, grid in zip(wanted, sheets, grids, strict=True):
        merged = sheet.merged_cell_ranges or []
        _fill_merged(grid, merged)
        shown = f"{path.name}/{name}" if several else path.name
        table = cells.frame(_rows(grid), declared, shown, padded=True)
        table.attrs["warnings"] += _doubts(grid, merged, declared, failed.get(name, 0))
        tables.append(table)
    return _together(tables, wanted) if several else tables[0]


def as_text(value: Any) -> str | None:
    """A cell as the text that a person would type: 16 for 16.0, ISO 8601 for dates.

    >>> as_text(16.0), as_text(0.1), as_text(True), as_text(date(2021, 5, 1)), as_text("0201")
    ('16', '0.1', 'true', '2021-05-01', '0201')
    """
    if type(value) is str:
        return None if value in FAILED else value
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _together(tables: list[pd.DataFrame], names: Sequence[str]) -> pd.DataFrame:
    columns = [set(table.attrs["columns"]) for table in tables]
    warnings = [
        f"sheet {name!r}: {text}" for name, table in zip(names, tables, strict=True)
        for text in table.attrs["warnings"]
    ]  # fmt: skip
    for name, own in zip(names, columns, strict=True):
        if lacking := sorted(set.union(*columns) - own):
            warnings.append(f"sheet {name!r} has no column {', '.join(map(repr, lacking))}")
    parts = [table.assign(**{SHEET: name}) for name, table in zip(names, tables, strict=True)]
    table = pd.concat(parts, ignore_index=True).astype({SHEET: "str"})
    hxl = {tag: name for part in tables for tag, name in part.attrs["hxl"].items()}
    table.attrs = {"hxl": hxl, "warnings": warnings}
    return table


def _doubts(grid: list[list[Any]], merged: list[Any], declared: Read, failed: int) -> list[str]:
    doubts = []
    top = declared.header_row - 1
    across = any(first[0] <= top <= last[0] and last[1] > first[1] for first, last in merged)
    if across and declared.header_rows == 1 and not declared.names:
        doubts.append("the header has cells merged over several columns; if its names go on in the "
                      "row below, declare header_rows = 2")  # fmt: skip
    failed += sum(value in FAILED for row in grid for value in row if type(value) is str)
    if failed:
        doubts.append(
            f"{failed} cells hold a failed formula, such as #N/A or #REF!; read as unknown"
        )
    return doubts


def _fill_merged(grid: list[list[Any]], ranges: list[Any]) -> None:
    """Give every cell of a merged block its value, as people read it."""
    for (top, left), (bottom, right) in ranges:
        for row in grid[top : bottom + 1]:
            row[left : right + 1] = [grid[top][left]] * len(row[left : right + 1])


def _rows(grid: list[list[Any]]) -> Iterator[Cells]:
    for number, row in enumerate(grid, start=1):
        yield Cells(number, [as_text(value) for value in row])


def _sheet_names(path: Path, present: list[str], wanted: str | list[str] | None) -> list[str]:
    """Sheets wanted, in the order of the workbook; each name or pattern must find one."""
    if present and wanted is None:
        return present[:1]
    found: set[str] = set()
    for pattern in [wanted] if isinstance(wanted, str) else wanted or [""]:
        fitting = [name for name in present if name == pattern or fnmatchcase(name, pattern)]
        if not fitting:
            near = nearest(pattern, present)
            raise SourceUnreadable(
                path.name, f"sheets {', '.join(present) or 'none'}",
                f"a sheet {pattern or 'of any name'!r}",
                f"Correct sheet of the declaration{f'; nearest: {near!r}' if near else ''}.",
            )  # fmt: skip
        found.update([pattern] if pattern in fitting else fitting)
    return [name for name in present if name in found]


def _failed_cells(path: Path) -> dict[str, int]:
    """Failed formulas of each sheet of an XLSX; sheets with stray cells far away are refused."""
    if not zipfile.is_zipfile(path):
        return {}
    failed = {}
    with files.archive(path) as packed:
        titles = _titles(packed)
        parts = [name for name in packed.namelist() if re.match(r"xl/worksheets/[^/]+\.xml", name)]
        for name in parts:
            with packed.open(name) as stream:
                rows, columns, broken = _extent(iter(lambda: stream.read(CHUNK), b""))
            failed[titles.get(name, name)] = broken
            if rows * columns > MOST_CELLS:
                raise SourceUnreadable(
                    path.name, f"a sheet of {rows:,} rows and {columns:,} columns",
                    f"at most {MOST_CELLS:,} cells",
                    "Delete the empty rows and columns behind the table and save it again.",
                )  # fmt: skip
    return failed


def _titles(packed: zipfile.ZipFile) -> dict[str, str]:
    """Part of the archive to the title of the sheet in it."""
    try:
        links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
        book = ElementTree.fromstring(packed.read("xl/workbook.xml"), forbid_dtd=True)
    except (KeyError, ParseError, DefusedXmlException):
        return {}
    targets = {one.get("Id"): one.get("Target", "").removeprefix("/xl/") for one in links}
    titles = {}
    for sheet in (one for one in book.iter() if one.tag.endswith("}sheet")):
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        titles[f"xl/{targets.get(link)}"] = sheet.get("name", "")
    return titles


def _extent(chunks: Iterator[bytes]) -> tuple[int, int, int]:
    """Last row and column of a sheet's cells, and how many hold an error."""
    rows, columns, failed, before = 0, 0, 0, b""
    for chunk in chunks:
        text = before + chunk
        for row, column in zip(ROW_NUMBERS, COLUMN_LETTERS, strict=True):
            rows = max([rows, *map(int, set(row.findall(text)))])
            columns = max([columns, *map(_number, set(column.findall(text)))])
        failed += len(ERROR.findall(text, max(0, len(before) - ERROR_LENGTH)))
        before = chunk[-OVERLAP:]
    return rows, columns, failed


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
