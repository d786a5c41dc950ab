"""GPX 1.1 for handhelds: places as waypoints, tracks and corridors as tracks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from dashboard.handout.kml import name_of, told
from dashboard.handout.neutral import xml

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="Waypost" '
    'xmlns="http://www.topografix.com/GPX/1/1">'
)


def gpx(
    heading: Mapping[str, Any], at: datetime, places: Mapping[str, pd.DataFrame],
    lines: gpd.GeoDataFrame, sources: Iterable[str],
) -> bytes:  # fmt: skip
    """Waypoints and tracks; areas have no form in GPX and are left out."""
    said = [heading["audience"], heading["late"]]
    said += ["SIMULATED DATA"] if heading["simulated"] else []
    desc = "\n".join([*said, *heading["notes"], *sources, heading["disclaimer"]])
    parts = [
        f"<metadata><name>{xml(heading['title'])}</name><desc>{xml(desc)}</desc>"
        f"<time>{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</time></metadata>"
    ]
    parts += [_waypoint(kind, row) for kind, t in places.items() for row in t.to_dict("records")]
    parts += [
        _track(name, kind, shape)
        for name, kind, shape in zip(lines["name"], lines["outline"], lines.geometry, strict=True)
        if shapely.get_dimensions(shape) == 1
    ]
    return f"{HEAD}{''.join(parts)}</gpx>".encode()


def _waypoint(kind: str, row: Mapping[str, Any]) -> str:
    known = row.get("date")
    is_date = isinstance(known, date) and not pd.isna(known)
    when = f"<time>{known:%Y-%m-%d}T00:00:00Z</time>" if is_date else ""
    said = "\n".join(f"{label}: {value}" for _, label, value in told(row))
    source, symbol = xml(row.get("source", "")), xml(row.get("symbol", "Flag"))
    return (
        f'<wpt lat="{row["lat_deg"]:.5f}" lon="{row["lon_deg"]:.5f}">{when}'
        f"<name>{xml(name_of(row))}</name><desc>{xml(said)}</desc><src>{source}</src>"
        f"<sym>{symbol}</sym><type>{xml(kind)}</type></wpt>"
    )


def _track(name: str, kind: str, shape: shapely.Geometry) -> str:
    segments = "".join(
        "<trkseg>"
        + "".join(f'<trkpt lat="{y:.5f}" lon="{x:.5f}"/>' for x, y in part.coords)
        + "</trkseg>"
        for part in shapely.get_parts(shape)
    )
    return f"<trk><name>{xml(name)}</name><type>{xml(kind)}</type>{segments}</trk>"
