"""Names and codes of administrative areas without their shapes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd

from etl import checks, columns, intake, typed
from etl.accounts import Contribution
from etl.territory import mend_codes, reject_foreign
from geo_data.operations import Operation
from geo_data.sources import Source

TABLE = "gazetteer"


def gazetteer(
    raw: pd.DataFrame, source: Source, operation: Operation, *, today: date | None = None
) -> Contribution:
    """Accepted areas of a source, one row each, and the account of all its records."""
    today = today or datetime.now(UTC).date()
    fields = columns.fields_of(source, TABLE)
    taken = intake.taken_in(raw, source, fields)
    if source.level is not None:
        taken.table = taken.table.assign(level=taken.table["level"].fillna(str(source.level)))
    checks.reject_totals(taken, ["area_code", "name"])
    mend_codes(taken, "area_code")
    typed.make_typed(taken, fields, today)
    checks.keep_latest(taken)
    reject_foreign(taken, operation, "country", "area_code")
    return taken.contribution(TABLE, intake.shown(intake.placed(taken.table, source), TABLE))
