"""Files of a source as one table of text; nothing after this knows how the file was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from etl import files as source_files
from etl.readers import delimited, excel, json_records, kobo, parquet, vector, xml
from etl.readers.cells import FILE, GEOMETRY, OWN, PROBLEM, ROW, Names, Tags, clean
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Read, Source

__all__ = ["FILE", "GEOMETRY", "OWN", "PROBLEM", "ROW", "read_table"]

CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
CONTROL_BYTES = np.isin(
    np.arange(256), [code for code in (*range(32), 127) if chr(code) not in "\t\n\r"]
)
READERS: dict[str, Callable[[Path, Read], pd.DataFrame]] = {
    "delimited": delimited.read,
    "excel": excel.read,
    "vector": vector.read,
    "topojson": vector.read,
    "parquet": parquet.read,
    "json": json_records.read,
    "kobo": kobo.read,
    "xml": xml.read,
    "shakemap": xml.read,
    "cap": xml.read,
    "georss": xml.read,
}


def read_table(source: Source, files: Sequence[Path], settings: Settings) -> pd.DataFrame:
    """All records of a source as text, as they stand in its files.

    Returns
    -------
    DataFrame
        The provider's columns as text, blanks and declared missing words as null, no type guessed;
        ``_file``; ``_row``, the line, sheet row or record number from 1; ``_problem``, text where
        the row itself is broken; of vector layers ``geometry``. ``attrs`` hold ``hxl`` (tag to
        column), ``warnings``, ``file`` (the first) and ``columns`` (names in the files).

    Raises
    ------
    SourceUnreadable
        If a file is not what the declaration says.
    """
    read = READERS.get(source.read.format)
    if read is None:
        raise SourceUnreadable(
            source.key, f"format {source.read.format!r}", f"a table: {', '.join(READERS)}",
            f"Job {source.job!r} cannot use it.",
        )  # fmt: skip
    parts = []
    for path in files:
        source_files.refuse_oversized(path, settings)
        try:
            parts.append(read(path, source.read))
        except OSError as problem:
            raise SourceUnreadable(
                path.name, f"a file that cannot be read ({problem.strerror})",
                "a file that stays in its place while it is read", "Run again when it is whole.",
            ) from None  # fmt: skip
    table = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    promised = max(part.attrs.get("promised", 0) for part in parts)
    missing = [f"{len(table)} records out of {promised}; see that all pages are among the files"]
    table.attrs = {
        "hxl": Tags({tag: name for part in parts for tag, name in part.attrs["hxl"].items()}),
        "warnings": [text for part in parts for text in part.attrs["warnings"]]
        + (missing if promised > len(table) else []),
        "file": files[0].name,
        "columns": Names(name for name in table.columns if name not in OWN),
    }
    return _known(_without_controls(_with_declared(table, source)), source.read)


def _with_declared(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    """A list without records names no columns; then the declared ones are there, and empty."""
    if len(table) or table.attrs["columns"]:
        return table
    listed = [[one] if isinstance(one, str) else one for one in source.columns.values()]
    names = [name for names in listed for name in names] + [one.column for one in source.measures]
    for name in [*names, *source.where]:
        table[name] = pd.Series([], dtype="str")
    table.attrs["columns"] = Names(name for name in table.columns if name not in OWN)
    return table


def _without_controls(table: pd.DataFrame) -> pd.DataFrame:
    """The table without characters that steer machines; other programs choke on them."""
    cells = 0
    for name in table.attrs["columns"]:
        texts = pa.chunked_array(pa.array(table[name].array, pa.large_string()))
        if not any(CONTROL_BYTES[_letters(chunk)].any() for chunk in texts.chunks):
            continue
        steering = pc.fill_null(pc.match_substring_regex(texts, CONTROLS), False)
        cells += pc.sum(steering).as_py()
        kept = pc.replace_substring_regex(texts, CONTROLS, "")
        table[name] = pd.array(kept, dtype="str")
    if cells:
        table.attrs["warnings"].append(f"{cells} cells held control characters, which were removed")
    return table


def _letters(texts: pa.Array) -> np.ndarray:
    """All bytes of a column of texts, a few of its neighbours perhaps among them."""
    held = texts.buffers()[2]
    return np.frombuffer(held or b"", dtype=np.uint8)


def _known(table: pd.DataFrame, read: Read) -> pd.DataFrame:
    for name in table.attrs["columns"]:
        texts = table[name]
        if read.html:
            texts = texts.map(_without_markup, na_action="ignore").astype("str")
        if read.missing:
            texts = texts.mask(texts.isin(read.missing))
        table[name] = texts
    return table


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.code = False

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.code = tag in ("script", "style")
        if tag in ("br", "p", "li", "div"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.code = False


def _without_markup(text: str) -> str | None:
    parser = _Text()
    parser.feed(text)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).splitlines())
    return clean("\n".join(line for line in lines if line))
