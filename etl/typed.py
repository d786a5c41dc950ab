"""Declared fields out of text: what does not fit its type is left behind, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from etl import dates, values
from etl.amounts import make_number
from etl.checks import reject_future
from etl.intake import Intake, warn_of
from etl.readers.cells import FILE
from etl.territory import countries
from geo_data import tables
from geo_data.errors import SourceUnreadable

COUNTRY_FIELDS = ("country", "other_country")
POSITION_FIELDS = ("lat_deg", "lon_deg", "position")
# Days that speak of something observed; plans and ends may lie ahead.
OBSERVED_DAYS = ("date", "reported", "valid_from")
# Sheets count from here on; a year below is of another calendar, or a slip.
EARLIEST_DAY = pd.Timestamp("1900-01-01")


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
            make_number(
                intake, field.name, field.low, field.high, whole=field.type == tables.INTEGER,
                people=field.name.endswith("_people"),
            )  # fmt: skip
        elif field.type == tables.FLAG:
            ready, bad = values.flag(intake.table[field.name])
            intake.replace(field.name, ready, bad, "not_a_flag")
    for field in fields:
        if field.required and field.name in intake.table and field.name not in POSITION_FIELDS:
            intake.reject(intake.table[field.name].isna(), "missing_required", field.name)


def _make_country(intake: Intake, name: str) -> None:
    texts = intake.table[name]
    found = countries(texts)
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
    try:
        days, bad = values.day(texts, pattern, today)
    except ValueError:
        file = str(intake.table[FILE].iloc[0]) if len(texts) else intake.source.key
        raise SourceUnreadable(
            file, f"dates = {pattern!r}", "a pattern of days such as '%d/%m/%Y'",
            "Correct dates under read.",
        ) from None  # fmt: skip
    if pattern is None and bad.any():
        days, bad = _days_in_order(intake, name, days, bad)
    serial = int((texts.str.fullmatch(values.SERIAL).fillna(False) & days.notna()).sum())
    if serial:
        intake.warnings.append(
            f"{serial} cells of {intake.header(name)!r} were read as day numbers of a sheet"
        )
    days = days.loc[intake.table.index]
    intake.replace(name, days, bad, "not_a_date", pattern=pattern or "2024-03-31")
    intake.reject(intake.table[name] < EARLIEST_DAY, "ancient_date", name)
    if name in OBSERVED_DAYS:
        reject_future(intake, [name], today)


def _days_in_order(
    intake: Intake, name: str, days: pd.Series, bad: values.Mask
) -> tuple[pd.Series, values.Mask]:
    """Days in the order of day and month that the column proves; rows without one are rejected."""
    found = dates.ordered(intake.table[name].where(bad))
    read = found.days.notna().to_numpy() & bad
    if read.any():
        how = f"as {found.order}, which {found.proofs} prove" if found.order else "each by itself"
        intake.warnings.append(
            f"{int(read.sum())} days of {intake.header(name)!r} read {how}; declare read.dates"
        )
    days, bad = days.mask(read, found.days), bad & ~read
    unclear = found.ambiguous & bad
    intake.reject(unclear, "ambiguous_date", name)
    return days[~unclear], bad[~unclear]
