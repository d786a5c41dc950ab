"""What a reader makes of a file that nobody has declared yet: shape, columns, doubts."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from etl import draft, draft_raster, files, kinds, personal, soundings
from etl.readers import GEOMETRY, PROBLEM
from geo_data.errors import SourceUnreadable, WaypostError, plain
from geo_data.settings import Settings

if TYPE_CHECKING:
    import rasterio

USABLE, WITH_WARNINGS, REFUSED = 0, 1, 2
FORMATS: dict[str, str] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), "delimited"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "excel"),
    **dict.fromkeys((".geojson", ".gpkg", ".kml", ".kmz", ".gpx", ".fgb"), "vector"),
    **dict.fromkeys((".shp", ".zip"), "vector"),
    **dict.fromkeys((".tif", ".tiff", ".nc", ".grib2", ".grib", ".grb"), "raster"),
    **dict.fromkeys((".parquet", ".geoparquet"), "parquet"),
    **dict.fromkeys((".rss", ".atom"), "georss"),
    ".json": "json", ".topojson": "topojson", ".xml": "xml", ".cap": "cap",
}  # fmt: skip
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
        said = [
            f"{self.file}: {verdict}", *(f"  {fact}" for fact in self.facts),
            *(f"  warning: {warning}" for warning in self.doubts),
            *([f"  {self.refused}"] if self.refused else []),
        ]  # fmt: skip
        return [plain(line) for line in said]


def check(file: Path, settings: Settings) -> Finding:
    """Read a file as its ending says and tell what is in it; nothing is stored."""
    try:
        kind = kind_of(file, settings)
        return _raster(file, settings) if kind == "raster" else _table(file, kind, settings)
    except WaypostError as problem:
        return Finding(file.name, (), refused=str(problem))


def drafted(file: Path, settings: Settings) -> str:
    """A first declaration of a file as TOML, its doubts as comments.

    Raises
    ------
    WaypostError
        If the file cannot be read.
    """
    kind = kind_of(file, settings)
    if kind != "raster":
        return draft.drafted(file, kind, settings)
    return draft_raster.drafted(file, _raster(file, settings).doubts)


def kind_of(file: Path, settings: Settings) -> str:
    """Format by the file's ending, once it is known to be safe to open.

    Raises
    ------
    SourceUnreadable
        If there is no such file, it is too large, or its ending is not known.
    """
    refuse_absent(file)
    files.refuse_oversized(file, settings)
    kind = FORMATS.get(file.suffix.lower())
    if kind is None:
        known = ", ".join(sorted(FORMATS))
        raise SourceUnreadable(
            file.name, f"the ending {file.suffix!r}", known, "Save it as one of these."
        )
    return kind


def refuse_absent(file: Path) -> None:
    """Refuse what is no file.

    Raises
    ------
    SourceUnreadable
        If there is nothing, or a folder.
    """
    if file.is_dir():
        advice = f"Name one file in it, such as {_first(file)}."
        raise SourceUnreadable(str(file), "a folder", "a file", advice)
    if not file.is_file():
        raise SourceUnreadable(
            str(file), "no such file", "a file", "Check the path; the name is case sensitive."
        )


def _first(folder: Path) -> str:
    inside = sorted(one.name for one in folder.iterdir() if one.suffix.lower() in FORMATS)
    return inside[0] if inside else "a table or a layer"


def _table(file: Path, kind: str, settings: Settings) -> Finding:
    sounding = soundings.sounded(file, kind, settings)
    read, table = sounding.read, sounding.table
    names = personal.shown_names(sounding.names)
    table = table.rename(columns=dict(zip(sounding.names, names, strict=True)))
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
    return Finding(file.name, facts, [*sounding.doubts, *_doubts(table, names, broken)])


def _doubts(table: pd.DataFrame, names: list[str], broken: int) -> list[str]:
    doubts = []
    if table.empty:
        doubts.append("no rows")
    if broken:
        doubts.append(f"{broken} rows have more or fewer cells than the header; they would be left")
    found = personal.columns(table, names, table.attrs["hxl"])
    doubts += [f"column {name!r}: {why}" for name, why in personal.doubtful(table, names).items()]
    doubts += [f"column {name!r} looks personal ({why}); it would be dropped"
               for name, why in found.items()]  # fmt: skip
    if not kinds.looks(table, names, "").placed and GEOMETRY not in table:
        doubts.append("no position recognised; rows can be placed by area code only")
    return doubts


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
    from etl.engine.files import check_size

    check_size(Path(dataset.name).name, dataset, settings.max_pixels, settings.max_raster_bytes)
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
