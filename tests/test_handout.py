"""Files to hand over: read back by other programs, protected, and inert whatever data says."""

import base64
import gzip
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from defusedxml import ElementTree
from pypdf import PdfReader

from dashboard import access, data, exports, language
from dashboard.handout import formats, kml, provenance, used, vectors
from dashboard.handout.formats import FORMATS
from dashboard.handout.kept import kept
from dashboard.handout.names import file_name
from dashboard.handout.picture import Picture, seen
from dashboard.selection import Selection
from dashboard.sheets import fonts
from dashboard.sheets.sheet import Order, sheet
from geo_data import grid
from geo_data.errors import FontMissing
from layers import BY_KEY, CATALOGUE
from tests import builders

CANARY = '=HYPERLINK("x") {{7*7}} <img src=x onerror=alert(1)> ${7*7} #eval("1") ]]> &amp;'
FORMULA = ("=", "+", "-", "@", "\t", "＝")
KINDS = ("crossings", "services", "incidents", "assets")
BY_ENDING = {form.ending: form for form in FORMATS}
OLD, YOUNG = date(2025, 1, 1), datetime.now(UTC).date() - timedelta(days=1)
SPACE = {"k": "http://www.opengis.net/kml/2.2", "g": "http://www.topografix.com/GPX/1/1"}


