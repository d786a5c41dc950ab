"""``check`` tells what the reader makes of a file before anyone ingests it."""

import shutil
import tomllib

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from etl import check, children, sandbox
from etl.__main__ import main
from etl.sandbox import Sandbox
from geo_data.errors import WaypostError
from geo_data.settings import Settings
from tests.hostile import bombs


def found(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return check.check(file, Settings())


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("good.csv", "name,lat,lon\nA,35.9,14.4\n", 0, "1 rows, 3 columns"),
        ("french.csv", "nom;lat;lon\nPoste;35.9;14.4\n", 0, "separator ';'"),
        ("latin.csv", "nom,lat,lon\nMédenine,33.3,10.5\n".encode("cp1252"), 1, "cp1252"),
        ("contacts.csv", "name,lat,lon,Telephone\nA,1,2,x\n", 1, "looks personal"),
        ("nowhere.csv", "name,value\nA,3\n", 1, "no position recognised"),
        ("empty.csv", "", 2, "refused"),
        ("thing.pdf", "%PDF", 2, "'.pdf'"),
        ("broken.geojson", '{"type": "FeatureCollection", "features": [', 2, "refused"),
        ("broken.tif", "not a raster", 2, "cannot be opened"),
    ],
)
def test_verdicts(tmp_path, name, content, code, said):
    "Exit code and the sentence that explains it"
    finding = found(tmp_path, name, content)
    assert finding.exit_code == code, finding.lines()
    assert said in "\n".join(finding.lines())


def test_personal_columns_are_named_and_never_quoted(tmp_path):
    "The column is told, the value is not"
    text = "\n".join(
        found(tmp_path, "c.csv", "name,lat,lon,e-mail\nA,1,2,jo@example.org\n").lines()
    )
    assert "e-mail" in text
    assert "jo@example.org" not in text


def test_a_raster_without_nodata_is_doubted(tmp_path):
    "Every pixel would count"
    file = tmp_path / "r.tif"
    shape = {"width": 4, "height": 3, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    with rasterio.open(
        file, "w", driver="GTiff", transform=from_origin(0, 3, 1, 1), **shape
    ) as out:
        out.write(np.ones((1, 3, 4), "float32"))
    finding = check.check(file, Settings())
    assert finding.exit_code == 1
    assert "no nodata" in "\n".join(finding.lines())


def test_a_missing_file_is_refused(tmp_path):
    "With its path in the message"
    assert check.check(tmp_path / "none.csv", Settings()).exit_code == 2


def _hurtful(folder):
    "A packed file that grows too much, and a workbook that reaches to the last corner."
    bomb = bombs.archive(folder / "bomb.zip", ("a.geojson", b" " * 30_000_000))
    sheet = bombs.workbook(folder / "wide.xlsx", bombs.text_cell("XFD1048576", "x"))
    return bomb, sheet


@pytest.mark.parametrize("more", [[], ["--draft"]])
def test_bombs_are_one_sentence(tmp_path, capfd, more):
    "Exit code 2, what was found and what is allowed, no more than a sentence"
    for file, words in zip(_hurtful(tmp_path), ("200 times", "at most 20,000,000"), strict=True):
        assert main(["check", str(file), *more]) == 2
        said = "".join(capfd.readouterr())
        assert words in said and "Traceback" not in said
        assert len(said.strip().splitlines()) <= 2


@pytest.mark.parametrize("more", [[], ["--draft"]])
def test_a_file_that_ends_its_reader_is_one_sentence(tmp_path, capfd, monkeypatch, more):
    "The command lives on, says so, and answers 2"
    if not Sandbox(Settings()).inside:
        pytest.skip("no child processes here")
    file = tmp_path / "a.csv"
    file.write_text("name,lat,lon\nA,33,12\n")
    monkeypatch.setattr(sandbox, "ROOT", _with_aborting_reader(tmp_path / "program"))
    assert main(["check", str(file), *more]) == 2
    said = "".join(capfd.readouterr())
    assert "a.csv: found content that ends its reader (SIGABRT)" in said
    assert "Traceback" not in said


def _with_aborting_reader(folder):
    "The program, but its reader of delimited text aborts as a C library would."
    for name in ("etl", "geo_data"):
        shutil.copytree(children.ROOT / name, folder / name)
    reader = folder / "etl" / "readers" / "delimited.py"
    reader.write_text(reader.read_text().replace(
        "    raw = path.read_bytes()\n", "    import os\n    os.abort()\n"))  # fmt: skip
    return folder


def test_a_folder_is_refused_with_a_file_in_it(tmp_path, capsys):
    "What to name instead"
    (tmp_path / "a.csv").write_text("x")
    assert main(["check", str(tmp_path)]) == 2
    assert "found a folder, expected a file. Name one file in it, such as a.csv." in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize("ending", sorted(check.FORMATS))
def test_an_empty_file_of_every_ending(tmp_path, looking, ending):
    "Refused in one sentence, never a fault of ours"
    file = tmp_path / f"a{ending}"
    file.write_bytes(b"")
    found = looking.check(file)
    assert found.exit_code == 2, found.lines()
    assert "job failed" not in found.refused and "\n" not in found.refused
    with pytest.raises(WaypostError):
        looking.draft(file)


@pytest.mark.parametrize("name", ["a\nb.csv", "a\x1b[31m.csv", "a\u202evsc.csv", "ملف.csv",
                                  "x" * 200 + ".csv", "-rf.csv", "a'b\";c.csv", " .csv"])  # fmt: skip
def test_names_of_all_kinds(tmp_path, looking, name):
    "A usable file stays usable, and what is said of it stays on its lines"
    (tmp_path / name).write_text("name,lat,lon\nA,33.1,12.5\n")
    found = looking.check(tmp_path / name)
    assert found.exit_code == 0, found.lines()
    assert len("\n".join(found.lines()).splitlines()) == 1 + len(found.facts)
    assert all(line.isprintable() for line in found.lines())
    assert tomllib.loads(looking.draft(tmp_path / name))["source"][0]["path"] == name


@pytest.fixture(scope="module")
def looking():
    "One process for all looks."
    with Sandbox(Settings()) as made:
        yield made
