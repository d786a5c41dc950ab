"""UNHCR population statistics: numbered pages, ISO codes only if asked for."""

from __future__ import annotations

from datetime import date

from etl.feeds.asks import Ask, Pages
from geo_data.errors import FeedFailed
from geo_data.sources import Feed, Source

LIMIT = 1_000


def pages(feed: Feed, source: Source, today: date) -> Pages:
    """All pages up to ``maxPages``."""
    number, last = 1, 1
    fixed = {"limit": str(LIMIT), **feed.params, "cf_type": "ISO"}
    while number <= last:
        asked = {**fixed, "page": str(number)}
        answer = yield Ask(feed.url, f"page-{number:05d}.json", asked)
        answer.list_of("items")
        said = answer.document.get("maxPages")
        if not str(said).isdigit():
            raise FeedFailed(
                source.key, f"maxPages {said!r}", "a number of pages",
                "Check the address of the feed.",
            )  # fmt: skip
        last, number = int(said), number + 1
