"""What a source gave is kept under a key of all that decided it, and taken again while that holds.

The one seam between a run and its cache: whoever writes contributions in another form changes
``_write`` and ``_read``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather

from etl import jobs
from etl.accounts import Contribution, HexValues, Repair
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Source
from geo_data.version import VERSION

FOLDER = "contributions"
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
    operation: Operation, settings: Settings, today: date, kept: Path | None,
) -> Contribution:  # fmt: skip
    """What the files of a source give, or gave before if ``kept`` holds it and all is the same."""

    def make() -> Contribution:
        return jobs.run(source, found, operation, settings, today)

    if kept is None:
        return make()
    key = key_of(declared(source, operation, settings), files)
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
    for name, table in {**gave.tables, "_quarantine": gave.quarantine}.items():
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        feather.write_feather(arrow, new / f"{name}.arrow", compression="zstd")
    for number, values in enumerate(gave.hexes):
        arrow = pa.table({n: getattr(values, n) for n in ("cell", "value", "cover")})
        feather.write_feather(arrow, new / f"_hex{number}.arrow", compression="zstd")
    said = {
        "rows_in": gave.rows_in, "accepted": gave.accepted, "warnings": list(gave.warnings),
        "repairs": [asdict(repair) for repair in gave.repairs], "tables": list(gave.tables),
        "hexes": [{"quantity": v.quantity, "coarse": v.coarse} for v in gave.hexes],
        "day": today.isoformat() if BY_DAY & set(gave.reasons()) else None,
    }  # fmt: skip
    (new / "contribution.json").write_text(json.dumps(said), encoding="utf-8")
    shutil.rmtree(place, ignore_errors=True)
    new.rename(place)


def _read(place: Path, today: date) -> Contribution | None:
    try:
        said = json.loads((place / "contribution.json").read_text(encoding="utf-8"))
        if said["day"] not in (None, today.isoformat()):
            return None
        return Contribution(
            rows_in=said["rows_in"], accepted=said["accepted"],
            quarantine=_table(place, "_quarantine"),
            tables={name: _table(place, name) for name in said["tables"]},
            hexes=[_hexes(place, number, one) for number, one in enumerate(said["hexes"])],
            repairs=[Repair(**repair) for repair in said["repairs"]],
            warnings=said["warnings"],
        )  # fmt: skip
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return None  # not there, or damaged: it is made again


def _table(place: Path, name: str) -> pd.DataFrame:
    return feather.read_table(place / f"{name}.arrow", memory_map=False).to_pandas()


def _hexes(place: Path, number: int, said: Mapping[str, Any]) -> HexValues:
    arrow = feather.read_table(place / f"_hex{number}.arrow", memory_map=False)
    cell, value, cover = (np.array(arrow[name]) for name in ("cell", "value", "cover"))
    return HexValues(said["quantity"], cell, value, cover, said["coarse"])


@cache
def _code() -> str:
    """Digest of our code and reference tables: a mended job is never answered from before."""
    digest = hashlib.sha256()
    for folder in ("geo_data", "etl"):
        for file in sorted([*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.parquet")]):
            digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()
