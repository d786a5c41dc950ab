"""Every text in every language: complete catalogues, nothing left in English, safe to show."""

import ast
import html
import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, catalogue, data, language, markers
from dashboard.selection import Selection, from_query
from geo_data import operations
from geo_data.settings import Settings
from geo_data.words import Number, Phrase

ROOT = Path(__file__).parent.parent
FOREIGN = [code for code in language.NAMES if code != language.SOURCE]
PAGES = ["live_map", "context", "sar_coverage", "data"]
# Equal to English for good: units, loan words, templates without a word.
SAME = set(
    [
        "N",
        "S",
        "E",
        "CSV: {layer}",
        "CSV: {table}",
        "{label}: {value}",
        "Cause",
        "Date",
        "Incident",
        "Incident {date}",
        "GeoPackage: {layer}",
        "Latitude",
        "Longitude",
        "Note",
        "Observations",
        "Page",
        "Position",
        "Service",
        "Source",
        "Sources",
        "Type",
        "Violence",
        "coordination",
        "incidents",
        "nutrition",
        "services",
        "organisations",
        "port",
        "protection",
        "sites",
        "village",
        "simulated",
        "Hospital",
        "no",
        "km",
        "m",
        "mm",
        "m/s",
        "h",
        "°C",
        "{number} {unit}",
        "{days} {n} h",
        "{hours} h {n} min",
        "{what}: {which}",
        "{what} : {which}",
        "Incidents",
        "Licence",
        "Adolph 1947.",
        "Base",
        "Distances",
        "Positions",
        "litres",
    ]
)


@pytest.mark.parametrize("code", FOREIGN)
def test_the_catalogue_is_complete(code):
    "The texts of the code, no more, no less, none empty, none guessed"
    wanted, found = catalogue.texts(catalogue.template()), catalogue.texts(catalogue.read(code))
    assert set(found) == set(wanted), "run: python -m dashboard.catalogue"
    assert [name for name, m in found.items() if not all(catalogue.forms(m)) or m.fuzzy] == []


@pytest.mark.parametrize("code", FOREIGN)
def test_no_placeholder_is_lost_or_added(code):
    "Each form of each translation has the placeholders of the English text"
    for name, message in catalogue.texts(catalogue.read(code)).items():
        for said in catalogue.forms(message):
            assert catalogue.fields(said) == catalogue.fields(name), (name, said)


@pytest.mark.parametrize("code", FOREIGN)
def test_nothing_was_copied_from_english(code):
    "Except units and words that are the same in both"
    found = catalogue.texts(catalogue.read(code))
    assert {name for name, m in found.items() if name in catalogue.forms(m)} <= SAME


def test_arabic_has_its_six_plurals():
    "None, one, two, few, many, other, as the Unicode plural rules have them"
    with language.spoken("ar"):
        said = [language.ngettext("{n} hexagon", "{n} hexagons", n) for n in (0, 1, 2, 3, 11, 100)]
    assert len({re.sub(r"\W|\d", "", text) for text in said}) == 6
    with language.spoken("ar"):
        again = language.ngettext("{n} hexagon", "{n} hexagons", 99)
    assert again.replace("99", "11") == said[4]


