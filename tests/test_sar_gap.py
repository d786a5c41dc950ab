"""Demand, survival in cold water, and the gap between need and arrival."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_data import grid
from layers.sar import demand, gap, survival

BASE = grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=6)
CELLS = np.sort(grid.disks(BASE, 8)[1])
LAT, LON = grid.centres_of(CELLS)
SEA = pd.DataFrame({"cell": CELLS, "land_share": 0.0})
TODAY = date(2026, 1, 1)


def incidents(*rows):
    """Incidents as (position in CELLS, date, dead or missing)."""
    where = [row[0] for row in rows]
    return pd.DataFrame(
        {
            "lat_deg": LAT[where],
            "lon_deg": LON[where],
            "date": [row[1] for row in rows],
            "dead_missing_people": np.array([row[2] for row in rows], dtype=float),
        }
    )


def shares(table, hexagons=SEA, **parameters):
    return demand.demand(table, hexagons, as_of=TODAY, **parameters)["demand_share"].to_numpy()


def answers(hours, reached=None):
    """A response table of the cells with given hours, infinite ones not reached."""
    hours = np.asarray(hours, dtype=float)
    reached = np.isfinite(hours)
    return pd.DataFrame(
        {
            "cell": CELLS,
            "response_h": np.where(reached, hours, np.nan),
            "asset_id": np.where(reached, "boat", None),
            "reached": reached,
            "obstacle": np.where(reached, "", "out of endurance"),
        }
    )


@pytest.mark.parametrize(
    ("celsius", "minutes"),
    [(0, 106.7197), (5, 132.0732), (10, 176.7978), (15, 276.8182), (18, 431.1850), (20, 700.7143)],
)
def test_survival_in_cold_water(celsius, minutes):
    """Hayward 1975, minutes computed with another program"""
    water = pd.DataFrame({"cell": CELLS[:1], "sea_temperature_c": [float(celsius)]})
    assert survival.limit_h(water, 100.0)[0] * 60 == pytest.approx(minutes, abs=5e-5)


@pytest.mark.parametrize("celsius", [22.1, 30.0, np.nan])
def test_no_limit_by_cold(celsius):
    """Warm water sets no limit, and water of unknown temperature none that is known"""
    water = pd.DataFrame({"cell": CELLS[:1], "sea_temperature_c": [celsius]})
    assert survival.limit_h(water, 100.0).tolist() == [100.0]


def test_limit_is_the_shorter_of_both():
    """10 °C: 176.8 minutes; 25 °C and unknown: the 6 hours asked for"""
    hexagons = pd.DataFrame({"cell": CELLS[:3], "sea_temperature_c": [10.0, 25.0, np.nan]})
    assert survival.limit_h(hexagons, 6).tolist() == pytest.approx([176.7978 / 60, 6, 6])


def test_half_life():
    """Two years older at a half-life of two years: 2/3 and 1/3; unknown weighs one person"""
    table = incidents((0, date(2026, 1, 1), np.nan), (5, date(2024, 1, 1), 1))
    found = shares(table, rings=0, half_life_years=2)
    assert found[[0, 5]].tolist() == pytest.approx([2 / 3, 1 / 3], abs=1e-3)


def test_people_weigh():
    """9 people and a rescue without a death: 9/10 and 1/10; no date counts as the oldest"""
    table = incidents((0, date(2024, 1, 1), 9), (5, None, 0))
    assert shares(table, rings=0)[[0, 5]].tolist() == pytest.approx([0.9, 0.1])


def test_equal_kernel():
    """One incident, one ring, alike: a seventh in each of seven hexagons"""
    middle = int(np.flatnonzero(BASE[0] == CELLS)[0])
    found = shares(incidents((middle, TODAY, 3)), rings=1, kernel="equal")
    assert np.sort(found)[-7:].tolist() == pytest.approx([1 / 7] * 7)


def test_gaussian_kernel():
    """Two rings, standard deviation one ring: exp(-1/2) of the middle next door"""
    middle = int(np.flatnonzero(BASE[0] == CELLS)[0])
    found = shares(incidents((middle, TODAY, 3)), rings=2)
    ring = np.sort(found)[-7:-1] / found[middle]
    assert ring.tolist() == pytest.approx([np.exp(-0.5)] * 6, rel=0.06)


def test_demand_stays_at_sea():
    """An incident on the shore is not spread over land"""
    middle = int(np.flatnonzero(BASE[0] == CELLS)[0])
    hexagons = SEA.assign(land_share=np.where(LAT[middle] + 0.02 < LAT, 1.0, 0.0))
    found = shares(incidents((middle, TODAY, 3)), hexagons, rings=3)
    assert found[hexagons["land_share"] == 1].sum() == 0
    assert found.sum() == pytest.approx(1)


def test_no_incident_no_knowledge():
    """Without incidents the demand is unknown, not zero"""
    assert np.isnan(shares(incidents((0, TODAY, 3)).iloc[:0])).all()


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, len(CELLS) - 1),
            st.dates(date(2014, 1, 1), date(2027, 1, 1)),
            st.one_of(st.just(np.nan), st.integers(0, 500)),
        ),
        min_size=1, max_size=8,
    ),
    rings=st.integers(0, 4),
    kernel=st.sampled_from(["equal", "gaussian"]),
)  # fmt: skip
def test_demand_is_conserved(rows, rings, kernel):
    """Shares sum to 1 whatever is spread, also at the rim of the operation"""
    found = shares(incidents(*rows), rings=rings, kernel=kernel)
    assert found.sum() == pytest.approx(1, abs=1e-9)
    assert (found >= 0).all()


def test_hard_and_soft_gap():
    """Limit 4 h: 4 h is in time, 5 h late; soft counts 5 h by a quarter, 8 h and never in full"""
    needed = pd.DataFrame({"cell": CELLS, "demand_share": 0.0})
    needed.loc[:3, "demand_share"] = 0.25
    hours = np.full(len(CELLS), 1.0)
    hours[:4] = 4, 5, 8, np.inf
    hard = gap.gap_share(needed, answers(hours), 4)["gap_share"]
    soft = gap.gap_share(needed, answers(hours), 4, soft=True)["gap_share"]
    assert hard[:4].tolist() == [0, 0.25, 0.25, 0.25]
    assert soft[:4].tolist() == [0, 0.0625, 0.25, 0.25]


def test_unknown_demand_stays_unknown():
    """No demand known: the gap is null, and no cell is ranked"""
    needed = pd.DataFrame({"cell": CELLS, "demand_share": np.nan})
    gaps = gap.gap_share(needed, answers(np.full(len(CELLS), np.inf)), 4)
    assert gaps["gap_share"].isna().all()
    assert gap.gap_cells(gaps).empty
    assert gap.gap_areas(gap.gap_cells(gaps)).empty


def two_gaps():
    """Late: a disk of seven hexagons in the middle and one hexagon far off, not reached at all."""
    late = np.isin(CELLS, grid.disks(BASE, 1)[1])
    far = int(np.argmin(LAT))
    hours = np.where(late, 9.0, 1.0)
    hours[far] = np.inf
    needed = pd.DataFrame({"cell": CELLS, "demand_share": np.where(late, 0.1, 0.0)})
    needed.loc[far, "demand_share"] = 0.3
    return gap.gap_cells(gap.gap_share(needed, answers(hours), 4)), far


def test_ranked_cells():
    """The cell with the largest unmet demand comes first, with its reason"""
    ranked, far = two_gaps()
    assert ranked["rank"].tolist() == list(range(1, 9))
    assert ranked["cell"][0] == CELLS[far]
    assert ranked["reason"].tolist() == ["out of endurance", *["too far"] * 7]
    assert ranked["asset_id"][1] == "boat"
    assert ranked["lat_deg"][0] == pytest.approx(LAT.min())


def test_gap_areas():
    """Seven neighbours make one area of 0.7, the lone hexagon another of 0.3"""
    ranked, _ = two_gaps()
    areas = gap.gap_areas(ranked)
    assert areas["gap_area"].tolist() == [1, 2]
    assert areas["cells_count"].tolist() == [7, 1]
    assert areas["gap_share"].tolist() == pytest.approx([0.7, 0.3])
    assert areas["area_km2"][0] == pytest.approx(7 * 41.0, rel=0.01)
    assert areas["response_h"].tolist() == pytest.approx([9, np.nan], nan_ok=True)
    assert areas["reason"].tolist() == ["too far", "out of endurance"]
