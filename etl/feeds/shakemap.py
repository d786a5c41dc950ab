"""A USGS ShakeMap grid: its own address, or that of the event which has one."""

from __future__ import annotations

from datetime import date

from etl.feeds.asks import Ask, Pages
from geo_data.errors import FeedFailed
from geo_data.sources import Feed, Source

GRID = "download/grid.xml"


def pages(feed: Feed, source: Source, today: date) -> Pages:
    """The grid; an address that ends in ``.geojson`` is the event."""
    url, found = feed.url, False
    if feed.url.endswith(".geojson"):
        event = yield Ask(feed.url, "", feed.params)
        url, found = _grid(event.list_of("properties", "products", "shakemap"), source), True
    answer = yield Ask(url, feed.file or "grid.xml", {}, "xml", conditional=True, found=found)
    if b"shakemap_grid" not in (answer.body or b"")[:2000]:
        raise FeedFailed(
            source.key, "XML that is no ShakeMap grid", "shakemap_grid",
            "Check the address of the feed.",
        )  # fmt: skip


def _grid(products: list[object], source: Source) -> str:
    try:
        return str(products[0]["contents"][GRID]["url"])  # type: ignore[index]
    except (IndexError, KeyError, TypeError):
        raise FeedFailed(
            source.key, "an event without a ShakeMap grid", GRID, "Wait for it, or drop the feed."
        ) from None
