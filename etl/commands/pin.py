"""``pin``: keep a release for ever, or no more."""

from __future__ import annotations

import argparse
from typing import Any

from geo_data.settings import Settings
from geo_data.store import Store


def register(commands: Any) -> None:
    """Arguments of the command."""
    parser = commands.add_parser("pin", help="keep a release, whatever the retention")
    parser.add_argument("release")
    parser.add_argument("--remove", action="store_true", help="take the pin away")
    parser.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    parser.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Pin it; one that retention has just taken off the list comes back."""
    Store(asked.store or settings.store).pin(asked.release, pinned=not asked.remove)
    print(f"{asked.release} is {'no longer ' if asked.remove else ''}pinned")
    return 0
