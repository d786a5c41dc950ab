"""JSON documents that hold a list of records, in one file or page by page in several."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from etl.readers import cells
from etl.readers.delimited import decoded
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read


class Written(float):
    """A number that remembers how it was written, so that 0201 or 1.50 stay what they are."""

    def __new__(cls, text: str) -> Written:  # noqa: D102
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str

    def __str__(self) -> str:
        return self.text


def read(path: Path, declared: Read) -> pd.DataFrame:
    """Records of a document as text columns; ``_row`` counts the records from 1."""
    whole = document(path, declared.encoding)
    found = _paged(whole, declared.records, path.name)
    if not isinstance(found, list):
        raise SourceUnreadable(
            path.name, f"{_kind(found)} at {declared.records or 'the top'}", "a list of records",
            f"Set records to the dotted path of the list.{_hint(found)}",
        )  # fmt: skip
    table = cells.records([_record(value, declared) for value in found], path.name)
    broken = [not isinstance(value, (dict, list)) for value in found]
    table.loc[broken, cells.PROBLEM] = "not a record with named values"
    table.attrs = {"hxl": {}, "warnings": [], "promised": promised(whole)}
    return table


def _paged(whole: Any, dotted: str | None, file: str) -> Any:
    """The list of records; of a list of pages those of all."""
    if dotted and isinstance(whole, list) and whole and all(isinstance(p, Mapping) for p in whole):
        pages = [inside(page, dotted, file) for page in whole]
        if all(isinstance(page, list) for page in pages):
            return [record for page in pages for record in page]
    return inside(whole, dotted, file)


def promised(whole: Any) -> int:
    """How many records a paged document says there are on all its pages."""
    first = whole[0] if isinstance(whole, list) and whole else whole
    if not isinstance(first, Mapping) or "next" not in first:
        return 0
    count = first.get("count")
    return int(count) if isinstance(count, float) and 0 <= count < 1e15 else 0


def document(path: Path, encoding: str = "utf-8") -> Any:
    """A parsed JSON file; its numbers are :class:`Written`."""
    return parsed(decoded(path.read_bytes(), encoding, path.name), path.name)


def parsed(text: str, file: str) -> Any:
    """A parsed JSON text; its numbers are :class:`Written`."""
    try:
        return json.loads(text, parse_int=Written, parse_float=Written)
    except (json.JSONDecodeError, RecursionError) as problem:
        raise SourceUnreadable(
            file, f"text that is not JSON ({problem})", "one JSON document",
            "Check that the download was complete.",
        ) from problem  # fmt: skip


def as_text(value: Any) -> str | None:
    """A value as text: lists of plain values joined by commas, anything nested as JSON.

    >>> as_text(["LBY", "TUN"]), as_text(True), as_text(None), as_text({"a": 1})
    ('LBY, TUN', 'true', None, '{"a": 1}')
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and not any(isinstance(part, (dict, list)) for part in value):
        return ", ".join(as_text(part) or "" for part in value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def inside(found: Any, dotted: str | None, file: str) -> Any:
    """Member of a document at a dotted path."""
    for name in dotted.split(".") if dotted else []:
        if not isinstance(found, Mapping) or name not in found:
            raise SourceUnreadable(
                file, _kind(found), f"a member {name!r} on the way to {dotted!r}",
                f"Correct records of the declaration.{_hint(found)}",
            )  # fmt: skip
        found = found[name]
    return found


def _record(value: Any, declared: Read) -> dict[str, str | None]:
    if isinstance(value, list):
        names = declared.names or [f"column {number + 1}" for number in range(len(value))]
        value = dict(zip(names, value, strict=False))
    return {str(k): as_text(v) for k, v in value.items()} if isinstance(value, dict) else {}


def _kind(found: Any) -> str:
    return "an object" if isinstance(found, Mapping) else f"a {type(found).__name__}"


def _hint(found: Any) -> str:
    if not isinstance(found, Mapping):
        return ""
    lists = [name for name, value in found.items() if isinstance(value, list)]
    return f" Lists there: {', '.join(lists[:10])}." if lists else ""
