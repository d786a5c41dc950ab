"""What is left out of a table before anybody looks at its rows: people, and what may name them."""

from __future__ import annotations

import pandas as pd

from etl import columns, personal
from etl.readers.cells import FILE, OWN, Names, Tags
from geo_data.sources import Source

# Fields of ours that hold sentences; all other free text of a provider stays outside.
TEXT_FIELDS = ("text", "activity", "cause")


def screened(raw: pd.DataFrame, source: Source) -> tuple[pd.DataFrame, list[str]]:
    """The table without personal columns and free text, and what to say of it and its file.

    Free text stays where the declaration reads a field of text from it.
    """
    names = [name for name in raw.columns if name not in OWN]
    used = {name for name in columns.provider_names(raw, source).values()}
    found = personal.columns(raw, names, raw.attrs.get("hxl", {}), used)
    shown = dict(zip(names, personal.shown_names(names), strict=True))
    said = [
        f"column {shown[n]!r} left out: may hold personal data ({why})" for n, why in found.items()
    ]
    kept_text = _text_columns(raw, source)
    rest = [name for name in names if name not in found and name not in kept_text]
    notes = [name for name in rest if personal.prose(raw[name])]
    said += [f"column {shown[n]!r} left out: free text, which may name people" for n in notes]
    dropped = {*found, *notes, *(columns.column(raw, name) for name in source.drop)}
    doubted = personal.doubtful(raw, [name for name in rest if name not in dropped])
    said += [
        f"column {shown[n]!r} may be personal ({why}); if it is, list it under drop"
        for n, why in doubted.items()
    ]
    kept = raw.drop(columns=[name for name in dropped if name is not None])
    reasons = {**found, **dict.fromkeys(notes, "free text")}
    warned = map(personal.masked, raw.attrs.get("warnings", []))
    return _masked(kept, raw, source, reasons), [*warned, *said]


def _masked(
    kept: pd.DataFrame, raw: pd.DataFrame, source: Source, reasons: dict[str, str]
) -> pd.DataFrame:
    """The table that stays, with what is said about the file without what is personal in it."""
    names = [name for name in raw.columns if name not in OWN]
    shown_files = {name: personal.masked(name) for name in kept[FILE].dropna().unique()}
    if any(name != masked for name, masked in shown_files.items()):
        kept[FILE] = kept[FILE].map(shown_files)
    listed = personal.shown_names([str(name) for name in raw.attrs.get("columns", names)])
    kept.attrs = {
        **raw.attrs, "personal": Tags(reasons), "columns": Names(listed),
        "file": personal.masked(str(raw.attrs.get("file", source.paths()[0]))),
    }  # fmt: skip
    return kept


def _text_columns(raw: pd.DataFrame, source: Source) -> set[str | None]:
    declared = [source.columns[name] for name in TEXT_FIELDS if name in source.columns]
    named = [one for names in declared for one in ([names] if isinstance(names, str) else names)]
    return {columns.column(raw, name) for name in named}
