"""One release: an immutable, complete set of tables, and whether its files are still whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from geo_data import delta, location
from geo_data.errors import ReleaseMissing, StoreDamaged
from geo_data.location import Place


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
        Table name to ``{"version", "rows", "digest", "files"}``; a file is ``{"name", "bytes",
        "sha256"}``. Releases of older stores have no files here; they are looked up in the log.
    manifest : mapping
        What went in: sources with accounts, methods, timings.
    operation : str
        What made it: ``run``, ``rollback``, ``import`` or ``repair``.
    of : str
        The release that a rollback or repair points back at.
    reason, actor : str
        Why, and in which role; never a person's name.
    pinned : bool
        Kept for ever.
    retired_at : datetime or None
        When retention took it off the list; its files go later, as readers may still hold it.
    """

    folder: Place
    name: str
    at: datetime
    tables: Mapping[str, Mapping[str, Any]]
    manifest: Mapping[str, Any]
    operation: str = "run"
    of: str = ""
    reason: str = ""
    actor: str = ""
    pinned: bool = False
    retired_at: datetime | None = None

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """A table of this release.

        Raises
        ------
        ReleaseMissing
            If the release has no such table.
        StoreDamaged
            If a file is gone, cut off, or does not have the rows it was published with.
        """
        if name not in self.tables:
            raise ReleaseMissing(f"release {self.name} has no table {name!r}")
        if wrong := self._table_fault(name):
            raise StoreDamaged(f"release {self.name}: {wrong}. {ADVICE}")
        try:
            arrow = delta.read(self.folder / name, self.files(name), columns)
        except (pa.ArrowInvalid, OSError) as problem:
            raise StoreDamaged(
                f"release {self.name}, table {name}: cannot be read ({problem}). {ADVICE}"
            ) from problem
        if arrow.num_rows != self.tables[name]["rows"]:
            raise StoreDamaged(
                f"release {self.name}, table {name}: found {arrow.num_rows} rows, published with "
                f"{self.tables[name]['rows']}. {ADVICE}"
            )
        return arrow

    def files(self, name: str) -> list[str]:
        """Names of the data files of a table."""
        entry = self.tables[name]
        if "files" in entry:
            return [file["name"] for file in entry["files"]]
        return delta.files_at(self.folder / name, entry["version"])

    @property
    def size_bytes(self) -> int:
        """Bytes of all data files."""
        return sum(
            (self.folder / table / name).stat().st_size
            for table in self.tables
            for name in self.files(table)
        )

    def fault(self, *, deep: bool = False) -> str:
        """What is wrong with the files of this release; empty if it is whole.

        Parameters
        ----------
        deep : bool
            Compare every value with the digest it was published with, not only sizes.
        """
        for name in self.tables:
            if wrong := self._table_fault(name) or (self._altered(name) if deep else ""):
                return wrong
        return ""

    def _table_fault(self, name: str) -> str:
        sizes = {file["name"]: file["bytes"] for file in self.tables[name].get("files", ())}
        try:
            for file in self.files(name):
                found = (self.folder / name / file).stat().st_size
                if found != sizes.get(file, found):
                    return f"file {name}/{file} has {found} bytes, published with {sizes[file]}"
        except FileNotFoundError:
            return f"file {name}/{file} is missing"
        except Exception as problem:  # delta-rs raises bare Exceptions for a broken log
            location.explain(self.folder, problem)
            return f"table {name} cannot be opened ({str(problem).splitlines()[0]})"
        return ""

    def _altered(self, name: str) -> str:
        for file in self.tables[name].get("files", ()):
            if sha256_of(self.folder / name / file["name"]) != file["sha256"]:
                return f"file {name}/{file['name']} was altered after it was published"
        try:
            self.table(name)
        except StoreDamaged as problem:
            return str(problem)
        return ""


ADVICE = "The store is damaged; run: python -m etl doctor"


def sha256_of(file: Place) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
