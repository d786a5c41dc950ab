"""How the days of a column nobody declared are written."""

from __future__ import annotations

import pandas as pd

from etl import columns, dates, values
from geo_data import tables

DATE_PATTERNS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y",
    "%b %d, %Y", "%B %d, %Y", "%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M", "%a, %m/%d/%Y - %H:%M", "%a, %d/%m/%Y - %H:%M", "%d %b. %Y",
)  # fmt: skip
# From this share of its cells on, a column is what they say.
PARSED_SHARE = 0.8


def date_fields() -> list[str]:
    """Names of all fields that hold a day."""
    found = [field for shape in tables.SHAPES.values() for field in shape]
    return [*dict.fromkeys([f.name for f in found if f.type == tables.DATE] + [columns.REPORTED])]


def strptime_of(texts: pd.Series) -> tuple[str | None, str]:
    """Strptime pattern of a column, empty if none is needed, None if none fits; and a doubt."""
    sample = texts.head(5_000)
    days, _ = values.day(sample)
    order = dates.ordered(sample)
    if len(sample) == 0 or (days.notna() | order.days.notna()).mean() >= PARSED_SHARE:
        said = f"days as {order.order}, as {order.proofs} prove" if order.order else ""
        mixed = order.ambiguous.sum() and not order.order
        if mixed:
            said = f"{int(order.ambiguous.sum())} days could be read in two orders; declare dates"
        return "", said
    fitting = []
    for pattern in DATE_PATTERNS:
        found = pd.to_datetime(sample, format=pattern, errors="coerce")
        if found.notna().mean() >= PARSED_SHARE:
            fitting.append((float(found.notna().mean()), pattern))
    if not fitting:
        return None, ""
    best = max(share for share, _ in fitting)
    equal = [pattern for share, pattern in fitting if share == best]
    others = f"; {', '.join(equal[1:])} fits as well" if len(equal) > 1 else ""
    return equal[0], f"dates read as {equal[0]}{others}"
