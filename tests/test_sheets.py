"""Printed sheets: scale and positions by closed forms, words as words, nothing unasked for."""

import io
import re
from xml.etree import ElementTree

import h3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from pyproj import Geod

from dashboard import data, language
from dashboard.sheets import drawing, lettering, symbols
from dashboard.sheets.marks import CROWD, Mark, label, marks
from dashboard.sheets.paper import Paper
from dashboard.sheets.sheet import Order, sheet
from geo_data import grid
from layers import BY_KEY

CANARY = '#eval("1+1") $x$ {{7*7}} \\ </text><script> *bold* @cite <label>'


@given(
    st.floats(-179, 170), st.floats(-80, 70), st.floats(0.1, 60), st.floats(0.1, 14),
    st.floats(50, 400), st.floats(50, 400),
)  # fmt: skip
def test_the_frame_holds_the_box_and_keeps_shapes(west, south, wide, high, width, height):
    """All of the box lies on the paper, and a small circle stays a circle"""
    paper = Paper.around(west, south, west + wide, south + high, width_mm=width, height_mm=height)
    x, y = paper.place(lat_deg=[south, south + high], lon_deg=[west, west + wide])
    assert -1e-6 <= x[0] <= x[1] <= width + 1e-6
    assert -1e-6 <= y[1] <= y[0] <= height + 1e-6
    lat, step = south + high / 2, 0.001
    right = np.diff(paper.place(lat_deg=[lat, lat], lon_deg=[west, west + step])[0])[0]
    down = -np.diff(paper.place(lat_deg=[lat - step / 2, lat + step / 2], lon_deg=[west, west])[1])[
        0
    ]
    assert down * np.cos(np.radians(lat)) == pytest.approx(right, rel=1e-3)


def test_the_scale_bar_is_as_long_as_it_says():
    """A bar at 35° N against the geodesic; a sphere and an ellipsoid differ by less than 0.4 %"""
    paper = Paper.around(8, 30, 20, 40, width_mm=205, height_mm=158)
    degrees = paper.bar_km / paper.km_per_mm / paper.width_mm * (paper.east - paper.west)
    middle = (paper.south + paper.north) / 2
    _, _, metres = Geod(ellps="WGS84").inv(10, middle, 10 + degrees, middle)
    assert metres / 1000 == pytest.approx(paper.bar_km, rel=4e-3)
    assert paper.bar_km in (100, 200, 500)
    assert paper.ratio == pytest.approx(paper.km_per_mm * 1e6, rel=0.05)


@pytest.mark.parametrize("width", [50, 190, 205, 277, 325])
def test_the_scale_bar_has_room_in_the_column(width):
    """At most a quarter of the map and 40 mm, the narrowest column beside the north arrow"""
    paper = Paper.around(0, 15, 26, 40, width_mm=width, height_mm=170)
    assert 5 < paper.bar_km / paper.km_per_mm <= min(40, width / 4)


def test_sites_are_all_without_a_name():
    """Crossings are named; of sites in crowds only some could be"""
    paper = Paper.around(10, 33, 16, 37, width_mm=200, height_mm=150)
    places = [{"lat": 34, "lon": 11, "symbol": "site", "label": "Site 1"},
              {"lat": 36, "lon": 15, "symbol": "crossing-land-open", "label": "Ghat"}]  # fmt: skip
    assert {mark.name for mark in marks(paper, places)[0]} == {"", "Ghat"}


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("code", ["en", "ar"])
def test_letters_can_be_read_at_arms_length(seen, code, upright):
    """Six points at least, and the map on one page, with all kinds of places in the legend"""
    kinds = ("crossings", "services", "incidents", "sites", "assets")
    made = sheet(seen, order(seen, places=kinds, portrait=upright, language=code), "pdf")
    sizes = []

    def saw(text, user, matrix, _font, size):
        if text.strip():
            sizes.append(abs(size * matrix[3] * user[3]))

    pages = PdfReader(io.BytesIO(made)).pages
    pages[0].extract_text(visitor_text=saw)
    assert len(sizes) > 40 and min(sizes) >= 5.99


