"""What is compiled at the first start is what a real network needs, and nothing else is later."""

import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.quantities import LAND
from geo_data.vocabulary import Medium
from layers.sar import arrivals, first_use, network
from layers.sar.kernels import search, walk

LOOPS = (search.search, walk.positions, walk.counted, walk.filled, walk.slowed, walk.parts)


def test_nothing_is_left_to_compile():
    "Another coast, three boats and a road: the loops know all of it"
    first_use.ready()
    known = [len(loop.signatures) for loop in LOOPS]
    assert min(known) > 0
    cells = grid.cells_in_box(10.0, 33.0, 13.0, 36.0, 6)
    share = np.linspace(0, 1, len(cells))
    hexagons = pd.DataFrame({"cell": cells, LAND.column: share})
    for medium in (Medium.SEA, Medium.LAND):
        made = network.build(hexagons, medium, roads=cells[-9:])
        hours, _ = arrivals.first(
            made.length_km, np.array([0, 5, 9]), start_h=np.array([0.5, 1.0, 0.0]),
            speed_km_h=np.array([40.0, 50.0, 40.0]), reach_km=np.full(3, 1e4),
        )  # fmt: skip
        assert np.isfinite(hours).any()
    assert [len(loop.signatures) for loop in LOOPS] == known
