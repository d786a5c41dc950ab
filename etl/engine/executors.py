"""Who does the mapping: this thread, threads, processes or a Dask cluster; the results are equal.

Every executor maps the same function over the same strips and hands the parts over in the order of
the strips. Only the few strips ahead of the merging are held.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor as Pool
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Literal

from etl.engine.prefix import Room
from etl.engine.stream import Bands, Part, Plan, Strip, strip_sums
from geo_data.errors import SettingInvalid
from geo_data.settings import EXECUTORS, Settings

How = Literal["alone", "threads", "processes"]
AHEAD = 2
"""Strips that are worked on or wait, per worker."""
RESTARTS = 3
_ROOMS = threading.local()
CONNECT_S = 10


@dataclass(frozen=True)
class Executor:
    """Who maps, and how many of them; see :func:`parts_of`."""

    how: How | Any = "threads"
    workers: int = 2


@contextmanager
def executor(settings: Settings) -> Iterator[Executor]:
    """The executor that a deployment set; a cluster is left at the end.

    Raises
    ------
    SettingInvalid
        If there is no scheduler at the address, or no Dask here.
    """
    if settings.executor in EXECUTORS:
        yield Executor(settings.executor, min(settings.workers, os.cpu_count() or 1))
        return
    with _client(settings.executor) as client:
        yield Executor(client)


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as problem:
        raise SettingInvalid(
            "WAYPOST_EXECUTOR", address, f"{', '.join(EXECUTORS)}, as distributed is not installed"
        ) from problem
    try:
        return Client(address, timeout=CONNECT_S, set_as_default=False)
    except OSError as problem:
        raise SettingInvalid(
            "WAYPOST_EXECUTOR", address, f"a Dask scheduler that answers within {CONNECT_S} s"
        ) from problem


def parts_of(
    bands: Bands, plan: Plan, work: Sequence[Strip], how: How | Any = "threads", workers: int = 2
) -> Iterator[Part]:
    """The sums of each strip, in order.

    Parameters
    ----------
    how : "alone", "threads", "processes", or a ``distributed.Client``
    workers : int
        Threads or processes; a cluster has its own.
    """
    if how == "alone" or (how in ("threads", "processes") and len(work) < 2):
        return (_map(bands, plan, strip) for strip in work)
    if how == "threads":
        return _ordered(lambda: ThreadPoolExecutor(workers), bands, plan, work, workers)
    if how == "processes":
        # Threads and locks of the libraries do not survive a fork.
        return _ordered(
            lambda: ProcessPoolExecutor(workers, mp_context=get_context("spawn")),
            bands, plan, work, workers,
        )  # fmt: skip
    return _on_cluster(how, bands, plan, work)


def _map(bands: Bands, plan: Plan, strip: Strip) -> Part:
    if not hasattr(_ROOMS, "room"):
        _ROOMS.room = Room()
    return strip_sums(bands, plan, strip, _ROOMS.room)


def _ordered(
    open_pool: Callable[[], Pool], bands: Bands, plan: Plan, work: Sequence[Strip],
    workers: int,
) -> Iterator[Part]:  # fmt: skip
    """Results in order; strips of a worker that died are given out again."""
    done = restarts = 0
    while done < len(work):
        pool = open_pool()
        try:
            waiting: deque[Future[Part]] = deque()
            for strip in work[done:]:
                waiting.append(pool.submit(_map, bands, plan, strip))
                if len(waiting) >= AHEAD * workers:
                    yield waiting.popleft().result()
                    done += 1
            while waiting:
                yield waiting.popleft().result()
                done += 1
        except BrokenProcessPool:
            restarts += 1
            if restarts > RESTARTS:
                raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _on_cluster(client: Any, bands: Bands, plan: Plan, work: Sequence[Strip]) -> Iterator[Part]:
    """The same on a Dask cluster, which itself gives out the strips of lost workers again.

    Parts come from the workers directly; the scheduler would copy each of them once more.
    """
    ahead = AHEAD * max(1, sum(client.nthreads().values()))
    waiting: deque[Any] = deque()
    for strip in work:
        waiting.append(client.submit(_map, bands, plan, strip, pure=False, retries=RESTARTS))
        if len(waiting) >= ahead:
            yield client.gather(waiting.popleft(), direct=True)
    while waiting:
        yield client.gather(waiting.popleft(), direct=True)
