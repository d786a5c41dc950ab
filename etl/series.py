"""Tables of counts over time: one record, one or more measured values."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd

from etl import amounts, checks, columns, intake, typed, values
from etl.accounts import Contribution
from etl.intake import Intake
from etl.territory import countries, mend_codes, reject_foreign, reject_unknown_countries
from geo_data import quantities
from geo_data.operations import Operation
from geo_data.sources import Source

TABLE = "series"
LEVEL, CODE, PARTNER = "place_level", "place_code", "partner_code"


def series(
    raw: pd.DataFrame, source: Source, operation: Operation, *, today: date | None = None
) -> Contribution:
    """Values of a source in long form, one row per record and measure.

    A record counts once in the account, however many measures it holds. A blank cell is an unknown
    value, not zero. Years and months span their whole length unless an end is declared.
    """
    today = today or datetime.now(UTC).date()
    fields = columns.fields_of(source, TABLE)
    names = {f"value {number}": part.column for number, part in enumerate(source.measures)}
    taken = intake.taken_in(raw, source, fields, names)
    written = taken.table["start"]
    checks.reject_totals(taken, [CODE, "place_name"])
    _reject_sums(taken, list(names))
    typed.make_typed(taken, fields, today)
    checks.reject_future(taken, ["start"], today)
    _make_values(taken, list(names))
    _fill_ends(taken, written)
    checks.reject_reversed(taken)
    checks.keep_latest(taken)
    checks.forget_fillers(taken, list(names))
    checks.warn_of_falls(taken, [CODE, PARTNER, "group"], "start", list(names))
    mend_codes(taken, CODE)
    reject_unknown_countries(taken, CODE, LEVEL)
    _name_partners(taken)
    reject_foreign(taken, operation, CODE, PARTNER)
    return taken.contribution(TABLE, _melted(taken))


def _reject_sums(taken: Intake, names: list[str]) -> None:
    """Reject a last row of sums before its missing code is found wrong."""
    decimal = taken.source.read.decimal
    whole, texts = taken.table, taken.table[names]
    numbers = {name: values.number(texts[name], decimal)[0] for name in names}
    taken.table = whole.assign(**numbers)
    checks.reject_sums(taken, CODE, names)
    taken.table = taken.table.assign(**{name: texts.loc[taken.table.index, name] for name in names})


def _make_values(taken: Intake, names: list[str]) -> None:
    for name, part in zip(names, taken.source.measures, strict=True):
        quantity = quantities.BY_COLUMN[part.quantity]
        amounts.make_number(taken, name, quantity.low, quantity.high, people=quantity.people)


def _fill_ends(taken: Intake, written: pd.Series) -> None:
    table = taken.table
    ends = values.last_day(written.loc[table.index], table["start"])
    taken.table = table.assign(end=table["end"].fillna(ends))


def _name_partners(taken: Intake) -> None:
    partners = taken.table[PARTNER]
    taken.table = taken.table.assign(**{PARTNER: countries(partners).fillna(partners)})


def _melted(taken: Intake) -> pd.DataFrame:
    table = intake.placed(taken.table, taken.source)
    parts = [
        table.assign(
            quantity=part.quantity, value=table[f"value {number}"],
            group=table["group"] if part.group is None else part.group,
        )
        for number, part in enumerate(taken.source.measures)
    ]  # fmt: skip
    return intake.shown(pd.concat(parts) if parts else table.head(0), TABLE)
