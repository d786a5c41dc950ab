"""Days written with slashes, dots or dashes: in which order, as the column itself proves it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from etl.values import DIGITS, Mask

PARTS = r"\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})(?:[T ,].*)?"
SHORT_YEAR = r"\s*\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{2}\s*"
MONTHS = 12
DAY_FIRST, MONTH_FIRST = "day/month/year", "month/day/year"


@dataclass(frozen=True)
class Ordered:
    """Days of a column that were written day and month first or second.

    Attributes
    ----------
    days : datetime64[s] series
        Missing where the text is of another form or its order is not known.
    ambiguous : bool array
        Texts that two orders, or two centuries, could be read from.
    order : str
        The one order that the column proves; empty: none or both.
    proofs : int
        How many texts can be read in that order only.
    """

    days: pd.Series
    ambiguous: Mask
    order: str
    proofs: int


def ordered(texts: pd.Series) -> Ordered:
    """Days of a column without a declared pattern.

    A text whose day is above 12 proves its order. If all proofs agree, the others are read so; if
    they do not, or there is none, only the proofs themselves are.

    >>> ordered(pd.Series(["03/04/2024", "23/04/2024"])).days.dt.strftime("%m-%d").tolist()
    ['04-03', '04-23']
    """
    plain = texts.str.translate(DIGITS)
    parts = plain.str.extract(rf"^{PARTS}$").apply(pd.to_numeric, errors="coerce")
    first, second = parts[0], parts[1]
    day_first = (first > MONTHS) & (second <= MONTHS)
    month_first = (second > MONTHS) & (first <= MONTHS)
    proofs = {DAY_FIRST: int(day_first.sum()), MONTH_FIRST: int(month_first.sum())}
    proven = [order for order, count in proofs.items() if count]
    order = proven[0] if len(proven) == 1 else ""
    alike = first == second
    read = day_first | month_first | alike | (parts[2].notna() & bool(order))
    swap = month_first | ((order == MONTH_FIRST) & ~day_first)
    days = _joined(parts[2], second.mask(swap, first), first.mask(swap, second)).where(read)
    unread = (parts[2].notna() & ~read).to_numpy(dtype=bool)
    short = plain.str.fullmatch(SHORT_YEAR).fillna(False).to_numpy(dtype=bool)
    return Ordered(days, unread | short, order, proofs.get(order, 0))


def _joined(year: pd.Series, month: pd.Series, day: pd.Series) -> pd.Series:
    known = year.notna().to_numpy() & month.notna().to_numpy() & day.notna().to_numpy()
    written = pd.Series(None, index=year.index, dtype="str")
    if known.any():
        numbers = [one[known].astype("int64").astype(str) for one in (year, month, day)]
        pieces = [numbers[0], numbers[1].str.zfill(2), numbers[2].str.zfill(2)]
        written[known] = pieces[0].str.cat(pieces[1:], sep="-")
    return pd.to_datetime(written, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
