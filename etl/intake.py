"""Rows of one source on their way to a release table, and those left on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from etl import columns, personal, profile
from etl.accounts import Contribution, Quarantine, Repair
from etl.readers.cells import FILE, OWN, PROBLEM, ROW
from etl.rules import RULES
from etl.screening import screened
from etl.values import Mask
from geo_data import tables
from geo_data.sources import Source

ANY_WORD = "*"
MOST_SAID = 5


@dataclass
class Intake:
    """Rows still accepted, and what has been said about all others.

    Attributes
    ----------
    source : Source
    table : DataFrame
        Rows still accepted: our fields, ``_file``, ``_row``.
    rows_in : int
        Records that the files hold.
    names : dict
        Our field to the provider's column, for people who look things up in the file.
    """

    source: Source
    table: pd.DataFrame
    rows_in: int
    names: Mapping[str, str] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    quarantine: Quarantine = field(init=False)

    def __post_init__(self) -> None:
        self.quarantine = Quarantine(self.source.key)

    def reject(
        self, bad: np.ndarray | pd.Series, rule: str, column: str | None = None, **said: object
    ) -> None:
        """Leave the bad rows behind under a rule; ``said`` fills the rule's sentence."""
        expected, advice = RULES[rule]
        self.table = self.quarantine.reject(
            self.table, np.asarray(bad, dtype=bool), rule=rule, expected=expected.format(**said),
            advice=advice.format(**said), column=column,
        )  # fmt: skip

    def replace(
        self, name: str, found: pd.Series, bad: Mask, rule: str, **said: object
    ) -> None:  # fmt: skip
        """Put typed values in the place of a column of texts; rows of bad ones are rejected."""
        self.reject(bad, rule, name, **said)
        self.table = self.table.assign(**{name: found[~bad]})

    def header(self, name: str) -> str:
        """What the provider calls one of our fields."""
        return self.names.get(name, name)

    def repair(self, rows: int, rule: str, said: str) -> None:
        """Report a mend made to rows that stay."""
        if rows:
            self.repairs.append(Repair(rule, int(rows), said))

    def contribution(self, name: str, table: pd.DataFrame) -> Contribution:
        """All that the source gives: one release table and its account."""
        quarantined = self.quarantine.table()
        quarantined["column"] = quarantined["column"].map(self.header)
        return Contribution(
            rows_in=self.rows_in, accepted=len(self.table), quarantine=quarantined,
            tables={name: table}, repairs=tuple(self.repairs), warnings=tuple(self.warnings),
        )  # fmt: skip


def taken_in(
    raw: pd.DataFrame,
    source: Source,
    fields: Sequence[tables.Field],
    measures: Mapping[str, str] | None = None,
) -> Intake:
    """Records of a source with our fields as text; broken, unwanted and repeated ones left out.

    Parameters
    ----------
    raw : DataFrame
        As :func:`etl.readers.read_table` gives it.
    fields : sequence of Field
        Those that the declaration may fill.
    measures : mapping, optional
        Further column of ours to provider's column.
    """
    everything = raw
    raw, warnings = screened(raw, source)
    source, taken = columns.completed(raw, source, fields)
    intake = Intake(source, raw, len(raw), columns.provider_names(raw, source))
    intake.warnings += [*warnings, *taken, *columns.contradictions(raw, source)]
    columns.mapped(raw.head(0), source, fields)  # a missing column is said before any row
    if PROBLEM in raw:
        intake.reject(raw[PROBLEM].notna(), "ragged_row", PROBLEM)
    _reject_unwanted(intake, raw)
    _reject_shifted(intake)
    intake.reject(_repeated(everything.loc[intake.table.index]), "repeated_row")
    kept = intake.table
    intake.table = columns.mapped(kept, source, fields)
    for ours, theirs in (measures or {}).items():
        intake.table[ours] = kept[columns.required(kept, source, [theirs])[0]]
        intake.names = {**intake.names, ours: theirs}
    return intake


def placed(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    """The table with its provenance: source and row in its file."""
    return table.assign(source=source.key, row=table[ROW])


def shown(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The table with the columns of a release table, in their order, missing ones null."""
    wanted = tables.schema(name).names
    return table.reindex(columns=wanted).reset_index(drop=True)


def rows_said(table: pd.DataFrame, bad: pd.Series) -> str:
    """Where the first of some rows stand in their file, for a sentence."""
    return ", ".join(map(str, table.loc[bad, ROW].head(MOST_SAID)))


def warn_of(
    intake: Intake, bad: pd.Series, sentence: Callable[[int, str], str], column: str
) -> None:
    """Warn once of all bad rows, with their commonest words."""
    if bad.any():
        words = intake.table.loc[bad, column].value_counts().head(MOST_SAID).index
        intake.warnings.append(
            sentence(int(bad.sum()), ", ".join(repr(personal.masked(word)) for word in words))
        )


def _repeated(raw: pd.DataFrame) -> np.ndarray:
    """Rows equal to an earlier one in all that the file says, personal columns among it.

    Two people may have all else in common; what tells them apart is compared and not kept.
    Whatever is unique in one column is looked at in no other.
    """
    provider = [raw[name] for name in raw.columns if name not in OWN]
    compared = [*provider, *(raw[name].map(_wkb) for name in ("geometry",) if name in raw)]
    rows, repeated = np.arange(len(raw)), np.zeros(len(raw), dtype=bool)
    for column in compared:
        rows = rows[column.iloc[rows].duplicated(keep=False).to_numpy()]
    if len(rows) and compared:
        same = pd.concat([one.iloc[rows] for one in compared], axis=1)
        repeated[rows] = same.duplicated().to_numpy()
    return repeated


def _reject_shifted(intake: Intake) -> None:
    """Reject rows whose cells stand one or more columns beside those of all others.

    What stands in such a row is not quoted: names may have moved into any column.
    """
    names = [name for name in intake.table.columns if name not in OWN]
    intake.reject(profile.misplaced(intake.table[names]), "shifted_row")


def _reject_unwanted(intake: Intake, raw: pd.DataFrame) -> None:
    for declared, words in intake.source.where.items():
        name = columns.required(raw, intake.source, [declared])[0]
        texts = intake.table[name]
        wanted = texts.isin(words)
        if ANY_WORD in words:
            wanted |= texts.notna()
        _leave(intake, ~wanted, name, words)


def _leave(intake: Intake, unwanted: pd.Series, name: str, words: Sequence[str]) -> None:
    """Count rows that the declaration does not want; listing each would tell nothing."""
    expected, advice = RULES["not_selected"]
    for file, count in intake.table.loc[unwanted, FILE].value_counts().items():
        intake.quarantine.reject_many(
            str(file), int(count), rule="not_selected", column=name, found="other words",
            expected=expected.format(words=", ".join(words[:MOST_SAID])), advice=advice,
        )  # fmt: skip
    intake.table = intake.table[~unwanted]


def _wkb(shape: object) -> bytes | None:
    return getattr(shape, "wkb", None)
