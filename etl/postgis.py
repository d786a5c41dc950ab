"""Releases in a PostGIS database, behind views that never change.

Hexagons lie there once; values of a release are one partition of one table per layer, and views
show the partitions that ``current_release`` names. All of a release appears in one transaction, so
maps and rights that others have built on the views stay.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from etl import exposed
from etl.exposed import CELLS, GEOMETRY, HEXAGONS, Exposed
from geo_data.errors import PublishingFailed
from geo_data.store import Release
from geo_data.view import View

SCHEMA = "waypost"
CURRENT, PUBLISHED, CHANNEL = "current_release", "published_release", "waypost_release"
ADVICE = "pip install 'psycopg[binary]'"


@dataclass(frozen=True)
class Published:
    """What is in the database now."""

    release: str
    audience: str
    rows: dict[str, int]
    dropped: list[str]


def publish(
    dsn: str, release: Release, view: View, kept: Collection[str], schema: str = SCHEMA
) -> Published:
    """Publish what a view shows of a release; all of it or nothing.

    Parameters
    ----------
    dsn : str
        Connection string of libpq; empty: libpq's own variables. No message holds it.
    kept : collection of str
        Releases whose partitions may stay. Those of another audience, or of a day on which a
        source was declared otherwise, go in any case.

    Raises
    ------
    PublishingFailed
        If the database cannot be reached or used, or does not hold as many rows as the release.
    """
    layers = exposed.layers(view)
    for layer in layers:
        _compare(layer, layer.rows.num_rows, release)
    with _connected(dsn) as base:
        made = _Writer(base, schema)
        made.prepare(layers)
        made.outlines(layers[0].rows["cell"].to_numpy())
        parts = {layer.name: made.loaded(layer, release) for layer in layers}
        dropped = made.shown(parts, release, view, kept)
        return Published(release.name, str(view.audience), {
            layer.name: layer.rows.num_rows for layer in layers
        }, dropped)  # fmt: skip


def _compare(layer: Exposed, found: int, release: Release) -> None:
    entry = release.tables.get(layer.source)
    expected = entry["rows"] if entry else 0
    if found != layer.rows.num_rows or found > expected or (layer.complete and found != expected):
        raise PublishingFailed(
            f"layer {layer.name}: {found} rows, the release has {expected}. Nothing was published; "
            "run: python -m etl doctor"
        )


@contextmanager
def _connected(dsn: str) -> Iterator[Any]:
    """One transaction; what goes wrong in it is said without the words of the connection."""
    try:
        import psycopg
    except ImportError:
        raise PublishingFailed(f"psycopg is not installed. Run: {ADVICE}") from None
    try:
        with psycopg.connect(dsn, connect_timeout=10) as base:
            yield base
    except psycopg.Error as problem:
        said = problem.diag.message_primary  # of the server; the client may quote the connection
        raise PublishingFailed(
            f"the database refuses: {said}. Nothing was published."
            if said
            else "the database cannot be reached. Check WAYPOST_SECRET_POSTGIS or the variables "
            "of libpq (PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD)."
        ) from None


class _Writer:
    """One publication in one open transaction."""

    def __init__(self, base: Any, schema: str):
        from psycopg import sql

        self.base, self.sql, self.schema = base, sql, schema
        base.execute("set local lock_timeout = '30s'")
        base.execute("select pg_advisory_xact_lock(hashtext(%s))", [schema])

    def run(self, statement: str, *names: str, values: Any = None) -> Any:
        """A statement of ours; a name in a gap is of our schema, with a dot before it of none."""
        gaps = [self._name(name) for name in names]
        return self.base.execute(self.sql.SQL(statement).format(*gaps), values)

    def _name(self, name: str) -> Any:
        parts = [name[1:]] if name.startswith(".") else [self.schema, name]
        return self.sql.Identifier(*parts)

    # ------------------------------------------------------------------ layout
    def prepare(self, layers: list[Exposed]) -> None:
        """Make what is not there yet: schema, tables, columns of new quantities, views."""
        if not self.run("select 1 from pg_extension where extname = 'postgis'").fetchone():
            self.run("create extension postgis")
        self.run("create schema if not exists {}", f".{self.schema}")
        self.run("create table if not exists {} (cell bigint primary key, "
                 "geom geometry(Polygon, 4326) not null)", CELLS)  # fmt: skip
        self.run("create index if not exists hex_geom_place on {} using gist (geom)", CELLS)
        self.run("create table if not exists {} (one boolean primary key check (one), release "
                 "text, at timestamptz, audience text, operation text, title text, "
                 "simulated boolean)", CURRENT)  # fmt: skip
        self.run("create table if not exists {} (release text primary key, audience text, "
                 "sources jsonb, parts jsonb, at timestamptz default now())",
                 PUBLISHED)  # fmt: skip
        for layer in layers:
            self._prepare(layer)

    def _prepare(self, layer: Exposed) -> None:
        whole = f"{layer.name}_rel"
        self.run("create table if not exists {} (release text not null) "
                 "partition by list (release)", whole)  # fmt: skip
        there = self._columns(whole)
        for name, kind in layer.columns.items():
            if name not in there:
                self.run(f"alter table {{}} add column {{}} {kind}", whole, f".{name}")
        known = [name for name in there if name not in ("release", *layer.columns)]
        wanted = ["release", *layer.columns, *known]
        if layer.name == HEXAGONS:
            wanted.insert(3, GEOMETRY)
        before = self._columns(f"{layer.name}_current")
        wanted = [*before, *(name for name in wanted if name not in before)]
        if wanted != before:
            self._show(layer.name, wanted)

    def _show(self, layer: str, columns: list[str]) -> None:
        """The view of a layer; columns are only ever added behind, so what uses it stays."""
        named = self.sql.SQL(", ").join(
            self.sql.Identifier("g" if layer == HEXAGONS and name == GEOMETRY else "r", name)
            for name in columns
        )
        cells = self.sql.SQL("join {} g using (cell)").format(self._name(CELLS))
        self.base.execute(
            self.sql.SQL(
                "create or replace view {} as select {} from {} r join {} c using (release) {}"
            ).format(
                self._name(f"{layer}_current"), named, self._name(f"{layer}_rel"),
                self._name(CURRENT), cells if layer == HEXAGONS else self.sql.SQL(""),
            )
        )  # fmt: skip

    def _columns(self, table: str) -> list[str]:
        found = self.base.execute(
            "select column_name from information_schema.columns where table_schema = %s and "
            "table_name = %s order by ordinal_position", [self.schema, table],
        )  # fmt: skip
        return [name for (name,) in found]

    # ------------------------------------------------------------------ rows
    def outlines(self, cells: np.ndarray) -> None:
        """Hexagons that are not there yet."""
        there = self.run("select cell from {} where cell = any(%s)", CELLS, values=[cells.tolist()])
        missing = np.setdiff1d(cells, np.array([cell for (cell,) in there], np.int64))
        if len(missing):
            self._copied(exposed.outlines(missing), CELLS)

    def loaded(self, layer: Exposed, release: Release) -> str:
        """A table of its own with the rows of a layer, beside the others; its name."""
        part, whole = f"{layer.name}_{uuid.uuid4().hex[:12]}", f"{layer.name}_rel"
        self.run("create table {} (like {} including defaults)", part, whole)
        self.base.execute(
            self.sql.SQL("alter table {} alter release set default {}").format(
                self._name(part), self.sql.Literal(release.name)
            )
        )
        self._copied(layer, part)
        (found,) = self.run("select count(*) from {}", part).fetchone()
        _compare(layer, found, release)
        key = "cell" if layer.name == HEXAGONS else GEOMETRY
        how = "btree" if layer.name == HEXAGONS else "gist"
        self.run(f"create index on {{}} using {how} ({{}})", part, f".{key}")
        self.run("analyze {}", part)
        return part

    def _copied(self, layer: Exposed, table: str) -> None:
        names = self.sql.SQL(", ").join(map(self.sql.Identifier, layer.columns))
        statement = self.sql.SQL("copy {} ({}) from stdin (format csv)").format(
            self._name(table), names
        )
        with self.base.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(layer.as_csv())

    # ------------------------------------------------------------------ the swap
    def shown(
        self, parts: Mapping[str, str], release: Release, view: View, kept: Collection[str]
    ) -> list[str]:
        """Let the views show a release; the releases whose partitions went."""
        sources = exposed.sensitivities(view)
        dropped = [
            name
            for name, audience, then in self._published()
            if name not in kept or audience != view.audience or not _as_strict(then, sources)
        ]
        for name in {*dropped, release.name}:
            self._drop(name)
        for layer, part in parts.items():
            self.base.execute(
                self.sql.SQL("alter table {} attach partition {} for values in ({})").format(
                    self._name(f"{layer}_rel"), self._name(part), self.sql.Literal(release.name)
                )
            )
        about = view.operation
        self.run("insert into {} values (true, %s, %s, %s, %s, %s, %s) on conflict (one) do update "
                 "set (release, at, audience, operation, title, simulated) = (excluded.release, "
                 "excluded.at, excluded.audience, excluded.operation, excluded.title, "
                 "excluded.simulated)", CURRENT, values=[
                     release.name, release.at, str(view.audience), about["key"], about["title"],
                     bool(view.manifest["simulated"])])  # fmt: skip
        self.run("insert into {} values (%s, %s, %s, %s)", PUBLISHED, values=[
            release.name, str(view.audience), json.dumps(sources), json.dumps(dict(parts))
        ])  # fmt: skip
        self.base.execute("select pg_notify(%s, %s)", [CHANNEL, release.name])
        return [name for name in dropped if name != release.name]

    def _published(self) -> list[tuple[str, str, dict[str, str]]]:
        return list(self.run("select release, audience, sources from {}", PUBLISHED))

    def _drop(self, release: str) -> None:
        gone = self.run("delete from {} where release = %s returning parts", PUBLISHED,
                        values=[release]).fetchone()  # fmt: skip
        for part in gone[0].values() if gone else ():
            self.run("drop table if exists {}", part)


def _as_strict(then: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether an older partition was made under the declarations of today."""
    return all(then[key] == level for key, level in now.items() if key in then)
