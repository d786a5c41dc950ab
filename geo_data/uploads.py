"""A file that a user brings: what is asked of it, and what comes back in a folder of two files.

The app asks and :mod:`etl.uploads` answers, in another process; this is all that they share.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
import pandas as pd
import pyarrow as pa

TABLE, TOLD = "table.arrow", "told.json"
TOLD_BYTES, TABLE_BYTES = 1 << 20, 1 << 28
ROW, GEOMETRY = "row", "geometry"
Shape = Literal["records", "positions", "outline", "particles"]
TYPES: dict[str, pa.DataType] = {
    ROW: pa.int64(), "lat_deg": pa.float64(), "lon_deg": pa.float64(), GEOMETRY: pa.binary(),
}  # fmt: skip
"""Types of columns that are no text."""


class Asked(msgspec.Struct, frozen=True):
    """What a page wants of a file."""

    shape: Shape
    """``records``: a row each; ``positions``: also corners of lines, in their order;
    ``outline``: all surfaces as one; ``particles``: the last state of each."""
    fields: list[str] = []
    """Columns wanted, by our names; no other leaves the reader."""
    layer: str | None = None
    """Layer wanted of a file that has several."""
    most_rows: int = 200_000


class Told(msgspec.Struct, frozen=True):
    """What is said of a file beside its table."""

    refused: str = ""
    """Why there is no table, in a sentence; empty if there is one."""
    names: dict[str, str] = {}
    """Our column to the name in the file."""
    columns: list[str] = []
    """Names in the file, personal ones left out."""
    personal: list[str] = []
    """Columns that were left out because they look personal."""
    layers: list[str] = []
    """Layers to choose from, the one that was read first; empty if there is no choice."""
    notes: list[str] = []
    """Oddities, in sentences."""
    figures: dict[str, float] = {}
    """Numbers about the content that the page puts into words."""


def write(folder: Path, table: pd.DataFrame, told: Told) -> None:
    """Write an answer; what is told comes last, so that a part is never a whole."""
    kinds = {name: TYPES.get(name, pa.string()) for name in table}
    arrays = {n: pa.array(table[n], type=kind, from_pandas=True) for n, kind in kinds.items()}
    made = pa.table(arrays)
    with pa.OSFile(str(folder / TABLE), "wb") as sink, pa.ipc.new_file(sink, made.schema) as out:
        out.write_table(made)
    refuse(folder, told)


def refuse(folder: Path, told: Told) -> None:
    """Write what is told alone."""
    (folder / TOLD).write_bytes(msgspec.json.encode(told))


def read(folder: Path) -> tuple[pd.DataFrame, Told]:
    """The answer in a folder, checked: a file may have broken what wrote it.

    Returns
    -------
    DataFrame
        Text columns, ``row`` (int), ``lat_deg``, ``lon_deg`` (float) and ``geometry`` (WKB); empty
        if the file was refused.

    Raises
    ------
    ValueError
        If the folder does not hold a whole one.
    """
    try:
        if (folder / TOLD).stat().st_size > TOLD_BYTES:
            raise ValueError("more is told than anybody reads")
        told = msgspec.json.decode((folder / TOLD).read_bytes(), type=Told)
        if told.refused:
            return pd.DataFrame(), told
        if (folder / TABLE).stat().st_size > TABLE_BYTES:
            raise ValueError("a table that is too large")
        with pa.OSFile(str(folder / TABLE), "rb") as stream:
            table = pa.ipc.open_file(stream).read_all()
        table.validate(full=True)
    except (OSError, pa.ArrowException, msgspec.MsgspecError) as problem:
        raise ValueError(f"no whole answer: {problem}") from problem
    for field in table.schema:
        if field.type != TYPES.get(field.name, pa.string()):
            raise ValueError(f"column {field.name!r} is {field.type}")
    return table.to_pandas(), told
