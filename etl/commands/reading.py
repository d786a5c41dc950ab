"""``read``: what a page of the app wants of a file that a user brings, read without trust."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from etl.commands.codes import ALL_IN, NOTHING
from etl.sandbox import Sandbox
from geo_data import uploads
from geo_data.errors import WaypostError
from geo_data.settings import Settings
from geo_data.uploads import Asked, Shape, Told

# Users of the app cannot turn the settings that the ETL names.
SETTING = re.compile(r",? or raise WAYPOST_\w+")


def register(commands: Any) -> None:
    """Arguments of the command."""
    parser = commands.add_parser("read", help="read a file that a user of the app brings")
    parser.add_argument("file", type=Path)
    parser.add_argument("--to", type=Path, required=True, help="folder for the table and the words")
    parser.add_argument("--shape", choices=get_args(Shape), default="records")
    parser.add_argument("--fields", nargs="*", default=[], help="columns wanted, by our names")
    parser.add_argument("--layer", help="layer wanted of a file that has several")
    parser.add_argument("--most-rows", type=int, default=200_000)
    parser.add_argument("--max-bytes", type=int, help="packed or unpacked")
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--memory-bytes", type=int)
    parser.set_defaults(do=do)


def do(asked: argparse.Namespace, settings: Settings) -> int:
    """Write the table and what is to be said of it; a refusal is said in the same place."""
    limits = replace(
        settings,
        max_bytes=min(asked.max_bytes or settings.max_bytes, settings.max_bytes),
        parse_s=min(asked.seconds or settings.parse_s, settings.parse_s),
        parse_bytes=min(asked.memory_bytes or settings.parse_bytes, settings.parse_bytes),
    )
    wanted = Asked(asked.shape, asked.fields, asked.layer, asked.most_rows)
    try:
        with Sandbox(limits, uploads=True) as sandbox:
            table, told = sandbox.take(asked.file, wanted)
    except WaypostError as problem:
        uploads.refuse(asked.to, Told(refused=SETTING.sub("", str(problem))))
        return NOTHING
    uploads.write(asked.to, table, told)
    return ALL_IN
