"""Small counts, positions and young records are protected, whoever asks and however."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_data import disclosure, grid
from geo_data.disclosure import RULES, Rule
from geo_data.vocabulary import Audience, Sensitivity

HIGH = Rule(min_count=5, finest_resolution=5, delay_days=7)


def places(*rows):
    table = pd.DataFrame(rows, columns=["place_id", "name", "lat_deg", "lon_deg", "date"])
    cells = grid.cells_of(lat_deg=table["lat_deg"], lon_deg=table["lon_deg"], resolution=6)
    return table.assign(cell=cells, row=range(len(table)))


def test_children_of_the_science_notes():
    "Children 0, 3, 12, 20, 7, 9, 15 with k = 5: the 3 goes, the observed zero stays"
    kept = disclosure.withhold_small(np.array([0, 3, 12, 20, 7, 9, 15.0]), 5)
    assert np.isnan(kept).tolist() == [False, True, False, False, False, False, False]


@given(st.lists(st.floats(0, 1e6, allow_nan=False), max_size=50), st.integers(1, 20))
def test_no_small_count_survives(counts, k):
    "Nothing from above 0 to below k comes out, and nothing else is lost"
    kept = disclosure.withhold_small(np.array(counts), k)
    assert not ((kept > 0) & (kept < k)).any()
    assert sum(value == 0 or value >= k for value in counts) == np.isfinite(kept).sum()


def test_snapped_positions_are_cell_centres():
    "Lampedusa (35.5 N 12.6 E) becomes the centre of its resolution-5 cell 85384d8ffffffff"
    snapped = disclosure.coarse_places(places(("a", "Safe house", 35.5, 12.6, None)), HIGH)
    assert grid.text(snapped["cell"]) == ["85384d8ffffffff"]
    lat, lon = grid.centres_of(snapped["cell"])
    assert (snapped["lat_deg"].item(), snapped["lon_deg"].item()) == (lat[0], lon[0])


def test_snapping_removes_what_names_a_place():
    "A name or an id would undo the snapping"
    snapped = disclosure.coarse_places(places(("boat-7", "Safe house", 35.5, 12.6, None)), HIGH)
    assert snapped["name"].isna().all()
    assert "boat-7" not in snapped.to_csv()


def test_snapping_cannot_be_averaged_out():
    "A hundred releases of the same place give one and the same position"
    seen = {
        tuple(disclosure.coarse_places(places(("a", "x", 35.5, 12.6, None)), HIGH)["lat_deg"])
        for _ in range(100)
    }
    assert len(seen) == 1


def test_the_delay_holds_back_young_and_undated_records():
    "Seven days, by whole weeks: yesterday is out, the week before last is in, undated is out"
    dates = pd.Series([date(2026, 1, 9), date(2026, 1, 3), date(2025, 12, 28), None])
    kept = disclosure.old_enough(dates, HIGH, date(2026, 1, 10))
    assert kept.tolist() == [False, False, True, False]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from([7, 30]))
def test_what_is_shown_moves_by_whole_periods(today, delay):
    "From one day to the next nothing or a whole week (month) comes out, and never too young"
    rule = Rule(delay_days=delay)
    here, there = (disclosure.newest_shown(rule, day) for day in (today, today + timedelta(1)))
    assert (today - here).days >= delay
    assert (there - here).days in ({0, 7} if delay == 7 else {0, 28, 29, 30, 31})


def test_the_most_sensitive_source_decides():
    "A clinic list mixed with safe houses is treated as safe houses"
    rule = disclosure.rule_for([Sensitivity.LOW, Sensitivity.HIGH], Audience.PARTNER)
    assert rule == RULES[Audience.PARTNER][Sensitivity.HIGH]


@pytest.mark.parametrize("level", Sensitivity)
def test_the_public_never_sees_more_than_partners(level):
    "For every sensitivity each limit is at least as strict"
    public, partner = RULES[Audience.PUBLIC][level], RULES[Audience.PARTNER][level]
    assert not public.shown or public.min_count >= partner.min_count
    assert not public.shown or public.finest_resolution <= partner.finest_resolution
    assert not public.shown or public.delay_days >= partner.delay_days


def test_severe_data_is_not_public():
    "Live positions of rescue assets never reach the public"
    assert not RULES[Audience.PUBLIC][Sensitivity.SEVERE].shown
