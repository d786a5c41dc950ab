"""``check``: what the reader makes of a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from etl import check
from geo_data.settings import Settings


def register(commands: Any) -> None:
    """Arguments of the command."""
    checking = commands.add_parser("check", help="what the reader makes of a file")
    checking.add_argument("file", type=Path)
    checking.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Print what was found; the exit code says whether the file is usable."""
    found = check.check(asked.file, settings)
    print("\n".join(found.lines()))
    return found.exit_code
