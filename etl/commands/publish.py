"""``publish``: show a release in a PostGIS database."""

from __future__ import annotations

import argparse
import re
from typing import Any

from etl import postgis
from geo_data.errors import PublishingFailed
from geo_data.settings import AUDIENCES, Settings, secret
from geo_data.store import Store
from geo_data.view import View

KEEP = 3
_PASSWORD = re.compile(r"password\s*=|://[^/@]*:[^/@]*@", re.IGNORECASE)


def register(commands: Any) -> None:
    """Arguments of the command."""
    parser = commands.add_parser("publish", help="show a release in a PostGIS database")
    parser.add_argument("release", nargs="?", default="latest", help="name (default: latest)")
    parser.add_argument(
        "--postgis", nargs="?", const="", required=True, metavar="DSN",
        help="connection without a password; none: WAYPOST_SECRET_POSTGIS, or libpq's variables",
    )  # fmt: skip
    parser.add_argument(
        "--audience", choices=AUDIENCES, default="public", help="who reads the database"
    )
    parser.add_argument("--schema", default=postgis.SCHEMA, help="schema of the tables and views")
    parser.add_argument("--keep", type=int, default=KEEP, metavar="N", help="releases kept there")
    parser.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    parser.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Publish what the audience may see; say how many rows of each layer there are."""
    if _PASSWORD.search(asked.postgis):
        raise PublishingFailed(
            "a password on the command line can be read by everybody on this machine. Put the "
            "connection into WAYPOST_SECRET_POSTGIS, or the password into PGPASSWORD or ~/.pgpass."
        )
    store = Store(asked.store or settings.store)
    newest = store.latest()
    release = newest if asked.release == "latest" else store.release(asked.release)
    # What is protected today is protected in old releases too.
    declared = {s["source"]: s["sensitivity"] for s in newest.manifest["sources"]}
    view = View(release, asked.audience, declared_now=declared)
    kept = {release.name, *(row.name for row in store.releases()[: max(1, asked.keep)])}
    dsn = asked.postgis or secret("POSTGIS", needed=False)
    done = postgis.publish(dsn, release, view, kept, asked.schema)
    print(f"release {done.release} for {done.audience}:")
    print("\n".join(f"  {layer}_current: {rows} rows" for layer, rows in done.rows.items()))
    print("\n".join(f"  {name}: gone" for name in done.dropped))
    return 0
