"""The rescue page: its steps, its link, bad input, and who may see what."""

import json

import numpy as np
import pandas as pd
import pytest

from dashboard import data
from dashboard.rescue import (
    assets,
    exact,
    ground,
    looked_block,
    plan,
    searched,
    settings,
    units,
    uploads,
)
from dashboard.rescue.flow import STEPS
from dashboard.rescue.plan import Plan
from geo_data.errors import WaypostError
from geo_data.view import View
from layers.sar import demand, edits, gap, response, survival
from tests.test_pages import app, text_of  # noqa: F401 -- the fixture

FLEET = pd.DataFrame(
    {
        "place_id": ["a", "b"], "name": ["Alpha", None], "lat_deg": [35.5, 36.0],
        "speed_km_h": [52.0, 26.0], "ready": [True, True],
    }
)  # fmt: skip


def plan_of(app, link="", **query):  # noqa: F811
    "A plan of the demo, as the page makes it."
    app("data")
    view = data.view(data.newest())
    table = edits.applied(assets.stored(view), edits.from_text(link))
    return Plan(view, assets.located(table, view.resolution)[0], settings.read(query))


def only(view_assets, **row):
    "Changes that leave one asset, made of a patrol boat."
    stored = view_assets
    boat = stored[stored["asset_type"] == "patrol boat"].iloc[[0]]
    return edits.to_text(edits.between(stored, boat.assign(**row)))


@pytest.mark.parametrize("audience", ["cell", "public"])
@pytest.mark.parametrize("step", STEPS)
def test_every_step_opens(app, step, audience):  # noqa: F811
    "With its map, for those who see all and those who see no asset"
    said = text_of(app("sar_coverage", audience, step=step))
    assert "For planning, not for tasking" in said


def test_the_page_says_what_the_functions_say(app):  # noqa: F811
    "Gaps of the page are those of the pure functions with the same parameters"
    made = plan_of(app, limit_h="4", reserve="1", alert="0.5")
    hexes, view = made.hexes, made.view
    reach = response.response_time(
        made.assets, hexes, ground.networks(made.at), reserve_h=1, on_scene_h=0.5, alert_h=0.5
    )
    need = demand.demand(view.places("incidents"), hexes, as_of=view.today)
    gaps = gap.gap_share(need, reach.cells, survival.limit_h(hexes, 4.0))
    np.testing.assert_allclose(made.gaps["gap_share"], gaps["gap_share"], atol=1e-12)
    assert made.met_share == pytest.approx(1 - gaps["gap_share"].sum())


def test_losing_the_helicopters_never_helps(app):  # noqa: F811
    "Demand met does not grow, and what is lost is what the figures say"
    made = plan_of(app)
    stored = assets.stored(made.view)
    changes = edits.Edits()
    for name in stored.loc[stored["asset_type"] == "helicopter", "place_id"]:
        changes = edits.without(stored, changes, name)
    less = plan_of(app, edits.to_text(changes))
    worse = less.gaps["gap_share"] - made.gaps["gap_share"]
    assert (worse >= -1e-12).all()
    assert less.met_share == pytest.approx(made.met_share - worse.sum())


def test_a_time_of_day_leaves_out_who_is_not_on_call(app):  # noqa: F811
    "At three in the morning aircraft of the demo rest, so nobody arrives sooner"
    day, night = plan_of(app), plan_of(app, hour="3")
    asleep = night.reach.notes["problem"].map(str).str.startswith("nobody on call")
    assert asleep.sum() > 4
    before = day.reach.cells["response_h"].fillna(np.inf)
    assert (night.reach.cells["response_h"].fillna(np.inf) >= before - 1e-9).all()


