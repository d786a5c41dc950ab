"""Checks of rows against each other and against the day: sums, repeats, falls, the future."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from etl import synonyms
from etl.intake import Intake, rows_said

# Whole cells, bare of case and accents, that make a row the sum of others.
TOTALS = re.compile(
    r"((grand|sous|sub|overall) ?)?total(s|e|i|es|en)?( (general|generale|generales|geral|global))?"
    r"|totaux|ensemble|somme|gesamt|insgesamt|summe|all|sum|complessivo"
    r"|(ال)?مجموع( (الكلي|العام))?|(ال)?اجمالي( (الكلي|العام))?"
)


def reject_totals(intake: Intake, names: Sequence[str]) -> None:
    """Reject rows that sum up others."""
    for name in names:
        intake.reject(totals(intake.table[name]), "total_row", name)


def totals(texts: pd.Series) -> pd.Series:
    """Cells that stand before the sum of others, in six languages.

    >>> totals(pd.Series(["TOTAL GENERAL", "Gesamt:", "المجموع", "Totalán"])).tolist()
    [True, True, True, False]
    """
    words = texts.dropna().unique()
    return texts.isin([word for word in words if TOTALS.fullmatch(synonyms.plain(word))])


def reject_sums(intake: Intake, code: str, measures: Sequence[str]) -> None:
    """Reject a last row without a code whose numbers are the sums of all rows above."""
    table = intake.table
    filled = [name for name in measures if len(table) > 2 and pd.notna(table[name].iloc[-1])]
    if not filled or pd.notna(table[code].iloc[-1]):
        return
    above = table[filled].iloc[:-1].sum()
    same = (above == table[filled].iloc[-1]).all() and (above > 0).any()
    last = np.arange(len(table)) == len(table) - 1
    intake.reject(last & bool(same), "total_row", filled[0])


def warn_of_falls(intake: Intake, keys: Sequence[str], day: str, measures: Sequence[str]) -> None:
    """Warn of values that fall although the declaration says that they only grow."""
    if intake.source.cumulative is None:
        return
    table = intake.table.sort_values(day, kind="stable")
    within = [table[key].fillna("") for key in keys]
    if intake.source.cumulative == "year":
        within.append(table[day].dt.year)
    for name in measures:
        fell = table[name].astype("float64").groupby(within).diff() < 0
        if fell.any():
            intake.warnings.append(
                f"{int(fell.sum())} values of {intake.header(name)!r} fall although they are "
                f"declared cumulative (rows {rows_said(table, fell)}); a correction, or another "
                "way of counting"
            )


def reject_future(intake: Intake, names: Sequence[str], today: date) -> None:
    """Reject rows whose day lies after today."""
    for name in names:
        ahead = intake.table[name] > pd.Timestamp(today)
        intake.reject(ahead, "future_date", name, today=today)


def reject_reversed(intake: Intake) -> None:
    """Reject rows that end before they start."""
    intake.reject(intake.table["end"] < intake.table["start"], "end_before_start", "end")


def keep_latest(intake: Intake) -> None:
    """Of rows with the same ``unique`` fields keep the greatest ``latest``, then the first.

    Rows in which all these fields are missing name nothing and repeat nothing.
    """
    source, table = intake.source, intake.table
    if not source.unique or not len(table):
        return
    named = table[source.unique].notna().any(axis=1)
    if source.latest:
        newest = table.groupby(source.unique, dropna=False)[source.latest].transform("max")
        older = named & (
            table[source.latest].isna() & newest.notna() | (table[source.latest] < newest)
        )
        intake.reject(older, "superseded", source.latest)
        named = named[~older]
    again = intake.table.duplicated(source.unique) & named
    intake.reject(again, "repeated_row", source.unique[0])


def forget_fillers(intake: Intake, names: Sequence[str], day: str = "start") -> None:
    """Make zeros dated after ``unknown_after`` unknown: they are fillers, not observations."""
    limit = intake.source.unknown_after
    if not limit:
        return
    late = intake.table[day] > intake.table[limit]
    for name in names:
        filler = late & (intake.table[name] == 0)
        intake.table[name] = intake.table[name].mask(filler)
        intake.repair(
            filler.sum(), "unknown_after",
            f"zeros of days after {intake.header(limit)} became unknown",
        )  # fmt: skip
