"""Every page runs on the demo as a newcomer gets it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, data
from geo_data.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = ["live_map", "context", "sar_coverage", "data"]


@pytest.fixture
def app(demo_store, monkeypatch):
    "The app over the demo release, for an audience."

    def open_page(page, audience="cell", **query):
        monkeypatch.setattr(
            access, "settings", lambda: Settings(store=demo_store, audience=audience)
        )
        data._view.cache_clear()
        at = AppTest.from_file(ROOT / "dashboard" / "main.py", default_timeout=90)
        for name, value in query.items():
            at.query_params[name] = value
        at.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
        assert not at.exception, at.exception
        return at

    return open_page


def text_of(at):
    "All that the page says."
    markup = [block.proto.body for block in at.get("html")]
    return " ".join([*(m.value for m in [*at.markdown, *at.caption, *at.warning]), *markup])


@pytest.mark.parametrize("audience", ["cell", "partner", "public"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_every_audience(app, page, audience):
    "No exception, and the simulated banner is there"
    assert "SIMULATED DATA" in text_of(app(page, audience))


def test_the_live_map_shows_age_first(app):
    "The first figure is how old the release is"
    strip = next(
        block.proto.body for block in app("live_map").get("html") if "wp-strip" in block.proto.body
    )
    assert strip.index("Updated") < strip.index("Crossings open")


def test_the_legend_tells_three_kinds_of_nothing_apart(app):
    "None, unknown and outside coverage are three lines"
    said = text_of(app("live_map", layer="population_people"))
    for word in ("none", "unknown", "outside coverage"):
        assert word in said


def test_a_picked_hexagon_shows_its_receipts(app):
    "Tripoli: a population value, simulated, with owner and licence"
    at = app("live_map", picked=_cell(32.88, 13.19))
    said = text_of(at)
    assert "Resident population" in said
    receipts = at.dataframe[0].value
    row = receipts[receipts["Quantity"] == "Resident population"].iloc[0]
    assert row["Simulated"] == "yes"
    assert row["Licence"] != "not stated"


def test_nonsense_in_a_link_is_named(app):
    "The page opens with its defaults and says what it ignored"
    at = app("live_map", layer="<script>", view="here")
    assert any("layer" in w.value and "view" in w.value for w in at.warning)


def test_a_damaged_newest_release_is_said(app, monkeypatch):
    "The store falls back by itself; people must know"
    from dashboard import data

    monkeypatch.setattr(data, "passed_over", lambda: ["20260101T000000.000000Z"])
    assert "THE NEWEST RELEASE CANNOT BE READ" in text_of(app("data"))


def test_an_older_release_can_be_looked_at(app, demo_store):
    "Its name in the link, and no newer one takes its place"
    from geo_data.store import Store

    at = app("live_map", release=Store(demo_store).latest().name)
    chosen = next(box for box in at.selectbox if box.label == "Release")
    assert chosen.value == Store(demo_store).latest().name


def test_context_around_a_crossing(app):
    "The profile of 50 km around a crossing has people and crossings in it"
    at = app("context", way="crossing")
    table = at.dataframe[-1].value
    crossings = table[(table["Topic"] == "crossings") & (table["What"].str.startswith("Crossing"))]
    assert float(crossings["Value"].iloc[0].replace(",", "")) >= 1


@pytest.mark.parametrize("audience", ["cell", "partner", "public"])
@pytest.mark.parametrize("look", ["index", "services"])
def test_context_looks_at_index_and_services(app, look, audience):
    "Both open for everybody, with the banner and a table"
    at = app("context", audience, look=look, code="XLY01,XLY02")
    assert "SIMULATED DATA" in text_of(at)
    assert len(at.dataframe)


def test_areas_are_compared_side_by_side(app):
    "Two districts and the whole operation, whose people are more than both together"
    table = app("context", code="XLY01,XLY02").dataframe[-1].value
    row = table[table["What"] == "Resident population"].iloc[0]
    people = [float(str(value).replace(",", "")) for value in row.iloc[2:5]]
    assert people[0] + people[1] < people[2]


def test_weights_in_a_link_that_are_all_zero_are_said(app):
    "A sentence, and the page goes on with the declared ones"
    at = app("context", look="index", weights="FLOOD:0,HEAT:0,DROUGHT:0,x:y")
    assert any("weigh 0" in w.value for w in at.warning)


def test_a_code_that_nobody_knows_is_named(app):
    "The other one of the list is shown"
    at = app("context", way="list", units="XLY01, XX99")
    assert any("XX99" in w.value for w in at.warning)
    assert len(at.dataframe)


def test_a_larger_limit_never_leaves_more_unmet(app):
    "Two days instead of one hour: the share of demand met does not fall"
    met = []
    for limit in ("1.0", "48.0"):
        at = app("sar_coverage", limit_h=limit)
        strip = next(b.proto.body for b in at.get("html") if "Demand met" in b.proto.body)
        value = strip.split("Demand met in time")[1].split("wp-figure-value'>")[1].split("%")[0]
        met.append(int(value))
    assert met[0] <= met[1]


def test_the_public_sees_no_rescue_asset(app):
    "Neither in the table nor in the figures"
    at = app("sar_coverage", "public")
    assert "0 of 0" in text_of(at)


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_withheld_incidents_are_not_called_none(app, audience):
    "The key figure says that they are withheld, not that there were none"
    said = text_of(app("live_map", audience))
    assert "withheld" in said.split("Incidents, 30 days")[1][:200]


def test_the_data_page_accounts_for_every_row(app):
    "Rows in = accepted + quarantined for each source"
    table = app("data").dataframe[0].value
    assert (table["Rows in"] == table["Accepted"] + table["Quarantined"]).all()
    assert table["Quarantined"].sum() > 0


def test_an_open_server_refuses_to_guess_its_audience(demo_store, monkeypatch):
    "Reachable from outside and nobody said for whom: a sentence instead of data"
    monkeypatch.setattr(access, "settings", lambda: Settings(store=demo_store))
    monkeypatch.setattr(access.st, "get_option", lambda name: "0.0.0.0")
    at = AppTest.from_file(ROOT / "dashboard" / "main.py", default_timeout=60).run()
    assert "WAYPOST_AUDIENCE" in at.error[0].value


def _cell(lat, lon):
    from geo_data import grid

    cell = grid.cells_of(lat_deg=[lat], lon_deg=[lon], resolution=6)
    return f"hex:{grid.text(cell)[0]}"
