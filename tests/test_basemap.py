"""The basemap in pieces: all land arrives once, squares fit together, and little of it travels."""

import gzip
import math
import re
from pathlib import Path

import numpy as np
import pytest
import shapely

from dashboard.basemap.pieces import DEPTHS, piece
from dashboard.basemap.served import packed, world_piece
from dashboard.basemap.shapes import Basemap, Town, world

ROOT = Path(__file__).parent.parent


def at(lat: float, lon: float, z: int) -> tuple[float, float]:
    "Web Mercator by hand, in squares from the north-western corner"
    stretched = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    return (lon / 360 + 0.5) * 2**z, (0.5 - stretched / (2 * math.pi)) * 2**z


def rings(found: dict, part: str = "land") -> list[np.ndarray]:
    "As a reader of the format description would read them"
    return [np.cumsum(np.reshape(moves, (-1, 2)), axis=0) for moves in found.get(part, [])]


def on_land(lat: float, lon: float, z: int) -> bool:
    "Even-odd: how many rings lie around a position"
    x, y = at(lat, lon, z)
    found = piece(world(), "en", z, int(x), int(y))
    point = shapely.Point((x % 1) * found["extent"], (y % 1) * found["extent"])
    return sum(shapely.Polygon(ring).buffer(0).covers(point) for ring in rings(found)) % 2 == 1


@pytest.mark.parametrize("z", [depth.z for depth in DEPTHS])
@pytest.mark.parametrize(
    ("lat", "lon", "land"),
    [(27, 17, True), (34, 18, False), (52, 13, True), (-10, -55, True), (42, 51, False), (0, -30, False)],
)  # fmt: skip
def test_land_is_land_at_every_depth(z, lat, lon, land):
    "Fezzan, the Gulf of Sirte, Berlin, the Amazon, the Caspian Sea, the Atlantic"
    assert on_land(lat, lon, z) == land


@pytest.mark.parametrize("depth", DEPTHS[1:3])
def test_neighbours_meet_without_a_gap(depth):
    "Along a common side both squares are cut at the same places, to the unit"
    side, (x, y) = depth.extent, (int(v) for v in at(33, 11, depth.z))
    left, right = (piece(world(), "en", depth.z, column, y) for column in (x - 1, x))
    cuts = [
        np.array([p[1] for ring in rings(found) for p in ring if p[0] == edge])
        for found, edge in ((left, side), (right, 0))
    ]
    apart = np.abs(cuts[0][:, None] - cuts[1])
    assert len(cuts[0]) > 3 and apart.min(axis=0).max() <= 1 and apart.min(axis=1).max() <= 1


def test_a_square_island_by_hand():
    "A square of one degree at 0 N 0 E: four corners, the first absolute, the others differences"
    island = np.array([shapely.box(0, -1, 1, 0)])
    town = Town(-0.5, 0.5, 4, "Null", {"fr": "Nul"})
    made = Basemap(
        "t", lambda part, _: island if part == "land" else island[:0], lambda: (town,), ""
    )
    found = piece(made, "fr", 2, 2, 2)
    wide = 4096 * 4 / 360
    assert found["towns"] == [[int(wide / 2), int(wide / 2), 4, "Nul"]]
    (ring,) = rings(found)
    assert sorted(map(tuple, ring.tolist())) == [(0, 0), (0, 46), (46, 0), (46, 46)]
    assert "land" not in piece(made, "fr", 2, 1, 1)


def test_a_side_of_the_file_is_no_piece():
    "Depths and squares that do not exist are refused"
    for z, x, y in ((1, 0, 0), (2, 4, 0), (2, 0, -1), (7, 0, 0)):
        with pytest.raises(KeyError):
            piece(world(), "en", z, x, y)
    with pytest.raises(KeyError):
        world_piece(world().name, "xx", 0, 0, 0)


@pytest.mark.parametrize("z", [2, 4])
def test_every_town_is_in_one_piece(z):
    "All that have room at the zooms of a depth, each once"
    depth = next(depth for depth in DEPTHS if depth.z == z)
    squares = [(x, y) for x in range(2**z) for y in range(2**z)]
    shown = [t for x, y in squares for t in piece(world(), "en", z, x, y).get("towns", [])]
    assert len(shown) == sum(t.rank <= depth.deepest_zoom for t in world().towns()) > 100


@pytest.mark.parametrize(
    ("lat", "lon", "z", "most"),
    [(33, 13, 0, 45_000), (33, 13, 2, 21_000), (36, 14, 4, 9_000), (32.9, 13.2, 6, 1_500), (38, 25, 6, 9_000)],
)  # fmt: skip
def test_a_piece_is_small(lat, lon, z, most):
    "The world, the Mediterranean, Sicily, Tripoli, the Aegean, packed as a server packs them"
    x, y = (int(v) for v in at(lat, lon, z))
    assert len(gzip.compress(packed(piece(world(), "en", z, x, y)), 5)) < most


def test_the_browser_asks_for_the_same_depths():
    "The table in the script is that of the server"
    script = (ROOT / "dashboard/static/map/basemap.js").read_text("utf-8")
    told = re.search(r"DEPTHS = (\[\[.*?\]\]);", script)[1]
    assert re.findall(r"\[(\d+), (\d+|Infinity)\]", told) == [
        (str(d.z), "Infinity" if d is DEPTHS[-1] else str(d.deepest_zoom)) for d in DEPTHS
    ]
