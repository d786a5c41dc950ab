"""Small tables and bars in words and numbers, so that they wrap, print and read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from dashboard import language
from dashboard.language import number
from dashboard.text import safe


def bars(labels: Sequence[str], values: Sequence[float], unit: str) -> None:
    """One bar a label, to the scale of the largest."""
    most = max(values, default=0) or 1
    rows = "".join(
        f"<tr><th scope='row'>{safe(label)}</th><td class='wp-bar-cell'>"
        f"<div class='wp-bar' style='width:{100 * value / most:.1f}%'></div></td>"
        f"<td class='wp-number'>{safe(number(value))}</td></tr>"
        for label, value in zip(labels, values, strict=True)
    )
    st.html(f"<table class='wp-bars' aria-label='{safe(unit)}'>{rows}</table>")


def pairs(rows: Sequence[tuple[str, str, str]]) -> None:
    """What, how much, and a remark below it; long words wrap instead of being cut."""
    body = "".join(
        f"<tr><th scope='row'>{safe(name)}</th>"
        f"<td>{safe(value)}<div class='wp-remark'>{safe(remark)}</div></td></tr>"
        for name, value, remark in rows
    )
    st.html(f"<table class='wp-pairs'>{body}</table>")


LETTER_PX, EDGES_PX, WIDEST_PX = 8, 32, 460


def grid(
    table: pd.DataFrame, height: int | Literal["content"] = "content", *,
    whole: Sequence[str] = (), counts: Sequence[str] = (),
) -> None:  # fmt: skip
    """A table to scroll and sort; its first column stands where reading starts.

    Parameters
    ----------
    whole : sequence of str
        Columns as wide as their longest text, so that nothing of it is cut.
    counts : sequence of str
        Columns of whole numbers, written as the language writes them and sorted as numbers.
    """
    names = [str(name) for name in table]
    order = names[::-1] if language.right_to_left() else names
    st.dataframe(
        table.style.format(dict.fromkeys(counts, number)) if counts else table,
        hide_index=True, height=height, column_order=order, placeholder="–",
        column_config={name: st.column_config.Column(width=_width(table[name])) for name in whole},
    )  # fmt: skip


def _width(column: pd.Series) -> int:
    longest = max(map(len, [str(column.name), *column.astype(str)]))
    return min(WIDEST_PX, LETTER_PX * longest + EDGES_PX)


def signed(labels: Sequence[str], values: Sequence[float], unit: str) -> None:
    """One bar a label from a common middle: to the far side what adds, to the near what takes."""
    most = max((abs(value) for value in values), default=0) or 1
    rows = "".join(
        f"<tr><th scope='row'>{safe(label)}</th><td class='wp-bar-cell'>"
        f"<div class='wp-bar{' wp-less' if value < 0 else ''}' "
        f"style='width:{50 * abs(value) / most:.1f}%;"
        f"margin-inline-start:{50 - (50 * -value / most if value < 0 else 0):.1f}%'></div></td>"
        f"<td class='wp-number'>{safe(number(value, 2))}</td></tr>"
        for label, value in zip(labels, values, strict=True)
    )
    st.html(f"<table class='wp-bars wp-signed' aria-label='{safe(unit)}'>{rows}</table>")
