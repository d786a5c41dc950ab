"""First arrivals against one search an asset, legs of the lattice against geometry, straits."""

import h3
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csgraph

from geo_data import grid
from geo_data.vocabulary import Medium
from layers.sar import arrivals, distance, ground, network, straits
from tests.test_sar_network import LAMPEDUSA, open_sea, real_sea, shortest_nm

networkx = pytest.importorskip("networkx")
HEXES = open_sea(9)
SEA = network.build(HEXES, Medium.SEA)
GRAPH = networkx.from_scipy_sparse_array(SEA.length_km)

asset = st.tuples(
    st.integers(0, len(SEA.cells) - 1),
    st.sampled_from([0.0, 0.5, 1.0, 4.0]) | st.floats(0, 5),
    st.sampled_from([13.0, 26.0, 52.0]) | st.floats(5, 60),
    st.sampled_from([0.0, 30.0, 60.0, 1e4]) | st.floats(0, 200),
)


@settings(max_examples=60, deadline=None)
@given(fleet=st.lists(asset, min_size=1, max_size=12))
def test_first_of_a_fleet_is_the_first_of_its_assets(fleet):
    """A search of its own for each asset, by networkx: the same hours, whoever is cut short"""
    node, start_h, speed, reach = (np.array(column) for column in zip(*fleet, strict=True))
    hours, who = arrivals.first(
        SEA.length_km, node, start_h=start_h, speed_km_h=speed, reach_km=reach
    )
    alone = np.full((len(fleet), len(SEA.cells)), np.inf)
    for n, (at, starts, fast, far) in enumerate(fleet):
        for there, km in networkx.single_source_dijkstra_path_length(GRAPH, at, cutoff=far).items():
            alone[n, there] = starts + km / fast
    np.testing.assert_allclose(hours, alone.min(axis=0), rtol=0, atol=1e-9)
    reached = who >= 0
    assert (reached == np.isfinite(hours)).all()
    there = np.flatnonzero(reached)
    np.testing.assert_allclose(alone[who[reached], there], hours[reached], rtol=0, atol=1e-9)


def test_equal_boats_have_the_hours_of_plain_dijkstra_to_the_last_bit():
    """One kind of boat, several at once: nothing is rounded that was not before"""
    node = np.array([3, 40, 170])
    one = np.ones(3)
    hours, _ = arrivals.first(
        SEA.length_km, node, start_h=one / 2, speed_km_h=26 * one, reach_km=1e4 * one
    )
    plain = csgraph.dijkstra(SEA.length_km, indices=node, min_only=True)
    assert (hours == 0.5 + plain / 26).all()


def test_a_slow_boat_with_range_left_goes_on_where_a_fast_one_turns():
    """Dominance needs range: 60 km/h with 40 km of way does not end the search of 20 km/h"""
    here = SEA.find(LAMPEDUSA).repeat(2)
    hours, who = arrivals.first(
        SEA.length_km, here, start_h=np.zeros(2), speed_km_h=np.array([60.0, 20.0]),
        reach_km=np.array([40.0, 1e4]),
    )  # fmt: skip
    km = csgraph.dijkstra(SEA.length_km, indices=here[0])
    np.testing.assert_allclose(hours, np.where(km <= 40, km / 60, km / 20), atol=1e-12)
    assert (who == (km > 40)).all()


def test_ways_from_bases_are_those_of_scipy():
    """Kilometres from some nodes to others, infinite beyond the limit of each"""
    start, to = np.array([5, 100, 5]), np.arange(0, len(SEA.cells), 7)
    limit = np.array([1e4, 35.0, 20.0])
    found = arrivals.away_km(SEA.length_km, start, to, limit)
    plain = csgraph.dijkstra(SEA.length_km, indices=start)[:, to].T
    assert (found == np.where(plain <= limit, plain, np.inf)).all()


def both_ways(cells):
    """Legs and slowed legs walked over the lattice and by geometry."""
    lat_deg, lon_deg = grid.centres_of(cells)
    up = distance.normals(lat_deg=lat_deg, lon_deg=lon_deg)
    km = distance.on_earth(up)
    slow = 1 + np.arange(len(cells)) % 5
    made = network._walked(cells, km), network._measured(cells, up, km)
    return [(one.length_km, one.slowed(slow.astype(float)), one.part) for one in made]


