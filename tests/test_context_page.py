"""The Context page: what-ifs through every look of it, changes since, and input that is wrong."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from msgspec.structs import replace
from streamlit.testing.v1 import AppTest

from dashboard import access, data, exports, what_if
from dashboard.area import choose, ranking
from dashboard.brief import contents
from geo_data import quantities as q
from geo_data.settings import Settings
from geo_data.store import Store
from layers.context import areas, scenario
from layers.context.scenario import Arrivals, Crossing, Flood, Scenario, ServiceLost

ROOT = Path(__file__).parent.parent
RAS_JEDIR = (33.147, 11.56)


@pytest.fixture
def looked_at(demo_store, monkeypatch):
    "Views of the demo, for an audience."

    def open_view(audience="cell", store=demo_store):
        monkeypatch.setattr(access, "settings", lambda: Settings(store=store, audience=audience))
        for cached in (data._view, data._release):
            cached.cache_clear()
        data._tables.held.clear()
        data._supposed.held.clear()
        return data.view(data.newest())

    return open_view


@pytest.fixture
def page(looked_at):
    "The Context page under a link."

    def open_page(audience="cell", store=None, **query):
        looked_at(audience, **({"store": store} if store else {}))
        at = AppTest.from_file(ROOT / "dashboard" / "main.py", default_timeout=120)
        for name, value in query.items():
            at.query_params[name] = value
        at.switch_page(str(ROOT / "pages" / "context.py")).run()
        assert not at.exception, at.exception
        return at

    return open_page


def said(at):
    "All that the page says."
    markup = [block.proto.body for block in at.get("html")]
    return " ".join([*(m.value for m in [*at.markdown, *at.caption, *at.warning, *at.info]),
                     *markup])  # fmt: skip


def tables(at, column):
    "Tables of the page that have a column."
    return [found.value for found in at.dataframe if column in found.value]


def plan_for(view, **more):
    "A flood, Ras Jedir closed, 20,000 arrivals in Tripoli, and a service point of it lost."
    crossings = view.places("crossings")
    near = (crossings["lat_deg"] - RAS_JEDIR[0]).abs() + (crossings["lon_deg"] - RAS_JEDIR[1]).abs()
    service = view.places("services")["place_id"].iloc[0]
    edits = (Flood(), Crossing(place=crossings.loc[near.idxmin(), "place_id"]),
             Arrivals(people=20_000, area="XLY01"), ServiceLost(place=service))  # fmt: skip
    return Scenario(**{"name": "Spring", "edits": edits} | more)


@pytest.mark.parametrize("audience", ["cell", "partner", "public"])
@pytest.mark.parametrize("look", ["profile", "index", "services"])
def test_every_look_opens_under_a_what_if(page, looked_at, look, audience):
    "The banner is there, for every audience and with the difference on the map"
    text = scenario.to_text(plan_for(looked_at(audience)))
    at = page(audience, look=look, what_if=text, what_if_map="change", code="XLY01")
    assert "WHAT-IF" in said(at)
    assert "SIMULATED DATA" in said(at)


def test_the_profile_before_and_after(page, looked_at):
    "20,000 more displaced people in Tripoli, to the person"
    at = page(what_if=scenario.to_text(plan_for(looked_at())), code="XLY01")
    row = tables(at, "What if")[0].set_index("What").loc["Displaced people present"]
    assert row["Difference"] == "+20,000"
    assert row["Verdict"] == "worse"


def test_without_edits_nothing_is_a_what_if(looked_at):
    "The very same view, tables and profile"
    view = looked_at()
    assert what_if.view_of(view, Scenario(name="only a name")) is view


def test_all_layers_and_places_of_a_what_if(looked_at):
    "Totals at every resolution move by what was put in, other quantities not at all"
    view = looked_at()
    supposed = what_if.view_of(view, plan_for(view))
    lost = len(view.places("services")) - len(supposed.places("services"))
    for resolution in (4, 6):
        moved = [_total(one, q.DISPLACED, resolution) for one in (supposed, view)]
        assert moved[0] - moved[1] == pytest.approx(20_000, abs=1e-6)
        gone = [_total(one, q.SERVICES, resolution) for one in (view, supposed)]
        assert gone[0] - gone[1] == lost > 1
        for other in (q.POPULATION, q.FLOOD_DEPTH, q.INCIDENTS):
            before, after = (one.hexagons(other, resolution) for one in (view, supposed))
            assert after.equals(before)


def test_a_hexagon_that_is_picked_tells_what_the_map_shows(looked_at):
    "Value of the panel and value of the table, fine and coarse"
    view = looked_at()
    supposed = what_if.view_of(view, plan_for(view))
    for resolution in (4, 6):
        table = supposed.hexagons(q.DISPLACED, resolution)
        at = table[q.DISPLACED.column].idxmax()
        picked = supposed.in_cell(q.DISPLACED, int(table["cell"][at]))
        assert picked[q.DISPLACED.column] == pytest.approx(table[q.DISPLACED.column][at])


def test_a_what_if_brings_out_nothing_that_is_withheld(looked_at):
    "What the public may not know stays unknown after any edit"
    view = looked_at("public")
    supposed = what_if.view_of(view, plan_for(view))
    for quantity in (q.DISPLACED, q.SERVICES, q.INCIDENTS):
        before, after = (one.hexagons(quantity)[quantity.column].isna() for one in (view, supposed))
        assert (before == after).all()


def test_every_file_of_a_what_if_says_so(looked_at):
    "Table, file name and brief"
    view = looked_at()
    supposed = what_if.view_of(view, plan_for(view))
    stamped = exports.stamped(supposed, supposed.places("crossings").head(1), [])
    assert "WHAT-IF" in stamped["what_if"].iloc[0]
    assert "what-if" in exports.file_name(supposed, "profile", "csv")
    brief = contents.brief(supposed, _tripoli(view))
    assert "WHAT-IF" in brief.simulated
    assert "20,000 more displaced people" in " ".join(brief.findings)
    assert "WHAT-IF" not in contents.brief(view, _tripoli(view)).simulated


def test_edits_are_added_taken_out_and_taken_back(page):
    "Add arrivals, undo, and the link follows"
    at = page(code="XLY01")
    at.selectbox(key="what-if-kind").set_value("arrivals").run()
    at.button(key="what-if-add").click().run()
    assert not at.exception
    held = at.query_params["what_if"]
    plan = scenario.from_text(held if isinstance(held, str) else held[0])
    assert plan.edits == (Arrivals(people=20_000, area="XLY01"),)
    at.button(key="what-if-back").click().run()
    assert "what_if" not in at.query_params
    assert "WHAT-IF" not in said(at)


@pytest.mark.parametrize("kind", ["crossing", "flood", "service", "site"])
def test_each_kind_of_edit_can_be_added(page, kind):
    "With what is offered first"
    at = page(code="XLY01,XTN01,XNE01")
    at.selectbox(key="what-if-kind").set_value(kind).run()
    assert not at.exception
    add = at.button(key="what-if-add")
    if add.disabled:
        assert "None in this area" in said(at)
        return
    add.click().run()
    assert "WHAT-IF" in said(at)


@pytest.mark.parametrize("text", ["nonsense", "eJw", "%25"])
def test_a_broken_what_if_in_the_link_is_said(page, text):
    "The page opens with the release as it is"
    at = page(what_if=text, code="XLY01")
    assert "cannot be read" in said(at)
    assert "Resident population" in said(at)


@pytest.fixture(scope="module")
def two_dates(demo_store, tmp_path_factory):
    "The demo, and later twice the displaced people, from a source with another coverage."
    import shutil

    folder = tmp_path_factory.mktemp("dates") / "store"
    shutil.copytree(demo_store, folder)
    store = Store(folder)
    old = store.latest()
    frames = {name: old.table(name) for name in old.tables}
    hexagons = frames["hexagons"]
    at = hexagons.schema.get_field_index("displaced_people")
    field = hexagons.schema.field(at)
    double = pc.multiply(hexagons["displaced_people"], 2).cast(field.type)
    frames["hexagons"] = hexagons.set_column(at, field, double)
    sources = [
        account | ({"coverage": ["LBY"]} if account["source"] == "displaced" else {})
        for account in old.manifest["sources"]
    ]
    store.publish(frames, {**old.manifest, "sources": sources})
    return folder, old.name


def test_what_got_worse_since_an_earlier_release_and_its_break(page, two_dates):
    "Twice the displaced people: +100 %, worse, and the coverage of the source changed meanwhile"
    folder, old = two_dates
    at = page(store=folder, since=old, code="XLY01")
    table = tables(at, "Break in the series")[0].set_index("What")
    row = table.loc["Displaced people present"]
    assert row["Change, %"] == "100%"
    assert row["Verdict"] == "worse"
    assert "speaks about other countries" in row["Break in the series"]
    assert "Resident population" not in table.index


def test_times_to_services_in_the_profile(page):
    "Median and mean for walking and driving, only when asked for"
    asked = tables(page(code="XLY01", times="true"), "Known for, % of the area")[0]
    assert asked["What"].str.startswith("health, on foot: half").sum() == 1
    plain = tables(page(code="XLY01"), "Known for, % of the area")[0]
    assert not plain["What"].str.contains("on foot").any()


DRAWN = {
    "outside the operation": ("-40,60,-39,60,-39,61,-40,61", "outside this operation"),
    "a line": ("13,32,13.5,32,14,32,13.2,32", "empty"),
    "crossing itself": ("13,32,14,33,14,32,13,33", "mended"),
    "half outside": ("35,25,45,25,45,27,35,27", "outside this operation"),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_a_polygon_that_is_wrong_gets_a_sentence(page, name):
    "And the page stays; where anything is left of the polygon, with its profile"
    ring, sentence = DRAWN[name]
    at = page(way="drawn", drawn=ring)
    assert sentence in said(at)
    if name == "crossing itself":
        assert tables(at, "Whole operation")


def test_an_area_without_people_has_the_rest_of_its_profile(page):
    "Open sea: no residents or unknown, no rate of anything, and still depths and waves"
    at = page(way="drawn", drawn="17,34.5,18,34.5,18,35.5,17,35.5")
    table = tables(at, "Whole operation")[0].set_index("What")["Value"]
    assert table["Resident population"] in ("0", "unknown")
    assert table["Displaced people per resident"] == "unknown"
    assert table["Elevation or depth"].startswith(("-", "−"))


def test_indicators_that_tell_nothing_are_named(page, monkeypatch):
    "Without data, beyond its limits, and the rest is still ranked"
    plan = ranking.declared()
    changes = {"FLOOD": {"quantity": "rain_anomaly_mm"}, "HEAT": {"low": 80.0, "high": 90.0}}
    wrong = [replace(one, **changes.get(one.key, {})) for one in plan.indicators]
    monkeypatch.setattr(ranking, "declared", lambda: replace(plan, indicators=wrong))
    ranking.basis.cache_clear()
    ranking._ranking.cache_clear()
    at = page(look="index", code="XLY01")
    ranking.basis.cache_clear()
    ranking._ranking.cache_clear()
    remarks = tables(at, "Why these limits")[0].set_index("Indicator")["Remark"]
    assert "no data" in remarks["Flood depth, 1 in 100 years"]
    assert "beyond its limits" in remarks["Maximum temperature"]
    assert len(tables(at, "Rank, 5% to 95%")[0])


@pytest.fixture(scope="module")
def one_source(demo_store, tmp_path_factory):
    "The demo as if it had the residents only."
    folder = tmp_path_factory.mktemp("one") / "store"
    old = Store(demo_store).latest()
    frames = {name: old.table(name).slice(0, 0) for name in old.tables}
    whole = old.table("hexagons")
    for number, field in enumerate(whole.schema):
        if field.name != "cell" and not field.name.startswith("population_people"):
            nothing = pa.nulls(len(whole), field.type)
            if field.name.endswith("__cover"):
                nothing = pa.array(np.zeros(len(whole)), field.type)
            whole = whole.set_column(number, field, nothing)
    frames["hexagons"] = whole
    manifest = dict(old.manifest)
    manifest["sources"] = [s for s in manifest["sources"] if s["source"] == "population"]
    manifest["methods"] = {q.POPULATION.column: manifest["methods"][q.POPULATION.column]}
    Store(folder).publish(frames, manifest)
    return folder


@pytest.mark.parametrize("look", ["profile", "index", "services"])
@pytest.mark.parametrize("way", ["admin", "drawn", "crossing", "corridor"])
def test_an_operation_with_a_single_source(page, one_source, look, way):
    "Every look opens; residents are told, everything else is unknown, never none"
    at = page(store=one_source, look=look, way=way, drawn="13,32,14,32,14,33,13,33")
    if look == "profile" and way == "drawn":
        table = tables(at, "Whole operation")[0].set_index("What")["Value"]
        assert table["Resident population"] not in ("unknown", "0")
        assert table["Displaced people present"] == "unknown"


def _total(view, quantity, resolution):
    return np.nansum(view.hexagons(quantity, resolution)[quantity.column].to_numpy(np.float64))


def _tripoli(view):
    cells = areas.from_code("XLY01", view.reference("areas"), view.reference("area_cells"))
    return choose.Area("Tripoli", cells, outlines=("code-XLY01",))