def frames():
    "Hostile names everywhere; three secrets that only the cell may read."
    spot = {"lat_deg": 35.5, "lon_deg": 12.6, "row": 1, "date": OLD,
            "cell": grid.cells_of(lat_deg=[35.5], lon_deg=[12.6], resolution=6)[0]}  # fmt: skip
    crossing = {"place_id": "c1", "name": CANARY, "status": "open", "crossing_type": "land",
                "control": CANARY, "source": "crossings"}  # fmt: skip
    service = {"place_id": "s1", "name": CANARY, "sector": "health", "organisation": CANARY,
               "source": "services"}  # fmt: skip
    shelter = service | {"place_id": "s2", "name": "SECRETSHELTER", "sector": "shelter"}
    asset = {"place_id": "a1", "name": "SECRETASSET", "medium": "sea", "source": "assets",
             "speed_km_h": 40.0, "endurance_h": 8.0, "mobilise_h": 0.5, "ready": True,
             "asset_type": CANARY}  # fmt: skip
    old = [builders.incident(n, 35.9, 14.5, when=OLD) | {"name": CANARY} for n in range(12)]
    young = builders.incident(99, 35.9, 14.5, when=YOUNG) | {"name": "SECRETYOUNG"}
    return {
        "hexagons": builders.hexagons(population_people=np.arange(len(builders.cells())) % 50.0),
        "crossings": pd.DataFrame([spot | crossing]),
        "services": pd.DataFrame([spot | service, spot | shelter]),
        "assets": pd.DataFrame([spot | asset]), "incidents": pd.DataFrame([*old, young]),
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    "A store with one hostile release."
    made = tmp_path_factory.mktemp("hostile")
    jobs = ("crossings", "services", "assets", "incidents")
    sources = [builders.account(job, job=job, title=CANARY, simulated=True) for job in jobs]
    sources.append(builders.account("population", owner=CANARY, licence="CC BY 4.0"))
    builders.release(made, frames(), sources, {"population_people": ["population"]})
    return made


@pytest.fixture
def look(folder, monkeypatch):
    "The release as one audience sees it."

    def see(audience):
        monkeypatch.setenv("WAYPOST_STORE", str(folder))
        monkeypatch.setenv("WAYPOST_AUDIENCE", audience)
        forget()
        return data.view(data.newest())

    yield see
    monkeypatch.undo()
    forget()


def forget():
    for cached in (access.settings, data._release, *data._forget):
        getattr(cached, "cache_clear", cached)()


def picture(view, **more):
    kinds = tuple(kind for kind in KINDS if len(view.places(kind)))
    wanted = {"layer": BY_KEY["population_people"], "box": builders.AREA, "places": kinds}
    return Picture(**(wanted | {"title": CANARY, "notes": (CANARY,)} | more))


def content(ending, made):
    "All text of a file, whatever it is packed in."
    if ending == "kmz":
        made = zipfile.ZipFile(io.BytesIO(made)).read("doc.kml")
    if ending == "parquet":
        table = pq.read_table(io.BytesIO(made))
        return f"{table.to_pylist()}{table.schema.metadata}"
    if ending == "html":
        return made.decode() + json.dumps(book(made), ensure_ascii=False)
    if ending == "pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    return made.decode("utf-8", "ignore")


def book(made):
    packed = re.search(r'id="book">([^<]*)<', made.decode())[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


@pytest.mark.parametrize("audience", ["cell", "partner", "public"])
@pytest.mark.parametrize("ending", [*BY_ENDING, "pdf"])
def test_nothing_above_the_audience_is_in_any_file(look, ending, audience):
    "Shelter, asset and yesterday's incident by name; for the cell they are there"
    view = look(audience)
    shown = picture(
        view, layer=None if ending in ("csv", "parquet") else BY_KEY["population_people"]
    )
    if ending == "pdf":
        shown = Order(layer=shown.layer, box=shown.box, places=shown.places)
        made = sheet(view, shown, "pdf")
    else:
        made = BY_ENDING[ending].make(view, shown)
    said = content(ending, made)
    if audience != "cell":
        assert "SECRET" not in said
    elif ending != "pdf":
        assert all(name in said for name in ("SECRETSHELTER", "SECRETASSET", "SECRETYOUNG"))
    words = {"cell": "coordination cell only", "partner": "partners", "public": "public"}
    assert words[audience] in said


def tables_of(ending, made, tmp_path):
    "Tables of a file as another library reads them."
    file = tmp_path / f"x.{ending}"
    file.write_bytes(made)
    if ending == "parquet":
        return [gpd.read_parquet(file).drop(columns="geometry")]
    if ending == "csv":
        return [pd.read_csv(file, encoding="utf-8-sig", skiprows=[1])]
    names = [name for name, _ in pyogrio.list_layers(file)]
    return [pyogrio.read_dataframe(file, layer=n, read_geometry=False) for n in names]


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet", "csv"])
def test_no_cell_of_a_table_is_a_formula(look, ending, tmp_path):
    "Names, owners and titles of the data begin with a sign that spreadsheets run"
    view = look("cell")
    for layer in (BY_KEY["population_people"], None):
        made = BY_ENDING[ending].make(view, picture(view, layer=layer))
        seen_text = 0
        for table in tables_of(ending, made, tmp_path):
            for text in [*table.columns, *table.astype(object).to_numpy().ravel()]:
                if isinstance(text, str):
                    seen_text += 1
                    assert not text.lstrip(" ").startswith(FORMULA), text
        assert seen_text > 10


@pytest.mark.parametrize("ending", ["kml", "kmz", "gpx"])
def test_xml_is_whole_and_its_text_is_text(look, ending):
    "Markup in a name stays a name; nothing points outside"
    view = look("cell")
    made = BY_ENDING[ending].make(view, picture(view))
    raw = zipfile.ZipFile(io.BytesIO(made)).read("doc.kml") if ending == "kmz" else made
    root = ElementTree.fromstring(raw, forbid_dtd=True)
    names = [n.text for n in root.iter() if n.tag.endswith("}name")]
    assert "'" + CANARY in names
    assert b"<img" not in raw and b"href" not in raw.lower().replace(b"hyperlink", b"")


def test_a_page_of_one_file_holds_no_text_of_data_as_markup(look):
    "Outside the packed book and our own script nothing of the data is in the page"
    view = look("cell")
    made = BY_ENDING["html"].make(view, picture(view))
    bare = re.sub(r'<script type="text/plain" id="book">[^<]*</script>', "", made.decode())
    assert "HYPERLINK" not in bare and "onerror=alert" not in bare
    assert CANARY in json.dumps(book(made), ensure_ascii=False).replace('\\"', '"')
    assert "connect-src" not in bare and "default-src 'none'" in bare


def test_hostile_column_names_reach_no_file():
    "A column named like a formula or a tag, by every writer"
    points = pd.DataFrame({"name": ["a"], "lat_deg": [35.0], "lon_deg": [13.0], CANARY: ["=1"]})
    layer = vectors.point_layer(points)
    told = {"units": [], "sources": []}
    ElementTree.fromstring(kml.kml(CANARY, points), forbid_dtd=True)
    back = gpd.read_parquet(io.BytesIO(vectors.geoparquet(layer, told)))
    assert "'" + CANARY in back.columns and back["'" + CANARY].tolist() == ["'=1"]
    found = json.loads(vectors.geojson({CANARY: layer}, told))["features"][0]["properties"]
    assert found["'" + CANARY] == "'=1" and found["layer"] == "'" + CANARY
    made = vectors.geopackage({"points": layer}, pd.DataFrame({CANARY: [CANARY]}))
    with io.BytesIO(made) as file:
        assert "'" + CANARY in pyogrio.read_dataframe(file, layer="points").columns
    assert b"'=1" in exports.csv(points)


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet", "csv", "kml"])
def test_other_libraries_read_the_same_hexagons(look, ending, tmp_path):
    "Count, sum and reference system by GDAL or Arrow against the table itself"
    view = look("cell")
    shown = picture(view, places=(), title="", notes=())
    table = view.hexagons(shown.layer.quantity)
    lat, lon = grid.centres_of(table["cell"])
    west, south, east, north = builders.AREA
    inside = (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
    file = tmp_path / f"x.{ending}"
    file.write_bytes(BY_ENDING[ending].make(view, shown))
    if ending == "csv":
        back = pd.read_csv(file, encoding="utf-8-sig", skiprows=[1])
    elif ending == "parquet":
        back = gpd.read_parquet(file)
    else:
        back = pyogrio.read_dataframe(file, layer=pyogrio.list_layers(file)[0][0])
    assert len(back) == inside.sum()
    if ending != "kml":
        assert back["population_people"].sum() == table["population_people"][inside].sum()
    if ending != "csv":
        assert back.crs.to_epsg() == 4326
        assert back.total_bounds == pytest.approx(builders.AREA, abs=0.1)


def test_units_and_sources_travel_inside(look, tmp_path):
    "Each format says people, CC BY 4.0 and the release"
    view = look("cell")
    for ending, form in BY_ENDING.items():
        said = content(ending, form.make(view, picture(view)))
        assert "CC BY 4.0" in said
        assert ending == "gpx" or "people" in said
    made = BY_ENDING["parquet"].make(view, picture(view))
    schema = pq.read_schema(io.BytesIO(made))
    assert schema.field("population_people").metadata[b"unit"] == b"people"
    assert json.loads(schema.metadata[b"geo"])["version"] == "1.1.0"
    assert json.loads(schema.metadata[b"waypost"])["release"] == view.name


def test_dates_of_places_are_time_stamps(look):
    "A handheld sorts by them; 12 old and 1 young incident, 1 crossing, 2 services"
    view = look("cell")
    shown = picture(view)
    root = ElementTree.fromstring(BY_ENDING["kml"].make(view, shown))
    stamps = [n.text for n in root.findall(".//k:TimeStamp/k:when", SPACE)]
    assert stamps.count("2025-01-01") == 16 and stamps.count(f"{YOUNG}") == 1
    spans = root.findall(".//k:TimeSpan/k:begin", SPACE)
    assert {n.text for n in spans} == {"2026"}
    track = ElementTree.fromstring(BY_ENDING["gpx"].make(view, shown))
    assert len(track.findall("g:wpt", SPACE)) == 17


def test_hexagons_of_several_sources_span_all_their_time(look, monkeypatch):
    "2024-11 to the end of 2025, whatever the order; undated ones: the day of the release"
    view = look("cell")
    both = [{"reference_period": "2025", "source": "a"},
            {"reference_period": "2024-11/2025-02", "source": "b"}]  # fmt: skip
    for found, ends in ((both, ["2024-11", "2025"]), ([{"reference_period": None}], None)):
        monkeypatch.setattr(provenance, "sources_of", lambda *_, found=found: found)
        monkeypatch.setattr(formats.tables, "_stamped", lambda _view, table, _layer: table)
        made = BY_ENDING["kml"].make(view, picture(view, places=()))
        span = ElementTree.fromstring(made).find(".//k:TimeSpan", SPACE)
        assert [end.text for end in span] == (ends or [f"{view.at:%Y-%m-%d}"] * 2)


@pytest.mark.parametrize("ending", ["gpx", "kml", "gpkg", "geojson"])
def test_a_file_names_the_sources_that_are_in_it(look, ending, tmp_path):
    "Crossings alone, hexagons alone: not the incidents of the same operation"
    view = look("cell")
    alone = picture(view, layer=None, places=("crossings",), title="", notes=())
    assert [s["source"] for s in used.accounts(view, alone)] == ["crossings"]
    bare = picture(view, places=(), title="", notes=())
    assert [s["source"] for s in used.accounts(view, bare)] == ["population"]
    if ending == "gpkg":
        (tmp_path / "x.gpkg").write_bytes(BY_ENDING[ending].make(view, alone))
        about = pyogrio.read_dataframe(tmp_path / "x.gpkg", layer="about", read_geometry=False)
        assert about["source_id"].tolist() == ["crossings"]
    else:
        assert "Population" not in content(ending, BY_ENDING[ending].make(view, alone))


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "Incident 2025-01-01, 3 dead"), ("fr", "Incident 2025-01-01, 3 morts"),
     ("es", "Incidente 2025-01-01, 3 muertos"), ("ar", "حادث 2025-01-01، 3 وفيات")],
)  # fmt: skip
def test_an_incident_without_a_name_says_what_it_was(look, monkeypatch, code, said):
    "In GPX, KML and GeoPackage, in the language of the picture, without marks of direction"
    view = look("cell")
    places = view.places("incidents").assign(name=None, dead_people=3.0, missing_people=0.0)
    monkeypatch.setattr(view, "places", lambda kind: places)
    shown = picture(view, layer=None, places=("incidents",), title="", notes=(), language=code)
    for ending in ("gpx", "kml", "gpkg"):
        assert said in content(ending, BY_ENDING[ending].make(view, shown)), ending


