"""From rows of cells, as a file has them, to one frame of text columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa

from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

FILE, ROW, PROBLEM, GEOMETRY = "_file", "_row", "_problem", "geometry"
OWN = (FILE, ROW, PROBLEM, GEOMETRY)
# Tag rows stand right below the header; some sheets put a translated header between.
TAG_ROW_SOUGHT = 4
SEPARATOR_LINE = "sep="
TAG = re.compile(r"#\s*[a-z][a-z0-9_]*(\s*\+\s*[a-z0-9_]+)*\s*", re.IGNORECASE)
INVISIBLE = "\ufeff\u200b\u200e\u200f\u202a\u202b\u202c"
EDGES = INVISIBLE + "".join(map(chr, filter(lambda code: chr(code).isspace(), range(0x3001))))


class Names(list[str]):
    """Names that all tables made from one another hold in common.

    pandas copies what a table says of itself at each step; a thousand names would be copied a
    thousand times for each column that is looked at.
    """

    def __deepcopy__(self, _: object) -> Names:
        return self


class Tags(dict[str, str]):
    """Tag to column, or column to reason; held in common as :class:`Names` are."""

    def __deepcopy__(self, _: object) -> Tags:
        return self


@dataclass(frozen=True)
class Cells:
    """One row of a file: where a person finds it, its cells, and what is wrong with it."""

    row: int
    cells: Sequence[str | None]
    problem: str | None = None


def frame(rows: Iterable[Cells], read: Read, file: str, *, padded: bool = False) -> pd.DataFrame:
    """Rows of cells as a frame of text columns.

    Parameters
    ----------
    rows : iterable of Cells
        All rows of the file, header and tag row among them.
    padded : bool
        Whether the file itself pads short rows, as sheets do; then no row is ragged.

    Returns
    -------
    DataFrame
        Text columns; ``_file``; ``_row``, int; ``_problem``, text where the row is broken.
        ``attrs["hxl"]`` maps tags to columns, ``attrs["warnings"]`` lists oddities of the file.

    Raises
    ------
    SourceUnreadable
        If there is no header row.
    """
    rest = map(cleaned, rows)
    header = read.names or _header(rest, read, file, filled=padded)
    names, warnings = _unique(header)
    first = list(islice(rest, TAG_ROW_SOUGHT))
    tags = next((row for row in first if _is_tag_row(row.cells)), None)
    body = [row for row in (*first, *rest) if row is not tags and any(row.cells)]
    table = table_of(body, names, file, padded=padded)
    table.attrs = {
        "hxl": _tags(tags, names) if tags else {}, "warnings": warnings, "columns": names,
    }  # fmt: skip
    return table


def records(
    values: Sequence[Mapping[str, str | None]], file: str, rows: Sequence[int] | None = None
) -> pd.DataFrame:
    """Records with named values, such as features or objects, as a frame of text columns."""
    names = list(dict.fromkeys(name for value in values for name in value))
    columns = {name: [clean(value.get(name)) for value in values] for name in names}
    table = pd.DataFrame(columns, dtype="str")
    return placed(table, file, rows if rows is not None else range(1, len(values) + 1))


def shaped(
    values: Sequence[Mapping[str, str | None]], shapes: Sequence[object] | np.ndarray,
    problems: Sequence[str | None], file: str,
) -> pd.DataFrame:  # fmt: skip
    """Records with a shape each, None where there is none, and what is wrong with them."""
    table = records(values, file)
    table[PROBLEM] = pd.array(problems, dtype="str")
    table[GEOMETRY] = np.array(shapes, dtype=object)
    table.attrs = {"hxl": {}, "warnings": []}
    return table


def cleaned(row: Cells) -> Cells:
    """A row with each of its cells cleaned."""
    return Cells(row.row, [*map(clean, row.cells)], row.problem)


def clean(cell: str | None) -> str | None:
    """A cell without blanks and invisible marks at its ends; None if nothing is left."""
    return (cell.strip(EDGES) or None) if cell else None


def tag_of(text: str) -> str:
    r"""A tag in one spelling: without blanks, lower case, attributes sorted.

    >>> tag_of("#Adm2 +name +i_ar"), tag_of("#sector\t")
    ('#adm2+i_ar+name', '#sector')
    """
    tag, *attributes = re.sub(r"\s+", "", text).lower().split("+")
    return "+".join([tag, *sorted(attributes)])


def _header(rows: Iterable[Cells], read: Read, file: str, *, filled: bool) -> list[str]:
    """Names of the columns, out of the rows of the header; ``filled``: merged cells already are."""
    found: list[list[str]] = []
    for row in rows:
        if row.row == 1 and row.cells[:1] == [SEPARATOR_LINE] and not any(row.cells[1:]):
            continue  # a line for one spreadsheet program, in which the separator stands alone
        if found or (row.row >= read.header_row and any(row.cells)):
            found.append([cell or "" for cell in row.cells])
        if len(found) == read.header_rows:
            return _stacked(found, filled=filled)
    raise SourceUnreadable(
        file, "no rows" if not found else "too few rows",
        f"a header in row {read.header_row} and rows below it",
        "Check that the file was saved whole, and header_row and sheet of its declaration.",
    )  # fmt: skip


def _stacked(header: list[list[str]], *, filled: bool) -> list[str]:
    """Names out of several header rows: "Refugees / Women", each word once.

    A name above several columns speaks for all up to the next one.
    """
    width = max(map(len, header))
    levels = [level + [""] * (width - len(level)) for level in header]
    for level in [] if filled else levels[:-1]:
        for place in range(1, width):
            level[place] = level[place] or level[place - 1]
    return [" / ".join(dict.fromkeys(filter(None, names))) for names in zip(*levels, strict=True)]


def _unique(header: Sequence[str]) -> tuple[list[str], list[str]]:
    names: list[str] = []
    twice: list[str] = []
    for number, written in enumerate(header, start=1):
        plain = " ".join(written.split()) or f"column {number}"
        name, repeat = plain, 1
        while name in names:
            repeat += 1
            name = f"{plain} ({repeat})"
        if repeat > 1:
            twice.append(f"the name of column {plain!r} occurs again; read as {name!r}")
        names.append(name)
    return names, twice


def _is_tag_row(cells: Sequence[str | None]) -> bool:
    filled = [text for text in cells if text]
    tags = [text for text in filled if TAG.fullmatch(text)]
    return len(tags) >= 2 and len(tags) == len(filled)


def _tags(row: Cells, names: Sequence[str]) -> dict[str, str]:
    tagged: dict[str, str] = {}
    for text, name in zip(row.cells, names, strict=False):
        if text:
            tagged.setdefault(tag_of(text), name)
    return tagged


def table_of(
    body: Sequence[Cells], names: Sequence[str], file: str, *, padded: bool = False
) -> pd.DataFrame:
    """Cleaned rows under a header as text columns with their place and problem."""
    width = len(names)
    texts: list[list[str | None]] = []
    problems: list[str | None] = []
    for row in body:
        cells = [*row.cells]
        surplus = any(cells[width:])
        ragged = surplus or (len(cells) < width and not padded)
        said = f"{len(cells)} cells where the header has {width}" if ragged else None
        problems.append(row.problem or said)
        texts.append((cells + [None] * width)[:width])
    columns = zip(*texts, strict=True) if texts else ([] for _ in names)
    table = pd.DataFrame(
        {
            name: pd.array(pa.array(column, pa.large_string()), dtype="str")
            for name, column in zip(names, columns, strict=True)
        }
    )
    table = placed(table, file, [row.row for row in body])
    table[PROBLEM] = pd.array(problems, dtype="str")
    return table


def placed(table: pd.DataFrame, file: str, rows: Sequence[int] | np.ndarray) -> pd.DataFrame:
    """The table with file, row number and, as yet, no problem for each row."""
    index = table.index
    return table.assign(
        **{
            FILE: pd.Series(file, index=index, dtype="str"),
            ROW: np.asarray(rows, dtype=np.int64),
            PROBLEM: pd.Series(None, index=index, dtype="str"),
        }
    )
