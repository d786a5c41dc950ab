"""The exact choice of sites in a process of its own, so that it can be watched and stopped.

A solver ends when it has an answer, is stopped, has used up its time, or when the app ends: the app
holds the other end of its input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from geo_data.errors import WaypostError
from geo_data.words import N_
from layers.sar.siting import Siting, exact

BUSY = N_("Other users of this server are waiting for exact answers. Try again in a minute.")
ROOT = Path(__file__).resolve().parent.parent.parent
START_UP_S = 15.0
AT_ONCE = 2
"""Solvers of all sessions together."""
_working: list[Job] = []
_turn = threading.Lock()


@dataclass(eq=False)
class Job:
    """A solver at work; its files go with it."""

    process: subprocess.Popen[str]
    folder: tempfile.TemporaryDirectory[str]
    seconds: float
    begun: float = field(default_factory=time.monotonic)

    @property
    def share(self) -> float:
        """Share of the time that is used up."""
        return min(1.0, self.elapsed_s / (self.seconds + START_UP_S / 5))

    @property
    def running(self) -> bool:
        """Whether it still works; one that overstays is stopped."""
        if self.elapsed_s > self.seconds + START_UP_S:
            self.stop()
        return self.process.poll() is None

    @property
    def elapsed_s(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.begun

    def stop(self) -> None:
        """Give up; whatever becomes of the session that asked."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()

    def result(self) -> Siting:
        """The answer of a job that has ended.

        Raises
        ------
        WaypostError
            If it was stopped or found none, with the solver's own words.
        """
        try:
            said, _ = self.process.communicate()
            answer = json.loads(said)
        except ValueError:
            raise WaypostError("the search for the exact answer was stopped.") from None
        if "problem" in answer:
            raise WaypostError(answer["problem"])
        return Siting(tuple(answer["sites"]), answer["value"], answer["bound"])


def begin(
    aim: str, covers: np.ndarray, hours: np.ndarray, demand: np.ndarray, sites: int, seconds: float
) -> Job:
    """Start a solver.

    Raises
    ------
    WaypostError
        If as many are at work as the server bears.
    """
    with _turn:
        _working[:] = [job for job in _working if job.running]
        if len(_working) >= AT_ONCE:
            raise WaypostError(BUSY)
        job = _started(aim, covers, hours, demand, sites, seconds)
        _working.append(job)
    return job


def _started(
    aim: str, covers: np.ndarray, hours: np.ndarray, demand: np.ndarray, sites: int, seconds: float
) -> Job:
    folder = tempfile.TemporaryDirectory(prefix="waypost-siting-")
    file = Path(folder.name) / "question.npz"
    np.savez(file, covers=covers, hours=hours, demand=demand)
    command = [sys.executable, "-m", "dashboard.rescue.exact", str(file), aim, str(sites),
               str(seconds)]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 -- our own module, arguments of our own
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    return Job(process, folder, seconds)


def _end_with_app() -> None:
    """Wait for the end of the input, which comes when the app is no more."""
    sys.stdin.read()
    os._exit(1)


def _main(file: str, aim: str, sites: str, seconds: str) -> None:
    threading.Thread(target=_end_with_app, daemon=True).start()
    overdue = threading.Timer(float(seconds) + START_UP_S, os._exit, (1,))
    overdue.daemon = True
    overdue.start()
    with np.load(file) as asked:
        tables = {name: asked[name] for name in ("covers", "hours", "demand")}
    try:
        made = exact(aim, **tables, sites=int(sites), seconds=float(seconds))
        answer: dict[str, object] = {"sites": made.sites, "value": made.value, "bound": made.bound}
    except WaypostError as problem:
        answer = {"problem": str(problem)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(*sys.argv[1:])
