"""Bytes as letters, digits, ``-`` and ``_`` for a link, and back without trust."""

from __future__ import annotations

import base64
import zlib


def packed(plain: bytes) -> str:
    """Bytes as text that a link may hold.

    >>> unpacked(packed(b"hello"), 100)
    b'hello'
    """
    return base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode().rstrip("=")


def unpacked(text: str, most_bytes: int) -> bytes:
    """The inverse of :func:`packed`.

    Raises
    ------
    ValueError, zlib.error
        If the text was not made by it, or holds more than ``most_bytes``.
    """
    whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    unpacking = zlib.decompressobj()
    plain = unpacking.decompress(whole, most_bytes)
    if unpacking.unconsumed_tail:
        raise ValueError("too long")
    return plain
