"""Reading sources in another process: what a file does to its reader stays there.

The libraries that open files are written in C and trust what they read. Here a file can at most end
the child that reads it; the run goes on and says which file, which limit, which setting. Jobs and
readers are loaded where they are needed, for somebody waits while an upload is read.
"""

from __future__ import annotations

import logging
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

import msgspec

from etl import children, drivers, worker
from etl.messages import End, Look, Ready, Request, Take, Told, receive, send, unpacked
from geo_data.errors import SourceUnreadable, WaypostError
from geo_data.operations import Operation
from geo_data.settings import Settings, harmless_environment
from geo_data.sources import Source
from geo_data.uploads import Asked

if TYPE_CHECKING:
    import pandas as pd

    from etl.accounts import Contribution
    from etl.check import Finding
    from geo_data import uploads

T = TypeVar("T")
log = logging.getLogger("waypost.etl")

START_S, GRACE_S = 120, 30
OUT_OF_MEMORY = ("memory allocation of", "bad_alloc", "Cannot allocate memory", "out of memory")
OPEN = "in the program itself, without limits of time, memory, files and network"
ROOT = Path(__file__).parents[1]


class Sandbox:
    """Reads sources one by one, each in a child of its own; a context manager.

    Where the system cannot fork, or ``WAYPOST_SANDBOX`` is off, they are read in this process.
    With ``uploads`` it starts sooner and reads nothing but files that users bring.
    """

    def __init__(self, settings: Settings, *, uploads: bool = False):
        self.settings = settings
        self.uploads = uploads
        self.inside = settings.sandbox == "on" and hasattr(os, "fork")
        self.without: list[str] = []  # filled when the server is up
        self._server: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    def __enter__(self) -> Sandbox:
        if self.inside:
            self._folder = Path(tempfile.mkdtemp(prefix="waypost-"))
            self._server = self._started()
        else:
            log.warning("files are read %s; see docs/security.md", OPEN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._stop()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def run(
        self, source: Source, files: Sequence[Path], operation: Operation, today: date
    ) -> Contribution:
        """What the files of one source give; as :func:`etl.jobs.run`.

        Raises
        ------
        WaypostError
            If the source cannot be used, or its reader broke or reached a limit.
        """
        from etl import contributions, jobs, personal

        if not self.inside or self._on_cluster(source):
            return jobs.run(source, files, operation, self.settings, today)
        whole = [file.resolve() for file in files]
        return self._done(
            lambda folder: Request(folder, source, whole, operation, self.settings, today),
            contributions.read, ", ".join(personal.masked(file.name) for file in files[:3]),
        )  # fmt: skip

    def check(self, file: Path) -> Finding:
        """What the reader makes of a file; as :func:`etl.check.check`."""
        from etl import check

        try:
            check.refuse_absent(file)
            if not self.inside:
                return check.check(file, self.settings)
            return self._done(
                lambda folder: Look(folder, file.resolve(), self.settings),
                lambda folder: _found(folder, check.Finding), file.name,
            )  # fmt: skip
        except WaypostError as problem:
            return check.Finding(file.name, (), refused=str(problem))

    def draft(self, file: Path) -> str:
        """A first declaration of a file; as :func:`etl.check.drafted`.

        Raises
        ------
        WaypostError
            If the file cannot be read, or broke its reader.
        """
        from etl import check

        check.refuse_absent(file)
        if not self.inside:
            return check.drafted(file, self.settings)
        return self._done(
            lambda folder: Look(folder, file.resolve(), self.settings, draft=True),
            lambda folder: _found(folder, str), file.name,
        )  # fmt: skip

    def take(self, file: Path, asked: Asked) -> tuple[pd.DataFrame, uploads.Told]:
        """What is asked of a file that a user brings; as :func:`etl.uploads.read`.

        Raises
        ------
        WaypostError
            If the file cannot be read as asked, or broke its reader.
        """
        if not self.inside:
            from etl import uploads as readers

            return readers.read(file, asked, self.settings)
        from geo_data.uploads import read

        whole = file.resolve()
        return self._done(lambda at: Take(at, whole, self.settings, asked), read, file.name)

    def _done(
        self, asked: Callable[[Path], children.Asking], answer: Callable[[Path], T], names: str
    ) -> T:
        """What a child leaves behind for a request, in a folder that is its own."""
        from etl import personal

        assert self._folder is not None
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        names = personal.masked(names)
        try:
            end = self._asked(asked(folder))
            if end is None:
                self._stop()
                raise _broken(names, "ends its reader and what started it")
            return self._answer(end, folder, names, answer)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def how(self) -> list[str]:
        """In what way files are read, for the manifest."""
        if not self.inside:
            return [OPEN]
        self._ready()
        told = ["in a child process", *(f"without {what}" for what in self.without)]
        if "://" in self.settings.executor:
            told.append("but for rasters, which a cluster maps")
        return told

    def _on_cluster(self, source: Source) -> bool:
        """Whether a source is mapped by a cluster, which no child without network could ask."""
        return source.job == "raster" and "://" in self.settings.executor

    def _ready(self) -> subprocess.Popen[bytes]:
        """The server, started again if it ended."""
        if self._server is not None and self._server.poll() is not None:
            self._stop()
        if self._server is None:
            self._server = self._started()
        if not self.without:
            ready = _reply(self._server, Ready, START_S)
            if ready is None:
                raise WaypostError(
                    "the process that reads files does not start: "
                    f"{_last_line(self._folder)}. WAYPOST_SANDBOX=off reads without it"
                )
            self.without = ready.without or ["limits of the kernel"]
            log.info("files are read without %s", ", ".join(ready.without) or "further limits")
        return self._server

    def _asked(self, request: children.Asking) -> End | None:
        """How the child ended; None if the server itself is gone."""
        server = self._ready()
        assert server.stdin is not None
        try:
            send(server.stdin, request)
            return _reply(server, End, self.settings.parse_s + GRACE_S)
        except OSError:
            return None

    def _answer(self, end: End, folder: Path, names: str, answer: Callable[[Path], T]) -> T:
        from etl import personal

        said = _text(folder / children.SAID)
        if said:
            log.info("while %s was read: %s", names, personal.masked(said[-4000:]))
        log.info("%s: read in %.1f s, %d MB", names, end.seconds, end.peak_bytes / 1e6)
        if not (end.late or end.signal or end.code):
            try:
                return answer(folder)
            except ValueError as problem:
                log.info("%s: %s", names, problem)
                raise _broken(names, "leaves no whole answer behind") from None
        if end.code == children.REFUSED:
            try:
                told = unpacked((folder / children.TOLD).read_bytes(), Told)
            except (OSError, msgspec.MsgspecError):
                raise _broken(names, "ends its reader") from None
            if told.sentence is not None:
                raise WaypostError(told.sentence)
        raise self._stopped(end, names, said)

    def _stopped(self, end: End, names: str, said: str) -> SourceUnreadable:
        settings = self.settings
        if end.late or end.signal == signal.SIGXCPU:
            return SourceUnreadable(
                names, f"content that takes more than {settings.parse_s:,} s to read",
                f"at most {settings.parse_s:,} s",
                "Cut the file to the area and period needed, or raise WAYPOST_PARSE_S.",
            )  # fmt: skip
        short = any(words in said for words in OUT_OF_MEMORY)
        if end.code == children.REFUSED or end.signal == signal.SIGKILL or short:
            return SourceUnreadable(
                names, f"content that takes more than {settings.parse_bytes:,} bytes of memory",
                f"at most {settings.parse_bytes:,} bytes",
                "Cut the file to the area and period needed, or raise WAYPOST_PARSE_BYTES.",
            )  # fmt: skip
        named = signal.Signals(end.signal).name if end.signal else f"code {end.code}"
        return _broken(names, f"ends its reader ({named})")

    def _started(self) -> subprocess.Popen[bytes]:
        environment = {
            **harmless_environment(), **drivers.environment(), "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
            "ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONSAFEPATH": "1",
        }  # fmt: skip
        assert self._folder is not None
        with (self._folder / children.SAID).open("ab") as said:
            return subprocess.Popen(  # noqa: S603 -- our own module, a word of ours
                [sys.executable, "-m", "etl.worker", *([worker.UPLOADS] * self.uploads)],
                env=environment, cwd=self._folder,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, close_fds=True,
            )  # fmt: skip

    def _stop(self) -> None:
        server, self._server, self.without = self._server, None, []
        if server is None:
            return
        server.kill()
        server.communicate()


def _found(folder: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode((folder / children.FOUND).read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError) as problem:
        raise ValueError(f"no whole answer in {folder.name}: {problem}") from problem


def _reply(server: subprocess.Popen[bytes], kind: type[T], seconds: float) -> T | None:
    assert server.stdout is not None
    if not select.select([server.stdout], [], [], seconds)[0]:
        return None
    try:
        return receive(server.stdout, kind)
    except msgspec.MsgspecError:
        return None


def _last_line(folder: Path | None) -> str:
    lines = _text(folder / children.SAID).split("\n") if folder else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def _broken(names: str, what: str) -> SourceUnreadable:
    return SourceUnreadable(
        names, f"content that {what}", "a whole file of its kind",
        "It is damaged or built to do harm: ask its owner for it again.",
    )  # fmt: skip
