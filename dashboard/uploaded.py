"""Files that users bring: read by ``python -m etl read`` in a limited process, never in this one.

What comes back stays in the session; nothing of an upload enters the store.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path, PurePath
from threading import BoundedSemaphore

import msgspec
import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import say
from dashboard.language import _
from geo_data import uploads
from geo_data.errors import SourceUnreadable, WaypostError
from geo_data.uploads import Asked, Told

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEMORY_BYTES, START_S = 30, 1_500_000_000, 30
UNPACKED_TIMES = 10
"""A packed file may grow so many times beyond what may be sent."""
AT_ONCE, PATIENCE_S = 2, 60
_free = BoundedSemaphore(AT_ONCE)
NO_LINK = "\u2060"
"""Joins words without a sign; what it stands in is no address to a browser."""
KEPT, MOST_KEPT = "uploads-kept", 8
Answer = tuple[pd.DataFrame, Told]


def read(name: str, content: bytes, asked: Asked, *, most_bytes: int) -> Answer:
    """What is asked of an uploaded file, as :func:`geo_data.uploads.read`; once per session.

    Raises
    ------
    SourceUnreadable
        If it is too large, or cannot be read as asked; in a sentence that names the file.
    """
    if len(content) > most_bytes:
        raise SourceUnreadable(
            name, f"{len(content):,} bytes", f"at most {most_bytes:,}", "Bring only what is needed."
        )
    kept = _kept()
    key = hashlib.sha256(content + name.encode() + msgspec.json.encode(asked)).hexdigest()
    if key not in kept:
        with st.spinner(_("Reading {file} in a process of its own.", file=say.plain(name))):
            kept[key] = _answered(name, content, asked, most_bytes)
        for old in list(kept)[:-MOST_KEPT]:
            del kept[old]
    table, told = kept[key]
    if told.refused:
        raise SourceRefused(told.refused)
    return table.copy(), told


class SourceRefused(SourceUnreadable):
    """A refusal that another process has put into words."""

    def __init__(self, sentence: str):
        WaypostError.__init__(self, sentence)


def remarks(told: Told) -> None:
    """Tell the reader's doubts, and which columns were left out; names of a file are no markup."""
    for note in told.notes:
        say.caption(note)
    if told.personal:
        names = ", ".join(told.personal)
        say.caption(_("Left out, as they look personal: {names}.", names=names))


def complain(problem: WaypostError) -> None:
    """Say what is wrong with a file; what it quotes from the file is no markup and no link."""
    said = _(problem.args[0]).replace("://", f":{NO_LINK}//").replace("www.", f"www{NO_LINK}.")
    say.problem(said)


def _kept() -> dict[str, Answer]:
    """Answers of this session, for each run of a page hands in the same file again."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return {}
    kept: dict[str, Answer] = st.session_state.setdefault(KEPT, {})
    return kept


def _answered(name: str, content: bytes, asked: Asked, most_bytes: int) -> Answer:
    if not _free.acquire(timeout=PATIENCE_S):
        raise SourceUnreadable(
            name, "a server that reads other files", "a turn within a minute", "Try again."
        )
    try:
        with tempfile.TemporaryDirectory(prefix="waypost-upload-") as place:
            folder = Path(place)
            file = folder / safe_name(name)
            file.write_bytes(content)
            answer = folder / "answer"
            answer.mkdir()
            said = _run(_command(file, answer, asked, most_bytes))
            return _read(name, answer, said)
    finally:
        _free.release()


def _command(file: Path, answer: Path, asked: Asked, most_bytes: int) -> list[str]:
    limits = {
        "--shape": asked.shape, "--most-rows": asked.most_rows, "--seconds": SECONDS,
        "--max-bytes": most_bytes * UNPACKED_TIMES, "--memory-bytes": MEMORY_BYTES,
    }  # fmt: skip
    words = [str(part) for pair in limits.items() for part in pair]
    layer = [f"--layer={asked.layer}"] if asked.layer else []
    fields = ["--fields", *asked.fields] if asked.fields else []
    return [sys.executable, "-m", "etl", "read", str(file), "--to", str(answer), *words, *layer,
            *fields]  # fmt: skip


def _run(command: list[str]) -> str:
    process = subprocess.Popen(  # noqa: S603 -- our own module, a file and limits as arguments
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, errors="replace",
    )  # fmt: skip
    try:
        return process.communicate(timeout=SECONDS + START_S)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return ""


def _read(name: str, answer: Path, said: str) -> Answer:
    try:
        return uploads.read(answer)
    except ValueError:
        pass
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "")
    return pd.DataFrame(), Told(
        refused=f"{name}: nothing came back from its reader. {last[:300]}".strip()
    )


def safe_name(name: str) -> str:
    """The name of a file without anything that a file system or a terminal would act on.

    >>> safe_name("../../a b.geojson"), safe_name("=cmd|'x'!A0.csv"), safe_name("...")
    ('a b.geojson', '_cmd__x__A0.csv', 'file')
    """
    last = PurePath(name.replace("\\", "/")).name
    kept = re.sub(r"[^\w .()-]", "_", last).lstrip(". -")
    stem, ending = PurePath(kept).stem, PurePath(kept).suffix
    return (stem[:80] + ending[:12]) or "file"
