"""The rescue page under odd input: positions, clicks, overlapping sorties, undo, empty maps."""

import pandas as pd
import pytest

from dashboard import data, linked
from dashboard.clicks import HexClick, PlaceClick, View, click_of
from dashboard.rescue import assets, last_known, overlaps, positions
from layers.sar import edits, effort
from tests.test_pages import app, text_of  # noqa: F401 -- the fixture
from tests.test_sar_page import only, plan_of

TO_STOP = View(0, 0, 5)


def button(at, label):
    "A button by its label."
    return next(found for found in at.button if found.label == label)


def box(at, label):
    "A selectbox by its label."
    return next(found for found in at.selectbox if found.label == label)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("34.5, 12.75", 34.5, 12.75), ("-34.5 -12.75", -34.5, -12.75),
        ("34°30.0'N 012°45.0'E", 34.5, 12.75), ("N34-30 W012-45", 34.5, -12.75),
        ("N 34 30 W 12 45 36", 34.5, -12.76), ("34°30′S, 12°45′O", -34.5, -12.75),
        ("12 45 E 34 30 N", 34.5, 12.75), ("34,5; 12,75", 34.5, 12.75),
        ("34 30, 12 45", 34.5, 12.75), ("-0 30, 12", -0.5, 12.0),
    ],
)  # fmt: skip
def test_positions_as_people_write_them(text, lat, lon):
    "Decimal degrees, degrees and minutes, seconds, letters before or after, either axis first"
    assert positions.read(text) == (pytest.approx(lat), pytest.approx(lon))


@pytest.mark.parametrize(
    "text", ["", "34.5", "34.5, 190", "95, 12", "34 75 N 12 E", "34 N 12 N", "1 2 3", "<b>1, 2</b>",
             "-34 N 12 E", "34.5 30 N 12 E", "nan, nan"],
)  # fmt: skip
def test_what_is_no_position_is_none(text):
    "Beyond the Earth, 75 minutes, twice a latitude, words"
    assert positions.read(text) is None


def test_a_typed_position_goes_into_the_link(app):  # noqa: F811
    "Degrees and minutes to decimals; nonsense is named and the one before stays"
    at = app("sar_coverage", step="drift", lkp_lat="34.3", lkp_lon="12.6")
    assert at.text_input(key="sar-lkp").value == "34.300, 12.600"
    at.text_input(key="sar-lkp").set_value("34°30'N 13°15'E").run()
    assert (at.query_params["lkp_lat"], at.query_params["lkp_lon"]) == ("34.50000", "13.25000")
    at.text_input(key="sar-lkp").set_value("Lampedusa").run()
    assert "Lampedusa" in at.error[0].value and "34.5, 12.75" in at.error[0].value
    assert at.query_params["lkp_lat"] == "34.50000" and not at.exception


def test_a_click_tells_where_in_its_hexagon():
    "The browser's own position inside the hexagon; without one its centre; nonsense is nothing"
    said = {"kind": "hex", "res": 6, "view": [0, 0, 5], "at": 1, "spot": [12.61, 35.51]}
    sent = {"properties": said, "geometry": {"coordinates": [12.6, 35.5]}}
    assert click_of(sent).spot == (35.51, 12.61)
    assert click_of({**sent, "properties": {**said, "spot": None}}).spot is None
    assert click_of({**sent, "properties": {**said, "spot": ["x", 1]}}) is None


def test_a_click_sets_the_position_only_when_waited_for(app, monkeypatch):  # noqa: F811
    "A hexagon by the spot, a place by its own position; otherwise a click is a click"
    view = plan_of(app).view
    state, link = {}, {}
    monkeypatch.setattr(last_known.st, "session_state", state)
    monkeypatch.setattr(last_known.settings.st, "query_params", link)
    click = HexClick(35.0, 12.0, 6, TO_STOP, 1, (35.01, 12.02))
    assert not last_known.clicked(view, click) and not link
    state[last_known.WAITING] = True
    assert last_known.clicked(view, click)
    assert link == {"lkp_lat": "35.01000", "lkp_lon": "12.02000"}
    assert not last_known.clicked(view, click)
    state[last_known.WAITING] = True
    boat = view.places("assets").iloc[0]
    assert last_known.clicked(view, PlaceClick("assets", boat["place_id"], TO_STOP, 2))
    assert float(link["lkp_lat"]) == pytest.approx(boat["lat_deg"], abs=1e-5)


def sortie(track, name, start, lat=35.0):
    "A sortie of an hour along a parallel, a fix each quarter of an hour."
    hours = pd.to_timedelta([0, 15, 30, 45, 60], unit="m")
    times = pd.Timestamp(start, tz="UTC") + hours if start else pd.NaT
    return pd.DataFrame(
        {"track_id": track, "name": name, "lat_deg": lat, "lon_deg": [12.0, 12.1, 12.2, 12.3, 12.4],
         "time": times}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (sortie("b", "Alpha", "2026-11-20T10:30", lat=34.0), "the same searcher at the same time"),
        (sortie("b", "Bravo", "2026-11-20T10:30"), "also searched in the same period by Bravo"),
        (sortie("b", "Bravo", None), "times not known"),
        (sortie("b", "Bravo", "2026-11-20T11:00"), None),
        (sortie("b", "Bravo", "2026-11-20T10:30", lat=34.0), None),
    ],
)
def test_overlapping_sorties_are_told(second, said):
    "One searcher twice at a time; the same cells at a time or without times; else nothing"
    fixes = pd.concat([sortie("a", "Alpha", "2026-11-20T10:00"), second], ignore_index=True)
    wide = fixes.assign(sweep_width_m=100.0)
    passed = {track: effort.effort(part, 6).cells for track, part in wide.groupby("track_id")}
    notes = overlaps.overlaps(fixes, passed)
    assert len(notes) == (said is not None)
    if said:
        assert said in notes["problem"][0] and "adds up" in notes["done"][0]
        assert notes["advice"][0].endswith(".")