@pytest.mark.parametrize("box", [(10, 30, 10, 40), (10, 40, 20, 30), (0, -89, 10, 0)])
def test_a_box_that_is_no_box_is_refused(box):
    """Empty, upside down, beyond Mercator"""
    with pytest.raises(ValueError, match="no map"):
        Paper.around(*box, width_mm=200, height_mm=150)


def test_every_cell_is_drawn_once_in_the_colour_of_its_class():
    """Hexagons of six corners: known classes, hatched unknown, nothing outside coverage"""
    cells = np.sort(grid.disks(grid.cells_of(lat_deg=[35], lon_deg=[13], resolution=5), 2)[1])
    classes = np.array([0] * 5 + [1] * 7 + [254] * 3 + [255] * 4, np.uint8)
    paper = Paper.around(10, 33, 16, 37, width_mm=200, height_mm=150)
    found = drawing.hexagons(paper, cells, classes, ["#aaaaaa", "#bbbbbb"])
    drawn = dict(re.findall(r'fill="([^"]+)" d="([^"]*)"', found))
    assert {fill: path.count("Z") for fill, path in drawn.items()} == {
        "#aaaaaa": 5, "#bbbbbb": 7, "url(#hatch)": 3,
    }  # fmt: skip
    assert drawn["#aaaaaa"].count("L") == 5 * 6


@pytest.mark.parametrize("west", [178.0, -182.0])
def test_cells_on_the_antimeridian_are_whole(west):
    """All 37 around 180 degrees, none torn, whichever name the frame gives to that side"""
    cells = np.array(h3.grid_disk(h3.latlng_to_cell(-17.0, 180.0, 5), 3), dtype=object)
    cells = np.array([h3.str_to_int(cell) for cell in cells], dtype=np.int64)
    paper = Paper.around(west, -18.5, west + 4, -15.5, width_mm=200, height_mm=160)
    made = drawing.hexagons(paper, cells, np.zeros(37, np.uint8), ["#123456"])
    rings = [np.array(re.findall(r"[-\d.]+", ring), float) for ring in made.split("M")[1:]]
    assert len(rings) == 37
    wide_mm = [np.ptp(ring[::2]) for ring in rings]
    across_mm = 2 * h3.average_hexagon_edge_length(5, unit="km") / paper.km_per_mm
    assert max(wide_mm) < 1.2 * across_mm
    middle = np.mean([ring[::2].mean() for ring in rings])
    assert middle == pytest.approx(100, abs=across_mm)


def test_the_drawing_is_whole_xml_without_any_address():
    """Valid XML; no link to anything outside"""
    paper = Paper.around(8, 30, 20, 40, width_mm=205, height_mm=158)
    place = Mark(40, 40, symbol=CANARY, name=CANARY)
    text = drawing.svg(paper, np.empty(0, np.int64), np.empty(0, np.uint8), [], [place])
    ElementTree.fromstring(text)
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]


def test_symbols_tell_status_without_colour():
    """Open, restricted, closed and unknown differ in their marks, not only in their fill"""
    drawn = {s: re.sub(r"#[0-9a-f]{3,6}", "", symbols.svg(f"crossing-land-{s}"))
             for s in ("open", "restricted", "closed", "unknown")}  # fmt: skip
    assert len(set(drawn.values())) == 4


@pytest.fixture
def seen(demo_store, monkeypatch):
    """The demo as the cell sees it"""
    monkeypatch.setenv("WAYPOST_STORE", str(demo_store))
    monkeypatch.setenv("WAYPOST_AUDIENCE", "cell")
    data._view.cache_clear()
    data._release.cache_clear()
    return data.view(data.newest())


def order(view, **more):
    return Order(layer=BY_KEY["population_people"], box=tuple(view.operation["area"]), **more)


def test_a_sheet_says_all_that_a_reader_needs(seen):
    """Title, unit, classes, three kinds of nothing, scale, date, sources, limits, simulated, receipts"""
    pages = PdfReader(io.BytesIO(sheet(seen, order(seen, places=("crossings",)), "pdf"))).pages
    first, rest = pages[0].extract_text(), "".join(page.extract_text() for page in pages[1:])
    for said in ("Resident population", "people", "none", "unknown", "outside coverage", "Mercator",
                 "500 km", "UTC", "Sources", "do not imply", "SIMULATED"):  # fmt: skip
        assert said in first
    for source in seen.sources:
        assert " ".join(source["title"].split()[:2]) in " ".join(rest.split())
    assert "SIMULATED" in rest


