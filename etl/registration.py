"""Registrations, one row per person, counted at the door: nothing of a single row goes further.

The rows are held in memory only while they are counted. The account says how many were left out, by
row number, rule and column, and never what stood in a cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd

from etl import checks, columns, personal, typed, words
from etl.accounts import Contribution
from etl.intake import Intake, shown
from etl.readers.cells import OWN, PROBLEM
from etl.values import number
from geo_data import geography, vocabulary
from geo_data.errors import OperationInvalid, SourceUnreadable, nearest
from geo_data.operations import Operation
from geo_data.quantities import CROSSED
from geo_data.sources import Source
from geo_data.tables import DATE, TEXT, Field

TABLE = "series"
WORDS = {
    "direction": vocabulary.Direction, "sex": vocabulary.Sex,
    "vulnerability": vocabulary.Vulnerability,
}  # fmt: skip
FIELDS = (
    Field("place_code", TEXT, required=True), Field("place_name", TEXT), Field("place_level", TEXT),
    Field("date", DATE, required=True), Field("age", TEXT), Field("birth", TEXT),
    Field("nationality", TEXT), Field("record_id", TEXT), *(Field(name, TEXT) for name in WORDS),
)  # fmt: skip
# Only these may come from columns that hold people, and none of them leaves uncounted.
FROM_PEOPLE = ("birth", "age", "record_id")
TRAITS = ("direction", "sex", "age_group", "vulnerability")
COUNTED_BY = ("place_code", "place_name", "place_level", "partner_code", "start", "group")
UNKNOWN, SEVERAL = "unknown", "several"
# A place sees many people; codes that nearly every row has alone are not of places.
MOST_PLACES_SHARE, ENOUGH_ROWS = 0.5, 20
ELDEST = 120


def registrations(
    raw: pd.DataFrame, source: Source, operation: Operation, *, today: date | None = None
) -> Contribution:
    """Counts of people by place, day, nationality and, in ``group``, by their traits.

    Every person is in one count, so no two counts overlap and none can be subtracted from another.
    Words for traits that have no known meaning count as unknown. A row is a repeat only if its
    declared ``record_id`` is: people alike in all else are several people.

    Raises
    ------
    SourceUnreadable
        If a column of people is declared as a place, or places differ from row to row.
    """
    today = today or datetime.now(UTC).date()
    _refuse_unknown_fields(source)
    taken = Intake(source, raw, len(raw), columns.provider_names(raw, source))
    taken.warnings += _left_out(raw, source)
    _refuse_people_as_places(raw, source)
    source, said = columns.completed(raw, source, FIELDS)
    taken.warnings += said
    columns.mapped(raw.head(0), source, FIELDS)
    if PROBLEM in raw:
        taken.reject(raw[PROBLEM].notna(), "ragged_row", PROBLEM)
    taken.table = columns.mapped(taken.table, source, FIELDS)
    _refuse_rows_as_places(taken)
    typed.make_typed(taken, [f for f in FIELDS if f.name in ("place_code", "date")], today)
    checks.reject_totals(taken, ["place_code"])
    records = taken.table["record_id"]
    taken.reject(records.duplicated() & records.notna(), "repeated_row", "record_id")
    return _without_values(taken, _counted(_traits(taken)))


def _refuse_unknown_fields(source: Source) -> None:
    names = [field.name for field in FIELDS]
    for name in (*source.columns, *source.constants, *source.values):
        if name not in names:
            raise OperationInvalid(
                f"source {source.key}", None,
                f"unknown field {name!r} for job 'registrations'. Nearest: "
                f"{nearest(name, names)!r}. Known fields: {', '.join(names)}",
            )  # fmt: skip


def _left_out(raw: pd.DataFrame, source: Source) -> list[str]:
    names = [name for name in raw.columns if name not in OWN]
    found = personal.columns(raw, names, raw.attrs.get("hxl", {}))
    shown_as = dict(zip(names, personal.shown_names(names), strict=True))
    used = _used(raw, source, FROM_PEOPLE)
    return [
        f"column {shown_as[name]!r} "
        + ("counted and then left out" if name in used else "left out")
        + f": personal data ({why})"
        for name, why in found.items()
    ]


def _refuse_people_as_places(raw: pd.DataFrame, source: Source) -> None:
    names = [name for name in raw.columns if name not in OWN]
    found = personal.columns(raw, names, raw.attrs.get("hxl", {}))
    others = [field.name for field in FIELDS if field.name not in FROM_PEOPLE]
    for name in sorted(_used(raw, source, others) & set(found)):
        raise SourceUnreadable(
            personal.masked(str(raw.attrs.get("file", source.key))),
            f"personal data in column {personal.shown_names([name])[0]!r} ({found[name]})",
            "a column that many people share",
            "Take the column out of the declaration.",
        )  # fmt: skip


def _used(raw: pd.DataFrame, source: Source, fields: Sequence[str]) -> set[str]:
    declared = [source.columns[field] for field in fields if field in source.columns]
    listed = [one for names in declared for one in ([names] if isinstance(names, str) else names)]
    return {found for name in listed if (found := columns.column(raw, name)) is not None}


def _refuse_rows_as_places(taken: Intake) -> None:
    for name in ("place_code", "place_name", "place_level"):
        filled = taken.table[name].dropna()
        if len(filled) >= ENOUGH_ROWS and filled.nunique() > MOST_PLACES_SHARE * len(filled):
            raise SourceUnreadable(
                taken.source.key, f"a {name} of its own on nearly every row",
                "places that many people pass", "Declare the column of the crossing or area.",
            )  # fmt: skip


def _traits(taken: Intake) -> pd.DataFrame:
    """The rows with their traits in our words, all that says more cut away."""
    table = taken.table
    known = {name: _worded(taken, name) for name in WORDS}
    age = _ages(taken).fillna(_age_at(table["birth"], table["date"]))
    nationality = table["nationality"].map(_iso3, na_action="ignore").astype("str")
    strange = int((table["nationality"].notna() & nationality.isna()).sum())
    if strange:
        taken.warnings.append(f"{strange} rows name a nationality that is not known")
    return table[["place_code", "place_name", "place_level"]].assign(
        partner_code=nationality, start=table["date"], **known,
        age_group=_age_group(age, taken.source.age_groups),
    )  # fmt: skip


def _ages(taken: Intake) -> pd.Series:
    """Ages as numbers; impossible ones are unknown, for the person did cross."""
    texts = taken.table["age"]
    found, bad = number(texts, taken.source.read.decimal)
    possible = found.between(0, ELDEST)
    strange = int(bad.sum() + (found.notna() & ~possible).sum())
    if strange:
        taken.warnings.append(f"{strange} rows have an age that is none and count as unknown")
    return found.where(possible)


def _worded(taken: Intake, name: str) -> pd.Series:
    texts = taken.table[name]
    ours = {text: _word(name, text) for text in texts.dropna().unique()}
    found = texts.map(ours, na_action="ignore").astype("str")
    strange = int((texts.notna() & found.isna()).sum())
    if strange:
        taken.warnings.append(
            f"{strange} rows have a word for {name} that is not known and count as unknown; "
            f"translate it under values.{name}"
        )
    return found.fillna(UNKNOWN)


def _word(name: str, text: str) -> str | None:
    legal = {word.value for word in WORDS[name]}
    if text.casefold() in legal:
        return text.casefold()
    if known := words.meaning(name, text):
        return known
    parts = [words.meaning(name, part) for part in text.replace(",", ";").split(";")]
    several = name == "vulnerability" and len(parts) > 1 and all(parts)
    return SEVERAL if several else None


def _iso3(text: str) -> str | None:
    return geography.iso3_of(text)


def _age_at(birth: pd.Series, days: pd.Series) -> pd.Series:
    """Age in whole years; of a year alone the age that the person has in the course of it."""
    years, _ = number(birth.where(birth.str.fullmatch(r"\s*(19|20)\d{2}\s*").fillna(False)))
    age = days.dt.year - years
    born = pd.to_datetime(birth, format="%Y-%m-%d", errors="coerce")
    turned = (days.dt.month * 100 + days.dt.day) >= (born.dt.month * 100 + born.dt.day)
    exact = (days.dt.year - born.dt.year - (~turned).astype(int)).where(born.notna())
    found = exact.fillna(age).astype("float64")
    return found.where(found.between(0, ELDEST))


def _age_group(age: pd.Series, lower_ends: Sequence[int]) -> pd.Series:
    ends = sorted(lower_ends)
    labels = [f"{low}-{high - 1}" for low, high in zip(ends, ends[1:], strict=False)]
    labels.append(f"{ends[-1]}+")
    cut = pd.cut(age.astype("float64"), [*ends, np.inf], right=False, labels=labels)
    return cut.astype("str").where(cut.notna(), UNKNOWN)


def _counted(people: pd.DataFrame) -> pd.DataFrame:
    """Counts in the shape of the table of series; ``row`` 0, for a count has no row."""
    said = [name.replace("_group", "") + ": " + people[name] for name in TRAITS]
    group = said[0].str.cat(said[1:], sep="; ") if len(people) else people["sex"]
    counted = people.assign(group=group).groupby(list(COUNTED_BY), dropna=False).size()
    return counted.rename("value").reset_index()


def _without_values(taken: Intake, counted: pd.DataFrame) -> Contribution:
    table = counted.assign(
        end=counted["start"], quantity=CROSSED.column, value=counted["value"].astype("float64"),
        source=taken.source.key, row=0,
    )  # fmt: skip
    gave = taken.contribution(TABLE, shown(table, TABLE))
    quarantine = gave.quarantine.assign(found=None)
    return Contribution(
        rows_in=gave.rows_in, accepted=gave.accepted, quarantine=quarantine, tables=gave.tables,
        repairs=gave.repairs, warnings=gave.warnings,
    )  # fmt: skip
