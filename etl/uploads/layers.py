"""Which layer of an uploaded file is read: the one asked for, else the largest that can be."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from etl import check, files, soundings
from etl.readers import read_table
from etl.readers.vector import MEMBERS
from etl.soundings import Sounding
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Read

FORMATS = {**check.FORMATS, ".json": "vector"}
"""Formats by ending; a user's JSON is a map, a provider's mostly is a list."""
ASSUMED = "the layer names no CRS; degrees of WGS84 assumed"


def sounded(file: Path, settings: Settings, layer: str | None) -> tuple[Sounding, list[str]]:
    """A table of a file as the ETL reads it, and its layers if there is a choice.

    Raises
    ------
    SourceUnreadable
        If its ending is not known, or it cannot be read.
    """
    kind = kind_of(file, settings)
    choice = names(file) if kind == "vector" else []
    if len(choice) < 2:
        return soundings.sounded(file, kind, settings), []
    if layer in choice:
        choice.sort(key=lambda name: name != layer)
    problem: SourceUnreadable | None = None
    for name, read in _ways(file, choice[:1] if layer in choice else choice):
        try:
            table = read_table(soundings.source_of(file, read), [file], settings)
        except SourceUnreadable as refused:
            problem = problem or refused
            continue
        doubts = [ASSUMED] if read.crs else []
        choice.sort(key=lambda one: one != name)
        return Sounding(read, table, [*doubts, *table.attrs["warnings"]]), choice
    assert problem is not None
    raise problem


def kind_of(file: Path, settings: Settings) -> str:
    """Format by the ending, once the file is known to be safe to open.

    Raises
    ------
    SourceUnreadable
    """
    files.refuse_oversized(file, settings)
    kind = FORMATS.get(file.suffix.lower())
    if kind not in ("delimited", "excel", "vector"):
        raise SourceUnreadable(
            file.name, f"the ending {file.suffix!r}" if file.suffix else "no ending",
            "CSV, Excel, GeoPackage, GeoJSON, KML, KMZ, GPX, FlatGeobuf or a zipped Shapefile",
            "Save it as one of these.",
        )  # fmt: skip
    return kind


def names(file: Path) -> list[str]:
    """Layers of a database or an archive, the largest first; empty for files that are one."""
    if zipfile.is_zipfile(file):
        with files.archive(file) as packed:
            sizes = {one.filename: one.file_size for one in packed.infolist()}
        sizes = {n: s for n, s in sizes.items() if PurePosixPath(n).suffix.lower() in MEMBERS}
    elif file.suffix.lower() == ".gpkg":
        sizes = _counted(file)
    else:
        return []
    return sorted(sizes, key=lambda name: (-sizes[name], name))


def _counted(file: Path) -> dict[str, int]:
    import pyogrio

    try:
        found = [str(name) for name, kind in pyogrio.list_layers(file) if kind is not None]
        return {name: int(pyogrio.read_info(file, layer=name)["features"]) for name in found}
    except (RuntimeError, ValueError):  # said when it is read
        return {}


def _ways(file: Path, choice: list[str]) -> Iterator[tuple[str, Read]]:
    for name in choice:
        packed = zipfile.is_zipfile(file)
        plain = Read(format="vector", member=name) if packed else Read(format="vector", layer=name)
        yield name, plain
        yield name, msgspec.structs.replace(plain, crs="EPSG:4326")
