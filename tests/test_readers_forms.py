"""Form servers, typed columns, and pages of records; the shapes are the public ones."""

import json

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shapely import Point

from etl import files
from etl.readers import read_table
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Read
from tests.declared import read, source

SUBMISSION = {
    "_id": 7, "_uuid": "a-b", "_submission_time": "2026-05-01T06:00:00", "_submitted_by": "somebody",
    "_attachments": [{"filename": "face.jpg"}], "_notes": [], "_tags": [], "__version__": "v1",
    "_geolocation": [32.9, 13.2], "_validation_status": {"label": "Approved", "by_whom": "somebody"},
    "meta/instanceID": "uuid:1", "formhub/uuid": "x", "username": "somebody", "grp/deviceid": "d1",
    "grp/site": "Ghat", "grp/gps": "24.96 10.18 700 4.5", "grp": {"kind": "camp"}, "needs": "wash food",
    "families": [{"families/size": 3}, {"families/size": 5}], "meta": {"instanceName": "somebody"},
    "__system": {"submitterName": "somebody"},
}  # fmt: skip


def test_submissions_of_a_server(tmp_path):
    """Groups, geopoints and repeats become columns; nobody is named in any of them."""
    document = json.dumps({"count": 1, "next": None, "results": [SUBMISSION]})
    table = read(tmp_path, document, name="a.json", format="kobo")
    told = table.loc[0, ["grp/site", "grp/kind", "needs", "grp/_gps_latitude", "grp/_gps_precision",
                         "_geolocation_longitude", "families count", "_validation_status"]]  # fmt: skip
    assert told.tolist() == ["Ghat", "camp", "wash food", "24.96", "4.5", "13.2", "2", "Approved"]
    shown = table.to_csv()
    assert not [word for word in ("somebody", "face", "uuid", "d1") if word in shown]
    assert "families" in table.attrs["warnings"][0]


def test_exports_of_a_server_as_text(tmp_path):
    """Semicolons, a mark, line breaks in quotes; the columns have the names of the JSON."""
    content = ('\ufeff"grp/site";"grp/_gps_latitude";"needs";"needs/wash";"needs/food";"_id";"_uuid";'
               '"_submitted_by";"_notes"\r\n"Ghat\nsouth";"24.96";"wash";"1";"0";"7";"a-b";'
               '"somebody";""\r\n')  # fmt: skip
    table = read(tmp_path, content, format="kobo")
    assert table.attrs["columns"] == ["grp/site", "grp/_gps_latitude", "needs", "needs/wash",
                                      "needs/food", "_id"]  # fmt: skip
    assert table.loc[0, ["grp/site", "needs/wash"]].tolist() == ["Ghat\nsouth", "1"]
    assert "somebody" not in table.to_csv()


@pytest.mark.parametrize("content", ['{"detail": "Not found."}', '{"results": 5}', "[1,", "{}", ""])
def test_answers_that_are_no_submissions(tmp_path, content):
    """An error of the server, or half a file, is one sentence."""
    with pytest.raises(SourceUnreadable, match=r"a\.json"):
        read(tmp_path, content, name="a.json", format="kobo")


def test_pages_in_several_files(tmp_path):
    """Each file is a page; rows keep page and number."""
    for page in (1, 2):
        rows = [{"n": f"{page}{number}"} for number in range(2)]
        (tmp_path / f"p{page}.json").write_text(json.dumps({"next": None, "results": rows}))
    one = source(read=Read(format="json", records="results"), path="p*.json")
    table = read_table(one, files.find(one, [tmp_path], Settings()), Settings())
    assert table[["n", "_file", "_row"]].to_numpy().tolist() == [
        ["10", "p1.json", 1], ["11", "p1.json", 2], ["20", "p2.json", 1], ["21", "p2.json", 2],
    ]  # fmt: skip


def test_pages_in_one_file(tmp_path):
    """A list of answers, each a page."""
    pages = [{"count": 3, "results": [{"n": 1}, {"n": 2}]}, {"count": 3, "results": [{"n": 3}]}]
    table = read(tmp_path, json.dumps(pages), format="json", records="results")
    assert table[["n", "_row"]].to_numpy().tolist() == [["1", 1], ["2", 2], ["3", 3]]


def test_pages_that_are_missing_are_said(tmp_path):
    """The count of the first page promises more than there is."""
    page = {"count": 9, "next": "https://example.org/?page=2", "results": [{"n": 1}]}
    table = read(tmp_path, json.dumps(page), format="json", records="results")
    assert "9" in table.attrs["warnings"][0]


def parquet(folder, **declared):
    one = source(read=Read(format="parquet", **declared), path="a.parquet")
    return read_table(one, files.find(one, [folder], Settings()), Settings())


def test_typed_columns_as_the_text_that_people_write(tmp_path):
    """Codes keep zeros, dates are ISO 8601, whole numbers have no point, blanks are null."""
    pd.DataFrame({"code": ["0201", " "], "n": [1.0, None], "big": [2**53 + 1, 1], "flag": [True, None],
                  "day": pd.to_datetime(["2026-05-01 00:00", "2026-05-02 06:00"]),
                  "kind": pd.Categorical(["a", "b"]), "tags": [["x"], []]}).to_parquet(tmp_path / "a.parquet")  # fmt: skip
    table = parquet(tmp_path)
    assert table.loc[0, ["code", "n", "big", "flag", "kind", "tags"]].tolist() == [
        "0201", "1", "9007199254740993", "true", "a", '["x"]']  # fmt: skip
    assert table["day"].str[:10].tolist() == ["2026-05-01", "2026-05-02"]
    assert table.loc[1, ["code", "n", "flag"]].isna().all()
    assert table["_row"].tolist() == [1, 2]


def test_geoparquet_in_metres_is_moved(tmp_path):
    """The CRS stands in the file; a missing shape stays missing."""
    layer = gpd.GeoDataFrame({"n": ["x", "y"]}, geometry=[Point(10.18, 24.96), None], crs=4326)
    layer.to_crs(32632).to_parquet(tmp_path / "a.parquet", write_covering_bbox=True)
    table = parquet(tmp_path)
    assert table.geometry[0].x == pytest.approx(10.18, abs=1e-9)
    assert table.geometry[1] is None
    assert table.attrs["columns"] == ["n"]


def test_parquet_that_is_none_or_too_large(tmp_path):
    """A renamed text, and a footer that promises more cells than may be read."""
    (tmp_path / "a.parquet").write_text("a,b\n1,2\n")
    with pytest.raises(SourceUnreadable, match="whole Parquet file"):
        parquet(tmp_path)
    nulls = pa.table({"a": pa.nulls(100_000_001, pa.bool_())})
    pq.write_table(nulls, tmp_path / "a.parquet")
    with pytest.raises(SourceUnreadable, match="100,000,001 rows"):
        parquet(tmp_path)
