"""Files as people send them, read as text without guessing."""

import json
import zipfile

import pytest

from etl import files
from etl.readers import read_table
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Read
from tests.declared import read, source

POINTS = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"code": "0201", "people": 7},
         "geometry": {"type": "Point", "coordinates": [13.2, 32.9]}},
        {"type": "Feature", "properties": {"code": "NA"}, "geometry": None},
    ],
}  # fmt: skip


def test_codes_stay_as_written(tmp_path):
    """Namibia's NA and a code with a leading zero are text, not null and not a number."""
    table = read(tmp_path, "iso,code\nNA,0201\n")
    assert table.loc[0, ["iso", "code"]].tolist() == ["NA", "0201"]


def test_row_is_the_line_a_person_sees(tmp_path):
    """A record after a cell with line breaks begins on the line that an editor shows."""
    table = read(tmp_path, 'a,b\n1,"two\nlines"\n\n3,4\n')
    assert table["_row"].tolist() == [2, 5]


def test_mark_blanks_and_line_ends_of_windows(tmp_path):
    """A byte order mark, CRLF and blanks around cells leave no trace."""
    table = read(tmp_path, "\ufeffa , b\r\n 1\u00a0,\u200e2 \r\n".encode())
    assert table[["a", "b"]].to_numpy().tolist() == [["1", "2"]]


def test_tag_row_is_not_data(tmp_path):
    """Tags with blanks or a tab become other names of the columns."""
    table = read(tmp_path, "Mantika,Sector\n#adm2 +name,#sector\t\nSirt,HEA\n")
    assert (len(table), table["_row"].tolist()) == (1, [3])
    assert table.attrs["hxl"] == {"#adm2+name": "Mantika", "#sector": "Sector"}


def test_one_hash_is_no_tag_row(tmp_path):
    """A remark beginning with a hash stays data."""
    assert len(read(tmp_path, "a,b\n#1,x\n2,y\n")) == 2


@pytest.mark.parametrize(("line", "broken"), [("1,2,3", True), ("1", True), ("1,2,,", False)])
def test_ragged_rows_are_marked(tmp_path, line, broken):
    """Too many or too few cells are a problem of the row; blank cells at its end are not."""
    assert read(tmp_path, f"a,b\n{line}\n")["_problem"].notna().tolist() == [broken]


def test_repeated_and_blank_headers_get_names(tmp_path):
    """A second column of the same name is reachable and reported."""
    table = read(tmp_path, "a,a,\n1,2,3\n")
    assert table.attrs["columns"] == ["a", "a (2)", "column 3"]
    assert len(table.attrs["warnings"]) == 1


def test_missing_words_and_no_header(tmp_path):
    """Declared words are null; declared names stand in for a header."""
    table = read(tmp_path, "NA,-\n1,2\n", names=["a", "b"], missing=["NA", "-"])
    assert table["a"].isna().tolist() == [True, False]


def test_wrong_encoding_says_where_and_what_fits(tmp_path):
    """The error names the line, the encoding tried and one that decodes."""
    with pytest.raises(SourceUnreadable, match=r"line 2.*utf-8.*windows-1252"):
        read(tmp_path, "name\nMédenine\n".encode("windows-1252"))
    with pytest.raises(SourceUnreadable, match="utf-16"):
        read(tmp_path, "name\nSirt\n".encode("utf-16"))


def test_mojibake_is_doubted(tmp_path):
    """Text that was decoded wrongly before is read, with a warning."""
    spoilt = "Médenine".encode().decode("windows-1252")
    assert read(tmp_path, f"name\n{spoilt}\n").attrs["warnings"]


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "empty"), ('a,b\n1,"open\n2,3\n', "line 2"), ("a;b;c\n1;2;3\n", "delimiter")],
)
def test_broken_files_are_explained(tmp_path, content, said):
    """An empty file, an open quote and another separator each have their own words."""
    with pytest.raises(SourceUnreadable, match=said):
        read(tmp_path, content)


def test_header_without_rows_is_an_empty_table(tmp_path):
    """No rows is not an error of the file."""
    assert read(tmp_path, "a,b\n").shape[0] == 0


def test_records_at_a_dotted_path(tmp_path):
    """Numbers keep their spelling, lists of words are joined, objects stay JSON."""
    content = '{"data": {"rows": [{"a": 1.50, "b": ["x", "y"], "c": {"d": 1}}, 5]}}'
    table = read(tmp_path, content, format="json", records="data.rows")
    assert table.loc[0, ["a", "b", "c"]].tolist() == ["1.50", "x, y", '{"d": 1.0}']
    assert table["_problem"].notna().tolist() == [False, True]


def test_records_missing_names_the_lists(tmp_path):
    """The error says which lists the document has."""
    with pytest.raises(SourceUnreadable, match="Lists there: rows"):
        read(tmp_path, '{"rows": []}', format="json", records="data")


