"""Observations as one file, from laptop to laptop: a head, then one record a line.

The same records give the same bytes. What comes in is a stranger's: each line is checked as if it
had been typed here, and is accepted, known already, or quarantined by the first rule it breaks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import pandas as pd

from geo_data import personal
from geo_data.assessments.record import COLUMN_OF, FORMAT, RULES, Observation, broken_rule
from geo_data.errors import SourceUnreadable, plain
from geo_data.words import N_

SUFFIX = ".observations.jsonl"
KIND = "waypost observations"
AUDIENCE = "cell"
NOTE = "For the coordination cell only. Hand it to members of the cell, delete it after the merge."
MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_LINE_BYTES = 10_000
COLUMNS = ("row", "rule", "column", "found", "expected", "advice")
FILE_RULES: dict[str, tuple[str, str]] = {
    "not_a_record": (
        N_("a record with the columns and the words of closed lists of this Waypost"),
        N_("Export again from the laptop it comes from."),
    ),
    "altered": (
        N_("the content that its id stands for"),
        N_("Somebody changed the line. Export again from the laptop it comes from."),
    ),
    "other_operation": (
        N_("a record of the operation of its file"),
        N_("Export again from the laptop it comes from."),
    ),
    "repeated_row": (N_("each record once"), N_("Nothing: it was taken once.")),
}
ALL_RULES = {**RULES, **FILE_RULES}


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """First line of a file."""

    kind: str
    format: int
    audience: str
    operation: str
    records: int
    note: str


@dataclass(frozen=True)
class Received:
    """What became of the rows of a file: rows in = accepted + known + quarantined.

    Attributes
    ----------
    accepted : tuple of Observation
        New here.
    known : int
        Rows that are here already.
    quarantine : DataFrame
        ``row`` (line of the file), ``rule``, ``column``, ``found``, ``expected``, ``advice``.
    rows_in : int
    """

    accepted: tuple[Observation, ...]
    known: int
    quarantine: pd.DataFrame
    rows_in: int

    def __post_init__(self) -> None:
        if self.rows_in != len(self.accepted) + self.known + len(self.quarantine):
            raise AssertionError("accounts of the file do not add up")


def write(records: Iterable[Observation], operation: str) -> bytes:
    """All records of an operation as one file."""
    own = {record.id: record for record in records if record.operation == operation}
    head = Head(KIND, FORMAT, AUDIENCE, operation, len(own), NOTE)
    lines = [
        b'{"id":"%s",' % name.encode() + own[name].encoded().removeprefix(b"{")
        for name in sorted(own)
    ]
    return b"\n".join([msgspec.json.encode(head), *lines]) + b"\n"


def read(name: str, content: bytes, operation: str, here: Collection[str]) -> Received:
    """Check a file from elsewhere; nothing is kept yet.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    operation : str
        Key of the operation here.
    here : collection of str
        Ids that are known.

    Raises
    ------
    SourceUnreadable
        If it is no such file, too large, cut off, of a newer format or another operation.
    """
    name = personal.masked(plain(name))[:80]
    lines = _lines(name, content)
    _check_head(name, _head(name, lines[0] if lines else b""), len(lines) - 1, operation)
    accepted: dict[str, Observation] = {}
    known, bad = 0, []
    for number, line in enumerate(lines[1:], start=2):
        record, rule, column = _row(line, operation)
        if record is not None and record.id in accepted:
            record, rule, column = None, "repeated_row", "id"
        if record is None:
            bad.append((number, rule, column, _found(line, rule, column)))
        elif record.id in here:
            known += 1
        else:
            accepted[record.id] = record
    return Received(tuple(accepted.values()), known, _quarantine(bad), len(lines) - 1)


def _lines(name: str, content: bytes) -> list[bytes]:
    if len(content) > MOST_BYTES:
        raise _refused(name, f"{len(content):,} bytes", f"at most {MOST_BYTES:,}")
    lines = content.split(b"\n")
    lines = lines[:-1] if lines and not lines[-1].strip() else lines
    if len(lines) - 1 > MOST_ROWS:
        raise _refused(name, f"{len(lines) - 1:,} rows", f"at most {MOST_ROWS:,}")
    return lines


def _head(name: str, line: bytes) -> Head:
    try:
        return msgspec.json.decode(line[:MOST_LINE_BYTES], type=Head)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        raise _refused(name, "another kind of file", "observations exported by Waypost") from None


def _check_head(name: str, head: Head, rows: int, operation: str) -> None:
    if head.kind != KIND or head.audience != AUDIENCE:
        raise _refused(name, "another kind of file", "observations exported by Waypost")
    if head.format > FORMAT:
        raise _refused(name, f"format {head.format} of a newer Waypost", f"format {FORMAT}")
    if head.operation != operation:
        other = personal.masked(plain(head.operation))[:60]
        raise _refused(name, f"the operation {other!r}", f"the operation {operation!r}")
    if head.records != rows:
        raise _refused(name, f"{rows:,} rows", f"{head.records:,}, as its first line says")


def _refused(name: str, found: str, expected: str) -> SourceUnreadable:
    advice = "Nothing was taken. Export and copy it again."
    return SourceUnreadable(name, found, expected, advice)


def _row(line: bytes, operation: str) -> tuple[Observation | None, str, str]:
    """A record, or the rule that its line breaks and in which column."""
    if len(line) > MOST_LINE_BYTES:
        return None, "too_long", "evidence"
    try:
        raw = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        name = msgspec.json.decode(raw.pop("id", msgspec.Raw(b"null")))
        record = msgspec.json.decode(msgspec.json.encode(raw), type=Observation)
    except (msgspec.MsgspecError, RecursionError, ValueError) as problem:
        _before, _at, where = str(problem).partition("`$.")
        return None, "not_a_record", where.partition("`")[0][:30]
    if rule := broken_rule(record):
        return None, rule, COLUMN_OF.get(rule, rule)
    if record.operation != operation:
        return None, "other_operation", "operation"
    return (record, "", "") if name == record.id else (None, "altered", "id")


def _found(line: bytes, rule: str, column: str) -> str:
    """The wrong value, unless it may be personal or is too much."""
    if column in ("", "evidence") or len(line) > MOST_LINE_BYTES:
        return ", ".join(personal.signs(line.decode("utf-8", "replace"))) * (
            rule == "personal_data"
        )
    try:
        value = msgspec.json.decode(line, type=dict[str, Any]).get(column, "")
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return ""
    said = plain(str(value))[:60]
    return personal.HIDDEN if rule == "not_a_record" and personal.signs(said) else said


def _quarantine(bad: list[tuple[int, str, str, str]]) -> pd.DataFrame:
    rows = [(*one, *ALL_RULES[one[1]]) for one in bad]
    return pd.DataFrame(rows, columns=list(COLUMNS))
