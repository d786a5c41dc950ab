"""``rollback``: show again what an older release shows, as a new release."""

from __future__ import annotations

import argparse
from typing import Any

from geo_data.settings import Settings
from geo_data.store import Store


def register(commands: Any) -> None:
    """Arguments of the command."""
    parser = commands.add_parser("rollback", help="show an older release again")
    parser.add_argument("release")
    parser.add_argument("--reason", required=True, help="why; without names of persons")
    parser.add_argument("--role", default="operator", help="role of who does it, not a name")
    parser.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    parser.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Publish the old release under a new name; nothing is deleted."""
    store = Store(asked.store or settings.store)
    made = store.rollback(asked.release, reason=asked.reason, actor=asked.role)
    print(f"{made.name} shows {asked.release} again")
    return 0
