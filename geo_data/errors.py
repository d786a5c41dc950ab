"""Everything a person can put right has a class here; its message says what to do.

Messages name files, rows, columns and rules. They never hold the position or the name of a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches


class WaypostError(Exception):
    """Something a user, an operator or a data owner can mend."""

    def __reduce__(self) -> tuple[object, ...]:
        """Message and class survive the way home from another process."""
        return _again, (type(self), self.args)


class OperationInvalid(WaypostError):
    """An operation file does not follow its shape."""

    def __init__(self, file: str, line: int | None, problem: str):
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}: {problem}")


class SettingInvalid(WaypostError):
    """A setting has a value that cannot be used."""

    def __init__(self, name: str, found: object, expected: str):
        super().__init__(f"{name} is {found!r}. Expected {expected}.")


class SourceUnreadable(WaypostError):
    """A source file is missing, broken or of another kind than declared; only this source fails."""

    def __init__(self, file: str, found: str, expected: str, advice: str):
        super().__init__(plain(f"{file}: found {found}, expected {expected}. {advice}"))


class ColumnMissing(SourceUnreadable):
    """A source file lacks a column that its declaration names."""

    def __init__(self, file: str, column: str, present: Iterable[str]):
        present = [str(name) for name in present]
        near = nearest(column, present)
        hint = f"Nearest column: {near!r}. " if near else ""
        super().__init__(
            file,
            f"columns {', '.join(present[:30])}",
            f"a column {column!r}",
            f"{hint}Correct the file or the declaration under [source.columns].",
        )


class FeedFailed(WaypostError):
    """A feed could not be fetched; the files of its last success stay.

    ``wait_s`` is how long its server wants to be left alone, if it said so.
    """

    def __init__(
        self, feed: str, found: str, expected: str, advice: str, wait_s: float | None = None
    ):
        self.wait_s, self.parts = wait_s, (feed, found, expected, advice)
        super().__init__(f"{feed}: found {found}, expected {expected}. {advice}")


class NothingUsable(WaypostError):
    """No source of an operation could be read."""


class ReleaseMissing(WaypostError):
    """The store holds no release, or not the one asked for."""


class StoreDamaged(WaypostError):
    """Files of the store are missing or altered; older releases may be whole."""


class StoreBusy(WaypostError):
    """Another run is writing; wait for it, do not force it."""


class StoreFull(WaypostError):
    """The disk of the store has no room; what was published before stays readable."""

    def __init__(self, disk: str, needed_bytes: int, free_bytes: int):
        super().__init__(
            f"The disk mounted at {disk} is full: {_megabytes(needed_bytes)} needed, "
            f"{_megabytes(free_bytes)} free. The last release stays as it is. Free some room "
            "(python -m etl retain removes old releases), then run again."
        )


class StoreUnwritable(WaypostError):
    """The disk of the store refuses or fails; what was published before stays readable."""

    def __init__(self, folder: str, found: str):
        super().__init__(
            f"{folder} cannot be written: {found}. The last release stays as it is. Check the disk "
            "and the rights on the folder, then run again."
        )


class StoreUnreachable(WaypostError):
    """The bucket of the store does not answer, or not to us."""

    def __init__(self, place: str, found: str):
        super().__init__(
            f"{place} cannot be used: {found}. What was published before stays as it is. Check the "
            "network, AWS_ENDPOINT_URL (with http: also AWS_ALLOW_HTTP=true), AWS_REGION, and the "
            "credentials and their rights."
        )


class StoreUnsafe(WaypostError):
    """The bucket of the store lets a key be created twice, so two runs could lose a release."""

    def __init__(self, place: str):
        super().__init__(
            f"{place} was asked to create one key twice and did not refuse the second time, so two "
            "runs could overwrite each other. Nothing was published. Use a bucket that honours "
            "conditional writes (If-None-Match), or a folder."
        )


class ParcelRefused(WaypostError):
    """A release file from elsewhere was not let in; the store is as before."""


class ObservationRefused(WaypostError):
    """An observation breaks a rule; nothing was recorded."""


class NotForAudience(WaypostError):
    """Something that only the coordination cell may see or write."""

    def __init__(self, what: str):
        super().__init__(f"{what}: for the coordination cell only (WAYPOST_AUDIENCE=cell).")


class PublishingFailed(WaypostError):
    """A release could not be shown in a database; what was shown before still is."""


class FontMissing(WaypostError):
    """No installed font has the letters of a text that is to be printed."""

    def __init__(self, script: str, families: Iterable[str], package: str):
        super().__init__(
            f"No installed font has {script} letters, so the sheet would show boxes. Known to have "
            f"them: {', '.join(families)}. Debian: apt-get install {package}, then start again."
        )


class TableInvalid(WaypostError):
    """A table does not have its declared shape; this is a fault of ours, not of a file."""


def plain(text: str) -> str:
    r"""Text of one line, what cannot be printed written as an escape: names may hold anything.

    >>> print(plain("a\nb: é"))
    a\nb: é
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def quoted(problem: object) -> str:
    """What a library says of a file, without folders and names of its own parts.

    >>> quoted("ParseError: '/srv/data/a.gpx' is no track")
    "'a.gpx' is no track"
    """
    text = re.sub(r"\b\w*(Error|Exception)\b:? *", "", str(problem))
    return re.sub(r"(?<![\w:/])/(?:[^/\s'\"]*/)+", "", text)


def _again(kind: type[WaypostError], said: tuple[object, ...]) -> WaypostError:
    return kind.__new__(kind, *said)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Closest known word, for messages.

    >>> nearest("sensitvity", ["sensitivity", "cadence_days"])
    'sensitivity'
    """
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
