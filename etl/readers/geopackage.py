"""GeoPackages are databases, and a database may hold programs; those are refused before a read."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from geo_data.errors import SourceUnreadable

# Triggers that programs write to keep the spatial index and the counts right.
OWN_TRIGGERS = re.compile(r"(rtree|gpkg|trigger|feature_count|fgti)_", re.IGNORECASE)
# Virtual tables are code; the spatial index is the only one that a layer needs.
INDEX = re.compile(r"\s*CREATE\s+VIRTUAL\s+TABLE\s+\S+\s+USING\s+rtree\b", re.IGNORECASE)
VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL\b", re.IGNORECASE)


def refuse_programs(content: Path | bytes, shown: str) -> None:
    """Refuse views, foreign triggers and virtual tables: a query in the file would run on ours.

    Raises
    ------
    SourceUnreadable
        Naming the first of them, or if the file is no whole database.
    """
    try:
        with closing(_opened(content)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            rows = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    except (sqlite3.Error, ValueError, OverflowError) as problem:
        raise SourceUnreadable(
            shown, f"a database that cannot be read ({problem})", "a whole GeoPackage",
            "Ask for the file again.",
        ) from problem  # fmt: skip
    for kind, name, text in rows:
        foreign = kind == "trigger" and not OWN_TRIGGERS.match(str(name))
        virtual = VIRTUAL.match(str(text)) and not INDEX.match(str(text))
        if kind == "view" or foreign or virtual:
            raise SourceUnreadable(
                shown, f"a {'virtual table' if virtual else kind} {str(name)[:60]!r}",
                "tables only, as what else a database holds are programs",
                "Export the layer itself, with its values, as a new GeoPackage.",
            )  # fmt: skip


def _opened(content: Path | bytes) -> sqlite3.Connection:
    if isinstance(content, bytes):
        database = sqlite3.connect(":memory:")
        database.deserialize(content)
        return database
    return sqlite3.connect(f"{content.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
