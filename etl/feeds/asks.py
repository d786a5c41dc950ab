"""One request of a feed, and what came back."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from geo_data.errors import FeedFailed

Expects = Literal["json", "xml", "json file", "bytes"]
HELD = ("json", "xml")


@dataclass(frozen=True)
class Ask:
    """One request.

    Attributes
    ----------
    file : str
        Name under which the answer is kept; blank: it only leads to others.
    expects : str
        ``json`` and ``xml`` answers are held in memory and must be whole; a ``json file`` goes to
        disk and must begin and end like JSON; ``bytes`` go to disk.
    conditional : bool
        Whether "not modified" to this request means that nothing of the feed is new.
    found : bool
        Whether the address was found in an answer; its query may be signed, so it is never shown.
    """

    url: str
    file: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    expects: Expects = "json"
    conditional: bool = False
    found: bool = False

    @property
    def address(self) -> str:
        """The whole address."""
        parts = urlsplit(self.url)
        query = "&".join(part for part in (parts.query, urlencode(self.params)) if part)
        return urlunsplit(parts._replace(query=query, fragment=""))

    @property
    def shown(self) -> str:
        """The address as it may be written down."""
        if not self.found:
            return self.address
        return urlunsplit(urlsplit(self.url)._replace(query=urlencode(self.params), fragment=""))


@dataclass
class Answer:
    """What came back.

    Attributes
    ----------
    body : bytes or None
        Of ``json`` and ``xml``; a kind may put less in its place, or None: not kept.
    """

    ask: Ask
    body: bytes | None = None
    document: Any = None
    etag: str = ""
    modified: str = ""

    def discard(self) -> None:
        """Do not keep it."""
        self.body = None

    def replace(self, document: Any) -> None:
        """Keep this document instead."""
        self.body = json.dumps(document, ensure_ascii=False).encode()

    def list_of(self, *path: str) -> list[Any]:
        """The list at a path of the document.

        Raises
        ------
        FeedFailed
            If there is none: the server answered something else than data.
        """
        found = self.document
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, list):
            raise FeedFailed(
                self.ask.shown, f"JSON without a list at {'.'.join(path)}", "a page of records",
                "Check the address and the kind of the feed.",
            )  # fmt: skip
        return found


Pages = Generator[Ask, Answer, None]
"""A kind of feed: it is told each answer, and says what to ask next."""
