"""What authorities and agencies say about a place, such as entry rules: text with a date."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd

from etl import checks, columns, intake, typed
from etl.accounts import Contribution
from etl.territory import reject_foreign
from geo_data.operations import Operation
from geo_data.sources import Source

TABLE = "statements"


def statements(
    raw: pd.DataFrame, source: Source, operation: Operation, *, today: date | None = None
) -> Contribution:
    """Accepted statements of a source, one row each, and the account of all its records."""
    today = today or datetime.now(UTC).date()
    fields = columns.fields_of(source, TABLE)
    taken = intake.taken_in(raw, source, fields)
    typed.make_typed(taken, fields, today)
    checks.keep_latest(taken)
    reject_foreign(taken, operation, "place_code")
    return taken.contribution(TABLE, intake.shown(intake.placed(taken.table, source), TABLE))
