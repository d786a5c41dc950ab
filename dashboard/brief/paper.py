"""A brief as PDF, set by Typst: what it is given is data, never markup; it asks no network."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import typst

from dashboard.brief.contents import Brief
from dashboard.sheets.fonts import families

TEMPLATE = Path(__file__).with_name("brief.typ")
PICTURE_DPI = 200


def pdf(brief: Brief, template: Path = TEMPLATE) -> bytes:
    """The brief as PDF; ``template`` may be a team's own Typst file."""
    return _set(brief, template, "pdf")[0]


def pages(brief: Brief, template: Path = TEMPLATE, ppi: float = 80.0) -> list[bytes]:
    """The pages of the PDF as PNG."""
    return _set(brief, template, "png", ppi)


def _set(brief: Brief, template: Path, kind: Literal["pdf", "png"], ppi: float = 144.0
         ) -> list[bytes]:  # fmt: skip
    said = asdict(brief)
    said["fonts"] = families(json.dumps(said, ensure_ascii=False))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, one in enumerate(brief.maps):
            (folder / f"map{number}.svg").write_text(one.svg, "utf-8")
            said["maps"][number] = {**said["maps"][number], "file": f"map{number}.svg", "svg": ""}
        (folder / "brief.json").write_text(json.dumps(said), "utf-8")
        (folder / "brief.typ").write_bytes(template.read_bytes())
        # More than one page: each has a file, or a place in a list, of its own.
        made = typst.compile(str(folder / "brief.typ"), root=name, format=kind, ppi=ppi)
    return [made] if isinstance(made, bytes) else [page for page in made if page]


def picture(svg: str, width_mm: float, height_mm: float) -> bytes:
    """A map as PNG, for documents that hold no vectors."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "map.svg").write_text(svg, "utf-8")
        page = (
            f"#set page(width: {width_mm}mm, height: {height_mm}mm, margin: 0mm)\n"
            '#image("map.svg", width: 100%)\n'
        )
        (folder / "map.typ").write_text(page, "utf-8")
        made = typst.compile(
            str(folder / "map.typ"), root=name, format="png", ppi=PICTURE_DPI
        )  # fmt: skip
    return made if isinstance(made, bytes) else made[0]
