"""Settings of one deployment: name, default, meaning. Read from the environment in one place."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from geo_data import location
from geo_data.errors import SettingInvalid

AUDIENCES = ("public", "partner", "cell")
WORDS = {"WAYPOST_AUDIENCE": AUDIENCES, "WAYPOST_SANDBOX": ("on", "off")}
HARMLESS = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH", "NUMBA_CACHE_DIR")
"""What a process may know that reads other people's files; none of it is a secret."""
LOOPBACK = ("", "localhost", "127.0.0.1", "::1")
SCHEDULER = re.compile(r"(tcp|tls)://\S+:\d+")
TILES = re.compile(r"https://[\w.:-]+/([\w.~%/?=&:,@+-]|\{[zxy]\})+", re.ASCII)
EXECUTORS = ("alone", "threads", "processes")

MEANING: dict[str, str] = {
    "WAYPOST_STORE": "folder of the releases, or s3://bucket/prefix (default: store)",
    "WAYPOST_WORK": "folder of what runs keep on this machine if the store is in a bucket "
    "(default: work)",
    "WAYPOST_DATA": "folder that source paths of an operation start from (default: data)",
    "WAYPOST_OPERATION": "operation file that the app builds when the store is empty "
    "(default: the demo)",
    "WAYPOST_AUDIENCE": "public, partner or cell (default: cell on loopback; on any other "
    "address the app refuses to start until it is set)",
    "WAYPOST_MAX_PIXELS": "largest raster read, width times height (default: 250000000)",
    "WAYPOST_MAX_RASTER_BYTES": "largest raster read when unpacked, width times height times bands "
    "times bytes of a number (default: 4000000000)",
    "WAYPOST_MAX_BYTES": "largest source file read, packed or unpacked (default: 1000000000)",
    "WAYPOST_KEEP_RELEASES": "newest releases that retention keeps (default: 30)",
    "WAYPOST_KEEP_DAYS": "days of which retention keeps the last release (default: 30)",
    "WAYPOST_SESSION_H": "longest time, in hours, that a screen may hold on to a release "
    "(default: 24)",
    "WAYPOST_PARSE_S": "seconds that reading one source may take (default: 600)",
    "WAYPOST_PARSE_BYTES": "memory that reading one source may take (default: 4000000000)",
    "WAYPOST_SANDBOX": "on: files are read in a limited child process without network; off: in the "
    "program itself (default: on)",
    "WAYPOST_REFRESH_S": "seconds between two looks for a new release (default: 15)",
    "WAYPOST_EXECUTOR": "who maps rasters to hexagons: alone, threads, processes, or the address "
    "of a Dask scheduler, tcp://host:port (default: threads)",
    "WAYPOST_WORKERS": "threads or processes of the executor, at most the processors of the "
    "machine (default: 2)",
    "WAYPOST_TICK_S": "seconds between two ticks started by the app itself (default: none; a timer "
    "of the system calls them)",
    "WAYPOST_FEED_MAX_S": "longest time for one feed, with all its pages (default: 900)",
    "WAYPOST_PROXY": "address of the proxy that feeds go through (default: none; proxy variables "
    "of the system are ignored)",
    "WAYPOST_LOOPBACK_FEEDS": "1 lets feeds ask this machine itself, also by plain http, for a "
    "local mirror (default: refused)",
    "WAYPOST_TILES": "address of online map tiles, https with {z}, {x} and {y}, drawn under the "
    "hexagons (default: none; the map asks nobody outside)",
    "WAYPOST_TILES_CREDIT": "whose tiles they are, shown on the map; needed with WAYPOST_TILES",
    "WAYPOST_SECRET_<NAME>": "secret that a feed names; nowhere else",
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a deployment may set; the meanings stand in ``MEANING``."""

    store: str = "store"
    work: Path = Path("work")
    data: Path = Path("data")
    operation: Path | None = None
    audience: str | None = None
    max_pixels: int = 250_000_000
    max_raster_bytes: int = 4_000_000_000
    max_bytes: int = 1_000_000_000
    parse_s: int = 600
    parse_bytes: int = 4_000_000_000
    sandbox: str = "on"
    refresh_s: int = 15
    executor: str = "threads"
    workers: int = 2
    tick_s: int | None = None
    feed_max_s: int = 900
    proxy: str | None = field(default=None, repr=False)
    loopback_feeds: bool = False
    keep_releases: int = 30
    keep_days: int = 30
    session_h: int = 24
    tiles: str | None = field(default=None, repr=False)
    tiles_credit: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Settings from ``WAYPOST_*`` variables; a wrong value names the variable."""
        env = os.environ if env is None else env
        given = {
            one.name: _parsed(f"WAYPOST_{one.name.upper()}", env)
            for one in fields(cls)
            if env.get(f"WAYPOST_{one.name.upper()}")
        }
        if "tiles" in given and "tiles_credit" not in given:
            raise SettingInvalid(
                "WAYPOST_TILES_CREDIT",
                None,
                "whose tiles WAYPOST_TILES shows, as their licence asks",
            )
        return cls(**given)  # type: ignore[arg-type]

    def audience_at(self, address: str | None) -> str:
        """Who may see what on a server address.

        The cell's view is the default on loopback only; a server that others can reach must say
        who they are.
        """
        if self.audience:
            return self.audience
        if (address or "") in LOOPBACK:
            return "cell"
        raise SettingInvalid(
            "WAYPOST_AUDIENCE", None, "public, partner or cell, as others can reach the server "
            f"address {address!r}",
        )  # fmt: skip


def secret(name: str, env: Mapping[str, str] | None = None, *, needed: bool = True) -> str:
    """The value of ``WAYPOST_SECRET_<name>``; no message ever holds it. Empty if not needed.

    Raises
    ------
    SettingInvalid
        If it is not set, or cannot stand in a request header.
    """
    variable = f"WAYPOST_SECRET_{name}"
    value = (os.environ if env is None else env).get(variable, "").strip()
    if not (value or needed):
        return ""
    if not value:
        raise SettingInvalid(variable, None, "the secret that the feed's declaration names")
    if not (value.isascii() and value.isprintable()):
        raise SettingInvalid(variable, "...", "printable ASCII characters without line breaks")
    return value


def harmless_environment() -> dict[str, str]:
    """The environment without anything that could be a secret."""
    return {name: os.environ[name] for name in HARMLESS if name in os.environ}


def _parsed(name: str, env: Mapping[str, str]) -> object:
    text = env[name].strip()
    if name in WORDS:
        if text not in WORDS[name]:
            raise SettingInvalid(name, text, " or ".join(WORDS[name]))
        return text
    if name == "WAYPOST_STORE":
        return str(location.at(text))
    if name in ("WAYPOST_WORK", "WAYPOST_DATA", "WAYPOST_OPERATION"):
        return Path(text)
    if name == "WAYPOST_EXECUTOR":
        if text not in EXECUTORS and not SCHEDULER.fullmatch(text):
            expected = f"{', '.join(EXECUTORS)} or the address of a Dask scheduler, tcp://host:port"
            raise SettingInvalid(name, text, expected)
        return text
    if name == "WAYPOST_TILES":
        if not TILES.fullmatch(text) or any(part not in text for part in ("{z}", "{x}", "{y}")):
            # The address may hold a key, which no message shows.
            expected = "https://... with {z}, {x} and {y} and no other braces"
            raise SettingInvalid(name, "...", expected)
        return text
    if name in ("WAYPOST_PROXY", "WAYPOST_TILES_CREDIT"):
        return text
    if name == "WAYPOST_LOOPBACK_FEEDS":
        if text not in ("0", "1"):
            raise SettingInvalid(name, text, "0 or 1")
        return text == "1"
    if not text.isdigit() or int(text) == 0:
        raise SettingInvalid(name, text, "a whole number above 0")
    return int(text)
