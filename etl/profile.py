"""What kind of value a column mostly holds, and rows that do not follow it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.values import DIGITS, NUMBER, Mask

SAMPLE, ENOUGH_ROWS = 2_000, 20
MOSTLY, RARELY = 0.95, 0.05
ODD_NUMBERS, ODD_TEXTS = 2, 1
MOST_COLUMNS = 3


def numbers(texts: pd.Series) -> pd.Series:
    """Which cells hold a number as people write it, with either decimal mark; null is none."""
    plain = texts.str.translate(DIGITS)
    return (plain.str.fullmatch(NUMBER["."]) | plain.str.fullmatch(NUMBER[","])).fillna(False)


def misplaced(table: pd.DataFrame) -> Mask:
    """Rows with text in columns of numbers and a number in a column of text, as after a shift.

    Parameters
    ----------
    table : DataFrame of text

    Returns
    -------
    bool array, shape (rows,)
        True only where at least two columns of numbers hold text and one of text a number: a
        single odd cell is a matter for the rules of its field.
    """
    wrong = np.zeros(len(table), dtype=bool)
    if len(table) < ENOUGH_ROWS:
        return wrong
    sample = table.iloc[:: 1 + len(table) // SAMPLE]
    filled = sample.notna().sum()
    shares = {
        name: numbers(sample[name]).sum() / filled[name]
        for name in table.columns
        if filled[name] >= ENOUGH_ROWS / 2
    }
    numeric = [name for name, share in shares.items() if share >= MOSTLY][:MOST_COLUMNS]
    worded = [name for name, share in shares.items() if share <= RARELY]
    if len(numeric) < ODD_NUMBERS or not worded:
        return wrong
    odd = sum(_not_plain(table[name]).to_numpy(dtype=int) for name in numeric)
    suspects = np.flatnonzero(odd >= ODD_NUMBERS)
    rows = table.iloc[suspects]
    text = sum((rows[n].notna() & ~numbers(rows[n])).to_numpy(dtype=int) for n in numeric)
    moved = sum(numbers(rows[name]).to_numpy(dtype=int) for name in worded)
    wrong[suspects[(text >= ODD_NUMBERS) & (moved >= ODD_TEXTS)]] = True
    return wrong


def _not_plain(texts: pd.Series) -> pd.Series:
    return texts.notna() & pd.to_numeric(texts, errors="coerce").isna()
