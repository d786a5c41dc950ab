"""Markup, template code and formulas in every text of the data: shown as text on every page."""

import copy
import shutil

import pyarrow as pa
import pytest

from geo_data import tables
from geo_data.store import Store
from tests.browser.conftest import serve

pytestmark = pytest.mark.browser

PLANTED = "{{1234567*7}}${alert(1)}</script><img src=x onerror=alert(1)>`$x$ **b** :red[c]"
RUN = "8641969"
KEYS = {
    "place_id", "area_code", "parent_code", "country", "other_country", "source", "quantity",
    "place_code", "partner_code", "group", "place_level", "kind", "line_type", "on_call", "route",
}  # fmt: skip
TOLD = ("title", "owner", "licence", "note", "reference_period")
STATES = {
    "": "places=crossings,services,sites,incidents,assets", "?": "light=1&places=crossings,services",
    "context": "at=crossing", "context?": "look=index", "context??": "look=services",
    "sar_coverage": "step=gap", "sar_coverage?": "step=assets", "sar_coverage??": "step=next",
    "data": "", "data?": "lang=ar",
}  # fmt: skip


@pytest.fixture(scope="module")
def poisoned(demo_store, tmp_path_factory):
    "The demo with the planted text in all columns of free text, and in what sources say."
    folder = tmp_path_factory.mktemp("canary")
    shutil.copytree(demo_store, folder / "store")
    store = Store(folder / "store")
    old = store.latest()
    held = {name: _planted(name, old.table(name)) for name in old.tables}
    manifest = copy.deepcopy(dict(old.manifest))
    manifest["operation"]["title"] = PLANTED
    for source in manifest["sources"]:
        source |= {name: PLANTED for name in TOLD if source.get(name)}
        source["warnings"] = [PLANTED]
    store.publish(held, manifest)
    yield from serve(folder / "store", folder / "log")


def _planted(name, table):
    columns = {
        field.name for field in tables.SHAPES.get(name, ())
        if field.type == tables.TEXT and not field.words and field.name not in KEYS
    }  # fmt: skip
    if name == "quarantine":
        columns = {"file", "column", "found", "expected", "advice"}
    for column in columns & set(table.schema.names):
        place = table.schema.get_field_index(column)
        texts = pa.array([PLANTED] * len(table), table.schema.field(column).type)
        table = table.set_column(place, table.schema.field(column), texts)
    return table


@pytest.mark.parametrize("state", STATES)
def test_planted_texts_stay_text(poisoned, visitor, state):
    "No alert, no element or formula made of it, no sum done; the text is there to be read"
    tab = visitor("about:blank")
    asked = []
    tab.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    tab.page.goto(f"{poisoned}/{state.rstrip('?')}?{STATES[state]}")
    tab.page.get_by_text("alert(1)").first.wait_for(timeout=90_000)
    tab.at_rest()
    for frame in tab.page.frames:
        assert frame.locator("img[src='x'], [onerror], .katex").count() == 0
        assert frame.locator("strong").get_by_text("b", exact=True).count() == 0
        assert RUN not in frame.locator("body").inner_text()
    assert asked == []
    assert tab.broken == []
    assert tab.outside == []
