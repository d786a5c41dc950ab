"""``check``: what the reader makes of a file, and a first declaration of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from etl import check
from etl.sandbox import Sandbox
from geo_data.settings import Settings


def register(commands: Any) -> None:
    """Arguments of the command."""
    checking = commands.add_parser("check", help="what the reader makes of a file")
    checking.add_argument("file", type=Path)
    checking.add_argument("--draft", action="store_true", help="write a first declaration of it")
    checking.add_argument("--to", type=Path, help="file to write the draft to")
    checking.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Print what was found; the exit code says whether the file is usable."""
    with Sandbox(settings) as sandbox:
        if asked.draft:
            return _draft(asked, sandbox)
        found = sandbox.check(asked.file)
    print("\n".join(found.lines()))
    return found.exit_code


def _draft(asked: argparse.Namespace, sandbox: Sandbox) -> int:
    text = sandbox.draft(asked.file)
    if asked.to:
        asked.to.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return check.USABLE
