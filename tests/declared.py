"""Sources, operations and raw tables in two lines."""

from datetime import date
from pathlib import Path

import pandas as pd

from etl import files
from etl.readers import read_table
from geo_data.operations import Operation
from geo_data.settings import Settings
from geo_data.sources import Read, Source

TODAY = date(2024, 6, 30)
CSV = Read(format="delimited")


def source(job="landmarks", read=CSV, **more):
    """A source of one file called a.csv."""
    given = {"path": "a.csv", "key": "s", "title": "S", "owner": "Owner", "licence": "CC0"} | more
    return Source(job=job, read=read, **given)


def operation(**more):
    """An operation around Libya and Tunisia."""
    given = {"countries": ["LBY", "TUN"], "area": (0, 15, 26, 40), "resolution": 6} | more
    return Operation(key="o", title="O", source=[], **given)


def read(folder: Path, content: str | bytes, name: str = "a.csv", **declared) -> pd.DataFrame:
    """The table that a file with this content gives."""
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    one = source(read=Read(**{"format": "delimited"} | declared), path=name)
    return read_table(one, files.find(one, [folder], Settings()), Settings())


def raw(rows: list[dict], **attrs) -> pd.DataFrame:
    """A table as the readers give it; values may be None."""
    table = pd.DataFrame(rows, dtype="str")
    columns = list(table.columns)
    table["_file"], table["_problem"] = "a.csv", pd.array([None] * len(table), dtype="str")
    table["_row"] = range(2, len(table) + 2)
    table.attrs = {"hxl": {}, "warnings": [], "columns": columns} | attrs
    return table
