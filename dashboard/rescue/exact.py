"""The exact choice of sites in a process of its own, so that it can be watched and stopped."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from geo_data.errors import WaypostError
from layers.sar.siting import Siting, exact

ROOT = Path(__file__).resolve().parent.parent.parent
START_UP_S = 15.0


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
        return min(1.0, (time.monotonic() - self.begun) / (self.seconds + START_UP_S / 5))

    @property
    def running(self) -> bool:
        """Whether it still works; one that overstays is stopped."""
        if time.monotonic() - self.begun > self.seconds + START_UP_S:
            self.stop()
        return self.process.poll() is None

    def stop(self) -> None:
        """Give up."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def result(self) -> Siting:
        """The answer of a job that has ended.

        Raises
        ------
        WaypostError
            If it was stopped or found none, with the solver's own words.
        """
        said, _ = self.process.communicate()
        try:
            answer = json.loads(said)
        except ValueError:
            raise WaypostError("the search for the exact answer was stopped.") from None
        if "problem" in answer:
            raise WaypostError(answer["problem"])
        return Siting(tuple(answer["sites"]), answer["value"], answer["bound"])


def begin(
    aim: str, covers: np.ndarray, hours: np.ndarray, demand: np.ndarray, sites: int, seconds: float
) -> Job:
    """Start a solver."""
    folder = tempfile.TemporaryDirectory(prefix="waypost-siting-")
    file = Path(folder.name) / "question.npz"
    np.savez(file, covers=covers, hours=hours, demand=demand)
    command = [sys.executable, "-m", "dashboard.rescue.exact", str(file), aim, str(sites),
               str(seconds)]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 -- our own module, arguments of our own
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    return Job(process, folder, seconds)


def _main(file: str, aim: str, sites: str, seconds: str) -> None:
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
