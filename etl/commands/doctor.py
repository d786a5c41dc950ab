"""``doctor``: what is wrong with the store, what to do, and the careful repair."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from geo_data import doctor, repair
from geo_data.settings import Settings
from geo_data.store import Store


def register(commands: Any) -> None:
    """Arguments of the command."""
    parser = commands.add_parser("doctor", help="find and explain damage of the store")
    parser.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    parser.add_argument("--json", action="store_true", help="as JSON, in a fixed shape")
    parser.add_argument("--quick", action="store_true", help="names and sizes, no digests")
    parser.add_argument("--repair", action="store_true", help="fall back to the last whole release")
    parser.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Print the findings: 0 whole, 1 something to look at, 2 damaged."""
    store, now = Store(asked.store or settings.store), datetime.now(UTC)
    if asked.repair:
        found = repair.repair(store, now)
    else:
        found = doctor.examine(store, now, deep=not asked.quick)
    print(json.dumps(found.as_json(), indent=2) if asked.json else "\n".join(found.lines()))
    return found.exit_code
