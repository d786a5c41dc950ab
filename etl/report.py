"""What a release says of its sources: the accounts, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from geo_data import freshness
from geo_data.store import Release

COLUMNS = ("source", "status", "rows_in", "accepted", "quarantined", "top reasons", "age", "late")


def status(release: Release, now: datetime) -> dict[str, Any]:
    """The accounts of a release; this shape is a contract with other programs."""
    return {
        "release": release.name,
        "at": release.at.isoformat(),
        "operation": release.manifest["operation"]["key"],
        "simulated": bool(release.manifest["simulated"]),
        "sources": [_source(account, now) for account in release.manifest["sources"]],
    }


def _source(account: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    age = freshness.age_h(account, now)
    return {
        **{name: account[name] for name in ("source", "status", "rows_in", "accepted")},
        "quarantined": account["quarantined"],
        "reasons": account["reasons"],
        "reference_period": account["reference_period"],
        "fetched": account["fetched"],
        "age_h": None if age is None else round(age, 1),
        "late": freshness.late(account, now),
        "simulated": account["simulated"],
    }


def lines(said: Mapping[str, Any]) -> list[str]:
    """The accounts as a table of text."""
    head = f"{said['operation']}, release {said['release']}" + (
        ", holds SIMULATED data" if said["simulated"] else ""
    )
    return [head, *columns([COLUMNS, *(_row(source) for source in said["sources"])])]


def columns(rows: Sequence[Sequence[Any]]) -> list[str]:
    """Rows as text, in columns as wide as they need to be."""
    widths = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _row(source: Mapping[str, Any]) -> tuple[Any, ...]:
    top = ", ".join(f"{rule} {count}" for rule, count in list(source["reasons"].items())[:3])
    return (
        source["source"] + (" (simulated)" if source["simulated"] else ""), source["status"],
        source["rows_in"], source["accepted"], source["quarantined"], top,
        freshness.said(source["age_h"]), "LATE" if source["late"] else "",
    )  # fmt: skip
