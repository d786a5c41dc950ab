"""One run of an operation: every source on its own, then one release of what came in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from etl import guard, manifest, merge, pcodes, reuse
from etl.accounts import Contribution
from etl.outcomes import Outcome, outcome_of
from etl.sandbox import Sandbox
from geo_data import tables
from geo_data.errors import NothingUsable
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Source
from geo_data.store import Release, Store
from geo_data.version import VERSION

Progress = Callable[[float, str], None]


def run(
    operation: Operation,
    store: Store,
    folders: Sequence[Path],
    settings: Settings,
    *,
    today: date | None = None,
    kept: Path | None = None,
    progress: Progress = lambda share, doing: None,
) -> tuple[Release, list[Outcome]]:
    """Read all sources, merge what came in, publish one release.

    Parameters
    ----------
    folders : sequence of Path
        Where source paths are looked up, in order.
    today : date, optional
        Day against which dates are judged; today in UTC by default.
    kept : Path, optional
        Folder of contributions that are taken again while nothing that decided them has changed;
        without it every source is read anew.
    progress : callable
        Told a share from 0 to 1 and what is being done.

    Returns
    -------
    release, outcomes

    Raises
    ------
    NothingUsable
        If no source gave anything; then nothing is published.
    """
    began, today = time.monotonic(), today or datetime.now(UTC).date()
    with store.writing(), Sandbox(settings) as sandbox:
        before, outcomes = manifest.accounts(store, operation), []
        for number, source in enumerate(operation.source):
            progress(0.9 * number / len(operation.source), source.title)
            made = outcome_of(source, operation, folders, sandbox, today, kept)
            outcomes.append(_compared(made, before.get(source.key)))
        outcomes = _with_known_codes(outcomes)
        usable = _usable(operation, outcomes)
        progress(0.9, "merging into hexagons")
        merged = merge.merge(usable, operation)
        progress(0.97, "publishing")
        said = _manifest(operation, outcomes, merged.methods, time.monotonic() - began)
        said["sources"] = [
            manifest.account(
                one, reuse.declared(one.source, operation, settings),
                manifest.origin(store, operation, one.source),
            )
            for one in outcomes
        ]  # fmt: skip
        said["parsing"] = sandbox.how()
        arrow = {name: tables.as_arrow(name, frame) for name, frame in merged.tables.items()}
        release = store.publish(arrow, said)
    progress(1.0, "done")
    return release, outcomes


def _usable(operation: Operation, outcomes: Sequence[Outcome]) -> list[tuple[Source, Contribution]]:
    usable = [(one.source, one.contribution) for one in outcomes if one.contribution is not None]
    if not any(gave.accepted for _, gave in usable):
        raise NothingUsable(
            f"operation {operation.key!r}: none of its {len(outcomes)} sources could be used. "
            f"First reason: {next((one.error for one in outcomes if one.error), 'no rows')}"
        )
    return usable


def _compared(outcome: Outcome, before: Mapping[str, Any] | None) -> Outcome:
    """With a warning for each absurd difference from the last release."""
    gave = outcome.contribution
    if gave is None or outcome.error:
        return outcome
    warnings = [*gave.warnings, *guard.suspicions((before or {}).get("figures"), gave)]
    return replace(outcome, contribution=replace(gave, warnings=warnings))


def _with_known_codes(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Outcomes whose area codes were compared with the gazetteers of the same run."""
    given = [outcome.contribution for outcome in outcomes]
    known = pcodes.known(gave for gave in given if gave is not None)
    return [
        replace(outcome, contribution=pcodes.compared(outcome.contribution, outcome.source, known))
        if outcome.contribution is not None
        else outcome
        for outcome in outcomes
    ]


def _manifest(
    operation: Operation, outcomes: Sequence[Outcome], methods: Mapping[str, Any], seconds: float
) -> dict[str, Any]:
    return {
        "operation": {
            "key": operation.key, "title": operation.title, "area": list(operation.area),
            "resolution": operation.resolution, "countries": operation.countries,
            "short": operation.short,
        },
        "simulated": any(
            o.source.simulated and o.contribution.accepted for o in outcomes if o.contribution
        ),
        "code": VERSION,
        "seconds": round(seconds, 2),
        "methods": methods,
    }  # fmt: skip
