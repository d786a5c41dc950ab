"""The data pack: whole, read back by other programs, inert, and nothing above its audience."""

import io
import json
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from openpyxl import load_workbook

from dashboard.area import choose, observed
from dashboard.brief import blocks as brief_blocks
from dashboard.brief import pack
from geo_data import quantities as q
from geo_data.assessments.journal import Journal
from tests import builders, test_handout
from tests.observed import journal, observation
from tests.test_brief import area_of, see  # noqa: F401 -- a fixture
from tests.test_handout import CANARY, FORMULA, look  # noqa: F401 -- a fixture

HERE = {"operation": "demo", "place_code": "XLY01"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    "The hostile release of the sheets, on land."
    made = tmp_path_factory.mktemp("hostile")
    number = np.arange(len(builders.cells()))
    ground = builders.hexagons(population_people=number % 50.0, land_share=1.0, elevation_m=100.0)
    jobs = ("crossings", "services", "assets", "incidents")
    sources = [builders.account(job, job=job, title=CANARY, simulated=True) for job in jobs]
    sources.append(builders.account("population", owner=CANARY, licence="CC BY 4.0"))
    methods = dict.fromkeys(("population_people", "land_share", "elevation_m"), ["population"])
    builders.release(made, test_handout.frames() | {"hexagons": ground}, sources, methods)
    return made


def opened(made):
    "Files of a pack by name."
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def sheets_of(files):
    book = load_workbook(io.BytesIO(files["tables.xlsx"]))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def texts(files, tmp_path):
    "Every text of every table of a pack."
    for rows in sheets_of(files).values():
        yield from (cell for row in rows for cell in row if isinstance(cell, str))
    file = tmp_path / "area.gpkg"
    file.write_bytes(files["area.gpkg"])
    for name, _kind in pyogrio.list_layers(file):
        table = pyogrio.read_dataframe(file, layer=name, read_geometry=False)
        yield from (v for v in [*table.columns, *table.astype(object).to_numpy().ravel()]
                    if isinstance(v, str))  # fmt: skip
    table = pq.read_table(io.BytesIO(files["hexagons.parquet"]))
    bare = table.drop_columns(["geometry"]).to_pandas()
    yield from (v for v in bare.astype(object).to_numpy().ravel() if isinstance(v, str))


def test_a_pack_is_whole(see):  # noqa: F811
    """Sheets with a row of HXL tags, units and sources in each file, people as in the profile"""
    view = see()
    area = area_of(view)
    files = opened(pack.pack(view, area))
    assert set(files) == {"README.txt", "area.gpkg", "tables.xlsx", "hexagons.parquet"}
    sheets = sheets_of(files)
    assert list(sheets) == ["profile", "index", "services", "sources", "units"]
    for rows in sheets.values():
        assert len(rows) > 2 and all(str(tag).startswith("#") for tag in rows[1])
        assert len(set(map(len, rows))) == 1
    hexagons = gpd.read_parquet(io.BytesIO(files["hexagons.parquet"]))
    people = (hexagons["population_people"] * hexagons["fraction"]).sum()
    profile = pd.DataFrame(sheets["profile"][2:], columns=sheets["profile"][0])
    told = profile.loc[profile["quantity"] == q.POPULATION.column, "value"].iloc[0]
    assert told == pytest.approx(people, rel=1e-9)
    units = {row[0]: row[1] for row in sheets["units"][2:]}
    assert units["population_people"] == "people" and units["rank_low"] == "position"
    schema = pq.read_schema(io.BytesIO(files["hexagons.parquet"]))
    assert schema.field("population_people").metadata[b"unit"] == b"people"
    assert json.loads(schema.metadata[b"waypost"])["release"] == view.name
    said = files["README.txt"].decode()
    assert "SIMULATED DATA" in said and view.name in said and "coordination cell only" in said


def test_every_measured_column_has_a_unit(see, tmp_path):  # noqa: F811
    """Of the hexagons: whatever holds numbers is explained in the sheet of units"""
    files = opened(pack.pack(see(), area_of(see())))
    hexagons = gpd.read_parquet(io.BytesIO(files["hexagons.parquet"]))
    units = {row[0] for row in sheets_of(files)["units"][2:]}
    assert set(hexagons.select_dtypes("number")) <= units


@pytest.mark.parametrize("audience", ["cell", "partner", "public"])
def test_nothing_above_the_audience_is_in_a_pack(look, tmp_path, audience):  # noqa: F811
    """Shelter and yesterday's incident by name; assets are in no pack; formulas are text"""
    view = look(audience)
    files = opened(pack.pack(view, choose.Area(CANARY, choose.whole(view).cells)))
    found = list(texts(files, tmp_path))
    said = " ".join(found) + files["README.txt"].decode()
    assert ("SECRETSHELTER" in said, "SECRETYOUNG" in said) == (audience == "cell",) * 2
    assert "SECRETASSET" not in said
    assert not [text for text in found if text.lstrip(" ").startswith(FORMULA)]
    assert len(found) > 100 and "'" + CANARY in found
    words = {"cell": "coordination cell only", "partner": "partners", "public": "public"}
    assert words[audience] in said


@pytest.mark.parametrize("audience", ["cell", "partner", "public"])
def test_observations_are_in_the_pack_of_the_cell_alone(see, monkeypatch, tmp_path, audience):  # noqa: F811
    """A sheet of their own, their text safe; for others no trace of it"""
    view = see(audience)
    journal(tmp_path).append(observation("=SECRETWELL is dry", **HERE))
    monkeypatch.setattr(observed, "journal", lambda view: Journal(tmp_path, view.audience))
    files = opened(pack.pack(view, area_of(view)))
    said = " ".join(texts(files, tmp_path))
    assert ("'=SECRETWELL is dry" in said) == (audience == "cell")
    assert ("observations" in sheets_of(files)) == (audience == "cell")


def test_the_button_makes_it(see):  # noqa: F811
    """Beside the brief, by the same door"""
    view = see()
    assert opened(brief_blocks.brief_file(view, area_of(view), "zip"))["README.txt"]