def test_the_public_sees_no_asset_anywhere(app):  # noqa: F811
    "Neither in tables nor as a time on the map: unknown, not nobody"
    at = app("sar_coverage", "public", step="reach")
    made = plan_of_public()
    names = {"Lampedusa", "Patrol boat", "Helicopter"}
    tables = " ".join(frame.value.to_csv() for frame in at.dataframe)
    assert not names & set(tables.split()), tables
    assert made.assets.empty and made.blind and made.met_share is None
    kept = [drawn for key, drawn in data._derived.held.items() if key[1] == "response_h"]
    assert kept[-1].table_at(99)["response_h"].isna().all()
    assert data.view(made.view.name).places("assets").empty


def plan_of_public():
    "The plan that the public's page has made."
    view = data.view(data.newest())
    return Plan(view, assets.located(assets.stored(view), view.resolution)[0], settings.read({}))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"lat_deg": 24.0, "lon_deg": 12.0}, "closed to assets of the sea"),
        ({"endurance_h": 0.9}, "endurance not above"),
        ({"speed_km_h": 0.0}, "speed not known or zero"),
        ({"on_call": "always"}, "cannot be read"),
    ],
)
def test_an_asset_that_cannot_be_used_is_named(app, row, said):  # noqa: F811
    "A boat in the desert, no endurance, no speed, a roster nobody reads: a remark, no stack trace"
    link = only(assets.stored(plan_of(app).view), **row)
    at = app("sar_coverage", step="reach", edits=link, hour="12")
    remarks = at.dataframe[-1].value
    assert remarks["Problem"].str.contains(said).any()
    assert not at.exception


def test_no_asset_at_all(app):  # noqa: F811
    "Nobody arrives anywhere, and all demand is a gap"
    stored = assets.stored(plan_of(app).view)
    link = edits.to_text(edits.between(stored, stored[:0]))
    made = plan_of(app, link)
    assert not made.reach.cells["reached"].any()
    assert made.met_share == pytest.approx(0.0)
    assert not app("sar_coverage", step="next", edits=link).exception


def test_nonsense_in_the_link_is_the_default(app):  # noqa: F811
    "Beyond the limits, no number, no word: the default; broken changes are said"
    read = settings.read({"limit_h": "1e9", "p": "many", "rule": "magic", "hour": "24"})
    assert (read["limit_h"], read["p"], read["rule"], read["hour"]) == (6.0, 3.0, "hayward", "")
    at = app("sar_coverage", edits="%%%")
    assert any("cannot be read" in warning.value for warning in at.warning)


def test_changes_travel_in_a_link():
    "Changed, gone and added come back as they were; the same fleet needs no text"
    edited = pd.DataFrame(
        {"place_id": ["b", None], "name": [None, "New"], "lat_deg": [36.5, 33.0],
         "speed_km_h": [26.0, 40.0], "ready": [True, False]}
    )  # fmt: skip
    made = edits.from_text(edits.to_text(edits.between(FLEET, edited)))
    assert (made.changed, made.gone) == ({"b": {"lat_deg": 36.5}}, ("a",))
    assert list(edits.applied(FLEET, made)["lat_deg"]) == [36.5, 33.0]
    assert edits.to_text(edits.between(FLEET, FLEET)) == ""
    with pytest.raises(WaypostError, match="cannot be read"):
        edits.from_text("eJwDAAAAAAE")


def test_undo_brings_back_what_was_there(app):  # noqa: F811
    "Losing an asset, then undo: the link has no changes again"
    at = app("sar_coverage", step="assets")
    box = next(box for box in at.selectbox if box.label == "What if we lose")
    box.select_index(0).run()
    assert "edits" in at.query_params and "release" in at.query_params["plan_against"]
    next(button for button in at.button if button.label == "Undo").click().run()
    assert "edits" not in at.query_params and not at.exception


def test_drift_and_search_add_up_to_one(app):  # noqa: F811
    "Afloat, stranded, lost and outside are all particles; after a search too"
    made = plan_of(app, prior="drift", lkp_lat="34.3", lkp_lon="12.6")
    table, rest, _ = searched.drifted(made)
    assert table["area_probability"].sum() + sum(rest.values()) == pytest.approx(1)
    found = searched.looked(made)
    assert found.cells["area_probability"].sum() + found.outside == pytest.approx(1)
    assert found.cells["planned_h"].sum() == pytest.approx(24)
    assert 0 < found.success < 1


