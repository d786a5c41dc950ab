"""A child for each source: it limits itself, reads the source, writes what it gives, and ends.

The process that forks them (:mod:`etl.worker`) loads all that they share and starts no thread of
its own: threads do not survive a fork, and a library that waits for one waits for ever.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np

from etl import confine
from etl.messages import End, Look, Ready, Request, Take, Told, packed, receive, send
from geo_data import grid
from geo_data.errors import WaypostError
from geo_data.operations import Operation

TOLD, SAID, FOUND = "told", "said.txt", "found.json"
"""Files of a child: why it gave nothing, what libraries said meanwhile, what a look found."""
REFUSED = 3
ROOT = Path(__file__).parents[1]
SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null",
          "/dev/urandom", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat")  # fmt: skip


Asking = Request | Look | Take


def serve(
    requests: IO[bytes], replies: IO[bytes], without: list[str], *, uploads: bool = False
) -> None:
    """Answer requests until there are no more; ``uploads``: load only what those need."""
    _preload_readers()
    if not uploads:
        _preload()
    send(replies, Ready([*without, *_withheld()]))
    while (request := _next(requests)) is not None:
        send(replies, in_child(request, (requests.fileno(), replies.fileno())))


def _next(requests: IO[bytes]) -> Asking | None:
    kinds: Any = Asking
    request: Asking | None = receive(requests, kinds)
    return request


def in_child(request: Asking, private: Sequence[int] = ()) -> End:
    """Do one request in a child, which does not get the private channels, and say how it ended."""
    if isinstance(request, Request):
        _share_cells(request.operation)
    began = time.monotonic()
    alive, kept = os.pipe()
    child = os.fork()
    if child == 0:
        for channel in (alive, *private):
            os.close(channel)
        os._exit(_child(request))
    os.close(kept)
    late = not select.select([alive], [], [], request.settings.parse_s)[0]
    os.close(alive)
    if late:
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return End(
        code=os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 0,
        signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        late=late, seconds=round(time.monotonic() - began, 3), peak_bytes=used.ru_maxrss * 1024,
    )  # fmt: skip


def _child(request: Asking) -> int:
    try:
        _give_up(request)
        if isinstance(request, Look):
            _look(request)
        elif isinstance(request, Take):
            _take(request)
        else:
            _read(request)
    except WaypostError as problem:
        return _tell(request, str(problem))
    except MemoryError:
        return _tell(request, None)
    except BaseException as problem:  # whatever a file brought about ends here
        traceback.print_exc()
        return _tell(request, f"the job failed ({type(problem).__name__}); see the log of the run")
    return 0


def _read(request: Request) -> None:
    from etl import contributions, jobs

    gave = jobs.run(
        request.source, request.files, request.operation, request.settings, request.today
    )
    contributions.write(gave, request.folder)


def _look(look: Look) -> None:
    from etl import check

    ask = check.drafted if look.draft else check.check
    found = msgspec.json.encode(ask(look.file, look.settings))
    (look.folder / FOUND).write_bytes(found)


def _take(take: Take) -> None:
    from etl import uploads
    from geo_data.uploads import write

    table, told = uploads.read(take.file, take.asked, take.settings)
    write(take.folder, table, told)


def _give_up(request: Asking) -> None:
    """Part with the server's channels, with all other files, with the network, with plenty."""
    os.setpgid(0, 0)
    confine.with_parent()
    said = os.open(request.folder / SAID, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(source, target)
    os.putenv("TMPDIR", str(request.folder))
    tempfile.tempdir = str(request.folder)
    confine.limits(request.settings.parse_bytes, request.settings.parse_s)
    confine.no_files(_readable(request), request.folder)
    confine.no_calls()
    confine.no_python_calls()


def _readable(request: Asking) -> list[Path]:
    """The source's files, parts of shapefiles beside them, and the program itself."""
    parts = [
        part
        for file in request.files if file.suffix.lower() == ".shp"
        for part in file.parent.glob(f"{file.stem}.*")
    ]  # fmt: skip
    program = [ROOT / "etl", ROOT / "geo_data", Path(sys.prefix), Path(sys.base_prefix)]
    return [*request.files, *parts, *program, *map(Path, SYSTEM)]


def _tell(request: Asking, sentence: str | None) -> int:
    (request.folder / TOLD).write_bytes(packed(Told(sentence)))
    return REFUSED


def _withheld() -> list[str]:
    """What else the children of this process will do without; tried by one that does no more."""
    child = os.fork()
    if child == 0:
        os._exit(confine.no_files([], Path("/")) + 2 * confine.no_calls())
    found = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    names = ("files (landlock)", "sockets and programs (seccomp)")
    return [name for bit, name in enumerate(names) if found > 0 and found >> bit & 1]


def _preload_readers() -> None:
    """Load what every child needs."""
    import geopandas  # noqa: F401
    import pyogrio  # noqa: F401

    from etl import uploads  # noqa: F401

    gc.freeze()


def _preload() -> None:
    """Load what children need that read sources."""
    from etl import artefacts, check, jobs  # noqa: F401
    from geo_data import geography

    geography.preload()
    artefacts.middles()
    gc.freeze()  # what is never collected is never copied either


def _share_cells(operation: Operation) -> None:
    """Have the operation's cells found once, by a child: doing so starts threads."""
    asked = (*operation.area, operation.resolution)
    if grid.is_known(*asked):
        return
    found, given = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(found)
        with os.fdopen(given, "wb") as stream:
            stream.write(grid.cells_in_box(*asked).tobytes())
            stream.flush()
            os._exit(0)
    os.close(given)
    with os.fdopen(found, "rb") as stream:
        cells = np.frombuffer(stream.read(), dtype=np.int64)
    if os.waitpid(child, 0)[1] == 0:
        grid.remember(*asked, cells)
