"""What became of one source: read, judged, and kept away from all others."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from etl import files as source_files
from etl import personal, reuse
from etl.accounts import FAIL_SHARE, SCOPE_RULES, Contribution, Quarantine
from etl.sandbox import Sandbox
from geo_data.errors import SourceUnreadable, WaypostError
from geo_data.operations import Operation
from geo_data.sources import Source

log = logging.getLogger("waypost.etl")


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
        return sum(_wrong(self.contribution).values()) if self.contribution else 0

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


def outcome_of(
    source: Source, operation: Operation, folders: Sequence[Path], sandbox: Sandbox, today: date,
    kept: Path | None,
) -> Outcome:  # fmt: skip
    """Read one source; whatever becomes of it stays with it.

    Parameters
    ----------
    folders : sequence of Path
        Where its files are looked up, in order.
    kept : Path, optional
        Folder of contributions that may be taken again, see :mod:`etl.reuse`.
    """
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
    wrong = _wrong(gave)
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


def _wrong(gave: Contribution) -> dict[str, int]:
    """Rows by the rule they broke, without those that are only out of scope."""
    return {rule: count for rule, count in gave.reasons().items() if rule not in SCOPE_RULES}
