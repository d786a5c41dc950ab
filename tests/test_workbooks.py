"""Workbooks, written here part by part, so that no spreadsheet library checks itself."""

import zipfile

import pytest

from etl import files
from etl.readers import read_table
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Read
from tests.declared import source

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def cell(at, value):
    """One cell: text inline, numbers as such."""
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{at}"><v>{value}</v></c>'


def workbook(folder, cells, merged=()):
    """A workbook with one sheet out of {"A1": value}, in row order."""
    rows: dict[str, str] = {}
    for at, value in cells.items():
        row = at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        rows[row] = rows.get(row, "") + cell(at, value)
    body = "".join(f'<row r="{row}">{inside}</row>' for row, inside in rows.items())
    blocks = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Feuil1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{body}</sheetData>"
        f'<mergeCells count="{len(merged)}">{blocks}</mergeCells></worksheet>',
    }  # fmt: skip
    with zipfile.ZipFile(folder / "a.xlsx", "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')


def table(folder, **declared):
    """The workbook as a table."""
    one = source(read=Read(format="excel", **declared), path="a.xlsx")
    return read_table(one, files.find(one, [folder], Settings()), Settings())


def test_cells_are_text_and_rows_those_of_the_sheet(tmp_path):
    """Whole numbers have no point; the row is the one a spreadsheet shows."""
    workbook(tmp_path, {"A1": "code", "B1": "n", "A2": "0201", "B2": 16, "A4": "NA", "B4": 0.5})
    read = table(tmp_path)
    assert read[["code", "n", "_row"]].to_numpy().tolist() == [["0201", "16", 2], ["NA", "0.5", 4]]


def test_merged_cells_speak_for_all_their_rows(tmp_path):
    """A province written once beside two rows belongs to both."""
    cells = {"A1": "p", "B1": "org", "A2": "Lac", "B2": "x", "B3": "y"}
    workbook(tmp_path, cells, merged=["A2:A3"])
    assert table(tmp_path)["p"].tolist() == ["Lac", "Lac"]


def test_unknown_sheet_names_the_nearest(tmp_path):
    """The error lists the sheets."""
    workbook(tmp_path, {"A1": "a", "A2": "b"})
    with pytest.raises(SourceUnreadable, match="nearest: 'Feuil1'"):
        table(tmp_path, sheet="Feuil 1")


def test_a_stray_cell_in_the_last_corner_is_refused(tmp_path):
    """Laid out in full this sheet would take 17 billion cells."""
    workbook(tmp_path, {"A1": "a", "XFD1048576": "x"})
    with pytest.raises(SourceUnreadable, match="1,048,576 rows and 16,384 columns"):
        table(tmp_path)


def test_text_under_the_name_of_a_workbook(tmp_path):
    """A renamed table is refused with advice."""
    (tmp_path / "a.xlsx").write_text("a,b\n1,2\n")
    with pytest.raises(SourceUnreadable, match="save it again"):
        table(tmp_path)