def test_a_csv_of_hexagons_says_its_sources_once(look):
    "A key a row; title, owner, licence, release and audience in the first rows of one column"
    view = look("cell")
    made = BY_ENDING["csv"].make(view, picture(view))
    back = pd.read_csv(io.BytesIO(made), encoding="utf-8-sig", skiprows=[1], dtype=str)
    assert set(back["source_id"]) == {"population"} and set(back["unit"]) == {"people"}
    about = back["about"].dropna()
    assert about.index.tolist() == [0, 1] and view.name in about[0]
    assert about[1].startswith("population: Population (") and "CC BY 4.0" in about[1]
    assert formats._in_rows(["a", "b", "c"], 2) == ["a", "b | c"]
    assert formats._in_rows(["a"], 0) == []


def test_hidden_classes_and_the_box_hold_for_files(look):
    "What is hidden on the screen is in no row; nor is what lies outside the map"
    view = look("cell")
    shown = picture(view, hidden=(0, 1), box=(12.0, 34.5, 13.0, 35.5))
    made = BY_ENDING["csv"].make(view, shown)
    back = pd.read_csv(io.BytesIO(made), encoding="utf-8-sig", skiprows=[1])
    assert back["population_people"].min() >= 10
    assert back["lat_deg"].between(34.5, 35.5).all() and back["lon_deg"].between(12, 13).all()


