"""HDX HAPI, version 2: pages by limit and offset, the last one is short."""

from __future__ import annotations

from datetime import date

from etl.feeds.asks import Ask, Pages
from geo_data.sources import Feed, Source

LIMIT = 10_000


def pages(feed: Feed, source: Source, today: date) -> Pages:
    """Pages until one is short; a smaller ``limit`` may be declared."""
    limit = int(feed.params.get("limit", LIMIT))
    number = 0
    while True:
        asked = {"output_format": "json", "limit": str(limit), "offset": str(limit * number)}
        answer = yield Ask(feed.url, f"page-{number + 1:05d}.json", {**feed.params, **asked})
        found = len(answer.list_of("data"))
        if not found and number:
            answer.discard()
        if found < limit:
            return
        number += 1
