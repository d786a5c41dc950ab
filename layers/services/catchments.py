"""Services shared among all who reach them, over the ways of a whole operation: 2SFCA, streamed.

The same as :func:`layers.services.access.access` with one weight inside the limit, without ever
holding the times of all hexagons to all services.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_data import grid
from layers.sar.ground import Pace
from layers.sar.network import Network
from layers.services import reach
from layers.services.access import Floats


def per_person(
    network: Network, services: pd.DataFrame, cells: grid.Cells, people: Floats, *,
    limit_h: float, pace: Pace,
) -> Floats:  # fmt: skip
    """Service points that each person of a cell has within reach, shared with all others there.

    Parameters
    ----------
    services : DataFrame
        ``lat_deg``, ``lon_deg``; one supply each. Those on no land serve nobody.
    cells, people : arrays, shape (n,)
        Where people live; NaN people count as nobody.

    Returns
    -------
    float array, shape (n,)
        0: nobody serves them. NaN: the cell is no land of the network. People times their share
        add up to the services that anybody reaches.
    """
    position = network.find(cells)
    land = position >= 0
    lives = np.zeros(len(network.cells))
    np.add.at(lives, position[land], np.nan_to_num(people)[land])
    node, supply = np.unique(reach.nodes(network, services), return_counts=True)
    share = np.zeros(len(network.cells))
    for start, away in reach.batches(network, node, limit_h, pace):
        near = np.isfinite(away)
        wanted = near @ lives
        offer = supply[start : start + len(away)].astype(np.float64)
        ratio = np.divide(offer, wanted, out=np.zeros_like(offer), where=wanted > 0)
        share += ratio @ near
    return np.where(land, share[position] if len(share) else np.nan, np.nan)
