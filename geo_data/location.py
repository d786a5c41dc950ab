"""Where a store lies: a folder, or a prefix of a bucket that answers as a folder would.

A remote place has the few methods of ``pathlib.Path`` that the store needs, so that the store is
written once.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa

from geo_data import bucket
from geo_data.bucket import Found
from geo_data.errors import SettingInvalid, StoreUnreachable

ADDRESS = re.compile(
    r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)/?"
)
EXPECTED = "a folder, or s3://bucket/prefix without user, password and query"
FRESH_S = 10.0
"""How long a folder's list of data files serves; they never change, and seldom go."""


@dataclass(frozen=True)
class Remote:
    """An object of a bucket, or all that begins with its key and a slash."""

    bucket: str
    key: str
    found: Found | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def __truediv__(self, name: str | PurePosixPath) -> Remote:
        return Remote(self.bucket, f"{self.key}/{name}")

    def __lt__(self, other: Remote) -> bool:
        return self.key < other.key

    # ------------------------------------------------------------------ names
    @property
    def name(self) -> str:
        """Last part of the key."""
        return PurePosixPath(self.key).name

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePosixPath(self.key).stem

    @property
    def suffix(self) -> str:
        """Ending of the name, with its dot."""
        return PurePosixPath(self.key).suffix

    @property
    def parent(self) -> Remote:
        """The place that holds this one."""
        return Remote(self.bucket, str(PurePosixPath(self.key).parent))

    def with_name(self, name: str) -> Remote:
        """Another place beside this one."""
        return self.parent / name

    def relative_to(self, other: Remote) -> PurePosixPath:
        """The way here from a place above."""
        return PurePosixPath(self.key).relative_to(other.key)

    # ------------------------------------------------------------------ looking
    def exists(self) -> bool:
        """Whether there is an object here, or any below."""
        return self.is_file() or self.is_dir()

    def is_file(self) -> bool:
        """Whether there is an object here."""
        try:
            return bool(self.stat())
        except FileNotFoundError:
            return False

    def is_dir(self) -> bool:
        """Whether there is an object below; a bucket has no empty folders."""
        return any(True for _ in self.below())

    def stat(self) -> Found:
        """Size and age; of a data file also from a look around some seconds ago."""
        if self.found is not None:
            return self.found
        if self.suffix == ".parquet":
            return _data_file(self)
        return Found.of(bucket.asked("head", self.bucket, self.key))

    def iterdir(self) -> Iterator[Remote]:
        """What lies directly here."""
        said = bucket.asked("list_with_delimiter", self.bucket, f"{self.key}/")
        for one in said["objects"]:
            yield Remote(self.bucket, one["path"], Found.of(one))
        for prefix in said["common_prefixes"]:
            yield Remote(self.bucket, prefix.rstrip("/"))

    def below(self) -> Iterator[Remote]:
        """All objects below."""
        for part in bucket.asked("list", self.bucket, f"{self.key}/"):
            for one in part:
                yield Remote(self.bucket, one["path"], Found.of(one))

    def glob(self, pattern: str) -> Iterator[Remote]:
        """What lies directly here under a name of that pattern."""
        return (one for one in self.iterdir() if fnmatchcase(one.name, pattern))

    # ------------------------------------------------------------------ reading, writing
    def read_bytes(self) -> bytes:
        """The object."""
        return bytes(bucket.asked("get", self.bucket, self.key).bytes())

    def read_text(self, encoding: str = "utf-8") -> str:
        """The object as text."""
        return self.read_bytes().decode(encoding)

    def open(self, mode: str = "rb") -> io.BytesIO:
        """The object as a stream, fetched whole."""
        assert mode == "rb"
        return io.BytesIO(self.read_bytes())

    def write_bytes(self, data: bytes) -> None:
        """Replace the object; readers see the old one or the new one."""
        bucket.asked("put", self.bucket, self.key, data)
        _listed.pop(self.parent, None)

    def write_text(self, text: str, encoding: str = "utf-8") -> None:
        """Replace the object by a text."""
        self.write_bytes(text.encode(encoding))

    def create(self, data: bytes) -> bool:
        """Write the object unless there is one; whether it was written."""
        from obstore.exceptions import AlreadyExistsError

        try:
            bucket.asked("put", self.bucket, self.key, data, mode="create")
        except AlreadyExistsError:
            return False
        return True

    def unlink(self, missing_ok: bool = True) -> None:
        """Remove the object."""
        bucket.asked("delete", self.bucket, self.key)
        _listed.pop(self.parent, None)

    def replace(self, target: Remote) -> None:
        """Move an object, or all below."""
        moved = [self] if self.is_file() else list(self.below())
        for one in moved:
            to = target.key + one.key.removeprefix(self.key)
            bucket.asked("copy", self.bucket, one.key, to)
            one.unlink()

    rename = replace

    def mkdir(self, *, parents: bool = True, exist_ok: bool = True) -> None:
        """Nothing: what holds an object is there."""


Place = Path | Remote


def at(said: str | Path | Remote) -> Place:
    """The place that a setting names.

    >>> at("s3://relief/central-med/store").name
    'store'

    Raises
    ------
    SettingInvalid
        If it is an address of another kind, or one that holds a password.
    """
    if not isinstance(said, str) or "://" not in said:
        return said if isinstance(said, Remote) else Path(said)
    parts = ADDRESS.fullmatch(said)
    if parts is None:
        raise SettingInvalid("WAYPOST_STORE", said.split("://")[0] + "://...", EXPECTED)
    try:
        import obstore  # noqa: F401 -- only where a bucket is used
    except ImportError as problem:
        raise SettingInvalid(
            "WAYPOST_STORE", said, "a folder, as obstore is not installed (pip install obstore)"
        ) from problem
    return Remote(parts[1], parts[2])


def source(place: Place) -> Any:
    """What arrow reads a file from, without calling back into Python."""
    return place if isinstance(place, Path) else pa.BufferReader(place.read_bytes())


_listed: dict[Remote, tuple[float, dict[str, Found]]] = {}


def _data_file(place: Remote) -> Found:
    at_s, known = _listed.get(place.parent, (0.0, {}))
    if place.name not in known or time.monotonic() - at_s > FRESH_S:
        known = {one.name: one.found for one in place.parent.iterdir() if one.found}
        _listed[place.parent] = time.monotonic(), known
    if place.name not in known:
        raise FileNotFoundError(str(place))
    return known[place.name]


def explain(place: Place, problem: Exception) -> None:
    """Say of a bucket that does not answer that it does not: nothing is damaged by that.

    Raises
    ------
    StoreUnreachable
        If the problem, as delta-rs passes it on, is of that kind.
    """
    if isinstance(place, Path):
        return
    if isinstance(problem, StoreUnreachable):
        raise problem
    said = str(problem)
    if bucket.unanswered(said):
        raise StoreUnreachable(str(place), bucket.first_line(said)) from None


def now_at(place: Remote) -> datetime:
    """The bucket's own clock, to the second, told by an object that was just written."""
    return datetime.fromtimestamp(place.stat().st_mtime, UTC)
