"""What a release says of each source that went into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from etl import guard, ledger
from etl.accounts import Contribution
from etl.outcomes import Outcome
from geo_data.freshness import reference_end
from geo_data.operations import Operation
from geo_data.sources import Source
from geo_data.store import Store


def accounts(store: Store, operation: Operation) -> dict[str, Mapping[str, Any]]:
    """What the newest release of an operation says of each source; empty if there is none."""
    newest = next(iter(store.releases()), None)
    if newest is None or newest.manifest["operation"]["key"] != operation.key:
        return {}
    return {account["source"]: account for account in newest.manifest["sources"]}


def origin(store: Store, operation: Operation, source: Source) -> dict[str, Any] | None:
    """Of a source with a feed: when and from where its files came."""
    came = source.feed and ledger.provenance(store.work, operation.key, source.key)
    return came if came and came["last_ok"] else None


def account(outcome: Outcome, declared: str, came: Mapping[str, Any] | None) -> dict[str, Any]:
    """Account of one source.

    Parameters
    ----------
    declared : str
        Digest of its declaration, see :func:`etl.reuse.declared`.
    came : mapping or None
        Of a source with a feed: when and from where its files came.
    """
    source, gave = outcome.source, outcome.contribution
    first, last = _observed(gave)
    period = source.period or (f"{first}/{last}" if last else None)
    feed = {"feed": came, "fetched": str(came["last_ok"])[:10]} if came else {}
    told = {
        "source": source.key, "title": source.title, "owner": source.owner,
        "licence": source.licence, "url": source.url, "job": source.job,
        "sensitivity": source.sensitivity.value, "simulated": source.simulated,
        "coverage": source.coverage, "cadence_days": source.cadence_days, "note": source.note,
        "reference_period": period,
        "reference_end": reference_end(source.period) or last or source.fetched,
        "fetched": source.fetched, "status": outcome.status, "error": outcome.error,
        "figures": guard.figures(gave),
        "rows_in": gave.rows_in if gave else 0, "accepted": gave.accepted if gave else 0,
        "quarantined": gave.quarantined if gave else 0, "reasons": gave.reasons() if gave else {},
        "repairs": [vars(repair) for repair in gave.repairs] if gave else [],
        "warnings": list(gave.warnings) if gave else [], "files": outcome.files,
        "seconds": outcome.seconds, "declared": declared, **feed,
    }  # fmt: skip
    return told | {"reference_end": told["reference_end"] or told["fetched"]}


def _observed(gave: Contribution | None) -> tuple[date | None, date | None]:
    """First and last day that the accepted rows speak about."""
    columns = [
        pd.to_datetime(table[name]).dropna()
        for table in (gave.tables.values() if gave else ())
        for name in ("date", "start")
        if name in table
    ]
    filled = [column for column in columns if len(column)]
    if not filled:
        return None, None
    return min(c.min() for c in filled).date(), max(c.max() for c in filled).date()
