"""The body of an answer: received within limits, unpacked by ourselves, and whole or refused."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import httpx

from geo_data.errors import FeedFailed

PIECE = 1 << 20
HEAD = 2_000
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)[\s/>]")


@dataclass(frozen=True)
class Limits:
    """What one feed may cost.

    Attributes
    ----------
    body_bytes : int
        Longest body, packed or unpacked, and all pages of a feed together.
    held_bytes : int
        Longest body of an answer that is parsed to find the next page, and so held in memory.
    total_s : float
        Longest time of a feed with all its pages, retries and waits.
    slowest_bytes_s, grace_s : float
        A body that comes more slowly than this, once the grace is over, is given up.
    """

    body_bytes: int = 1_000_000_000
    held_bytes: int = 50_000_000
    total_s: float = 900
    pages: int = 2_000
    attempts: int = 5
    redirects: int = 5
    connect_s: float = 10
    read_s: float = 30
    slowest_bytes_s: float = 500
    grace_s: float = 20


class Cut(Exception):  # noqa: N818 -- a body that ended early
    """A body ended early; asking again may help."""


def receive(
    response: httpx.Response, sink: BinaryIO, most: int, limits: Limits,
    clock: Callable[[], float],
) -> int:  # fmt: skip
    """Write a body, unpacked, and say how many bytes it had on the way."""
    shown, got, kept, began = response.request.url.host, 0, 0, clock()
    declared = response.headers.get("content-length", "")
    if declared.isdigit():
        _refuse_size(shown, int(declared), most)
    unpack = _unpacker(shown, response.headers.get("content-encoding", ""))
    for raw in response.iter_raw():
        got += len(raw)
        elapsed = clock() - began
        if elapsed > limits.grace_s and got < elapsed * limits.slowest_bytes_s:
            raise FeedFailed(
                shown, f"{got} bytes in {elapsed:.0f} s", f"{limits.slowest_bytes_s:.0f} bytes a "
                "second", "The server or the line is too slow; it is tried again later.",
            )  # fmt: skip
        for piece in unpack(raw):
            kept += len(piece)
            _refuse_size(shown, kept, most)
            sink.write(piece)
    for piece in unpack(None):
        sink.write(piece)
    if not kept:
        raise FeedFailed(shown, "an empty answer", "data", "It is tried again later.")
    return got


def whole(body: bytes, expects: str, shown: str) -> Any:
    """The document of a JSON body; of other bodies nothing, but they too must be whole."""
    if expects == "json":
        try:
            return json.loads(body)
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
            raise Cut("text that is not JSON, or JSON that was cut") from None
    root = _ROOT.search(body)
    if root is None:
        raise FeedFailed(shown, "text that is not XML", "XML", "Check the address of the feed.")
    end = body.rstrip()[-len(root[1]) - 3 :]
    if end.rstrip(b"> \n\r\t").endswith(b"</" + root[1]) or end.endswith(b"/>"):
        return None
    raise Cut("XML that was cut")


def refuse_cut_file(sink: BinaryIO, size: int) -> None:
    """Refuse a JSON file that does not begin and end like one; its content is for the reader."""
    sink.seek(0)
    start = sink.read(HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    sink.seek(max(0, size - HEAD))
    end = sink.read().rstrip()[-1:]
    if (start, end) not in ((b"{", b"}"), (b"[", b"]")):
        raise Cut("text that is not JSON, or JSON that was cut")


def refuse_web_page(head: bytes, content_type: str, expects: str, shown: str) -> None:
    """Refuse a page for people, such as that of a login, where data was asked for."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    typed = expects.startswith("json") and "html" in content_type.lower()
    if start.startswith((b"<!doctype html", b"<html")) or (typed and start[:1] not in b"{["):
        raise FeedFailed(
            shown, "a web page, perhaps that of a login", "data",
            "Open the address in a browser: it may have moved, or want a secret.",
        )  # fmt: skip


def _unpacker(shown: str, coding: str) -> Callable[[bytes | None], Iterator[bytes]]:
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return lambda raw: iter((raw,) if raw else ())
    if coding not in ("gzip", "x-gzip"):
        raise FeedFailed(shown, f"a body packed as {coding[:40]!r}", "gzip or plain", "")
    inflate = zlib.decompressobj(31)

    def unpack(raw: bytes | None) -> Iterator[bytes]:
        if raw is None and not inflate.eof:
            raise Cut("a packed body that was cut")
        while raw and not inflate.eof:
            try:
                piece = inflate.decompress(raw, PIECE)
            except zlib.error:
                raise Cut("a packed body that is broken") from None
            if piece:
                yield piece
            raw = inflate.unconsumed_tail

    return unpack


def _refuse_size(shown: str, size: int, most: int) -> None:
    if size > most:
        raise FeedFailed(
            shown, f"an answer above {most:,} bytes", "less", "Ask for a smaller area or period, "
            "or for smaller pages; of files the limit is WAYPOST_MAX_BYTES.",
        )  # fmt: skip
