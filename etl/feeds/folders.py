"""The folder of a feed: a whole set of files takes the place of another, or nothing changes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

PRIVATE = 0o700


def staging(folder: Path) -> Path:
    """An empty folder beside a feed's own, after mending what a killed run left behind."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    recover(folder)
    new = _beside(folder, "new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=PRIVATE)
    return new


def commit(new: Path, folder: Path) -> None:
    """Put a staged set in place, durably; the set before it stays beside, hidden."""
    for path in [*new.iterdir(), new]:
        _sync(path)
    old = _beside(folder, "old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    _sync(folder.parent)


def refuse(new: Path, folder: Path) -> Path:
    """Put a staged set aside, for people to look at; where it is."""
    aside = _beside(folder, "refused")
    shutil.rmtree(aside, ignore_errors=True)
    new.rename(aside)
    return aside


def recover(folder: Path) -> None:
    """Put the last good set back if a commit was killed between its two steps."""
    old = _beside(folder, "old")
    if not folder.exists() and old.exists():
        old.rename(folder)


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name}.{what}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
