"""What a profile must not call none: totals from which small counts were taken for an audience."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_data.quantities import BY_COLUMN, Quantity
from geo_data.rollup import cover_column
from geo_data.view import View
from geo_data.words import N_, Phrase

TOTALLED = ("people", "incidents")
"""Topics whose lines are sums over hexagons, in which a withheld count is missing."""


def marked(view: View, profile: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """A profile with ``withheld``: lines that this audience may not know, with a null value.

    Parameters
    ----------
    part : DataFrame
        Hexagons of the area with values and covers, as the audience may see them.
    """
    told = [
        row["topic"] in TOTALLED
        and hidden(view, BY_COLUMN[row["quantity"]], part)
        and not row["value"] > 0
        for row in profile[["topic", "quantity", "value"]].to_dict("records")
    ]  # fmt: skip
    gone = np.array(told, dtype=bool)
    notes = [
        _note(view, BY_COLUMN[column]) if away else note
        for column, note, away in zip(profile["quantity"], profile["note"], gone, strict=True)
    ]
    return profile.assign(
        withheld=gone, value=profile["value"].mask(gone),
        note=pd.Series(notes, index=profile.index, dtype=object),
    )  # fmt: skip


def _note(view: View, quantity: Quantity) -> str:
    rule = view.rule(quantity)
    if not rule.shown:
        return N_("withheld from this audience")
    return Phrase("counts below {n} are withheld, not zero", n=rule.min_count)


def hidden(view: View, quantity: Quantity, part: pd.DataFrame) -> bool:
    """Whether something of a quantity is, or may be, taken out of some hexagons.

    A count that is unknown where a source speaks cannot be told from a withheld one.
    """
    rule = view.rule(quantity)
    if not rule.shown:
        return True
    if not (rule.min_count and quantity.people) or quantity.column not in part:
        return False
    spoken = part[cover_column(quantity)].to_numpy(np.float64) > 0
    return bool((spoken & part[quantity.column].isna().to_numpy()).any())
