"""Ground: Tobler's speeds, and how roads, sand and slopes change the way of a vehicle."""

import numpy as np
import pandas as pd
import pytest
import shapely

from geo_data import grid
from geo_data.vocabulary import Medium
from layers.sar import distance, ground, network, response
from layers.sar.ground import Pace

CENTRE = grid.cells_of(lat_deg=[22.0], lon_deg=[12.0], resolution=6)
CELLS = np.sort(grid.disks(CENTRE, 14)[1])
LAND = pd.DataFrame({"cell": CELLS, "land_share": 1.0, "desert_share": 1.0})
ROAD = ground.cells_along([shapely.LineString([(11.0, 22.0), (13.0, 22.0)])], 6)


def test_tobler():
    """Speeds on slopes, and 11.9125 min/km on the flat"""
    slopes = [-0.05, 0, 0.05, 0.10, 0.20, -0.10, -0.20]
    expected = [6.0, 5.036742, 4.228129, 3.549332, 2.501172, 5.036742, 3.549332]
    assert ground.walking_km_h(slopes) == pytest.approx(expected, abs=5e-7)
    assert 60 / ground.walking_km_h(0.0) == pytest.approx(11.9125, abs=5e-5)
    there_and_back = (60 / 2.501172 + 60 / 3.549332) / 2
    assert ground.climbing(0.2) == pytest.approx(there_and_back / 11.9125, rel=1e-5)


def journey(hexagons=LAND, roads=ROAD, **more):
    asset = {"place_id": "car", "medium": "land", "lat_deg": 22.0, "lon_deg": 12.0,
             "speed_km_h": 60.0, "endurance_h": 100.0, "mobilise_h": 0.0, "ready": True} | more  # fmt: skip
    networks = {Medium.LAND: network.build(hexagons, Medium.LAND, roads)}
    networks[Medium.SEA] = network.build(hexagons, Medium.SEA)
    return response.response_time(pd.DataFrame([asset]), hexagons, networks).cells


def hours_at(found, lat, lon):
    cell = grid.cells_of(lat_deg=[lat], lon_deg=[lon], resolution=6)[0]
    (to_lat,), (to_lon,) = grid.centres_of([cell])
    (from_lat,), (from_lon,) = grid.centres_of(CENTRE)
    away = distance.distance_km(
        lat_deg=from_lat, lon_deg=from_lon, to_lat_deg=to_lat, to_lon_deg=to_lon
    )
    return found.loc[found["cell"] == cell, "response_h"].item(), float(away)


def test_a_road_is_kept_to_and_sand_takes_six_times_as_long():
    """Along the road 60 km/h; straight out into the sand 10 km/h, but for the cell at the road"""
    found = journey()
    along_h, along_km = hours_at(found, 22.0, 12.7)
    assert along_h == pytest.approx(along_km / 60, rel=0.06)
    out_h, out_km = hours_at(found, 22.7, 12.0)
    assert out_km / 10 - 0.5 < out_h < out_km / 10


def test_firm_ground_is_half_of_sand():
    """Off the road, firm ground three times the road's time"""
    out_h, out_km = hours_at(journey(LAND.assign(desert_share=0.0)), 22.7, 12.0)
    assert out_km / 20 - 0.5 < out_h < out_km / 20


def test_without_roads_all_ground_is_alike():
    """No road data is no reason to slow everybody"""
    out_h, out_km = hours_at(journey(roads=None), 22.7, 12.0)
    assert out_h == pytest.approx(out_km / 60, rel=0.016)


def test_walkers_mind_the_slope_and_cars_the_road():
    """A range of 600 m from cell to cell slows a walker by Tobler's factor and a car not at all"""
    rough = LAND.assign(
        desert_share=0.0, elevation_m=np.where(np.arange(len(CELLS)) % 2, 600.0, 0.0)
    )
    slow = ground.slowness(rough, CELLS, ROAD)
    level = ground.slowness(LAND.assign(desert_share=0.0), CELLS, ROAD)
    assert (slow[Pace.WALKING] > level[Pace.WALKING]).mean() > 0.95
    assert np.array_equal(slow[Pace.DRIVING], level[Pace.DRIVING])
    assert ground.pace_of(5) is Pace.WALKING


def test_unknown_ground_counts_as_firm_and_level():
    """Null is not sand"""
    unknown = LAND.assign(desert_share=np.nan, elevation_m=np.nan)
    slow = ground.slowness(unknown, CELLS, np.empty(0, np.int64))
    assert set(slow[Pace.DRIVING]) == {3.0}
    assert set(slow[Pace.WALKING]) == {1.0}


def test_times_are_averaged_and_not_slopes():
    """A peak of 1,500 m: its own time is Tobler's on each side, that of its foot a sixth of it"""
    peak = LAND.assign(desert_share=0.0, elevation_m=np.where(CENTRE[0] == CELLS, 1500.0, 0.0))
    slow = ground.slowness(peak, CELLS, ROAD[:0])[Pace.WALKING]
    around = np.setdiff1d(grid.disks(CENTRE, 1)[1], CENTRE)
    (lat, lon), (to_lat, to_lon) = grid.centres_of(CENTRE), grid.centres_of(around)
    run_km = distance.distance_km(lat_deg=lat, lon_deg=lon, to_lat_deg=to_lat, to_lon_deg=to_lon)
    sides = [
        (
            5.036742 / (6 * np.exp(-3.5 * abs(s + 0.05)))
            + 5.036742 / (6 * np.exp(-3.5 * abs(0.05 - s)))
        )
        / 2
        for s in 1.5 / run_km
    ]
    assert slow[CENTRE[0] == CELLS].item() == pytest.approx(np.mean(sides), rel=1e-6)
    foot = slow[np.isin(CELLS, around)]
    assert sorted(foot) == pytest.approx(sorted((np.array(sides) + 5) / 6), rel=1e-6)


def test_sand_costs_by_the_time_it_takes_and_not_by_speed():
    """Half sand at half the speed: 1.5 times as long, not 1 / 0.75 = 1.33 times"""
    half = LAND.assign(desert_share=0.5)
    assert set(ground.slowness(half, CELLS, ROAD[:0])[Pace.WALKING].round(9)) == {1.5}
