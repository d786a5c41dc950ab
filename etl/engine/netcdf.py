"""Whether a classic NetCDF file is whole: its library reads zeros where the file ends early."""

from __future__ import annotations

import struct
from math import prod
from pathlib import Path

TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
UNKNOWN_LENGTH = (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
HEADER_BYTES = 1 << 24
PADDING = 4


def missing_bytes(file: Path) -> int:
    """How many bytes of its values a classic file lacks at the least; 0 for other kinds.

    Source: the NetCDF Classic Format Specification, versions 1, 2 and 5.
    """
    with file.open("rb") as stream:
        head = stream.read(HEADER_BYTES)
    if head[:3] != b"CDF" or head[3:4] not in (b"\x01", b"\x02", b"\x05"):
        return 0
    try:
        end = _Header(head).end()
    except (struct.error, KeyError, IndexError):
        return 0 if len(head) == HEADER_BYTES else 1
    return max(0, end - PADDING + 1 - file.stat().st_size)


class _Header:
    """Reads the header of a file from its first bytes."""

    def __init__(self, head: bytes):
        self.head, self.at = head, 4
        self.count_code = ">Q" if head[3] == 5 else ">I"
        self.offset_code = ">I" if head[3] == 1 else ">Q"

    def end(self) -> int:
        """Where the values end."""
        records = self._number(self.count_code)
        sizes = [self._dimension() for _ in range(self._listed())]
        self._attributes()
        variables = [self._variable(sizes) for _ in range(self._listed())]
        fixed = [begin + size for begin, size, whole in variables if whole]
        rows = [(begin, size) for begin, size, whole in variables if not whole]
        if not rows or not records or records in UNKNOWN_LENGTH:
            return max(fixed, default=0)
        step = sum(-(-size // PADDING) * PADDING for _, size in rows) if rows[1:] else rows[0][1]
        return max([*fixed, *(begin + (records - 1) * step + size for begin, size in rows)])

    def _variable(self, sizes: list[int]) -> tuple[int, int, bool]:
        """Where its values begin, their bytes (of one record), and whether it has no records."""
        self._name()
        named = [self._number(self.count_code) for _ in range(self._number(self.count_code))]
        self._attributes()
        width = TYPE_BYTES[self._number(">I")]
        self._number(self.count_code)  # its size, which may be too large to be told
        begin = self._number(self.offset_code)
        lengths = [sizes[number] for number in named]
        whole = not lengths or lengths[0] != 0
        return begin, width * prod(lengths if whole else lengths[1:]), whole

    def _dimension(self) -> int:
        self._name()
        return self._number(self.count_code)

    def _attributes(self) -> None:
        for _ in range(self._listed()):
            self._name()
            width = TYPE_BYTES[self._number(">I")]
            self._skip(width * self._number(self.count_code))

    def _listed(self) -> int:
        self._number(">I")  # what kind of list
        return self._number(self.count_code)

    def _name(self) -> None:
        self._skip(self._number(self.count_code))

    def _skip(self, size: int) -> None:
        self.at += -(-size // PADDING) * PADDING

    def _number(self, code: str) -> int:
        found: int = struct.unpack_from(code, self.head, self.at)[0]
        self.at += struct.calcsize(code)
        return found
