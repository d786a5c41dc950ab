"""A declaration in the making, and its text as TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from etl import personal, synonyms
from geo_data.disclosure import LEAST_BY_JOB
from geo_data.vocabulary import Sensitivity

SENSITIVITY = {"presence": "moderate", "services": "moderate", "statements": "moderate"}


@dataclass
class Draft:
    """A declaration in the making: keys with their comments, in the order written."""

    read: dict[str, object] = field(default_factory=dict)
    keys: dict[str, object] = field(default_factory=dict)
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    constants: dict[str, tuple[str, str]] = field(default_factory=dict)
    values: dict[str, tuple[dict[str, str], str]] = field(default_factory=dict)
    measures: list[tuple[str, str, str]] = field(default_factory=list)
    drop: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)


def text(draft: Draft, file: Path, job: str, why: str) -> str:
    """The block as TOML; every string is escaped, so no name can break out of its line."""
    lines = _about(draft, file, job, why)
    if draft.drop:
        lines += [f"# personal: {quoted(n)} ({w})" for n, w in _shown(draft.drop)]
        lines.append(line("drop", [n for n, _ in _shown(draft.drop)]))
    lines += ["", "[source.read]", *(line(key, value) for key, value in draft.read.items())]
    for title, entries in (("columns", draft.columns), ("constants", draft.constants)):
        if entries:
            lines += ["", f"[source.{title}]"]
            lines += [line(key, value, how) for key, (value, how) in entries.items()]
    for key, (table, said) in draft.values.items():
        lines += ["", f"[source.values.{key}]", *([f"# {_oneline(said)}"] if said else [])]
        lines += [f"{quoted(theirs)} = {quoted(ours)}" for theirs, ours in table.items()]
    for column, quantity, how in draft.measures:
        lines += ["", "[[source.measures]]", line("column", column, how)]
        lines += [line("quantity", quantity), *_group(draft, column)]
    return "\n".join(lines) + "\n"


def _about(draft: Draft, file: Path, job: str, why: str) -> list[str]:
    """What is doubted, and the keys that say whose the file is and what is in it."""
    name = personal.masked(file.name)
    least = LEAST_BY_JOB.get(job, Sensitivity.LOW).value
    keys: dict[str, object] = {
        "key": re.sub(r"[^a-z0-9]+", "_", synonyms.plain(personal.masked(file.stem))).strip("_")
        or "source",
        "title": name, "owner": "unknown", "licence": "unknown", "job": job, "path": name,
        "sensitivity": least if job in LEAST_BY_JOB else SENSITIVITY.get(job, "low"),
        **draft.keys,
    }  # fmt: skip
    notes = {
        "owner": "fill in", "licence": "fill in; unknown may not be passed on",
        "job": f"guessed: {why}", "path": "below the data folder", "sensitivity": "by its job",
    }  # fmt: skip
    lines = [f"# First draft for {quoted(name)}; read every line before it is used."]
    lines += [f"# doubt: {_oneline(doubt)}" for doubt in draft.doubts]
    lines += ["", "[[source]]"]
    return [*lines, *(line(key, value, notes.get(key, "")) for key, value in keys.items())]


def _group(draft: Draft, column: str) -> list[str]:
    """Two columns of one quantity are told apart by their headers."""
    quantity = {name: quantity for name, quantity, _ in draft.measures}
    alike = [name for name, other in quantity.items() if other == quantity[column]]
    return [line("group", column, "by its header")] if len(alike) > 1 else []


def _shown(drop: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, why) for name, why in drop.items() if personal.shown_names([name]) == [name]]


def line(key: str, value: object, comment: str = "") -> str:
    """One key of TOML with its comment."""
    return f"{key} = {_toml(value)}" + (f"  # {_oneline(comment)}" if comment else "")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return quoted(value) if isinstance(value, str) else str(value)


def quoted(text: str) -> str:
    """A text as a string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _oneline(comment: str) -> str:
    """A comment that no line break or control character can end."""
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", personal.masked(comment))
