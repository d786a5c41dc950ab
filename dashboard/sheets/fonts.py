"""Which installed fonts a sheet may use; a script that none of them has is said, not boxed."""

from __future__ import annotations

import re
from functools import lru_cache

import typst

from geo_data.errors import FontMissing

LATIN = ("Noto Sans", "DejaVu Sans", "Liberation Sans")
ARABIC = ("Noto Sans Arabic", "Noto Naskh Arabic", "Noto Kufi Arabic", "DejaVu Sans", "Amiri")
PACKAGE = "fonts-noto-core (or fonts-dejavu-core)"
EMBEDDED = "Libertinus Serif"
"""Comes with Typst: Latin letters always print."""
_ARABIC_LETTERS = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")


def families(text: str) -> tuple[str, ...]:
    """Families for a text, the preferred one first.

    Raises
    ------
    FontMissing
        If the text has Arabic letters and no installed font is known to have them.
    """
    known = installed()
    latin = [name for name in LATIN if name in known]
    arabic = [name for name in ARABIC if name in known]
    if _ARABIC_LETTERS.search(text) and not arabic:
        raise FontMissing("Arabic", ARABIC, PACKAGE)
    return tuple(dict.fromkeys([*latin, *arabic, EMBEDDED]))


@lru_cache(maxsize=1)
def installed() -> frozenset[str]:
    """Families of the system and of Typst; a font installed later needs a restart."""
    return frozenset(typst.Fonts().families())