def test_kml_of_many_hexagons_takes_larger_ones(look, monkeypatch):
    "At most so many polygons; people are kept"
    monkeypatch.setattr("dashboard.handout.formats.MOST_IN_KML", 300)
    view = look("cell")
    root = ElementTree.fromstring(BY_ENDING["kml"].make(view, picture(view, places=())))
    cells = [d for d in root.iter() if d.get("name") == "h3"]
    assert 50 < len(cells) <= 300


def test_file_names_are_understood(look):
    "Operation, layer, date, audience if it is not the cell"
    cell, partner = look("cell"), look("partner")
    at = f"{cell.at:%Y-%m-%d}"
    assert file_name(cell, "population_people", "pdf") == f"test-sea_population_{at}.pdf"
    assert file_name(partner, "sar-gap", "kml") == f"test-sea_sar-gap_{at}_partner.kml"
    assert re.fullmatch(r"[\w.-]+", file_name(cell, "../{{x}}/é", "csv"), re.ASCII)


def test_no_two_files_share_a_name(look, monkeypatch):
    "Paper, orientation, part, change and language: as many names as choices; layers keep theirs"
    view = look("cell")
    choices = [
        {"paper": paper, "upright": upright, "whole": whole, "change": change}
        for paper in ("a4", "a3") for upright in (0, 1) for whole in (0, 1) for change in (0, 1)
    ]  # fmt: skip
    made = []
    for code in ("en", "fr", "ar"):
        with language.spoken(code):
            made += [file_name(view, layer.key, "pdf", **choice)
                     for choice in choices for layer in CATALOGUE]  # fmt: skip
    assert len(set(made)) == len(made) == 3 * 16 * len(CATALOGUE)
    with language.spoken("fr"):
        said = file_name(view, "gap", "pdf", change=True, whole=True, paper="a3", upright=True)
    assert said == f"test-sea_gap-change_{view.at:%Y-%m-%d}_whole_a3-upright_fr.pdf"


