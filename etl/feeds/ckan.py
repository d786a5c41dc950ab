"""A CKAN dataset such as those of HDX: look up its newest wanted resource, then download it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from etl.feeds import plain
from etl.feeds.asks import Ask, Pages
from geo_data.errors import FeedFailed
from geo_data.sources import Feed, Source


def pages(feed: Feed, source: Source, today: date) -> Pages:
    """The newest resource of the declared name and format."""
    answer = yield Ask(feed.url, "", feed.params)
    if not isinstance(answer.document, dict) or answer.document.get("success") is not True:
        raise FeedFailed(
            source.key, "an answer without success", "the description of a dataset",
            "Check id among the parameters of the feed.",
        )  # fmt: skip
    wanted = chosen(answer.list_of("result", "resources"), feed, source)
    url = str(wanted.get("url") or "")
    file = feed.file or plain.name_of(url, source)
    yield Ask(url, file, {}, plain.expected(file, source), conditional=True, found=True)


def chosen(resources: list[Any], feed: Feed, source: Source) -> Mapping[str, Any]:
    """Of the resources with the declared name and format, the one modified last."""
    kind = (feed.format or "").lower()
    fitting = [
        one
        for one in resources
        if isinstance(one, dict)
        and fnmatchcase(str(one.get("name", "")).lower(), (feed.resource or "*").lower())
        and kind in ("", str(one.get("format", "")).lower())
    ]
    if not fitting:
        names = ", ".join(repr(one.get("name")) for one in resources[:10] if isinstance(one, dict))
        raise FeedFailed(
            source.key, f"resources {names or 'none'}",
            f"one named {feed.resource or '*'} of format {feed.format or 'any'}",
            "Correct resource or format of the feed.",
        )  # fmt: skip
    return max(fitting, key=lambda one: str(one.get("last_modified") or ""))
