"""Positions as people write them."""

import math

import mgrs
import pandas as pd
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import angles, coordinates, metric_grids
from etl.places import places
from geo_data.sources import Read
from tests.declared import TODAY, operation, raw, source

LAT, LON = st.floats(-79.5, 83.5), st.floats(-179.9, 179.9)
# 33 degrees 51 minutes 26.4 seconds are 33 + 51/60 + 26.4/3600.
NORTH, EAST = 33.857333333, 10.1


def one(read, text):
    lat, lon, bad = read(pd.Series([text], dtype="str"))
    return None if bad[0] else (lat[0], lon[0])


@pytest.mark.parametrize(
    "text",
    [
        "33°51'26.4\"N 10°06'00\"E", "33º51′26,4″N, 10º6′0″E", "33˚51.44'N 10˚06'E",
        "33 51.44 N, 10 06 E", "N33-51-26.4 E010-06-00", "3351.44N 01006.00E",
        "335126.4N 0100600E", "33:51:26.4N / 010:06:00E", "٣٣°٥١'٢٦٫٤\"ش ١٠°٠٦'٠٠\"ق",
        "10°06'E 33°51'26.4\"N", "33° 51' 26.4'' Nord; 10° 6' 0'' Est", "33.8573333N 10.1E",
        "33 deg 51.44 min N 10 deg 6 min E".replace(" min", "'"), "33.8573333, 10.1",
    ],
)  # fmt: skip
def test_degrees_minutes_seconds_in_all_spellings(text):
    """One place, written in many ways."""
    assert one(angles.dms, text) == pytest.approx((NORTH, EAST), abs=1e-6)


@pytest.mark.parametrize(
    "text",
    ["33 51 10 06", "33°61'N 10°E", "33°51'N 5°N", "95°N 10°E", "33.5°30'N 10°E", "here", "N E",
     "N33°S 10°E", "-33°N 10°E"],
)  # fmt: skip
def test_what_could_be_read_two_ways_is_not_read(text):
    """No letter and no comma, 61 minutes, two latitudes, 95 degrees, two directions of one."""
    assert one(angles.dms, text) is None


def test_west_in_french_and_south_are_negative():
    """O is ouest; 30 minutes are half a degree."""
    assert one(angles.dms, "0°30'S 5°30'O") == (-0.5, -5.5)


def test_published_squares_and_zones():
    """Washington Monument by NGA's sheet; zone 32 of PROJ's manual: 12 E 56 N."""
    assert one(metric_grids.mgrs, "18SUJ2348306479") == pytest.approx((38.8895, -77.0352), abs=1e-4)
    assert one(metric_grids.utm, "32N 687071.44 6210141.33") == pytest.approx((56, 12), abs=1e-7)
    assert one(metric_grids.utm, "UTM 32V: 687071.44E 6210141.33N") == pytest.approx((56, 12))


@given(LAT, LON, st.integers(1, 5))
def test_squares_as_the_geotrans_library_makes_them(lat, lon, digits):
    """The position lies in the square that a second implementation gives it."""
    square = mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=digits)
    found = one(metric_grids.mgrs, square)
    metres = pyproj.Geod(ellps="WGS84").inv(lon, lat, found[1], found[0])[2]
    assert metres <= 10 ** (5 - digits) * math.sqrt(0.5) * 1.01


@given(LAT, LON)
def test_minutes_and_seconds_come_back(lat, lon):
    """Degrees taken apart by hand are put together again."""

    def apart(angle, letters):
        seconds = abs(angle) * 3600
        return (f"{int(seconds // 3600)}°{int(seconds % 3600 // 60)}'{seconds % 60 // 1e-6 * 1e-6:.6f}\""
                f"{letters[angle < 0]}")  # fmt: skip

    text = f"{apart(lat, 'NS')} {apart(lon, 'EW')}"
    assert one(angles.dms, text) == pytest.approx((lat, lon), abs=1e-8)


@pytest.mark.parametrize("text", ["61SUJ2348306479", "33SUR123", "33SAR1212", "33IUR1212", "33S",
                                  "33SUR", "ZAH1212"])  # fmt: skip
def test_squares_that_do_not_exist(text):
    """Zone 61, odd digits, a column of another zone, letter I, no square, no digits, a pole."""
    assert one(metric_grids.mgrs, text) is None


def test_well_known_text_and_foreign_references():
    """Longitude first; a polygon speaks by a point in it; a metric SRID is not degrees."""
    assert one(coordinates.wkt, "SRID=4326;POINT (13.2 32.9)") == (32.9, 13.2)
    assert one(coordinates.wkt, "POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))") == (1, 1)
    assert one(coordinates.wkt, "SRID=3857;POINT (13 32)") is None
    assert one(coordinates.wkt, "POINT (13") is None


