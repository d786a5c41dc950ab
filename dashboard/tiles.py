"""Hexagons as map tiles: which cells touch a tile, and the bytes that the browser draws.

A tile is little-endian: ``uint32`` count, ``uint8`` resolution, ``uint8`` mode, ``uint16`` units
per pixel. A tile is 256 pixels wide and positions are ``int16`` units from its upper left corner.

- mode 0, one shape for all: ``int16[12]`` hexagon about a centre (x, y, x, y...), centres,
  ``uint8[n]`` classes; 5 bytes a cell;
- mode 1, every cell its own shape: centres, ``uint8[n]`` classes, ``uint8[n]`` vertex counts,
  vertices from their own centre. Used where one shape would be visibly wrong: below zoom 6, at
  pentagons, and where an edge of the icosahedron crosses the tile.

Positions are two planes, all x and then all y, ``int16`` each. A centre is its difference from the
centre before it, the first from the corner; a vertex is its difference from the sixth vertex before
it, the first six from their centre; all modulo 65536. Cells follow each other along the rows of the
lattice, so that differences repeat and compress to a fraction of a byte. Cell ids do not travel: a
centre and the resolution give the cell back.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import h3
import numpy as np
import shapely
from numpy.typing import NDArray

from geo_data.grid import Cells, Floats, centres_of, polygons_of, resolution_of
from geo_data.icosahedron import faces_of

Indices = NDArray[np.int64]
Keys = NDArray[np.uint64]

UNKNOWN = 254  # not observed: drawn hatched
OUTSIDE = 255  # the source does not speak about this cell: never sent
TILE_PX = 256
FINEST_UNIT = 32  # units per pixel; halved until a tile fits into int16
EXACT_BELOW_ZOOM = 6
TEMPLATE_TOLERANCE_PX = 0.5

KEY_ZOOM = 24
EARTH_RADIUS_KM = 6371.0088
# The farthest vertex of any cell on Earth is 1.10 average edges from its centre.
REACH_IN_EDGES = 1.12
CORNERS = 6
QUADS_ACROSS = 8
BLOCK = 64
"""Cells of one entry of the map index; a tile looks at that many too much at most on each end."""


@dataclass(frozen=True, eq=False)
class TileGrid:
    """Cells of one resolution, indexed for tiles. Build once per set of cells with ``of``.

    Attributes
    ----------
    cells : int64, shape (n,)
        As given; every index refers to this order.
    face : uint8, shape (n,)
        Face of the icosahedron that the whole cell lies in, or 255 if it touches an edge.

    Notes
    -----
    Beside the cells it holds 5 bytes a cell: the face, and the order along the map. Of the map
    keys only every ``BLOCK``-th is held; positions are computed for the cells of a tile.
    """

    cells: Cells
    resolution: int
    face: NDArray[np.uint8]
    _keys: Keys
    _order: NDArray[np.uint32]

    @classmethod
    def of(cls, cells: Cells) -> TileGrid:
        """Index some cells; ``ValueError`` if their resolutions differ."""
        cells = np.ascontiguousarray(cells, dtype=np.int64)
        resolution = resolution_of(cells) if len(cells) else 0
        lat, lon = centres_of(cells)
        x, y = mercator(lat_deg=lat, lon_deg=lon)
        drawn = np.flatnonzero((y >= 0) & (y < 1))
        keys = morton(*(np.floor(v[drawn] * 2**KEY_ZOOM).astype(np.uint64) for v in (x, y)))
        order = np.argsort(keys, kind="stable")
        face = faces_of(lat_deg=lat, lon_deg=lon, reach_rad=reach_rad(resolution))
        return cls(cells, resolution, face, keys[order[::BLOCK]], drawn[order].astype(np.uint32))

    def positions(self, index: Indices) -> tuple[Floats, Floats]:
        """Web-Mercator centres of some cells, 0 to 1 eastwards and southwards."""
        lat, lon = centres_of(self.cells[index])
        return mercator(lat_deg=lat, lon_deg=lon)

    def tile(self, z: int, x: int, y: int) -> Indices:
        """Indices of the cells whose hexagon may touch a tile, each once, in map order."""
        margin = self.margin(z, y)
        size = 2.0**-z
        west, east = x * size - margin, (x + 1) * size + margin
        north, south = y * size - margin, (y + 1) * size + margin
        near = self._order[self._in_quads(west, east, north, south)].astype(np.int64)
        at_x, at_y = self.positions(near)
        across = np.abs(_wrapped(at_x - (west + east) / 2))
        inside = (across <= (east - west) / 2) & (at_y >= north) & (at_y <= south)
        return near[inside]

    def margin(self, z: int, y: int) -> float:
        """How far, in Mercator units, the centre of a cell that touches this tile row may lie."""
        reach = reach_rad(self.resolution)
        edges = np.array([y, y + 1]) * 2.0**-z
        farthest = float(np.abs(_latitude_rad(edges)).max()) + 2 * reach
        return reach / (2 * np.pi * np.cos(min(farthest, np.radians(89))))

    def _in_quads(self, west: float, east: float, north: float, south: float) -> Indices:
        """Places in key order of the cells in the quadrants that a box touches."""
        depth = int(np.clip(np.floor(np.log2(QUADS_ACROSS / (east - west))), 0, KEY_ZOOM))
        count = 2**depth
        columns = np.arange(np.floor(west * count), np.floor(east * count) + 1) % count
        rows = np.arange(
            max(np.floor(north * count), 0), min(np.floor(south * count), count - 1) + 1
        )
        grid = np.meshgrid(np.unique(columns).astype(np.uint64), rows.astype(np.uint64))
        quads = np.sort(morton(grid[0].ravel(), grid[1].ravel()))
        shift = np.uint64(2 * (KEY_ZOOM - depth))
        first = np.searchsorted(self._keys, quads << shift) - 1
        stop = np.searchsorted(self._keys, (quads + np.uint64(1)) << shift)
        starts = np.maximum(first, 0)
        starts[1:] = np.maximum(starts[1:], stop[:-1])  # a block lies in several quadrants
        found = _ranges(starts * BLOCK, np.maximum(stop, starts) * BLOCK)
        return found[found < len(self._order)]


def encode(
    grid: TileGrid, index: Indices, classes: NDArray[np.uint8], z: int, x: int, y: int
) -> bytes | None:
    """Bytes of one tile.

    Parameters
    ----------
    index : int array
        Cells to draw: ``grid.tile(z, x, y)``, or part of it.
    classes : uint8, shape (n,)
        Class of every cell of the grid; 254 unknown, 255 outside coverage.

    Returns
    -------
    bytes or None
        None when there is nothing to draw.

    Raises
    ------
    ValueError
        The zoom is so deep that a hexagon of this resolution does not fit into ``int16``.
    """
    index = index[classes[index] != OUTSIDE]
    index, centres = copies(grid, index, z, x, y)
    if not len(index):
        return None
    shape = _shared_shape(grid, index, centres, z)
    values = classes[index].tobytes()
    if shape is not None:
        unit = _unit(z, grid.resolution, centres, shape)
        body = (_units(shape, unit).tobytes(), _planes(_units(centres, unit), 1), values)
    else:
        vertices, counts = _vertices(grid, index, z)
        around = np.repeat(centres, counts, axis=0)
        unit = _unit(z, grid.resolution, centres, vertices + around)
        apart = _units(vertices + around, unit) - _units(around, unit)
        body = (
            _planes(_units(centres, unit), 1),
            values + counts.astype("u1").tobytes(),
            _planes(apart, CORNERS),
        )
    head = struct.pack("<IBBH", len(index), grid.resolution, int(shape is None), unit)
    return b"".join((head, *body))


def mercator(*, lat_deg: Floats, lon_deg: Floats) -> tuple[Floats, Floats]:
    """Web-Mercator position, x in [0, 1) from 180 W eastwards, y from 85.05 N southwards."""
    sine = np.sin(np.radians(np.clip(lat_deg, -89.9, 89.9)))
    return (lon_deg / 360 + 0.5) % 1.0, 0.5 - np.arctanh(sine) / (2 * np.pi)


def morton(column: Keys, row: Keys) -> Keys:
    """Interleave the bits of two numbers below 2**32, so that a quadrant is one key range."""
    return _spread(column) | (_spread(row) << np.uint64(1))


def reach_rad(resolution: int) -> float:
    """Upper bound of the angle between centre and vertex of a cell."""
    edge_km = h3.average_hexagon_edge_length(resolution, unit="km")
    return REACH_IN_EDGES * edge_km / EARTH_RADIUS_KM


def _spread(value: Keys) -> Keys:
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333), (1, 0x5555555555555555),
    ):  # fmt: skip
        value = (value | (value << np.uint64(shift))) & np.uint64(mask)
    return value


def _ranges(starts: Indices, stops: Indices) -> Indices:
    """All integers of several half-open ranges, one after the other."""
    lengths = stops - starts
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())


def _wrapped(difference: Floats) -> Floats:
    """Difference of two x, the short way round the world: -0.5 to 0.5."""
    return (difference + 0.5) % 1.0 - 0.5


def _latitude_rad(y: Floats) -> Floats:
    return np.arctan(np.sinh(np.pi * (1 - 2 * y)))


def copies(grid: TileGrid, index: Indices, z: int, x: int, y: int) -> tuple[Indices, Floats]:
    """Cells and their centres in tile pixels, in the order of the tile.

    A cell on the antimeridian comes once for every side of it.
    """
    world = TILE_PX * 2.0**z
    margin = grid.margin(z, y) * world
    at_x, at_y = grid.positions(index)
    across, down = at_x * world - x * TILE_PX, at_y * world - y * TILE_PX
    found = [
        (index[inside], np.column_stack([across + shift, down])[inside])
        for shift in (0.0, -world, world)
        if (inside := np.abs(across + shift - TILE_PX / 2) <= TILE_PX / 2 + margin).any()
    ]
    if not found:
        return index[:0], np.empty((0, 2))
    shown, centres = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = _along_rows(grid, shown, centres, z)
    return shown[order], centres[order]


def _along_rows(grid: TileGrid, index: Indices, centres: Floats, z: int) -> Indices:
    """Order along the rows of the lattice, as far as it is straight."""
    middle = _middle(centres)
    corners, _ = _vertices(grid, index[[middle]], z)
    # The neighbours beyond two sides that meet: the sum of the corners of a side.
    steps = np.column_stack([corners[0] + corners[1], corners[1] + corners[2]])
    along, across = np.round(np.linalg.solve(steps, (centres - centres[middle]).T))
    return np.lexsort((along, across))


def _middle(centres: Floats) -> np.intp:
    return np.abs(centres - TILE_PX / 2).sum(axis=1).argmin()


def _shared_shape(grid: TileGrid, index: Indices, centres: Floats, z: int) -> Floats | None:
    """The hexagon that stands for all cells of a tile, or None if one of them would look wrong."""
    faces = grid.face[index]
    if z < EXACT_BELOW_ZOOM or faces[0] == 255 or (faces != faces[0]).any():
        return None
    middle = _middle(centres)
    # Inside one face the shape changes smoothly, so the outermost cells differ most.
    views = (*centres.T, centres.sum(axis=1), centres @ (1.0, -1.0))
    outermost = [extreme(view) for view in views for extreme in (np.argmin, np.argmax)]
    vertices, counts = _vertices(grid, index[[middle, *outermost]], z)
    if (counts != 6).any():
        return None
    shapes = vertices.reshape(-1, 6, 2)
    turned = np.stack([np.roll(shapes[0], turn, axis=0) for turn in range(6)])
    apart = np.linalg.norm(shapes[:, None] - turned, axis=3).max(axis=2).min(axis=1)
    return shapes[0] if apart.max() <= TEMPLATE_TOLERANCE_PX else None


def _vertices(grid: TileGrid, index: Indices, z: int) -> tuple[Floats, Indices]:
    """Vertices in pixels from their own centre, shape (m, 2), and how many each cell has."""
    rings, owner = shapely.get_coordinates(polygons_of(grid.cells[index]), return_index=True)
    closing = np.append(owner[1:] != owner[:-1], True)
    rings, owner = rings[~closing], owner[~closing]
    x, y = mercator(lat_deg=rings[:, 1], lon_deg=rings[:, 0])
    own = index[owner]
    at_x, at_y = grid.positions(own)
    apart = np.column_stack([_wrapped(x - at_x), y - at_y])
    return apart * (TILE_PX * 2.0**z), np.bincount(owner, minlength=len(index))


def _unit(z: int, resolution: int, *positions: Floats) -> int:
    """Units per pixel, as fine as ``int16`` allows for these positions."""
    largest = max(float(np.abs(p).max()) for p in positions)
    fitting = int(32767 / largest) if largest else FINEST_UNIT
    if fitting < 1:
        raise ValueError(f"zoom {z} is too deep for cells of resolution {resolution}")
    return min(FINEST_UNIT, 2 ** int(np.log2(fitting)))


def _units(positions: Floats, unit: int) -> NDArray[np.int16]:
    return np.round(positions * unit).astype("<i2")


def _planes(positions: NDArray[np.int16], lag: int) -> bytes:
    """Differences from the position ``lag`` before, all x and then all y."""
    apart = positions.copy()
    apart[lag:] -= positions[:-lag]
    return np.ascontiguousarray(apart.T).tobytes()
