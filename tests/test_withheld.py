"""Withheld is never called none: the profile of an area as its audiences see it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard.area import blocks, choose
from dashboard.brief import contents
from geo_data import grid
from layers.context import areas
from tests import builders
from tests.test_brief import area_of, see  # noqa: F401 -- a fixture
from tests.test_handout import forget

SPOT = {"lat": 35.9, "lon": 14.5}
FAR = {"lat_deg": [34.5], "lon_deg": [11.5]}


@pytest.fixture
def look(tmp_path, monkeypatch):
    "Three old incidents in one hexagon, none in all others, as an audience sees them."
    rows = [builders.incident(n, SPOT["lat"], SPOT["lon"], when=date(2025, 1, 1)) for n in range(3)]
    incidents = pd.DataFrame(rows)
    count = builders.counted(incidents)
    frames = {
        "hexagons": builders.hexagons(
            population_people=100.0, incidents_count=count, dead_missing_people=count
        ),
        "incidents": incidents,
    }
    sources = [builders.account("incidents", job="incidents", sensitivity="high"),
               builders.account("population")]  # fmt: skip
    methods = {"population_people": ["population"], "incidents_count": ["incidents"],
               "dead_missing_people": ["incidents"]}  # fmt: skip
    builders.release(tmp_path, frames, sources, methods)

    def open_view(audience):
        from dashboard import data

        monkeypatch.setenv("WAYPOST_STORE", str(tmp_path))
        monkeypatch.setenv("WAYPOST_AUDIENCE", audience)
        forget()
        return data.view(data.newest())

    yield open_view
    monkeypatch.undo()
    forget()


def around(lat, lon):
    "The hexagons of two resolutions up around a point."
    parent = grid.parents(grid.cells_of(lat_deg=lat, lon_deg=lon, resolution=6), 4)[0]
    own = builders.cells()[grid.parents(builders.cells(), 4) == parent]
    return choose.Area("Here", areas.from_cells(own))


def recorded(view, area):
    table = blocks.profile_of(view, area)
    row = table[table["quantity"] == "incidents_count"].iloc[0]
    figure = blocks.key_figures(view, table)[-1]
    return row["value"], bool(row["withheld"]), figure.value


@pytest.mark.parametrize(
    ("audience", "value", "withheld", "said"),
    [("cell", 3, False, "3"), ("partner", np.nan, True, "withheld"),
     ("public", np.nan, True, "withheld")],
)  # fmt: skip
def test_three_incidents_are_withheld_from_others_and_not_none(
    look, audience, value, withheld, said
):
    """The cell counts three; below five and ten the line says withheld, in figures too"""
    found = recorded(look(audience), around([SPOT["lat"]], [SPOT["lon"]]))
    np.testing.assert_equal(found, (value, withheld, said))


@pytest.mark.parametrize("audience", ["cell", "partner", "public"])
def test_where_nothing_happened_none_is_said(look, audience):
    """An observed zero stays a zero for everybody"""
    value, withheld, said = recorded(look(audience), around(FAR["lat_deg"], FAR["lon_deg"]))
    assert (value, withheld, said) == (0, False, "0")


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_the_brief_writes_withheld_in_its_profile(see, audience):  # noqa: F811
    """Every line that is withheld in the profile is so in the printed table; none of them is 0"""
    view = see(audience)
    area = area_of(view)
    profile = blocks.profile_of(view, area)
    hidden = set(profile.loc[profile["withheld"], "label"].astype(str))
    printed = contents._profile(view, area, profile)
    said = {row[1]: row[2] for row in printed.rows}
    assert "Incidents recorded" in hidden
    assert all(said[label] == "withheld" for label in hidden)
    assert not profile.loc[profile["withheld"], "note"].str.startswith("at least").any()
