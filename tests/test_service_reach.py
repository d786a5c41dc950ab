"""Hours to services on a plain of firm ground, against the geodesic; gaps by mental arithmetic."""

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geo_data import grid
from geo_data.vocabulary import Medium
from layers.context import flows
from layers.sar import network
from layers.sar.ground import Pace
from layers.services import reach

CELLS = grid.cells_in_box(11.0, 26.0, 13.0, 28.0, 6)
LAND = pd.DataFrame({"cell": CELLS, "land_share": 1.0})
PLAIN = network.build(LAND, Medium.LAND, np.empty(0, np.int64))
WELL = pd.DataFrame({"name": ["Well"], "lat_deg": [27.0], "lon_deg": [12.0]})


def test_hours_follow_the_geodesic():
    """Tobler on the level, at most 1.6 % longer than straight, within a hexagon's size"""
    found = reach.nearest_h(PLAIN, WELL, CELLS, Pace.WALKING)
    start = grid.centres_of(grid.cells_of(lat_deg=[27.0], lon_deg=[12.0], resolution=6))
    lat, lon = grid.centres_of(CELLS)
    zero = np.zeros(len(CELLS))
    metres = Geod(ellps="WGS84").inv(zero + start[1], zero + start[0], lon, lat)[2]
    straight = metres / 1000 / 5.036742
    assert (found >= straight - 1e-3).all() and (found <= straight * 1.016 + 1e-3).all()


def test_sea_has_no_time_and_an_island_no_way():
    """NaN at sea, infinite where land is cut off: unserved, not unknown"""
    lon = grid.centres_of(CELLS)[1]
    table = LAND.assign(land_share=np.where(np.abs(lon - 12.4) < 0.2, 0.0, 1.0))
    cut = network.build(table, Medium.LAND, np.empty(0, np.int64))
    found = reach.nearest_h(cut, WELL, CELLS, Pace.DRIVING)
    assert np.isnan(found[np.abs(lon - 12.4) < 0.2]).all()
    assert np.isinf(found[lon > 12.7]).all()
    assert np.isfinite(found[lon < 12.1]).all()


def test_reach_within_hours_is_what_is_near_enough():
    """The set of cells is the same as from the times to the place"""
    inside = reach.within_h(PLAIN, lat_deg=27.0, lon_deg=12.0, hours=6, pace=Pace.WALKING)
    away = reach.nearest_h(PLAIN, WELL, CELLS, Pace.WALKING)
    assert set(inside) == set(CELLS[away <= 6])


def test_gaps_by_sector():
    """100, half of 60 and 10 people at 0.5, 1.5 and no way: 40 beyond an hour, 10 beyond two"""
    part = pd.DataFrame({"population_people": [100.0, 60, 10, 7], "fraction": [1, 0.5, 1, 1]})
    away = {"health": np.array([0.5, 1.5, np.inf, np.nan]), "school": np.full(4, 0.1)}
    table = reach.gaps(part, away)
    health = table[table["sector"] == "health"]
    assert health["people"].tolist() == [40, 10]
    assert health["share"].tolist() == pytest.approx([40 / 140, 10 / 140])
    assert health["mean_h"].iloc[0] == pytest.approx((100 * 0.5 + 30 * 1.5) / 130)
    assert table["sector"].iloc[0] == "health"


def test_the_best_site_is_where_most_people_are_too_far():
    """Two candidates: one beside 1,000 people out of reach, one beside 10"""
    people = np.zeros(len(CELLS))
    spots = grid.cells_of(lat_deg=[26.2, 27.8], lon_deg=[11.2, 12.8], resolution=6)
    people[np.searchsorted(CELLS, spots)] = 1_000, 10
    part = pd.DataFrame({"cell": CELLS, "population_people": people, "fraction": 1.0})
    towns = pd.DataFrame({"name": ["B", "A", "sea"], "lat_deg": [27.8, 26.2, 60.0],
                          "lon_deg": [12.8, 11.2, 12.0]})  # fmt: skip
    away = reach.nearest_h(PLAIN, WELL, CELLS, Pace.WALKING)
    best = reach.best_sites(PLAIN, towns, part, away, limit_h=2, pace=Pace.WALKING, sites=3)
    assert best["name"].tolist() == ["A", "B"]
    assert best["people_won"].tolist() == [1_000, 10]


def test_flows_lately_and_before():
    """300 a day for 30 days after 200 a day for 30: +50 %; another crossing is not counted"""
    days = pd.date_range("2026-01-01", periods=60)
    told = pd.DataFrame({"place_code": "el-pass", "end": days, "group": "in",
                         "quantity": "crossed_people", "value": [200.0] * 30 + [300.0] * 30})  # fmt: skip
    other = told.assign(place_code="far", value=9e9)
    lat, lon = grid.centres_of(CELLS[:1])
    crossings = pd.DataFrame({"name": ["El Pass"], "lat_deg": lat, "lon_deg": lon})
    area = pd.DataFrame({"cell": CELLS[:1], "fraction": [1.0]})
    (row,) = flows.flows(area, crossings, pd.concat([told, other], ignore_index=True))
    assert row.value == 300
    assert "+50%" in row.note and "1 of 1" in row.note


def test_streamed_catchments_are_those_of_the_whole_matrix():
    """2SFCA over a network against the golden function on all times, and before a service is lost"""
    from layers.services import access, catchments

    cells = np.sort(grid.disks(grid.cells_of(lat_deg=[27.0], lon_deg=[12.0], resolution=6), 9)[1])
    net = network.build(
        pd.DataFrame({"cell": cells, "land_share": 1.0}), Medium.LAND, np.empty(0, np.int64)
    )
    people = np.random.default_rng(3).integers(0, 100, len(cells)).astype(float)
    chosen = [3, 90, 90, 200]
    lat, lon = grid.centres_of(cells[chosen])
    services = pd.DataFrame({"lat_deg": lat, "lon_deg": lon})
    for many in (4, 3):
        some = services.iloc[:many]
        away = [reach.nearest_h(net, some.iloc[[n]], cells, Pace.DRIVING) for n in range(many)]
        whole = access.access(people, np.ones(many), np.stack(away, axis=1), access.within(1.0))
        found = catchments.per_person(net, some, cells, people, limit_h=1.0, pace=Pace.DRIVING)
        np.testing.assert_allclose(found, whole.per_person, rtol=1e-9)
        assert (found * people).sum() == pytest.approx(many)
