"""Sentences on a page: every one is plain text, whatever names and notes of data stand in it.

Streamlit reads its texts as Markdown, with formulas, colours and links; nothing that comes with
data may become one. Pages therefore say their sentences here and nowhere else.
"""

from __future__ import annotations

import re

import streamlit as st

_MARKS = re.compile(
    r"[\\`*_\[\]<>~$|@&]"  # emphasis, code, links, formulas, addresses, entities
    r"|:(?=[A-Za-z/+])"  # :red[...], :smile:, https://
    r"|(?<=www)\."
    r"|(?m:^\s*(?:[#+=-]|\d+(?=[.)])))"  # headings and lists
)


def plain(value: object) -> str:
    r"""Any value as text that Markdown leaves alone, also for labels of Streamlit's elements.

    >>> plain("*a* [b](c), 12:30, no. 5")
    '\\*a\\* \\[b\\](c), 12:30, no. 5'
    """
    return _MARKS.sub(_escaped, str(value))


def _escaped(found: re.Match[str]) -> str:
    mark = found[0]
    if mark[-1].isdigit():  # a list needs the number's dot, an escaped digit is none
        return f"{mark}\u2060"
    return f"{mark[:-1]}\\{mark[-1]}"


def caption(text: object, *, alarm: str = "", code: str = "") -> None:
    """Small print; after a word in bold, before a name in letters of one width."""
    st.caption(" ".join(filter(None, (_bold(alarm), plain(text), _code(code)))))


def note(text: object) -> None:
    """Something to know."""
    st.info(plain(text))


def warning(text: object) -> None:
    """Something that may mislead."""
    st.warning(plain(text))


def problem(text: object) -> None:
    """Something that went wrong, and what to do."""
    st.error(plain(text))


def heading(text: object) -> None:
    """Heading of a part of the page."""
    st.subheader(plain(text))


def strong(text: object, *, code: str = "") -> None:
    """Heading of a block."""
    st.markdown(" ".join(filter(None, (_bold(text), _code(code)))))


def _bold(text: object) -> str:
    return f"**{plain(text)}**" if text else ""


def _code(text: str) -> str:
    return f"`{text.replace('`', '')}`" if text else ""
