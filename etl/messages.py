"""What a run asks of the process that reads files, and what that answers: plain values only."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import IO, Any, TypeVar

import msgspec

from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Source
from geo_data.uploads import Asked

T = TypeVar("T")
LENGTH = 4
MOST = 64 << 20


class Request(msgspec.Struct, frozen=True, tag=True):
    """Read the files of one source and write what it gives into a folder."""

    folder: Path
    source: Source
    files: list[Path]
    operation: Operation
    settings: Settings
    today: date


class Look(msgspec.Struct, frozen=True, tag=True):
    """Look at a file that nobody declared and write what was found, or a draft, into a folder."""

    folder: Path
    file: Path
    settings: Settings
    draft: bool = False

    @property
    def files(self) -> list[Path]:
        """The file, as the only one."""
        return [self.file]


class Take(msgspec.Struct, frozen=True, tag=True):
    """Read a file that a user of the app brings and write what is asked of it into a folder."""

    folder: Path
    file: Path
    settings: Settings
    asked: Asked

    @property
    def files(self) -> list[Path]:
        """The file, as the only one."""
        return [self.file]


class Ready(msgspec.Struct, frozen=True):
    """The process is up; what its children will do without."""

    without: list[str]


class End(msgspec.Struct, frozen=True):
    """How a child ended: by itself with a code, by a signal, or because its time was over."""

    code: int = 0
    signal: int = 0
    late: bool = False
    seconds: float = 0.0
    peak_bytes: int = 0


class Told(msgspec.Struct, frozen=True):
    """Why a child gave nothing: a sentence for people, or ``None`` where memory was short."""

    sentence: str | None


def packed(message: msgspec.Struct) -> bytes:
    """A message as bytes. JSON would lose NaN and infinity, which declarations may hold."""
    return msgspec.msgpack.encode(message, enc_hook=str)


def unpacked(raw: bytes, kind: type[T]) -> T:
    """The message in some bytes.

    Raises
    ------
    msgspec.MsgspecError
        If they hold none of that kind.
    """
    return msgspec.msgpack.decode(raw, type=kind, dec_hook=_plain)


def send(stream: IO[bytes], message: msgspec.Struct) -> None:
    """Write one message, its length first."""
    raw = packed(message)
    stream.write(len(raw).to_bytes(LENGTH, "big") + raw)
    stream.flush()


def receive(stream: IO[bytes], kind: type[T]) -> T | None:
    """The next message of a stream; None at its end or where it breaks off."""
    size = int.from_bytes(stream.read(LENGTH), "big")
    if not 0 < size <= MOST:
        return None
    raw = stream.read(size)
    return unpacked(raw, kind) if len(raw) == size else None


def _plain(kind: type, value: Any) -> Any:
    return kind(value)
