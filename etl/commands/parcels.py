"""``export`` and ``import``: a release as one file, for a place without a network."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geo_data import parcel, unpacking
from geo_data.settings import Settings
from geo_data.store import Store


def register(commands: Any) -> None:
    """Arguments of both commands."""
    out = commands.add_parser("export", help="write a release to one file, for the cell only")
    out.add_argument("release", help="name, or: latest")
    out.add_argument("--to", type=Path, required=True, metavar=f"FILE{parcel.SUFFIX}")
    out.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    out.set_defaults(do=export)
    into = commands.add_parser("import", help="publish a release from such a file")
    into.add_argument("file", type=Path)
    into.add_argument("--expect", default="", help="fingerprint told at export")
    into.add_argument("--store", help="folder or s3://bucket/prefix of the releases")
    into.set_defaults(do=import_)


def export(asked: argparse.Namespace, settings: Settings) -> int:
    """Write the file; print the fingerprint."""
    store = Store(asked.store or settings.store)
    release = store.latest() if asked.release == "latest" else store.release(asked.release)
    told = parcel.write(release, asked.to)
    print(f"{asked.to}: release {release.name}\n{parcel.NOTE}fingerprint {told}")
    return 0


def import_(asked: argparse.Namespace, settings: Settings) -> int:
    """Check the file, publish its release; a second time changes nothing."""
    store = Store(asked.store or settings.store)
    release, new = unpacking.read(
        store, asked.file, max_bytes=settings.max_bytes, expect=asked.expect
    )
    print(f"release {release.name} {'imported' if new else 'is in the store already'}")
    return 0
