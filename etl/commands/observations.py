"""``observations``: the team's own observations as one file, and merged from another laptop."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geo_data import disk
from geo_data.assessments import exchange, history
from geo_data.assessments.journal import Journal
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.store import Store
from geo_data.vocabulary import Audience


def register(commands: Any) -> None:
    """Arguments of the command."""
    parser = commands.add_parser(
        "observations", help="export the team's observations, or merge another laptop's"
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--to", type=Path, metavar=f"FILE{exchange.SUFFIX}")
    which.add_argument("--merge", type=Path, metavar=f"FILE{exchange.SUFFIX}")
    parser.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    parser.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Export or merge: 0, or 1 if rows were quarantined."""
    store = Store(asked.store or settings.store)
    operation = str(store.latest().manifest["operation"]["key"])
    journal = Journal(store.folder, Audience.CELL)
    return _export(journal, operation, asked.to) if asked.to else _merge(journal, operation, asked)


def _export(journal: Journal, operation: str, file: Path) -> int:
    data = exchange.write(journal.records(), operation)
    file.parent.mkdir(parents=True, exist_ok=True)
    disk.created(file, data)
    print(f"{file}: {len(data.splitlines()) - 1} records. {exchange.NOTE}")
    return 0


def _merge(journal: Journal, operation: str, asked: argparse.Namespace) -> int:
    try:
        with asked.merge.open("rb") as file:
            content = file.read(exchange.MOST_BYTES + 1)
    except OSError as problem:
        raise SourceUnreadable(
            str(asked.merge), str(problem.strerror), "a file of observations", "Check the path."
        ) from problem
    here = {record.id for record in journal.records()}
    received = exchange.read(asked.merge.name, content, operation, here)
    journal.merge(received.accepted)
    said = history.threads(r for r in journal.records() if r.operation == operation)
    print(
        f"{received.rows_in} rows in: {len(received.accepted)} accepted, {received.known} known "
        f"already, {len(received.quarantine)} quarantined. "
        f"Conflicts now: {sum(thread.conflict for thread in said)}"
    )
    for row in received.quarantine.itertuples():
        print(f"  line {row.row}: {row.rule} {row.column}: expected {row.expected}. {row.advice}")
    return 1 if len(received.quarantine) else 0