def test_zone_easting_and_northing_in_columns():
    """Of the three any may be missing; then the position is."""
    zone, east, north = (pd.Series(texts, dtype="str") for texts in (
        ["32N", None, "32N"], ["687 071.44", "1", "x"], ["6,210,141.33", "2", "3"]))  # fmt: skip
    lat, lon, bad = metric_grids.utm_of(zone, east, north)
    assert (lat[0], lon[0]) == pytest.approx((56, 12), abs=1e-7)
    assert bad.tolist() == [False, True, True]


@given(st.text(max_size=20))
def test_any_text_is_a_position_or_bad(text):
    """No text breaks a notation."""
    for read in coordinates.NOTATIONS.values():
        lat, lon, bad = read(pd.Series([text], dtype="str"))
        assert lat.isna()[0] == lon.isna()[0] == bad[0]


def placed(rows, columns, **declared):
    """Landmarks out of rows by a declaration."""
    one = source(read=Read(format="delimited", **declared), columns=columns,
                 constants={"landmark_type": "well"})  # fmt: skip
    return places(raw(rows), one, operation(), today=TODAY)


def test_each_notation_reaches_the_table():
    """Tripoli's hexagon is asked for in five notations."""
    for form, text in {"dms": "32°54'N 13°11'E", "pair": "32.9, 13.1833", "unlocode": "3254N 01311E",
                       "wkt": "POINT (13.1833 32.9)", "mgrs": "33SUS30034123"}.items():  # fmt: skip
        gave = placed([{"p": text}], {"position": "p"}, coordinates=form)
        table = gave.tables["landmarks"]
        assert table["lat_deg"].tolist() == pytest.approx([32.9], abs=0.02), form
        assert table["lon_deg"].tolist() == pytest.approx([13.1833], abs=0.02), form


def test_unread_positions_name_the_notation_that_fits():
    """Each rejected row is told which key would read it; text that is nothing gets none."""
    rows = [{"y": y, "x": "13.2"} for y in ("32.9", "32°54'N", "32,9", "unknown")]
    gave = placed(rows, {"lat_deg": "y", "lon_deg": "x"})
    assert gave.accepted == 1
    assert set(gave.quarantine["rule"]) == {"not_a_position"}
    advice = gave.quarantine.set_index("found")["advice"]
    assert 'coordinates = "dms"' in advice["32°54'N"]
    assert 'decimal = ","' in advice["32,9"]
    assert advice["unknown"] == "Correct the cell."


def test_two_columns_of_degrees_and_minutes():
    """A latitude in the column of longitudes is bad."""
    rows = [{"y": "32°54'N", "x": "13 11 E"}, {"y": "32°54'N", "x": "13°11'N"}]
    gave = placed(rows, {"lat_deg": "y", "lon_deg": "x"}, coordinates="dms")
    assert gave.tables["landmarks"]["lon_deg"].tolist() == pytest.approx([13 + 11 / 60])
    assert gave.reasons() == {"not_a_position": 1}


@pytest.mark.parametrize(("repair", "accepted"), [([], 0), (["swapped"], 3)])
def test_a_swapped_source_without_countries(repair, accepted):
    """Exchanged throughout against the operation's area: said by name, mended only if allowed."""
    rows = [{"p": f"{11 + n}.5, 33.{n}"} for n in range(3)]
    one = source(read=Read(format="delimited", coordinates="pair"), columns={"position": "p"},
                 constants={"landmark_type": "well"}, repair=repair)  # fmt: skip
    gave = places(raw(rows), one, operation(), today=TODAY)
    assert gave.accepted == accepted
    assert gave.reasons() == ({} if repair else {"position_swapped": 3})
    assert [fix.rows for fix in gave.repairs] == ([3] if repair else [])


def test_tags_win_over_headers_and_contradictions_are_said():
    """A tag is tried before a header; a longitude tagged as latitude is doubted, not changed."""
    rows = [{"y": "32.9", "x": "13.2", "old": "1"}]
    one = source(read=Read(format="delimited"), constants={"landmark_type": "well"},
                 columns={"lat_deg": ["old", "#geo+lat"], "lon_deg": "x"})  # fmt: skip
    table = raw(rows, hxl={"#geo+lat": "y", "#geo+elevation": "x"})
    gave = places(table, one, operation(), today=TODAY)
    assert gave.tables["landmarks"]["lat_deg"].tolist() == [32.9]
    assert not gave.warnings
    table = raw(rows, hxl={"#geo+lat+y": "x", "#geo+lat": "y"})
    warned = places(table, one, operation(), today=TODAY).warnings
    assert [text for text in warned if "'x' is declared as lon_deg but tagged #geo+lat+y" in text]
