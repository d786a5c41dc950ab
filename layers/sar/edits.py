"""What a planner changed in a fleet: small enough for a link, and applied to any release."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from geo_data.errors import WaypostError
from layers.packing import packed, unpacked

LONGEST_TEXT = 100_000
MOST_ADDED = 500


@dataclass(frozen=True)
class Edits:
    """Changes against the register of a release.

    Attributes
    ----------
    changed : mapping of place_id to mapping of column to value
    gone : tuple of place_id
    added : tuple of mappings
        Rows that the register does not have, each with its own ``place_id``.
    """

    changed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    added: tuple[Mapping[str, Any], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.gone or self.added)


def between(stored: pd.DataFrame, edited: pd.DataFrame) -> Edits:
    """Changes that make one table of assets the other; rows are told apart by ``place_id``.

    Rows without one are new.
    """
    before, after = (_rows(table) for table in (stored, edited))
    known = {row["place_id"]: row for row in before}
    kept = {row["place_id"]: row for row in after if row["place_id"] in known}
    changed = {
        name: moved
        for name, row in kept.items()
        if (moved := {key: value for key, value in row.items() if value != known[name][key]})
    }
    new = [row for row in after if row["place_id"] not in known]
    return Edits(changed, tuple(name for name in known if name not in kept), tuple(_named(new)))


def applied(stored: pd.DataFrame, edits: Edits) -> pd.DataFrame:
    """The register with the changes; those of assets that are no longer in it are left out."""
    rows = [
        row | {key: value for key, value in edits.changed.get(row["place_id"], {}).items()
               if key in stored}
        for row in _rows(stored)
        if row["place_id"] not in edits.gone
    ]  # fmt: skip
    rows += [{name: row.get(name) for name in stored} for row in edits.added]
    made = pd.DataFrame(rows, columns=list(stored)).astype(object)
    return made.where(made.notna(), None)


def without(stored: pd.DataFrame, edits: Edits, place_id: str) -> Edits:
    """The same changes, and one asset not ready."""
    table = applied(stored, edits)
    table.loc[table["place_id"] == place_id, "ready"] = False
    return between(stored, table)


def to_text(edits: Edits) -> str:
    """Changes as letters, digits, ``-`` and ``_``, for a link; empty if there are none."""
    if not edits:
        return ""
    plain = json.dumps([edits.changed, edits.gone, edits.added], separators=(",", ":"))
    return packed(plain.encode())


def from_text(text: str) -> Edits:
    """The inverse of :func:`to_text`.

    Raises
    ------
    WaypostError
        If the text was not made by it, or is too long.
    """
    if not text:
        return Edits()
    try:
        changed, gone, added = json.loads(unpacked(text, LONGEST_TEXT))
        if len(added) > MOST_ADDED:
            raise ValueError("too many")
        changes = {str(name): dict(row) for name, row in changed.items()}
        return Edits(changes, tuple(map(str, gone)), tuple(dict(row) for row in added))
    except (ValueError, zlib.error, AttributeError, TypeError) as problem:
        raise WaypostError(
            "the changes to the fleet in this link cannot be read. Ask for the link again, or "
            "load the saved scenario."
        ) from problem


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with None where nothing is known, and numbers and flags that JSON can hold."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if value is None or value != value:
        return None
    return value.item() if hasattr(value, "item") else value


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    taken = {row["place_id"] for row in rows if row["place_id"]}
    free = (f"new-{n}" for n in range(1, len(rows) + len(taken) + 1) if f"new-{n}" not in taken)
    return [row if row["place_id"] else row | {"place_id": next(free)} for row in rows]
