"""The store: one Delta table per kind of table, and one list of releases that readers follow.

A release names an exact version of every table, so readers never see half of a run, and a table
that did not change is not written again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from filelock import FileLock, Timeout
from pyarrow import parquet

from geo_data.errors import ReleaseMissing, WaypostError

RELEASES = "releases"
_RELEASE_SCHEMA = pa.schema(
    [
        pa.field("release", pa.string(), nullable=False),
        pa.field("at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("tables", pa.string(), nullable=False),
        pa.field("manifest", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Release:
    """One immutable, complete set of tables.

    Attributes
    ----------
    name : str
        Sorts by time.
    at : datetime
        When it was published, UTC.
    tables : mapping
        Table name to ``{"version", "rows", "digest"}``.
    manifest : mapping
        What went in: sources with accounts, methods, timings.
    """

    folder: Path
    name: str
    at: datetime
    tables: Mapping[str, Mapping[str, Any]]
    manifest: Mapping[str, Any]

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """A table of this release; refused if it does not have the rows it was published with."""
        if name not in self.tables:
            raise ReleaseMissing(f"release {self.name} has no table {name!r}")
        entry = self.tables[name]
        arrow = _read(DeltaTable(self.folder / name, version=entry["version"]), columns)
        if arrow.num_rows != entry["rows"]:
            raise WaypostError(
                f"release {self.name}, table {name}: found {arrow.num_rows} rows, published with "
                f"{entry['rows']}. The store is damaged; run the ETL again."
            )
        return arrow


class Store:
    """Releases below one folder."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def releases(self) -> list[Release]:
        """All releases, newest first."""
        if not DeltaTable.is_deltatable(str(self.folder / RELEASES)):
            return []
        rows = _read(DeltaTable(self.folder / RELEASES)).to_pylist()
        found = [
            Release(
                self.folder, row["release"], row["at"], json.loads(row["tables"]),
                json.loads(row["manifest"]),
            )
            for row in rows
        ]  # fmt: skip
        return sorted(found, key=lambda release: release.name, reverse=True)

    def latest(self) -> Release:
        """The newest release.

        Raises
        ------
        ReleaseMissing
            If nothing was published yet.
        """
        releases = self.releases()
        if not releases:
            raise ReleaseMissing(f"{self.folder} holds no release. Run: python -m etl run")
        return releases[0]

    def release(self, name: str) -> Release:
        """One release by name."""
        for release in self.releases():
            if release.name == name:
                return release
        raise ReleaseMissing(f"{self.folder} has no release {name!r}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The only writer; a second one is told so at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / ".lock", timeout=0):
                yield
        except Timeout:
            raise WaypostError(
                f"{self.folder} is being written by another run. Try again when it has ended."
            ) from None

    def publish(self, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any]) -> Release:
        """Write tables, make them durable, then let readers see them: all of them or none.

        Parameters
        ----------
        tables : mapping of name to arrow table
        manifest : mapping
            JSON-serialisable.
        """
        before = self.releases()
        known = before[0].tables if before else {}
        entries = {name: self._written(name, table, known) for name, table in tables.items()}
        os.sync()
        at = datetime.now(UTC)
        name = _next_name(at, before[0].name if before else "")
        row = {
            "release": name, "at": at, "tables": json.dumps(entries),
            "manifest": json.dumps(manifest, default=str),
        }  # fmt: skip
        rows = pa.Table.from_pylist([row], schema=_RELEASE_SCHEMA)
        write_deltalake(self.folder / RELEASES, rows, mode="append")
        os.sync()
        return self.release(name)

    def _written(
        self, name: str, table: pa.Table, known: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, Any]:
        digest = digest_of(table)
        if known.get(name, {}).get("digest") == digest:
            return dict(known[name])
        write_deltalake(self.folder / name, table, mode="overwrite", schema_mode="overwrite")
        version = DeltaTable(self.folder / name).version()
        return {"version": version, "rows": table.num_rows, "digest": digest}


def _read(table: DeltaTable, columns: list[str] | None = None) -> pa.Table:
    """Rows of a table, read by arrow itself from the files that the table names.

    The reader that comes with delta-rs calls back into Python from threads of its own, which now
    and then aborts the interpreter while it ends, and with it our exit code.
    """
    files = [uri.removeprefix("file://") for uri in table.file_uris()]
    parts = [parquet.ParquetFile(file).read(columns=columns) for file in files]
    if not parts:
        empty = pa.schema(table.schema().to_arrow()).empty_table()
        return empty.select(columns) if columns else empty
    return pa.concat_tables(parts)


def digest_of(table: pa.Table) -> str:
    """SHA-256 of a table's schema and values, the same on every machine."""
    sink = hashlib.sha256(str(table.schema).encode())
    with pa.ipc.new_stream(pa.PythonFile(_Hashing(sink), mode="w"), table.schema) as stream:
        stream.write_table(table.combine_chunks(), max_chunksize=1 << 30)
    return sink.hexdigest()


class _Hashing:
    """A file that only remembers the hash of what is written to it."""

    closed = False

    def __init__(self, sink: Any):
        self.sink, self.size = sink, 0

    def write(self, data: bytes) -> int:
        self.sink.update(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True


def _next_name(at: datetime, newest: str) -> str:
    name = at.strftime("%Y%m%dT%H%M%S.%fZ")
    return name if name > newest else newest + "+"
