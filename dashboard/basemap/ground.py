"""Which basemap a map is drawn on."""

from __future__ import annotations

from dashboard import access
from dashboard.basemap.own import basemap_of
from dashboard.basemap.served import address
from dashboard.leaflet import GroundState
from geo_data.view import View


def ground(view: View, *, online: bool = False) -> GroundState:
    """The ground of the maps of a release, in the language of this run.

    Parameters
    ----------
    online : bool
        Whether the tiles of the settings may be drawn, if there are any.
    """
    basemap, set_up = basemap_of(view), access.settings()
    tiles = (set_up.tiles or "") if online else ""
    credit = (set_up.tiles_credit or "") if tiles else ""
    return GroundState(
        url=address(basemap), credit=basemap.credit, tiles=tiles, tiles_credit=credit
    )
