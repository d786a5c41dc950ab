"""IOM DTM, version 3: one answer without pages that says itself whether it is one."""

from __future__ import annotations

from datetime import date

from etl.feeds.asks import Ask, Pages
from geo_data.errors import FeedFailed
from geo_data.sources import Feed, Source


def pages(feed: Feed, source: Source, today: date) -> Pages:
    """The answer, unless it says that it is no success (with status 200)."""
    answer = yield Ask(feed.url, feed.file or "dtm.json", feed.params)
    document = answer.document
    if not isinstance(document, dict) or document.get("isSuccess") is not True:
        said = document.get("errorMessages") if isinstance(document, dict) else None
        reasons = "; ".join(map(str, said)) if isinstance(said, list) else said
        raise FeedFailed(
            source.key, f"an answer without success ({reasons or 'no reason given'})",
            "isSuccess", "Correct the parameters of the feed.",
        )  # fmt: skip
    answer.list_of("result")
