"""File names that a person understands: ``demo_population_2026-11-20_partner.pdf``."""

from __future__ import annotations

import re

from geo_data.view import View
from geo_data.vocabulary import Audience

_UNIT = re.compile(r"_(people|count|share|m|km2|h|c|mm|m_s)$")


def file_name(view: View, what: str, ending: str) -> str:
    """Operation, content, date, that it is a what-if, and the audience if it is not the cell."""
    operation = view.operation.get("short") or view.operation["key"]
    parts = [operation, _UNIT.sub("", what), f"{view.at:%Y-%m-%d}"]
    if view.what_if:
        parts.append("what-if")
    if view.audience is not Audience.CELL:
        parts.append(view.audience.value)
    return "_".join(_plain(part) for part in parts) + "." + ending


def _plain(part: str) -> str:
    """Letters, digits and hyphens: names that every disk and mail program takes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", str(part)).strip("-") or "x"