def test_geojson_keeps_codes_and_empty_shapes(tmp_path):
    """Properties are text; a feature without shape stays a row."""
    table = read(tmp_path, json.dumps(POINTS), format="vector")
    assert table["code"].tolist() == ["0201", "NA"]
    assert (table.geometry[0].x, table.geometry[0].y) == (13.2, 32.9)
    assert table.geometry.isna().tolist() == [False, True]


def test_geojson_crs_that_is_a_link_is_not_followed(tmp_path):
    """Only EPSG codes are known; a link is ignored, an unknown name refused."""
    link = POINTS | {"crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/x"}}}
    assert len(read(tmp_path, json.dumps(link), format="vector")) == 2
    named = POINTS | {"crs": {"type": "name", "properties": {"name": "file:///etc/passwd"}}}
    with pytest.raises(SourceUnreadable, match="EPSG"):
        read(tmp_path, json.dumps(named), format="vector")


def test_geojson_in_metres_is_moved(tmp_path):
    """In web mercator 111,319.49 m east of zero is one degree."""
    point = {"type": "Point", "coordinates": [111_319.49079327358, 0]}
    there = {"type": "FeatureCollection",
             "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}},
             "features": [{"type": "Feature", "properties": {}, "geometry": point}]}  # fmt: skip
    table = read(tmp_path, json.dumps(there), format="vector")
    assert table.geometry[0].x == pytest.approx(1.0, abs=1e-9)


def test_topology_shares_its_arcs(tmp_path):
    """Two squares with one common side come out closed, the second walking the arc backwards."""
    topology = {
        "type": "Topology", "transform": {"scale": [0.5, 0.5], "translate": [10, 30]},
        "arcs": [[[2, 0], [0, 2]], [[2, 2], [-2, 0], [0, -2], [2, 0]],
                 [[2, 0], [2, 0], [0, 2], [-2, 0]]],
        "objects": {"x": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "arcs": [[0, 1]], "properties": {"n": "west"}},
            {"type": "Polygon", "arcs": [[2, -1]], "properties": {"n": "east"}}]}},
    }  # fmt: skip
    table = read(tmp_path, json.dumps(topology), format="topojson")
    assert [shape.area for shape in table.geometry] == [1.0, 1.0]
    assert table.geometry[1].bounds == (11.0, 30.0, 12.0, 31.0)


@pytest.mark.parametrize(
    "content",
    [
        '<OGRVRTDataSource><!-- <kml> --><OGRVRTLayer name="x"/></OGRVRTDataSource>',
        "<kml><!-- <OGRVRTDataSource> --></kml>",
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>',
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector info"}',
        "plain text",
    ],
)
def test_disguised_layers_are_refused(tmp_path, content):
    """Content decides, not the name: nothing that could follow a link reaches GDAL."""
    with pytest.raises(SourceUnreadable):
        read(tmp_path, content, name="a.kml", format="vector")


def test_members_of_an_archive(tmp_path):
    """All GeoJSON members matching the pattern, each row with its member's name."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for name in ("d/one.geojson", "d/two.geojson", "copyright.txt"):
            packed.writestr(name, json.dumps(POINTS))
    one = source(read=Read(format="vector", member="d/*.geojson"), path="a.zip")
    table = read_table(one, files.find(one, [tmp_path], Settings()), Settings())
    assert table["_file"].value_counts().to_dict() == {
        "a.zip/d/one.geojson": 2, "a.zip/d/two.geojson": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    "path", ["../a.csv", "/etc/passwd", "b/../../a.csv", "c:/a.csv", "link.csv"]
)
def test_paths_stay_in_the_folder(tmp_path, path):
    """Neither the pattern nor a link may lead out of the data folder."""
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "a.csv").write_text("a\n1\n")
    (data / "link.csv").symlink_to(tmp_path / "a.csv")
    with pytest.raises(SourceUnreadable, match="leaves the data folder"):
        files.find(source(path=path), [data], Settings())


def test_files_come_from_the_first_folder_that_has_them(tmp_path):
    """A glob is looked up folder by folder; a missing file says where it was sought."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x1.csv").write_text("a\n1\n")
    (tmp_path / "two" / "x2.csv").write_text("a\n1\n")
    found = files.find(source(path="x*.csv"), [tmp_path / "one", tmp_path / "two"], Settings())
    assert [(path.parent.name, path.name) for path in found] == [("one", "x1.csv")]
    with pytest.raises(SourceUnreadable, match="two"):
        files.find(source(path="y.csv"), [tmp_path / "two"], Settings())