def test_a_drift_without_wind_says_so(app):  # noqa: F811
    "A start outside the fields is a sentence"
    at = app("sar_coverage", step="drift", lkp_lat="-60", lkp_lon="100")
    assert any("no wind or current" in warning.value for warning in at.warning)


def test_a_pattern_as_gpx_and_kml(app):  # noqa: F811
    "As many points as waypoints, and the words for planning"
    made = plan_of(app)
    steered = looked_block.track(made, searched.looked(made), None)
    route, line = looked_block.gpx(steered), looked_block.kml(steered)
    assert route.count(b"<rtept") == line.count(b"<Point>") == len(steered)
    assert b"not for tasking" in route and b"not for tasking" in line
    back, _ = uploads.searched("p.gpx", route)
    assert len(back.fixes) == len(steered) and back.undated == back.tracks == 1


@pytest.fixture
def solver():
    "Starts the greedy trap: greedy covers 11 of 14, the best two bases all; ends with the test."
    covers = np.zeros((14, 3), bool)
    for base, cells in enumerate((range(8), (0, 1, 2, 3, 8, 9, 10), (4, 5, 6, 7, 11, 12, 13))):
        covers[list(cells), base] = True
    job = exact.begin("most", covers, np.where(covers, 1.0, np.inf), np.ones(14), 2, 20)
    yield job
    job.stop()


def test_the_exact_answer_comes_from_the_background(solver):
    "Optimum 14 with a proof"
    solver.process.wait(timeout=60)
    found = solver.result()
    assert (found.sites, found.value, found.gap) == ((1, 2), 14.0, 0.0)
    assert not solver.running


def test_a_stopped_solver_says_so(solver):
    "Stop means stop, and a sentence"
    solver.stop()
    assert not solver.running
    with pytest.raises(WaypostError, match="stopped"):
        solver.result()


def test_no_demand_anywhere_is_unknown_not_met(app, monkeypatch):  # noqa: F811
    "Without an incident nobody knows where help is needed: silent, unknown, and no stack trace"
    whole = View.places
    monkeypatch.setattr(
        View,
        "places",
        lambda self, kind: whole(self, kind).iloc[: 0 if kind == "incidents" else None],
    )
    for step in ("demand", "gap", "next", "looked"):
        plan._need.cache_clear()
        plan._gaps.cache_clear()
        at = app("sar_coverage", step=step)
        assert "unknown" in text_of(at)
    made = plan_of(app)
    assert made.met_share is None and made.need.silent == ("recorded incidents",)
    plan._need.cache_clear()
    plan._gaps.cache_clear()


def test_missing_wind_is_none_and_not_calm():
    "No wind in the data is said; calm is a choice"
    hexes = pd.DataFrame({"wind_east_m_s": [np.nan], "wind_north_m_s": [np.nan]})
    assert plan.wind_of({"wind": "mean"}, hexes) is None
    blows = plan.wind_of({"wind": "entered", "wind_kn": 10.0, "wind_from": 270.0}, hexes)
    assert (blows.east_km_h, blows.north_km_h) == pytest.approx((18.52, 0.0), abs=1e-9)


def test_units_are_those_asked_for():
    "A tenth of a minute before the full degree is the full degree"
    said = units.Units(nautical=True, minutes=True)
    assert said.position(35.99999, -12.5) == "36°00.0'N 012°30.0'W"
    assert said.length(1.852) == (1.0, "nm")
    assert said.area(1.852**2) == (pytest.approx(1.0), "nm²")


def test_saved_scenarios_are_json_of_changes():
    "What is downloaded can be read back"
    text = edits.to_text(edits.without(FLEET, edits.Edits(), "a"))
    back = json.loads(json.dumps({"without Alpha": text}))
    assert edits.from_text(back["without Alpha"]).changed == {"a": {"ready": False}}
