"""What an audience gets out of a release, by every door, and what it does not."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from geo_data import grid
from geo_data import quantities as q
from geo_data.view import View
from tests import builders

TODAY = date(2026, 3, 1)
OLD = TODAY - timedelta(days=100)


@pytest.fixture
def release(tmp_path):
    "Twelve old incidents off Malta, three off Lampedusa, one yesterday; two assets; one shelter."
    rows = [builders.incident(n, 35.9, 14.5, when=OLD) for n in range(12)]
    rows += [builders.incident(20 + n, 35.5, 12.6, dead=1, when=OLD) for n in range(3)]
    rows += [builders.incident(30, 35.9, 14.5, dead=50, when=TODAY - timedelta(days=1))]
    incidents = pd.DataFrame(rows)
    hexagons = builders.hexagons(
        incidents_count=builders.counted(incidents),
        dead_missing_people=builders.counted(incidents, q.DEAD_MISSING),
        population_people=np.full(len(builders.cells()), 100.0),
        services_count=builders.counted(incidents.iloc[[12]]),
    )
    place = {"lat_deg": 35.5, "lon_deg": 12.6, "cell": incidents["cell"].iloc[12], "row": 1}
    shelter = {"place_id": "s1", "name": "Safe house", "sector": "shelter", "source": "services"}
    asset = {
        "place_id": "a1", "name": "Cutter", "medium": "sea", "speed_km_h": 40.0, "endurance_h": 8.0,
        "mobilise_h": 0.5, "ready": True, "source": "assets",
    }  # fmt: skip
    sources = [
        builders.account("incidents", job="incidents"),
        builders.account("services", sensitivity="moderate"),
        builders.account("assets", job="assets"),
        builders.account("population"),
    ]
    methods = {
        "incidents_count": ["incidents"], "dead_missing_people": ["incidents"],
        "population_people": ["population"], "services_count": ["services"],
    }  # fmt: skip
    frames = {
        "hexagons": hexagons, "incidents": incidents,
        "services": pd.DataFrame([{**place, **shelter}]),
        "assets": pd.DataFrame([{**place, **asset}]),
    }  # fmt: skip
    return builders.release(tmp_path, frames, sources, methods)


def see(release, audience):
    return View(release, audience, TODAY)


def test_the_cell_sees_everything(release):
    "16 incidents, 65 people, the shelter by name, the asset where it is"
    view = see(release, "cell")
    assert view.hexagons(q.INCIDENTS)["incidents_count"].sum() == 16
    assert view.hexagons(q.DEAD_MISSING)["dead_missing_people"].sum() == 12 + 3 + 50
    assert view.places("services")["name"].tolist() == ["Safe house"]
    assert len(view.places("assets")) == 1


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_others_see_no_small_count_at_any_resolution(release, audience):
    "The three off Lampedusa appear at no resolution, however one asks"
    view = see(release, audience)
    for resolution in (None, 6, 5, 4, 3):
        value = view.hexagons(q.INCIDENTS, resolution)["incidents_count"].dropna()
        assert not ((value > 0) & (value < view.rule(q.INCIDENTS).min_count)).any()
        assert value.sum() == 12


def test_two_resolutions_cannot_be_subtracted(release):
    "A protected count has one resolution only, whatever is asked for"
    view = see(release, "partner")
    asked = {grid.resolution_of(view.hexagons(q.INCIDENTS, r)["cell"]) for r in (3, 4, 5, 6)}
    assert asked == {5} == {view.resolution_of(q.INCIDENTS, zoom) for zoom in range(14)}


def test_yesterday_is_withheld_from_partners(release):
    "The 50 people of yesterday are in no count and in no list"
    view = see(release, "partner")
    assert view.hexagons(q.DEAD_MISSING)["dead_missing_people"].sum() == 12
    assert view.places("incidents")["date"].max() <= TODAY - timedelta(days=7)


def test_asking_for_one_cell_gives_no_more_than_the_map(release):
    "The panel answers with the same withheld value as the tile"
    view = see(release, "partner")
    lampedusa = int(grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=6)[0])
    malta = int(grid.cells_of(lat_deg=[35.9], lon_deg=[14.5], resolution=6)[0])
    assert np.isnan(view.in_cell(q.INCIDENTS, lampedusa)["incidents_count"])
    assert view.in_cell(q.INCIDENTS, malta)["incidents_count"] == 12
    parent = int(grid.parents([lampedusa], 4)[0])
    assert view.in_cell(q.INCIDENTS, parent) is None


def test_analysis_gets_no_more_than_the_map(release):
    "Sums over any drawn area are made of what the map shows"
    wide = see(release, "partner").wide([q.INCIDENTS])
    assert wide["incidents_count"].sum() == pytest.approx(12)
    lampedusa = grid.parents(wide["cell"], 5) == grid.cells_of(
        lat_deg=[35.5], lon_deg=[12.6], resolution=5
    )
    assert wide.loc[lampedusa, "incidents_count"].isna().all()


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_shelters_are_in_no_count_of_others(release, audience):
    "A hexagon with one service point that is a shelter would give it away"
    assert see(release, "cell").hexagons(q.SERVICES)["services_count"].sum() == 1
    assert see(release, audience).hexagons(q.SERVICES)["services_count"].sum() == 0


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_shelters_are_never_a_point_for_others(release, audience):
    "Protected sectors are HIGH even in a moderate register: snapped, without name or id"
    shelter = see(release, audience).places("services")
    assert "Safe house" not in shelter.to_csv()
    assert "s1" not in shelter["place_id"].tolist()
    assert not ((shelter["lat_deg"] == 35.5) & (shelter["lon_deg"] == 12.6)).any()


def test_rescue_assets_are_not_public(release):
    "Nothing of them leaves"
    assert see(release, "public").places("assets").empty


def test_rare_incidents_are_not_listed_to_others(release):
    "Three incidents in a cell are fewer than five, so the list has none of them"
    listed = see(release, "partner").places("incidents")
    assert len(listed) == 12
    assert listed["dead_missing_people"].isna().all()


def test_open_data_is_open(release):
    "Population of low sensitivity is the same for all"
    sums = {
        see(release, audience).hexagons(q.POPULATION)["population_people"].sum()
        for audience in ("cell", "partner", "public")
    }
    assert sums == {100.0 * len(builders.cells())}


def test_movements_through_a_crossing_are_delayed_and_thinned(tmp_path):
    "Partners: not the last seven days, no count below five; the cell sees all"
    days = [TODAY - timedelta(days=n) for n in range(20)]
    row = {"place_code": "x", "quantity": "crossed_people", "source": "flows", "row": 1}
    table = pd.DataFrame([{**row, "start": day, "value": n} for n, day in enumerate(days)])
    made = builders.release(tmp_path, {"series": table}, [builders.account("flows")])
    seen = see(made, "partner").series()
    assert seen["start"].max() <= TODAY - timedelta(days=7)
    assert see(made, "cell").series()["value"].sum() == sum(range(20))
    assert seen["value"].min() >= 5


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_the_source_of_a_cell_does_not_tell_what_was_taken_out(release, audience):
    "A hexagon whose only point is a shelter names no register, as one without any"
    for quantity in (q.SERVICES, q.INCIDENTS):
        table = see(release, audience).hexagons(quantity)
        assert set(table[f"{quantity.column}__source"]) == {-1}


def test_lists_and_hexagons_share_one_geography(release):
    "A listed place stands in the cell that counted it, so the two cannot be laid over each other"
    view = see(release, "partner")
    listed = view.places("incidents")["cell"].value_counts()
    hexagons = view.hexagons(q.INCIDENTS).set_index("cell")["incidents_count"]
    assert hexagons[listed.index].tolist() == listed.tolist()


def test_duplicates_do_not_make_a_crowd(tmp_path):
    "Four incidents and one copy are four: fewer than five"
    rows = [builders.incident(n, 35.9, 14.5, when=OLD) for n in range(5)]
    rows[4]["duplicate_of"] = "incident-0"
    sources = [builders.account("incidents", job="incidents")]
    made = builders.release(tmp_path, {"incidents": pd.DataFrame(rows)}, sources)
    assert see(made, "cell").places("incidents")["place_id"].size == 5
    assert see(made, "partner").places("incidents").empty


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_tracks_of_rescuers_are_lines_and_not_for_others(tmp_path, audience):
    "A search track is severe; a road is open"
    line = {"line_id": "1", "name": "Search by boat 7", "geometry": b"x", "row": 1}
    rows = [{**line, "line_type": kind, "source": kind} for kind in ("track", "road")]
    sources = [builders.account("track", sensitivity="severe"), builders.account("road")]
    made = builders.release(tmp_path, {"lines": pd.DataFrame(rows)}, sources)
    assert see(made, audience).reference("lines")["line_type"].tolist() == ["road"]
    assert len(see(made, "cell").reference("lines")) == 2


def test_people_at_sites_do_not_reach_partners_through_the_hexagons(tmp_path):
    "Three sites of yesterday are in no hexagon, neither as people nor as coverage"
    number = builders.cells().searchsorted(builders.incident(0, 35.9, 14.5)["cell"])
    hexagons = builders.hexagons()
    hexagons.loc[number, ["displaced_people", "displaced_people__cover"]] = [1227.0, 1.0]
    hexagons.loc[number, "displaced_people__source"] = 0
    sources = [builders.account("sites", job="sites")]
    methods = {"displaced_people": ["sites"]}
    made = builders.release(tmp_path, {"hexagons": hexagons}, sources, methods)
    assert see(made, "cell").hexagons(q.DISPLACED)["displaced_people"].sum() == 1227
    seen = see(made, "partner").hexagons(q.DISPLACED)
    assert seen["displaced_people"].isna().all()
    assert (seen["displaced_people__cover"] == 0).all()


def test_the_list_does_not_complete_the_sum(release):
    "No count of the dead stands beside a hexagon that holds their sum"
    listed = see(release, "partner").places("incidents")
    for column in ("dead_people", "missing_people", "dead_missing_people", "survivors_people"):
        assert listed[column].isna().all()


def test_accounts_do_not_date_the_newest_record(tmp_path):
    "Others learn of a source with a delay what is shown, in round numbers"
    account = builders.account(
        "incidents", job="incidents", accepted=3437, quarantined=365, rows_in=3802,
        reference_end="2026-02-28", reasons={"out_of_range": 3},
    )  # fmt: skip
    made = builders.release(tmp_path, {}, [account])
    told = see(made, "partner").sources[0]
    assert told["reference_end"] <= str(TODAY - timedelta(days=7))
    assert (told["rows_in"], told["accepted"], told["quarantined"]) == (3800, 3400, 400)
    assert told["reasons"] == {}
    assert see(made, "cell").sources[0]["accepted"] == 3437


def test_old_releases_follow_todays_declaration(release):
    "A register declared sensitive since is sensitive in the old release too"
    stricter = View(release, "public", TODAY, declared_now={"services": "severe"})
    assert stricter.places("services").empty


def test_errors_tell_others_no_paths(tmp_path):
    "The cell reads where a file was looked for; others that it could not be read"
    made = builders.release(tmp_path, {}, [builders.account("a", error="no file below /srv/data")])
    assert "/srv" in see(made, "cell").sources[0]["error"]
    assert "/srv" not in str(see(made, "public").sources)


def test_quarantined_values_stay_in_the_cell(tmp_path):
    "Others see that a row was rejected and why, not what stood in it"
    row = {
        "source": "incidents",
        "file": "f",
        "row": 3,
        "rule": "x",
        "found": "35.1, 12.2",
        "count": 1,
    }
    made = builders.release(
        tmp_path, {"quarantine": pd.DataFrame([row])}, [builders.account("incidents")]
    )
    assert see(made, "cell").quarantine()["found"].tolist() == ["35.1, 12.2"]
    assert see(made, "partner").quarantine()["found"].isna().all()
