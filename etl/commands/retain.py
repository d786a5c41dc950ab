"""``retain``: remove releases that nobody needs any more."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from geo_data import retention
from geo_data.settings import Settings
from geo_data.store import Store


def register(commands: Any) -> None:
    """Arguments of the command."""
    parser = commands.add_parser("retain", help="remove old releases and files without one")
    parser.add_argument("--keep", type=int, metavar="N", help="newest releases to keep")
    parser.add_argument("--days", type=int, metavar="M", help="days to keep the last release of")
    parser.add_argument("--dry-run", action="store_true", help="say it, do not do it")
    parser.add_argument("--json", action="store_true", help="as JSON, in a fixed shape")
    parser.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    parser.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Apply the rules and say what went."""
    rules = retention.Rules(
        settings.keep_releases if asked.keep is None else asked.keep,
        settings.keep_days if asked.days is None else asked.days,
        timedelta(hours=settings.session_h),
    )
    store = Store(asked.store or settings.store)
    done = retention.retain(store, rules, datetime.now(UTC), dry_run=asked.dry_run)
    print(json.dumps(asdict(done), indent=2) if asked.json else "\n".join(_lines(done)))
    return 0


def _lines(done: retention.Retained) -> list[str]:
    return [
        *(f"{name}: kept, {why}" for name, why in done.kept.items()),
        *(f"{name}: off the list; its files go later" for name in done.retired),
        *(f"{name}: gone" for name in done.dropped),
        f"{done.files} files removed, {done.freed_bytes / 1e6:.1f} MB",
    ]
