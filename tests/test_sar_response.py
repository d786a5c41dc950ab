"""Time of arrival: mental arithmetic, golden radii, and what stands in the way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_data import grid
from layers.sar import distance, fleet, network, response

LAT, LON = 35.5, 12.6
BASE = grid.cells_of(lat_deg=[LAT], lon_deg=[LON], resolution=6)
CELLS = np.sort(grid.disks(BASE, 14)[1])
SEA = pd.DataFrame({"cell": CELLS, "land_share": 0.0})
NETWORKS = network.build_all(SEA)
CENTRE_LAT, CENTRE_LON = grid.centres_of(CELLS)
AWAY_KM = distance.distance_km(
    lat_deg=grid.centres_of(BASE)[0],
    lon_deg=grid.centres_of(BASE)[1],
    to_lat_deg=CENTRE_LAT,
    to_lon_deg=CENTRE_LON,
)


def asset(place_id="boat", **fields):
    """A ready boat at Lampedusa: 20 km/h, 100 h at sea, leaves after half an hour."""
    good = {
        "place_id": place_id, "medium": "sea", "lat_deg": LAT, "lon_deg": LON, "speed_km_h": 20.0,
        "endurance_h": 100.0, "mobilise_h": 0.5, "ready": True,
    }  # fmt: skip
    return good | fields


def arrive(*assets, hexagons=SEA, networks=NETWORKS, **parameters):
    return response.response_time(pd.DataFrame(assets), hexagons, networks, **parameters)


def test_radius_of_action():
    """4 h less two half hours, out and back at 140 kn; less than nothing left is no way"""
    found = fleet.radius_of_action_km(endurance_h=4, speed_km_h=140, reserve_h=0.5, on_scene_h=0.5)
    assert found == pytest.approx(210)
    spent = fleet.radius_of_action_km(endurance_h=1, speed_km_h=140, reserve_h=1, on_scene_h=0.5)
    assert spent == 0


def test_boat_in_open_sea():
    """Half an hour at the pier, then the way at 20 km/h, at most 1.6 % longer than straight"""
    cells = arrive(asset()).cells
    way_km = (cells["response_h"] - 0.5) * 20
    assert cells["reached"].all()
    assert (way_km >= AWAY_KM * (1 - 1e-6)).all()
    assert (way_km <= AWAY_KM * 1.016).all()
    assert set(cells["asset_id"]) == {"boat"}


def test_boat_has_to_come_home():
    """5 h less one, out and back at 20 km/h: 40 km, and nothing beyond"""
    cells = arrive(asset(endurance_h=5.0)).cells
    assert not cells["reached"][AWAY_KM > 40].any()
    assert cells["reached"][AWAY_KM < 40 / 1.02].all()
    assert set(cells["obstacle"][~cells["reached"]]) == {"out of endurance"}
    assert cells["response_h"][~cells["reached"]].isna().all()


def test_aircraft_flies_straight():
    """1 h to take off, 100 km/h, 1.8 h less one out and back: a circle of 40 km, over land too"""
    pyproj = pytest.importorskip("pyproj")
    hexagons = SEA.assign(land_share=np.where(CELLS % 2 == 0, 1.0, 0.0))
    plane = asset(medium="air", speed_km_h=100.0, endurance_h=1.8, mobilise_h=1.0)
    cells = arrive(plane, hexagons=hexagons, networks=network.build_all(hexagons)).cells
    many = len(cells)
    geod = pyproj.Geod(ellps="WGS84")
    away = geod.inv(np.full(many, LON), np.full(many, LAT), CENTRE_LON, CENTRE_LAT)[2] / 1000
    assert (cells["reached"] == (away <= 40)).all()
    assert np.allclose(cells["response_h"][away <= 40], 1 + away[away <= 40] / 100)


def test_first_to_arrive_but_cannot_return():
    """A boat at once but with 40 km of reach does not hide the one that leaves 9 h later"""
    cells = arrive(asset("near", endurance_h=5.0), asset("later", mobilise_h=9.5)).cells
    far = AWAY_KM > 45
    assert set(cells["asset_id"][far]) == {"later"}
    assert set(cells["asset_id"][AWAY_KM < 35]) == {"near"}
    assert cells["reached"].all()


def test_faster_boat_wins_where_it_catches_up():
    """20 km/h at once against 60 km/h after 1.5 h: equal after 30 km of way"""
    slow, fast = asset("slow", mobilise_h=0.0), asset("fast", speed_km_h=60.0, mobilise_h=1.0)
    cells = arrive(slow, fast).cells
    assert set(cells["asset_id"][AWAY_KM < 29.5]) == {"slow"}
    assert set(cells["asset_id"][AWAY_KM > 30]) == {"fast"}


def test_equal_boats_are_told_apart_by_name():
    """Two boats alike in one place: the first name, whatever the order of rows"""
    for order in (["a", "b"], ["b", "a"]):
        cells = arrive(*(asset(name) for name in order)).cells
        assert set(cells["asset_id"]) == {"a"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"medium": "space"}, "medium 'space' is not known"),
        ({"speed_km_h": 0.0}, "speed"),
        ({"speed_km_h": np.nan}, "speed"),
        ({"endurance_h": 1.0}, "endurance not above the 1 h"),
        ({"endurance_h": np.nan}, "endurance"),
        ({"mobilise_h": np.nan}, "mobilisation"),
        ({"mobilise_h": None}, "mobilisation"),
        ({"lat_deg": np.nan}, "position not known"),
        ({"lat_deg": 10.0}, "outside the area"),
        ({"ready": False}, "not ready"),
        ({"ready": None}, "readiness not known"),
        ({"medium": "land"}, "closed to assets of the land"),
    ],
)
def test_assets_that_do_not_count(fields, words):
    """Each fault is named with advice, and nobody is reached by it"""
    found = arrive(asset(**fields))
    note = found.notes.iloc[0]
    assert words in note["problem"]
    assert note["advice"]
    assert not note["used"]
    assert not found.cells["reached"].any()
    assert found.cells["response_h"].isna().all()


def test_obstacles_without_a_ready_asset():
    """Only an unready boat: no ready asset. Only a vehicle, all sea: no asset for this medium"""
    assert set(arrive(asset(ready=False)).cells["obstacle"]) == {"no ready asset"}
    assert set(arrive(asset(medium="land")).cells["obstacle"]) == {"no asset for this medium"}


def test_empty_register():
    """No asset at all: nobody arrives, and nothing is to be remarked"""
    found = response.response_time(pd.DataFrame(asset(), index=[]), SEA, NETWORKS)
    assert set(found.cells["obstacle"]) == {"no asset for this medium"}
    assert found.notes.empty


def test_boat_too_far_inland():
    """One hexagon of sea 40 km away is no berth"""
    hexagons = SEA.assign(land_share=np.where(AWAY_KM.max() > AWAY_KM, 1.0, 0.0))
    found = arrive(asset(endurance_h=2.0), hexagons=hexagons, networks=network.build_all(hexagons))
    assert found.notes["problem"][0].endswith("km away")
    assert not found.notes["used"][0]


def test_boat_on_a_closed_hexagon_starts_next_door():
    """Land under the boat alone: it starts sqrt(2 x 41 / sqrt(3)) = 6.9 km away, and that counts"""
    hexagons = SEA.assign(land_share=np.where(BASE[0] == CELLS, 1.0, 0.0))
    lat, lon = grid.centres_of(BASE)
    boat = asset(lat_deg=lat[0], lon_deg=lon[0])
    found = arrive(boat, hexagons=hexagons, networks=network.build_all(hexagons))
    first = found.cells["response_h"].min()
    assert found.notes["used"].tolist() == [True]
    assert (first - 0.5) * 20 == pytest.approx(6.9, rel=0.05)
    assert found.cells["reached"].sum() == len(CELLS) - 1


def test_lake_without_a_boat():
    """Water behind a ring of land: no route, although boats are ready"""
    away = np.round(AWAY_KM / 6.7)
    hexagons = SEA.assign(land_share=np.where((away >= 4) & (away <= 8), 1.0, 0.0))
    cells = arrive(asset(), hexagons=hexagons, networks=network.build_all(hexagons)).cells
    assert set(cells["obstacle"][away > 8]) == {"no route from a ready asset"}
    assert cells["reached"][away < 4].all()


moves = st.fixed_dictionaries(
    {
        "lat_deg": st.floats(35.1, 35.9),
        "lon_deg": st.floats(12.1, 13.1),
        "speed_km_h": st.sampled_from([15.0, 40.0]),
        "endurance_h": st.sampled_from([3.0, 6.0, 50.0]),
        "mobilise_h": st.sampled_from([0.0, 1.0, 4.0]),
        "medium": st.sampled_from(["sea", "air"]),
    }
)


@settings(max_examples=30, deadline=None)
@given(fleet=st.lists(moves, min_size=1, max_size=5))
def test_fleet_is_as_fast_as_its_fastest(fleet):
    """All together arrive exactly when the first of them, sent alone, would"""
    assets = [asset(f"asset {number}", **fields) for number, fields in enumerate(fleet)]
    together = arrive(*assets).cells["response_h"].fillna(np.inf)
    alone = [arrive(one).cells["response_h"].fillna(np.inf) for one in assets]
    assert np.allclose(together, np.min(alone, axis=0), rtol=1e-12)
