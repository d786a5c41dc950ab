"""The button that makes a brief."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import exports, language
from dashboard.area.choose import Area
from dashboard.area.ranking import Ranking
from dashboard.language import _
from geo_data.view import View

KINDS = {
    "pdf": "application/pdf", "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}  # fmt: skip
PACK = "zip"


def downloads(view: View, area: Area, made: Ranking | None = None) -> None:
    """One button a kind of file; a brief is made only when it is pressed."""
    code = language.current()
    for kind, column in zip(KINDS, st.columns(len(KINDS)), strict=True):
        label = _("Data pack") if kind == PACK else _("Brief as {kind}", kind=kind.upper())
        what = "context-data" if kind == PACK else "context-brief"
        column.download_button(
            label, _maker(view, area, made, kind, code),
            mime=KINDS[kind], key=f"brief-{kind}", width="stretch", on_click="ignore",
            file_name=exports.file_name(view, what, kind),
        )  # fmt: skip


def _maker(
    view: View, area: Area, made: Ranking | None, kind: str, code: str
) -> Callable[[], bytes]:
    def make() -> bytes:
        with language.spoken(code):
            return brief_file(view, area, kind, made)

    return make


def brief_file(view: View, area: Area, kind: str, made: Ranking | None = None) -> bytes:
    """A brief in the language of this run, as pdf, html or docx; as zip the data behind it."""
    from dashboard.brief import contents, document, pack, paper, web

    if kind == PACK:
        return pack.pack(view, area, made)
    brief = contents.brief(view, area, made)
    if kind == "pdf":
        return paper.pdf(brief)
    return web.html(brief).encode("utf-8") if kind == "html" else document.docx(brief)