@pytest.mark.parametrize(
    ("others", "ends"),
    [((), ""), (("2026-11-20T07:10:00",), ""), (("2026-11-21T05:21:00",), "_0710"),
     (("2026-11-21T07:10:31",), "_071012")],
)  # fmt: skip
def test_two_releases_of_a_day_are_told_apart(look, monkeypatch, others, ends):
    "By the minute, within one minute by the second; a day of its own needs neither"
    view = look("cell")
    at = datetime(2026, 11, 21, 7, 10, 12, tzinfo=UTC)
    known = [at, *(datetime.fromisoformat(other).replace(tzinfo=UTC) for other in others)]
    monkeypatch.setattr(view, "at", at)
    listed = SimpleNamespace(releases=lambda: [SimpleNamespace(at=one) for one in known])
    monkeypatch.setattr(data, "store", lambda: listed)
    assert file_name(view, "sar-gap", "pdf") == f"test-sea_sar-gap_2026-11-21{ends}.pdf"


def test_the_map_of_a_link_is_as_wide_as_a_screen():
    "At zoom 5 the world is 8192 pixels wide: 1000 of them are 43.9 degrees"
    west, south, east, north = seen(Selection(lat_deg=0, lon_deg=10, zoom=5))
    assert east - west == pytest.approx(1000 / 8192 * 360)
    assert (west + east) / 2 == pytest.approx(10) and south == pytest.approx(-north)


def test_a_file_is_made_once():
    "The second person gets what the first one waited for"
    made = []
    for _ in range(2):
        assert kept(("test", 1), lambda: made.append(1) or b"x") == b"x"
    assert made == [1]


def test_without_arabic_letters_it_is_said(look, monkeypatch):
    "An error that names the package, instead of boxes"
    view = look("cell")
    monkeypatch.setattr(fonts, "installed", lambda: frozenset({"Libertinus Serif"}))
    shown = Order(layer=BY_KEY["population_people"], box=builders.AREA, language="ar")
    with pytest.raises(FontMissing, match="fonts-noto-core"):
        sheet(view, shown, "pdf")
    assert fonts.families("Ghadames") == ("Libertinus Serif",)
