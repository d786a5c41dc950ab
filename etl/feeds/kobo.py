"""KoboToolbox, version 2: pages of at most 1000 submissions, linked by ``next``.

Submissions hold people. Only the declared questions are kept; the rest never touches the disk.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from etl.feeds.asks import Ask, Pages
from geo_data.errors import FeedFailed
from geo_data.feeds import host_of
from geo_data.sources import Feed, Source

LIMIT = 1_000


def pages(feed: Feed, source: Source, today: date) -> Pages:
    """Declared questions of all submissions; ``next`` is followed on the same server only."""
    ask = Ask(feed.url, "page-00001.json", {"limit": str(LIMIT), **feed.params})
    number = 1
    while True:
        answer = yield ask
        kept = [_kept(one, feed) for one in answer.list_of("results")]
        answer.replace({"results": kept})
        following = answer.document.get("next")
        if not following:
            return
        _refuse_elsewhere(str(following), feed, source)
        number += 1
        ask = Ask(str(following), f"page-{number:05d}.json", found=True)


def _kept(submission: object, feed: Feed) -> dict[str, object]:
    if not isinstance(submission, dict):
        return {}
    return {name: submission[name] for name in feed.fields if name in submission}


def _refuse_elsewhere(url: str, feed: Feed, source: Source) -> None:
    try:
        same = host_of(url) == host_of(feed.url)
        same = same and urlsplit(url).scheme == urlsplit(feed.url).scheme
    except ValueError:
        same = False
    if not same:
        raise FeedFailed(
            source.key, "a next page on another server", f"one on {host_of(feed.url)}",
            "Nothing was asked there. Tell the owner of the server.",
        )  # fmt: skip
