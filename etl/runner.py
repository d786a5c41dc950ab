"""One run of an operation: every source on its own, then one release of what came in."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from etl import files as source_files
from etl import guard, ledger, merge, pcodes, personal, reuse
from etl.accounts import FAIL_SHARE, SCOPE_RULES, Contribution, Quarantine
from etl.sandbox import Sandbox
from geo_data import tables
from geo_data.errors import NothingUsable, SourceUnreadable, WaypostError
from geo_data.freshness import reference_end
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Source
from geo_data.store import Release, Store
from geo_data.version import VERSION

log = logging.getLogger("waypost.etl")

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Outcome:
    """What one source gave, or why it gave nothing."""

    source: Source
    files: Sequence[Mapping[str, Any]]
    contribution: Contribution | None
    error: str | None
    seconds: float

    @property
    def wrong(self) -> int:
        """Rows quarantined because they are wrong, not because they are out of scope."""
        if self.contribution is None:
            return 0
        reasons = self.contribution.reasons()
        return sum(count for rule, count in reasons.items() if rule not in SCOPE_RULES)

    @property
    def status(self) -> str:
        """``ok``, ``warning`` or ``failed``."""
        gave = self.contribution
        if gave is None or self.error:
            return "failed"
        judged = gave.accepted + self.wrong
        wrong = self.wrong > self.source.warn_share * judged
        if wrong or gave.repairs or gave.warnings or gave.accepted == 0:
            return "warning"
        return "ok"


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
        outcomes, before = [], accounts(store, operation)
        for number, source in enumerate(operation.source):
            progress(0.9 * number / len(operation.source), source.title)
            outcome = _outcome(source, operation, folders, sandbox, today, kept)
            outcomes.append(_compared(outcome, before.get(source.key)))
        outcomes = _with_known_codes(outcomes)
        usable = [(o.source, o.contribution) for o in outcomes if o.contribution is not None]
        if not any(gave.accepted for _, gave in usable):
            raise NothingUsable(
                f"operation {operation.key!r}: none of its {len(outcomes)} sources could be used. "
                f"First reason: {next((o.error for o in outcomes if o.error), 'no rows')}"
            )
        progress(0.9, "merging into hexagons")
        merged = merge.merge(usable, operation)
        progress(0.97, "publishing")
        manifest = _manifest(operation, outcomes, merged.methods, time.monotonic() - began)
        for account, source in zip(manifest["sources"], operation.source, strict=True):
            account["declared"] = reuse.declared(source, operation, settings)
            account |= _fetched(store, operation, source)
            account["reference_end"] = account["reference_end"] or account["fetched"]
        manifest["parsing"] = sandbox.how()
        arrow = {name: tables.as_arrow(name, frame) for name, frame in merged.tables.items()}
        release = store.publish(arrow, manifest)
    progress(1.0, "done")
    return release, outcomes


def accounts(store: Store, operation: Operation) -> dict[str, Mapping[str, Any]]:
    """What the newest release of an operation says of each source; empty if there is none."""
    newest = next(iter(store.releases()), None)
    if newest is None or newest.manifest["operation"]["key"] != operation.key:
        return {}
    return {account["source"]: account for account in newest.manifest["sources"]}


def _compared(outcome: Outcome, before: Mapping[str, Any] | None) -> Outcome:
    """With a warning for each absurd difference from the last release."""
    gave = outcome.contribution
    if gave is None or outcome.error:
        return outcome
    warnings = [*gave.warnings, *guard.suspicions((before or {}).get("figures"), gave)]
    return replace(outcome, contribution=replace(gave, warnings=warnings))


def _fetched(store: Store, operation: Operation, source: Source) -> dict[str, Any]:
    """Of a source with a feed: when and from where its files came."""
    came = source.feed and ledger.provenance(store.work, operation.key, source.key)
    if not came or not came["last_ok"]:
        return {}
    return {"feed": came, "fetched": str(came["last_ok"])[:10]}


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


def _outcome(
    source: Source, operation: Operation, folders: Sequence[Path], sandbox: Sandbox, today: date,
    kept: Path | None,
) -> Outcome:  # fmt: skip
    began, files = time.monotonic(), []
    gave: Contribution | None = None
    error: str | None
    try:
        found = source_files.find(source, folders, sandbox.settings)
        before = [_stamp(path) for path in found]
        files = [_described(path) for path in found]
        made = reuse.contribution(source, found, files, operation, sandbox, today, kept)
        _refuse_changed(found, before)
        gave, error = judged(source, made)
    except WaypostError as problem:
        error = personal.masked(str(problem))
    except Exception as problem:  # one broken source must not take the others down
        # Its message may quote a cell, so the log names the place in the code only.
        place = "".join(traceback.format_tb(problem.__traceback__))
        log.info("source %s broke its job: %s\n%s", source.key, type(problem).__name__, place)
        error = f"the job failed ({type(problem).__name__}); see the log of the run"
    if gave is not None:
        log.info("source %s: %d in, %d accepted", source.key, gave.rows_in, gave.accepted)
    if error:
        log.warning("source %s failed: %s", source.key, error)
    return Outcome(source, files, gave, error, round(time.monotonic() - began, 2))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size


def _refuse_changed(found: Sequence[Path], before: Sequence[object]) -> None:
    """Refuse files that were written to while they were read: half of each would be taken."""
    for path, stamp in zip(found, before, strict=True):
        if _stamp(path) != stamp:
            raise SourceUnreadable(
                path.name, "a file that changed while it was read", "a file that is whole",
                "Run again when nobody writes to it; copy under another name, then rename.",
            )  # fmt: skip


def _described(path: Path) -> dict[str, str | int]:
    return source_files.described(path) | {"name": personal.masked(path.name)}


def judged(source: Source, gave: Contribution) -> tuple[Contribution, str | None]:
    """What a source gave; if most of it is wrong, nothing but its account, and the reason."""
    wrong = {rule: n for rule, n in gave.reasons().items() if rule not in SCOPE_RULES}
    judged = gave.accepted + sum(wrong.values())
    most_wrong = FAIL_SHARE if source.fail_share is None else source.fail_share
    if judged == 0 or sum(wrong.values()) <= most_wrong * judged:
        return gave, None
    most = ", ".join(f"{rule} {count}" for rule, count in list(wrong.items())[:3])
    error = (
        f"{source.title}: {sum(wrong.values())} of {judged} rows are wrong ({most}), more than "
        f"{most_wrong:.0%}; the declaration probably does not fit the file. Nothing of it was used."
    )
    rest = Quarantine(source.key)
    rest.parts.append(gave.quarantine)
    rest.reject_many(
        source.title, gave.accepted, rule="source_failed", column="", found="",
        expected=f"at most {most_wrong:.0%} wrong rows in the source",
        advice="Mend the wrong rows or the declaration; these rows were right by themselves.",
    )  # fmt: skip
    nothing = Contribution(
        rows_in=gave.rows_in, accepted=0, quarantine=rest.table(), warnings=gave.warnings
    )
    return nothing, error


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
        "sources": [_account(outcome) for outcome in outcomes],
        "methods": methods,
    }  # fmt: skip


def _account(outcome: Outcome) -> dict[str, Any]:
    source, gave = outcome.source, outcome.contribution
    first, last = _observed(gave)
    period = source.period or (f"{first}/{last}" if last else None)
    return {
        "source": source.key, "title": source.title, "owner": source.owner,
        "licence": source.licence, "url": source.url, "job": source.job,
        "sensitivity": source.sensitivity.value, "simulated": source.simulated,
        "coverage": source.coverage, "cadence_days": source.cadence_days, "note": source.note,
        "reference_period": period,
        "reference_end": reference_end(source.period) or last or source.fetched,
        "fetched": source.fetched, "status": outcome.status, "error": outcome.error,
        "figures": guard.figures(gave),
        "rows_in": gave.rows_in if gave else 0, "accepted": gave.accepted if gave else 0,
        "quarantined": gave.quarantined if gave else 0, "reasons": gave.reasons() if gave else {},
        "repairs": [vars(repair) for repair in gave.repairs] if gave else [],
        "warnings": list(gave.warnings) if gave else [], "files": outcome.files,
        "seconds": outcome.seconds,
    }  # fmt: skip


def _observed(gave: Contribution | None) -> tuple[date | None, date | None]:
    """First and last day that the accepted rows speak about."""
    columns = [
        pd.to_datetime(table[name]).dropna()
        for table in (gave.tables.values() if gave else ())
        for name in ("date", "start")
        if name in table
    ]
    filled = [column for column in columns if len(column)]
    if not filled:
        return None, None
    return min(c.min() for c in filled).date(), max(c.max() for c in filled).date()
