"""Survivable coverage, names of gaps, and what changes between two plans."""

import numpy as np
import pandas as pd
import pytest

from dashboard import language
from geo_data.words import Phrase
from layers.sar import places, scenario, survivable, tracks
from layers.sar.survivable import Chance

CELLS = np.arange(5)


def arrivals(hours):
    hours = np.asarray(hours, float)
    return pd.DataFrame({"cell": CELLS[: len(hours)], "response_h": hours})


def test_search_time():
    """100 square miles, width 0.5 nm at 15 kn: coverage 1 takes 100 / 7.5 hours"""
    hours = survivable.search_h(100 * 1.852**2, 0.5, 15, 1 - np.exp(-1))
    assert hours == pytest.approx(100 / 7.5)
    assert np.isinf(survivable.search_h(100.0, 0.0, 15, 0.5))


def test_chances_are_bands():
    """Sea of 12 °C gives one to six hours; what is in between is doubtful, what never comes is not"""
    sea = pd.DataFrame(
        {"cell": CELLS, "land_share": 0.0, "sea_temperature_c": [12, 12, 12, 12, np.nan]}
    )
    bands = survivable.bands_h(sea, longest_h=72)
    found = survivable.chances(arrivals([0.5, 3.0, 7.0, np.nan, 0.1]), bands)
    assert list(found["chance"]) == [
        Chance.COVERED, Chance.DOUBTFUL, Chance.UNCOVERED, Chance.UNCOVERED, Chance.UNKNOWN,
    ]  # fmt: skip
    assert np.isnan(found["needed_h"][3])


def test_searching_takes_its_share_of_the_time():
    """Arriving after half an hour and searching two is not in time in an hour"""
    sea = pd.DataFrame({"cell": CELLS[:1], "land_share": 0.0, "sea_temperature_c": [12.0]})
    found = survivable.chances(arrivals([0.5]), survivable.bands_h(sea, longest_h=72), 2.0)
    assert list(found["chance"]) == [Chance.DOUBTFUL]


def test_on_land_heat_decides_and_warm_water_does_not():
    """43.3 °C without water: three days; water of 28 °C: what the planner sets"""
    mixed = pd.DataFrame(
        {"cell": CELLS[:2], "land_share": [1.0, 0.0], "heat_max_c": [43.3333, 40.0],
         "sea_temperature_c": [np.nan, 28.0]}
    )  # fmt: skip
    bands = survivable.bands_h(mixed, longest_h=96)
    assert list(bands["longest_h"].round(1)) == [72.0, 96.0]


def test_names_of_spots():
    """One degree of latitude north of Zuwara is 111 km N; on the spot it is Zuwara; else degrees"""
    known = pd.DataFrame(
        {"name": ["Zuwara", None], "lat_deg": [32.93, 33.9], "lon_deg": [12.09, 12.09]}
    )
    spots = pd.DataFrame({"lat_deg": [33.93, 32.93], "lon_deg": [12.09, 12.09]})
    assert list(places.described(spots, known)) == ["111 km N of Zuwara", "Zuwara"]
    assert list(places.described(spots[:1], known[:0])) == ["33.93, 12.09"]


def test_losing_an_asset_is_seen():
    """Demand .5 met before and not after is lost, and the rest stays as it was"""
    before = pd.DataFrame(
        {
            "cell": [1, 2],
            "response_h": [1.0, 2.0],
            "demand_share": [0.5, 0.5],
            "gap_share": [0, 0.5],
        }
    )
    after = before.assign(response_h=[9.0, 2.0], gap_share=[0.5, 0.5])
    found = scenario.change(before, after)
    assert (found.met_before, found.met_after) == (0.5, 0.0)
    assert list(found.cells["lost"]) == [True, False]
    assert list(found.cells["response_change_h"]) == [8.0, 0.0]
    assert not found.cells["won"].any()


def test_names_of_spots_are_said_in_the_language_of_the_page():
    """Eight directions, each a sentence of its own; the name stays what it is"""
    known = pd.DataFrame({"name": ["Zuwara"], "lat_deg": [32.93], "lon_deg": [12.09]})
    spots = pd.DataFrame({"lat_deg": [33.93, 32.0], "lon_deg": [12.09, 11.0]})
    north, south_west = places.described(spots, known)
    assert isinstance(north, Phrase)
    with language.spoken("fr"):
        assert language.word(north) == "111 km au nord de Zuwara"
    with language.spoken("es"):
        assert language.word(south_west).endswith("km al suroeste de Zuwara")
    with language.spoken("ar"):
        assert "شمال" in language.word(north)


REGISTER = pd.DataFrame(
    {
        "place_id": ["p1", "p10", "x9"], "sensor": ["boat", "fixed wing", None],
        "name": ["Mission 1, Lampedusa", "Mission 10, Malta", "Helicopter 3"],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "sensor", "known_from"),
    [
        ("Search by mission 1", "boat", "the register"),
        ("Search by MISSION 10 on Monday", "fixed_wing", "the register"),
        ("p10 / 2026-11-20", "fixed_wing", "the register"),
        ("Helicopter 3", "helicopter", "a guess from the name"),
        ("Mission 11", "vessel", "chosen above"),
        ("Mission 1 with Mission 1, Lampedusa", "boat", "the register"),
    ],
)
def test_searcher_by_the_register_then_by_name(name, sensor, known_from):
    """Whole words only; an asset without a sensor tells nothing; then the name, then the choice"""
    found = tracks.searchers(pd.Series({"t": name}), REGISTER, "vessel")
    assert tuple(found.loc["t"]) == (sensor, known_from)


def test_two_assets_of_one_name_and_different_sensors_tell_nothing():
    """Alpha is a boat and Alpha is a helicopter: the choice of the planner holds"""
    twins = REGISTER.iloc[:2].assign(name="Alpha", sensor=["boat", "helicopter"])
    found = tracks.searchers(pd.Series({"t": "Alpha, second sortie"}), twins, "vessel")
    assert tuple(found.loc["t"]) == ("vessel", "chosen above")
