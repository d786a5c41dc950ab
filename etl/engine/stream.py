"""A raster strip by strip: finished cells leave, only the cells on the seam stay.

A strip is mapped to sums by itself (:func:`strip_sums`), and strips are merged in their order
(:func:`merged`). Who does the mapping, and when, changes nothing: the same numbers are added in the
same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from etl.engine.frame import Frame
from etl.engine.patches import Span, outline
from etl.engine.prefix import Reading, Room
from etl.engine.sums import Sums
from etl.engine.tallies import sums_of
from etl.engine.windows import Channel, Window
from geo_data import grid
from geo_data.grid import Floats

Box = tuple[float, float, float, float]
MOST_PIXELS = 1 << 21
MOST_ROWS = 1024
SLAB_PIXELS = 1 << 22
MOST_CELLS = 100_000
WIDEST_KM = 800.0
"""A window stays so small that a polynomial describes it, and that it lies on few faces."""


class Bands(Protocol):
    """Where pixels come from; sent to other processes it must open its file there."""

    @property
    def frame(self) -> Frame:
        """Where the pixels lie."""

    @property
    def block(self) -> tuple[int, int]:
        """Rows and columns that are stored together."""

    def read(self, band: int, rows: Span, columns: Span) -> NDArray:
        """Raw numbers of a band in a window; NaN where the file masks them otherwise."""


@dataclass(frozen=True)
class Intake:
    """One band as it is taken in.

    Attributes
    ----------
    band : int
        From 1.
    weight : "none", "area" or int
        Weight of a pixel: 1, its true area in km2, or its value in another band.
    """

    band: int
    reading: Reading
    weight: Literal["none", "area"] | int = "none"
    weight_reading: Reading = Reading()


@dataclass(frozen=True)
class Plan:
    """What is to be done with a raster.

    Attributes
    ----------
    rows, columns : (first, last), half open
        The part of the raster that matters.
    area : west, south, east, north, or None
        Pixels with their centre inside are counted as legal or illegal; None: all.
    """

    resolution: int
    intakes: tuple[Intake, ...]
    rows: Span
    columns: Span
    area: Box | None = None


@dataclass(frozen=True)
class Strip:
    """Rows that are worked through together, and slabs of columns that are read together."""

    rows: Span
    slabs: tuple[tuple[Span, tuple[Span, ...]], ...]


@dataclass(frozen=True, eq=False)
class Part:
    """Result of a strip.

    Attributes
    ----------
    done : tuple of Sums
        Cells that lie wholly in one window.
    left : Sums
        The others, one row per cell.
    bottom : int
        First row after the strip.
    pixels : int array, shape (intakes, 2)
        Legal and illegal ones.
    """

    done: tuple[Sums, ...]
    left: Sums
    bottom: int
    pixels: NDArray[np.int64]


def strips(frame: Frame, block: tuple[int, int], plan: Plan) -> list[Strip]:
    """The strips of a raster, along the blocks of its file."""
    (row0, row1), (column0, column1) = plan.rows, plan.columns
    if row0 >= row1 or column0 >= column1:
        return []
    high, wide = _window_shape(frame, plan.resolution)
    block_high, block_wide = min(block[0], frame.height), min(block[1], frame.width)
    slab_wide = max(1, round(wide / block_wide)) * block_wide
    high = min(high, max(1, SLAB_PIXELS // slab_wide))
    high = high // block_high * block_high or high
    wide = min(wide, slab_wide)
    slabs = []
    for start in range(column0 - column0 % block_wide, column1, slab_wide):
        slab = max(start, column0), min(start + slab_wide, column1)
        many = -(-(slab[1] - slab[0]) // wide)
        edge = np.linspace(*slab, many + 1).round().astype(int).tolist()
        slabs.append((slab, tuple(zip(edge, edge[1:], strict=False))))
    first = row0 - row0 % high
    return [
        Strip((max(row, row0), min(row + high, row1)), tuple(slabs))
        for row in range(first, row1, high)
    ]


def strip_sums(bands: Bands, plan: Plan, strip: Strip, room: Room | None = None) -> Part:
    """All cells that a strip touches."""
    room = Room() if room is None else room
    done, left = [], []
    pixels = np.zeros((len(plan.intakes), 2), dtype=np.int64)
    for slab, windows in strip.slabs:
        wanted = {i.band for i in plan.intakes}
        wanted |= {i.weight for i in plan.intakes if isinstance(i.weight, int)}
        raw = {band: bands.read(band, strip.rows, slab) for band in sorted(wanted)}
        for columns in windows:
            part = slice(columns[0] - slab[0], columns[1] - slab[0])
            view = {band: values[:, part] for band, values in raw.items()}
            window = _window(bands.frame, plan, strip.rows, columns, view)
            found, counted = sums_of(window, plan.resolution, room)
            whole = found.complete()
            done.append(found.take(whole))
            left.append(found.take(~whole))
            pixels += counted
    return Part(tuple(done), Sums.joined(left).merged(), strip.rows[1], pixels)


def merged(parts: Iterable[Part]) -> Iterator[Sums]:
    """Finished cells, strip by strip; each cell once."""
    left: Sums | None = None
    for part in parts:
        yield from part.done
        together = part.left if left is None else Sums.joined([left, part.left]).merged()
        over = together.complete() | (together.bottom <= part.bottom)
        yield together.take(over)
        left = together.take(~over)
    if left is not None:
        yield left


def _window_shape(frame: Frame, resolution: int) -> tuple[int, int]:
    """Rows and columns of a window that is neither too many pixels nor too large on the ground."""
    wide_km, high_km = frame.pixel_km
    cell_km2 = 2.598 * grid.AVERAGE_EDGE_KM.get(resolution, 0.076) ** 2
    pixels = min(MOST_PIXELS, MOST_CELLS * cell_km2 / (wide_km * high_km))
    high = max(1, int(min(MOST_ROWS, WIDEST_KM / high_km, np.sqrt(pixels))))
    wide = max(1, int(min(pixels / high, WIDEST_KM / wide_km)))
    return high, wide


def _window(frame: Frame, plan: Plan, rows: Span, columns: Span, raw: dict[int, NDArray]) -> Window:
    shape = rows[1] - rows[0], columns[1] - columns[0]
    inside = None if plan.area is None else _inside(frame, rows, columns, plan.area)
    channels = []
    for intake in plan.intakes:
        if intake.weight == "none":
            weight: Floats = np.broadcast_to(1.0, shape)
        elif intake.weight == "area":
            weight = frame.pixel_km2(rows, columns)
        else:
            weight = _values(raw[int(intake.weight)], intake.weight_reading)
        channels.append(Channel(raw[intake.band], intake.reading, weight, inside))
    return Window(frame, rows, columns, tuple(channels))


def _values(raw: NDArray, reading: Reading) -> Floats:
    """Values of a band that serves as weight; NaN or below 0: none."""
    values = raw.astype(np.float64)
    for number in reading.nodata:
        values[np.abs(values - number) <= abs(number) * 1e-6] = np.nan
    values = values * reading.scale + reading.offset
    values[values < 0] = np.nan
    return values


def _inside(frame: Frame, rows: Span, columns: Span, area: Box) -> NDArray[np.bool_] | None:
    """Which pixel centres lie in an area; None: all."""
    west, south, east, north = area
    across = np.arange(*columns) + 0.5
    down = np.arange(*rows) + 0.5
    if frame.to_lonlat is None:
        lon = west + (frame.positions(across, np.zeros(1))[1] - west) % 360
        lat = frame.positions(np.zeros(1), down)[0]
        in_row, in_column = (lat >= south) & (lat <= north), lon <= east
        if in_row.all() and in_column.all():
            return None
        return np.logical_and.outer(in_row, in_column)
    lat, lon = frame.positions(*outline(rows, columns, 17))
    if lat.min() >= south and lat.max() <= north and lon.min() >= west and lon.max() <= east:
        return None
    lat, lon = frame.positions(*np.meshgrid(across, down))
    lon = west + (lon - west) % 360
    return (lat >= south) & (lat <= north) & (lon <= east)
