"""All cases by family, and those that are known to fail with the reason."""

from __future__ import annotations

import pytest

from tests.corpus import (
    archives,
    codes,
    dates,
    documents,
    encodings,
    headers,
    layers,
    numbers,
    people,
    positions,
    rasters,
    separators,
    workbooks,
)
from tests.corpus.case import Case

ALL: dict[str, tuple[Case, ...]] = {
    "encodings": encodings.CASES, "separators": separators.CASES, "numbers": numbers.CASES,
    "dates": dates.CASES, "codes": codes.CASES, "headers": headers.CASES, "positions": positions.CASES,
    "workbooks": workbooks.CASES, "layers": layers.CASES, "rasters": rasters.CASES,
    "documents": documents.CASES, "people": people.CASES, "archives": archives.CASES,
}  # fmt: skip
KNOWN: dict[str, str] = {}
"""Name of a case to the reason why it fails."""


def marks(name: str) -> list[pytest.MarkDecorator]:
    """Mark of a case that is known to fail; when it passes the mark must go."""
    return [pytest.mark.xfail(strict=True, reason=KNOWN[name])] if name in KNOWN else []
