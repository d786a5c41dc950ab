"""One visit to a feed: all its pages staged, or nothing."""

from __future__ import annotations

import mmap
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx

from etl.feeds import folders
from etl.feeds.asks import HELD, Answer, Ask
from etl.feeds.client import Client
from etl.feeds.kinds import KINDS
from etl.files import sha256
from geo_data.errors import FeedFailed
from geo_data.sources import Source


@dataclass(frozen=True)
class Page:
    """Provenance of one kept answer; ``file`` is blank for an index that led to others."""

    file: str
    url: str
    etag: str
    modified: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Gathered:
    """What a visit brought.

    Attributes
    ----------
    staged : Path or None
        Folder of the new files; None: nothing has changed.
    pages : list of Page
    """

    staged: Path | None
    pages: list[Page]

    @property
    def bytes(self) -> int:
        """Bytes kept."""
        return sum(page.bytes for page in self.pages)


def gather(source: Source, folder: Path, client: Client, kept: list[Page], today: date) -> Gathered:
    """Ask all that a feed needs.

    Parameters
    ----------
    folder : Path
        Where the last good files lie; it is not touched.
    kept : list of Page
        Their provenance.

    Raises
    ------
    FeedFailed
        With nothing changed; no message holds a secret.
    """
    staged = folders.staging(folder)
    try:
        pages = _pages(source, staged, client, _known(kept, folder), today)
    except FeedFailed as problem:
        shutil.rmtree(staged, ignore_errors=True)
        raise _cleaned(problem, source, client) from None
    except (ValueError, httpx.InvalidURL) as problem:
        shutil.rmtree(staged, ignore_errors=True)
        raise FeedFailed(
            source.key, f"an address that cannot be followed ({type(problem).__name__})",
            "an https address", "Check the feed; if it is right, tell the owner of the server.",
        ) from None  # fmt: skip
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    if pages is None or _digests(pages) == _digests(_present(kept, folder)):
        shutil.rmtree(staged, ignore_errors=True)
        return Gathered(None, kept if pages is None else pages)
    return Gathered(staged, pages)


def _pages(
    source: Source, staged: Path, client: Client, known: Mapping[str, tuple[str, str]],
    today: date,
) -> list[Page] | None:  # fmt: skip
    assert source.feed is not None
    kind = KINDS[source.feed.kind](source.feed, source, today)
    pages: list[Page] = []
    asked: set[str] = set()
    ask = next(kind, None)
    while ask is not None:
        _refuse_endless(ask, asked, pages, client)
        answer = _asked(ask, staged, client, known)
        if answer is None:
            return None
        try:
            ask = kind.send(answer)
        except StopIteration:
            ask = None
        pages += _written(answer, staged, client)  # only now: the kind may have cut it down
    if not any(page.file for page in pages):
        raise FeedFailed(source.key, "no data at all", "at least one file", "Check the feed.")
    return pages


def _asked(
    ask: Ask, staged: Path, client: Client, known: Mapping[str, tuple[str, str]]
) -> Answer | None:
    before = known.get(ask.shown) if ask.conditional else None
    if ask.expects in HELD:
        return client.get(ask, None, before)
    with (staged / ask.file).open("w+b") as sink:
        return client.get(ask, sink, before)


def _written(answer: Answer, staged: Path, client: Client) -> list[Page]:
    ask = answer.ask
    if not ask.file:
        return [Page("", ask.shown, answer.etag, answer.modified, 0, "")]
    path = staged / ask.file
    if ask.expects in HELD:
        if answer.body is None:
            return []
        path.write_bytes(answer.body)
    _refuse_echo(path, client)
    size = path.stat().st_size
    return [Page(ask.file, ask.shown, answer.etag, answer.modified, size, sha256(path))]


def _refuse_endless(ask: Ask, asked: set[str], pages: list[Page], client: Client) -> None:
    limits = client.limits
    if ask.address in asked:
        problem = "a page that leads back to itself"
    elif len(asked) >= limits.pages:
        problem = f"more than {limits.pages} pages"
    elif sum(page.bytes for page in pages) > limits.body_bytes:
        problem = f"pages above {limits.body_bytes:,} bytes together"
    else:
        asked.add(ask.address)
        return
    raise FeedFailed(ask.shown, problem, "an end", "Ask for a smaller area or period.")


def _refuse_echo(path: Path, client: Client) -> None:
    """A server that repeats our secret in its answer must not have it written into files."""
    if client.credential is None or not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        if any(held.find(word.encode()) >= 0 for word in client.credential.words):
            raise FeedFailed(
                path.name, "an answer that repeats our secret", "data", "Tell its owner."
            )


def _known(kept: list[Page], folder: Path) -> dict[str, tuple[str, str]]:
    """What may be asked conditionally: only what still lies there."""
    present = _present(kept, folder)
    return {page.url: (page.etag, page.modified) for page in present if page.etag or page.modified}


def _present(kept: list[Page], folder: Path) -> list[Page]:
    files = [page for page in kept if page.file]
    there = all(
        (path := folder / page.file).is_file() and path.stat().st_size == page.bytes
        for page in files
    )
    return kept if files and there else []


def _digests(pages: list[Page]) -> dict[str, str]:
    return {page.file: page.sha256 for page in pages if page.file}


def _cleaned(problem: FeedFailed, source: Source, client: Client) -> FeedFailed:
    feed, found, expected, advice = (client.clean(part) for part in problem.parts)
    where = source.key if feed in (source.key, "feed") else f"{source.key}, {feed}"
    return FeedFailed(where, found, expected, advice, problem.wait_s)
