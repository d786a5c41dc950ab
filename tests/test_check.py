"""``check`` tells what the reader makes of a file before anyone ingests it."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from etl import check
from geo_data.settings import Settings


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
