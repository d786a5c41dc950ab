"""The ways in which a file of each kind may be read, the likeliest first, with their doubts."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from etl import files
from etl.encodings import HEAD_BYTES, encoding_of
from etl.header_rows import headed
from etl.readers.delimited import DELIMITERS
from geo_data.sources import Read

HEAD_LINES = 25
DEEPEST = 3


def ways(file: Path, kind: str) -> Iterator[tuple[Read, list[str]]]:
    """Ways to read a file of a kind, each with what is not certain about it; the last is bare."""
    if kind == "delimited":
        yield from _delimited(file)
    elif kind == "excel":
        yield from _sheets(file)
    elif kind == "json":
        yield from _documents(file)
    elif kind == "topojson":
        yield from _topologies(file)
    elif kind == "vector":
        yield from _layers(file)
    yield Read(format=kind), []  # type: ignore[arg-type]


def _delimited(file: Path) -> Iterator[tuple[Read, list[str]]]:
    raw = file.read_bytes()
    encoding, doubts = encoding_of(raw)
    text = raw[:HEAD_BYTES].decode(encoding, errors="replace")
    lines = [line for line in text.splitlines()[:HEAD_LINES] if line.strip()]
    delimiter = max(DELIMITERS, key=lambda one: sum(min(line.count(one), 50) for line in lines))
    cells = list(csv.reader(lines, delimiter=delimiter))
    yield headed(Read(format="delimited", encoding=encoding, delimiter=delimiter), cells, doubts)


def _sheets(file: Path) -> Iterator[tuple[Read, list[str]]]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(file)
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
    except (calamine.CalamineError, OSError, ValueError):
        return
    sizes = {name: sheet.height * sheet.width for name, sheet in sheets.items()}
    for name in sorted(sizes, key=lambda one: -sizes[one]):
        others = ", ".join(repr(other) for other in sizes if other != name)
        doubts = [f"sheet: the largest; the others are {others}"] if others else []
        rows = sheets[name].to_python(skip_empty_area=False, nrows=HEAD_LINES)
        read = Read(format="excel", sheet=name if others else None)
        yield headed(read, rows, doubts)


def _documents(file: Path) -> Iterator[tuple[Read, list[str]]]:
    document = _parsed(file)
    lists = sorted(_lists(document), key=lambda one: -one[1])
    for path, _ in lists:
        others = ", ".join(repr(other) for other, _ in lists if other != path)
        doubts = [f"records: the longest list; the others are {others}"] if others else []
        yield Read(format="json", records=path or None), doubts


def _lists(found: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, int]]:
    if isinstance(found, list):
        if found and isinstance(found[0], dict):
            yield path, len(found)
    elif isinstance(found, Mapping) and depth < DEEPEST:
        for name, value in found.items():
            yield from _lists(value, f"{path}.{name}" if path else str(name), depth + 1)


def _topologies(file: Path) -> Iterator[tuple[Read, list[str]]]:
    document = _parsed(file)
    objects = document.get("objects", {}) if isinstance(document, dict) else {}
    sizes = {name: len(str(value)) for name, value in objects.items()}
    for name in sorted(sizes, key=lambda one: -sizes[one]):
        doubts = ["crs: the file names none; degrees of WGS84 assumed"]
        doubts += [f"layer: one of {', '.join(sorted(sizes))}"] if len(sizes) > 1 else []
        yield Read(format="topojson", layer=name, crs="EPSG:4326"), doubts


def _layers(file: Path) -> Iterator[tuple[Read, list[str]]]:
    yield Read(format="vector"), []
    said = "crs: the layer names none; degrees of WGS84 assumed"
    if zipfile.is_zipfile(file):
        with files.archive(file) as packed:
            sizes = {one.filename: one.file_size for one in packed.infolist()}
        layers = [name for name in sizes if PurePosixPath(name).suffix.lower() == ".shp"]
        for name in sorted(layers, key=lambda one: -sizes[one]):
            others = f"member: the largest of {', '.join(sorted(layers))}"
            yield Read(format="vector", member=name), [others]
            yield Read(format="vector", member=name, crs="EPSG:4326"), [others, said]
    elif file.suffix.lower() == ".gpkg":
        import pyogrio

        try:
            names = [str(name) for name in pyogrio.list_layers(file)[:, 0]]
        except (RuntimeError, ValueError):  # said by the first way
            names = []
        for name in names:
            yield Read(format="vector", layer=name), [f"layer: one of {', '.join(names)}"]
    yield Read(format="vector", crs="EPSG:4326"), [said]


def _parsed(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