def test_undo_takes_the_comparison_back_with_the_change(app):  # noqa: F811
    "Losing an asset compares with the release; undoing it compares no more"
    at = app("sar_coverage", step="assets")
    box(at, "What if we lose").select_index(0).run()
    assert at.query_params["plan_against"] == "release"
    button(at, "Undo").click().run()
    assert "plan_against" not in at.query_params and "edits" not in at.query_params
    assert button(at, "Undo").disabled


def test_undo_leaves_a_comparison_that_was_chosen_since(app):  # noqa: F811
    "A saved scenario chosen after the change stays; the register against itself is none"
    at = app("sar_coverage", step="assets")
    box(at, "What if we lose").select_index(0).run()
    at.text_input(key="sar-name").set_value("without it").run()
    button(at, "Save").click().run()
    box(at, "Compare with").select("without it").run()
    assert any("are the same" in info.value for info in at.info)
    chosen = at.query_params["plan_against"]
    button(at, "Undo").click().run()
    assert at.query_params["plan_against"] == chosen and "edits" not in at.query_params
    assert box(at, "Compare with").value == chosen and not at.exception


def test_back_to_the_register_ends_a_comparison_with_it(app):  # noqa: F811
    "And undo brings both back"
    at = app("sar_coverage", step="assets")
    box(at, "What if we lose").select_index(0).run()
    held = at.query_params["edits"]
    button(at, "Back to the register").click().run()
    assert "plan_against" not in at.query_params
    button(at, "Undo").click().run()
    assert (at.query_params["edits"], at.query_params["plan_against"]) == (held, "release")


def test_long_plans_are_told_apart(app, monkeypatch):  # noqa: F811
    "Two plans too long for a link, saved and undone, stay two; a stranger's session says so"
    monkeypatch.setattr(linked, "LONGEST_LINK", 10)
    at = app("sar_coverage", step="assets")
    for _ in range(2):
        box(at, "What if we lose").select_index(0).run()
    second = at.query_params["edits"]
    button(at, "Undo").click().run()
    first = at.query_params["edits"]
    assert first.startswith("session.") and first != second
    ready = at.dataframe
    assert not at.exception and ready is not None
    stranger = app("sar_coverage", edits=first)
    assert any("more changes than it can hold" in warning.value for warning in stranger.warning)


@pytest.mark.parametrize(
    ("step", "query", "said"),
    [
        ("gap", {"edits": "none"}, "The plan has no asset"),
        ("reach", {"edits": "broken"}, "No asset of the plan can be sent"),
        ("looked", {"edits": "none"}, "as if one could be everywhere"),
        ("looked", {"prior": "drift", "lkp_lat": "-60"}, "There is no drift to begin with"),
        ("drift", {"lkp_lat": "27", "lkp_lon": "14", "field": "entered"}, "lies on land"),
        ("gap", {"w_incidents": "0"}, "All weights of demand are 0"),
    ],
)
def test_an_empty_map_has_a_reason(app, step, query, said):  # noqa: F811
    "Said above the map, with what was done or what to mend"
    stored = assets.stored(plan_of(app).view)
    links = {
        "none": edits.to_text(edits.between(stored, stored[:0])),
        "broken": only(stored, speed_km_h=0.0),
    }
    wanted = {key: links.get(value, value) for key, value in query.items()}
    at = app("sar_coverage", step=step, **wanted)
    assert any(said in warning.value for warning in at.warning), [w.value for w in at.warning]


def test_the_public_is_told_that_assets_are_withheld(app):  # noqa: F811
    "Unknown, not nobody"
    at = app("sar_coverage", "public", step="gap")
    assert any("withheld from this audience" in warning.value for warning in at.warning)


def test_candidate_bases_that_cannot_be_used_are_named(app):  # noqa: F811
    "A team on the ground starting from airfields at sea: remarks, and no stack trace"
    at = app("sar_coverage", step="next", kind="desert ground team")
    assert not at.exception and data.newest()


def test_light_mode_shows_the_table_first(app):  # noqa: F811
    "No map until it is asked for, and the table of the drawn hexagons open"
    at = app("sar_coverage", light="1", step="gap")
    assert any(found.label == "Draw the map" for found in at.button)
    table = next(e for e in at.expander if e.label == "The map as a table")
    assert table.proto.expanded
    assert any("share of the operation's demand" in frame.value for frame in at.dataframe)


def test_the_clock_turns_the_page_without_comparing(app):  # noqa: F811
    "One date of the demo is said; no popover to compare dates, whatever the link asks"
    at = app("sar_coverage", compare="side", days="30")
    assert "One date" in text_of(at)
    assert not any(radio.label == "Compare" for radio in at.radio)
