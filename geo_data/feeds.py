"""What a declared feed must keep to, checked before anything is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

from geo_data.sources import Feed, Source

HEADERS: dict[str, tuple[str, str]] = {
    "dtm": ("Ocp-Apim-Subscription-Key", "{}"),
    "hapi": ("X-HDX-HAPI-APP-IDENTIFIER", "{}"),
    "kobo": ("Authorization", "Token {}"),
}
"""Header that carries the secret of a kind, and how it is written there."""
NEEDS_SECRET = ("dtm", "hapi", "kobo")
FOLDER = "feeds"
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SECRET_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_SECRET_PARAM = re.compile(
    r"(?i)(^|[_-])(key|token|secret|password|passwd|pwd|sig|signature|auth|credential)s?$"
    r"|app_?identifier|apikey|subscription"
)


def folder_of(operation: str, source: str) -> str:
    """Folder of a source's fetched files, below the data folder.

    >>> folder_of("sea", "dtm")
    'feeds/sea/dtm'
    """
    return f"{FOLDER}/{operation}/{source}"


def problem(source: Source, operation: str, hosts: Sequence[str]) -> str | None:
    """What is wrong with a source's feed, in a sentence; None: nothing, or no feed."""
    if source.feed is None:
        return None
    said = _address(source.feed, hosts) or _secret(source.feed) or _kept(source, operation)
    return f"feed of source {source.key!r}: {said}" if said else None


def host_of(url: str) -> str:
    """Host of an address as ``hosts`` name it: with its port unless that is the usual one.

    >>> host_of("https://data.humdata.org/api"), host_of("http://127.0.0.1:8000/x")
    ('data.humdata.org', '127.0.0.1:8000')
    """
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return host if parts.port in (None, usual) else f"{host}:{parts.port}"


def _address(feed: Feed, hosts: Sequence[str]) -> str | None:
    try:
        parts, host = urlsplit(feed.url), host_of(feed.url)
    except ValueError:
        return f"{feed.url!r} is not an address"
    if parts.scheme not in ("https", "http") or not host:
        return f"{feed.url!r} is not an https address"
    if parts.username or parts.password or parts.fragment:
        return "its address holds a user, a password or a fragment; set secret instead"
    for name in [*dict(parse_qsl(parts.query, keep_blank_values=True)), *feed.params]:
        if _SECRET_PARAM.search(name):
            return (
                f"parameter {name!r} looks like a secret; addresses are logged. Set secret, and "
                "header if the kind does not know its own"
            )
    if host not in hosts:
        return f"host {host!r} is not among the operation's hosts {list(hosts)}. Add it there"
    return None


def _secret(feed: Feed) -> str | None:
    if feed.secret is None:
        return f"kind {feed.kind!r} needs a secret" if feed.kind in NEEDS_SECRET else None
    if not _SECRET_NAME.fullmatch(feed.secret):
        return "secret is the NAME after WAYPOST_SECRET_, in capitals; never the secret itself"
    if feed.kind not in HEADERS and not feed.header:
        return "header must say which request header carries the secret"
    if feed.header and not _HEADER.fullmatch(feed.header):
        return f"{feed.header!r} is not a name of a header"
    return None


def _kept(source: Source, operation: str) -> str | None:
    for key in (operation, source.key):
        if not _NAME.fullmatch(key):
            return f"key {key!r} names a folder; use letters, digits, - and _"
    folder = folder_of(operation, source.key) + "/"
    if not any(path.startswith(folder) for path in source.paths()):
        return f"no path of the source starts with {folder!r}, where the files of the feed land"
    feed = source.feed
    assert feed is not None
    if feed.file and not _FILE.fullmatch(feed.file):
        return f"file {feed.file!r} is not a plain file name"
    if not source.every_h or source.every_h <= 0:
        return "every_h or cadence_days must say how often to ask"
    if feed.kind == "kobo" and not feed.fields:
        return "fields must name the questions that are kept; everything else is dropped"
    if feed.kind == "ckan" and not (feed.resource or feed.format):
        return "resource or format must say which file of the dataset is wanted"
    return None
