"""A server on this machine that answers as it is told, rightly or wrongly."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from etl.feeds.bodies import Limits
from etl.feeds.client import Client
from etl.feeds.credentials import Credential
from etl.feeds.gather import Gathered, Page, gather
from geo_data.settings import Settings
from geo_data.sources import Feed, Read, Source

LIMITS = Limits(
    body_bytes=200_000, total_s=20, read_s=2, grace_s=0.2, slowest_bytes_s=500, pages=30
)
LOCAL = Settings(loopback_feeds=True)


@dataclass
class Reply:
    "One answer; a body of another type than bytes is sent as JSON."

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    claimed: int | None = None
    "Content-Length, if it is to lie."
    drip: Iterable[bytes] | None = None
    pause_s: float = 0.0

    @property
    def raw(self) -> bytes:
        "Bytes of the body."
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Route = Reply | list[Reply] | Callable[[dict[str, str], dict[str, str]], Reply]


class Replay:
    "Routes by path; a list is used up one by one, its last answer stays."

    def __init__(self, port: int):
        self.port, self.host = port, f"127.0.0.1:{port}"
        self.routes: dict[str, Route] = {}
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []

    def url(self, path: str) -> str:
        "Address of a path."
        return f"http://{self.host}{path}"

    def queries(self) -> list[dict[str, str]]:
        "What was asked, in order."
        return [query for _, query, _ in self.asked]

    def answer(self, target: str, headers: dict[str, str]) -> Reply:
        "The next answer of a route."
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query))
        self.asked.append((parts.path, query, headers))
        route = self.routes.get(parts.path, Reply(status=404))
        if isinstance(route, list):
            return route.pop(0) if len(route) > 1 else route[0]
        return route if isinstance(route, Reply) else route(query, headers)


class _Server(ThreadingMixIn, TCPServer):
    "Without the look-up of its own name that an HTTPServer begins with."

    daemon_threads = True
    request_queue_size = 50


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Replay]:
    "A running server on a free port of 127.0.0.1."

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:  # noqa: N802
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = replay.answer(self.path, headers)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.drip is not None or reply.claimed is not None:
                self.close_connection = True
            if reply.drip is None:
                length = len(reply.raw) if reply.claimed is None else reply.claimed
                self.send_header("Content-Length", str(length))
            else:
                self.send_header("Connection", "close")
            self.end_headers()
            try:
                for piece in [reply.raw] if reply.drip is None else reply.drip:
                    self.wfile.write(piece)
                    self.wfile.flush()
                    time.sleep(reply.pause_s)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    server = _Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    replay = Replay(server.server_address[1])
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()


def source(server: Replay, kind: str = "url", path: str = "/data.json", **more: Any) -> Source:
    "A source with a feed on the server."
    feed = Feed(kind=kind, url=server.url(path), **({"every_h": 1.0} | more))
    form = "json" if path.endswith("json") or kind not in ("url", "ckan") else "delimited"
    return Source(
        key="s", title="S", owner="Owner", licence="CC0", job="series", feed=feed,
        path="feeds/o/s/*", read=Read(format=form),
    )  # fmt: skip


def fetch(
    folder: Path, server: Replay, one: Source, *, kept: list[Page] | None = None,
    limits: Limits = LIMITS, hosts: list[str] | None = None, slept: list[float] | None = None,
    settings: Settings = LOCAL, today: Any = None,
) -> Gathered:  # fmt: skip
    "One visit to a feed; waiting takes no time and is noted."
    sleep = (slept if slept is not None else []).append
    with Client(
        [server.host] if hosts is None else hosts, settings, Credential.of(one.feed),
        limits=limits, sleep=sleep,
    ) as client:  # fmt: skip
        return gather(one, folder / "s", client, kept or [], today or date(2026, 6, 30))


def zipped(body: bytes) -> Reply:
    "A reply packed with gzip."
    return Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})
