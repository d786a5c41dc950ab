"""Tables that a page made, handed over with its picture: gap areas, planned tracks, a fleet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely

Cells = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Attached:
    """One table; equal ones are one key.

    Attributes
    ----------
    name : str
        English, for layers and file names.
    columns, rows : tuples
        As other programs read them; None: not known.
    shapes : tuple of geometries
        One a row; empty: the positions in ``lat_deg`` and ``lon_deg``, or none.
    title : str
        In the language of the page; empty: files hold it, sheets do not.
    printed_columns, printed_rows : tuples of str
        As people read them.
    """

    name: str
    columns: tuple[str, ...] = ()
    rows: Cells = ()
    shapes: tuple[shapely.Geometry, ...] = ()
    title: str = ""
    printed_columns: tuple[str, ...] = ()
    printed_rows: tuple[tuple[str, ...], ...] = ()


def frozen(table: pd.DataFrame) -> tuple[tuple[str, ...], Cells]:
    """Columns and rows as plain values, None where nothing is known."""
    plain = table.astype(object).where(table.notna(), None)
    rows = (tuple(_plain(value) for value in row) for row in plain.itertuples(index=False))
    return tuple(map(str, table)), tuple(rows)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
