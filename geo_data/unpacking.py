"""A release file from elsewhere is checked whole before the store is touched.

Its digests guard against accidents; against an altered file guards the fingerprint, if the people
at both ends compare it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pyarrow as pa
from pyarrow import parquet

from geo_data import parcel, tables
from geo_data.errors import ParcelRefused, ReleaseMissing
from geo_data.parcel import Manifest, Part
from geo_data.release import Release
from geo_data.store import Store

MAX_ENTRIES = 100
MAX_MANIFEST_BYTES = 50_000_000
_TABLE = re.compile(r"tables/([a-z_]+)\.parquet")


def read(store: Store, file: Path, *, max_bytes: int, expect: str = "") -> tuple[Release, bool]:
    """Import a release; everything is checked before the store is touched.

    Parameters
    ----------
    max_bytes : int
        Largest parcel, packed or unpacked.
    expect : str
        Fingerprint told at export; empty: not compared.

    Returns
    -------
    release, new
        ``new`` is False if the store has this release already.

    Raises
    ------
    ParcelRefused
        If the file is damaged, not a parcel, too large, of a newer format or another operation.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            said = _opened(packed, file, max_bytes, expect)
            found = {
                name: _table(packed, file, name, part, max_bytes)
                for name, part in said.tables.items()
            }
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as problem:
        raise ParcelRefused(
            f"{file}: not a whole release file ({problem}). Copy it again from where it was made."
        ) from problem
    with store.writing(wait_s=60):
        if known := _known(store, said, found, file):
            return known, False
        _same_operation(store, said, file)
        made = store.publish(
            found, said.manifest, name=said.release, at=said.at, operation="import",
            reason=f"from {file.name}", actor="operator",
        )  # fmt: skip
        return made, True


def _opened(packed: zipfile.ZipFile, file: Path, max_bytes: int, expect: str) -> Manifest:
    entries = packed.infolist()
    _check_entries(entries, file, max_bytes)
    raw = packed.read(parcel.MANIFEST)
    if expect and parcel.fingerprint(raw) != expect.strip().lower():
        raise ParcelRefused(
            f"{file}: its fingerprint is {parcel.fingerprint(raw)}, expected {expect}. "
            "It is not the file that was exported; do not use it."
        )
    said = _manifest(raw, file)
    inside = {m[1] for entry in entries if (m := _TABLE.fullmatch(entry.filename))}
    if inside != set(said.tables):
        raise ParcelRefused(
            f"{file}: holds the tables {sorted(inside)}, its manifest names {sorted(said.tables)}."
        )
    return said


def _check_entries(entries: list[zipfile.ZipInfo], file: Path, max_bytes: int) -> None:
    names = [entry.filename for entry in entries]
    if parcel.MANIFEST not in names or len(set(names)) != len(names) or len(names) > MAX_ENTRIES:
        raise ParcelRefused(f"{file}: not a release file; it needs one {parcel.MANIFEST}.")
    for entry in entries:
        allowed = entry.filename in (parcel.MANIFEST, parcel.READ_ME) or _TABLE.fullmatch(
            entry.filename
        )
        if not allowed or stat.S_ISLNK(entry.external_attr >> 16):
            raise ParcelRefused(
                f"{file}: holds {entry.filename[:80]!r}, which no release file holds."
            )
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
            raise ParcelRefused(
                f"{file}: {entry.filename} is compressed; release files are stored as they are."
            )
    if (size := sum(entry.file_size for entry in entries)) > max_bytes:
        raise ParcelRefused(_too_large(file, size, max_bytes))


def _too_large(file: Path, size: int, max_bytes: int) -> str:
    return (
        f"{file}: unpacks to {size} bytes, the limit is {max_bytes}. Raise WAYPOST_MAX_BYTES if "
        "you trust it."
    )


def _manifest(raw: bytes, file: Path) -> Manifest:
    if len(raw) > MAX_MANIFEST_BYTES:
        raise ParcelRefused(_too_large(file, len(raw), MAX_MANIFEST_BYTES))
    try:
        newest = json.loads(raw)["format"]
        if isinstance(newest, int) and newest > parcel.FORMAT:
            raise ParcelRefused(
                f"{file}: written by a newer Waypost (file format {newest}, this one reads up to "
                f"{parcel.FORMAT}). Install the newer version."
            )
        said = msgspec.json.decode(raw, type=Manifest)
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise ParcelRefused(f"{file}: its manifest is not as declared ({problem}).") from problem
    if not re.fullmatch(r"\d{8}T\d{6}\.\d{6}Z\+*", said.release) or said.at.tzinfo is None:
        raise ParcelRefused(f"{file}: {said.release[:40]!r} is not the name of a release.")
    if said.audience != parcel.AUDIENCE:
        raise ParcelRefused(f"{file}: is for {said.audience[:40]!r}, expected {parcel.AUDIENCE!r}.")
    return said


def _table(packed: zipfile.ZipFile, file: Path, name: str, part: Part, max_bytes: int) -> pa.Table:
    where = f"{file}, table {name}"
    if name not in tables.SHAPES:
        raise ParcelRefused(f"{where}: this Waypost knows no such table. Install the newer one.")
    data = packed.read(f"tables/{name}.parquet")
    if hashlib.sha256(data).hexdigest() != part.sha256 or len(data) != part.bytes:
        raise ParcelRefused(
            f"{where}: does not have the digest it was exported with. Copy the file again."
        )
    try:
        stored = parquet.ParquetFile(io.BytesIO(data))
        about = stored.metadata
        groups = [about.row_group(number) for number in range(about.num_row_groups)]
        unpacked = sum(group.total_byte_size for group in groups)
        if max(unpacked, about.num_rows) > max_bytes:
            raise ParcelRefused(_too_large(file, max(unpacked, about.num_rows), max_bytes))
        found = stored.read()
        found.validate(full=True)
    except (pa.ArrowException, OSError) as problem:
        raise ParcelRefused(f"{where}: cannot be read ({problem}).") from problem
    _check_shape(found, name, part.rows, where)
    return found


def _check_shape(found: pa.Table, name: str, rows: int, where: str) -> None:
    declared = tables.schema(name)
    if found.schema.names != declared.names or found.schema.types != declared.types:
        odd = sorted(set(found.schema.names) ^ set(declared.names)) or "column types"
        raise ParcelRefused(f"{where}: not of the shape of this Waypost ({odd}).")
    if found.num_rows != rows:
        raise ParcelRefused(f"{where}: {found.num_rows} rows, its manifest says {rows}.")


def _known(
    store: Store, said: Manifest, found: Mapping[str, pa.Table], file: Path
) -> Release | None:
    try:
        old = store.release(said.release)
    except ReleaseMissing:
        return None
    if old.fault():
        return None
    same = set(old.tables) == set(found) and all(
        old.table(name).equals(table) for name, table in found.items()
    )
    if same:
        return old
    raise ParcelRefused(
        f"{file}: the store has another release named {said.release} with other values. One of the "
        "two was altered; nothing was imported."
    )


def _same_operation(store: Store, said: Manifest, file: Path) -> None:
    rows = store.rows()
    own = rows[0].manifest.get("operation", {}).get("key", "") if rows else said.operation
    if own != said.operation:
        raise ParcelRefused(
            f"{file}: is of the operation {said.operation[:60]!r}, this store is of {own!r}. "
            "Import it into a store of its own (--store)."
        )
