"""How a file that nobody declared wants to be read, found by trying, with the doubts that stay."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import pandas as pd

from etl import files, profile
from etl.readers import GEOMETRY, read_table
from etl.readers.delimited import DELIMITERS
from etl.values import ISO_DAY, UNLOCODE
from geo_data.errors import SourceUnreadable, WaypostError
from geo_data.settings import Settings
from geo_data.sources import Read, Source

HEAD_BYTES, HEAD_LINES = 262_144, 25
ARABIC = re.compile(r"[\u0600-\u06ff]")
ARABIC_SHARE = 0.6
HEADER_FILLED = 0.5
DEEPEST = 3
MISSING = (
    "N/A", "NA", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None", "-", "--", "..", "...", "?",
    "s/d", "n.d.", "nd", "ND", "غير متوفر", "لا يوجد", "-99", "-999", "-9999", "-999.0", "-9999.0",
)  # fmt: skip
# What a header never says: a position in degrees and minutes, a day, a number with decimals.
VALUE = re.compile(rf"{UNLOCODE.pattern}|{ISO_DAY.pattern}|[+-]?\d+\.\d+")


@dataclass
class Sounding:
    """A way to read a file, the table it gives, and what is not certain about it."""

    read: Read
    table: pd.DataFrame
    doubts: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The provider's columns."""
        return [str(name) for name in self.table.attrs["columns"]]


def sounded(file: Path, kind: str, settings: Settings) -> Sounding:
    """The first way to read a table that works.

    Raises
    ------
    SourceUnreadable
        If none does.
    """
    problem: WaypostError | None = None
    for read, doubts in _ways(file, kind):
        try:
            table = read_table(source_of(file, read), [file], settings)
        except SourceUnreadable as refused:
            problem = problem or refused
            continue
        words = _missing_words(table)
        if words:
            read = msgspec.structs.replace(read, missing=words)
            table = read_table(source_of(file, read), [file], settings)
            doubts = [*doubts, *_doubts_of(words, table)]
        return Sounding(read, table, [*doubts, *table.attrs["warnings"]])
    raise problem or SourceUnreadable(
        file.name, "no table in it", "a table", "Check that the file was saved whole."
    )


def source_of(file: Path, read: Read) -> Source:
    """A declaration that says nothing but how to read one file."""
    return Source(
        key="checked", title=file.name, owner="unknown", licence="unknown", job="landmarks",
        path=file.name, read=read,
    )  # fmt: skip


def _ways(file: Path, kind: str) -> Iterator[tuple[Read, list[str]]]:
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
    encoding, doubts = _encoding(raw)
    text = raw[:HEAD_BYTES].decode(encoding, errors="replace")
    lines = [line for line in text.splitlines()[:HEAD_LINES] if line.strip()]
    delimiter = max(DELIMITERS, key=lambda one: sum(min(line.count(one), 50) for line in lines))
    cells = list(csv.reader(lines, delimiter=delimiter))
    yield _headed(Read(format="delimited", encoding=encoding, delimiter=delimiter), cells, doubts)


def _encoding(raw: bytes) -> tuple[str, list[str]]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", []
    try:
        raw.decode("utf-8-sig")
        return "utf-8", []
    except UnicodeDecodeError:
        pass
    strange = bytes(byte for byte in raw[:HEAD_BYTES] if byte > 127)
    letters = strange.decode("cp1256", errors="replace")
    if len(ARABIC.findall(letters)) >= ARABIC_SHARE * len(letters) and _runs(raw):
        return "cp1256", ["encoding: the letters look Arabic in windows-1256; read some of them"]
    fits = _decodes(raw, "cp1252")
    name = "cp1252" if fits else "latin-1"
    return name, [f"encoding: not UTF-8; {name} reads any letters, so check the accents"]


def _runs(raw: bytes) -> bool:
    """Whether letters beyond ASCII stand in words of their own, as in Arabic; accents do not."""
    return re.search(rb"[\x80-\xff]{4,}", raw) is not None


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _headed(
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
        yield _headed(read, rows, doubts)


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


def _missing_words(table: pd.DataFrame) -> list[str]:
    """Words for "not known" among the cells; a number only where it falls out of all others."""
    seen: set[str] = set()
    for name in table.attrs["columns"]:
        if name == GEOMETRY:
            continue
        found = table[name].isin(MISSING)
        words = set(table.loc[found, name])
        numbers = [word for word in words if word.startswith("-9")]
        for word in numbers:
            others = pd.to_numeric(table.loc[~found, name], errors="coerce").dropna()
            if len(others) == 0 or others.min() < 0:
                words.discard(word)
        seen |= words
    return [word for word in MISSING if word in seen]


def _doubts_of(words: Sequence[str], table: pd.DataFrame) -> list[str]:
    said = [f"missing: {', '.join(map(repr, words))} taken for 'not known'"]
    if "NA" in words:
        codes = [n for n in table.attrs["columns"] if _two_letters(table[n])]
        said += [f"missing: 'NA' in column {name!r} may be Namibia" for name in codes]
    return said


def _two_letters(texts: pd.Series) -> bool:
    filled = texts.dropna().head(200)
    return len(filled) > 0 and bool(filled.str.fullmatch("[A-Z]{2}").all())
