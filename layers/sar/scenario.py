"""What changes when the fleet does: two plans side by side, cell by cell and in sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo_data.quantities import DEMAND, GAP, RESPONSE


@dataclass(frozen=True)
class Change:
    """From one plan to another.

    Attributes
    ----------
    cells : DataFrame
        ``cell``, ``response_change_h`` (null where either plan does not arrive), ``gap_change``,
        ``lost`` and ``won`` (met before and no longer, and the other way round).
    met_before, met_after : float
        Share of the demand that is met; NaN if demand is not known.
    """

    cells: pd.DataFrame
    met_before: float
    met_after: float


def change(before: pd.DataFrame, after: pd.DataFrame) -> Change:
    """Compare the gaps of two plans for the same cells.

    Parameters
    ----------
    before, after : DataFrame
        From :func:`layers.sar.gap.gap_share`.
    """
    if not np.array_equal(before["cell"], after["cell"]):
        raise ValueError("the plans are not about the same cells in the same order")
    missed, misses = (table[GAP.column].to_numpy(np.float64) for table in (before, after))
    needed = before[DEMAND.column].to_numpy(np.float64)
    hours = (table[RESPONSE.column].astype(np.float64).to_numpy() for table in (before, after))
    was, will = hours
    cells = pd.DataFrame(
        {
            "cell": before["cell"].to_numpy(np.int64),
            "response_change_h": will - was,
            "gap_change": misses - missed,
            "lost": misses > missed,
            "won": misses < missed,
        }
    )
    return Change(cells, _met(needed, missed), _met(needed, misses))


def _met(needed: np.ndarray, missed: np.ndarray) -> float:
    return float("nan") if np.isnan(needed).all() else float(np.nansum(needed) - np.nansum(missed))
