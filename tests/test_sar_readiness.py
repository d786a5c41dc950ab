"""Rosters and wind: hours by the calendar, radii by closed forms."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_data import grid
from geo_data.errors import WaypostError
from layers.sar import distance, network, response, roster, wind
from layers.sar.wind import Wind

FRIDAY = datetime(2026, 1, 2)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "hour", "ready"),
    [
        ("24/7", 3, True), ("", 3, True), ("Mo-Fr 06:00-18:00", 5, False),
        ("Mo-Fr 06:00-18:00", 6, True), ("Mo-Fr 06:00-18:00", 18, False),
        ("06:00-18:00", 24 + 7, True), ("Mo-Fr 06:00-18:00", 24 + 7, False),
        ("Fr-Mo 08:00-10:00", 72 + 9, True), ("Sa,Su 20:00-06:00", 24 + 23, True),
        ("Su 20:00-06:00", 72 + 5, True), ("We 00:00-24:00; Fr 01:00-02:00,03:00-04:00", 3, True),
    ],
)  # fmt: skip
def test_on_call(text, hour, ready):
    """Hours counted from midnight of Friday, 2 January 2026"""
    at = FRIDAY.replace(day=2 + hour // 24, hour=hour % 24)
    assert roster.on_call(text, at) is ready


def test_waiting_for_the_next_watch():
    """From Friday noon to Monday six is 66 hours"""
    assert roster.wait_h("Mo 06:00-07:00", FRIDAY.replace(hour=12)) == 66
    assert roster.wait_h("24/7", FRIDAY) == 0


@pytest.mark.parametrize(
    "text", ["Mo-Fr", "Xx 06:00-18:00", "25:00-26:00", "always", "06:00-18:75"]
)
def test_a_roster_that_cannot_be_read_is_quoted(text):
    """A wrong roster is not taken for 'always'"""
    with pytest.raises(WaypostError, match="cannot be read"):
        roster.hours_of(text)


def test_radius_in_wind_along_the_track():
    """140 kn, 3 h for the way, 30 kn: 200.3571 nm, whichever way the wind blows"""
    for course in (0, 180):
        found = wind.radius_km(140, 3, course, Wind(north_km_h=30))
        assert found == pytest.approx(200.3571, abs=5e-5)
    assert wind.radius_km(140, 3, 77, wind.CALM) == pytest.approx(210)


@given(st.floats(50, 300), st.floats(0, 360), st.floats(-120, 120), st.floats(-120, 120))
def test_wind_never_helps_out_and_back(speed, course, east, north):
    """Out and back in any wind takes at least as long as in none; out of a gale nobody comes home"""
    blown = float(wind.radius_km(speed, 2, course, Wind(east, north)))
    assert 0 <= blown <= speed + 1e-9
    if abs(np.hypot(east, north) - speed) > 1e-6:
        assert (blown > 0) == (np.hypot(east, north) < speed)


def helicopter(**more):
    return {"place_id": "heli", "medium": "air", "lat_deg": 35.5, "lon_deg": 12.6,
            "speed_km_h": 200.0, "endurance_h": 3.0, "mobilise_h": 0.25, "ready": True} | more  # fmt: skip


CELLS = np.sort(grid.disks(grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=5), 20)[1])
SEA = pd.DataFrame({"cell": CELLS, "land_share": 0.0})
NETWORKS = network.build_all(SEA)


def answered(asset, **more):
    return response.response_time(pd.DataFrame([asset]), SEA, NETWORKS, **more).cells


def test_a_head_wind_comes_later_and_reaches_less():
    """100 km north of the base in a wind from there: 100 km at 150 instead of 200 km/h"""
    north = int(grid.cells_of(lat_deg=[36.4], lon_deg=[12.6], resolution=5)[0])
    calm, blown = answered(helicopter()), answered(helicopter(), wind=Wind(north_km_h=-50))
    at = (calm["cell"] == north).to_numpy()
    (lat,), (lon,) = grid.centres_of([north])
    away = distance.distance_km(lat_deg=35.5, lon_deg=12.6, to_lat_deg=lat, to_lon_deg=lon)
    assert calm.loc[at, "response_h"].item() == pytest.approx(0.25 + away / 200, rel=1e-6)
    course = np.arctan2((lon - 12.6) * np.cos(np.radians(36)), lat - 35.5)
    slow = np.sqrt(200**2 - (50 * np.sin(course)) ** 2) - 50 * np.cos(course)
    assert blown.loc[at, "response_h"].item() == pytest.approx(0.25 + away / slow, rel=1e-3)
    assert blown["reached"].sum() < calm["reached"].sum()


def test_at_night_nobody_is_on_call():
    """The reason says so, and the register is told when the next watch begins"""
    day = helicopter(on_call="06:00-18:00")
    found = response.response_time(pd.DataFrame([day]), SEA, NETWORKS, at=FRIDAY.replace(hour=20))
    assert set(found.cells["obstacle"]) == {response.NIGHT}
    assert "10.0 h" in found.notes["problem"].item()
    assert answered(day, at=FRIDAY.replace(hour=12))["reached"].any()


def test_an_unreadable_roster_is_never_always():
    """The asset is left out with the reason"""
    wrong = helicopter(on_call="when needed")
    found = response.response_time(pd.DataFrame([wrong]), SEA, NETWORKS, at=FRIDAY)
    assert not found.cells["reached"].any()
    assert "cannot be read" in found.notes["problem"].item()


def test_the_alarm_takes_its_time():
    """An hour until the alarm is an hour later everywhere"""
    later = answered(helicopter(), alert_h=1.0)["response_h"] - answered(helicopter())["response_h"]
    assert later.dropna().to_numpy() == pytest.approx(1.0)
