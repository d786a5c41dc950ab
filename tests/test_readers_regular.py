"""Two ways through a delimited text give one table."""

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.readers import cells, delimited, regular
from geo_data.sources import Read
from tests.declared import read

HEAD = "a,b,c\n" + "".join(f"{n},x{n},\n" for n in range(regular.HEAD_RECORDS + 4))
CELLS = st.text(alphabet='ab1,;"\n\r \t\u00a0غ\0', max_size=5)
LINES = st.lists(st.lists(CELLS, max_size=5).map(",".join), max_size=12)
ENDS = st.sampled_from(["\n", "\r\n"])


def careful(text: str) -> pd.DataFrame:
    "The table of the row by row reader."
    return cells.frame(delimited._rows(text, ",", "a"), Read(format="delimited"), "a")


def either(text):
    "The table, or the sentence that refuses it."
    try:
        return text()
    except delimited.SourceUnreadable as refused:
        return str(refused)


@given(LINES, ENDS)
@example(['"a",b,"c, d"', '"two\nlines",,x', "", "1,2", "1,2,3,4", " ,,", '"q""q",,'], "\n")
@example(['a"b",c,d', '"a" ,b,c'], "\r\n")
@settings(max_examples=400)
def test_both_ways_agree(lines, end):
    """Cells, lines, problems, tags and warnings are the same, or the same sentence refuses."""
    text = HEAD + end.join(lines)
    fast = either(lambda: delimited.table_of(text, Read(format="delimited"), "a"))
    slow = either(lambda: careful(text))
    if isinstance(slow, str) or isinstance(fast, str):
        assert fast == slow
        return
    pd.testing.assert_frame_equal(fast, slow, check_dtype=False)
    assert fast.attrs == slow.attrs


def test_a_long_regular_text_takes_the_fast_way(tmp_path):
    """Broken, blank and quoted rows between 10,000 good ones keep their lines and problems."""
    lines = [f"{n},name {n},{n / 4}" for n in range(10_000)]
    lines[5000] = "1,2"
    lines[6000] = ""
    lines[7000] = '7000,"two\nlines",1'
    text = "a,b,c\n" + "\n".join(lines)
    assert regular.read(text.encode(), Read(format="delimited"), "a", lambda part:
                        delimited._rows(part, ",", "a")) is not None  # fmt: skip
    table = read(tmp_path, text)
    assert len(table) == 9_999
    assert table.loc[table["_problem"].notna(), "_row"].tolist() == [5002]
    assert table.loc[table["a"] == "9999", "_row"].tolist() == [10_002]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
     ("utf-16-be", "utf-16-be"), ("cp1256", "windows-1256")],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_encodings_and_delimiters(tmp_path, encoding, declared, delimiter):
    """Arabic letters come back from every encoding that has them, whatever divides the cells."""
    text = f"id{delimiter}name\n1{delimiter}غات\n".encode(encoding)
    table = read(tmp_path, text, encoding=declared, delimiter=delimiter)
    assert table[["id", "name"]].to_numpy().tolist() == [["1", "غات"]]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_encodings_of_western_europe(tmp_path, encoding):
    """Accents come back."""
    assert read(tmp_path, "a\nMédenine\n".encode(encoding), encoding=encoding)["a"][0] == "Médenine"


def test_wide_text_without_its_mark_is_named(tmp_path):
    """Read as UTF-8 it would be letters with zeros between them."""
    with pytest.raises(delimited.SourceUnreadable, match="utf-16-le"):
        read(tmp_path, "id,name\n1,Sirt\n".encode("utf-16-le"))


def test_a_delimiter_is_one_character(tmp_path):
    """Two of them are refused in words."""
    with pytest.raises(delimited.SourceUnreadable, match="one character"):
        read(tmp_path, "a,b\n1,2\n", delimiter=", ")
