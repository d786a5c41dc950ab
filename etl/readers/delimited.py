"""Text files with separators: CSV and its relatives."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from etl.encodings import decodes
from etl.readers import cells, regular
from etl.readers.cells import Cells
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

# Tried on a file that is not in its declared encoding; the last one reads anything.
CANDIDATES = ("utf-8", "windows-1252", "windows-1256", "latin-1")
BYTE_ORDER_MARKS = {
    b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}  # fmt: skip
# How files begin that are no text at all, whatever they are called.
NO_TEXT = {
    b"PK\x03\x04": "a workbook or another zip archive", b"\x1f\x8b": "an archive packed by gzip",
    b"%PDF": "a PDF document", b"\xd0\xcf\x11\xe0": "an old workbook or document",
    b"SQLite format 3\0": "a database", b"PAR1": "a Parquet file",
}  # fmt: skip
WEB_PAGE = re.compile(rb"[\s\xef\xbb\xbf]*<(!doctype\s+html|html)\b", re.IGNORECASE)
DELIMITERS = ",;\t|"
# Two-letter traces that UTF-8 leaves when it is taken for windows-1252, in Latin and Arabic text.
MOJIBAKE = re.compile("Ã[©¨ªàâ§´®¯±¶¼]|â€[™œ“”¦]|Ø[§¨ªÂ\u00a0-\u00bf]Ù")
TRACES = ("Ã", "â€", "Ø")
SNIFFED = 4096
LONGEST_CELL = 10_000_000


def read(path: Path, declared: Read) -> pd.DataFrame:
    """A delimited file as text columns; ``_row`` is the line on which a record begins."""
    raw = path.read_bytes()
    text = decoded(raw, declared.encoding, path.name)
    if not text.strip():
        raise SourceUnreadable(
            path.name, "an empty file", "a header and rows",
            "Check that the download or export was complete.",
        )  # fmt: skip
    _refuse_other_delimiter(text, declared, path.name)
    doubts = _doubts(raw, text, declared.encoding)
    table = table_of(text, declared, path.name)
    table.attrs["warnings"] += doubts
    return table


def table_of(text: str, declared: Read, file: str) -> pd.DataFrame:
    """The table of a delimited text: a column at a time where it is regular, else by the row."""

    def careful(part: str) -> Iterator[Cells]:
        return _rows(part, declared.delimiter, file)

    table = regular.read(text.encode("utf-8", "replace"), declared, file, careful)
    return table if table is not None else cells.frame(careful(text), declared, file)


def decoded(raw: bytes, encoding: str, file: str) -> str:
    """Text of a file's bytes.

    Raises
    ------
    SourceUnreadable
        If the bytes do not fit the encoding; says where, and which encodings would fit.
    """
    _refuse_no_text(raw, file)
    try:
        text = raw.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        fitting = " or ".join(_fitting(raw, encoding))
        raise SourceUnreadable(
            file, f"bytes that are not {encoding}, at byte {problem.start}, line {line}",
            f"text in {encoding}",
            f"Declare encoding {fitting}, which decodes it, and check the letters it gives.",
        ) from None  # fmt: skip
    except (LookupError, ValueError):
        found, advice = f"encoding {encoding!r}", "Correct encoding of the source's declaration."
        raise SourceUnreadable(file, found, "a known encoding", advice) from None
    _refuse_zeros(text, encoding, file)
    return text


def _refuse_no_text(raw: bytes, file: str) -> None:
    kinds = (kind for start, kind in NO_TEXT.items() if raw.startswith(start))
    found = "a web page" if WEB_PAGE.match(raw[:SNIFFED]) else next(kinds, None)
    if found:
        raise SourceUnreadable(
            file, found, "text",
            "Unpack it or export the table as text, or declare the format that it has.",
        )  # fmt: skip


def _refuse_zeros(text: str, encoding: str, file: str) -> None:
    """UTF-16 without its mark passes for UTF-8 with a zero beside every Latin letter."""
    zeros = text.count("\0", 0, SNIFFED)
    if zeros > len(text[:SNIFFED]) / 8:
        wide = "utf-16-be" if text.startswith("\0") else "utf-16-le"
        raise SourceUnreadable(
            file, f"zero bytes between its letters, read as {encoding}", f"text in {encoding}",
            f"Declare encoding = {wide!r}.",
        )  # fmt: skip


def _refuse_other_delimiter(text: str, declared: Read, file: str) -> None:
    lines = [line for line in text.split("\n", declared.header_row + 1)[:-1] if line.strip()]
    if len(declared.delimiter) != 1 or declared.delimiter in '"\r\n':
        raise SourceUnreadable(
            file, f"delimiter {declared.delimiter!r} in its declaration",
            "one character that neither quotes nor ends a line",
            "Declare delimiter = ',' or another single character.",
        )  # fmt: skip
    header = lines[min(declared.header_row, len(lines)) - 1] if lines else ""
    others = {one: header.count(one) for one in DELIMITERS if one != declared.delimiter}
    best = max(others, key=lambda one: others[one])
    if declared.delimiter not in header and others[best] > 1:
        raise SourceUnreadable(
            file, f"cells divided by {best!r}", f"cells divided by {declared.delimiter!r}",
            f"Declare delimiter = {best!r}.",
        )  # fmt: skip


def _doubts(raw: bytes, text: str, encoding: str) -> list[str]:
    """What suggests that the letters are not the ones that were written."""
    if "utf" not in encoding.lower() and not text.isascii() and decodes(raw, "utf-8"):
        return [f"the file is valid UTF-8 although {encoding} is declared; check its letters"]
    if any(trace in text for trace in TRACES) and MOJIBAKE.search(text):
        return ["letters look as if UTF-8 had been read as windows-1252 before the file was saved"]
    return []


def _fitting(raw: bytes, tried: str) -> list[str]:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            return [encoding]
    return [encoding for encoding in CANDIDATES if encoding != tried and decodes(raw, encoding)][:2]


def _rows(text: str, delimiter: str, file: str) -> Iterator[Cells]:
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        begins = rows.line_num + 1
        try:
            yield Cells(begins, next(rows))
        except StopIteration:
            return
        except csv.Error as problem:
            if "unexpected end" in str(problem):
                raise SourceUnreadable(
                    file, f"a quoted cell that begins on line {begins} and never ends",
                    "a closing quote", "Mend the quotes of that line, or ask for the file again.",
                ) from None  # fmt: skip
            yield Cells(begins, ["?"], f"line cannot be split into cells ({problem})")
