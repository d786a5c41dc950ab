"""An operation: one deployment, one TOML file, checked strictly."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec

from geo_data import feeds, quantities
from geo_data.errors import OperationInvalid, nearest
from geo_data.grid import COARSEST_RESOLUTION, FINEST_RESOLUTION
from geo_data.sources import Band, Feed, Measure, Read, Source, Strict
from geo_data.vocabulary import BasemapPart

SHORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,23}")
DEMO = Path(__file__).parent / "sample" / "demo.toml"
OPERATIONS = Path(__file__).parent / "operations"
_STRUCTS: dict[str, type[Strict]] = {"read": Read, "bands": Band, "measures": Measure, "feed": Feed}


class Operation(Strict, frozen=True):
    """One deployment."""

    key: str
    title: str
    area: tuple[float, float, float, float]
    """West, south, east, north in degrees."""
    resolution: int
    countries: list[str]
    """ISO 3166 alpha-3 codes of the countries it works in."""
    source: list[Source]
    time_zone: str = "UTC"
    languages: list[str] = msgspec.field(default_factory=lambda: ["en"])
    hosts: list[str] = []
    """The only servers that its feeds may ask: host, or host:port if not 443."""
    note: str = ""
    short: str = ""
    """What file names call it, letters, digits and hyphens; empty: the key."""

    @property
    def simulated(self) -> bool:
        """Whether any of its sources is simulated."""
        return any(source.simulated for source in self.source)


def load(file: Path) -> Operation:
    """An operation file as an :class:`Operation`.

    Raises
    ------
    OperationInvalid
        With the line and the nearest known key, word or quantity.
    """
    try:
        text = file.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except OSError as problem:
        raise OperationInvalid(str(file), None, f"cannot be read ({problem.strerror})") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise OperationInvalid(str(file), None, f"is not valid TOML: {problem}") from problem
    _refuse_unknown_keys(file.name, text, document)
    try:
        operation = msgspec.convert(document, Operation)
    except msgspec.ValidationError as problem:
        raise OperationInvalid(file.name, _line_of_path(text, str(problem)), str(problem)) from None
    _check(file.name, text, operation)
    return operation


def _refuse_unknown_keys(file: str, text: str, document: dict) -> None:
    _known(file, text, document, Operation, 0)
    for number, block in enumerate(document.get("source", [])):
        start = _block_start(text, number)
        _known(file, text, block, Source, start)
        for name, struct in _STRUCTS.items():
            inner = block.get(name, {})
            for part in inner if isinstance(inner, list) else [inner]:
                _known(file, text, part, struct, start)


def _known(file: str, text: str, block: dict, struct: type[Strict], start: int) -> None:
    legal = struct.__struct_fields__
    for key in block:
        if key not in legal:
            near = nearest(key, legal)
            hint = f"Did you mean {near!r}?" if near else f"Known keys: {', '.join(legal)}."
            raise OperationInvalid(file, _line_of(text, key, start), f"unknown key {key!r}. {hint}")


def _check(file: str, text: str, operation: Operation) -> None:
    west, south, east, north = operation.area
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise OperationInvalid(
            file, _line_of(text, "area"), f"area {list(operation.area)} is not [west, south, east, "
            "north] in degrees with west < east and south < north",
        )  # fmt: skip
    if not COARSEST_RESOLUTION < operation.resolution <= FINEST_RESOLUTION:
        raise OperationInvalid(
            file, _line_of(text, "resolution"), f"resolution {operation.resolution} is not between "
            f"{COARSEST_RESOLUTION + 1} and {FINEST_RESOLUTION}",
        )  # fmt: skip
    if operation.short and not SHORT.fullmatch(operation.short):
        raise OperationInvalid(
            file, _line_of(text, "short"), f"short {operation.short!r} is not 1 to 24 letters, "
            "digits and hyphens, as every disk takes them in file names",
        )  # fmt: skip
    seen: set[str] = set()
    for number, source in enumerate(operation.source):
        start = _block_start(text, number)
        if source.key in seen:
            raise OperationInvalid(
                file, _line_of(text, "key", start), f"two sources are called {source.key!r}"
            )
        seen.add(source.key)
        for band in source.bands:
            if band.stat == "share" and not band.classes:
                raise OperationInvalid(
                    file, _line_of(text, band.quantity, start), f"source {source.key!r}: a share "
                    f"({band.quantity}) needs classes, the pixel values that count",
                )  # fmt: skip
        if wrong := feeds.problem(source, operation.key, operation.hosts):
            line = _line_of(text, "source.feed", start) or _line_of(text, "feed", start)
            raise OperationInvalid(file, line, wrong)
        if source.job == "basemap" and source.constants.get("part") not in [*BasemapPart]:
            raise OperationInvalid(
                file, _line_of(text, "constants", start) or _line_of(text, "job", start),
                f"source {source.key!r}: a basemap needs constants = {{ part = ... }}, one of "
                f"{', '.join(BasemapPart)}; found {source.constants.get('part')!r}",
            )  # fmt: skip
        measured = [band.quantity for band in source.bands]
        measured += [measure.quantity for measure in source.measures]
        for name in [*measured, *([source.quantity] if source.quantity else [])]:
            if name not in quantities.BY_COLUMN:
                near = nearest(name, quantities.BY_COLUMN)
                raise OperationInvalid(
                    file, _line_of(text, name, start),
                    f"source {source.key!r}: unknown quantity {name!r}. Nearest: {near!r}",
                )  # fmt: skip


def _block_start(text: str, number: int) -> int:
    starts = [match.start() for match in re.finditer(r"^\s*\[\[source\]\]", text, re.MULTILINE)]
    return starts[number] if number < len(starts) else 0


def _line_of(text: str, word: str, start: int = 0) -> int | None:
    match = re.compile(rf"(?<![\w.]){re.escape(word)}(?![\w])").search(text, start)
    return text.count("\n", 0, match.start()) + 1 if match else None


def _line_of_path(text: str, message: str) -> int | None:
    path = re.search(r"`\$\.?([^`]*)`", message)
    if not path:
        return None
    number = re.search(r"source\[(\d+)\]", path[1])
    names = re.findall(r"[A-Za-z_]+", path[1])
    missing = re.search(r"missing required field `(\w+)`", message)
    start = _block_start(text, int(number[1])) if number else 0
    if missing or not names:
        return text.count("\n", 0, start) + 1 if number else None
    return _line_of(text, names[-1], start)
