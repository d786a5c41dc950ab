"""What a reader makes of a file that nobody has declared yet: shape, columns, doubts."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from etl import files, personal
from etl.readers import GEOMETRY, PROBLEM, read_table
from geo_data.errors import SourceUnreadable, WaypostError
from geo_data.settings import Settings
from geo_data.sources import Read, Source

if TYPE_CHECKING:
    import rasterio

USABLE, WITH_WARNINGS, REFUSED = 0, 1, 2
FORMATS: dict[str, str] = {
    ".csv": "delimited", ".tsv": "delimited", ".txt": "delimited", ".xlsx": "excel",
    ".xls": "excel", ".ods": "excel", ".json": "json", ".geojson": "vector", ".gpkg": "vector",
    ".kml": "vector", ".kmz": "vector", ".gpx": "vector", ".fgb": "vector", ".shp": "vector",
    ".zip": "vector", ".topojson": "topojson", ".xml": "shakemap", ".tif": "raster",
    ".tiff": "raster", ".nc": "raster", ".grib2": "raster", ".grib": "raster", ".grb": "raster",
}  # fmt: skip
ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")
DELIMITERS = (",", ";", "\t", "|")
POSITION_WORDS = ("lat", "latitude", "point_y", "y", "coordinates", "lat_deg")
SHOWN_COLUMNS = 40


@dataclass(frozen=True)
class Finding:
    """What was found: facts, warnings, and a reason if the file is refused."""

    file: str
    facts: Sequence[str]
    doubts: Sequence[str] = ()
    refused: str = ""

    @property
    def exit_code(self) -> int:
        """0 usable, 1 usable with warnings, 2 refused."""
        if self.refused:
            return REFUSED
        return WITH_WARNINGS if self.doubts else USABLE

    def lines(self) -> list[str]:
        """The finding as text."""
        verdict = ("usable", "usable, with warnings", "refused")[self.exit_code]
        return [
            f"{self.file}: {verdict}", *(f"  {fact}" for fact in self.facts),
            *(f"  warning: {warning}" for warning in self.doubts),
            *([f"  {self.refused}"] if self.refused else []),
        ]  # fmt: skip


def check(file: Path, settings: Settings) -> Finding:
    """Read a file as its ending says and tell what is in it; nothing is stored."""
    try:
        if not file.is_file():
            raise SourceUnreadable(
                str(file), "no such file", "a file", "Check the path; the name is case sensitive."
            )
        files.refuse_oversized(file, settings)
        kind = FORMATS.get(file.suffix.lower())
        if kind is None:
            known = ", ".join(sorted(FORMATS))
            raise SourceUnreadable(
                file.name, f"the ending {file.suffix!r}", known, "Save it as one of these."
            )
        return _raster(file, settings) if kind == "raster" else _table(file, kind, settings)
    except WaypostError as problem:
        return Finding(file.name, (), refused=str(problem))


def _table(file: Path, kind: str, settings: Settings) -> Finding:
    read, table = _first_that_reads(file, kind, settings)
    names = [name for name in table.attrs["columns"]]
    broken = int(table[PROBLEM].notna().sum()) if PROBLEM in table else 0
    facts = [
        f"read as {kind}" + (f", {read.encoding}, separator {read.delimiter!r}"
                             if kind == "delimited" else ""),
        f"{len(table):,} rows, {len(names)} columns: " + ", ".join(names[:SHOWN_COLUMNS]),
    ]  # fmt: skip
    if table.attrs["hxl"]:
        facts.append("HXL tags: " + ", ".join(sorted(table.attrs["hxl"])))
    if GEOMETRY in table:
        kinds = sorted({shape.geom_type for shape in table[GEOMETRY] if shape is not None})
        facts.append("geometry: " + (", ".join(kinds) or "none"))
    return Finding(file.name, facts, [*table.attrs["warnings"], *_doubts(table, names, broken)])


def _doubts(table: pd.DataFrame, names: list[str], broken: int) -> list[str]:
    doubts = []
    if table.empty:
        doubts.append("no rows")
    if broken:
        doubts.append(f"{broken} rows have more or fewer cells than the header; they would be left")
    found = personal.columns(table, names, table.attrs["hxl"])
    doubts += [f"column {name!r} looks personal ({why}); it would be dropped"
               for name, why in found.items()]  # fmt: skip
    lowered = {name.strip().lower() for name in names}
    placed = GEOMETRY in table or any(
        name.startswith(word) for name in lowered for word in POSITION_WORDS
    )
    if not placed:
        doubts.append("no position recognised; rows can be placed by area code only")
    return doubts


def _first_that_reads(file: Path, kind: str, settings: Settings) -> tuple[Read, pd.DataFrame]:
    if kind != "delimited":
        read = Read(format=kind)  # type: ignore[arg-type]
        return read, read_table(_source(file, read), [file], settings)
    head = file.read_bytes()[:65_536]
    encoding = next((name for name in ENCODINGS if _decodes(head, name)), "cp1252")
    line = head.decode(encoding, errors="replace").splitlines()[:1]
    delimiter = max(DELIMITERS, key=(line[0] if line else "").count)
    read = Read(format="delimited", encoding=encoding.removesuffix("-sig"), delimiter=delimiter)
    return read, read_table(_source(file, read), [file], settings)


def _decodes(head: bytes, encoding: str) -> bool:
    if encoding == "utf-16" and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return False
    try:
        head.decode(encoding)
    except UnicodeDecodeError as problem:
        return problem.start > len(head) - 4
    return True


def _source(file: Path, read: Read) -> Source:
    return Source(
        key="checked", title=file.name, owner="unknown", licence="unknown", job="landmarks",
        path=file.name, read=read,
    )  # fmt: skip


def _raster(file: Path, settings: Settings) -> Finding:
    from rasterio.errors import NotGeoreferencedWarning

    from etl.engine import formats

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with formats.opened(str(file), file.name) as dataset:
            inner = list(dataset.subdatasets)
            facts, doubts = _raster_facts(dataset, settings)
    if inner:
        names = ", ".join(name.rsplit(":", 1)[-1] for name in inner)
        return Finding(file.name, [f"read as raster, variables: {names}"])
    return Finding(file.name, facts, doubts)


def _raster_facts(
    dataset: rasterio.DatasetReader, settings: Settings
) -> tuple[list[str], list[str]]:
    pixels = dataset.width * dataset.height
    if pixels > settings.max_pixels:
        raise SourceUnreadable(
            Path(dataset.name).name, f"{pixels:,} pixels", f"at most {settings.max_pixels:,}",
            "Cut it to the area needed, or raise WAYPOST_MAX_PIXELS.",
        )  # fmt: skip
    west, south, east, north = dataset.bounds
    facts = [
        f"read as raster ({dataset.driver}), {dataset.width} x {dataset.height} pixels, "
        f"{dataset.count} bands of {dataset.dtypes[0] if dataset.dtypes else 'nothing'}",
        f"west {west:.3f}, south {min(south, north):.3f}, east {east:.3f}, "
        f"north {max(south, north):.3f}; CRS {dataset.crs or 'none'}; nodata {dataset.nodata}",
    ]
    checks = {
        "no CRS; declare read.crs": dataset.crs is None,
        "no nodata value; declare it under [[source.bands]] or every pixel counts": (
            dataset.nodata is None
        ),
        "rotated; it would be refused": dataset.transform.b != 0 or dataset.transform.d != 0,
    }
    return facts, [doubt for doubt, holds in checks.items() if holds]
