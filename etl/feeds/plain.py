"""One file at one address, asked for only if it has changed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from etl.feeds.asks import Ask, Expects, Pages
from geo_data.sources import Feed, Source

SUFFIX = {"json": ".json", "topojson": ".json", "excel": ".xlsx", "shakemap": ".xml"}
LONGEST_NAME = 80


def pages(feed: Feed, source: Source, today: date) -> Pages:
    """The answer of the declared address, as it is."""
    file = feed.file or name_of(feed.url, source)
    yield Ask(feed.url, file, feed.params, expected(file, source), conditional=True)


def expected(file: str, source: Source) -> Expects:
    """What can be told of an answer without reading it, from its name and the reader's format.

    >>> from geo_data.sources import Read
    >>> given = dict(key="s", title="S", owner="O", licence="L", job="landmarks", path="a")
    >>> expected("a.csv", Source(read=Read(format="delimited"), **given))
    'bytes'
    """
    suffix = PurePosixPath(file).suffix.lower()
    if suffix in (".xml", ".rss") or source.read.format == "shakemap":
        return "xml"
    json = suffix in (".json", ".geojson") or source.read.format in ("json", "topojson")
    return "json file" if json else "bytes"


def name_of(url: str, source: Source) -> str:
    """A file name out of an address; never one that leaves the folder or hides in it."""
    last = unquote(PurePosixPath(urlsplit(url).path).name)
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", last).lstrip("._-")[-LONGEST_NAME:]
    if not name:
        name = source.key
    suffix = "" if "." in name else SUFFIX.get(source.read.format, ".csv")
    return name + suffix
