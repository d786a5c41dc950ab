"""The one way out of the machine: hosts that the operation names, within limits, politely.

Only transport errors, 429 and 5xx are tried again, after a while that grows and is drawn by lot,
or after as long as the server asks for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, BinaryIO

import httpcore
import httpx
import tenacity

from etl.feeds import bodies
from etl.feeds.addresses import GuardedNetwork, refuse_other_hosts
from etl.feeds.asks import Answer, Ask
from etl.feeds.attempts import Again, retry_after, wait
from etl.feeds.bodies import Limits
from etl.feeds.credentials import Credential
from geo_data.errors import FeedFailed
from geo_data.feeds import host_of
from geo_data.settings import Settings
from geo_data.version import VERSION

TALKATIVE = ("httpx", "httpcore", *(f"httpcore.{x}" for x in ("connection", "http11", "proxy")))
"""Their loggers would write down signed addresses and the headers of answers."""


class Client:
    """A client for one feed; its time runs from when it is made.

    Parameters
    ----------
    hosts : sequence of str
        The only servers it may ask.
    sleep, clock : callable
        Injected by tests.
    """

    def __init__(
        self, hosts: Sequence[str], settings: Settings, credential: Credential | None = None, *,
        limits: Limits | None = None, sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ):  # fmt: skip
        self.hosts, self.settings, self.credential = hosts, settings, credential
        self.limits = limits or Limits(body_bytes=settings.max_bytes, total_s=settings.feed_max_s)
        self.sleep, self.clock, self.began = sleep, clock, clock()
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        self.http = httpx.Client(
            transport=self._transport(), trust_env=False, follow_redirects=False,
            timeout=httpx.Timeout(self.limits.read_s, connect=self.limits.connect_s),
            headers={"User-Agent": f"waypost/{VERSION}", "Accept-Encoding": "gzip"},
        )  # fmt: skip

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, ask: Ask, sink: BinaryIO | None, known: tuple[str, str] | None) -> Answer | None:
        """What a request is answered.

        Parameters
        ----------
        sink : binary file, optional
            Where a body goes that is not held in memory.
        known : (etag, last modified), optional
            Of the answer that is kept; None is returned if it has not changed since.

        Raises
        ------
        FeedFailed
        """
        attempts = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.limits.attempts), wait=wait, sleep=self.sleep,
            retry=tenacity.retry_if_exception_type(Again), reraise=True,
        )  # fmt: skip
        try:
            return attempts(self._once, ask, sink, known)
        except Again as problem:
            found = f"{problem.found}, {self.limits.attempts} times"
            raise FeedFailed(
                host_of(ask.url), self.clean(found), "an answer", "It is tried again later.",
                problem.wait_s,
            ) from None  # fmt: skip

    def clean(self, text: object) -> str:
        """A text from outside, short, on one line and without the secret."""
        said = str(text)
        for word in self.credential.words if self.credential else []:
            said = said.replace(word, "***")
        return "".join(c if c.isprintable() else " " for c in said)[:500]

    def remaining(self) -> float:
        """Seconds left for the feed.

        Raises
        ------
        FeedFailed
            If none are.
        """
        left = self.limits.total_s - (self.clock() - self.began)
        if left <= 0:
            raise FeedFailed(
                "feed", f"no end after {self.limits.total_s:.0f} s", "an answer within that time",
                "It is tried again later; a longer time can be set as WAYPOST_FEED_MAX_S.",
            )  # fmt: skip
        return left

    def _transport(self) -> httpx.HTTPTransport:
        if self.settings.proxy:
            return httpx.HTTPTransport(trust_env=False, proxy=self.settings.proxy)
        transport = httpx.HTTPTransport(trust_env=False)
        transport._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False), max_connections=1,
            network_backend=GuardedNetwork(self.remaining, loopback=self.settings.loopback_feeds),
        )  # fmt: skip
        return transport

    def _once(
        self, ask: Ask, sink: BinaryIO | None, known: tuple[str, str] | None
    ) -> Answer | None:
        url = httpx.URL(ask.address)
        for _ in range(self.limits.redirects + 1):
            self.remaining()
            refuse_other_hosts(str(url), self.hosts, loopback=self.settings.loopback_feeds)
            try:
                with self.http.stream("GET", url, headers=self._headers(url, known)) as response:
                    if not response.has_redirect_location:
                        return self._answer(ask, response, sink, known)
                    url = url.join(response.headers["location"])
            except httpx.TransportError as problem:
                raise Again(f"no answer ({type(problem).__name__}: {problem})") from None
            except httpx.InvalidURL:
                raise FeedFailed(
                    host_of(ask.url), "a redirect to no address", "data", "Tell its owner."
                ) from None
        raise FeedFailed(
            host_of(ask.url), f"more than {self.limits.redirects} redirects", "data",
            "Check the address of the feed.",
        )  # fmt: skip

    def _headers(self, url: httpx.URL, known: tuple[str, str] | None) -> dict[str, str]:
        etag, modified = known or ("", "")
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        own = self.credential
        if own is not None and host_of(str(url)) == own.host:
            headers[own.header] = own.value
        return {name: value for name, value in headers.items() if value}

    def _answer(
        self, ask: Ask, response: httpx.Response, sink: BinaryIO | None,
        known: tuple[str, str] | None,
    ) -> Answer | None:  # fmt: skip
        if response.status_code == 304 and known:
            return None
        self._refuse_status(response)
        try:
            body, document = self._received(ask, response, sink)
        except bodies.Cut as problem:
            raise Again(str(problem)) from None
        etag, modified = (
            self.clean(said) if said.isascii() else ""  # it is sent back as a header
            for said in (response.headers.get(name, "") for name in ("etag", "last-modified"))
        )
        return Answer(ask, body, document, etag, modified)

    def _received(
        self, ask: Ask, response: httpx.Response, sink: BinaryIO | None
    ) -> tuple[bytes | None, Any]:
        """A body as bytes and as what it says; None of both where it went into a file."""
        held = sink or BytesIO()
        held.seek(0)
        held.truncate()
        most = self.limits.body_bytes
        if sink is None:
            most = min(most, self.limits.held_bytes)
        bodies.receive(response, held, most, self.limits, self.clock)
        size = held.tell()
        held.seek(0)
        body = held.read() if sink is None else None
        head = body or held.read(bodies.HEAD)
        kind = response.headers.get("content-type", "")
        bodies.refuse_web_page(head[: bodies.HEAD], kind, ask.expects, ask.shown)
        if ask.expects == "json file":
            bodies.refuse_cut_file(held, size)
        return body, None if body is None else bodies.whole(body, ask.expects, ask.shown)

    def _refuse_status(self, response: httpx.Response) -> None:
        status = response.status_code
        host = host_of(str(response.request.url))
        if status == 429 or status >= 500:
            wait_s = retry_after(response.headers.get("retry-after", ""), datetime.now(UTC))
            if wait_s is not None and wait_s >= self.remaining():
                raise FeedFailed(
                    host, f"status {status}, wait {wait_s:.0f} s", "an answer",
                    "It is tried again when that time is over.", wait_s,
                )  # fmt: skip
            raise Again(f"status {status}", wait_s)
        if status == 200:
            return
        advice = "Check the address and the parameters of the feed."
        if status in (401, 403):
            advice = "Check the secret that the feed names, in the environment."
        raise FeedFailed(host, f"status {status}", "data (status 200)", advice)
