"""Who does what, where (3W): organisations present in administrative areas."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd

from etl import checks, columns, intake, typed
from etl.accounts import Contribution
from etl.territory import mend_codes, reject_foreign
from geo_data.operations import Operation
from geo_data.sources import Source

TABLE = "presence"


def presence(
    raw: pd.DataFrame, source: Source, operation: Operation, *, today: date | None = None
) -> Contribution:
    """Accepted activities of a source, one row each, and the account of all its records.

    Records that are equal in all columns are one activity; plans may start and end after today.
    """
    today = today or datetime.now(UTC).date()
    fields = columns.fields_of(source, TABLE)
    taken = intake.taken_in(raw, source, fields)
    checks.reject_totals(taken, ["area_code", "area_name", "organisation"])
    typed.make_typed(taken, fields, today)
    checks.reject_reversed(taken)
    checks.keep_latest(taken)
    mend_codes(taken, "area_code")
    reject_foreign(taken, operation, "area_code", "country")
    return taken.contribution(TABLE, intake.shown(intake.placed(taken.table, source), TABLE))
