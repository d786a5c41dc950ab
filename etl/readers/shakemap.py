"""ShakeMap grid files: one position per line with the shaking estimated there."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, ParseError  # noqa: S405 - types only

import pandas as pd
from defusedxml import DefusedXmlException, ElementTree

from etl.readers import cells
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

SPACE = "{http://earthquake.usgs.gov/eqcenter/shakemap}"


def read(path: Path, declared: Read) -> pd.DataFrame:
    """Grid positions as text columns named by the file's fields; ``attrs`` hold event and grid."""
    try:
        root = ElementTree.parse(path, forbid_dtd=True).getroot()
    except (ParseError, DefusedXmlException) as problem:
        raise SourceUnreadable(
            path.name, f"XML that cannot be read ({type(problem).__name__})", "a ShakeMap grid.xml",
            "Download grid.xml of the event again.",
        ) from problem  # fmt: skip
    if root is None:
        raise SourceUnreadable(path.name, "an empty document", "a ShakeMap grid", "Download again.")
    fields = sorted(root.iter(f"{SPACE}grid_field"), key=lambda field: int(field.get("index", 0)))
    grid = root.find(f"{SPACE}grid_data")
    if grid is None or not fields:
        raise SourceUnreadable(
            path.name, f"XML with root {root.tag!r}", "a ShakeMap grid with fields and data",
            "Use grid.xml, not another product of the event.",
        )  # fmt: skip
    names = [field.get("name", "") for field in fields]
    lines = [line.split() for line in (grid.text or "").splitlines() if line.strip()]
    rows = [cells.Cells(number, line) for number, line in enumerate(lines, start=1)]
    named = Read(format="shakemap", names=names, missing=declared.missing)
    table = cells.frame(rows, named, path.name)
    table.attrs |= {
        "event": _attributes(root, "event"),
        "grid": _attributes(root, "grid_specification"),
    }
    return table


def _attributes(root: Element, name: str) -> dict[str, str]:
    found = root.find(f"{SPACE}{name}")
    return dict(found.attrib) if found is not None else {}
