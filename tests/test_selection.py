"""A link opens the same picture; nonsense in it is named and ignored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.selection import Selection, from_query

WORDS = {
    "layers": ["population_people"], "places": ["crossings", "sites"], "lines": ["area-admin"],
    "releases": ["20260101T000000.000000Z"],
}  # fmt: skip
FULL = Selection(
    release="20260101T000000.000000Z", layer="population_people", places=("crossings", "sites"),
    lines=("area-admin",), hidden=(0, 3), lat_deg=35.5, lon_deg=12.6, zoom=8,
    picked="hex:86384d8f7ffffff", compare="change", against="20260101T000000.000000Z", days="30",
    opacity=0.45, light="1",
)  # fmt: skip


def test_a_link_opens_the_same_picture():
    "Every part comes back"
    assert from_query(FULL.to_query(), Selection(), **WORDS) == (FULL, [])


@given(
    st.floats(-85, 85), st.floats(-180, 180), st.integers(2, 16),
    st.lists(st.integers(0, 255), max_size=4),
)  # fmt: skip
def test_any_view_survives_the_link(lat, lon, zoom, hidden):
    "To the third decimal, about 100 m"
    here = Selection(lat_deg=lat, lon_deg=lon, zoom=zoom, hidden=tuple(hidden))
    back, ignored = from_query(here.to_query(), Selection(), **WORDS)
    assert not ignored
    assert (back.lat_deg, back.lon_deg) == pytest.approx((lat, lon), abs=0.0006)
    assert (back.zoom, back.hidden) == (zoom, tuple(hidden))


@pytest.mark.parametrize(
    "query",
    [
        {"layer": "<script>"}, {"places": "crossings,nonsense"}, {"view": "95,0,5"},
        {"view": "1,2"}, {"view": "nan,0,5"}, {"hidden": "0,x"}, {"picked": "hex:zz"}, {"picked": "hex:80fffffffffffff"},
        {"picked": "file:/etc/passwd"}, {"compare": "both"}, {"against": "never"}, {"days": "31"},
        {"opacity": "0.01"}, {"opacity": "2"}, {"opacity": "nan"}, {"light": "yes"}, {"release": "../.."}, {"lines": "x"},
    ],
)  # fmt: skip
def test_nonsense_is_named_and_the_rest_kept(query):
    "The parameter is in the list of ignored ones; the default stands"
    found, ignored = from_query({**query, "zoom": "?"}, Selection(), **WORDS)
    assert ignored == list(query)
    assert found.layer == "none"


def test_no_places_is_a_choice():
    "An emptied layer panel stays empty when the link is opened"
    start = Selection(places=("crossings",))
    assert from_query(Selection().to_query(), start, **WORDS)[0].places == ()