def test_sizes_are_limited_packed_and_unpacked(tmp_path):
    """A small archive that unpacks to more than allowed is refused before it is opened."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.geojson", " " * 100_000)
    assert (tmp_path / "a.zip").stat().st_size < 1_000
    with pytest.raises(SourceUnreadable, match="unpacked"):
        files.refuse_oversized(tmp_path / "a.zip", Settings(max_bytes=50_000))


def test_hash_is_that_of_the_bytes(tmp_path):
    """SHA-256 of "abc", from FIPS 180-2."""
    (tmp_path / "a").write_bytes(b"abc")
    assert files.sha256(tmp_path / "a").startswith("ba7816bf8f01cfea414140de5dae2223b00361a3")


@pytest.mark.parametrize(
    "content",
    ['{"type": "FeatureCollection", "features": null}', '{"type": ["FeatureCollection"]}',
     '{"type": "Topology", "objects": 5, "arcs": []}', "[1, 2]"],
)  # fmt: skip
def test_json_that_only_looks_like_a_layer(tmp_path, content):
    """Members of another kind than the format has are said, not stumbled over."""
    with pytest.raises(SourceUnreadable, match=r"a\.csv"):
        read(tmp_path, content, format="vector")


@pytest.mark.parametrize(
    "feature",
    [{"properties": [1]}, {"properties": 5}, 5, {"geometry": 5},
     {"geometry": {"type": "Point", "coordinates": ["a"]}}],
)  # fmt: skip
def test_a_broken_feature_is_a_problem_of_its_row(tmp_path, feature):
    """It stays, with what is wrong, beside the good one."""
    layer = POINTS | {"features": [feature, POINTS["features"][0]]}
    table = read(tmp_path, json.dumps(layer), format="vector")
    assert table["_problem"].notna().tolist() == [True, False]


@pytest.mark.parametrize(
    "spoil", [b"PK\x03\x04 and no more", b"\x00" * 40, b"\xff\xfe\x00", b"{" * 99]
)
@pytest.mark.parametrize(
    "form",
    ["vector", "json", "shakemap", "topojson", "delimited", "excel", "parquet", "kobo", "xml", "cap",
     "georss"],
)  # fmt: skip
def test_spoilt_bytes_are_refused_in_words(tmp_path, spoil, form):
    """No reader fails with an error of its own library; a table of garbage has no good row."""
    try:
        table = read(tmp_path, spoil, name="a.zip", format=form)
    except SourceUnreadable as refused:
        assert "a.zip" in str(refused)
    else:
        assert form in ("delimited", "kobo")
        assert len(table) == 0


def test_markup_is_taken_out_when_declared(tmp_path):
    """Line breaks stay lines, other markup goes, entities become letters."""
    content = 'text\n"<b>Land</b> borders:<br> closed &amp; sealed<script>x()</script>"\n'
    assert read(tmp_path, content, html=True)["text"][0] == "Land borders:\nclosed & sealed"


@pytest.mark.parametrize(
    ("name", "driver"),
    [("a.gpkg", "GPKG"), ("a.fgb", "FlatGeobuf"), ("a.shp.zip", "ESRI Shapefile"), ("a.kml", "KML"),
     ("a.gpx", "GPX")],
)  # fmt: skip
def test_layers_of_other_programs(tmp_path, name, driver):
    """The formats that mapping programs write, moved to WGS84 where they are in another CRS."""
    import geopandas as gpd
    from shapely import Point

    names = ["Ghat غات", "Sabhā"]
    layer = gpd.GeoDataFrame(
        {"name": names}, geometry=[Point(10.18, 24.96), Point(14.43, 27.04)], crs=4326
    )
    metric = driver in ("GPKG", "FlatGeobuf", "ESRI Shapefile")
    layer.to_crs(32633 if metric else 4326).to_file(tmp_path / name, driver=driver)
    one = source(read=Read(format="vector"), path=name)
    table = read_table(one, files.find(one, [tmp_path], Settings()), Settings())
    column = next(c for c in table.columns if c.lower() == "name")
    assert sorted(table[column]) == sorted(names)
    assert table.geometry[list(table[column]).index(names[0])].x == pytest.approx(10.18, abs=1e-6)


def test_several_layers_need_a_choice(tmp_path):
    """The error lists the layers; declared, one is read."""
    import geopandas as gpd
    from shapely import Point

    layer = gpd.GeoDataFrame({"n": ["x"]}, geometry=[Point(10, 30)], crs=4326)
    for name in ("posts", "roads"):
        layer.to_file(tmp_path / "a.gpkg", layer=name, driver="GPKG")
    for chosen in (None, "post"):
        one = source(read=Read(format="vector", layer=chosen), path="a.gpkg")
        with pytest.raises(SourceUnreadable, match="posts, roads"):
            read_table(one, files.find(one, [tmp_path], Settings()), Settings())
    one = source(read=Read(format="vector", layer="posts"), path="a.gpkg")
    assert len(read_table(one, files.find(one, [tmp_path], Settings()), Settings())) == 1
