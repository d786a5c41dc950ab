"""Briefs: every kind, language and audience; sentences that the profile bears out; no code runs."""

import io
import re

import pandas as pd
import pytest
from docx import Document
from pypdf import PdfReader

from dashboard import access, data, language
from dashboard.area import choose, naming, ways
from dashboard.brief import behind, contents, document, paper, web
from geo_data import grid
from geo_data import quantities as q
from geo_data.settings import Settings
from layers.context import areas

CANARY = '#eval("1+1") $x$ {{7*7}} \\ </text><script>alert(1)</script> *bold* @cite <label> \x07'


@pytest.fixture
def see(demo_store, monkeypatch):
    """The newest demo release for an audience, with nothing kept of another's."""

    def open_view(audience="cell"):
        monkeypatch.setattr(
            access, "settings", lambda: Settings(store=demo_store, audience=audience)
        )
        for forget in data._forget:
            if forget != ways.land.cache_clear:  # land is open to all, and slow to measure
                forget()
        return data.view(data.newest())

    return open_view


def area_of(view, name="Tripoli"):
    return choose._unit(view, "XLY01", name)


def words(pdf):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(pdf).pages))


@pytest.mark.parametrize("audience", ["cell", "public"])
def test_hexagons_are_called_by_the_nearest_place(see, audience):
    """One degree of latitude north of the nearest place is 111 km; neighbours are told apart"""
    view = see(audience)
    town = pd.DataFrame({"name": ["Alpha"], "lat_deg": [24.0], "lon_deg": [14.0]})
    view.places = lambda kind: town
    try:
        cells = grid.cells_of(lat_deg=[25.0, 25.3], lon_deg=[14.0, 14.0], resolution=6)
        said = naming.spots(view.name, cells)
    finally:
        del view.places
    km = [int(one.partition(" km N of Alpha · ")[0]) for one in said]
    assert km == pytest.approx([111, 144], abs=4) and len(set(said)) == 2
    assert not naming.spots(view.name, [])


@pytest.mark.parametrize("code", language.NAMES)
def test_a_brief_in_every_language(see, code):
    """Two to six pages, the banner on each, Arabic from the right"""
    view = see()
    with language.spoken(code):
        brief = contents.brief(view, area_of(view))
        banner = brief.simulated
    pages = PdfReader(io.BytesIO(paper.pdf(brief))).pages
    assert 2 <= len(pages) <= 6
    assert all("23" in page.extract_text()[:400] for page in pages)
    assert banner and brief.rtl == (code == "ar")
    page = web.html(brief)
    assert f"lang='{code}' dir='{'rtl' if brief.rtl else 'ltr'}'" in page
    assert not re.search(r"(src|href)=|https?://(?!www\.w3\.org/2000/svg)", page)


def test_nothing_in_a_name_is_run(see):
    """Typst, HTML and Word get it as letters"""
    view = see()
    brief = contents.brief(view, area_of(view, CANARY))
    assert '#eval("1+1") $x$ {{7*7}}' in words(io.BytesIO(paper.pdf(brief)))
    assert "<script" not in web.html(brief)
    said = [line.text for line in Document(io.BytesIO(document.docx(brief))).paragraphs]
    assert any("<script>alert(1)</script>" in line for line in said)


def test_sentences_say_what_the_profile_says(see):
    """Residents and displaced people, as the tables have them"""
    view = see()
    area = area_of(view)
    brief = contents.brief(view, area)
    part = view.wide([q.POPULATION, q.DISPLACED]).merge(area.cells, on="cell")
    for quantity in (q.POPULATION, q.DISPLACED):
        total = (part[quantity.column] * part["fraction"]).sum()
        assert any(f"{total:,.0f}" in line for line in brief.findings), quantity
    assert all(len(line) < 220 for line in brief.findings)


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_withheld_is_not_none(see, audience):
    """Around Lampedusa incidents are withheld from others: said so, never called none"""
    view = see(audience)
    brief = contents.brief(view, area_of(view))
    unknown = " ".join(brief.unknown)
    assert "are withheld, not zero" in unknown or "withheld from this audience" in unknown
    assert "No incident is recorded here." not in brief.findings


def test_a_partner_sees_no_small_count_in_a_brief(see):
    """Incidents in the profile are sums of what the map shows"""
    view = see("partner")
    area = choose.whole(view)
    brief = contents.brief(view, area)
    rows = [
        row for table in brief.tables for row in table.rows if row[1:2] == ["Incidents recorded"]
    ]
    shown = view.hexagons(q.INCIDENTS)[q.INCIDENTS.column].sum()
    assert rows and rows[0][2].replace(",", "") == f"{shown:.0f}"


def test_a_template_of_ones_own(see, tmp_path):
    """A team's Typst file gets the same data"""
    own = tmp_path / "own.typ"
    own.write_text('#let b = json("brief.json")\n#text(b.title)\n')
    view = see()
    made = paper.pdf(contents.brief(view, area_of(view, "Our area")), own)
    assert words(io.BytesIO(made)).strip() == "Our area"


def test_sources_are_those_that_speak_about_the_area(see):
    """Tripoli: registers of Libya and its waves; on an islet of cells at sea no register of land"""
    view = see()
    told = {source["source"] for source in behind.sources(view, area_of(view))}
    assert {"population", "services", "crossings", "waves"} <= told
    assert not {"arrivals", "search_tracks", "corridors", "districts"} & told
    cells = grid.disks(grid.cells_of(lat_deg=[34.5], lon_deg=[17.0], resolution=view.resolution), 2)
    at_sea = choose.Area("Sea", areas.from_cells(cells[1]))
    assert not {"services", "population", "displaced", "presence"} & {
        source["source"] for source in behind.sources(view, at_sea)
    }


def test_figures_finer_than_their_source_are_called_estimates(see):
    """The demo counts displaced people and organisations by district, not by hexagon"""
    view = see()
    rough = behind.coarser(view, area_of(view))
    assert set(rough) == {q.DISPLACED, q.ORGANISATIONS}
    said = contents.brief(view, area_of(view)).unknown
    assert any("Estimates here" in line and "Organisations present" in line for line in said)
