"""Answers to forms, as KoboToolbox and ODK give them: JSON of their servers, CSV and XLSX exports.

What says who answered or from which device never leaves this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from etl.readers import cells, delimited, excel, json_records
from etl.readers.json_records import as_text
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

LISTS = ("results", "value")
# Of the columns that servers add, which begin with an underscore, only these are let in.
KEPT = frozenset({
    "_id", "__id", "_submission_time", "_validation_status", "_status", "_index", "_parent_index",
    "_parent_table_name", "_sheet",
})  # fmt: skip
PLACES = re.compile(r"_.+_(latitude|longitude|altitude|precision)")
# Preloaded questions about the person and the device, whatever group they stand in.
ABOUT_PEOPLE = frozenset({
    "username", "deviceid", "phonenumber", "simserial", "subscriberid", "email", "audit",
    "instanceID", "instanceName", "rootUuid", "deprecatedID", "uuid",
})  # fmt: skip
SERVER_GROUPS = frozenset({"meta", "formhub"})
POSITION = re.compile(r"-?\d+(\.\d+)? -?\d+(\.\d+)?( -?\d+(\.\d+)?){2}")
PARTS = ("latitude", "longitude", "altitude", "precision")


def read(path: Path, declared: Read) -> pd.DataFrame:
    """Submissions as text columns named "group/question", whichever way they were exported.

    A geopoint gives four more columns, such as ``_gps_latitude``; ``_geolocation`` two. A repeated
    group is its number of entries, in the column ``name count``.
    """
    with path.open("rb") as stream:
        head = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"{", b"[")):
        return _submissions(path, declared)
    if head.startswith(b"PK"):
        return _without_people(excel.read(path, declared))
    with path.open("rb") as stream:
        first = stream.readline()
    if declared.delimiter == "," and first.count(b";") > first.count(b","):
        declared = msgspec.structs.replace(declared, delimiter=";")
    return _without_people(delimited.read(path, declared))


def _without_people(table: pd.DataFrame) -> pd.DataFrame:
    said = table.attrs
    told = [name for name in table.columns if name not in cells.OWN and about_people(name)]
    table = table.drop(columns=told)
    gone = {tag: name for tag, name in said["hxl"].items() if name not in told}
    table.attrs = {"hxl": gone, "warnings": said["warnings"], "columns": list(table.columns)}
    return table


def _submissions(path: Path, declared: Read) -> pd.DataFrame:
    found = whole = json_records.document(path, declared.encoding)
    if isinstance(found, Mapping):
        name = declared.records or next((one for one in LISTS if one in found), LISTS[0])
        found = json_records.inside(found, name, path.name)
    if not isinstance(found, list):
        raise SourceUnreadable(
            path.name, "JSON without a list of submissions", f"a list in {LISTS[0]!r}",
            "Fetch data.json of the form, or set records.",
        )  # fmt: skip
    answers = [dict(_answers(one)) if isinstance(one, Mapping) else {} for one in found]
    table = cells.records(answers, path.name)
    broken = [not isinstance(one, Mapping) for one in found]
    table.loc[broken, cells.PROBLEM] = "not a submission"
    repeats = sorted({key for answer in answers for key in answer if key.endswith(" count")})
    warnings = [f"repeated group {name.removesuffix(' count')!r} read as its number of entries only"
                for name in repeats]  # fmt: skip
    promised = json_records.promised(whole)
    table.attrs = {"hxl": {}, "warnings": warnings, "promised": promised}
    return table


def about_people(name: str) -> bool:
    """Whether a question or a column of the server is about the respondent or the device.

    >>> [about_people(n) for n in ("_submitted_by", "group/username", "_gps_latitude", "_id")]
    [True, True, False, False]
    """
    groups, last = name.split("/")[:-1], name.rsplit("/", 1)[-1]
    if last in ABOUT_PEOPLE or SERVER_GROUPS.intersection(groups):
        return True
    return last.startswith("_") and last not in KEPT and not PLACES.fullmatch(last)


def _answers(submission: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, str | None]]:
    for key, value in submission.items():
        name = f"{group}{key}"
        if key == "_geolocation" and isinstance(value, list):
            yield from _parts("geolocation", value)
        elif about_people(f"{name}/" if isinstance(value, Mapping) else name) or about_people(key):
            continue
        elif key == "_validation_status" and isinstance(value, Mapping):
            yield name, as_text(value.get("label"))  # the rest names who judged
        elif isinstance(value, Mapping) and value.get("type") == "Point":
            lon, lat, *rest = [*_listed(value.get("coordinates")), None, None]
            yield from _parts(name, [lat, lon, *rest])
        elif isinstance(value, Mapping):
            yield from _answers(value, f"{name}/")
        elif isinstance(value, list) and any(isinstance(part, (Mapping, list)) for part in value):
            yield f"{name} count", str(len(value))
        else:
            text = as_text(value)
            yield name, text
            if text and POSITION.fullmatch(text):
                yield from _parts(name, text.split())


def _parts(name: str, values: list[Any]) -> Iterator[tuple[str, str | None]]:
    """A position in columns named as the exports name them: "group/_gps_latitude"."""
    group, _, last = name.rpartition("/")
    start = f"{group}/_{last}" if group else f"_{last}"
    for part, value in zip(PARTS, values, strict=False):
        yield f"{start}_{part}", as_text(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
