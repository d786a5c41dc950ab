"""What became of every row: ``rows in = accepted + quarantined``, with a reason for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from etl import personal
from geo_data import tables

# Rules that say "not meant for this operation" rather than "wrong": they give no warning.
SCOPE_RULES = frozenset({"outside_operation", "not_selected", "superseded", "repeated_row"})
FAIL_SHARE = 0.5


@dataclass
class Quarantine:
    """Rejected rows of one source, kept with the rule that each broke.

    A row is rejected once, by the first rule that it breaks.
    """

    source: str
    parts: list[pd.DataFrame] = field(default_factory=list)

    def reject(
        self, table: pd.DataFrame, bad: np.ndarray | pd.Series, *, rule: str, expected: str,
        advice: str, column: str | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """The rows of a table that are not bad; the bad ones are kept here.

        Parameters
        ----------
        table : DataFrame
            With ``_file`` and ``_row`` (1-based line or record in the file).
        bad : bool array, shape (rows,)
        rule : str
            Its name, snake_case, the same everywhere.
        expected, advice : str
            What a right value looks like; what to do about it.
        column : str, optional
            Column that holds the wrong value.
        """
        bad = np.asarray(bad, dtype=bool)
        if not bad.any():
            return table
        rows = table[bad]
        found = rows[column].map(_shown) if column in rows else None
        self.parts.append(
            pd.DataFrame(
                {
                    "source": self.source,
                    "file": rows["_file"],
                    "row": rows["_row"],
                    "rule": rule,
                    "column": column,
                    "found": found,
                    "expected": expected,
                    "advice": advice,
                    "count": 1,
                }  # fmt: skip
            )
        )
        return table[~bad]

    def reject_many(
        self,
        file: str,
        count: int,
        *,
        rule: str,
        column: str,
        found: str,
        expected: str,
        advice: str,
    ) -> None:
        """Reject rows that are too many to list one by one, such as the pixels of a raster."""
        if count:
            entry = {
                "source": self.source, "file": file, "row": pd.NA, "rule": rule, "column": column,
                "found": found, "expected": expected, "advice": advice, "count": count,
            }  # fmt: skip
            self.parts.append(pd.DataFrame([entry]))

    def table(self) -> pd.DataFrame:
        """All rejected rows, in the shape of the release's quarantine table."""
        if not self.parts:
            return tables.empty("quarantine")
        return pd.concat(self.parts, ignore_index=True)[tables.schema("quarantine").names]


@dataclass(frozen=True)
class Repair:
    """A mend that was made to accepted rows, by rule; reported, never silent."""

    rule: str
    rows: int
    said: str


@dataclass(frozen=True)
class HexValues:
    """One quantity of one source on the operation's cells.

    Attributes
    ----------
    quantity : str
        Column name of a quantity.
    cell : int64 array
        Cells that the source speaks about, each once.
    value : float array
        NaN: unknown.
    cover : float array
        Share of the cell that the source speaks about, 0 to 1, above 0.
    coarse : bool
        Whether the source's own pixels or areas are larger than the cells.
    """

    quantity: str
    cell: np.ndarray
    value: np.ndarray
    cover: np.ndarray
    coarse: bool = False


@dataclass(frozen=True)
class Contribution:
    """All that one source gives to a release.

    ``rows_in`` counts records of tables, features of layers and, of rasters, the pixels inside the
    operation that hold a value. ``tables`` hold the accepted rows by name of the release table.
    The account adds up, or the job is wrong.
    """

    rows_in: int
    accepted: int
    quarantine: pd.DataFrame
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    hexes: Sequence[HexValues] = ()
    repairs: Sequence[Repair] = ()
    warnings: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.rows_in != self.accepted + self.quarantined:
            raise AssertionError(
                f"accounts do not add up: {self.rows_in} rows in, {self.accepted} accepted, "
                f"{self.quarantined} quarantined"
            )

    @property
    def quarantined(self) -> int:
        """Rows not accepted."""
        return int(self.quarantine["count"].sum())

    def reasons(self) -> dict[str, int]:
        """Quarantined rows by rule, most frequent first."""
        counts = self.quarantine.groupby("rule")["count"].sum().sort_values(ascending=False)
        return {str(rule): int(count) for rule, count in counts.items()}


def _shown(value: object) -> str | None:
    # A shifted or overfull row may hold in any column what belongs in a personal one.
    if value is None or value is pd.NA:
        return None
    return personal.masked(str(value))[:80]
