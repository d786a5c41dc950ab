"""From a provider's columns to our fields, as the declaration says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import pandas as pd

from etl import synonyms
from etl.readers.cells import GEOMETRY, OWN, tag_of
from etl.values import by_word
from geo_data import tables
from geo_data.errors import ColumnMissing, OperationInvalid, SourceUnreadable, nearest
from geo_data.sources import Source

# Fields that a declaration may fill although no release table has them.
POSITION, REPORTED = "position", "reported"
ALL_OTHERS = "*"
# What the tag of a column must be if it has one of these; see :func:`contradictions`.
TAGS = {
    "lat_deg": "#geo+lat", "lon_deg": "#geo+lon", "country": "#country", "sector": "#sector",
    "organisation": "#org", "date": "#date", "start": "#date", "end": "#date",
}  # fmt: skip


def fields_of(source: Source, table: str) -> list[tables.Field]:
    """Fields of a release table that a declaration may fill, helpers included."""
    made_by_us = {"source", "row", "cell", "quantity", "value", "duplicate_of"}
    known = [field for field in tables.SHAPES[table] if field.name not in made_by_us]
    helpers = [tables.Field(POSITION, tables.TEXT), tables.Field(REPORTED, tables.DATE)]
    names = [field.name for field in (*known, *helpers)]
    declared = {**source.columns, **source.constants, **source.values}
    for name in (*declared, *source.unique, source.latest, source.unknown_after):
        if name is not None and name not in names:
            raise OperationInvalid(
                f"source {source.key}", None,
                f"unknown field {name!r} for job {source.job!r}. "
                f"Nearest: {nearest(name, names)!r}. Known fields: {', '.join(names)}",
            )  # fmt: skip
    return [*known, *helpers]


def mapped(raw: pd.DataFrame, source: Source, fields: Sequence[tables.Field]) -> pd.DataFrame:
    """The table with our fields as text, nothing else of the provider's left.

    Fields that are not declared are null. Provider's words are exchanged for ours; ``*`` stands for
    all words not listed, an empty word of ours for unknown.

    Raises
    ------
    ColumnMissing
        If no declared column of a field is in the table.
    SourceUnreadable
        If a declared column was dropped because it holds personal data.
    """
    index = raw.index
    columns = {name: raw[name] for name in OWN if name in raw}
    for field in fields:
        texts = pd.Series(None, index=index, dtype="str")
        if field.name in source.columns:
            texts = _coalesced(raw, source, _listed(source.columns[field.name]))
        if field.name in source.constants:
            texts = texts.fillna(_constant(source.constants[field.name]))
        if field.name in source.values:
            texts = translated(texts, source.values[field.name])
        columns[field.name] = texts
    return pd.DataFrame(columns, index=index)


def completed(
    raw: pd.DataFrame, source: Source, fields: Sequence[tables.Field]
) -> tuple[Source, list[str]]:
    """The declaration with columns for fields that the job needs and nobody declared.

    A tag or a header known for such a field is taken and said; two that would do are not, and a
    field that may be missing is never filled so.
    """
    wanted = [name for name in _needed(source, fields) if name not in _filled(raw, source)]
    found: dict[str, str] = {}
    for name in wanted:
        tagged = synonyms.tagged(name, raw.attrs.get("hxl", {}))
        headed = [tagged] if tagged in raw else synonyms.headed(name, raw.columns)
        if len(headed) == 1 and headed[0] is not None:
            found[name] = headed[0]
    if not {"lat_deg", "lon_deg"} <= {*found, *source.columns}:
        found = {name: one for name, one in found.items() if name not in ("lat_deg", "lon_deg")}
    said = [f"column {theirs!r} taken for {ours}: declare it" for ours, theirs in found.items()]
    return msgspec.structs.replace(source, columns={**source.columns, **found}), said


def _needed(source: Source, fields: Sequence[tables.Field]) -> list[str]:
    made_by_us = {"place_id", "source", "row", "cell"}
    made_by_us |= {"level"} if source.level is not None else set()
    return [field.name for field in fields if field.required and field.name not in made_by_us]


def _filled(raw: pd.DataFrame, source: Source) -> set[str]:
    """Fields that the declaration or the shapes of the file fill."""
    placed = POSITION in source.columns or GEOMETRY in raw
    return {*source.columns, *source.constants, *(("lat_deg", "lon_deg") if placed else ())}


def column(raw: pd.DataFrame, declared: str) -> str | None:
    """Name in the table of a declared column or tag; None if there is none.

    Blanks and capitals do not count, unless two columns differ in nothing else.
    """
    if declared in raw.columns:
        return declared
    if declared.startswith("#"):
        name = raw.attrs.get("hxl", {}).get(tag_of(declared))
        return name if name in raw.columns else None
    alike = [name for name in raw.columns if _plain(name) == _plain(declared)]
    return alike[0] if len(alike) == 1 else None


def required(raw: pd.DataFrame, source: Source, declared: Sequence[str]) -> list[str]:
    """Names in the table of declared columns tried in turn, tags first, at least one."""
    declared = sorted(declared, key=lambda one: not one.startswith("#"))
    found = [name for name in (column(raw, one) for one in declared) if name]
    if found:
        return found
    personal = [one for one in declared if one in raw.attrs.get("personal", {})]
    if personal:
        raise SourceUnreadable(
            _file(raw, source), f"personal data in column {personal[0]!r}", "a column about places",
            "Personal data is never read; take the column out of the declaration.",
        )  # fmt: skip
    raise ColumnMissing(_file(raw, source), declared[0], raw.attrs.get("columns", raw.columns))


def contradictions(raw: pd.DataFrame, source: Source) -> list[str]:
    """Columns declared for one thing whose HXL tag says another; the declaration is followed."""
    tagged = {name: tag for tag, name in raw.attrs.get("hxl", {}).items()}
    said = []
    for field, wanted in TAGS.items():
        for one in _listed(source.columns.get(field, [])):
            tag = tagged.get(column(raw, one) or "", "") if not one.startswith("#") else ""
            fits = _satisfies(tag, wanted)
            if tag and not fits and any(_satisfies(tag, other) for other in TAGS.values()):
                said.append(
                    f"column {one!r} is declared as {field} but tagged {tag}; check the "
                    f"declaration, or declare the tag instead of the header"
                )
    return said


def _satisfies(tag: str, wanted: str) -> bool:
    base, *attributes = wanted.split("+")
    own, *others = tag.split("+")
    return own == base and set(attributes) <= set(others)


def translated(texts: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """Texts with the provider's words exchanged for ours; null stays null."""
    return by_word(texts, lambda known: _exchanged(known, words))


