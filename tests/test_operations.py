"""Operation files are strict and say where they are wrong."""

import pytest

from geo_data import operations
from geo_data.errors import OperationInvalid

GOOD = """\
key = "test"
title = "Test"
area = [0, 15, 26, 40]
resolution = 6
countries = ["LBY"]

[[source]]
key = "first"
title = "First"
owner = "Nobody"
licence = "CC0"
job = "raster"
path = "a.tif"
bands = [{ quantity = "elevation_m" }]
[source.read]
format = "raster"

[[source]]
key = "second"
title = "Second"
owner = "Nobody"
licence = "CC0"
job = "crossings"
path = "b.csv"
[source.read]
format = "delimited"
[source.columns]
name = "NAME"
"""


def load(tmp_path, text):
    file = tmp_path / "op.toml"
    file.write_text(text, encoding="utf-8")
    return operations.load(file)


def test_a_good_file_loads(tmp_path):
    "Two sources, columns as declared"
    operation = load(tmp_path, GOOD)
    assert [source.key for source in operation.source] == ["first", "second"]
    assert operation.source[1].columns == {"name": "NAME"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Second"', 'titel = "Second"', r"line 20: unknown key 'titel'. Did you mean 'title'"),
        ('resolution = 6', 'resolutions = 6', r"line 4: unknown key 'resolutions'"),
        ('format = "delimited"', 'format = "delimited"\nencodng = "x"', "line 27: unknown key 'encodng'"),
        ("elevation_m", "elevation", "line 14: source 'first': unknown quantity 'elevation'"),
        ("[0, 15, 26, 40]", "[26, 15, 0, 40]", "line 3: area"),
        ("resolution = 6", "resolution = 12", "line 4: resolution 12"),
        ('key = "second"', 'key = "first"', "line 19: two sources are called 'first'"),
        ('job = "crossings"', 'job = "crossing"', "line 23: Invalid enum value 'crossing'"),
        ('licence = "CC0"\njob = "crossings"', 'job = "crossings"', "missing required field `licence`"),
        ("resolution = 6", "resolution = ", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_file_names_the_line(tmp_path, old, new, said):
    "One good file, one thing broken, the line and the nearest word in the message"
    with pytest.raises(OperationInvalid, match=said):
        load(tmp_path, GOOD.replace(old, new))


def test_a_missing_file_says_so(tmp_path):
    "No traceback for a mistyped path"
    with pytest.raises(OperationInvalid, match="cannot be read"):
        operations.load(tmp_path / "none.toml")


@pytest.mark.parametrize("file", sorted(operations.OPERATIONS.glob("*.toml")), ids=lambda f: f.stem)
def test_shipped_operations_load(file):
    "Every operation of the project follows the shape"
    assert operations.load(file).source


def test_the_demo_loads_and_is_flagged():
    "The demo says of itself that it is simulated"
    assert operations.load(operations.DEMO).simulated
