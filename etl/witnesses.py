"""Whether a position can be, from the data alone.

Two witnesses are weighed against it: the country that the row declares and, where rows declare
routes, the other positions of the same route. A row is rejected when they contradict it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl import artefacts, routes
from etl.distances import Floats, Mask, kilometres
from etl.intake import Intake
from geo_data import geography, grid
from geo_data.operations import Operation


@dataclass(frozen=True)
class Reach:
    """How far from its declared country a position may be, km.

    Attributes
    ----------
    trusted_km : float
        Up to here nothing is doubted.
    land_km, sea_km : float
        Farther than this it is wrong if it lies in another country, or at sea.
    """

    trusted_km: float
    land_km: float
    sea_km: float


FIXED = Reach(100, 100, 300)
# Incidents on a route are placed roughly, between two towns or adrift for weeks.
ON_ROUTES = Reach(300, 500, 1500)
# Posts stand on borders: once exchanged, a position may be a little beyond.
MENDED_WITHIN_KM = 25
ZERO_DEG = 1e-3
PLACEHOLDER_ROWS, PLACEHOLDER_COUNTRIES = 5, 3
MOST_SWAPPED_SHARE = 0.5
# Distance to the claimed country, kept while positions are judged.
FAR = "_far_km"


def reject_implausible(intake: Intake, operation: Operation, reach: Reach) -> None:
    """Reject positions that other facts of the same source contradict, then those outside.

    The rows that stay get their ``cell``.
    """
    _reject_artefacts(intake)
    claims = _claims(intake)
    intake.table = intake.table.assign(**{FAR: _kilometres(intake.table, claims)})
    _reject_placeholders(intake, reach)
    _mend_swapped(intake, operation, reach)
    _reject_flipped(intake, reach)
    believed = np.zeros(len(intake.table), dtype=bool)
    if "route" in intake.table and intake.table["route"].notna().any():
        believed = routes.reject_lost(intake, intake.table[FAR].to_numpy(), reach.trusted_km)
    _reject_far(intake, reach, believed)
    intake.table = _with_cells(intake.table.drop(columns=FAR), operation)
    cells = grid.cells_in_box(*operation.area, operation.resolution)
    # What is listed is counted, at the edge too: the hexagon decides, not the box.
    intake.reject(~np.isin(intake.table["cell"], cells), "outside_operation")


def _with_cells(table: pd.DataFrame, operation: Operation) -> pd.DataFrame:
    own = grid.cells_of(
        lat_deg=table["lat_deg"], lon_deg=table["lon_deg"], resolution=operation.resolution
    )
    return table.assign(cell=own)


def _inside(table: pd.DataFrame, area: Sequence[float]) -> Mask:
    """Rows whose position lies in a box of degrees: west, south, east, north."""
    west, south, east, north = area
    lat, lon = table["lat_deg"], table["lon_deg"]
    return (lat.between(south, north) & lon.between(west, east)).to_numpy(dtype=bool)


def _reject_artefacts(intake: Intake) -> None:
    lat, lon = intake.table["lat_deg"], intake.table["lon_deg"]
    intake.reject((lat.abs() < ZERO_DEG) & (lon.abs() < ZERO_DEG), "position_zero", "lat_deg")
    intake.reject(intake.table["lat_deg"] == intake.table["lon_deg"], "lat_equals_lon", "lat_deg")
    artefacts.reject_centroids(intake)


def _claims(intake: Intake) -> pd.Series:
    """Country that each row says it is in: its own, else the only one that the source covers."""
    covered = intake.source.coverage
    countries = intake.table["country"]
    return countries.fillna(covered[0]) if len(covered) == 1 else countries


def _kilometres(
    table: pd.DataFrame, claims: pd.Series, *, swapped: bool = False, sign: int = 1
) -> Floats:
    """Distance to the claimed country, 0 inside, NaN without a claim."""
    first, second = table["lat_deg"].to_numpy(), sign * table["lon_deg"].to_numpy()
    lat, lon = (second, first) if swapped else (first, second)
    far = np.full(len(table), np.nan)
    for iso3, rows in claims.groupby(claims).indices.items():
        legal = rows[np.abs(lat[rows]) <= 90]
        if len(legal):
            far[legal] = kilometres(str(iso3), lat_deg=lat[legal], lon_deg=lon[legal])
    return far


def _reject_placeholders(intake: Intake, reach: Reach) -> None:
    table = intake.table
    far = table[FAR]
    if not (far > reach.trusted_km).any():
        return
    at = table.groupby(["lat_deg", "lon_deg"])["country"]
    repeated = at.transform("size") >= PLACEHOLDER_ROWS
    spread = at.transform("nunique") >= PLACEHOLDER_COUNTRIES
    intake.reject(repeated & spread & (far > reach.trusted_km), "placeholder_position", "country")


def _mend_swapped(intake: Intake, operation: Operation, reach: Reach) -> None:
    far = intake.table[FAR].to_numpy()
    exchanged = _doubted(intake, reach, swapped=True)
    swapped = exchanged <= MENDED_WITHIN_KM
    swapped |= _swapped_throughout(intake.table, operation) & np.isnan(far)
    if "swapped" not in intake.source.repair:
        intake.reject(swapped, "position_swapped", "country")
        return
    lat, lon = intake.table["lat_deg"], intake.table["lon_deg"]
    intake.table = intake.table.assign(
        lat_deg=lat.mask(swapped, lon), lon_deg=lon.mask(swapped, lat),
        **{FAR: np.where(swapped, exchanged, far)},
    )  # fmt: skip
    intake.repair(swapped.sum(), "swapped", "latitude and longitude were exchanged")


def _doubted(intake: Intake, reach: Reach, *, swapped: bool = False, sign: int = 1) -> Floats:
    """Distance to the claimed country from a mended position; NaN for trusted rows."""
    far = np.full(len(intake.table), np.nan)
    doubted = (intake.table[FAR] > reach.trusted_km).to_numpy()
    if doubted.any():
        claims = _claims(intake)[doubted]
        far[doubted] = _kilometres(intake.table[doubted], claims, swapped=swapped, sign=sign)
    return far


def _swapped_throughout(table: pd.DataFrame, operation: Operation) -> Mask:
    """Rows outside the operation and inside when swapped, if that is most of the source.

    Without a declared country one such row proves nothing: the place may just lie elsewhere.
    """
    exchanged = table.assign(lat_deg=table["lon_deg"], lon_deg=table["lat_deg"])
    suspect = ~_inside(table, operation.area) & _inside(exchanged, operation.area)
    return suspect & (suspect.mean() > MOST_SWAPPED_SHARE if len(suspect) else False)


def _reject_flipped(intake: Intake, reach: Reach) -> None:
    flipped = _doubted(intake, reach, sign=-1) <= reach.trusted_km
    intake.reject(flipped, "longitude_sign", "country")


def _reject_far(intake: Intake, reach: Reach, believed: Mask) -> None:
    far = intake.table[FAR].to_numpy()
    suspect = np.flatnonzero((far > min(reach.land_km, reach.sea_km)) & ~believed)
    on_land = _on_land(intake.table.iloc[suspect])
    wrong = np.zeros(len(far), dtype=bool)
    wrong[suspect] = far[suspect] > np.where(on_land, reach.land_km, reach.sea_km)
    intake.reject(
        wrong, "wrong_country", "country", land_km=f"{reach.land_km:g}", sea_km=f"{reach.sea_km:g}"
    )


def _on_land(table: pd.DataFrame) -> Mask:
    found = geography.country_of(
        lat_deg=table["lat_deg"].to_numpy(), lon_deg=table["lon_deg"].to_numpy()
    )
    return np.array([code is not None for code in found], dtype=bool)
