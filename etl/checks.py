"""Checks of values: text becomes typed, row by row, and what does not fit is left behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from etl import values
from etl.intake import Intake, warn_of
from geo_data import geography, tables

# Whole cells that make a row the sum of others.
TOTALS = re.compile(
    r"(grand |sous.?|sub.?)?total(s|e|i|es|en)?( g[eé]n[eé]ral| general)?|ensemble|somme|totale"
    r"|المجموع|مجموع|الإجمالي|اجمالي"
)
COUNTRY_FIELDS = ("country", "other_country")
POSITION_FIELDS = ("lat_deg", "lon_deg", "position")
# Days that speak of something observed; plans and ends may lie ahead.
OBSERVED_DAYS = ("date", "reported", "valid_from")


def make_typed(intake: Intake, fields: Sequence[tables.Field], today: date) -> None:
    """Turn declared text fields into their types; broken, unknown and impossible values reject.

    Positions are left to :mod:`etl.positions`. Countries become ISO 3166-1 alpha-3; an unknown
    country is null and warned of, because the rest of the row may well be right.
    """
    for field in fields:
        if field.name in POSITION_FIELDS or field.name not in intake.table:
            continue
        if field.name in COUNTRY_FIELDS:
            _make_country(intake, field.name)
        elif field.words is not None:
            _make_word(intake, field)
        elif field.type == tables.DATE:
            _make_day(intake, field.name, today)
        elif field.type in (tables.NUMBER, tables.INTEGER):
            make_number(intake, field.name, field.low, field.high, field.type == tables.INTEGER)
        elif field.type == tables.FLAG:
            ready, bad = values.flag(intake.table[field.name])
            _replace(intake, field.name, ready, bad, "not_a_flag")
    for field in fields:
        if field.required and field.name in intake.table and field.name not in POSITION_FIELDS:
            intake.reject(intake.table[field.name].isna(), "missing_required", field.name)


def reject_totals(intake: Intake, names: Sequence[str]) -> None:
    """Reject rows that sum up others."""
    for name in names:
        total = intake.table[name].str.casefold().str.fullmatch(TOTALS).fillna(False)
        intake.reject(total, "total_row", name)


def make_number(
    intake: Intake, name: str, low: float | None, high: float | None, whole: bool = False
) -> None:
    """Turn one text column into numbers within a range, ends included."""
    decimal = intake.source.read.decimal
    found, bad = (values.integer if whole else values.number)(intake.table[name], decimal)
    rule = "not_an_integer" if whole else "not_a_number"
    _replace(intake, name, found, bad, rule, decimal=decimal)
    low, high = (-np.inf if low is None else low), (np.inf if high is None else high)
    known = intake.table[name].astype("float64")
    intake.reject((known < low) | (known > high), "out_of_range", name, low=low, high=high)


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
            f"zeros of days after {intake.names.get(limit, limit)} became unknown",
        )  # fmt: skip


def _make_country(intake: Intake, name: str) -> None:
    texts = intake.table[name]
    found = values.by_word(texts, lambda words: words.map(geography.iso3_of).astype("str"))
    warn_of(
        intake, texts.notna() & found.isna(),
        lambda rows, words: f"{rows} rows name a {name} that is not known: {words}", name,
    )  # fmt: skip
    intake.table = intake.table.assign(**{name: found})


def _make_word(intake: Intake, field: tables.Field) -> None:
    legal = [word.value for word in field.words or ()]
    texts = values.by_word(intake.table[field.name], lambda words: words.str.casefold())
    unknown = texts.notna() & ~texts.isin(legal)
    intake.reject(unknown, "unknown_word", field.name, words=", ".join(legal), field=field.name)
    texts = texts[~unknown]
    if "unknown" in legal:
        texts = texts.fillna("unknown")
    intake.table = intake.table.assign(**{field.name: texts})


def _make_day(intake: Intake, name: str, today: date) -> None:
    pattern = intake.source.read.dates
    texts = intake.table[name]
    days, bad = values.day(texts, pattern, today)
    _replace(intake, name, days, bad, "not_a_date", pattern=pattern or "2024-03-31")
    if name in OBSERVED_DAYS:
        reject_future(intake, [name], today)


def _replace(
    intake: Intake, name: str, found: pd.Series, bad: values.Mask, rule: str, **said: object
) -> None:
    intake.reject(bad, rule, name, **said)
    intake.table = intake.table.assign(**{name: found[~bad]})
