"""Which basemap a map is drawn on."""

from __future__ import annotations

from dashboard.basemap import served
from dashboard.basemap.shapes import world
from dashboard.leaflet import GroundState


def ground() -> GroundState:
    """The ground of a map in the language of this run."""
    return GroundState(url=served.address(), credit=world().credit)
