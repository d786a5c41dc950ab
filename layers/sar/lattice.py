"""Legs over the lattice of hexagons, walked from neighbour to neighbour in compiled loops.

The straight line of a leg runs through cells that follow from its direction alone, so the cells it
needs are known without geometry. Where two faces of H3 meet, hexagons are bent and some legs
along a shore are judged otherwise than by geometry. At the twelve pentagons directions fail
altogether; there :mod:`layers.sar.legs` is used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo_data import grid
from layers.sar.distance import Floats

AROUND = 6
Positions = NDArray[np.int32]


def neighbours(cells: grid.Cells) -> Positions:
    """Positions of the six neighbours of each cell, counter-clockwise; -1 where not among them.

    Parameters
    ----------
    cells : cells, ascending
        None of them a pentagon or next to one.
    """
    from layers.sar.kernels import walk

    disk = grid.disks(cells, 1)[1].reshape(-1, 1 + AROUND)
    bits = max(1, int(len(cells)).bit_length())
    return walk.positions(cells, np.ascontiguousarray(disk[:, 1:]), bits)


def legs(around: Positions, point: Floats) -> tuple[NDArray[np.int32], Positions, Floats]:
    """Legs of all cells as rows of a sparse matrix: where rows begin, ends, kilometres.

    Parameters
    ----------
    around : int array, shape (n, 6)
        As :func:`neighbours` makes it.
    point : float array, shape (n, 3)
        Centres, km from the centre of the Earth.
    """
    from layers.sar.kernels import walk

    begins = np.concatenate([[0], np.cumsum(walk.counted(around))])
    ends = np.empty(begins[-1], np.int32)
    length_km = np.empty(begins[-1], np.float64)
    walk.filled(around, point, begins, ends, length_km)
    return begins.astype(np.int32), ends, length_km


def slowed(
    around: Positions, begins: NDArray[np.int32], length_km: Floats, slowness: Floats
) -> Floats:
    """Length of each leg times the mean slowness of both ends and two cells on its way."""
    from layers.sar.kernels import walk

    out = np.empty(len(length_km), np.float64)
    walk.slowed(around, begins, length_km, slowness, out)
    return out


def parts(around: Positions) -> NDArray[np.int32]:
    """Number of the connected part that each cell belongs to, from 0."""
    from layers.sar.kernels import walk

    return np.asarray(walk.parts(around), dtype=np.int32)
