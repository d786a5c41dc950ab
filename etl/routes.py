"""Whether a position fits the route that its row declares, by the other positions of that route."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.distances import Floats, Mask, neighbours, unit_vectors
from etl.intake import Intake

# A route speaks for itself from this many trusted positions on.
ROUTE_ROWS = 20
ROUTE_NEAR_KM, ROUTE_FAR_KM = 100, 200
OTHER_ROUTE_ROWS = 2


def reject_lost(intake: Intake, far_km: Floats, trusted_km: float) -> Mask:
    """Reject positions far from their own route, among those of others.

    Parameters
    ----------
    far_km : float array, shape (rows,)
        Distance to the claimed country; NaN without a claim.
    trusted_km : float
        Up to here a position is taken as a witness for its route.

    Returns
    -------
    bool array
        Which of the rows that stay their route vouches for.
    """
    own_near, own_far, others = _company(intake.table, ~(far_km > trusted_km))
    known = own_far >= 0
    lost = known & (own_far == 0) & (others >= OTHER_ROUTE_ROWS) & ~(far_km <= trusted_km)
    intake.reject(lost, "route_mismatch", "route")
    return (own_near >= ROUTE_ROWS)[~lost]


def _company(table: pd.DataFrame, trusted: Mask) -> tuple[Floats, Floats, Floats]:
    """Trusted positions around each: of its own route, near and farther, and of other routes.

    -1 for rows whose route has too few positions to say anything.
    """
    points = unit_vectors(table["lat_deg"].to_numpy(), table["lon_deg"].to_numpy())
    everyone = neighbours(points[trusted], points, ROUTE_NEAR_KM) - trusted
    near, farther = np.full(len(table), -1.0), np.full(len(table), -1.0)
    for _, rows in table.reset_index(drop=True).groupby("route"):
        here = rows.index.to_numpy()
        own = here[trusted[here]]
        if len(own) >= ROUTE_ROWS:
            near[here] = neighbours(points[own], points[here], ROUTE_NEAR_KM) - trusted[here]
            farther[here] = neighbours(points[own], points[here], ROUTE_FAR_KM) - trusted[here]
    return near, farther, everyone - np.maximum(near, 0)
