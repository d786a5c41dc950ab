"""Text of data on its way into files: nothing in it is run by a spreadsheet or read as markup."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

import pandas as pd

# A cell that starts with one of these is run as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def neutral(value: object) -> object:
    """Text that a spreadsheet will not run; anything else unchanged.

    >>> neutral("=1+1"), neutral("  @cmd"), neutral(-3), neutral("Ghat")
    ("'=1+1", "'  @cmd", -3, 'Ghat')
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return "'" + value
    return value


def safe_table(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose text cells and column names spreadsheets will not run."""
    text = [
        name for name in table if table[name].dtype == object or str(table[name].dtype) == "str"
    ]
    changed = {name: table[name].map(neutral) for name in text}
    return table.assign(**changed).rename(columns=lambda name: str(neutral(str(name))))


def xml(value: object) -> str:
    r"""Any value as the text of an XML element or attribute; letters that XML forbids are left out.

    >>> xml("<b>&\x01{{x}}")
    '&lt;b&gt;&amp;{{x}}'
    """
    return escape(_NOT_XML.sub("", str(value)), {'"': "&quot;"})
