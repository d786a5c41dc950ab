"""A brief as DOCX, to be edited further: text and tables, maps as pictures, no field, no macro."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from dashboard.brief import paper
from dashboard.brief.contents import Brief, Table
from dashboard.brief.maps import HEIGHT_MM, WIDTH_MM

MARGIN_MM = 15
ALARM = RGBColor(0x7A, 0x12, 0x20)


def docx(brief: Brief) -> bytes:
    """The brief as a document of Word or LibreOffice."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    document.styles["Normal"].font.size = Pt(10)
    if brief.simulated:
        _say(section.header.paragraphs[0], brief.simulated, brief.rtl, alarm=True)
    _heading(document, brief.title, 0, brief.rtl)
    for line in (brief.subtitle, brief.made):
        _say(document.add_paragraph(), line, brief.rtl)
    _table(document, [], [[label, value, note] for label, value, note in brief.figures], brief.rtl)
    _points(document, brief.words["findings"], brief.findings, brief.rtl)
    for one in brief.maps:
        _say(document.add_paragraph(), one.title, brief.rtl)
        picture = paper.picture(one.svg, WIDTH_MM, HEIGHT_MM)
        document.add_picture(io.BytesIO(picture), width=Mm(130))
        _legend(document, one.legend, brief.rtl)
    _say(document.add_paragraph(), brief.disclaimer, brief.rtl)
    if brief.unknown:
        _points(document, brief.words["unknown"], brief.unknown, brief.rtl)
    for content in (*brief.tables, brief.sources):
        _sheet(document, content, brief.rtl)
    _points(document, brief.words["limits"], brief.limits, brief.rtl)
    document.core_properties.title, document.core_properties.author = _clean(brief.title), "Waypost"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _heading(document: Any, text: str, level: int, rtl: bool) -> None:
    _way(document.add_heading(_clean(text), level), rtl)


def _points(document: Any, title: str, lines: Iterable[str], rtl: bool) -> None:
    _heading(document, title, 1, rtl)
    for line in lines:
        _say(document.add_paragraph(style="List Bullet"), line, rtl)


def _sheet(document: Any, content: Table, rtl: bool) -> None:
    _heading(document, content.title, 1, rtl)
    _table(document, content.head, content.rows, rtl)
    if content.note:
        _say(document.add_paragraph(), content.note, rtl)


def _legend(document: Any, legend: Iterable[tuple[str, str]], rtl: bool) -> None:
    line = document.add_paragraph()
    for colour, label in legend:
        square = line.add_run("\u2588 " if colour != "hatch" else "\u2592 ")
        if colour != "hatch":
            square.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
        line.add_run(_clean(label) + "   ").font.size = Pt(8)
    _way(line, rtl)


def _table(document: Any, head: list[str], rows: list[list[str]], rtl: bool) -> None:
    lines = ([head] if head else []) + rows
    if not lines:
        return
    table = document.add_table(rows=len(lines), cols=len(lines[0]), style="Table Grid")
    if rtl:
        table._tbl.tblPr.append(OxmlElement("w:bidiVisual"))
    for number, (line, row) in enumerate(zip(lines, table.rows, strict=True)):
        for text, cell in zip(line, row.cells, strict=True):
            run = _say(cell.paragraphs[0], text, rtl)
            run.font.size, run.bold = Pt(8), bool(head) and number == 0


def _say(line: Any, text: str, rtl: bool, *, alarm: bool = False) -> Any:
    run = line.add_run(_clean(text))
    if alarm:
        run.bold, run.font.color.rgb = True, ALARM
    _way(line, rtl)
    return run


def _way(line: Any, rtl: bool) -> None:
    """Paragraph and letters run from the right where the language does."""
    if not rtl:
        return
    line._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in line.runs:
        mark = OxmlElement("w:rtl")
        mark.set(qn("w:val"), "1")
        run._r.get_or_add_rPr().append(mark)


def _clean(text: str) -> str:
    """Text without characters that XML cannot hold."""
    return "".join(
        letter for letter in str(text)
        if letter in "\t\n" or letter >= " " and not "\ud800" <= letter <= "\udfff"
        and letter not in "\ufffe\uffff"
    )  # fmt: skip
