"""Where the names of columns stand in a sheet that nobody declared."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import pandas as pd

from etl import profile
from etl.values import ISO_DAY, UNLOCODE
from geo_data.sources import Read

HEADER_FILLED = 0.5
# What a header never says: a position in degrees and minutes, a day, a number with decimals.
VALUE = re.compile(rf"{UNLOCODE.pattern}|{ISO_DAY.pattern}|[+-]?\d+\.\d+")


def headed(
    read: Read, rows: Sequence[Sequence[object]], doubts: list[str]
) -> tuple[Read, list[str]]:
    """The header row: the first that is as wide as the table and holds words, not numbers."""
    width = max((len([*filter(_filled, row)]) for row in rows), default=0)
    for number, row in enumerate(rows, start=1):
        filled = [str(cell).strip() for cell in row if _filled(cell)]
        if len(filled) < max(1, HEADER_FILLED * width):
            continue
        numbers = profile.numbers(pd.Series(filled, dtype="str")).sum()
        if numbers > len(filled) / 4 or any(map(VALUE.fullmatch, filled)):
            break
        said = [] if number == 1 else [f"header_row: the first {number - 1} rows look like a title"]
        return msgspec.structs.replace(read, header_row=number), [*doubts, *said]
    size = max((len(row) for row in rows), default=1)
    names = [f"column {number}" for number in range(1, size + 1)]
    said = ["names: no header row found; name the columns in their order"]
    return msgspec.structs.replace(read, names=names), [*doubts, *said]


def _filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() not in ("", "nan")
