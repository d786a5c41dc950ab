"""``python -m etl COMMAND``: sources in, releases out, exact exit codes."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from importlib import import_module

from etl.commands.codes import BUSY, NOTHING
from geo_data.errors import StoreBusy, WaypostError
from geo_data.settings import Settings

COMMANDS = {
    "run": "run",
    "refresh": "refresh",
    "status": "status",
    "check": "checking",
    "read": "reading",
    "doctor": "doctor",
    "history": "history",
    "rollback": "rollback",
    "pin": "pin",
    "retain": "retain",
    "export": "parcels",
    "import": "parcels",
    "observations": "observations",
    "publish": "publish",
}
"""Command to its module; only the module of the command asked for is loaded."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it went."""
    arguments = sys.argv[1:] if arguments is None else arguments
    asked = _parser(arguments).parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if getattr(asked, "verbose", False) else logging.ERROR,
        format="%(levelname)s %(message)s",
    )
    try:
        return int(asked.do(asked, Settings.from_env()))
    except StoreBusy as problem:
        print(problem, file=sys.stderr)
        return BUSY
    except WaypostError as problem:
        print(problem, file=sys.stderr)
        return NOTHING


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description=__doc__)
    commands = parser.add_subparsers(required=True)
    first = next(iter(arguments), "")
    wanted = [COMMANDS[first]] if first in COMMANDS else list(dict.fromkeys(COMMANDS.values()))
    for name in wanted:
        import_module(f"etl.commands.{name}").register(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
