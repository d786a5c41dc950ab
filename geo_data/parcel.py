"""A release as one file, to carry on a stick to a place without a network.

A zip whose tables are stored as they are, with a manifest that holds the digest of each. It holds
the cell's own tables, unprotected: there is no parcel for partners or the public.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
from pyarrow import parquet

from geo_data import disk
from geo_data.errors import ParcelRefused
from geo_data.release import Release
from geo_data.version import VERSION

SUFFIX = ".waypost"
FORMAT = 1
MANIFEST = "manifest.json"
READ_ME = "READ-ME.txt"
AUDIENCE = "cell"
NOTE = (
    "For the coordination cell only. This file holds a Waypost release as collected: exact "
    "positions and small counts that partners and the public must not see. Carry it on an "
    "encrypted stick, hand it to members of the cell, delete it after import.\n"
)


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of a parcel."""

    rows: int
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a parcel says of itself."""

    format: int
    audience: str
    note: str
    code: str
    release: str
    at: datetime
    operation: str
    tables: dict[str, Part]
    manifest: dict[str, Any]


def write(release: Release, file: Path) -> str:
    """Export a release; the file appears whole or not at all.

    Returns
    -------
    str
        Fingerprint, to be told by another way than the stick.
    """
    if wrong := release.fault(deep=True):
        raise ParcelRefused(f"release {release.name} is not exported: {wrong}")
    part = file.with_name(f".{file.name}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Part] = {}
    try:
        with disk.explained(file.parent, release.size_bytes), zipfile.ZipFile(part, "w") as packed:
            disk.room_for(file.parent, release.size_bytes)
            packed.writestr(READ_ME, NOTE)
            for name in sorted(release.tables):
                data = _as_parquet(release.table(name))
                rows = release.tables[name]["rows"]
                parts[name] = Part(rows, len(data), hashlib.sha256(data).hexdigest())
                packed.writestr(f"tables/{name}.parquet", data)
            said = msgspec.json.encode(_described(release, parts))
            packed.writestr(MANIFEST, said)
        disk.durable([part])
        part.replace(file)
        disk.durable([file])
    finally:
        part.unlink(missing_ok=True)
    return fingerprint(said)


def _described(release: Release, parts: dict[str, Part]) -> Manifest:
    return Manifest(
        FORMAT, AUDIENCE, NOTE.strip(), VERSION, release.name, release.at,
        str(release.manifest.get("operation", {}).get("key", "")), parts,
        json.loads(json.dumps(release.manifest, default=str)),
    )  # fmt: skip


def _as_parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def fingerprint(manifest: bytes) -> str:
    """Eight groups of four letters that stand for all of a parcel, short enough to read aloud."""
    digest = hashlib.sha256(manifest).hexdigest()[:32]
    return "-".join(digest[start : start + 4] for start in range(0, 32, 4))
