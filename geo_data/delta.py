"""One Delta table on disk: written so that it lasts, read file by file, its log inspected.

delta-rs commits by renaming and never calls fsync, so a power cut could take back what it has
acknowledged, or leave an empty log entry that it then reads as a commit without changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError
from pyarrow import parquet

from geo_data import disk, lease, location
from geo_data.errors import StoreBusy, StoreDamaged
from geo_data.location import Place

LOG = "_delta_log"
HINT = "_last_checkpoint"
# Left alone, delta-rs drops log entries after 30 days, and with them the versions of old releases.
_HOOKS = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)
_ONCE = CommitProperties(max_commit_retries=0)
_ADDED: dict[str, Any] = {"mode": "append", "schema_mode": "merge"}
_REPLACED: dict[str, Any] = {"mode": "overwrite", "schema_mode": "overwrite"}
_FILLER = '{"commitInfo":{"operation":"MANUAL UPDATE","engineInfo":"waypost doctor"}}\n'


def exists(folder: Place) -> bool:
    """Whether a folder holds a Delta table, whole or not."""
    return any(entries(folder))


def write(folder: Place, table: pa.Table, *, append: bool = False) -> tuple[int, list[str]]:
    """Commit rows; on return they would survive a power cut. The caller holds the lock.

    Returns
    -------
    version, files
        The version that holds exactly these rows, or these and those before; names of the new
        data files.
    """
    try:
        with disk.lasting(folder, folder / LOG):
            version = _committed(folder, table, append)
    except DeltaError as problem:
        if exists(folder) and not opens(folder):
            raise StoreDamaged(
                f"{folder}: its log cannot be read. Run: python -m etl doctor --repair"
            ) from problem
        if isinstance(problem, CommitFailedError):
            raise StoreBusy(
                f"{folder}: another run committed meanwhile, so nothing was published. Try again."
            ) from problem
        raise
    return version, _added(folder / LOG / f"{version:020}.json")


def _committed(folder: Place, table: pa.Table, append: bool) -> int:
    """The version that was made: the one after the newest, or none if another was made meanwhile.

    What was read before :func:`lease.confirm` was read under the lease, so a writer that was
    overtaken at any moment fails here.
    """
    held = DeltaTable(str(folder)) if exists(folder) else None
    version = held.version() + 1 if held else 0
    lease.confirm()
    how = _ADDED if append else _REPLACED
    write_deltalake(
        held or str(folder), table, **how,
        post_commithook_properties=_HOOKS, commit_properties=_ONCE,
    )  # fmt: skip
    return version


def _added(entry: Place) -> list[str]:
    """Names of the data files that a log entry adds."""
    actions = [json.loads(line) for line in entry.read_text(encoding="utf-8").splitlines()]
    return sorted(action["add"]["path"] for action in actions if "add" in action)


def files_at(folder: Place, version: int | None = None) -> list[str]:
    """Names of the data files of one version; the newest by default."""
    uris = DeltaTable(str(folder), version=version).file_uris()
    return sorted(uri.rsplit("/", 1)[-1] for uri in uris)


def read(folder: Place, files: Iterable[str], columns: list[str] | None = None) -> pa.Table:
    """Rows of data files, read by arrow itself.

    The reader that comes with delta-rs calls back into Python from threads of its own, which now
    and then aborts the interpreter while it ends, and with it our exit code.
    """
    parts = [
        parquet.ParquetFile(location.source(folder / name)).read(columns=columns) for name in files
    ]
    if parts:
        return pa.concat_tables(parts)
    empty = pa.schema(DeltaTable(str(folder)).schema().to_arrow()).empty_table()
    return empty.select(columns) if columns else empty


def entries(folder: Place) -> list[Any]:
    """Log entries of a table, oldest first."""
    return sorted(file for file in (folder / LOG).glob("*.json") if file.stem.isdigit())


def data_files(folder: Place) -> list[Any]:
    """Data files and unfinished ones, named by a version or not."""
    return [file for file in folder.iterdir() if ".parquet" in file.name and file.is_file()]


def unfinished(folder: Place) -> list[Any]:
    """What a writer that was killed leaves behind: never named by anything."""
    data = [file for file in data_files(folder) if file.suffix != ".parquet"]
    return data + [file for file in (folder / LOG).iterdir() if file.suffix == ".tmp"]


def broken(folder: Place, *, only_last: bool = False) -> dict[Any, str]:
    """Log entries and checkpoints that cannot be read, with what is wrong."""
    judged = entries(folder)[-1:] if only_last else entries(folder)
    found = {entry: wrong for entry in judged if (wrong := _entry_fault(entry))}
    for checkpoint in (folder / LOG).glob("*.checkpoint*.parquet"):
        try:
            parquet.read_metadata(location.source(checkpoint))
        except (pa.ArrowInvalid, OSError):
            found[checkpoint] = "is not a whole Parquet file"
    hint = folder / LOG / HINT
    if hint.exists() and (wrong := _entry_fault(hint)):
        found[hint] = wrong
    return found


def opens(folder: Place) -> bool:
    """Whether the newest version of a table can be opened, and so written to."""
    try:
        DeltaTable(str(folder))
    except Exception as problem:  # delta-rs raises bare Exceptions for a broken log
        location.explain(folder, problem)
        return False
    return True


def _entry_fault(entry: Place) -> str:
    try:
        lines = entry.read_text(encoding="utf-8").splitlines()
        for line in lines:
            json.loads(line)
    except (ValueError, OSError):
        return "is cut off or altered"
    return "" if lines else "is empty, as after a power cut"


def heal(store: Place, folder: Place, *, only_last: bool = False) -> list[Any]:
    """Set broken log entries aside so that the table opens again; what they said is lost.

    A whole entry that changes nothing takes the place of each, since numbers may have no gap. If
    the table still cannot be opened, its whole log is set aside and begins anew.
    """
    moved = []
    wrong = broken(folder, only_last=only_last)
    if any(".checkpoint" in entry.name for entry in wrong):  # a hint at nothing is refused too
        wrong[folder / LOG / HINT] = ""
    for entry in wrong:
        if entry.exists():
            moved.append(disk.set_aside(store, entry))
        if entry.suffix == ".json":
            disk.replaced(entry, _FILLER)
    if (moved or not only_last) and not opens(folder):
        moved.append(disk.set_aside(store, folder / LOG))  # releases name files, not versions
    return moved
