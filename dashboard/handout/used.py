"""Which sources are in a file, and what time its hexagons speak about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from dashboard import outlines
from dashboard.handout.picture import Box, Picture
from dashboard.handout.provenance import sources_of
from geo_data import freshness
from geo_data.view import View

Account = Mapping[str, Any]
OF_TABLES = ("assets", "incidents")
"""Jobs behind the tables that a page attaches."""
_PERIOD = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?")


def accounts(view: View, picture: Picture) -> list[Account]:
    """Accounts of the sources in a picture: of its layer, places, lines and tables, in order.

    All of the operation if it holds nothing that has a source, so that no file is without any.
    """
    keys = {s["source"] for s in sources_of(view, picture.layer)} if picture.layer else set()
    for kind in picture.places:
        keys |= _of_places(view, kind, picture.box)
    for name in picture.outlines:
        keys |= outlines.sources(view, name)
    if picture.tables:
        keys |= {s["source"] for s in view.sources if s["job"] in OF_TABLES}
    return [s for s in view.sources if s["source"] in keys] or list(view.sources)


def inside(box: Box, lat_deg: Any, lon_deg: Any) -> np.ndarray:
    """Which positions lie in a box."""
    west, south, east, north = box
    lat, lon = np.asarray(lat_deg, np.float64), np.asarray(lon_deg, np.float64)
    return (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)


def period(used: Iterable[Account], at: datetime) -> str:
    """From the earliest begin to the latest end of some sources; the day of ``at`` if undated.

    >>> period([{"reference_period": "2024-11/2025-02"}, {"reference_period": "2023"},
    ...         {"reference_period": None}], datetime(2026, 11, 20))
    '2023/2025-02'
    """
    said = [str(s["reference_period"] or "") for s in used]
    ends = [(one.split("/")[0], one.split("/")[-1]) for one in said if _PERIOD.fullmatch(one)]
    if not ends:
        return f"{at:%Y-%m-%d}"
    first = min(begin for begin, _ in ends)
    return f"{first}/{max((end for _, end in ends), key=_last_day)}"


def _last_day(text: str) -> str:
    return str(freshness.reference_end(text))


def _of_places(view: View, kind: str, box: Box) -> set[str]:
    table = view.places(kind)
    return set(table.loc[inside(box, table["lat_deg"], table["lon_deg"]), "source"])
