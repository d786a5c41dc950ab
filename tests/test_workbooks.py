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
    if isinstance(value, tuple):
        return f'<c r="{at}" t="e"><v>{value[0]}</v></c>'
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{at}"><v>{value}</v></c>'


def sheet(cells, merged=(), hidden=()):
    """A sheet out of {"A1": value}, in row order."""
    rows: dict[str, str] = {}
    for at, value in cells.items():
        row = at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        rows[row] = rows.get(row, "") + cell(at, value)
    body = "".join(
        f'<row r="{row}"{" hidden=" + chr(34) + "1" + chr(34) if int(row) in hidden else ""}>'
        f"{inside}</row>" for row, inside in rows.items()
    )  # fmt: skip
    blocks = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    return (f"<worksheet {MAIN}><sheetData>{body}</sheetData>"
            f'<mergeCells count="{len(merged)}">{blocks}</mergeCells></worksheet>')  # fmt: skip


def workbook(folder, cells, merged=(), hidden=(), **others):
    """A workbook with one sheet, or with others of other names behind it."""
    sheets = {"Feuil1": sheet(cells, merged, hidden)}
    sheets |= {name.replace("_", " "): sheet(inside) for name, inside in others.items()}
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>'
                     for n, name in enumerate(sheets, start=1))  # fmt: skip
    links = "".join(f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" '
                    f'Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1))  # fmt: skip
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
        f"{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        "</Relationships>",
        **{f"xl/worksheets/sheet{n}.xml": one for n, one in enumerate(sheets.values(), start=1)},
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


def test_header_of_two_rows_with_merged_cells(tmp_path):
    """A name above two columns stands before both; a name merged downwards stands once."""
    cells = {
        "A1": "Site",
        "B1": "Refugees",
        "B2": "Women",
        "C2": "Men",
        "A3": "Ghat",
        "B3": 3,
        "C3": 4,
    }
    workbook(tmp_path, cells, merged=["A1:A2", "B1:C1"])
    read = table(tmp_path, header_rows=2)
    assert read.attrs["columns"] == ["Site", "Refugees / Women", "Refugees / Men"]
    assert read[["Refugees / Men", "_row"]].to_numpy().tolist() == [["4", 3]]
    assert "header_rows = 2" in " ".join(table(tmp_path).attrs["warnings"])


def test_tags_below_a_header_of_two_rows(tmp_path):
    """The tag row is sought behind the whole header."""
    cells = {"A1": "x", "A2": "y", "B2": "z", "A3": "#adm1", "B3": "#affected", "A4": "p", "B4": 1}
    workbook(tmp_path, cells)
    read = table(tmp_path, header_rows=2)
    assert read.attrs["hxl"] == {"#adm1": "x / y", "#affected": "z"}
    assert len(read) == 1


@pytest.mark.parametrize("wanted", ["Mois *", ["Mois 1", "Mois 2"]])
def test_several_sheets_stand_below_each_other(tmp_path, wanted):
    """Each row knows its sheet; a column that one of them lacks is said."""
    months = {
        "Mois_1": {"A1": "a", "A2": "x"},
        "Mois_2": {"A1": "a", "B1": "b", "A2": "y", "B2": 1},
    }
    workbook(tmp_path, {"A1": "notes"}, **months)
    read = table(tmp_path, sheet=wanted)
    assert read[["a", "_sheet"]].to_numpy().tolist() == [["x", "Mois 1"], ["y", "Mois 2"]]
    assert read["_file"].tolist() == ["a.xlsx/Mois 1", "a.xlsx/Mois 2"]
    assert read.attrs["warnings"] == ["sheet 'Mois 1' has no column 'b'"]


def test_a_sheet_of_a_list_that_is_not_there(tmp_path):
    """None of the wanted may be missing silently."""
    workbook(tmp_path, {"A1": "a", "A2": "x"})
    with pytest.raises(SourceUnreadable, match="Feuil2"):
        table(tmp_path, sheet=["Feuil1", "Feuil2"])


def test_failed_formulas_are_unknown_and_counted(tmp_path):
    """Two errors and one that was pasted as text; the rows stay."""
    cells = {"A1": "a", "B1": "n", "A2": "x", "B2": ("#N/A",), "A3": "y", "B3": ("#REF!",), "A4": "z",
             "B4": "#DIV/0!", "A5": "w", "B5": 1}  # fmt: skip
    workbook(tmp_path, cells)
    read = table(tmp_path)
    assert read["n"].isna().tolist() == [True, True, True, False]
    assert read.attrs["warnings"][0].startswith("3 cells hold a failed formula")


def test_hidden_rows_are_read(tmp_path):
    """A filter of the sender takes nothing away."""
    workbook(tmp_path, {"A1": "a", "A2": "x", "A3": "y"}, hidden=[2])
    assert table(tmp_path)["a"].tolist() == ["x", "y"]


def test_open_document_sheets(tmp_path):
    """The free format, written here by hand."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>"
                   for row in (["a", "b"], ["غات", "0201"]))  # fmt: skip
    named = "".join(f' xmlns:{name}="{space}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (f"<office:document-content{named}><office:body><office:spreadsheet><table:table "
               f'table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
               "</office:document-content>")  # fmt: skip
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<m:manifest xmlns:m='x'/>")
        packed.writestr("content.xml", content)
    one = source(read=Read(format="excel"), path="a.ods")
    read = read_table(one, files.find(one, [tmp_path], Settings()), Settings())
    assert read[["a", "b"]].to_numpy().tolist() == [["غات", "0201"]]
