"""``history``: every release with when, what made it, how many rows, and whether it is whole."""

from __future__ import annotations

import argparse
import json
from typing import Any

from etl import report
from geo_data.release import Release
from geo_data.settings import Settings
from geo_data.store import Store

COLUMNS = ("release", "at", "operation", "rows", "data", "status", "pinned", "reason")


def register(commands: Any) -> None:
    """Arguments of the command."""
    parser = commands.add_parser("history", help="releases, newest first")
    parser.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    parser.add_argument("--json", action="store_true", help="as JSON, in a fixed shape")
    parser.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Print the list; an empty one is not an error."""
    said = [_said(release) for release in Store(asked.store or settings.store).rows()]
    if asked.json:
        print(json.dumps(said, indent=2))
    else:
        rows = [tuple(str(row[name]) for name in COLUMNS) for row in said]
        print("\n".join(report.columns([COLUMNS, *rows])))
    return 0


def _said(release: Release) -> dict[str, Any]:
    wrong = release.fault()
    status = "retired" if release.retired_at else "damaged" if wrong else "whole"
    back = f"shows {release.of}" if release.of else ""
    by = f"({release.actor})" if release.actor else ""
    said = [back, release.reason, by, wrong]
    return {
        "release": release.name,
        "at": f"{release.at:%Y-%m-%d %H:%M} UTC",
        "operation": release.operation,
        "rows": sum(entry["rows"] for entry in release.tables.values()),
        "data": "SIMULATED" if release.manifest.get("simulated") else "real",
        "status": status,
        "pinned": "pinned" if release.pinned else "",
        "reason": " ".join(part for part in said if part),
    }
