"""What a source gave is kept under a key of all that decided it, and taken again meanwhile."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from etl import contributions
from etl.accounts import Contribution
from etl.sandbox import Sandbox
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Source
from geo_data.version import VERSION

FOLDER, DAY = "contributions", "day"
ROOT = Path(__file__).resolve().parent.parent
BY_DAY = frozenset({"future_date"})
"""Rules whose verdict changes with the day; what they rejected is judged again tomorrow."""


def declared(source: Source, operation: Operation, settings: Settings) -> str:
    """Digest of all that decides what a source gives, except its files."""
    parts = [
        msgspec.json.encode(msgspec.structs.replace(source, feed=None)),
        msgspec.json.encode(msgspec.structs.replace(operation, source=[], hosts=[])),
        json.dumps([settings.max_pixels, settings.max_bytes]).encode(),
        VERSION.encode(),
        _code().encode(),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def key_of(declaration: str, files: Sequence[Mapping[str, Any]]) -> str:
    """Key of a contribution: its declaration, and names and bytes of its files."""
    said = json.dumps([declaration, [[file["name"], file["sha256"]] for file in files]])
    return hashlib.sha256(said.encode()).hexdigest()


def contribution(
    source: Source, found: Sequence[Path], files: Sequence[Mapping[str, Any]],
    operation: Operation, sandbox: Sandbox, today: date, kept: Path | None,
) -> Contribution:  # fmt: skip
    """What the files of a source give, or gave before if ``kept`` holds it and all is the same."""

    def make() -> Contribution:
        return sandbox.run(source, found, operation, today)

    if kept is None:
        return make()
    key = key_of(declared(source, operation, sandbox.settings), files)
    return contribution_of(kept, source.key, key, today, make)


def contribution_of(
    folder: Path, source: str, key: str, today: date, make: Callable[[], Contribution]
) -> Contribution:
    """What was made under this key before, or what ``make`` makes now.

    Parameters
    ----------
    folder : Path
        Of the kept contributions; one of each source stays.
    """
    place = folder / source / key
    kept = _read(place, today)
    if kept is not None:
        return kept
    gave = make()
    _write(gave, place, today)
    for other in place.parent.iterdir():
        if other != place:
            shutil.rmtree(other, ignore_errors=True)
    return gave


def _write(gave: Contribution, place: Path, today: date) -> None:
    new = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    contributions.write(gave, new)
    if BY_DAY & set(gave.reasons()):
        (new / DAY).write_text(today.isoformat(), encoding="utf-8")
    shutil.rmtree(place, ignore_errors=True)
    new.rename(place)


def _read(place: Path, today: date) -> Contribution | None:
    try:
        judged = (place / DAY).read_text(encoding="utf-8") if (place / DAY).exists() else None
        if judged not in (None, today.isoformat()):
            return None
        return contributions.read(place)
    except (OSError, ValueError):
        return None  # not there, or damaged: it is made again


@cache
def _code() -> str:
    """Digest of our code and reference tables: a mended job is never answered from before."""
    digest = hashlib.sha256()
    for folder in ("geo_data", "etl"):
        for file in sorted([*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.parquet")]):
            digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()
