"""``python -m etl refresh``: ask the feeds, and make a release if anything has changed."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl import refresh
from etl.commands.codes import ALL_IN, NOTHING, SOME_FAILED
from etl.commands.run import SIMULATED
from etl.ledger import Ledger
from geo_data import freshness, operations
from geo_data.errors import SettingInvalid, nearest
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.store import Store


def register(commands: Any) -> None:
    """Add the command to those of ``python -m etl``."""
    one = commands.add_parser("refresh", help="ask feeds that are due; release what has changed")
    one.add_argument(
        "words", nargs="*", metavar="OPERATION|SOURCE",
        help="TOML file (none: that of the settings, or the demo), then sources to ask now",
    )  # fmt: skip
    which = one.add_mutually_exclusive_group()
    which.add_argument("--due", action="store_true", help="ask the feeds whose time has come")
    which.add_argument("--all", action="store_true", help="ask every feed now")
    one.add_argument("--data", type=Path, help="folder that source paths start from")
    one.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    one.set_defaults(do=_refresh)


def _refresh(asked: argparse.Namespace, settings: Settings) -> int:
    files = [word for word in asked.words if word.endswith(".toml")]
    named = [word for word in asked.words if word not in files]
    file = Path(files[0]) if files else settings.operation or operations.DEMO
    operation = operations.load(file)
    store = Store(asked.store or settings.store, settings.work)
    data = store.work / SIMULATED if file == operations.DEMO else asked.data or settings.data
    fed = [source.key for source in operation.source if source.feed]
    _refuse_unknown(named, fed)
    if not (asked.due or asked.all or named):
        print("\n".join(_standings(operation, store)))
        return ALL_IN
    wanted = None if asked.due else fed if asked.all else named
    try:
        done = refresh.tick(operation, store, [data, file.parent], settings, wanted=wanted)
    except refresh.Busy as problem:
        print(problem)
        return ALL_IN
    return _told(done)


def _told(done: refresh.Tick) -> int:
    for visit in done.visits:
        if visit.error:
            print(visit.error, file=sys.stderr)
        else:
            print(f"{visit.source}: {visit.status}, {visit.bytes:,} bytes")
    failed = any(visit.error for visit in done.visits)
    if done.problem:
        print(done.problem, file=sys.stderr)
        return NOTHING
    if done.release is None:
        waits = "sources have changed, but the last release failed; it is tried again later"
        print(waits if done.changed else "nothing changed")
    else:
        changed = ", ".join(f"{key} ({how})" for key, how in done.changed.items())
        print(f"release {done.release.name}: {changed}")
        for outcome in done.outcomes:
            if outcome.error:
                print(f"{outcome.source.key}: {outcome.error}", file=sys.stderr)
        failed |= any(outcome.status == "failed" for outcome in done.outcomes)
    return SOME_FAILED if failed else ALL_IN


def _standings(operation: Operation, store: Store) -> list[str]:
    """How every feed stands; nobody is asked."""
    ledger, now = Ledger(store.work, operation.key), datetime.now(UTC)
    said = []
    for source in operation.source:
        if source.every_h:
            standing = ledger.standing(source.key)
            state = freshness.state(standing.last_ok, source.every_h, now)
            last = f", last {standing.last_ok:%Y-%m-%d %H:%M} UTC" if standing.last_ok else ""
            error = f"; {standing.error}" if standing.error else ""
            said.append(f"{source.key}: {state}, every {source.every_h:g} h{last}{error}")
    ledger.close()
    return said or [f"operation {operation.key!r} declares no feed"]


def _refuse_unknown(named: list[str], fed: list[str]) -> None:
    for name in named:
        if name not in fed:
            near = nearest(name, fed)
            hint = f"; did you mean {near!r}?" if near else ""
            raise SettingInvalid("SOURCE", name, f"one that declares a feed: {fed}{hint}")