def some_cells(lat, lon, resolution, seed, share):
    middle = grid.cells_of(lat_deg=[lat], lon_deg=[lon], resolution=resolution)
    cells = np.sort(grid.disks(middle, 9)[1])
    return cells[np.random.default_rng(seed).random(len(cells)) < share]


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 1000), share=st.floats(0.1, 1),
    place=st.sampled_from([(35.5, 12.6), (38.0, 15.6), (22.0, 12.0), (40.5, 27.0), (27.9, -14.5)]),
    resolution=st.sampled_from([5, 6, 7]),
)  # fmt: skip
def test_lattice_and_geometry_agree(seed, share, place, resolution):
    """Any cells inside a face of H3: the same legs, as long, as slow, as connected"""
    (km, slow, part), (far, slower, other) = both_ways(some_cells(*place, resolution, seed, share))
    assert (km != far).nnz == 0 or abs(km - far).max() < 1e-9
    assert ((km != 0) != (far != 0)).nnz == 0
    np.testing.assert_allclose(slow.toarray(), slower.toarray(), rtol=1e-12)
    assert len(np.unique(np.stack([part, other]), axis=1).T) == part.max() + 1 == other.max() + 1


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), lat=st.floats(-60, 70), lon=st.floats(-180, 180))
def test_where_faces_meet_one_leg_in_a_hundred_differs(seed, lat, lon):
    """Hexagons are bent there, and a straight line may touch other cells than on the lattice"""
    cells = some_cells(lat, lon, 6, seed, 0.7)
    if network._near_pentagons(cells):
        return
    (km, _, _), (far, _, _) = both_ways(cells)
    assert ((km != 0) != (far != 0)).nnz <= 0.01 * km.nnz


def test_at_a_pentagon_geometry_decides():
    """The one in the Gulf of Guinea has five neighbours, and legs all the same"""
    pentagon = np.array([h3.str_to_int(cell) for cell in h3.get_pentagons(6)])
    lat_deg, lon_deg = grid.centres_of(pentagon)
    guinea = pentagon[np.argmin(np.hypot(lat_deg, lon_deg))]
    cells = np.unique(grid.disks(np.array([guinea]), 5)[1])
    assert network._near_pentagons(cells)
    sea = network.build(pd.DataFrame({"cell": cells, "land_share": 0.0}), Medium.SEA)
    ends = sea.length_km[[int(sea.find([guinea])[0])]].indices
    assert set(h3.grid_ring(h3.int_to_str(int(guinea)), 1)) <= {
        h3.int_to_str(int(cell)) for cell in sea.cells[ends]
    }
    assert sea.part.max() == 0


def test_a_road_is_cheaper_on_both_paths():
    """On land too the networks of walkers and drivers have the legs of the plain one"""
    land = HEXES.assign(land_share=1.0)
    made = network.build(land, Medium.LAND, SEA.cells[::3])
    assert set(made.by_pace) == set(ground.Pace)
    for legs in made.by_pace.values():
        assert (legs.indices == made.length_km.indices).all()
        assert (legs.data >= made.length_km.data * (1 - 1e-12)).all()


TURKISH = (25.5, 39.4, 30.0, 41.9)


def test_black_sea_to_aegean_through_the_straits():
    """164 nm from the one to the other: 17 of Bosphorus, 110 of Marmara, 37 of Dardanelles"""
    closed = real_sea(*TURKISH)
    ends = (41.27, 29.17), (40.0, 26.1)
    assert np.isinf(shortest_nm(closed, *ends))
    opened = real_sea(*TURKISH, narrows=straits.known())
    assert 155 <= shortest_nm(opened, *ends) <= 175
    assert len(np.unique(opened.part)) < len(np.unique(closed.part))


def test_a_closed_canal_is_listed_and_stays_closed():
    """Corinth is in the list, closed; an operation opens it by drawing it"""
    table = straits.listed().set_index("name")
    assert table["open"].to_dict() == {
        "Bosphorus": True, "Dardanelles": True, "Suez Canal": False, "Corinth Canal": False,
    }  # fmt: skip
    canal = shapely.to_wkb(shapely.LineString([(22.945, 37.958), (23.025, 37.908)]))
    lines = pd.DataFrame({"name": ["Canal"], "line_type": ["strait"], "geometry": [canal]})
    ends, box = ((38.25, 21.72), (37.94, 23.62)), (20.8, 36.0, 24.2, 38.7)
    assert 265 <= shortest_nm(real_sea(*box, narrows=straits.known()), *ends) <= 290
    assert 95 <= shortest_nm(real_sea(*box, narrows=straits.known(lines)), *ends) <= 105


def test_a_strait_outside_the_area_is_left_out():
    """Open sea round Lampedusa has no Bosphorus"""
    assert straits.legs(SEA.cells, SEA.cells, straits.known()) == []
