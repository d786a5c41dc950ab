"""One writer at a time where no kernel keeps locks: a lease in the bucket that ends by itself.

A holder creates the next number and renews by creating the one after; a bucket lets only one
writer create a key. Who does not renew for a while has died, and the next may go on. A process
that only slept finds its number overtaken before it can publish anything.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from geo_data import location
from geo_data.errors import StoreBusy, StoreUnsafe, WaypostError
from geo_data.location import Place, Remote

LOCK, FOLDER, PROBES = ".lock", ".lease", ".probe"
LASTS_S = 60.0
PAUSE_S = 0.2
FREE = ""


class Lease:
    """A lock like ``FileLock``, kept in a bucket."""

    def __init__(self, store: Remote):
        self.place = store / FOLDER
        self.store, self.lock_counter, self.number, self.token = store, 0, 0, FREE
        self._mutex, self._end = threading.Lock(), threading.Event()

    def acquire(self, timeout: float) -> None:
        """Take the lease.

        Raises
        ------
        Timeout
            If another holds it all the time.
        StoreUnsafe
            If the bucket would let two writers create one key.
        """
        if not self.lock_counter:
            self._take(time.monotonic() + timeout)
        self.lock_counter += 1

    def release(self) -> None:
        """Give the lease back, once for each time it was taken."""
        self.lock_counter = max(0, self.lock_counter - 1)
        if self.lock_counter or not self.number:
            return
        self._end.set()
        _holding.set(None)
        with self._mutex, suppress(WaypostError):  # unreachable: the lease ends by itself
            self._create(self.number + 1, FREE)
        self.number = 0

    def confirm(self) -> None:
        """Return if the lease is still ours.

        Raises
        ------
        StoreBusy
            If another writer took over, because this one did not renew in time.
        """
        with self._mutex:
            if self._newest()[1] != self.token:
                raise StoreBusy(
                    f"{self.store}: this run was held up for more than {LASTS_S:.0f} s and another "
                    "one took over. Nothing of this run was published; start it again."
                )

    def _take(self, until: float) -> None:
        ahead = probe(self.store) - datetime.now(UTC)
        token = uuid.uuid4().hex
        while True:
            number, holder, since = self._newest()
            ended = datetime.now(UTC) + ahead - since > timedelta(seconds=LASTS_S)
            if (holder == FREE or ended) and self._create(number + 1, token):
                break
            if time.monotonic() >= until:
                raise Timeout(str(self.place))
            time.sleep(PAUSE_S)
        self.number, self.token, self._end = number + 1, token, threading.Event()
        _holding.set(self)
        threading.Thread(target=self._keep, args=[self._end], daemon=True).start()

    def _keep(self, end: threading.Event) -> None:
        while not end.wait(LASTS_S / 4):
            with self._mutex:
                try:
                    if end.is_set() or not self._create(self.number + 1, self.token):
                        return
                    self.number += 1
                except WaypostError:
                    continue  # the network may be back before the lease ends

    def _newest(self) -> tuple[int, str, datetime]:
        """Highest number, who holds it, since when."""
        while True:
            numbers = sorted(self.place.iterdir())
            if not numbers:
                return 0, FREE, datetime.now(UTC)
            try:
                said = json.loads(numbers[-1].read_text())
            except FileNotFoundError:  # a higher one has come
                continue
            return int(numbers[-1].stem), said["token"], location.now_at(numbers[-1])

    def _create(self, number: int, token: str) -> bool:
        """Write a number; one that is there is ours if only the answer had got lost."""
        wanted = self.place / f"{number:020}.json"
        if not wanted.create(json.dumps({"token": token}).encode()):
            return bool(token) and self._newest()[:2] == (number, token)
        for old in self.place.iterdir():
            if old.stem < wanted.stem:
                old.unlink()
        return True


_holding: ContextVar[Lease | None] = ContextVar("lease", default=None)


def lock_of(store: Place) -> FileLock | Lease:
    """What keeps a second writer out of a store."""
    return FileLock(store / LOCK) if isinstance(store, Path) else Lease(store)


def confirm() -> None:
    """Return if whoever publishes here and now may still do so; see :meth:`Lease.confirm`."""
    if held := _holding.get():
        held.confirm()


def probe(store: Remote) -> datetime:
    """Try whether a bucket refuses to create a key twice; its clock.

    Raises
    ------
    StoreUnsafe
        If it does not, so that two writers could overwrite each other.
    """
    trial = store / PROBES / uuid.uuid4().hex
    try:
        if not trial.create(b"1") or trial.create(b"2"):
            raise StoreUnsafe(str(store))
        return location.now_at(trial)
    finally:
        trial.unlink()