def test_words_are_never_run(seen):
    """A title full of markup is printed as it stands"""
    made = sheet(seen, order(seen, title=CANARY, notes=(CANARY,)), "pdf")
    text = "".join(PdfReader(io.BytesIO(made)).pages[0].extract_text().split())
    assert "".join(CANARY.split()) in text


def test_a_png_has_300_dots_per_inch(seen):
    """A4 landscape is 297 by 210 mm"""
    with Image.open(io.BytesIO(sheet(seen, order(seen), "png"))) as image:
        assert image.size == pytest.approx((297 / 25.4 * 300, 210 / 25.4 * 300), abs=2)


def test_a_large_sheet_is_larger(seen):
    """A3 landscape is 420 mm wide"""
    page = PdfReader(io.BytesIO(sheet(seen, order(seen, paper="a3"), "pdf"))).pages[0]
    assert float(page.mediabox.width) / 72 * 25.4 == pytest.approx(420, abs=1)


def test_an_upright_sheet_is_upright(seen):
    """A4 is 210 mm wide; map and legend stay on one page, receipts follow"""
    pages = PdfReader(io.BytesIO(sheet(seen, order(seen, portrait=True), "pdf"))).pages
    assert float(pages[0].mediabox.width) / 72 * 25.4 == pytest.approx(210, abs=1)
    assert "outside coverage" in pages[0].extract_text()
    assert "Quarantined" in pages[1].extract_text()


@pytest.mark.parametrize("code", ["fr", "ar", "es"])
def test_a_sheet_speaks_its_language(seen, code):
    """Audience, legend and receipts; nothing of the English words is left"""
    made = sheet(seen, order(seen, language=code, places=("crossings",)), "pdf")
    text = " ".join("".join(p.extract_text() for p in PdfReader(io.BytesIO(made)).pages).split())
    for english in ("coordination cell", "outside coverage", "Land crossing", "Quarantined", "LATE",
                    "SIMULATED DATA", "Data age", "do not imply"):  # fmt: skip
        assert english not in text
    if code != "ar":  # letters of Arabic come out of a PDF in the order of their shapes
        with language.spoken(code):
            assert language._("For the coordination cell only") in text


def test_arabic_letters_are_joined(seen):
    """A shaped text holds presentation glyphs of one font, which has the letters"""
    made = sheet(seen, order(seen, language="ar"), "pdf")
    page = PdfReader(io.BytesIO(made)).pages[0]
    arabic = re.findall("[\u0600-\u06ff]", page.extract_text())
    assert len(arabic) > 100


def test_crowded_places_become_a_count():
    """Five in one square are one mark that says five; all are accounted for"""
    paper = Paper.around(10, 33, 16, 37, width_mm=200, height_mm=150)
    spot = {"lat": 35.01, "lon": 13.01, "symbol": "site", "label": "x"}
    drawn, left_out = marks(paper, [spot] * (CROWD + 1))
    assert [mark.count for mark in drawn] == [CROWD + 1] and left_out == 0
    drawn, _ = marks(paper, [spot] * CROWD)
    assert [mark.count for mark in drawn] == [1] * CROWD


def test_symbols_are_said_in_words():
    """No key of a symbol reaches paper; what is unknown says so"""
    assert label("crossing-land-open") == "Land crossing: open"
    assert label("crossing-x-y") == "Crossing: unknown"
    with language.spoken("fr"):
        assert label("sar-sea") == "Moyen de sauvetage : maritime"


def test_no_label_lies_in_the_corner():
    """Meridians are named on top, parallels on the left; neither within 9 mm of the corner"""
    paper = Paper.around(0.1, 39.5, 26, 60, width_mm=205, height_mm=158)
    spots = re.findall(r'<text x="([\d.-]+)" y="([\d.-]+)"', lettering.graticule(paper))
    assert len(spots) == 6
    assert all(float(x) > 9 or float(y) > 8 for x, y in spots)
