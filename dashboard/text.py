"""Text that reaches the browser as markup: escaped once, here."""

from __future__ import annotations

import html


def safe(value: object) -> str:
    """Any value as text without markup, for use inside ``st.html``.

    >>> safe("<b>{{7*7}}</b>")
    '&lt;b&gt;{{7*7}}&lt;/b&gt;'
    """
    return html.escape(str(value), quote=True)


def one_line(text: str) -> str:
    r"""A text in one line of letters that can be seen, for files without markup.

    >>> one_line("two\nlines\u202e")
    'two lines'
    """
    seen = "".join(" " if letter.isspace() else letter for letter in text)
    return "".join(letter for letter in seen if letter.isprintable())
