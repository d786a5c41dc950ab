"""What is under the store: what makes files last, how much room there is, setting aside.

A bucket makes objects last before it answers, and does not tell its room.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo_data import location
from geo_data.errors import StoreFull, StoreUnwritable
from geo_data.location import Place

SET_ASIDE = "set-aside"  # not "quarantine": that is a table
_FULL = "os error 28"  # how delta-rs passes ENOSPC on
_REFUSED = ("os error 13", "os error 30", "os error 5")  # not allowed, read-only, input/output


@contextmanager
def lasting(*folders: Place) -> Iterator[None]:
    """Return when all new files of some folders, and their names, would survive a power cut."""
    local = [folder for folder in folders if isinstance(folder, Path)]
    before = set(_files(local))
    yield
    new = [file for file in _files(local) if file not in before or file.name.startswith("_")]
    durable([*new, *local])


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.exists():
            yield from (file for file in folder.iterdir() if file.is_file())


def durable(files: Iterable[Path]) -> None:
    """Return when files, and their names in their folders, would survive a power cut."""
    files = list(files)
    for file in files:
        _fsync(file)
    for folder in {file.parent for file in files} - set(files):
        _fsync(folder)


def _fsync(path: Place) -> None:
    if not isinstance(path, Path):
        return
    if path.is_dir() and os.name == "nt":  # pragma: no cover -- folders cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replaced(file: Place, text: str) -> None:
    """Write a small file so that readers see the old one or the new one, also after a crash."""
    part: Any = file.with_name(f".{file.name}.part")
    part.write_text(text, encoding="utf-8")
    _fsync(part)
    part.replace(file)
    _fsync(file.parent)


def created(file: Place, data: bytes, *, settled: bool = True) -> bool:
    """Write a file that is named by its content and never changes; whether it was new.

    It appears whole or not at all, also if two write it at once or one is killed; on return it
    would survive a power cut, unless the caller says that it will settle the folder itself.
    """
    if file.exists() and file.read_bytes() == data:
        if settled:
            _fsync(file.parent)  # who wrote it may not have come that far
        return False
    if not isinstance(file, Path):
        return file.create(data)
    part = file.with_name(f".{file.name}.{uuid.uuid4().hex}.part")
    try:
        part.write_bytes(data)
        _fsync(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    if settled:
        _fsync(file.parent)
    return True


def settled(folder: Place) -> None:
    """Return when the names of all files of a folder would survive a power cut."""
    _fsync(folder)


def free_bytes(folder: Place) -> int:
    """Room on the disk that holds a folder, or would; of a bucket, more than anybody needs."""
    if not isinstance(folder, Path):
        return sys.maxsize
    return shutil.disk_usage(_existing(folder)).free


def disk_of(folder: Place) -> Place:
    """Mount point of the disk that holds a folder."""
    if not isinstance(folder, Path):
        return folder
    path = _existing(folder).resolve()
    while not path.is_mount():
        path = path.parent
    return path


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


def room_for(folder: Place, needed_bytes: int) -> None:
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
def explained(folder: Place, needed_bytes: int) -> Iterator[None]:
    """Say of a full or failing disk which disk it is; what was published before is untouched."""
    try:
        yield
    except Exception as problem:
        said, code = str(problem), getattr(problem, "errno", None)
        if code == errno.ENOSPC or _FULL in said:
            raise StoreFull(str(disk_of(folder)), needed_bytes, free_bytes(folder)) from problem
        location.explain(folder, problem)
        if code in (errno.EIO, errno.EROFS, errno.EACCES) or any(w in said for w in _REFUSED):
            raise StoreUnwritable(str(folder), said.splitlines()[0][:200]) from problem
        raise


def set_aside(store: Place, file: Place, now: datetime | None = None) -> Any:
    """Move a damaged file of the store to a folder of its own; evidence is never deleted."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S.%fZ")
    whole: Any = file
    target: Any = store / SET_ASIDE / stamp / whole.relative_to(store)
    target.parent.mkdir(parents=True, exist_ok=True)
    whole.rename(target)
    _fsync(target.parent)
    _fsync(file.parent)
    return target
