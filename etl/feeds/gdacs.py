"""GDACS events. Its search cuts every answer at a hundred, so long periods are halved."""

from __future__ import annotations

from datetime import date, timedelta

from etl.feeds import plain
from etl.feeds.asks import Ask, Pages
from geo_data.errors import FeedFailed
from geo_data.sources import Feed, Source

CUT_AT = 100


def pages(feed: Feed, source: Source, today: date) -> Pages:
    """Events of the last ``days``; an address that ends in ``.xml`` is the RSS feed, as it is.

    Notes
    -----
    An event that lasts into two periods is in both files; declare ``unique`` and ``latest``.
    """
    if feed.url.endswith(".xml"):
        yield from plain.pages(feed, source, today)
        return
    periods = [(today - timedelta(days=feed.days), today)]
    while periods:
        first, last = periods.pop()
        asked = {**feed.params, "fromDate": first.isoformat(), "toDate": last.isoformat()}
        answer = yield Ask(feed.url, f"events-{first:%Y%m%d}-{last:%Y%m%d}.json", asked)
        if len(answer.list_of("features")) < CUT_AT:
            continue
        answer.discard()
        periods += _halves(first, last, source)


def _halves(first: date, last: date, source: Source) -> list[tuple[date, date]]:
    if first == last:
        raise FeedFailed(
            source.key, f"{CUT_AT} events or more on {first}", "an answer that is not cut",
            "Declare fewer kinds under eventlist, or a higher alertlevel.",
        )  # fmt: skip
    middle = first + (last - first) // 2
    return [(middle + timedelta(days=1), last), (first, middle)]
