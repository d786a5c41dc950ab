"""A wide table of a release, column by column: what nobody asks for takes no memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

WORDS = 255
SAMPLE = 4_096
RARE_SHARE = 0.2
"""Of the sample: a column with more values beside its commonest ones is held as it is."""
_CHUNK = 1 << 20


@dataclass(frozen=True, eq=False)
class Packed:
    """A column in little memory, back to the bit: one byte a row where few values make most of it.

    Attributes
    ----------
    rows : int
    codes : array
        Number of the word of each row; the column itself if it has no words; empty if it has one.
    words : array
        At most 255 values, ascending.
    rare_at, rare : uint32 and any array
        Rows whose value is no word, and their values.
    """

    rows: int
    codes: np.ndarray
    words: np.ndarray
    rare_at: np.ndarray
    rare: np.ndarray

    @classmethod
    def of(cls, column: np.ndarray) -> Packed:
        """Pack a column of numbers."""
        column = np.asarray(column)
        as_it_is = cls(len(column), column, column[:0], np.empty(0, np.uint32), column[:0])
        if not len(column) or column.dtype.itemsize == 1:
            return as_it_is
        words, sure = _common(column)
        if sure < 1 - RARE_SHARE:
            return as_it_is
        codes, rare_at = _coded(column, words)
        if len(rare_at) * (4 + column.itemsize) > len(column) * (column.itemsize - 1):
            return as_it_is
        if len(words) == 1 and not len(rare_at):
            codes = codes[:0]
        return cls(len(column), codes, words, rare_at, column[rare_at])

    def column(self) -> np.ndarray:
        """The column as it was; only one that was not packed shares its memory."""
        if not len(self.words):
            return self.codes
        if not len(self.codes):
            return np.repeat(self.words, self.rows)
        column = self.words[self.codes]
        column[self.rare_at] = self.rare
        return column

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return sum(part.nbytes for part in (self.codes, self.words, self.rare_at, self.rare))


def _common(column: np.ndarray) -> tuple[np.ndarray, float]:
    """The commonest values of a sample, ascending, and the share of it that they make up."""
    sample = column[:: max(1, len(column) // SAMPLE)]
    words, count = np.unique(sample, return_counts=True)
    kept = np.sort(np.argsort(-count, kind="stable")[:WORDS])
    return words[kept], float(count[kept].sum() / len(sample))


def _coded(column: np.ndarray, words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of each row's word, and the rows that have none; in parts, for its own memory."""
    codes, missed = np.empty(len(column), np.uint8), []
    for start in range(0, len(column), _CHUNK):
        part = column[start : start + _CHUNK]
        place = np.minimum(np.searchsorted(words, part), len(words) - 1)
        codes[start : start + _CHUNK] = place
        missed.append(np.flatnonzero(words[place] != part) + start)
    return codes, np.concatenate(missed).astype(np.uint32)


class Columns:
    """Columns of one table, read when first asked for and then held once, packed."""

    def __init__(self, read: Callable[[list[str]], pa.Table]) -> None:
        self.read = read
        self._held: dict[str, Packed] = {}

    @classmethod
    def of(cls, columns: Mapping[str, np.ndarray]) -> Columns:
        """Columns that are at hand; what is packed no longer needs their memory."""

        def read(names: list[str]) -> pa.Table:
            raise KeyError(f"no column {names}")

        made = cls(read)
        made._held = {name: Packed.of(column) for name, column in columns.items()}
        return made

    @property
    def names(self) -> list[str]:
        """Columns held."""
        return list(self._held)

    @property
    def nbytes(self) -> int:
        """Memory of the columns held."""
        return sum(column.nbytes for column in self._held.values())

    def frame(self, names: list[str]) -> pd.DataFrame:
        """Some columns as a table; it may share their memory and must not be written to."""
        missing = [name for name in names if name not in self._held]
        if missing:
            arrow = self.read(missing)
            for name in missing:
                self._held[name] = Packed.of(arrow[name].to_pandas().to_numpy())
        return pd.DataFrame({name: self._held[name].column() for name in names}, copy=False)
