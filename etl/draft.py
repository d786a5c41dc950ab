"""A first declaration of a file that nobody declared yet, with its doubts as comments.

Nothing is taken for certain without a word of how it was found: a column by its HXL tag, by a
header known for the field, or by what stands in it. Values of personal columns are never quoted.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pandas as pd

from etl import columns, kinds, registration, soundings, synonyms, words
from etl.block import Draft, text
from etl.draft_columns import (
    MOST_WORDS,
    fields_for,
    fill_area_code,
    fill_columns,
    fill_position,
    without_people,
)
from etl.draft_days import PARSED_SHARE, date_fields, strptime_of
from etl.readers import GEOMETRY
from etl.soundings import Sounding
from etl.territory import countries
from geo_data import geography
from geo_data.settings import Settings
from geo_data.sources import Read

MOST_SAID, MOST_COUNTRIES = 8, 12
COUNTRY_SHARE = 0.8
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d{1,2}|[+-]?\d+,\d{4,}|[+-]?\d{1,3}(\.\d{3})+,\d+")
CONSTANTS: dict[str, dict[str, str]] = {
    "landmarks": {"landmark_type": "place"}, "statements": {"topic": "notice"},
    "areas": {"kind": "admin"}, "lines": {"line_type": "line"},
}  # fmt: skip


def drafted(file: Path, kind: str, settings: Settings) -> str:
    """TOML of one ``[[source]]`` block for a table or a layer.

    Raises
    ------
    WaypostError
        If the file cannot be read in any way that is known.
    """
    sounding = soundings.sounded(file, kind, settings)
    draft = Draft(doubts=list(sounding.doubts))
    table, names = without_people(sounding, draft)
    seen = kinds.looks(table, names, file.name)
    job, why = kinds.guessed(seen)
    fill_columns(draft, job, table, names)
    if job == "areas":
        fill_area_code(draft, names)
    if job in ("series", "counts"):
        found = kinds.measures(seen, synonyms.plain(file.stem))
        draft.measures = [(column, *how) for column, how in found.items()]
    fill_position(draft, job, table, names)
    _fill_read(draft, sounding, table)
    _fill_country(draft, job, table, file)
    _fill_words(draft, job, table)
    _fill_constants(draft, job, seen)
    _say_what_lacks(draft, job, table)
    return text(draft, file, job, why)


def _fill_read(draft: Draft, sounding: Sounding, table: pd.DataFrame) -> None:
    plain = msgspec.to_builtins(sounding.read)
    default = msgspec.to_builtins(Read(format=sounding.read.format))
    chosen = {k: v for k, v in plain.items() if v != default[k] or k == "format"}
    draft.read = {**chosen, **draft.read}
    used = [column for column, _ in draft.columns.values()] + [m[0] for m in draft.measures]
    numeric = [column for column in used if column in table]
    commas = [c for c in numeric if _share(table[c], DECIMAL_COMMA) > 1 - PARSED_SHARE]
    if commas:
        draft.read["decimal"] = ","
        draft.doubts.append(f"decimal: commas in {', '.join(map(repr, commas[:3]))}")
    for name in [name for name in date_fields() if name in draft.columns]:
        column = columns.column(table, draft.columns[name][0])
        wanted, doubt = strptime_of(table[column].dropna()) if column else (None, "")
        if doubt:
            draft.doubts.append(f"{column!r}: {doubt}")
        if wanted and "dates" not in draft.read:
            draft.read["dates"] = wanted


def _share(texts: pd.Series, pattern: re.Pattern[str]) -> float:
    filled = texts.dropna().head(5_000)
    return float(filled.str.fullmatch(pattern).mean()) if len(filled) else 0.0


def _fill_country(draft: Draft, job: str, table: pd.DataFrame, file: Path) -> None:
    fields = ("country", "place_code")
    declared = next((draft.columns[name][0] for name in fields if name in draft.columns), None)
    column = columns.column(table, declared) if declared else None
    texts = table[column].dropna() if column else pd.Series([], dtype="str")
    known = countries(texts)
    if len(texts) and known.notna().mean() >= COUNTRY_SHARE:
        found = sorted(known.dropna().unique())
        if len(found) <= MOST_COUNTRIES:
            draft.keys["coverage"] = found
        if job in ("series", "counts"):
            draft.constants["place_level"] = ("country", f"{column!r} holds countries")
        return
    if found_in_name := _country_in(file.stem):
        draft.keys["coverage"] = [found_in_name]
        draft.doubts.append(f"coverage: {found_in_name} guessed from the name of the file")
        if job in ("series", "counts") and "place_code" not in draft.columns:
            draft.constants["place_code"] = (found_in_name, "guessed from the name of the file")
            draft.constants["place_level"] = ("country", "as the code says")
        elif "country" in [one.name for one in fields_for(job)] and "country" not in draft.columns:
            draft.constants["country"] = (found_in_name, "guessed from the name of the file")


def _country_in(stem: str) -> str | None:
    tokens = [token for token in re.split(r"[^A-Za-zÀ-ÿ]+", stem) if token]
    named = [token for token in tokens if len(token) > 3 or (len(token) == 3 and token.isupper())]
    found = {code for token in named if (code := geography.iso3_of(token))}
    return found.pop() if len(found) == 1 else None


def _fill_words(draft: Draft, job: str, table: pd.DataFrame) -> None:
    """Code words of closed lists in ours; those that nobody knows become unknown, and are said."""
    lists = {one.name: one.words for one in fields_for(job) if one.words is not None}
    lists |= registration.WORDS if job == "registrations" else {}
    for name in [name for name in draft.columns if name in lists]:
        column = columns.column(table, draft.columns[name][0])
        if column is None or column not in table:
            continue
        legal = {word.value for word in lists[name] or ()}
        counts = table[column].dropna().value_counts().head(MOST_WORDS)
        theirs = [str(word) for word in counts.index if str(word).casefold() not in legal]
        known = {word: words.meaning(name, word) for word in theirs}
        ours = {word: meaning for word, meaning in known.items() if meaning in legal and meaning}
        strange = [word for word in theirs if word not in ours]
        said = ""
        if strange and job != "registrations":
            ours["*"] = ""
            some = ", ".join(json.dumps(word, ensure_ascii=False) for word in strange[:MOST_SAID])
            said = f"not known, so unknown until translated: {some}"
        elif strange:
            said = f"{len(strange)} words are not known and count as unknown; translate them"
        if ours:
            draft.values[name] = (ours, said)


def _fill_constants(draft: Draft, job: str, seen: kinds.Looks) -> None:
    for name, value in CONSTANTS.get(job, {}).items():
        if name not in draft.columns:
            draft.constants[name] = (value, "assumed; say what these are")
    if job == "services" and "sector" not in draft.columns and "health" in seen.words:
        draft.constants["sector"] = ("health", "the headers speak of health")
    if job == "areas":
        declared = draft.columns.get("area_code", ("", ""))[0] + seen.words
        level = re.search(r"adm(?:in)?[ _]?(\d)|name[ _](\d)", declared, re.IGNORECASE)
        draft.keys["level"] = int((level[1] or level[2]) if level else 0)
        draft.doubts.append(f"level: {draft.keys['level']} by the words of its columns and file")
    if job == "polygons":
        draft.keys["quantity"] = kinds.HAZARD_SHARES[0]
    if job == "series" and "reported" in draft.columns and "start" in draft.columns:
        _keep_latest(draft, seen.table)


def _keep_latest(draft: Draft, table: pd.DataFrame) -> None:
    keys = [name for name in ("place_code", "partner_code", "start") if name in draft.columns]
    named = [columns.column(table, draft.columns[name][0]) for name in keys]
    if draft.columns["reported"][0] == draft.columns["start"][0] or None in named:
        draft.columns.pop("reported")
        return
    if table.duplicated([str(name) for name in named]).any():
        draft.keys["unique"], draft.keys["latest"] = keys, "reported"
        draft.doubts.append("unique, latest: days occur in several reports; the newest counts")


def _say_what_lacks(draft: Draft, job: str, table: pd.DataFrame) -> None:
    filled = {*draft.columns, *draft.constants}
    made = {"place_id", "cell", "source", "row", "quantity", "geometry", "line_id"}
    placed = GEOMETRY in table or "position" in draft.columns
    made |= {"lat_deg", "lon_deg"} if placed else set()
    made |= {"level"} if "level" in draft.keys else set()
    for one in fields_for(job):
        if one.required and one.name not in filled | made:
            draft.doubts.append(f"{one.name} is needed and no column was recognised for it")
    if job == "series" and not draft.measures:
        draft.doubts.append("measures: no column of numbers was recognised; declare them")
