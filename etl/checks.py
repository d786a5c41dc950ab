"""Checks of values: text becomes typed, row by row, and what does not fit is left behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from etl import dates, synonyms, values
from etl.accounts import FAIL_SHARE
from etl.intake import Intake, warn_of
from etl.readers.cells import FILE, ROW
from geo_data import geography, tables
from geo_data.errors import SourceUnreadable

# Whole cells, bare of case and accents, that make a row the sum of others.
TOTALS = re.compile(
    r"((grand|sous|sub|overall) ?)?total(s|e|i|es|en)?( (general|generale|generales|geral|global))?"
    r"|totaux|ensemble|somme|gesamt|insgesamt|summe|all|sum|complessivo"
    r"|(ال)?مجموع( (الكلي|العام))?|(ال)?اجمالي( (الكلي|العام))?"
)
# A count that its own provider withholds: some people, fewer than the number.
WITHHELD = re.compile(r"\s*[<≤]\s*\d+\s*")
MOST_ROWS_SAID = 5
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
        texts = intake.table[field.name]
        if field.name in COUNTRY_FIELDS:
            _make_country(intake, field.name)
        elif field.words is not None:
            _make_word(intake, field)
        elif field.type == tables.DATE:
            _make_day(intake, field.name, today)
        elif field.type in (tables.NUMBER, tables.INTEGER):
            make_number(intake, field.name, field.low, field.high, field.type == tables.INTEGER)
            if field.name.endswith("_people"):
                doubt_thousands(intake, field.name, texts)
        elif field.type == tables.FLAG:
            ready, bad = values.flag(intake.table[field.name])
            _replace(intake, field.name, ready, bad, "not_a_flag")
    for field in fields:
        if field.required and field.name in intake.table and field.name not in POSITION_FIELDS:
            intake.reject(intake.table[field.name].isna(), "missing_required", field.name)


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
            rows = ", ".join(map(str, table.loc[fell, ROW].head(MOST_ROWS_SAID)))
            shown = intake.names.get(name, name)
            intake.warnings.append(
                f"{int(fell.sum())} values of {shown!r} fall although they are declared "
                f"cumulative (rows {rows}); a correction, or another way of counting"
            )


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
        rows = ", ".join(map(str, intake.table.loc[odd, ROW].head(MOST_ROWS_SAID)))
        words = ", ".join(map(repr, intake.table.loc[odd, name].unique()[:MOST_ROWS_SAID]))
        intake.table = intake.table.assign(**{name: intake.table[name].mask(odd)})
        shown = intake.names.get(name, name)
        intake.repair(
            odd.sum(), "impossible_count",
            f"{words} in {shown!r} became unknown (rows {rows}); the rest of the record stays",
        )  # fmt: skip


def make_number(
    intake: Intake, name: str, low: float | None, high: float | None, whole: bool = False
) -> None:
    """Turn one text column into numbers within a range, ends included."""
    decimal = intake.source.read.decimal
    _forget_withheld(intake, name)
    found, bad = (values.integer if whole else values.number)(intake.table[name], decimal)
    rule = "not_an_integer" if whole else "not_a_number"
    _replace(intake, name, found, bad, rule, decimal=decimal)
    low, high = (-np.inf if low is None else low), (np.inf if high is None else high)
    known = intake.table[name].astype("float64")
    intake.reject((known < low) | (known > high), "out_of_range", name, low=low, high=high)


def doubt_thousands(intake: Intake, name: str, texts: pd.Series) -> None:
    """Warn of counts of people read as fractions whose mark rather parts thousands."""
    broken = intake.table[name].astype("float64") % 1 > 0
    written = texts.loc[intake.table.index][broken]
    mark, other = (".", ",") if intake.source.read.decimal == "." else (",", ".")
    if broken.any() and written.str.fullmatch(rf"-?\d{{1,3}}\{mark}\d{{3}}").all():
        first, value = written.iloc[0], intake.table[name][broken].iloc[0]
        shown = intake.names.get(name, name)
        intake.warnings.append(
            f"{len(written)} counts of {shown!r} such as {first!r} were read as {value:g}; if the "
            f"mark parts thousands, declare decimal = {other!r}"
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
            f"zeros of days after {intake.names.get(limit, limit)} became unknown",
        )  # fmt: skip


def _forget_withheld(intake: Intake, name: str) -> None:
    texts = intake.table[name]
    withheld = texts.str.startswith(("<", "≤")).fillna(False) & texts.notna()
    if withheld.any():
        withheld &= texts.str.fullmatch(WITHHELD).fillna(False)
        intake.table = intake.table.assign(**{name: texts.mask(withheld)})
        intake.repair(
            withheld.sum(), "withheld_count",
            f"counts of {intake.names.get(name, name)!r} written as '<5' became unknown, not zero",
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
        shown = intake.names.get(name, name)
        intake.warnings.append(f"{serial} cells of {shown!r} were read as day numbers of a sheet")
    days = days.loc[intake.table.index]
    _replace(intake, name, days, bad, "not_a_date", pattern=pattern or "2024-03-31")
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
        shown = intake.names.get(name, name)
        how = f"as {found.order}, which {found.proofs} prove" if found.order else "each by itself"
        intake.warnings.append(
            f"{int(read.sum())} days of {shown!r} read {how}; declare read.dates"
        )
    days, bad = days.mask(read, found.days), bad & ~read
    unclear = found.ambiguous & bad
    intake.reject(unclear, "ambiguous_date", name)
    return days[~unclear], bad[~unclear]


def _replace(
    intake: Intake, name: str, found: pd.Series, bad: values.Mask, rule: str, **said: object
) -> None:
    intake.reject(bad, rule, name, **said)
    intake.table = intake.table.assign(**{name: found[~bad]})
