"""Distances and the travel graph, against geodesics and real sea distances."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csgraph
from shapely import affinity

from geo_data import geography, grid
from geo_data.vocabulary import Medium
from layers.sar import distance, network

LAMPEDUSA = grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=6)
PORTS = {
    "Messina": (38.195, 15.57), "Palermo": (38.130, 13.372), "Catania": (37.50, 15.095),
    "Patras": (38.25, 21.72), "Piraeus": (37.94, 23.62),
}  # fmt: skip


def open_sea(rings):
    """Hexagons round Lampedusa without any land."""
    cells = np.sort(grid.disks(LAMPEDUSA, rings)[1])
    return pd.DataFrame({"cell": cells, "land_share": np.zeros(len(cells), np.float32)})


def real_sea(west, south, east, north, **more):
    """Network of the sea in a box, its land share by intersection with the coastline."""
    cells = grid.cells_in_box(west, south, east, north, 6)
    hexagons = grid.polygons_of(cells)
    coast = geography.land().geometry.to_numpy()
    coast = shapely.union_all(shapely.clip_by_rect(coast, west - 1, south - 1, east + 1, north + 1))
    shapely.prepare(coast)
    share = shapely.covers(coast, hexagons).astype(float)
    shore = shapely.intersects(coast, hexagons) & (share == 0)
    inside = shapely.intersection(hexagons[shore], coast)
    share[shore] = shapely.area(inside) / shapely.area(hexagons[shore])
    return network.build(pd.DataFrame({"cell": cells, "land_share": share}), Medium.SEA, **more)


def sea_nm(sea, start, end):
    """Shortest way between the sea cells nearest to two ports, nautical miles."""
    return shortest_nm(sea, PORTS[start], PORTS[end])


def shortest_nm(sea, *ends):
    """Shortest way between the sea cells nearest to two positions."""
    lat, lon = grid.centres_of(sea.cells)
    nodes = [
        distance.distance_km(lat_deg=at[0], lon_deg=at[1], to_lat_deg=lat, to_lon_deg=lon).argmin()
        for at in ends
    ]
    return csgraph.dijkstra(sea.length_km, indices=nodes[0])[nodes[1]] / 1.852


@pytest.mark.parametrize(
    ("start", "end", "nm", "within"),
    [
        ((35.900, 14.518), (35.497, 12.605), 96.55, 0.01),
        ((32.905, 13.185), (35.497, 12.605), 157.91, 0.01),
        ((36.80, 10.31), (38.130, 13.372), 166.56, 0.01),
        ((44.40, 8.92), (45.43, 12.34), 158.36, 0.01),
        ((36.14, -5.36), (31.26, 32.31), 1896.25, 0.2),
    ],
)
def test_great_circles(start, end, nm, within):
    """WGS84 geodesics in nautical miles, computed with another program"""
    km = distance.distance_km(
        lat_deg=start[0], lon_deg=start[1], to_lat_deg=end[0], to_lon_deg=end[1]
    )
    assert km / 1.852 == pytest.approx(nm, abs=within)


def test_distance_across_the_date_line():
    """One degree of longitude on the equator is 111.3195 km, also from 179.5 E to 179.5 W"""
    km = distance.distance_km(lat_deg=0, lon_deg=179.5, to_lat_deg=0, to_lon_deg=-179.5)
    assert km == pytest.approx(111.3195, abs=1e-3)


def test_passable_shares():
    """A third of land is open to both, unknown land to neither, and aircraft go anywhere"""
    land = np.array([0.0, 0.6, 0.9, 1.0, np.nan], dtype=np.float32)
    assert network.passable(land, Medium.SEA).tolist() == [True, True, False, False, False]
    assert network.passable(land, Medium.LAND).tolist() == [False, True, True, True, False]
    assert network.passable(land, Medium.AIR).all()


def test_open_water_metric():
    """36 legs a cell make paths at most 1.6 % and on average 0.72 % too long"""
    pyproj = pytest.importorskip("pyproj")
    sea = network.build(open_sea(32), Medium.SEA)
    node = int(sea.find(LAMPEDUSA)[0])
    path_km = csgraph.dijkstra(sea.length_km, indices=node)
    lat, lon = grid.centres_of(sea.cells)
    far = np.isin(sea.cells, grid.disks(LAMPEDUSA, 19)[1], invert=True)
    here = np.full(far.sum(), lat[node]), np.full(far.sum(), lon[node])
    straight_m = pyproj.Geod(ellps="WGS84").inv(here[1], here[0], lon[far], lat[far])[2]
    ratio = path_km[far] * 1000 / straight_m
    assert ratio.min() > 1 - 1e-6
    assert ratio.max() <= 1.016
    assert ratio.mean() == pytest.approx(1.0072, abs=5e-4)


def test_legs_of_a_cell_amid_the_sea():
    """3 + 6 + 9 neighbours a side, twice: 36 legs, of the same length both ways"""
    sea = network.build(open_sea(6), Medium.SEA)
    node = int(sea.find(LAMPEDUSA)[0])
    assert np.diff(sea.length_km.indptr)[node] == 36
    assert abs(sea.length_km - sea.length_km.T).max() == 0


def test_order_of_rows_does_not_matter():
    """The same network, bit for bit, from shuffled hexagons"""
    hexagons = open_sea(8)
    sea = network.build(hexagons, Medium.SEA)
    other = network.build(hexagons.sample(frac=1, random_state=1), Medium.SEA)
    assert (sea.cells == other.cells).all()
    assert (sea.length_km != other.length_km).nnz == 0


@settings(max_examples=25, deadline=None)
@given(angle=st.floats(0, np.pi), offset=st.floats(-0.2, 0.2))
def test_no_leg_jumps_a_wall(angle, offset):
    """A row of land one hexagon thick parts the sea in two, whatever its direction"""
    hexagons = open_sea(10)
    along = np.array([np.cos(angle), np.sin(angle)])
    middle = np.array([12.6, 35.5]) + offset * np.array([-along[1], along[0]])
    wall = shapely.LineString([middle - 3 * along, middle + 3 * along])
    blocked = shapely.intersects(grid.polygons_of(hexagons["cell"]), wall)
    sea = network.build(hexagons.assign(land_share=blocked.astype(float)), Medium.SEA)
    lat, lon = grid.centres_of(sea.cells)
    side = np.sign((lon - middle[0]) * along[1] - (lat - middle[1]) * along[0])
    assert len(sea.cells) + blocked.sum() == len(hexagons)
    ends = sea.length_km.tocoo()
    assert (side[ends.row] == side[ends.col]).all()


def test_legs_round_a_rock():
    """One hexagon of land closes every leg that runs through it or along its side, no other"""
    calm = open_sea(6)
    rock = calm.assign(land_share=(calm["cell"] == LAMPEDUSA[0]).astype(float))
    ends, kept = (
        {(sea.cells[a], sea.cells[b]) for a, b in zip(*sea.length_km.nonzero(), strict=True)}
        for sea in (network.build(calm, Medium.SEA), network.build(rock, Medium.SEA))
    )
    legs = np.array([leg for leg in ends if LAMPEDUSA[0] not in leg])
    (lat, lon), (to_lat, to_lon) = grid.centres_of(legs[:, 0]), grid.centres_of(legs[:, 1])
    lines = shapely.linestrings(np.stack([lon, to_lon], 1), np.stack([lat, to_lat], 1))
    shape = affinity.scale(grid.polygons_of(LAMPEDUSA)[0], 1.03, 1.03)
    clear = ~shapely.intersects(lines, shape)
    assert {tuple(leg) for leg in legs[clear]} == kept


def test_strait_of_messina_is_open():
    """Port tables give 117 nm Messina to Palermo and 165 nm Catania to Palermo"""
    sea = real_sea(12.5, 36.4, 16.2, 39.0)
    assert 111 <= sea_nm(sea, "Messina", "Palermo") <= 121
    assert 158 <= sea_nm(sea, "Catania", "Palermo") <= 170


def test_isthmus_of_corinth_is_closed():
    """Patras to Piraeus is 97 to 101 nm through the isthmus, some 275 nm round the Peloponnese"""
    sea = real_sea(20.8, 36.0, 24.2, 38.7)
    assert 265 <= sea_nm(sea, "Patras", "Piraeus") <= 290


def test_no_water_no_network():
    """All land: an empty network that finds nothing"""
    sea = network.build(open_sea(2).assign(land_share=1.0), Medium.SEA)
    assert sea.find(LAMPEDUSA).tolist() == [-1]


ITALY = {
    "Genoa": (44.40, 8.92), "Venice": (45.43, 12.34), "Bari": (41.13, 16.87),
    "La Goulette": (36.80, 10.31), "Valletta": (35.90, 14.518), "Lampedusa": (35.497, 12.605),
    "Tripoli": (32.905, 13.185),
}  # fmt: skip


@pytest.fixture(scope="module")
def central():
    return real_sea(7.5, 32.5, 19.8, 46.0)


@pytest.mark.parametrize(
    ("start", "end", "low", "high"),
    [
        ("Genoa", "Venice", 1095, 1140), ("Bari", "Catania", 325, 342),
        ("La Goulette", "Palermo", 175, 188), ("Valletta", "Lampedusa", 98, 107),
        ("Tripoli", "Lampedusa", 155, 163),
    ],
)  # fmt: skip
def test_sea_distances_of_port_tables(central, start, end, low, high):
    """Nautical miles of an Italian port table or a 1 km sea mask; over 1,200 Messina is closed"""
    ports = PORTS | ITALY
    assert low <= shortest_nm(central, ports[start], ports[end]) <= high
