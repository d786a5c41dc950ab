"""One window of pixels to sums per cell.

The window is filled and walked in bands of a few rows: prefix sums that are still in the cache are
read many times faster.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from etl.engine import edges
from etl.engine.lots import Lot, lots_of
from etl.engine.prefix import Filled, Room, fill
from etl.engine.sums import Sums
from etl.engine.windows import Window
from geo_data.grid import Floats

NOTHING = 1e-9
"""Share of a cell below which it is not in a window at all."""
ROUNDING = 1e-13
"""Error of an integral against the largest prefix sum."""
BAND_NUMBERS = 1 << 18
"""Prefix sums that are held at a time: two megabytes."""


class _Tally:
    """What the bands of a window add up to, for each lot."""

    def __init__(self, window: Window, lots: list[Lot]):
        self.lots = lots
        self.packs = [-(-len(c.reading.quantities()) // edges.PACK) for c in window.channels]
        self.extremes = [n for n, c in enumerate(window.channels) if c.reading.extremes]
        sizes = [len(lot.area) for lot in lots]
        self.total = [np.zeros((sum(self.packs), size, edges.WIDTH)) for size in sizes]
        self.low = [np.full((len(self.extremes), size), np.inf) for size in sizes]
        self.high = [np.full((len(self.extremes), size), -np.inf) for size in sizes]
        self.largest = np.zeros((sum(self.packs), edges.PACK))
        self.pixels = np.zeros((len(window.channels), 2), dtype=np.int64)

    def add(self, number: int, top: int, filled: Filled, values: Floats | None) -> None:
        """A band of rows of a channel."""
        self.pixels[number] += filled.legal, filled.illegal
        first = sum(self.packs[:number])
        for order, pack in enumerate(filled.packs, first):
            largest = self.largest[order, : pack.size]
            np.maximum(largest, pack.largest(), out=largest)
            for lot, total in zip(self.lots, self.total, strict=True):
                lot.walk(pack, top, total[order])
        if values is not None:
            row = self.extremes.index(number)
            for lot, low, high in zip(self.lots, self.low, self.high, strict=True):
                lot.touch(values, top, low[row], high[row])


def sums_of(window: Window, resolution: int, room: Room) -> tuple[Sums, NDArray[np.int64]]:
    """Exact sums over the part of each cell inside a window, unsorted.

    Returns
    -------
    Sums
    pixels : int array, shape (channels, 2)
        Legal and illegal ones.
    """
    lots = lots_of(window, resolution)
    tally = _Tally(window, lots)
    rows, columns = window.shape
    high = max(8, BAND_NUMBERS // (columns + 1) // edges.PACK)
    for top in range(0, rows, high):
        band = slice(top, min(top + high, rows))
        for number, channel in enumerate(window.channels):
            values = None
            if channel.reading.extremes:
                values = room.take("values", (band.stop - top) * columns).reshape(-1, columns)
            inside = None if channel.inside is None else channel.inside[band]
            filled = fill(
                channel.raw[band], channel.reading, channel.weight[band], inside, room, values
            )
            tally.add(number, top, filled, values)
    sizes = [
        min(edges.PACK, len(channel.reading.quantities()) - first)
        for channel in window.channels
        for first in range(0, len(channel.reading.quantities()), edges.PACK)
    ]
    return Sums.joined([_sums(window, tally, n, sizes) for n in range(len(lots))]), tally.pixels


def _sums(window: Window, tally: _Tally, number: int, sizes: list[int]) -> Sums:
    """Sums of the cells of a lot that lie in the window, without what is only rounding."""
    lot, total = tally.lots[number], tally.total[number]
    area, extent = np.abs(lot.area), total[0, :, edges.PACK]
    there = np.abs(extent) > NOTHING * area + ROUNDING * window.shape[1]
    keep, cells = lot.chosen(np.flatnonzero(there & (area > 0)))
    sign = np.sign(lot.area[keep])
    quantity = np.empty((len(keep), sum(sizes)))
    first = 0
    for pack, size in enumerate(sizes):
        part = total[pack].take(keep, axis=0)[:, :size] * sign[:, np.newaxis]
        part *= np.abs(part) > ROUNDING * tally.largest[pack, :size]
        quantity[:, first : first + size] = part
        first += size
    low, high = tally.low[number][:, keep].T, tally.high[number][:, keep].T
    bottom = lot.bottom[keep] + window.rows[0]
    return Sums(cells, quantity, extent[keep] * sign, area[keep], bottom, low, high)
