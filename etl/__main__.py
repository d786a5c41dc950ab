"""``python -m etl COMMAND``: sources in, releases out, exact exit codes."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from etl.commands import (
    checking,
    doctor,
    history,
    observations,
    parcels,
    pin,
    publish,
    refresh,
    retain,
    rollback,
    run,
    status,
)
from etl.commands.codes import BUSY, NOTHING
from geo_data.errors import StoreBusy, WaypostError
from geo_data.settings import Settings

COMMANDS = (
    run,
    refresh,
    status,
    checking,
    doctor,
    history,
    rollback,
    pin,
    retain,
    parcels,
    observations,
    publish,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it went."""
    asked = _parser().parse_args(arguments)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for command in COMMANDS:
        command.register(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
