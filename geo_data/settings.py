"""Settings of one deployment: name, default, meaning. Read from the environment in one place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from geo_data.errors import SettingInvalid

AUDIENCES = ("public", "partner", "cell")
LOOPBACK = ("", "localhost", "127.0.0.1", "::1")

MEANING: dict[str, str] = {
    "WAYPOST_STORE": "folder of the releases (default: store)",
    "WAYPOST_DATA": "folder that source paths of an operation start from (default: data)",
    "WAYPOST_OPERATION": "operation file that the app builds when the store is empty "
    "(default: the demo)",
    "WAYPOST_AUDIENCE": "public, partner or cell (default: cell on loopback; on any other "
    "address the app refuses to start until it is set)",
    "WAYPOST_MAX_PIXELS": "largest raster read, width times height (default: 250000000)",
    "WAYPOST_MAX_BYTES": "largest source file read, packed or unpacked (default: 1000000000)",
    "WAYPOST_KEEP_RELEASES": "newest releases that retention keeps (default: 30)",
    "WAYPOST_KEEP_DAYS": "days of which retention keeps the last release (default: 30)",
    "WAYPOST_SESSION_H": "longest time, in hours, that a screen may hold on to a release "
    "(default: 24)",
    "WAYPOST_REFRESH_S": "seconds between two looks for a new release (default: 15)",
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a deployment may set; the meanings stand in ``MEANING``."""

    store: Path = Path("store")
    data: Path = Path("data")
    operation: Path | None = None
    audience: str | None = None
    max_pixels: int = 250_000_000
    max_bytes: int = 1_000_000_000
    refresh_s: int = 15
    keep_releases: int = 30
    keep_days: int = 30
    session_h: int = 24

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Settings from ``WAYPOST_*`` variables; a wrong value names the variable."""
        env = os.environ if env is None else env
        given = {
            field.name: _parsed(f"WAYPOST_{field.name.upper()}", env)
            for field in fields(cls)
            if env.get(f"WAYPOST_{field.name.upper()}")
        }
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


def _parsed(name: str, env: Mapping[str, str]) -> object:
    text = env[name].strip()
    if name == "WAYPOST_AUDIENCE":
        if text not in AUDIENCES:
            raise SettingInvalid(name, text, " or ".join(AUDIENCES))
        return text
    if name in ("WAYPOST_STORE", "WAYPOST_DATA", "WAYPOST_OPERATION"):
        return Path(text)
    if not text.isdigit() or int(text) == 0:
        raise SettingInvalid(name, text, "a whole number above 0")
    return int(text)
