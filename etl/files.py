"""Which files a source is made of, and whether they are safe to open."""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path, PurePosixPath

from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Source

PACKED_FORMATS = frozenset({".zip", ".xlsx", ".xlsm", ".xlsb", ".ods", ".kmz"})
# A packed file that grows more than this is built to fill the memory, not to hold data.
MOST_GROWTH = 200
GROWTH_MATTERS_BYTES = 20_000_000
MOST_MEMBERS = 5_000
NESTED = frozenset({".zip", ".kmz", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar"})
CHUNK = 1 << 20
ENCRYPTED = 1


def find(source: Source, folders: Sequence[Path], settings: Settings) -> list[Path]:
    """Files of a source: each pattern in the first folder that has matches, sorted by name.

    What is in them is for the child that reads them to judge.

    Raises
    ------
    SourceUnreadable
        If a pattern leaves the folders or matches nothing, or a file is too large.
    """
    found: list[Path] = []
    for pattern in source.paths():
        _refuse_escape(pattern)
        matches = next(filter(None, (_matches(folder, pattern) for folder in folders)), [])
        if not matches:
            looked = " or ".join(str(folder) for folder in folders)
            raise SourceUnreadable(
                pattern, "no such file", f"a file below {looked}",
                "Put it there, or correct the source's path; see docs/sources.md for its origin.",
            )  # fmt: skip
        found += [path for path in matches if path not in found]
    for path in found:
        _refuse_size(path.name, path.stat().st_size, settings)
    return found


def refuse_oversized(path: Path, settings: Settings) -> None:
    """Refuse a file, or the content of a packed one, that is larger than the settings allow."""
    _refuse_size(path.name, path.stat().st_size, settings)
    if _is_packed(path):
        with archive(path) as packed:
            members = packed.infolist()
            _refuse_size(f"{path.name} unpacked", sum(m.file_size for m in members), settings)
            _refuse_crowd(path.name, members)
            for member in members:
                _refuse_member(path.name, member)
                _refuse_lie(path.name, packed, member)


def _is_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        named = path.suffix.lower() in PACKED_FORMATS or stream.read(2) == b"PK"
    return named and zipfile.is_zipfile(path)


@contextmanager
def archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """An open archive; whatever turns out broken while it is read is said of the file."""
    try:
        with zipfile.ZipFile(path) as packed:
            yield packed
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ) as problem:  # fmt: skip
        raise SourceUnreadable(
            path.name, f"a broken or locked archive ({problem})", "an archive without password",
            "Ask for the file again.",
        ) from problem  # fmt: skip


def described(path: Path) -> dict[str, str | int]:
    """Name, size and SHA-256 of a file, for the manifest of a release."""
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": sha256(path)}


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _refuse_escape(pattern: str) -> None:
    parts = PurePosixPath(pattern.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in pattern or not parts.parts:
        raise SourceUnreadable(
            pattern, "a path that leaves the data folder", "a path below the data folder",
            "Write it relative to the data folder, without '..'.",
        )  # fmt: skip


def _matches(folder: Path, pattern: str) -> list[Path]:
    literal = folder / pattern
    try:
        paths = [literal] if literal.is_file() else sorted(folder.glob(pattern))
    except (OSError, ValueError, RuntimeError) as problem:
        raise SourceUnreadable(
            pattern[:80], f"a path that no file can have ({getattr(problem, 'strerror', problem)})",
            "a path below the data folder", "Correct path of the declaration.",
        ) from None  # fmt: skip
    inside = folder.resolve()
    for path in paths:
        if not path.resolve().is_relative_to(inside):
            raise SourceUnreadable(
                pattern, "a link that leaves the data folder", "a file in the data folder",
                "Copy the file itself into the folder.",
            )  # fmt: skip
    return [path for path in paths if path.is_file()]


def _refuse_size(name: str, size: int, settings: Settings) -> None:
    if size > settings.max_bytes:
        raise SourceUnreadable(
            name, f"{size:,} bytes", f"at most {settings.max_bytes:,} bytes",
            "Cut the file to the area and period needed, or raise WAYPOST_MAX_BYTES.",
        )  # fmt: skip


def _refuse_crowd(file: str, members: Sequence[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(names) > MOST_MEMBERS:
        raise _hostile(file, f"{len(names):,} members", f"at most {MOST_MEMBERS:,}")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise _hostile(file, f"two members named {twice!r}", "each name once")


def _refuse_member(file: str, member: zipfile.ZipInfo) -> None:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    growth = member.file_size / max(1, member.compress_size)
    shown = f"member {member.filename[:80]!r}"
    if name.is_absolute() or ".." in name.parts or re.match(r"[A-Za-z]:", member.filename):
        raise _hostile(file, f"a {shown}", "names below the archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _hostile(file, f"{shown}, which is a link", "files only")
    if member.flag_bits & ENCRYPTED:
        raise SourceUnreadable(
            file, f"{shown}, which is locked by a password", "an archive without password",
            "Ask for the file without a password.",
        )  # fmt: skip
    if name.suffix.lower() in NESTED:
        raise _hostile(file, f"{shown}, an archive in the archive", "files only")
    if member.file_size > GROWTH_MATTERS_BYTES and growth > MOST_GROWTH:
        found = f"{shown}, which unpacks to {growth:.0f} times its size"
        raise _hostile(file, found, f"at most {MOST_GROWTH} times")


def _refuse_lie(file: str, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuse a member that unpacks to more than it says: other programs do not stop there."""
    if member.compress_type != zipfile.ZIP_DEFLATED:
        if member.compress_type != zipfile.ZIP_STORED:
            found = f"member {member.filename[:80]!r} packed in a way that few programs know"
            raise _hostile(file, found, "stored or deflated members")
        return
    honest = copy(member)
    honest.compress_type, honest.file_size = zipfile.ZIP_STORED, member.compress_size
    honest.CRC = None  # type: ignore[assignment]  # that of the unpacked bytes
    unpacker, left = zlib.decompressobj(-zlib.MAX_WBITS), member.file_size
    with packed.open(honest) as raw:
        while left >= 0 and not unpacker.eof and (chunk := raw.read(CHUNK)):
            while chunk and left >= 0:
                left -= len(unpacker.decompress(chunk, CHUNK))
                chunk = unpacker.unconsumed_tail
    if left < 0:
        raise _hostile(
            file, f"member {member.filename[:80]!r}, which unpacks to more than it says",
            f"{member.file_size:,} bytes",
        )  # fmt: skip


def _hostile(file: str, found: str, expected: str) -> SourceUnreadable:
    return SourceUnreadable(file, found, expected, "Ask its owner for the file; do not open it.")
