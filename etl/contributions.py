"""What a source gave, as files: Arrow tables and one JSON document, never anything executable.

The round trip is exact: types, order, and the kind of every null stay as they are, so that a source
that was read in another process, or yesterday, gives the same release.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

from etl.accounts import Contribution, HexValues, Repair
from geo_data import tables

DOCUMENT = "contribution.json"
QUARANTINE = "quarantine"
NULLS: tuple[Any, ...] = (None, np.nan, pd.NA, pd.NaT)
NULL_KINDS = {type(None): 0, float: 1, type(pd.NA): 2, type(pd.NaT): 3}
PLAIN: dict[type, pa.DataType] = {
    str: pa.large_string(), bytes: pa.large_binary(), bool: pa.bool_(), int: pa.int64(),
    float: pa.float64(), date: pa.date32(),
}  # fmt: skip
MASKED: dict[str, Any] = {"boolean": pd.BooleanDtype(), "Int64": pd.Int64Dtype(),
                          "Float64": pd.Float64Dtype(), "Int32": pd.Int32Dtype()}  # fmt: skip
MARKS = "\0nulls"
"""Ends the name of a column that says which kind of null stands where."""


class _Column(msgspec.Struct, frozen=True):
    name: str
    dtype: str
    storage: str = ""
    null: int | None = None
    """Which of ``NULLS`` stands for every null; without it each has its mark."""


class _Frame(msgspec.Struct, frozen=True):
    columns: list[_Column]
    index: tuple[int, int, int] | None


class _Hexes(msgspec.Struct, frozen=True):
    quantity: str
    coarse: bool


class _Document(msgspec.Struct, frozen=True):
    rows_in: int
    accepted: int
    tables: dict[str, _Frame]
    hexes: list[_Hexes]
    repairs: list[Repair]
    warnings: list[str]


def write(contribution: Contribution, folder: Path) -> None:
    """Write a contribution into a folder; the document comes last, so a part is never a whole."""
    given = {QUARANTINE: contribution.quarantine, **contribution.tables}
    document = _Document(
        rows_in=int(contribution.rows_in), accepted=int(contribution.accepted),
        tables={name: _write_frame(folder / f"{name}.arrow", part) for name, part in given.items()},
        hexes=[_Hexes(one.quantity, bool(one.coarse)) for one in contribution.hexes],
        repairs=[Repair(r.rule, int(r.rows), r.said) for r in contribution.repairs],
        warnings=[str(text) for text in contribution.warnings],
    )  # fmt: skip
    for number, one in enumerate(contribution.hexes):
        arrays = {"cell": one.cell, "value": one.value, "cover": one.cover}
        _write_arrow(folder / f"hexes-{number}.arrow", pa.table(arrays))
    (folder / DOCUMENT).write_bytes(msgspec.json.encode(document))


def read(folder: Path) -> Contribution:
    """The contribution in a folder.

    Raises
    ------
    ValueError
        If the folder does not hold a whole one; what wrote it may have been broken by a file.
    """
    try:
        document = msgspec.json.decode((folder / DOCUMENT).read_bytes(), type=_Document)
        if not set(document.tables) <= {*tables.SHAPES}:
            raise ValueError("tables of unknown name")
        frames = {
            name: _read_frame(folder / f"{name}.arrow", frame)
            for name, frame in document.tables.items()
        }
        hexes = [_read_hexes(folder / f"hexes-{n}.arrow", h) for n, h in enumerate(document.hexes)]
        return Contribution(
            rows_in=document.rows_in, accepted=document.accepted,
            quarantine=frames.pop(QUARANTINE), tables=frames, hexes=tuple(hexes),
            repairs=tuple(document.repairs), warnings=tuple(document.warnings),
        )  # fmt: skip
    except (OSError, KeyError, AssertionError, pa.ArrowException, msgspec.MsgspecError) as problem:
        raise ValueError(f"no whole contribution in {folder.name}: {problem}") from problem


def _write_frame(file: Path, frame: pd.DataFrame) -> _Frame:
    arrays: dict[str, pa.Array] = {}
    columns = []
    for name in frame.columns:
        column, arrays[name], marks = _packed(str(name), frame[name])
        columns.append(column)
        if marks is not None:
            arrays[name + MARKS] = marks
    index = frame.index
    if not isinstance(index, pd.RangeIndex):
        arrays["index" + MARKS] = pa.array(index.to_numpy(dtype=np.int64))
    _write_arrow(file, pa.table(arrays))
    ends = (index.start, index.stop, index.step) if isinstance(index, pd.RangeIndex) else None
    return _Frame(columns, ends)


def _read_frame(file: Path, frame: _Frame) -> pd.DataFrame:
    table = _read_arrow(file)
    if frame.index is None:
        index = pd.Index(table["index" + MARKS].to_numpy())
    else:
        index = pd.RangeIndex(*frame.index)
    given = {column.name: _unpacked(column, table, index) for column in frame.columns}
    return pd.DataFrame(given, index=index)


def _packed(name: str, column: pd.Series) -> tuple[_Column, pa.Array, pa.Array | None]:
    dtype = column.dtype
    if isinstance(dtype, pd.StringDtype):
        kind = "string" if dtype.na_value is pd.NA else "str"
        return _Column(name, kind, dtype.storage), _joined(pa.array(column.array)), None
    if str(dtype) in MASKED:
        return _Column(name, str(dtype)), _joined(pa.array(column)), None
    if dtype.kind != "O":
        return _Column(name, str(dtype)), pa.array(column.to_numpy(), from_pandas=False), None
    values = column.tolist()
    absent = column.isna().to_numpy()
    kinds = {type(value) for value, gone in zip(values, absent, strict=True) if not gone}
    if len(kinds) > 1 or not kinds <= {*PLAIN}:
        named = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise TypeError(f"column {name!r} holds {named}; one plain type can be written")
    plain = PLAIN[next(iter(kinds), str)]
    array = pa.array([None if gone else v for v, gone in zip(values, absent, strict=True)], plain)
    codes = [NULL_KINDS[type(value)] for value, gone in zip(values, absent, strict=True) if gone]
    if len(set(codes)) <= 1:
        return _Column(name, "object", null=codes[0] if codes else 0), array, None
    marks = np.zeros(len(values), dtype=np.uint8)
    marks[absent] = codes
    return _Column(name, "object"), array, pa.array(marks)


def _unpacked(column: _Column, table: pa.Table, index: pd.Index) -> pd.Series:
    found = table[column.name]
    if column.dtype in ("str", "string"):
        null = np.nan if column.dtype == "str" else pd.NA
        dtype = pd.StringDtype(column.storage, na_value=null)
        return pd.Series(dtype.__from_arrow__(found), index=index, dtype=dtype)
    if column.dtype in MASKED:
        return pd.Series(MASKED[column.dtype].__from_arrow__(found), index=index)
    if column.dtype != "object":
        return pd.Series(np.array(found.to_numpy(), dtype=np.dtype(column.dtype)), index=index)
    values = np.empty(len(found), dtype=object)
    values[:] = found.to_pylist()
    absent = found.is_null().to_numpy()
    if column.null is not None:
        values[absent] = NULLS[column.null]
    else:
        marks = table[column.name + MARKS].to_numpy()[absent]
        values[absent] = [NULLS[mark] for mark in marks]
    return pd.Series(values, index=index, dtype=object)


def _read_hexes(file: Path, hexes: _Hexes) -> HexValues:
    table = _read_arrow(file)
    cell, value, cover = (np.array(table[name]) for name in ("cell", "value", "cover"))
    return HexValues(hexes.quantity, cell, value, cover, hexes.coarse)


def _joined(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _write_arrow(file: Path, table: pa.Table) -> None:
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _read_arrow(file: Path) -> pa.Table:
    with pa.OSFile(str(file), "rb") as stream:
        table = pa.ipc.open_file(stream).read_all()
    table.validate(full=True)
    return table
