"""How the letters of a text file are written, by its bytes."""

from __future__ import annotations

import re

HEAD_BYTES = 262_144
ARABIC = re.compile(r"[\u0600-\u06ff]")
ARABIC_SHARE = 0.6


def encoding_of(raw: bytes) -> tuple[str, list[str]]:
    """Name of the encoding of a file of text, and what is not certain about it."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", []
    if decodes(raw, "utf-8-sig"):
        return "utf-8", []
    strange = bytes(byte for byte in raw[:HEAD_BYTES] if byte > 127)
    letters = strange.decode("cp1256", errors="replace")
    if len(ARABIC.findall(letters)) >= ARABIC_SHARE * len(letters) and _runs(raw):
        return "cp1256", ["encoding: the letters look Arabic in windows-1256; read some of them"]
    fits = decodes(raw, "cp1252")
    name = "cp1252" if fits else "latin-1"
    return name, [f"encoding: not UTF-8; {name} reads any letters, so check the accents"]


def _runs(raw: bytes) -> bool:
    """Whether letters beyond ASCII stand in words of their own, as in Arabic; accents do not."""
    return re.search(rb"[\x80-\xff]{4,}", raw) is not None


def decodes(raw: bytes, encoding: str) -> bool:
    """Whether bytes are letters of an encoding."""
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
