"""Tables as one workbook: a sheet a table, names first, HXL tags second, no formula anywhere."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from dashboard.handout.neutral import safe_table

_NOT_IN_CELLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MOST_LETTERS = 32_000
HEAD, TAGS = PatternFill("solid", fgColor="E6EBF0"), Font(italic=True, color="46545E")
WIDEST = 60


def workbook(
    sheets: Mapping[str, pd.DataFrame], tags: Mapping[str, Sequence[str]], made: datetime
) -> bytes:
    """XLSX with one sheet a table.

    Parameters
    ----------
    sheets : mapping of str to DataFrame
        Blank is unknown or withheld, 0 an observed zero.
    tags : mapping of str to sequence of str
        HXL tags of the columns of each sheet.
    made : datetime
        What the file says of itself; equal contents say the same.
    """
    book = Workbook(write_only=True)
    book.properties.creator = "Waypost"
    book.properties.created = book.properties.modified = made.replace(tzinfo=None)
    for name, table in sheets.items():
        sheet, safe = book.create_sheet(name), safe_table(table)
        sheet.freeze_panes = "A3"
        for number, width in enumerate(_widths(safe), start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([_styled(sheet, _value(str(n)), Font(bold=True), HEAD) for n in safe])
        sheet.append([_styled(sheet, tag, TAGS, None) for tag in tags[name]])
        for row in safe.itertuples(index=False):
            sheet.append([_value(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _styled(sheet: Any, value: Any, font: Font, fill: PatternFill | None) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.font = font
    if fill is not None:
        cell.fill = fill
    return cell


def _value(value: Any) -> Any:
    """A value as a cell knows it; what is not known is blank."""
    if isinstance(value, str):
        return _NOT_IN_CELLS.sub("", value)[:MOST_LETTERS]
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _widths(table: pd.DataFrame) -> list[int]:
    first = table.head(50)
    return [
        min(WIDEST, max(10, len(str(name)), *(len(str(value)) for value in first[name])) + 1)
        if len(first) else 12
        for name in table
    ]  # fmt: skip
