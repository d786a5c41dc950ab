"""XML documents of known kinds, parsed without entities; the root says which kind one is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError  # noqa: S405 - types only

import pandas as pd
from defusedxml import DefusedXmlException, ElementTree

from etl.readers import cap, georss, shakemap
from etl.readers.marked import local
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

Reader = Callable[[Element, Read, str], pd.DataFrame]

ROOTS: dict[str, tuple[str, Reader]] = {
    "shakemap_grid": ("shakemap", shakemap.read),
    "alert": ("cap", cap.read),
    "EDXLDistribution": ("cap", cap.read),
    "rss": ("georss", georss.read),
    "feed": ("georss", georss.read),
    "RDF": ("georss", georss.read),
}
WANTED = {
    "shakemap": "a ShakeMap grid.xml", "cap": "a CAP alert", "georss": "an RSS or Atom feed",
    "xml": "a CAP alert, an RSS or Atom feed or a ShakeMap grid",
}  # fmt: skip


def read(path: Path, declared: Read) -> pd.DataFrame:
    """Records of a document as text columns, with geometry where its kind has any.

    Raises
    ------
    SourceUnreadable
        If it is broken, declares entities, or is not of the declared kind.
    """
    root = _root(path)
    kind, reader = ROOTS.get(local(root.tag), (None, None))
    # Alerts also travel inside feeds.
    if kind == "georss" and declared.format == "cap":
        reader = cap.read
    elif reader is None or declared.format not in ("xml", kind):
        advice = f"Declare format = {kind!r}." if kind else "Ask for the product in that format."
        raise SourceUnreadable(
            path.name, f"XML with root {local(root.tag)!r}", WANTED[declared.format], advice
        )
    return reader(root, declared, path.name)


def _root(path: Path) -> Element:
    problem: Any
    try:
        root = ElementTree.parse(path, forbid_dtd=True).getroot()
    except DefusedXmlException:
        found, advice = "XML that declares entities or a DOCTYPE", "Do not use this file."
        raise SourceUnreadable(path.name, found, "XML without them", advice) from None
    except (ParseError, ValueError, LookupError) as problem:
        raise SourceUnreadable(
            path.name, f"XML that cannot be read ({problem})", "one whole XML document",
            "Download it again.",
        ) from problem  # fmt: skip
    if root is None:
        raise SourceUnreadable(path.name, "an empty document", "XML", "Download it again.")
    return root
