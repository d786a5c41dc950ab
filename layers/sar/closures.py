"""A network where some cells have become impassable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from geo_data import grid
from layers.sar import distance, legs
from layers.sar.network import Network


def without(network: Network, closed: grid.Cells) -> Network:
    """The network where nobody passes some cells; they stay in it without any leg.

    A leg goes where an end or the straight line between its ends lies in a closed cell.
    """
    shut = np.isin(network.cells, np.asarray(closed, dtype=np.int64))
    kept = np.flatnonzero(~shut)
    ways = sparse.triu(network.length_km.tocsr()[kept][:, kept]).tocoo()
    cells = network.cells[kept]
    lat_deg, lon_deg = grid.centres_of(cells)
    up = distance.normals(lat_deg=lat_deg, lon_deg=lon_deg)
    clear = legs.clear(cells, up, ways.row, ways.col)
    start, end = kept[ways.row[clear]], kept[ways.col[clear]]
    length, *paces = (
        legs.both_ways(start, end, np.asarray(one[start, end]).ravel(), len(network.cells))
        for one in (network.length_km, *network.by_pace.values())
    )
    part = csgraph.connected_components(length, directed=False)[1]
    slowed = dict(zip(network.by_pace, paces, strict=True))
    return replace(network, length_km=length, part=part, by_pace=slowed)
