"""The profile of an area: mental arithmetic on four hexagons, and totals that add up."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_data import grid
from layers.context import places
from layers.context.profile import profile

CELLS = np.sort(grid.disks(grid.cells_of(lat_deg=[32.0], lon_deg=[13.0], resolution=6), 1)[1])[:4]
LAT, LON = grid.centres_of(CELLS)
KM2 = grid.area_km2(CELLS)
UNKNOWN = np.nan
AREA = pd.DataFrame({"cell": CELLS, "fraction": [1.0, 1.0, 0.5, 0.25]})


def hexagons(**columns):
    """Four hexagons, covered wherever a column does not say otherwise."""
    table = pd.DataFrame({"cell": CELLS})
    for column, values in columns.items():
        table[column] = np.array(values, dtype=np.float32)
        if not column.endswith("__cover"):
            table[column + "__cover"] = np.float32(1)
    return table


def lines(area=AREA, tables=None, **columns):
    """Profile by label."""
    return profile(area, hexagons(**columns), tables or {}).set_index("label")


def at(where, **columns):
    """Places at the centres of cells."""
    return pd.DataFrame({"lat_deg": LAT[where], "lon_deg": LON[where], **columns})


def test_people_by_fraction():
    """100 + 200 + half of 40 + a quarter of 80 = 340"""
    row = lines(population_people=[100, 200, 40, 80]).loc["Resident population"]
    assert row["value"] == 340
    assert row["known_share"] == pytest.approx(1)
    assert row["note"] == ""


def test_unknown_is_not_zero():
    """Without the second hexagon: at least 140, known for the area of the other three"""
    row = lines(population_people=[100, UNKNOWN, 40, 80]).loc["Resident population"]
    inside = KM2 * AREA["fraction"]
    assert row["value"] == 140
    assert row["known_share"] == pytest.approx(1 - inside[1] / inside.sum())
    assert row["note"].startswith("at least")


def test_nothing_known():
    """All unknown, or no column at all: null and 0, never zero people"""
    for table in (lines(population_people=[UNKNOWN] * 4), lines()):
        row = table.loc["Resident population"]
        assert np.isnan(row["value"])
        assert row["known_share"] == 0


def test_observed_zero_is_zero():
    """Nobody lives there, and that is known"""
    row = lines(population_people=[0, 0, 0, 0]).loc["Resident population"]
    assert row["value"] == 0
    assert row["known_share"] == pytest.approx(1)


def test_cells_beyond_the_hexagons_are_unknown():
    """Half of the area lies in a hexagon that the release lacks"""
    area = AREA.iloc[:2]
    table = profile(area, hexagons(population_people=[5, 6, 7, 8]).iloc[:1], {})
    row = table.set_index("label").loc["Resident population"]
    assert row["value"] == 5
    assert row["known_share"] == pytest.approx(KM2[0] / KM2[:2].sum())


def test_people_by_flood_class():
    """0 m none, 0.1 m lowest, 1.0 m on the break, 60 people where depth is unknown"""
    columns = {"population_people": [10, 20, 60, 80], "flood_depth_m": [0, 0.1, UNKNOWN, 1.0]}
    table = lines(**columns)
    people = table[table["quantity"].eq("flood_depth_m") & table["topic"].eq("people exposed")]
    assert people["value"].tolist() == [10, 20, 0, 0, 20, 0, 30]
    assert people.index[4] == "Flood depth, 1 in 100 years: 1 to below 2 m"
    assert people.index[6].endswith("not known")
    assert people["value"].sum() == table.loc["Resident population", "value"]


def test_mean_by_area():
    """30 and 40 °C in whole hexagons, unknown elsewhere: close to 35; highest is 40"""
    table = lines(heat_max_c=[30, 40, UNKNOWN, UNKNOWN])
    expected = (30 * KM2[0] + 40 * KM2[1]) / KM2[:2].sum()
    assert table.loc["Maximum temperature", "value"] == pytest.approx(expected)
    assert table.loc["Maximum temperature", "known_share"] == pytest.approx(
        KM2[:2].sum() / (KM2 * AREA["fraction"]).sum()
    )
    assert table.loc["Maximum temperature, highest", "value"] == 40


def test_mean_counts_only_what_is_covered():
    """A hexagon of which a hundredth is covered weighs a hundredth"""
    table = lines(
        AREA.iloc[:2], heat_max_c=[30, 40, 0, 0], heat_max_c__cover=[1, 0.01, 1, 1]
    )  # fmt: skip
    expected = (30 * KM2[0] + 40 * 0.01 * KM2[1]) / (KM2[0] + 0.01 * KM2[1])
    assert table.loc["Maximum temperature", "value"] == pytest.approx(expected)


def test_host_pressure_where_both_are_known():
    """50 displaced among 100 residents; 999 displaced among unknown residents do not count"""
    row = lines(
        displaced_people=[50, 999, UNKNOWN, UNKNOWN], population_people=[100, UNKNOWN, 7, UNKNOWN]
    ).loc["Displaced people per resident"]
    assert row["value"] == 0.5


def test_host_pressure_without_residents():
    """Nobody lives there: no rate"""
    row = lines(displaced_people=[5, 0, 0, 0], population_people=[0, 0, 0, 0])
    assert np.isnan(row.loc["Displaced people per resident", "value"])


def test_services_by_sector():
    """Two clinics and half a school; the duplicate of a clinic is not counted"""
    services = at(
        [0, 1, 1, 2],
        sector=["health", "health", "health", "education"],
        duplicate_of=[None, None, "a", None],
    )
    table = lines(tables={"services": services}, services_count=[0, 0, 0, 0])
    assert table.loc["Service points: health", "value"] == 2
    assert table.loc["Service points: education", "value"] == 0.5
    assert table.loc["Service points: education", "note"].startswith("0 to 1")
    assert "Service points: shelter" not in table.index


def test_no_place_and_nobody_looked():
    """No crossing in a covered area is 0; in an area outside coverage it is unknown"""
    none = {"crossings": at([0], status=["open"]).iloc[:0]}
    seen = lines(tables=none, crossings_count=[0, 0, 0, 0])
    unseen = lines(tables=none, crossings_count=[UNKNOWN] * 4, crossings_count__cover=[0] * 4)
    assert seen.loc["Crossing points: open", "value"] == 0
    assert np.isnan(unseen.loc["Crossing points: open", "value"])
    assert unseen.loc["Crossing points: open", "known_share"] == 0


def test_sites_in_use():
    """100 people in a site open, 40 x 1/2 where nothing is said, 500 in one that closed"""
    sites = at([0, 1, 2], status=["open", "closed", None], displaced_people=[100.0, 500, 40])
    table = lines(tables={"sites": sites}, sites_count=[1, 1, 1, 0])
    assert table.loc["People at sites in use", "value"] == 120
    assert table.loc["Displacement sites: unknown", "value"] == 0.5


def incidents():
    return at(
        [0, 0, 1, 1],
        date=[date(2020, 5, 1), date(2020, 6, 1), date(2022, 1, 1), None],
        dead_missing_people=[3.0, UNKNOWN, 5.0, 1.0],
    )


def test_incidents():
    """Four incidents, 9 people at least, 4 / 3 a year over 2020 to 2022"""
    table = lines(tables={"incidents": incidents()}, incidents_count=[2, 2, 0, 0])
    assert table.loc["Incidents recorded", "value"] == 4
    assert table.loc["People dead or missing", "value"] == 9
    assert table.loc["People dead or missing", "note"] == "at least; incidents without a number: 1"


def test_incidents_by_year():
    """Two, none, one; no change can be told after a year without any"""
    table = places.by_year(AREA, incidents())
    assert table["year"].tolist() == [2020, 2021, 2022]
    assert table["incidents_count"].tolist() == [2, 0, 1]
    assert table["dead_missing_people"].tolist() == [3, 0, 5]
    assert table["unknown_count"].tolist() == [1, 0, 0]
    assert table["change_share"].tolist() == pytest.approx([np.nan, -1, np.nan], nan_ok=True)


def test_a_cell_counts_once():
    """A cell named twice is a fault, not a doubled population"""
    with pytest.raises(ValueError, match="not unique"):
        lines(pd.concat([AREA, AREA]), population_people=[1, 1, 1, 1])


amounts = st.lists(st.one_of(st.just(UNKNOWN), st.floats(0, 1e6, width=32)), min_size=4, max_size=4)


@settings(max_examples=60, deadline=None)
@given(people=amounts, depth=amounts, cuts=st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_parts_add_up_to_the_whole(people, depth, cuts):
    """However every hexagon is split between two areas, all sums are those of the whole"""
    columns = {
        "population_people": people,
        "flood_depth_m": np.minimum(depth, 50),
        "displaced_people": depth,
        "services_count": [1, 1, 1, 1],
    }
    tables = {"services": at([0, 0, 1, 3], sector=["health"] * 4)}
    shares = [np.ones(4), np.array(cuts), 1 - np.array(cuts)]
    whole, left, right = (
        lines(pd.DataFrame({"cell": CELLS, "fraction": share}), tables, **columns)
        for share in shares
    )
    sums = whole["topic"].isin(["people", "people exposed", "services"])
    sums &= whole["unit"] != "per resident"
    both = left["value"].fillna(0) + right["value"].fillna(0)
    assert np.allclose(both[sums], whole["value"].fillna(0)[sums], rtol=1e-9, atol=1e-9)
    km2 = [(share * KM2).sum() for share in shares]
    known = (left["known_share"] * km2[1] + right["known_share"] * km2[2]) / km2[0]
    assert np.allclose(known, whole["known_share"], atol=1e-6)
