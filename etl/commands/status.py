"""``status``: accounts of the newest release."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from etl import report
from etl.commands.codes import ALL_IN, SOME_FAILED
from geo_data.settings import Settings
from geo_data.store import Store


def register(commands: Any) -> None:
    """Arguments of the command."""
    status = commands.add_parser("status", help="accounts of the newest release")
    status.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    status.add_argument("--json", action="store_true", help="as JSON, in a fixed shape")
    status.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Print the accounts; the exit code says whether every source came in."""
    release = Store(asked.store or settings.store).latest()
    said = report.status(release, datetime.now(UTC))
    print(json.dumps(said, indent=2) if asked.json else "\n".join(report.lines(said)))
    return SOME_FAILED if any(s["status"] == "failed" for s in said["sources"]) else ALL_IN
