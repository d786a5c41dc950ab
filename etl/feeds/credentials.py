"""The secret of a feed: in one header, for one host, in no message."""

from __future__ import annotations

from dataclasses import dataclass, field

from geo_data.feeds import HEADERS, host_of
from geo_data.settings import secret
from geo_data.sources import Feed


@dataclass(frozen=True)
class Credential:
    """A secret in its header, for one host alone."""

    host: str
    header: str
    value: str = field(repr=False)

    @classmethod
    def of(cls, feed: Feed) -> Credential | None:
        """The secret that a feed names, from the environment."""
        if feed.secret is None:
            return None
        header, form = HEADERS.get(feed.kind, ("", "{}"))
        return cls(host_of(feed.url), feed.header or header, form.format(secret(feed.secret)))

    @property
    def words(self) -> list[str]:
        """What must never be written down."""
        return [self.value, self.value.rsplit(" ", 1)[-1]]
