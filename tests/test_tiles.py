"""Tiles: every hexagon arrives where it belongs, in the shape that H3 gives it."""

import gzip
import math
import struct
from dataclasses import dataclass

import h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.tiles import TileGrid, copies, encode

OUTSIDE, UNKNOWN = 255, 254


@dataclass
class Decoded:
    """A tile as a reader of the format description would read it."""

    res: int
    exact: bool
    centres: np.ndarray
    classes: np.ndarray
    polygons: list[np.ndarray]


def positions(body: bytes, at: int, count: int, lag: int) -> np.ndarray:
    """Two planes of differences, one number after the other."""
    numbers = struct.unpack_from(f"<{2 * count}h", body, at)
    planes = [list(numbers[:count]), list(numbers[count:])]
    for plane in planes:
        for place in range(lag, count):
            plane[place] = (plane[place] + plane[place - lag] + 32768) % 65536 - 32768
    return np.array(planes, dtype=float).T


def decoded(body: bytes) -> Decoded:
    count, res, mode, unit = struct.unpack("<IBBH", body[:8])
    at = 8 if mode else 32
    centres = positions(body, at, count, 1) / unit
    at += 4 * count
    classes = np.frombuffer(body, "u1", count, at)
    at += count
    if not mode:
        shape = np.frombuffer(body, "<i2", 12, 8).reshape(-1, 2) / unit
        assert at == len(body)
        return Decoded(res, False, centres, classes, [centre + shape for centre in centres])
    counts = np.frombuffer(body, "u1", count, at)
    vertices = positions(body, at + count, int(counts.sum()), 6) / unit
    vertices += np.repeat(centres, counts, axis=0)
    assert at + count + 4 * len(vertices) == len(body)
    return Decoded(res, True, centres, classes, np.split(vertices, np.cumsum(counts)[:-1]))


def pixel(lat: float, lon: float, z: int) -> tuple[float, float]:
    """Web Mercator by hand, in pixels of 256-pixel tiles."""
    world = 256 * 2**z
    stretched = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    return (lon / 360 + 0.5) * world, (0.5 - stretched / (2 * math.pi)) * world


def cell_under(x: float, y: float, z: int, res: int) -> str:
    world = 256 * 2**z
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / world))))
    return h3.latlng_to_cell(lat, (x / world) % 1 * 360 - 180, res)


def disk(lat: float, lon: float, res: int, rings: int) -> list[str]:
    return h3.grid_disk(h3.latlng_to_cell(lat, lon, res), rings)


def grid_of(cells: list[str]) -> TileGrid:
    return TileGrid.of(np.array([h3.str_to_int(cell) for cell in cells], dtype=np.int64))


