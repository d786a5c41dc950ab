"""Counts and measures out of text: what is no number, what cannot be one, what is withheld."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from etl import values
from etl.accounts import FAIL_SHARE
from etl.intake import MOST_SAID, Intake, rows_said
from geo_data import tables

# A count that its own provider withholds: some people, fewer than the number.
WITHHELD = re.compile(r"\s*[<≤]\s*\d+\s*")


def forgive_counts(intake: Intake, fields: Sequence[tables.Field]) -> None:
    """Make impossible counts of people unknown where the record says more than the count.

    An incident with -1 missing still happened, there and then: left out, it would turn from
    "unknown" to "nobody spoke of it". If most values of a column are impossible the declaration is
    wrong, and the rows are judged like all others.
    """
    for field in fields:
        name = field.name
        if not name.endswith("_people") or field.required or name not in intake.table:
            continue
        found, _ = values.number(intake.table[name], intake.source.read.decimal)
        odd = (found < field.low) | (found > field.high)
        if not odd.any() or odd.sum() > FAIL_SHARE * found.notna().sum():
            continue
        rows = rows_said(intake.table, odd)
        words = ", ".join(map(repr, intake.table.loc[odd, name].unique()[:MOST_SAID]))
        intake.table = intake.table.assign(**{name: intake.table[name].mask(odd)})
        intake.repair(
            odd.sum(), "impossible_count",
            f"{words} in {intake.header(name)!r} became unknown (rows {rows}); "
            "the rest of the record stays",
        )  # fmt: skip


def make_number(
    intake: Intake,
    name: str,
    low: float | None,
    high: float | None,
    *,
    whole: bool = False,
    people: bool = False,
) -> None:
    """Turn one text column into numbers within a range, ends included; whole ones, or people."""
    decimal, texts = intake.source.read.decimal, intake.table[name]
    _forget_withheld(intake, name)
    found, bad = (values.integer if whole else values.number)(intake.table[name], decimal)
    rule = "not_an_integer" if whole else "not_a_number"
    intake.replace(name, found, bad, rule, decimal=decimal)
    low, high = (-np.inf if low is None else low), (np.inf if high is None else high)
    known = intake.table[name].astype("float64")
    intake.reject((known < low) | (known > high), "out_of_range", name, low=low, high=high)
    if people:
        _doubt_thousands(intake, name, texts)


def _doubt_thousands(intake: Intake, name: str, texts: pd.Series) -> None:
    """Warn of counts of people read as fractions whose mark rather parts thousands."""
    broken = intake.table[name].astype("float64") % 1 > 0
    written = texts.loc[intake.table.index][broken]
    mark, other = (".", ",") if intake.source.read.decimal == "." else (",", ".")
    if broken.any() and written.str.fullmatch(rf"-?\d{{1,3}}\{mark}\d{{3}}").all():
        first, value = written.iloc[0], intake.table[name][broken].iloc[0]
        intake.warnings.append(
            f"{len(written)} counts of {intake.header(name)!r} such as {first!r} were read as "
            f"{value:g}; if the mark parts thousands, declare decimal = {other!r}"
        )


def _forget_withheld(intake: Intake, name: str) -> None:
    texts = intake.table[name]
    withheld = texts.str.startswith(("<", "≤")).fillna(False) & texts.notna()
    if withheld.any():
        withheld &= texts.str.fullmatch(WITHHELD).fillna(False)
        intake.table = intake.table.assign(**{name: texts.mask(withheld)})
        intake.repair(
            withheld.sum(), "withheld_count",
            f"counts of {intake.header(name)!r} written as '<5' became unknown, not zero",
        )  # fmt: skip
