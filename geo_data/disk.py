"""The file system under the store: what makes files last, how much room there is, setting aside."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from geo_data.errors import StoreFull, StoreUnwritable

SET_ASIDE = "set-aside"  # not "quarantine": that is a table
_FULL = "os error 28"  # how delta-rs passes ENOSPC on
_REFUSED = ("os error 13", "os error 30", "os error 5")  # not allowed, read-only, input/output


def durable(files: Iterable[Path]) -> None:
    """Return when files, and their names in their folders, would survive a power cut."""
    files = list(files)
    for file in files:
        _fsync(file)
    for folder in {file.parent for file in files} - set(files):
        _fsync(folder)


def _fsync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # pragma: no cover -- folders cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replaced(file: Path, text: str) -> None:
    """Write a small file so that readers see the old one or the new one, also after a crash."""
    part = file.with_name(f".{file.name}.part")
    part.write_text(text, encoding="utf-8")
    _fsync(part)
    part.replace(file)
    _fsync(file.parent)


def free_bytes(folder: Path) -> int:
    """Room on the disk that holds a folder, or would."""
    return shutil.disk_usage(_existing(folder)).free


def disk_of(folder: Path) -> Path:
    """Mount point of the disk that holds a folder."""
    path = _existing(folder).resolve()
    while not path.is_mount():
        path = path.parent
    return path


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


def room_for(folder: Path, needed_bytes: int) -> None:
    """Refuse to begin what would not fit.

    Raises
    ------
    StoreFull
        With the disk, the bytes needed and the bytes free.
    """
    free = free_bytes(folder)
    if free < needed_bytes:
        raise StoreFull(str(disk_of(folder)), needed_bytes, free)


@contextmanager
def explained(folder: Path, needed_bytes: int) -> Iterator[None]:
    """Say of a full or failing disk which disk it is; what was published before is untouched."""
    try:
        yield
    except Exception as problem:
        said, code = str(problem), getattr(problem, "errno", None)
        if code == errno.ENOSPC or _FULL in said:
            raise StoreFull(str(disk_of(folder)), needed_bytes, free_bytes(folder)) from problem
        if code in (errno.EIO, errno.EROFS, errno.EACCES) or any(w in said for w in _REFUSED):
            raise StoreUnwritable(str(folder), said.splitlines()[0][:200]) from problem
        raise


def set_aside(store: Path, file: Path, now: datetime | None = None) -> Path:
    """Move a damaged file of the store to a folder of its own; evidence is never deleted."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S.%fZ")
    target = store / SET_ASIDE / stamp / file.relative_to(store)
    target.parent.mkdir(parents=True, exist_ok=True)
    file.rename(target)
    _fsync(target.parent)
    _fsync(file.parent)
    return target