def tile_at(lat: float, lon: float, z: int) -> tuple[int, int]:
    x, y = pixel(lat, lon, z)
    return int(x // 256), int(y // 256)


def drawn(grid: TileGrid, z: int, x: int, y: int) -> Decoded | None:
    """One tile with all cells in class 1."""
    body = encode(grid, grid.tile(z, x, y), np.ones(len(grid.cells), np.uint8), z, x, y)
    return decoded(body) if body else None


def worst_px(cells: list[str], tile: Decoded, z: int, x: int, y: int) -> float:
    """Largest distance of a drawn vertex from the nearest true vertex of its cell."""
    worst = 0.0
    for centre, polygon in zip(tile.centres, tile.polygons, strict=True):
        cell = cell_under(centre[0] + x * 256, centre[1] + y * 256, z, tile.res)
        assert cell in cells
        true = np.array([pixel(lat, lon, z) for lat, lon in h3.cell_to_boundary(cell)])
        gap = true[None] - (polygon + [x * 256, y * 256])[:, None]
        gap[..., 0] -= np.round(gap[..., 0] / (256 * 2**z)) * 256 * 2**z  # the short way round
        apart = np.linalg.norm(gap, axis=2)
        worst = max(worst, apart.min(axis=1).max(), apart.min(axis=0).max())
    return worst


@settings(max_examples=60, deadline=None)
@given(
    lat=st.floats(-80, 80),
    lon=st.floats(-180, 179.99),
    z=st.integers(0, 12),
    res=st.integers(3, 7),
)
def test_a_cell_is_in_the_tile_of_its_centre(lat: float, lon: float, z: int, res: int):
    """Anywhere on Earth, at any zoom, a cell is found in the tile that holds its centre."""
    cells = disk(lat, lon, res, 1)
    grid = grid_of(cells)
    for place, cell in enumerate(cells):
        assert place in grid.tile(z, *tile_at(*h3.cell_to_latlng(cell), z))


@settings(max_examples=60, deadline=None)
@given(lat=st.floats(-80, 80), lon=st.floats(-179, 179), z=st.integers(2, 11))
def test_a_cell_is_in_every_tile_that_a_vertex_lies_in(lat: float, lon: float, z: int):
    """Also the tiles that a hexagon only touches get it, be it larger or smaller than the tile."""
    cell = h3.latlng_to_cell(lat, lon, 5)
    grid = grid_of([cell])
    for vertex in h3.cell_to_boundary(cell):
        assert grid.tile(z, *tile_at(*vertex, z)).tolist() == [0]


def test_a_tile_far_away_is_empty():
    """Nothing to draw is None, not an empty message."""
    grid = grid_of(disk(33, 12, 6, 4))
    assert drawn(grid, 8, *tile_at(-33, 12, 8)) is None


def test_no_cells_at_all():
    """A layer without any cell draws nothing."""
    assert drawn(TileGrid.of(np.array([], dtype=np.int64)), 0, 0, 0) is None


@pytest.mark.parametrize(("res", "z"), [(3, 2), (5, 6), (6, 7), (7, 9), (8, 10), (9, 13)])
def test_the_cell_comes_back_from_its_centre(res: int, z: int):
    """No ids travel: position and resolution recover every cell, each sent once."""
    cells = disk(33.2, 11.5, res, 12)
    grid, (x, y) = grid_of(cells), tile_at(33.2, 11.5, z)
    tile = drawn(grid, z, x, y)
    found = [cell_under(cx + x * 256, cy + y * 256, z, res) for cx, cy in tile.centres]
    expected = {cells[place] for place in grid.tile(z, x, y)}
    assert set(found) == expected and len(set(found)) == len(found)


def test_outside_coverage_is_never_sent_and_unknown_is():
    """255 stays on the server, 254 arrives as 254."""
    cells = disk(33, 12, 6, 2)
    grid, (x, y) = grid_of(cells), tile_at(33, 12, 5)
    classes = np.full(len(cells), OUTSIDE, np.uint8)
    assert encode(grid, grid.tile(5, x, y), classes, 5, x, y) is None
    classes[3] = UNKNOWN
    tile = decoded(encode(grid, grid.tile(5, x, y), classes, 5, x, y))
    assert tile.classes.tolist() == [UNKNOWN]
    assert cell_under(*(tile.centres[0] + [x * 256, y * 256]), 5, 6) == cells[3]


@pytest.mark.parametrize("z", [2, 3, 4, 5])
def test_shapes_are_exact_when_zoomed_out(z: int):
    """Below zoom 6 every vertex lies within 0.1 pixel of the true one."""
    cells, (x, y) = disk(60, 25, z, 10), tile_at(60, 25, z)
    tile = drawn(grid_of(cells), z, x, y)
    assert tile.exact and worst_px(cells, tile, z, x, y) < 0.1


@settings(max_examples=25, deadline=None)
@given(lat=st.floats(-70, 75), lon=st.floats(-180, 179.99), z=st.integers(6, 11))
def test_one_shape_for_all_is_at_most_half_a_pixel_wrong(lat: float, lon: float, z: int):
    """Wherever one hexagon stands for all, nobody can see the difference."""
    cells, (x, y) = disk(lat, lon, min(z - 1, 8), 6), tile_at(lat, lon, z)
    tile = drawn(grid_of(cells), z, x, y)
    rounding = 2 * math.hypot(1, 1) / 64
    assert worst_px(cells, tile, z, x, y) <= 0.5 + rounding


def test_most_tiles_cost_five_bytes_a_cell():
    """Inside a face of the icosahedron one shape serves all: 32 bytes and 5 for each cell."""
    grid, (x, y) = grid_of(disk(33.2, 11.5, 8, 30)), tile_at(33.2, 11.5, 10)
    index = grid.tile(10, x, y)
    body = encode(grid, index, np.zeros(len(grid.cells), np.uint8), 10, x, y)
    assert len(body) == 32 + 5 * len(index) and len(index) > 500


@pytest.mark.parametrize(("res", "z", "most"), [(8, 10, 0.7), (7, 9, 0.9), (8, 11, 1.1)])
def test_positions_compress_to_a_fraction_of_a_byte(res: int, z: int, most: float):
    """A full tile of one class, packed as a server packs it: under a fifth of its plain size."""
    grid, (x, y) = grid_of(disk(33.2, 11.5, res, 60)), tile_at(33.2, 11.5, z)
    index = grid.tile(z, x, y)
    body = encode(grid, index, np.zeros(len(grid.cells), np.uint8), z, x, y)
    assert len(gzip.compress(body, 5)) / len(index) < most


def test_a_tile_to_the_byte():
    """One cell, written by hand: head, its hexagon about its centre, the centre, the class."""
    cell, z = disk(33.2, 11.5, 6, 0)[0], 8
    grid, (x, y) = grid_of([cell]), tile_at(33.2, 11.5, z)
    cx, cy = pixel(*h3.cell_to_latlng(cell), z)
    ring = [pixel(lat, lon, z) for lat, lon in h3.cell_to_boundary(cell)]
    shape = [round(32 * part) for vx, vy in ring for part in (vx - cx, vy - cy)]
    centre = [round(32 * (cx - 256 * x)), round(32 * (cy - 256 * y))]
    expected = struct.pack("<IBBH12h2hB", 1, 6, 0, 32, *shape, *centre, 7)
    assert encode(grid, np.array([0]), np.array([7], np.uint8), z, x, y) == expected


@pytest.mark.parametrize(("res", "corners"), [(4, 5), (6, 5), (5, 10)])
def test_pentagons_keep_their_shape(res: int, corners: int):
    """Five vertices; at odd resolutions H3 adds five where the sides cross a face's edge."""
    pentagon = h3.get_pentagons(res)[4]
    lat, lon = h3.cell_to_latlng(pentagon)
    cells, (x, y) = h3.grid_disk(pentagon, 3), tile_at(lat, lon, res + 2)
    tile = drawn(grid_of(cells), res + 2, x, y)
    grid = grid_of(cells)
    places = copies(grid, grid.tile(res + 2, x, y), res + 2, x, y)[0].tolist()
    assert len(tile.polygons[places.index(cells.index(pentagon))]) == corners
    assert worst_px(cells, tile, res + 2, x, y) < 0.1


def test_a_cell_on_the_antimeridian_is_drawn_on_both_sides():
    """The first and the last tile of a row both show it, each where it belongs."""
    cell = h3.latlng_to_cell(0.2, 180, 4)
    grid, z = grid_of([cell]), 6
    east, west = drawn(grid, z, 2**z - 1, 31), drawn(grid, z, 0, 31)
    assert abs(east.centres[0][0] - 256) < 40 and abs(west.centres[0][0]) < 40
    assert east.centres[0][0] - west.centres[0][0] == pytest.approx(256, abs=1 / 16)
    assert np.ptp(east.polygons[0][:, 0]) < 60


def test_the_whole_world_in_one_tile_repeats_the_antimeridian():
    """At zoom 0 a cell on the seam appears at the left and at the right edge."""
    tile = drawn(grid_of([h3.latlng_to_cell(0.2, 180, 3)]), 0, 0, 0)
    assert sorted(round(x / 256) for x, _ in tile.centres) == [0, 1]


def test_a_hexagon_much_larger_than_the_tile_still_fits():
    """Units become coarser instead of running over: the hexagon covers the whole tile."""
    lat, lon = h3.cell_to_latlng(h3.latlng_to_cell(33, 12, 3))
    z, cells = 13, disk(33, 12, 3, 0)
    tile = drawn(grid_of(cells), z, *tile_at(lat, lon, z))
    low, high = tile.polygons[0].min(axis=0), tile.polygons[0].max(axis=0)
    assert (low < -1000).all() and (high > 1000).all()


def test_a_hopeless_zoom_says_so():
    """A hexagon of the coarsest resolution at the deepest zoom cannot be written."""
    grid, (x, y) = grid_of(disk(33, 12, 3, 0)), tile_at(33, 12, 18)
    with pytest.raises(ValueError, match="zoom 18 is too deep for cells of resolution 3"):
        encode(grid, np.array([0]), np.zeros(1, np.uint8), 18, x, y)


def test_cells_of_different_resolutions_are_refused():
    """One grid, one resolution."""
    with pytest.raises(ValueError, match="one resolution"):
        grid_of([h3.latlng_to_cell(0, 0, 4), h3.latlng_to_cell(0, 0, 5)])