def _exchanged(texts: pd.Series, words: Mapping[str, str]) -> pd.Series:
    ours = {_plain(theirs): word or None for theirs, word in words.items()}
    plain = texts.map(_plain, na_action="ignore")
    others = pd.Series(words.get(ALL_OTHERS) or None, index=texts.index, dtype="str")
    kept = others.where(texts.notna()) if ALL_OTHERS in words else texts
    return plain.map(ours).astype("str").where(plain.isin(list(ours)), kept)


def provider_names(raw: pd.DataFrame, source: Source) -> dict[str, str]:
    """Our field to the provider's column, for accounts that people check against the file."""
    named = {}
    for field, declared in source.columns.items():
        found = [name for name in (column(raw, one) for one in _listed(declared)) if name]
        if found:
            named[field] = found[0]
    return named


def _coalesced(raw: pd.DataFrame, source: Source, declared: Sequence[str]) -> pd.Series:
    first, *others = required(raw, source, declared)
    texts = raw[first]
    for name in others:
        texts = texts.fillna(raw[name])
    return texts


def _listed(declared: str | list[str]) -> list[str]:
    return [declared] if isinstance(declared, str) else declared


def _constant(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _file(raw: pd.DataFrame, source: Source) -> str:
    return str(raw.attrs.get("file", source.paths()[0]))