def test_no_text_hides_in_an_f_string():
    "The collector cannot see it there"
    for file in [*(ROOT / "dashboard").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
                names = {getattr(call.func, "id", "") for call in calls}
                assert not names & {"_", "ngettext"}, f"{file.name}:{node.lineno}"


def test_numbers_and_dates_follow_the_language():
    "French comma, Spanish point, Arabic month, Western digits isolated"
    assert [_in(code, language.number, 1234.5, 1) for code in ("en", "es")] == [
        "1,234.5",
        "1.234,5",
    ]
    assert _in("fr", language.number, 1234.5, 1).replace("\u202f", " ") == "1 234,5"
    assert "\u2066-3\u2069" in _in("ar", language.number, -3)
    at = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
    assert _in("es", language.moment, at) == "20 nov 2026, 08:05 UTC"
    assert "نوفمبر" in _in("ar", language.moment, at)


def test_a_phrase_of_the_layers_is_said_in_another_language():
    "Template, number and word, each of them"
    text = Phrase("{what}: {which}", what="Land", which=Phrase("below {value}", value=Number(1000)))
    assert text == "Land: below 1,000"
    assert _in("es", language._, text) == "Tierra firme: menos de 1.000"


def test_a_hostile_value_stays_a_value():
    "Braces, markup and header lookups do nothing"
    for nasty in ("{0.__class__}", "{{7*7}}", "<b>", "%s", ""):
        assert nasty in _in("ar", language._, "Computed from: {sources}.", sources=nasty)
        assert _in("fr", language.word, nasty) == nasty


def test_a_place_is_called_by_its_name_in_the_language():
    "Where the register has one, else by the local name"
    row = {"name": "Tripoli", "name_ar": "طرابلس", "name_fr": None}
    assert _in("ar", markers.name_of, row) == "طرابلس"
    assert _in("fr", markers.name_of, row) == _in("es", markers.name_of, row) == "Tripoli"


def test_the_link_holds_the_language():
    "It comes back; one that does not exist is named"
    assert Selection(language="ar").to_query()["lang"] == "ar"
    words = {"layers": (), "places": (), "lines": (), "releases": (), "languages": language.NAMES}
    assert from_query({"lang": "ar"}, Selection(), **words)[0].language == "ar"
    assert from_query({"lang": "xx"}, Selection(), **words) == (Selection(), ["lang"])


def _in(code, say, *args, **values):
    with language.spoken(code):
        return say(*args, **values)


@pytest.fixture
def app(demo_store, monkeypatch):
    "A page of the demo in a language."
    settings = Settings(store=demo_store, audience="cell")
    monkeypatch.setattr(access, "settings", lambda: settings)
    data._view.cache_clear()

    def open_page(page, **query):
        at = AppTest.from_file(ROOT / "dashboard" / "main.py", default_timeout=90)
        for name, value in query.items():
            at.query_params[name] = value
        at.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
        assert not at.exception, at.exception
        return at

    return open_page


def said_on(at):
    "Every text of a page: of elements, their labels and options, and of the cells of tables."
    found = [
        html.unescape(text) for b in at.get("html") for text in re.split("<.*?>", b.proto.body)
    ]
    for element in [*at.main, *at.sidebar]:
        options = list(getattr(element, "options", None) or [])
        names = ("label", "help") if hasattr(element, "options") else ("label", "help", "value")
        found += [*options, *(getattr(element, name, None) for name in names)]
    for table in (table for table in at.dataframe if not table.proto.editing_mode):
        found += [*table.value.columns, *pd.unique(table.value.astype(str).to_numpy().ravel())]
    return {text.strip(" *.") for text in found if isinstance(text, str)}


# Titles of sources are data: they stay as their owner wrote them.
TITLES = {source.title for source in operations.load(operations.DEMO).source}


@pytest.mark.parametrize("code", FOREIGN)
@pytest.mark.parametrize("page", PAGES)
def test_no_english_is_left_on_a_page(app, page, code):
    "No text of the catalogue that has another translation stands there in English"
    query = {"picked": "hex:863816b47ffffff"} if page != "data" else {}
    said = said_on(app(page, lang=code, **query)) - TITLES
    assert len(said) > 30
    translated = catalogue.texts(catalogue.read(code))
    ours = {name: m for name, m in translated.items() if name not in catalogue.forms(m)}
    words = {name.strip(" *.") for name in ours if not catalogue.fields(name)}
    assert said & words == set()
    long = [name for name in ours if len(re.sub(r"\{\w+\}|\W", "", name)) > 11]
    shape = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(name.strip(" *."))) for name in long]
    assert [text for text in said if re.fullmatch("|".join(shape), text)] == []


def test_nonsense_in_place_of_a_language_is_named(app):
    "On a page with a map and on one without; the page goes on in English"
    for page in ("live_map", "data"):
        at = app(page, lang="xx")
        assert any("lang" in warning.value for warning in at.warning)
        assert at.query_params["lang"] in ("en", ["en"])


def test_another_language_keeps_what_was_chosen(app):
    "Layer, class filter and places stay when the language changes"
    at = app("live_map", layer="elevation_m", hidden="1", places="sites")
    at.selectbox(key="lang").set_value("ar").run()
    assert not at.exception
    assert at.session_state["layer"] == "elevation_m"
    assert at.query_params["lang"] in ("ar", ["ar"])
    assert at.query_params["places"] in ("sites", ["sites"])
    assert at.query_params["hidden"] in ("1", ["1"])
