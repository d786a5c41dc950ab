"""What each kind of feed asks: one line a kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from etl.feeds import cap, ckan, dtm, gdacs, hapi, kobo, plain, shakemap, unhcr
from etl.feeds.asks import Pages
from geo_data.sources import Feed, Source

KINDS: dict[str, Callable[[Feed, Source, date], Pages]] = {
    "url": plain.pages,
    "missing_migrants": plain.pages,
    "dtm": dtm.pages,
    "hapi": hapi.pages,
    "ckan": ckan.pages,
    "unhcr": unhcr.pages,
    "gdacs": gdacs.pages,
    "cap": cap.pages,
    "shakemap": shakemap.pages,
    "kobo": kobo.pages,
}
