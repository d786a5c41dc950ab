"""The first use on a machine: loops are compiled while something else is waited for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.quantities import LAND
from geo_data.vocabulary import Medium
from layers.sar import arrivals, network

RINGS = 5


def ready() -> None:
    """Compile the loops of networks and arrivals on a few hexagons; kept for later processes."""
    middle = grid.cells_of(lat_deg=[30.0], lon_deg=[12.0], resolution=6)
    cells = np.unique(grid.disks(middle, RINGS)[1])
    for medium, land in ((Medium.SEA, 0.0), (Medium.LAND, 1.0)):
        hexagons = pd.DataFrame({"cell": cells, LAND.column: land})
        made = network.build(hexagons, medium, roads=cells[:3])
        one = np.ones(1)
        arrivals.first(
            made.length_km, np.zeros(1, np.int64), start_h=one, speed_km_h=one, reach_km=one
        )
