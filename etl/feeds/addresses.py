"""Which servers may be asked: those that the operation names, and only where they really are.

A name is looked up once; what it points to is judged, and that very address is connected to, so
that a second answer of the name server cannot lead into our own network.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpcore

from geo_data.errors import FeedFailed
from geo_data.feeds import host_of

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def refuse_other_hosts(url: str, hosts: Sequence[str], *, loopback: bool) -> None:
    """Refuse an address that is not https on a host of the operation.

    Parameters
    ----------
    loopback : bool
        Whether this machine itself may be asked, then also by plain http.
    """
    try:
        parts, host = urlsplit(url), host_of(url)
    except ValueError:
        raise FeedFailed(
            "feed", "an answer that leads to no address", "an address", "Tell its owner."
        ) from None
    if parts.scheme != "https" and not (
        loopback and parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES
    ):
        raise FeedFailed(
            host or "feed", f"an address of scheme {parts.scheme!r}", "https",
            "Nothing was asked there.",
        )  # fmt: skip
    if host not in hosts or parts.username or parts.password:
        raise FeedFailed(
            host, "a server that the operation does not name", f"one of {', '.join(hosts)}",
            "Nothing was asked there. If it belongs to the provider, add it to hosts.",
        )  # fmt: skip


def resolved(host: str, port: int, *, loopback: bool) -> list[str]:
    """Public IP addresses of a host, the one to try first in front.

    Raises
    ------
    FeedFailed
        If any of its addresses lies in a private, local or reserved network.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpcore.ConnectError(f"the name of {host} is not known") from None
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not _public(address, loopback=loopback):
            raise FeedFailed(
                host, f"an address in a private or local network ({address})", "a public address",
                "Nothing was asked there.",
            )  # fmt: skip
    return list(dict.fromkeys(addresses))


def _public(text: str, *, loopback: bool) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return _public(str(inner), loopback=loopback)
        if address in _NAT64:
            return _public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)), loopback=False)
    if address.is_loopback:
        return loopback
    return address.is_global and not address.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class GuardedNetwork(httpcore.NetworkBackend):
    """Connections to judged addresses only, none of which outlives the time of the feed."""

    def __init__(self, remaining: Callable[[], float], *, loopback: bool):
        self.inner = httpcore.SyncBackend()
        self.remaining, self.loopback = remaining, loopback

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,
        local_address: str | None = None, socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """A connection to the first of the judged addresses that answers."""
        problem: Exception = httpcore.ConnectError(f"no address of {host}")
        for address in resolved(host, port, loopback=self.loopback):
            wait = min(timeout or self.remaining(), self.remaining())
            try:
                stream = self.inner.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as met:
                problem = met
            else:
                return _TimedStream(stream, self.remaining)
        raise problem


class _TimedStream(httpcore.NetworkStream):
    """A stream that is not read beyond the time of the feed, however slowly it drips."""

    def __init__(self, inner: httpcore.NetworkStream, remaining: Callable[[], float]):
        self.inner, self.remaining = inner, remaining

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self.remaining()
        return self.inner.read(max_bytes, left if timeout is None else min(timeout, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, timeout)

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(
            self.inner.start_tls(ssl_context, server_hostname, timeout), self.remaining
        )

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)
