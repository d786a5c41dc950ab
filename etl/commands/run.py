"""``run``: read all sources of an operation, publish a release."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from etl import report, runner
from etl.commands.codes import ALL_IN, SOME_FAILED
from geo_data import disk, operations
from geo_data.sample import build
from geo_data.settings import Settings
from geo_data.store import Store

SIMULATED = "demo-data"


def register(commands: Any) -> None:
    """Arguments of the command."""
    run = commands.add_parser("run", help="read all sources of an operation, publish a release")
    run.add_argument("operation", nargs="?", type=Path, help="TOML file; none: the demo")
    run.add_argument("--data", type=Path, help="folder that source paths start from")
    run.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    run.add_argument("--plain", action="store_true", help="progress as JSON lines, no table")
    run.add_argument("--verbose", action="store_true", help="say what is done")
    run.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Run the operation; the exit code says whether every source came in."""
    store = Store(asked.store or settings.store, settings.work)
    file = asked.operation or operations.DEMO
    operation = operations.load(file)
    data = asked.data or settings.data
    with _Bar(plain=asked.plain) as bar:
        if file == operations.DEMO:
            data = store.work / SIMULATED
            with disk.explained(data, 0):
                build.write(
                    data, datetime.now(UTC).date(), lambda doing, share: bar(share / 4, doing)
                )
        release, outcomes = runner.run(
            operation, store, [data, file.parent], settings,
            progress=lambda share, doing: bar(
                0.25 + 0.75 * share if file == operations.DEMO else share, doing
            ),
        )  # fmt: skip
    said = report.status(release, datetime.now(UTC))
    if not asked.plain:
        print("\n".join(report.lines(said)))
    for outcome in outcomes:
        if outcome.error:
            print(f"{outcome.source.key}: {outcome.error}", file=sys.stderr)
    return SOME_FAILED if any(o.status == "failed" for o in outcomes) else ALL_IN


class _Bar:
    """A progress bar for people, or one line per step for the program that started us."""

    def __init__(self, *, plain: bool):
        self.plain = plain
        self.bar = tqdm(
            total=100, disable=plain, bar_format="{percentage:3.0f}% |{bar:30}| {postfix}"
        )

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def __call__(self, share: float, doing: str) -> None:
        if self.plain:
            print(json.dumps({"share": round(share, 3), "doing": doing}), flush=True)
            return
        self.bar.set_postfix_str(doing[:50], refresh=False)
        self.bar.update(100 * share - self.bar.n)
