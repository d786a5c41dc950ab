"""Scripts and styles of the map: our parts joined into one file, so that a slow link asks once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"
PARTS = (
    "core", "hexes", "symbols", "places", "marks", "shapes", "basemap", "draw", "signs", "address",
    "stage",
)  # fmt: skip
SYMBOLS = STATIC / "map" / "symbols.json"
STATIC_URL = "/waypost/static"
LEAFLET_URL = "/vendor/leaflet"


@dataclass(frozen=True)
class Asset:
    """A file whose address changes with its content, so that browsers may keep it for ever."""

    name: str
    media_type: str
    body: bytes

    @property
    def tag(self) -> str:
        """Short fingerprint of the content."""
        return hashlib.sha256(self.body).hexdigest()[:12]

    @property
    def url(self) -> str:
        """Address on this server."""
        return f"{STATIC_URL}/{self.name}?v={self.tag}"


def _joined(paths: list[Path]) -> bytes:
    return b"\n".join(path.read_bytes() for path in paths)


def _script() -> bytes:
    """All parts; the table of symbols becomes a value of the script."""
    first, *rest = (STATIC / "map" / f"{part}.js" for part in PARTS)
    table = b"waypost.symbolTable = " + SYMBOLS.read_bytes().strip() + b";"
    return b"\n".join([first.read_bytes(), table, _joined(rest)])


SCRIPT = Asset("waypost.js", "text/javascript", _script())
STYLE = Asset("waypost.css", "text/css", _joined([STATIC / "map" / "waypost.css"]))
