"""Delimited text that keeps its rules, read a column at a time.

Only records whose quotes and separators are all where they should be are read here; the others are
left to the careful reader, so that both give the same cells, lines and problems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from etl.readers import cells
from etl.readers.cells import Cells
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

Places = NDArray[np.int64]
Careful = Callable[[str], Iterator[Cells]]

QUOTE, NEWLINE, RETURN = b'"'[0], b"\n"[0], b"\r"[0]
# Records read carefully in any case, so that header and tag row are found there.
HEAD_RECORDS = 64
BLOCK = 1 << 22


@dataclass(frozen=True)
class Records:
    """Where the records of a text stand.

    Attributes
    ----------
    begins, ends : int array, shape (records,)
        First byte, and the one behind the last, line end included.
    line : int array
        Line on which each begins, from 1.
    cells : int array
        Cells in each.
    """

    begins: Places
    ends: Places
    line: Places
    cells: Places


def read(raw: bytes, declared: Read, file: str, careful: Careful) -> pd.DataFrame | None:
    """The table of a regular text; None if it must be read carefully from its first line.

    Parameters
    ----------
    raw : bytes
        UTF-8.
    careful : callable
        Rows of a text, numbered from 1, by the careful reader.
    """
    found = _records(np.frombuffer(raw, dtype=np.uint8), declared.delimiter)
    head = declared.header_row + HEAD_RECORDS
    if found is None or len(found.line) <= head:
        return None
    try:
        above = cells.frame(careful(raw[: found.ends[head - 1]].decode()), declared, file)
    except SourceUnreadable:  # no header up here; let it be sought everywhere
        return None
    names = above.attrs["columns"]
    fits = found.cells[head:] == len(names)
    try:
        middle = _columns(_joined(raw, found, head, fits), names, declared.delimiter)
    except pa.ArrowInvalid:
        return None
    rest = _carefully(raw, found, head + np.flatnonzero(~fits), careful)
    parts = [
        above, _placed(middle, names, found.line[head:][fits], file),
        cells.table_of(rest, names, file),
    ]  # fmt: skip
    table = pd.concat([part for part in parts if len(part)] or [above], ignore_index=True)
    if rest:
        table = table.sort_values(cells.ROW, kind="stable", ignore_index=True)
    table.attrs = above.attrs
    return table


def _records(text: NDArray[np.uint8], delimiter: str) -> Records | None:
    """Where records stand; None if quotes or line ends leave a doubt about it."""
    newlines, quotes = np.flatnonzero(text == NEWLINE), np.flatnonzero(text == QUOTE)
    separator = delimiter.encode()
    if len(separator) != 1 or (text == 0).any() or not _ends_fit(text, newlines):
        return None
    if not _quotes_fit(text, quotes, separator[0]):
        return None
    separators = np.flatnonzero(text == separator[0])
    if len(quotes):
        separators = separators[np.searchsorted(quotes, separators) % 2 == 0]
    outside = np.searchsorted(quotes, newlines) % 2 == 0
    ends = newlines[outside] + 1
    if not len(ends) or ends[-1] < len(text):
        ends = np.append(ends, len(text))
    begins = np.concatenate([[0], ends[:-1]])
    line = 1 + np.searchsorted(newlines, begins)
    last = np.searchsorted(separators, ends)
    blank = (ends - begins) <= 1 + ((text[np.maximum(ends - 2, 0)] == RETURN) & (ends - begins > 1))
    blank &= text[ends - 1] == NEWLINE
    return Records(begins, ends, line, np.where(blank, 0, 1 + np.diff(last, prepend=0)))


def _ends_fit(text: NDArray[np.uint8], newlines: Places) -> bool:
    """Whether every carriage return stands before a line feed; alone it would end a line too."""
    returns = np.flatnonzero(text == RETURN)
    return bool((returns < len(text) - 1).all() and (text[returns + 1] == NEWLINE).all())


def _quotes_fit(text: NDArray[np.uint8], quotes: Places, separator: int) -> bool:
    """Whether each quote opens a cell, closes one, or is doubled inside one."""
    if len(quotes) % 2:
        return False
    edges = np.array([separator, NEWLINE, RETURN, QUOTE], dtype=np.uint8)
    before = text[np.maximum(quotes[::2] - 1, 0)]
    after = text[np.minimum(quotes[1::2] + 1, len(text) - 1)]
    opening = np.isin(before, edges) | (quotes[::2] == 0)
    closing = np.isin(after, edges) | (quotes[1::2] == len(text) - 1)
    return bool(opening.all() and closing.all())


def _joined(raw: bytes, found: Records, head: int, fits: NDArray[np.bool_]) -> bytes:
    """The bytes of the records that fit, from a record on."""
    if fits.all():
        return raw[found.begins[head] :]
    turns = np.flatnonzero(np.diff(fits, prepend=False, append=False)).reshape(-1, 2) + head
    return b"".join(raw[found.begins[first] : found.ends[last - 1]] for first, last in turns)


def _columns(text: bytes, names: Sequence[str], delimiter: str) -> list[pa.ChunkedArray]:
    if not text:
        return [pa.chunked_array([], pa.large_string()) for _ in names]
    numbers = [str(number) for number in range(len(names))]
    table = csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(column_names=numbers, block_size=BLOCK),
        parse_options=csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(numbers, pa.large_string()), strings_can_be_null=False
        ),
    )
    return [_clean(column) for column in table.columns]


def _clean(column: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim(column, characters=cells.EDGES)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.large_string()), trimmed)


def _placed(
    columns: Sequence[pa.ChunkedArray], names: Sequence[str], lines: Places, file: str
) -> pd.DataFrame:
    texts = {name: pd.array(one, dtype="str") for name, one in zip(names, columns, strict=True)}
    table = cells.placed(pd.DataFrame(texts), file, lines)
    filled = np.zeros(len(table), dtype=bool)
    for column in columns:
        if filled.all():
            return table
        filled |= pc.is_valid(column).to_numpy()
    return table if filled.all() else table[filled]


def _carefully(raw: bytes, found: Records, which: Places, careful: Careful) -> list[Cells]:
    """Rows of the records that do not fit, blank ones left out."""
    texts = ((n, raw[found.begins[n] : found.ends[n]].decode()) for n in which)
    rows = chain.from_iterable(
        (Cells(int(found.line[n]), row.cells, row.problem) for row in careful(text))
        for n, text in texts
    )
    return [row for row in map(cells.cleaned, rows) if any(row.cells)]
