"""A first declaration of a file that nobody declared yet, with its doubts as comments.

Nothing is taken for certain without a word of how it was found: a column by its HXL tag, by a
header known for the field, or by what stands in it. Values of personal columns are never quoted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pandas as pd

from etl import columns, dates, kinds, personal, registration, soundings, synonyms, values, words
from etl.block import Draft, quoted, text
from etl.readers import GEOMETRY
from etl.soundings import Sounding
from geo_data import geography, tables
from geo_data.settings import Settings
from geo_data.sources import Source

MOST_WORDS, MOST_SAID, MOST_COUNTRIES = 40, 8, 12
DATE_PATTERNS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y",
    "%b %d, %Y", "%B %d, %Y", "%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M", "%a, %m/%d/%Y - %H:%M", "%a, %d/%m/%Y - %H:%M", "%d %b. %Y",
)  # fmt: skip
PARSED_SHARE, COUNTRY_SHARE = 0.8, 0.8
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d{1,2}|[+-]?\d+,\d{4,}|[+-]?\d{1,3}(\.\d{3})+,\d+")
CONSTANTS: dict[str, dict[str, str]] = {
    "landmarks": {"landmark_type": "place"}, "statements": {"topic": "notice"},
    "areas": {"kind": "admin"}, "lines": {"line_type": "line"},
}  # fmt: skip
# What a header says of codes and days is believed, unless surer signs of people contradict.
TRUSTED = ("date", "start", "end", "reported", "valid_from", "place_id", "area_code")
SHAPE_FIELDS = {"areas": "areas", "polygons": "lines", "lines": "lines", "basemap": "basemap"}
# One column may well be two of our fields: the code of a country is the country of an area.
SHARED = frozenset({"country", "place_name", "service_type", "name", "start", "area_name"})


def drafted(file: Path, kind: str, settings: Settings) -> str:
    """TOML of one ``[[source]]`` block for a table or a layer.

    Raises
    ------
    WaypostError
        If the file cannot be read in any way that is known.
    """
    sounding = soundings.sounded(file, kind, settings)
    draft = Draft(doubts=list(sounding.doubts))
    table, names = _without_people(sounding, draft)
    seen = kinds.looks(table, names, file.name)
    job, why = kinds.guessed(seen)
    _fill_columns(draft, job, table, names)
    if job == "areas":
        _fill_area_code(draft, names)
    if job in ("series", "counts"):
        found = kinds.measures(seen, synonyms.plain(file.stem))
        draft.measures = [(column, *how) for column, how in found.items()]
    _fill_position(draft, job, table, names)
    _fill_read(draft, sounding, table)
    _fill_country(draft, job, table, file)
    _fill_words(draft, job, table)
    _fill_constants(draft, job, seen)
    _say_what_lacks(draft, job, table)
    return text(draft, file, job, why)


def _without_people(sounding: Sounding, draft: Draft) -> tuple[pd.DataFrame, list[str]]:
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


def _fill_columns(draft: Draft, job: str, table: pd.DataFrame, names: Sequence[str]) -> None:
    hxl = table.attrs.get("hxl", {})
    taken: set[str] = set()
    people = [*draft.drop] if job == "registrations" else []
    for one in _fields(job):
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


def _fill_area_code(draft: Draft, names: Sequence[str]) -> None:
    """Shapes need a code; a bare id is the last that may be one."""
    if "area_code" not in draft.columns and (plain := synonyms.headed("place_id", names)):
        draft.columns["area_code"] = (plain[0], "the only id there is")


def _fields(job: str) -> list[tables.Field]:
    if job == "registrations":
        return list(registration.FIELDS)
    if job in SHAPE_FIELDS:
        return [f for f in tables.SHAPES[SHAPE_FIELDS[job]] if f.type == tables.TEXT][:-1]
    bare = Source(
        key="draft", title="", owner="", licence="", job=job, path="x",  # type: ignore[arg-type]
        read=msgspec.convert({"format": "delimited"}, soundings.Read),
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
        fits = len(texts) == 0 or _pattern(texts)[0] is not None
    else:
        return True
    if not fits:
        draft.doubts.append(f"{column!r} is called like {one.name}, but its cells do not fit")
    return fits


def _fill_position(draft: Draft, job: str, table: pd.DataFrame, names: Sequence[str]) -> None:
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


def _fill_read(draft: Draft, sounding: Sounding, table: pd.DataFrame) -> None:
    plain = msgspec.to_builtins(sounding.read)
    default = msgspec.to_builtins(soundings.Read(format=sounding.read.format))
    chosen = {k: v for k, v in plain.items() if v != default[k] or k == "format"}
    draft.read = {**chosen, **draft.read}
    used = [column for column, _ in draft.columns.values()] + [m[0] for m in draft.measures]
    numeric = [column for column in used if column in table]
    commas = [c for c in numeric if _share(table[c], DECIMAL_COMMA) > 1 - PARSED_SHARE]
    if commas:
        draft.read["decimal"] = ","
        draft.doubts.append(f"decimal: commas in {', '.join(map(repr, commas[:3]))}")
    days = [f.name for f in _date_fields() if f.name in draft.columns]
    for name in days:
        column = columns.column(table, draft.columns[name][0])
        pattern, doubt = _pattern(table[column].dropna()) if column else (None, "")
        if doubt:
            draft.doubts.append(f"{column!r}: {doubt}")
        if pattern and "dates" not in draft.read:
            draft.read["dates"] = pattern


def _date_fields() -> list[tables.Field]:
    found = [field for shape in tables.SHAPES.values() for field in shape]
    names = dict.fromkeys([f.name for f in found if f.type == tables.DATE] + [columns.REPORTED])
    return [tables.Field(name, tables.DATE) for name in names]


def _pattern(texts: pd.Series) -> tuple[str | None, str]:
    """Strptime pattern of a column, empty if none is needed, None if none fits; and a doubt."""
    sample = texts.head(5_000)
    days, _ = values.day(sample)
    order = dates.ordered(sample)
    if len(sample) == 0 or (days.notna() | order.days.notna()).mean() >= PARSED_SHARE:
        said = f"days as {order.order}, as {order.proofs} prove" if order.order else ""
        mixed = order.ambiguous.sum() and not order.order
        if mixed:
            said = f"{int(order.ambiguous.sum())} days could be read in two orders; declare dates"
        return "", said
    fitting = []
    for pattern in DATE_PATTERNS:
        found = pd.to_datetime(sample, format=pattern, errors="coerce")
        if found.notna().mean() >= PARSED_SHARE:
            fitting.append((float(found.notna().mean()), pattern))
    if not fitting:
        return None, ""
    best = max(share for share, _ in fitting)
    equal = [pattern for share, pattern in fitting if share == best]
    others = f"; {', '.join(equal[1:])} fits as well" if len(equal) > 1 else ""
    return equal[0], f"dates read as {equal[0]}{others}"


def _share(texts: pd.Series, pattern: re.Pattern[str]) -> float:
    filled = texts.dropna().head(5_000)
    return float(filled.str.fullmatch(pattern).mean()) if len(filled) else 0.0


def _fill_country(draft: Draft, job: str, table: pd.DataFrame, file: Path) -> None:
    fields = ("country", "place_code")
    declared = next((draft.columns[name][0] for name in fields if name in draft.columns), None)
    column = columns.column(table, declared) if declared else None
    texts = table[column].dropna() if column else pd.Series([], dtype="str")
    codes = {text: geography.iso3_of(text) for text in texts.unique()}
    known = texts.map(codes)
    if len(texts) and known.notna().mean() >= COUNTRY_SHARE:
        found = sorted({code for code in codes.values() if code})
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
        elif "country" in [one.name for one in _fields(job)] and "country" not in draft.columns:
            draft.constants["country"] = (found_in_name, "guessed from the name of the file")


def _country_in(stem: str) -> str | None:
    tokens = [token for token in re.split(r"[^A-Za-zÀ-ÿ]+", stem) if token]
    named = [token for token in tokens if len(token) > 3 or (len(token) == 3 and token.isupper())]
    found = {code for token in named if (code := geography.iso3_of(token))}
    return found.pop() if len(found) == 1 else None


def _fill_words(draft: Draft, job: str, table: pd.DataFrame) -> None:
    """Code words of closed lists in ours; those that nobody knows become unknown, and are said."""
    lists = {one.name: one.words for one in _fields(job) if one.words is not None}
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
    for one in _fields(job):
        if one.required and one.name not in filled | made:
            draft.doubts.append(f"{one.name} is needed and no column was recognised for it")
    if job == "series" and not draft.measures:
        draft.doubts.append("measures: no column of numbers was recognised; declare them")
