"""What a case is: a file, its declaration, and the outcome that is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geo_data.sources import Source
from tests.declared import source

Content = str | bytes | Callable[[Path], object]
PLACED = {"name": "name", "lat_deg": "lat", "lon_deg": "lon"}
GOOD = (("Ras Jedir", 33.14, 11.55), ("Ghadames", 30.13, 9.5), ("Sabha", 27.04, 14.43))
SHOWN = ("name", "lat_deg", "lon_deg")


@dataclass(frozen=True)
class Case:
    """One input and its outcome.

    Attributes
    ----------
    name : str
        What is bad about it, unique in the corpus.
    files : mapping
        Name in the data folder to text, bytes, or what writes the file.
    source : Source
    kept : sequence of tuples
        Values of all accepted rows in the columns ``shown`` of the table, in order.
    table : str
        Release table that they are in.
    out : mapping
        Row number, or None for rows not listed one by one, to the rule that rejects it.
    said : sequence of str
        Each must be part of a warning or repair.
    refused : str
        Part of the sentence that refuses the source as a whole; then nothing else is expected.
    fails : bool
        Whether so many rows are wrong that the source fails; the account stays.
    never : sequence of str
        Personal values that must be nowhere in what the source gives or says.
    hexes : mapping
        Of a raster: quantity to the one value that all its known cells have.
    records : int
        How many records were accepted, where they became fewer rows.
    pixels : int
        Of a raster: how many values were accepted; 0 where other numbers are checked.
    """

    name: str
    files: Mapping[str, Content]
    source: Source
    kept: Sequence[tuple[object, ...]] = ()
    shown: Sequence[str] = SHOWN
    table: str = ""
    out: Mapping[int | None, str] = field(default_factory=dict)
    said: Sequence[str] = ()
    refused: str = ""
    fails: bool = False
    never: Sequence[str] = ()
    hexes: Mapping[str, float | None] = field(default_factory=dict)
    pixels: int = 0
    records: int = 0


def places(name: str, content: Content, *, file: str = "a.csv", **more: object) -> Case:
    """A source of landmarks with the columns name, lat and lon."""
    own = {key: more.pop(key) for key in ("kept", "out", "said", "refused", "fails", "never",
                                          "shown", "table", "records") if key in more}  # fmt: skip
    read = more.pop("read", {})
    given = {"columns": PLACED, "constants": {"landmark_type": "town"}, "path": file} | more
    declared = source(given.pop("job", "landmarks"), _read(read), **given)
    return Case(name, {file: content}, declared, **own)  # type: ignore[arg-type]


def counts(name: str, content: Content, *, file: str = "a.csv", **more: object) -> Case:
    """A source of counts per country and day, with the columns code, day and people."""
    given = {
        "job": "series", "columns": {"place_code": "code", "start": "day"},
        "constants": {"place_level": "country"}, "shown": ("place_code", "start", "value"),
        "measures": [_measure("people")], "table": "series",
    } | more  # fmt: skip
    return places(name, content, file=file, **given)


def incidents(name: str, content: Content, *, file: str = "a.csv", **more: object) -> Case:
    """A source of incidents with the columns day, lat, lon, dead and missing."""
    given = {
        "job": "incidents", "constants": {}, "shown": ("date", "dead_people", "missing_people"),
        "columns": {"date": "day", "lat_deg": "lat", "lon_deg": "lon", "dead_people": "dead",
                    "missing_people": "missing"}, "table": "incidents",
    } | more  # fmt: skip
    return places(name, content, file=file, **given)


def shapes(name: str, content: Content, *, file: str = "a.geojson", **more: object) -> Case:
    """A source of areas with the property code; ``kept`` holds code and outline."""
    given = {
        "job": "areas", "constants": {}, "columns": {"area_code": "code"}, "table": "areas",
        "shown": ("area_code", "geometry"), "read": {"format": "vector"}, "level": 1,
    } | more  # fmt: skip
    return places(name, content, file=file, **given)


def csv(*rows: str, header: str = "name,lat,lon") -> str:
    """Text of a header and some rows."""
    return "\n".join([header, *rows]) + "\n"


def good(count: int = 3) -> str:
    """The first good places as lines of text."""
    return "\n".join(",".join(map(str, row)) for row in GOOD[:count])


def _measure(column: str) -> object:
    from geo_data.sources import Measure

    return Measure(column=column, quantity="idps_people")


def _read(read: object) -> object:
    import msgspec

    from geo_data.sources import Read

    return msgspec.convert({"format": "delimited"} | dict(read), Read)  # type: ignore[call-overload]
