"""Every page runs on the demo as a newcomer gets it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, data
from geo_data.settings import Settings
from geo_data.store import Store

ROOT = Path(__file__).parent.parent
PAGES = ["live_map", "context", "sar_coverage", "data"]


@pytest.fixture
def app(demo_store, monkeypatch):
    "The app over the demo release, for an audience."

    def open_page(page, audience="cell", store=demo_store, **query):
        monkeypatch.setattr(access, "settings", lambda: Settings(store=store, audience=audience))
        data._view.cache_clear()
        data._release.cache_clear()
        data._tables.held.clear()
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
    receipts = next(d.value for d in at.dataframe if "Quantity" in d.value)
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


@pytest.fixture
def two_dates(demo_store, tmp_path):
    "The demo, and the same again on a later date with twice the displaced people and no heat."
    import shutil

    import pyarrow.compute as pc

    shutil.copytree(demo_store, tmp_path / "store")
    store = Store(tmp_path / "store")
    old = store.latest()
    frames = {name: old.table(name) for name in old.tables}
    hexagons = frames["hexagons"]
    at = hexagons.schema.get_field_index("displaced_people")
    double = pc.multiply(hexagons["displaced_people"], 2).cast(hexagons.schema.field(at).type)
    frames["hexagons"] = hexagons.set_column(at, hexagons.schema.field(at), double)
    methods = {k: v for k, v in old.manifest["methods"].items() if k != "heat_max_c"}
    new = store.publish(frames, {**old.manifest, "methods": methods})
    return tmp_path / "store", old.name, new.name


def test_the_clock_stands_at_the_date_of_the_link(app, two_dates):
    "An older date in the link: the slider stands there and the figures are those of that date"
    store, old, new = two_dates
    at = app("live_map", store=store, release=old)
    assert at.select_slider(key="clock").value == old
    then = _figure(at, "Displaced people present")
    now = _figure(app("live_map", store=store), "Displaced people present")
    assert int(now.replace(",", "")) == 2 * int(then.replace(",", ""))


def test_turning_the_clock_changes_the_link(app, two_dates):
    "To the older date and back: the newest has no name in the link, so it is kept up to date"
    store, old, new = two_dates
    at = app("live_map", store=store)
    at.select_slider(key="clock").set_value(old).run()
    assert at.query_params["release"] == old
    at.select_slider(key="clock").set_value(new).run()
    assert "release" not in at.query_params


def test_a_layer_without_a_value_at_a_date_says_so(app, two_dates):
    "Heat exists at the first date only; the link keeps it, and legend and menu say what is missing"
    store, old, new = two_dates
    assert "No value at this date" not in text_of(
        app("live_map", store=store, release=old, layer="heat_max_c")
    )
    at = app("live_map", store=store, layer="heat_max_c")
    assert "No value at this date" in text_of(at)
    assert at.query_params["layer"] == "heat_max_c"


def test_a_difference_has_its_own_legend(app, two_dates):
    "Steps up and down, and 'not known at one of the dates'"
    store, old, new = two_dates
    at = app("live_map", store=store, compare="change", layer="displaced_people")
    labels = [box.label for box in at.checkbox]
    assert "up by 1,000 or more" in labels and "not known at one of the dates" in labels


def test_a_release_that_is_gone_is_named_and_the_newest_shown(app):
    "The link names a release that retention has taken: a warning, and the page opens"
    at = app("live_map", release="20200101T000000.000000Z", against="20200101T000000.000000Z")
    assert any("release" in w.value and "against" in w.value for w in at.warning)


def test_a_class_switched_off_stands_in_the_link(app):
    "The switch of the class 'none' hides it; the link says so"
    at = app("live_map", layer="population_people")
    at.checkbox(key="class-hexlayer-population_people-0").uncheck().run()
    assert at.query_params["hidden"] == "0"


def test_the_wall_screen_has_no_controls(app):
    "Title, legend, figures; no switch, no slider, no button"
    at = app("live_map", kiosk="1", layers="elevation_m", seconds="nonsense")
    assert "Elevation or depth" in text_of(at)
    assert not [*at.checkbox, *at.toggle, *at.button, *at.select_slider]


def test_a_weak_link_gets_tables_before_the_map(app):
    "No map until asked; the table lists hexagons by value"
    at = app("live_map", light="1", layer="population_people")
    kinds = [type(block).__name__ for block in at.main]
    assert not at.main.get("component_instance")
    values = at.dataframe[0].value["people"]
    numbers = [int(v.replace(",", "").strip("\u2066\u2069")) for v in values]
    assert numbers == sorted(numbers, reverse=True) and numbers[0] > 0 and kinds
    at.button(key="draw-map").click().run()
    assert at.main.get("component_instance")


def test_context_around_a_crossing(app):
    "The profile of 50 km around a crossing has people and crossings in it"
    at = app("context", way="crossing")
    table = next(d.value for d in at.dataframe if "Whole operation" in d.value)
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
    shown = app("context", code="XLY01,XLY02").dataframe
    table = next(d.value for d in shown if "Whole operation" in d.value)
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
    assert any("Whole operation" in d.value for d in at.dataframe)


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
    assert table.columns[:3].tolist() == ["Source", "Late", "Age"]
    undated = table["Age"] == "undated"
    assert undated.any() and set(table["Late"][undated]) == {"undated"}


def test_an_open_server_refuses_to_guess_its_audience(demo_store, monkeypatch):
    "Reachable from outside and nobody said for whom: a sentence instead of data"
    monkeypatch.setattr(access, "settings", lambda: Settings(store=demo_store))
    monkeypatch.setattr(access.st, "get_option", lambda name: "0.0.0.0")
    at = AppTest.from_file(ROOT / "dashboard" / "main.py", default_timeout=60).run()
    assert "WAYPOST_AUDIENCE" in at.error[0].value.replace("\\", "")


def _figure(at, label):
    strip = next(
        b.proto.body for b in at.get("html") if label in b.proto.body and "wp-strip" in b.proto.body
    )
    return strip.split(label)[1].split("wp-figure-value'>")[1].split("<")[0].strip("\u2066\u2069")


def _cell(lat, lon):
    from geo_data import grid

    cell = grid.cells_of(lat_deg=[lat], lon_deg=[lon], resolution=6)
    return f"hex:{grid.text(cell)[0]}"


def test_without_another_date_nothing_is_compared(app):
    "One release: said, the legend is that of the values, and the link is cleaned"
    for way in ("change", "side"):
        at = app("live_map", compare=way, layer="population_people")
        said = text_of(at) + " ".join(note.value for note in at.info)
        assert "no other date to compare with" in said
        assert "Change of" not in said and "compare" not in at.query_params


def test_a_difference_is_the_same_everywhere(app, two_dates, monkeypatch):
    "Twice the displaced: legend, table, title, note and file say change, also from the older date"
    from dashboard import hand_over

    store, old, new = two_dates
    handed = []
    monkeypatch.setattr(hand_over, "panel", lambda *a, **k: handed.append((a, k)))
    for release, against in (("", old), (old, new)):
        at = app("live_map", store=store, compare="change", layer="displaced_people", places="",
                 release=release, against=against)  # fmt: skip
        told = text_of(at)
        assert told.count("Change of: Displaced people present") >= 3
        assert "Sources and their ages: of" in told
        table = next(d.value for d in at.dataframe if "Hexagon" in d.value)
        assert "up by 1,000 or more" in set(table["Class"])
        (view, _, layer), how = handed[-1]
        assert (view.name, how["token"]) == (new, f"since-{old}")
        assert how["name"].startswith("change-of-displaced_people-since-2")
        assert "against" in how["title"] and "Difference:" in how["notes"][0]


def test_a_file_of_a_difference_holds_the_difference(app, two_dates):
    "Twice as many displaced: what is added is what was there before"
    import io

    import pandas as pd

    from dashboard import comparison
    from dashboard.handout import formats, picture
    from dashboard.selection import Selection
    from layers import BY_KEY

    store, old, new = two_dates
    app("live_map", store=store)
    view, layer = data.view(new), BY_KEY["displaced_people"]
    found = comparison.drawn(view, Selection(compare="change"), layer)
    shown = picture.picture(found.view, Selection(zoom=0), found.layer, token=found.token)
    values = pd.read_csv(io.BytesIO(formats.csv(view, shown)), skiprows=[1])["displaced_people"]
    before = data.view(old).hexagons(layer.quantity)["displaced_people"]
    assert values.sum() == pytest.approx(before.sum(), rel=1e-3)


def test_side_by_side_says_whose_legend_it_is(app, two_dates):
    "The date of the link, in the legend and for the sheet"
    store, old, new = two_dates
    at = app("live_map", store=store, compare="side", layer="displaced_people")
    assert "legend, tables and files are of" in text_of(at)


def test_what_no_page_knows_is_named(app):
    "A foreign parameter, a wall screen that is none, layers that do not exist; a fair link is not"
    at = app("live_map", foo="bar", kiosk="zz", seconds="soon", layers="x")
    said = next(w.value for w in at.warning if "only partly understood" in w.value)
    assert all(name in said for name in ("foo", "kiosk", "seconds", "layers"))
    for page in PAGES[:3]:
        fair = app(page)
        again = app(page, **fair.query_params)
        told = [w.value for w in again.warning if "only partly understood" in w.value]
        assert told == [], fair.query_params


def test_playing_says_where_it_is_and_that_it_stopped(app, two_dates):
    "Step n of m while it plays; at the end it says so"
    store, old, new = two_dates
    at = app("live_map", store=store, release=old)
    at.button(key="play").click().run()
    assert "Playing: date 1 of 2." in text_of(at)
    at.session_state["playing"], at.session_state["played"] = False, True
    assert "Stopped at the newest of 2 dates." in text_of(at.run())


def test_a_damaged_release_is_said_in_the_language_of_the_page(app, monkeypatch):
    "French, with the command as it is"
    monkeypatch.setattr(data, "passed_over", lambda: ["20260101T000000.000000Z"])
    said = text_of(app("data", lang="fr"))
    assert "VERSION LA PLUS RÉCENTE" in said and "python -m etl doctor" in said
