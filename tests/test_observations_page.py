"""Observations on the Context page: recorded, edited, withdrawn, merged; for the cell alone."""

import shutil

import pytest

from dashboard import access
from dashboard.area import choose, observed
from dashboard.brief import contents, web
from geo_data.assessments import exchange
from geo_data.settings import Settings
from geo_data.vocabulary import Component, Rating, Role
from tests.observed import edited, journal, observation
from tests.test_brief import area_of, see  # noqa: F401 -- a fixture
from tests.test_pages import app, text_of  # noqa: F401 -- a fixture

SECRET = "=SECRETWELL {{7*7}} <script>alert(1)</script> #eval(1)"
HERE = {"operation": "demo", "place_code": "XLY01"}
FIRST = observation("Two of five wells are dry", **HERE)


@pytest.fixture
def store(demo_store, tmp_path):
    "A copy of the demo, as observations are written into it."
    shutil.copytree(demo_store, tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def page(app, store):  # noqa: F811
    "The mode of observations, for an audience."

    def open_mode(audience="cell", **query):
        wanted = {"look": "observations", "code": "XLY01"} | query
        return app("context", audience, store=store, **wanted)

    return open_mode


def kept(store):
    return journal(store).records()


def shown(at):
    return text_of(at) + " ".join(str(frame.value) for frame in at.dataframe)


def test_an_observation_is_recorded_with_the_form(page, store):
    """Place of the chosen area, closed lists, role; the list shows it at once"""
    at = page()
    at.selectbox(key="obs-rating").set_value(Rating.VERY_HIGH)
    at.selectbox(key="obs-component").set_value(Component.CAPACITY)
    at.selectbox(key="obs-role").set_value(Role.LEADER)
    at.text_area(key="obs-evidence").set_value("  One officer\nfor 300 people a day ")
    at.button(key="FormSubmitter:obs-form-Record").click().run()
    (record,) = kept(store)
    assert (record.place_code, record.rating) == ("XLY01", Rating.VERY_HIGH)
    assert record.evidence == "One officer for 300 people a day"
    assert "One officer for 300 people a day" in shown(at) and "Recorded" in at.success[0].value


def test_nothing_is_preset(page, store):
    """Component, rating and role have to be chosen; else nothing is recorded"""
    at = page()
    at.text_area(key="obs-evidence").set_value("Two of five wells are dry")
    at.button(key="FormSubmitter:obs-form-Record").click().run()
    assert kept(store) == () and "Choose place" in at.warning[0].value
    assert at.text_area(key="obs-evidence").value == "Two of five wells are dry"


def test_what_looks_personal_is_not_recorded(page, store):
    """A sentence says what to leave out; the text stays in the form and nowhere else"""
    at = page()
    for name, value in (("rating", Rating.LOW), ("component", Component.ECONOMY),
                        ("role", Role.LEADER)):  # fmt: skip
        at.selectbox(key=f"obs-{name}").set_value(value)
    at.text_area(key="obs-evidence").set_value("Ask Mr Salem, +218 91 123 4567")
    at.button(key="FormSubmitter:obs-form-Record").click().run()
    assert kept(store) == ()
    assert "phone" in at.warning[0].value and "Salem" not in at.warning[0].value
    assert at.text_area(key="obs-evidence").value == "Ask Mr Salem, +218 91 123 4567"


def test_an_edit_takes_the_place_and_history_keeps_both(page, store):
    """The form is filled with the version that stands"""
    journal(store).append(FIRST)
    at = page()
    at.button(key="obs-edit").click().run()
    assert at.text_area(key="obs-evidence").value == FIRST.evidence
    at.text_area(key="obs-evidence").set_value("Three of five wells are dry")
    at.button(key="FormSubmitter:obs-form-Record").click().run()
    assert {r.supersedes for r in kept(store)} == {(), (FIRST.id,)}
    said = shown(at)
    assert FIRST.evidence in said and "Three of five wells are dry" in said
    assert not at.exception


def test_a_withdrawal_leaves_the_list_and_stays_in_history(page, store):
    """With its reason, under all"""
    journal(store).append(FIRST)
    at = page()
    at.selectbox(key="obs-who").set_value(Role.LEADER)
    at.text_input(key="obs-why").set_value("It was another village")
    at.button(key="FormSubmitter:obs-withdraw-Withdraw").click().run()
    assert FIRST.evidence not in shown(at)
    at.selectbox(key="obs-show").set_value("all").run()
    assert FIRST.evidence in shown(at) and "It was another village" in shown(at)


def test_a_conflict_is_shown_and_resolved(page, store):
    """Both versions until a record supersedes both"""
    both = [edited(FIRST, evidence=t, **HERE) for t in ("Three wells are dry", "All wells work")]
    journal(store).merge([FIRST, *both])
    at = page()
    said = shown(at)
    assert "CONFLICT: 2 versions" in said and all(r.evidence in said for r in both)
    at.button(key="obs-edit").click().run()
    at.text_area(key="obs-evidence").set_value("Three dry, two work")
    at.button(key="FormSubmitter:obs-form-Record").click().run()
    assert "CONFLICT" not in shown(at)
    assert max(len(r.supersedes) for r in kept(store)) == 2


def test_another_laptops_file_is_accounted_for_and_merged(page, store):
    """New, known and quarantined rows are told before anything is taken"""
    journal(store).append(FIRST)
    other = observation("The gate opens at 8", **HERE)
    made = exchange.write([FIRST, other], "demo").replace(b'"records":2', b'"records":3') + b"x\n"
    at = page()
    at.file_uploader(key="obs-file").upload("x.jsonl", made, "application/jsonl").run()
    assert "Rows in: 3. New: 1. Known already: 1. Quarantined: 1." in shown(at)
    assert len(kept(store)) == 1
    at.button(key="obs-merge").click().run()
    assert len(kept(store)) == 2 and "The gate opens at 8" in shown(at)


def test_nothing_in_evidence_is_run_on_the_page(page, store):
    """Markup stays text"""
    journal(store).append(observation(SECRET, **HERE))
    at = page()
    assert "&lt;script&gt;" in shown(at)
    assert not any("<script>alert" in block.proto.body for block in at.get("html"))


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_others_get_nothing_on_any_path(page, store, see, monkeypatch, audience):  # noqa: F811
    """Page, brief, map routes, data door: not the text, not that there is one"""
    journal(store).append(observation(SECRET, **HERE))
    assert "SECRETWELL" in shown(page())
    at = page(audience)
    assert "SECRETWELL" not in shown(at)
    assert at.sidebar.radio(key="look").value == "profile"
    assert "observations" not in at.sidebar.radio(key="look").options
    view = see(audience)
    monkeypatch.setattr(access, "settings", lambda: Settings(store=str(store), audience=audience))
    assert observed.threads(view) == [] and observed.records(view) == []
    made = contents.brief(view, area_of(view))
    assert "SECRETWELL" not in web.html(made)
    assert all(table.title != "Observations of the team" for table in made.tables)
    with pytest.raises(Exception, match="coordination cell only"):
        observed.journal(view).append(FIRST)


def test_the_brief_of_the_cell_has_them_with_day_confidence_and_role(see, store, monkeypatch):  # noqa: F811
    """Those of the area; a conflict is called one; those of another area are not there"""
    view = see()
    monkeypatch.setattr(access, "settings", lambda: Settings(store=str(store), audience="cell"))
    both = [edited(FIRST, evidence=t, **HERE) for t in ("Three wells are dry", "All wells work")]
    far = observation("Far away", operation="demo", place_code="XLY02")
    journal(store).merge([FIRST, *both, far, observation(SECRET, **HERE)])
    brief = contents.brief(view, area_of(view))
    (table,) = (t for t in brief.tables if t.title == "Observations of the team")
    said = " ".join(" ".join(row) for row in table.rows)
    for words in ("Three wells are dry", "All wells work", "medium", "assessment team", "conflict",
                  "28 Feb 2026"):  # fmt: skip
        assert words in said
    assert "Far away" not in said and FIRST.evidence not in said
    assert "<script>alert" not in web.html(brief)


def test_crossings_and_smaller_areas_inside_are_of_an_area(see, store, monkeypatch):  # noqa: F811
    """A radius holds the crossing in its middle; the whole operation holds all"""
    view = see()
    monkeypatch.setattr(access, "settings", lambda: Settings(store=str(store), audience="cell"))
    crossing = view.places("crossings").iloc[0]
    at_gate = observation("Gate closed", operation="demo", place_kind="crossing",
                          place_code=crossing["place_id"])  # fmt: skip
    journal(store).merge([FIRST, at_gate])
    near = choose._near(view, "x", crossing, "radius", 10)
    assert [t.newest.evidence for t in observed.threads(view, [near])] == ["Gate closed"]
    whole = observed.threads(view, [choose.whole(view)])
    assert {t.newest.id for t in whole} == {FIRST.id, at_gate.id}
    offered = observed.places(view, [near])
    assert offered[("crossing", crossing["place_id"])] == crossing["name"]


@pytest.mark.parametrize("code", ["fr", "ar", "es"])
def test_the_mode_speaks_every_language(page, store, code):
    """Closed lists and sentences are translated; evidence stays as it was written"""
    journal(store).append(FIRST)
    at = page(lang=code)
    said = shown(at)
    assert "Observations of the team" not in said and FIRST.evidence in said
    assert "medium concern" not in str(at.selectbox(key="obs-rating").options)
