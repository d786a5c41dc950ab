"""An index of CAP alerts (RSS or Atom), and each alert that it links."""

from __future__ import annotations

import hashlib
from datetime import date
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from etl.feeds.asks import Ask, Pages
from geo_data.errors import FeedFailed
from geo_data.sources import Feed, Source


def pages(feed: Feed, source: Source, today: date) -> Pages:
    """Every alert of the index, one file each, named by the address it came from."""
    index = yield Ask(feed.url, "", feed.params, "xml", conditional=True)
    for link in dict.fromkeys(_links(index.body or b"", source)):
        url = urljoin(feed.url, link)
        name = hashlib.sha256(url.encode()).hexdigest()[:16]
        yield Ask(url, f"alert-{name}.xml", {}, "xml", found=True)


def _links(body: bytes, source: Source) -> list[str]:
    try:
        root = ElementTree.fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException) as problem:
        raise FeedFailed(
            source.key, f"an index that is not plain XML ({type(problem).__name__})",
            "RSS or Atom", "Check the address of the feed.",
        ) from None  # fmt: skip
    entries = [one for one in root.iter() if _name(one) in ("item", "entry")]
    return [link for entry in entries if (link := _link(entry))]


def _link(entry: Element) -> str:
    """Atom says it in an attribute, RSS in the text; of several, the one that is XML."""
    links = [one for one in entry if _name(one) == "link"]
    links.sort(key=lambda one: "xml" not in one.get("type", ""))
    return (links[0].get("href") or links[0].text or "").strip() if links else ""


def _name(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
