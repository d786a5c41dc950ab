"""What a bucket is asked, and what it says of its objects.

Endpoint, region and credentials come from the ``AWS_*`` variables, which the client reads by
itself; nothing of them is kept or said here.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from geo_data.errors import StoreUnreachable

PATIENCE_S, TRIES = 30, 3
_SILENT = ("Generic S3 error", "Error performing", "error sending request")
_GONE = ("404 Not Found", "not found")


@dataclass(frozen=True)
class Found:
    """What a bucket tells of an object, by the names of ``os.stat_result``."""

    st_size: int
    st_mtime: float
    tag: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Found:
        """What an answer holds of an object."""
        return cls(said["size"], said["last_modified"].timestamp(), said["e_tag"] or "")

    @property
    def st_mtime_ns(self) -> int:
        """Moment of the last change in nanoseconds, by the clock of the bucket."""
        return int(self.st_mtime * 1e9)

    @property
    def st_ino(self) -> int:
        """A number that changes with the content."""
        return zlib.crc32(self.tag.encode()) + 1


@lru_cache(maxsize=8)
def client(name: str) -> Any:
    """The client of a bucket; it is patient and tries again."""
    from obstore.store import S3Store

    return S3Store(
        name,
        retry_config={"max_retries": TRIES, "retry_timeout": timedelta(seconds=PATIENCE_S)},
    )


def asked(what: str, name: str, *arguments: Any, **options: Any) -> Any:
    """One request; what is not there is a missing file, as in a folder.

    Raises
    ------
    FileNotFoundError
    StoreUnreachable
        If the bucket does not answer, or refuses.
    """
    import obstore
    from obstore import exceptions as no

    try:
        return getattr(obstore, what)(client(name), *arguments, **options)
    except (FileNotFoundError, no.AlreadyExistsError):
        raise
    except (no.BaseError, OSError, ValueError) as problem:
        raise StoreUnreachable(f"s3://{name}", first_line(str(problem))) from None


def unanswered(said: str) -> bool:
    """Whether words of delta-rs mean that a bucket does not answer, not that nothing is there."""
    return any(words in said for words in _SILENT) and not any(words in said for words in _GONE)


def first_line(said: str) -> str:
    """The beginning; what follows quotes the answer of a server, which is nobody's business."""
    return said.splitlines()[0][:200]
