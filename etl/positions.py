"""Where a row says it is, and whether that can be: checks from the data alone.

Two witnesses are weighed against a position: the country that the row declares and, where rows
declare routes, the other positions of the same route. A row is rejected when they contradict it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from etl import angles, artefacts, coordinates, metric_grids, values
from etl.columns import POSITION
from etl.distances import Floats, Mask, kilometres, neighbours, unit_vectors
from etl.intake import Intake
from etl.readers.cells import GEOMETRY
from geo_data import grid
from geo_data.operations import Operation

FORMS = {
    "decimal": "decimal degrees", "pair": "'latitude, longitude'", "unlocode": "'DDMMN DDDMME'",
    "dms": "degrees, minutes and seconds with N, S, E or W", "mgrs": "a square such as 33SUR1234",
    "utm": "zone, easting and northing", "wkt": "POINT (longitude latitude) in WGS84",
}  # fmt: skip


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
# A route speaks for itself from this many trusted positions on.
ROUTE_ROWS = 20
ROUTE_NEAR_KM, ROUTE_FAR_KM = 100, 200
OTHER_ROUTE_ROWS = 2
MOST_SWAPPED_SHARE = 0.5
# Distance to the claimed country, kept while positions are judged.
FAR = "_far_km"


def make_positions(intake: Intake) -> None:
    """Read positions from columns or shapes; rows without a possible one are rejected."""
    table, form = intake.table, intake.source.read.coordinates
    if form == "utm" and {"lat_deg", "lon_deg"} <= intake.source.columns.keys():
        lat, lon, bad = metric_grids.utm_of(table[POSITION], table["lon_deg"], table["lat_deg"])
        column = "lon_deg"
    elif table[POSITION].notna().any() or POSITION in intake.source.columns:
        lat, lon, bad = coordinates.NOTATIONS[form](table[POSITION])
        column = POSITION
    elif GEOMETRY in table and "lat_deg" not in intake.source.columns:
        lat, lon = _of_shapes(table[GEOMETRY])
        bad, column = np.zeros(len(table), dtype=bool), "lat_deg"
    else:
        form, column = ("dms" if form == "dms" else "decimal"), "lon_deg"
        lat, bad_lat = _axis(intake, "lat", form)
        lon, bad_lon = _axis(intake, "lon", form)
        _reject_unread(intake, bad_lat, "lat_deg", form)
        lat, lon, bad = lat[~bad_lat], lon[~bad_lat], bad_lon[~bad_lat]
    _reject_unread(intake, bad, column, form)
    intake.table = intake.table.assign(lat_deg=lat[~bad], lon_deg=lon[~bad])
    artefacts.reject_projected(intake)
    for name, limit in (("lat_deg", 90.0), ("lon_deg", 180.0)):
        intake.reject(intake.table[name].isna(), "missing_required", name)
        beyond = intake.table[name].abs() > limit
        intake.reject(beyond, "out_of_range", name, low=-limit, high=limit)


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
    if "route" in intake.table and intake.table["route"].notna().any():
        _reject_off_route(intake, reach)
    else:
        _reject_far(intake, reach, believed=np.zeros(len(intake.table), dtype=bool))
    intake.table = _with_cells(intake.table.drop(columns=FAR), operation)
    cells = grid.cells_in_box(*operation.area, operation.resolution)
    # What is listed is counted, at the edge too: the hexagon decides, not the box.
    intake.reject(~np.isin(intake.table["cell"], cells), "outside_operation")


def _with_cells(table: pd.DataFrame, operation: Operation) -> pd.DataFrame:
    own = grid.cells_of(
        lat_deg=table["lat_deg"], lon_deg=table["lon_deg"], resolution=operation.resolution
    )
    return table.assign(cell=own)


def _axis(intake: Intake, axis: angles.Axis, form: str) -> values.Parsed:
    texts = intake.table[f"{axis}_deg"]
    if form == "dms":
        return angles.angle(texts, axis)
    return values.number(texts, intake.source.read.decimal)


def _reject_unread(intake: Intake, bad: Mask, column: str, form: str) -> None:
    """Reject texts that are no position in the declared notation, with the one that fits each."""
    unread = intake.table.loc[bad, column]
    fitting = unread.map({text: coordinates.notation(text) for text in unread.dropna().unique()})
    for key in [*fitting.dropna().unique(), None]:
        mine = fitting == key if key else fitting.isna()
        hint = f", or declare {key} under read" if key else ""
        rows = intake.table.index.isin(unread.index[mine])
        intake.reject(rows, "not_a_position", column, form=FORMS[form], hint=hint)


def inside(table: pd.DataFrame, area: Sequence[float]) -> Mask:
    """Rows whose position lies in a box of degrees: west, south, east, north."""
    west, south, east, north = area
    lat, lon = table["lat_deg"], table["lon_deg"]
    return (lat.between(south, north) & lon.between(west, east)).to_numpy(dtype=bool)


def _of_shapes(shapes: pd.Series) -> tuple[pd.Series, pd.Series]:
    given = shapes.to_numpy(dtype=object, copy=True)
    given[~np.isfinite(shapely.bounds(given)).all(axis=1)] = None  # an empty one would be at 0/0
    points = shapely.point_on_surface(given)
    return (
        pd.Series(shapely.get_y(points), index=shapes.index),
        pd.Series(shapely.get_x(points), index=shapes.index),
    )


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
    suspect = ~inside(table, operation.area) & inside(exchanged, operation.area)
    return suspect & (suspect.mean() > MOST_SWAPPED_SHARE if len(suspect) else False)


def _reject_flipped(intake: Intake, reach: Reach) -> None:
    flipped = _doubted(intake, reach, sign=-1) <= reach.trusted_km
    intake.reject(flipped, "longitude_sign", "country")


def _reject_off_route(intake: Intake, reach: Reach) -> None:
    table = intake.table
    far = table[FAR].to_numpy()
    trusted = ~(far > reach.trusted_km)
    own_near, own_far, others = _company(table, trusted)
    known = own_far >= 0
    lost = known & (own_far == 0) & (others >= OTHER_ROUTE_ROWS) & ~(far <= reach.trusted_km)
    intake.reject(lost, "route_mismatch", "route")
    _reject_far(intake, reach, believed=(own_near >= ROUTE_ROWS)[~lost])


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
    from geo_data import geography

    found = geography.country_of(
        lat_deg=table["lat_deg"].to_numpy(), lon_deg=table["lon_deg"].to_numpy()
    )
    return np.array([code is not None for code in found], dtype=bool)
