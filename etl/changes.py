"""Which sources are not what they were when the last release was made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from etl import files as source_files
from etl import manifest, reuse
from etl.ledger import Ledger
from geo_data.errors import WaypostError
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.store import Store

SETTLE_S = 5
"""A file written to so recently may still be on its way; it waits for the next tick."""


def changed(
    operation: Operation, store: Store, folders: Sequence[Path], settings: Settings,
    ledger: Ledger, now: datetime,
) -> dict[str, str]:  # fmt: skip
    """Sources that have changed since the last release of the operation, and how.

    Notes
    -----
    Files that have gone are no change: a drive that is not plugged in must not empty the map.
    """
    accounts = manifest.accounts(store, operation)
    found = {key: "no longer declared" for key in accounts}
    for source in operation.source:
        found.pop(source.key, None)
        account = accounts.get(source.key)
        if account is None:
            found[source.key] = "new"
        elif account.get("declared") != reuse.declared(source, operation, settings):
            found[source.key] = "declared or read in another way"
        else:
            try:
                paths = source_files.find(source, folders, settings)
            except WaypostError:
                continue
            if any(_settling(path, now) for path in paths):
                continue
            known = [(file["name"], file["sha256"]) for file in account["files"]]
            if [(path.name, _digest(path, ledger)) for path in paths] != known:
                found[source.key] = "other files"
    return found


def _settling(path: Path, now: datetime) -> bool:
    return 0 <= now.timestamp() - path.stat().st_mtime < SETTLE_S


def _digest(path: Path, ledger: Ledger) -> str:
    digest = ledger.remembered(path)
    if digest is None:
        digest = source_files.sha256(path)
        ledger.remember(path, digest)
    return digest
