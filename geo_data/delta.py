"""One Delta table on disk: written so that it lasts, read file by file, its log inspected.

delta-rs commits by renaming and never calls fsync, so a power cut could take back what it has
acknowledged, or leave an empty log entry that it then reads as a commit without changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, PostCommitHookProperties, write_deltalake
from deltalake.exceptions import DeltaError
from pyarrow import parquet

from geo_data import disk
from geo_data.errors import StoreDamaged

LOG = "_delta_log"
HINT = "_last_checkpoint"
# Left alone, delta-rs drops log entries after 30 days, and with them the versions of old releases.
_HOOKS = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)
_FILLER = '{"commitInfo":{"operation":"MANUAL UPDATE","engineInfo":"waypost doctor"}}\n'


def exists(folder: Path) -> bool:
    """Whether a folder holds a Delta table, whole or not."""
    return any(entries(folder))


def write(folder: Path, table: pa.Table, *, append: bool = False) -> tuple[int, list[str]]:
    """Commit rows; on return they would survive a power cut. The caller holds the lock.

    Returns
    -------
    version, files
        The version that holds exactly these rows, or these and those before; names of the new
        data files.
    """
    before = set(_names(folder))
    try:
        _commit(folder, table, append)
    except DeltaError as problem:
        if exists(folder) and not opens(folder):
            raise StoreDamaged(
                f"{folder}: its log cannot be read. Run: python -m etl doctor --repair"
            ) from problem
        raise
    new = [file for file in _names(folder) if file not in before or file.name == HINT]
    disk.durable([*new, folder, folder / LOG])
    return int(entries(folder)[-1].stem), [file.name for file in new if file.parent == folder]


def _commit(folder: Path, table: pa.Table, append: bool) -> None:
    if append:
        write_deltalake(
            folder, table, mode="append", schema_mode="merge", post_commithook_properties=_HOOKS
        )
    else:
        write_deltalake(
            folder, table, mode="overwrite", schema_mode="overwrite",
            post_commithook_properties=_HOOKS,
        )  # fmt: skip


def _names(folder: Path) -> Iterator[Path]:
    for part in (folder, folder / LOG):
        if part.exists():
            yield from (file for file in part.iterdir() if file.is_file())


def files_at(folder: Path, version: int | None = None) -> list[str]:
    """Names of the data files of one version; the newest by default."""
    uris = DeltaTable(folder, version=version).file_uris()
    return sorted(uri.rsplit("/", 1)[-1] for uri in uris)


def read(folder: Path, files: Iterable[str], columns: list[str] | None = None) -> pa.Table:
    """Rows of data files, read by arrow itself.

    The reader that comes with delta-rs calls back into Python from threads of its own, which now
    and then aborts the interpreter while it ends, and with it our exit code.
    """
    parts = [parquet.ParquetFile(folder / name).read(columns=columns) for name in files]
    if parts:
        return pa.concat_tables(parts)
    empty = pa.schema(DeltaTable(folder).schema().to_arrow()).empty_table()
    return empty.select(columns) if columns else empty


def entries(folder: Path) -> list[Path]:
    """Log entries of a table, oldest first."""
    return sorted(file for file in (folder / LOG).glob("*.json") if file.stem.isdigit())


def data_files(folder: Path) -> list[Path]:
    """Data files and unfinished ones, named by a version or not."""
    return [file for file in folder.iterdir() if ".parquet" in file.name and file.is_file()]


def unfinished(folder: Path) -> list[Path]:
    """What a writer that was killed leaves behind: never named by anything."""
    data = [file for file in data_files(folder) if file.suffix != ".parquet"]
    return data + [file for file in (folder / LOG).iterdir() if file.suffix == ".tmp"]


def broken(folder: Path, *, only_last: bool = False) -> dict[Path, str]:
    """Log entries and checkpoints that cannot be read, with what is wrong."""
    judged = entries(folder)[-1:] if only_last else entries(folder)
    found = {entry: wrong for entry in judged if (wrong := _entry_fault(entry))}
    for checkpoint in (folder / LOG).glob("*.checkpoint*.parquet"):
        try:
            parquet.read_metadata(checkpoint)
        except (pa.ArrowInvalid, OSError):
            found[checkpoint] = "is not a whole Parquet file"
    hint = folder / LOG / HINT
    if hint.exists() and (wrong := _entry_fault(hint)):
        found[hint] = wrong
    return found


def opens(folder: Path) -> bool:
    """Whether the newest version of a table can be opened, and so written to."""
    try:
        DeltaTable(folder)
    except Exception:  # delta-rs raises bare Exceptions for a broken log
        return False
    return True


def _entry_fault(entry: Path) -> str:
    try:
        lines = entry.read_text(encoding="utf-8").splitlines()
        for line in lines:
            json.loads(line)
    except (ValueError, OSError):
        return "is cut off or altered"
    return "" if lines else "is empty, as after a power cut"


def heal(store: Path, folder: Path, *, only_last: bool = False) -> list[Path]:
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
