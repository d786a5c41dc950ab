"""How a file that nobody declared wants to be read, found by trying, with the doubts that stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pandas as pd

from etl.readers import GEOMETRY, read_table
from etl.ways import ways
from geo_data.errors import SourceUnreadable, WaypostError
from geo_data.settings import Settings
from geo_data.sources import Read, Source

MISSING = (
    "N/A", "NA", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None", "-", "--", "..", "...", "?",
    "s/d", "n.d.", "nd", "ND", "غير متوفر", "لا يوجد", "-99", "-999", "-9999", "-999.0", "-9999.0",
)  # fmt: skip


@dataclass
class Sounding:
    """A way to read a file, the table it gives, and what is not certain about it."""

    read: Read
    table: pd.DataFrame
    doubts: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The provider's columns."""
        return [str(name) for name in self.table.attrs["columns"]]


def sounded(file: Path, kind: str, settings: Settings) -> Sounding:
    """The first way to read a table that works.

    Raises
    ------
    SourceUnreadable
        If none does.
    """
    problem: WaypostError | None = None
    for read, doubts in ways(file, kind):
        try:
            table = read_table(source_of(file, read), [file], settings)
        except SourceUnreadable as refused:
            problem = problem or refused
            continue
        words = _missing_words(table)
        if words:
            read = msgspec.structs.replace(read, missing=words)
            table = read_table(source_of(file, read), [file], settings)
            doubts = [*doubts, *_doubts_of(words, table)]
        return Sounding(read, table, [*doubts, *table.attrs["warnings"]])
    raise problem or SourceUnreadable(
        file.name, "no table in it", "a table", "Check that the file was saved whole."
    )


def source_of(file: Path, read: Read) -> Source:
    """A declaration that says nothing but how to read one file."""
    return Source(
        key="checked", title=file.name, owner="unknown", licence="unknown", job="landmarks",
        path=file.name, read=read,
    )  # fmt: skip


def _missing_words(table: pd.DataFrame) -> list[str]:
    """Words for "not known" among the cells; a number only where it falls out of all others."""
    seen: set[str] = set()
    for name in table.attrs["columns"]:
        if name == GEOMETRY:
            continue
        found = table[name].isin(MISSING)
        words = set(table.loc[found, name])
        numbers = [word for word in words if word.startswith("-9")]
        for word in numbers:
            others = pd.to_numeric(table.loc[~found, name], errors="coerce").dropna()
            if len(others) == 0 or others.min() < 0:
                words.discard(word)
        seen |= words
    return [word for word in MISSING if word in seen]


def _doubts_of(words: Sequence[str], table: pd.DataFrame) -> list[str]:
    said = [f"missing: {', '.join(map(repr, words))} taken for 'not known'"]
    if "NA" in words:
        codes = [n for n in table.attrs["columns"] if _two_letters(table[n])]
        said += [f"missing: 'NA' in column {name!r} may be Namibia" for name in codes]
    return said


def _two_letters(texts: pd.Series) -> bool:
    filled = texts.dropna().head(200)
    return len(filled) > 0 and bool(filled.str.fullmatch("[A-Z]{2}").all())
