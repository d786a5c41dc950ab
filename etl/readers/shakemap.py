"""ShakeMap grid files: one position per line with the shaking estimated there."""

from __future__ import annotations

from xml.etree.ElementTree import Element  # noqa: S405 - types only

import pandas as pd

from etl.readers import cells
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

SPACE = "{http://earthquake.usgs.gov/eqcenter/shakemap}"


def read(root: Element, declared: Read, file: str) -> pd.DataFrame:
    """Grid positions as text columns named by the file's fields; ``attrs`` hold event and grid."""
    fields = sorted(root.iter(f"{SPACE}grid_field"), key=_index)
    grid = root.find(f"{SPACE}grid_data")
    if grid is None or not fields:
        raise SourceUnreadable(
            file, f"XML with root {root.tag!r}", "a ShakeMap grid with fields and data",
            "Use grid.xml, not another product of the event.",
        )  # fmt: skip
    names = [field.get("name", "") for field in fields]
    lines = [line.split() for line in (grid.text or "").splitlines() if line.strip()]
    rows = [cells.Cells(number, line) for number, line in enumerate(lines, start=1)]
    named = Read(format="shakemap", names=names, missing=declared.missing)
    table = cells.frame(rows, named, file)
    table.attrs |= {
        "event": _attributes(root, "event"),
        "grid": _attributes(root, "grid_specification"),
    }
    return table


def _index(field: Element) -> int:
    text = field.get("index", "")
    return int(text) if text.isdecimal() else 0


def _attributes(root: Element, name: str) -> dict[str, str]:
    found = root.find(f"{SPACE}{name}")
    return dict(found.attrib) if found is not None else {}
