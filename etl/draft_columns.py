"""Which columns of a file that nobody declared hold which fields, and which are of people.

A column is told by its HXL tag, by a header known for the field, or by what stands in it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from etl import columns, kinds, personal, registration, synonyms, values
from etl.block import Draft, quoted
from etl.draft_days import PARSED_SHARE, strptime_of
from etl.readers import GEOMETRY
from etl.soundings import Sounding
from geo_data import tables
from geo_data.sources import Read, Source

MOST_WORDS = 40
# What a header says of codes and days is believed, unless surer signs of people contradict.
TRUSTED = ("date", "start", "end", "reported", "valid_from", "place_id", "area_code")
SHAPE_FIELDS = {"areas": "areas", "polygons": "lines", "lines": "lines", "basemap": "basemap"}
# One column may well be two of our fields: the code of a country is the country of an area.
SHARED = frozenset({"country", "place_name", "service_type", "name", "start", "area_name"})


def without_people(sounding: Sounding, draft: Draft) -> tuple[pd.DataFrame, list[str]]:
    """The table without personal columns and free text; they are listed under drop."""
    table, names = sounding.table, sounding.names
    hxl = table.attrs.get("hxl", {})
    trusted = [name for one in TRUSTED for name in synonyms.headed(one, names)]
    draft.drop = personal.columns(table, names, hxl, trusted)
    shown = personal.shown_names(names)
    if shown != names:
        draft.doubts.append("names: the first row looks like data, so its cells are not quoted")
        draft.drop = dict.fromkeys(names, "a cell of people in the header")
    for name, why in personal.doubtful(table, [n for n in names if n not in draft.drop]).items():
        draft.doubts.append(f"{name!r}: {why}; if people are meant, add it to drop")
    rest = [name for name in names if name not in draft.drop]
    kept = table.drop(columns=list(draft.drop))
    kept.attrs = {**table.attrs, "columns": rest}
    return kept, rest


def fill_columns(draft: Draft, job: str, table: pd.DataFrame, names: Sequence[str]) -> None:
    """Declare for each field of a job the column that seems to hold it."""
    hxl = table.attrs.get("hxl", {})
    taken: set[str] = set()
    people = [*draft.drop] if job == "registrations" else []
    for one in fields_for(job):
        tagged = synonyms.tagged(one.name, hxl)
        usable = [*names, *people] if one.name in registration.FROM_PEOPLE else names
        headed = synonyms.headed(one.name, usable)
        found, how = (tagged, "by its tag") if tagged in names else (None, "")
        if found is None:
            free = [name for name in headed if name not in taken or one.name in SHARED]
            found, how = (free[0], "by its header") if free else (None, "")
            if found and len(free) > 1:
                how += f"; also {', '.join(map(quoted, free[1:4]))}"
        if found is None or not _fits(one, table, found, draft):
            continue
        taken.add(found)
        tag = next((tag for tag, name in hxl.items() if name == found), None)
        draft.columns[one.name] = (tag if how == "by its tag" and tag else found, how)
        draft.drop.pop(found, None)


def fill_area_code(draft: Draft, names: Sequence[str]) -> None:
    """Shapes need a code; a bare id is the last that may be one."""
    if "area_code" not in draft.columns and (plain := synonyms.headed("place_id", names)):
        draft.columns["area_code"] = (plain[0], "the only id there is")


def fields_for(job: str) -> list[tables.Field]:
    """Fields that a declaration of a job may fill from columns."""
    if job == "registrations":
        return list(registration.FIELDS)
    if job in SHAPE_FIELDS:
        return [f for f in tables.SHAPES[SHAPE_FIELDS[job]] if f.type == tables.TEXT][:-1]
    bare = Source(
        key="draft", title="", owner="", licence="", job=job, path="x",  # type: ignore[arg-type]
        read=Read(format="delimited"),
    )  # fmt: skip
    known = columns.fields_of(bare, "series" if job == "counts" else job)
    helpers = ("source", "row", columns.POSITION)
    return [one for one in known if one.name not in helpers]


def _fits(one: tables.Field, table: pd.DataFrame, column: str, draft: Draft) -> bool:
    """Whether what stands in a column can be what its header says."""
    if column not in table:
        return True
    texts = table[column].dropna()
    if one.words is not None:
        fits = texts.nunique() <= MOST_WORDS
    elif one.type in (tables.NUMBER, tables.INTEGER):
        parsed = [values.number(texts, mark)[1].mean() for mark in (".", ",")]
        fits = len(texts) == 0 or min(parsed) < 1 - PARSED_SHARE
    elif one.type == tables.DATE:
        fits = len(texts) == 0 or strptime_of(texts)[0] is not None
    else:
        return True
    if not fits:
        draft.doubts.append(f"{column!r} is called like {one.name}, but its cells do not fit")
    return fits


def fill_position(draft: Draft, job: str, table: pd.DataFrame, names: Sequence[str]) -> None:
    """Declare where positions of places stand, by headers, shapes or what is in a column."""
    if job not in tables.PLACE_KINDS:
        return
    pairs = {"lat_deg", "lon_deg"}
    if pairs <= set(draft.columns):
        return
    for name in pairs:
        draft.columns.pop(name, None)
    if GEOMETRY in table:
        return
    headed = synonyms.headed("position", names)
    for name in [*headed, *(other for other in names if other not in headed)]:
        if form := kinds.is_position(table[name]):
            how = "by its header" if name in headed else "guessed from what stands in it"
            draft.columns["position"] = (name, how)
            draft.read["coordinates"] = form
            return
    draft.doubts.append("no position found: declare lat_deg and lon_deg, or position")
