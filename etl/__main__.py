"""``python -m etl run | status | check``: sources in, one release out, exact exit codes."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from etl import check, report, runner
from geo_data import operations
from geo_data.errors import WaypostError
from geo_data.sample import build
from geo_data.settings import Settings
from geo_data.store import Store

ALL_IN, SOME_FAILED, NOTHING = 0, 1, 2
SIMULATED = "demo-data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it went."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if getattr(asked, "verbose", False) else logging.ERROR,
        format="%(levelname)s %(message)s",
    )
    try:
        return int(asked.do(asked, Settings.from_env()))
    except WaypostError as problem:
        print(problem, file=sys.stderr)
        return NOTHING


def _run(asked: argparse.Namespace, settings: Settings) -> int:
    store = Store(asked.store or settings.store)
    file = asked.operation or operations.DEMO
    operation = operations.load(file)
    data = asked.data or settings.data
    with _Bar(plain=asked.plain) as bar:
        if file == operations.DEMO:
            data = store.folder / SIMULATED
            build.write(data, datetime.now(UTC).date(), lambda doing, share: bar(share / 4, doing))
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


def _status(asked: argparse.Namespace, settings: Settings) -> int:
    release = Store(asked.store or settings.store).latest()
    said = report.status(release, datetime.now(UTC))
    print(json.dumps(said, indent=2) if asked.json else "\n".join(report.lines(said)))
    return SOME_FAILED if any(s["status"] == "failed" for s in said["sources"]) else ALL_IN


def _check(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.draft:
        text = check.drafted(asked.file, settings)
        if asked.to:
            asked.to.write_text(text, encoding="utf-8")
        else:
            print(text, end="")
        return check.USABLE
    found = check.check(asked.file, settings)
    print("\n".join(found.lines()))
    return found.exit_code


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="read all sources of an operation, publish a release")
    run.add_argument("operation", nargs="?", type=Path, help="TOML file; none: the demo")
    run.add_argument("--data", type=Path, help="folder that source paths start from")
    run.add_argument("--store", type=Path, help="folder of the releases")
    run.add_argument("--plain", action="store_true", help="progress as JSON lines, no table")
    run.add_argument("--verbose", action="store_true", help="say what is done")
    run.set_defaults(do=_run)
    status = commands.add_parser("status", help="accounts of the newest release")
    status.add_argument("--store", type=Path, help="folder of the releases")
    status.add_argument("--json", action="store_true", help="as JSON, in a fixed shape")
    status.set_defaults(do=_status)
    checking = commands.add_parser("check", help="what the reader makes of a file")
    checking.add_argument("file", type=Path)
    checking.add_argument("--draft", action="store_true", help="write a first declaration of it")
    checking.add_argument("--to", type=Path, help="file to write the draft to")
    checking.set_defaults(do=_check)
    return parser


if __name__ == "__main__":
    sys.exit(main())
