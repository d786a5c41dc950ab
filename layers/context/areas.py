"""An area is a set of cells and the share of each cell that lies in it: ``cell``, ``fraction``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo_data import grid
from geo_data.errors import WaypostError, nearest
from geo_data.words import Number, Phrase
from layers.sar import distance

CIRCLE_POINTS = 360
STEP_KM = 50.0


class AreaUnusable(WaypostError):
    """An area was asked for that holds nothing of the operation."""


def from_code(area_code: str, areas: pd.DataFrame, area_cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of an administrative or other named area.

    Parameters
    ----------
    area_code : str
    areas, area_cells : DataFrame
        As the tables of a release.

    Raises
    ------
    AreaUnusable
        If there is no such area, or it has no cell in the operation.
    """
    if area_code not in set(areas["area_code"]):
        near = nearest(area_code, areas["area_code"].astype(str)) or "?"
        raise AreaUnusable(
            Phrase("There is no area '{code}'. Nearest: '{near}'.", code=area_code, near=near)
        )
    own = area_cells[area_cells["area_code"] == area_code]
    if own.empty:
        raise AreaUnusable(
            Phrase("Area '{code}' has no hexagon in this operation.", code=area_code)
        )
    return _table(own["cell"].to_numpy(np.int64), own["fraction"].to_numpy(np.float64))


def from_circle(
    *, lat_deg: float, lon_deg: float, radius_km: float, cells: grid.Cells
) -> pd.DataFrame:
    """Cells within a distance of a place, such as a crossing.

    Fractions come from the intersection of each hexagon with the geodesic circle drawn as a
    polygon of 360 corners, whose area is 0.005 % too small.

    Raises
    ------
    AreaUnusable
        If the radius is not above 0 or the circle lies outside the operation.
    """
    if not radius_km > 0:
        said = Phrase(
            "A radius of {radius_km} km holds nothing. Choose one above 0 km.", radius_km=radius_km
        )
        raise AreaUnusable(said)
    return from_polygon(circle(lat_deg=lat_deg, lon_deg=lon_deg, radius_km=radius_km), cells)


def from_polygon(polygon: BaseGeometry, cells: grid.Cells) -> pd.DataFrame:
    """Cells of a drawn polygon.

    Parameters
    ----------
    polygon : shapely polygon or multipolygon
        Longitude first, WGS84 degrees, not across the antimeridian; a self-intersecting one is
        made valid (:func:`remarks` says so).
    cells : int64 array
        Cells of the operation.

    Raises
    ------
    AreaUnusable
        If the polygon has no area or lies outside the operation.
    """
    whole = _whole(polygon)
    near = _near(whole, cells)
    fraction = _shares(near, whole)[0]
    if not (fraction > 0).any():
        raise AreaUnusable(
            Phrase("The area lies outside this operation. Draw it inside the hexagons.")
        )
    return _table(near[fraction > 0], fraction[fraction > 0])


def corridor(places: Sequence[tuple[float, float]], width_km: float) -> BaseGeometry:
    """Strip along the straight ways between places, as wide as given, round at its ends.

    Parameters
    ----------
    places : sequence of (lat_deg, lon_deg)
        Two or more, in order.

    Raises
    ------
    AreaUnusable
        If there are fewer than two different places or the width is not above 0.
    """
    if len(set(places)) < 2 or not width_km > 0:
        said = Phrase("A corridor needs two different places and a width above 0 km.")
        raise AreaUnusable(said)
    pieces = []
    for (lat, lon), (to_lat, to_lon) in zip(places, places[1:], strict=False):
        up = distance.normals(lat_deg=[lat, to_lat], lon_deg=[lon, to_lon])
        length = distance.between_km(*distance.on_earth(up))
        steps = max(2, int(np.ceil(length / STEP_KM)) + 1)
        share = np.linspace(0, 1, steps)[:, None]
        lats, lons = distance.degrees(up[0] * (1 - share) + up[1] * share)
        rims = [circle(lat_deg=float(a), lon_deg=float(o), radius_km=width_km / 2)
                for a, o in zip(lats, lons, strict=True)]  # fmt: skip
        pieces += [shapely.union(*two).convex_hull for two in zip(rims, rims[1:], strict=False)]
    return shapely.union_all(pieces)


def from_cells(cells: grid.Cells, fraction: np.ndarray | None = None) -> pd.DataFrame:
    """An area of whole hexagons, or of given shares of them.

    Raises
    ------
    AreaUnusable
        If there is no cell.
    """
    if not len(cells):
        raise AreaUnusable(Phrase("No hexagon of this operation is within reach."))
    return _table(
        np.asarray(cells, np.int64), np.ones(len(cells)) if fraction is None else fraction
    )


def union(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Several areas as one in which each cell counts once, at most as a whole."""
    joined = pd.concat(list(parts))
    return _table(joined["cell"].to_numpy(np.int64), joined["fraction"].to_numpy(np.float64))


def remarks(polygon: BaseGeometry, cells: grid.Cells) -> tuple[str, ...]:
    """What a person should know about the polygon they drew; empty if all is well."""
    found = []
    if not polygon.is_valid:
        found.append(Phrase("The outline crosses or touches itself and was mended."))
    whole = _whole(polygon)
    inside = _shares(_near(whole, cells), whole)[1] / whole.area
    if inside < 0.999:
        outside = Number(1 - inside, ".0%")
        found.append(Phrase("{share} of the area lies outside this operation.", share=outside))
    return tuple(found)


def circle(*, lat_deg: float, lon_deg: float, radius_km: float) -> shapely.Polygon:
    """Geodesic circle as a polygon in degrees, longitude first."""
    up = distance.normals(lat_deg=lat_deg, lon_deg=lon_deg)
    east = np.array([-np.sin(np.radians(lon_deg)), np.cos(np.radians(lon_deg)), 0.0])
    angle = np.linspace(0, 2 * np.pi, CIRCLE_POINTS, endpoint=False)[:, None]
    ahead = np.sin(angle) * east + np.cos(angle) * np.cross(up, east)
    arc = np.full((CIRCLE_POINTS, 1), radius_km / distance.MEAN_RADIUS_KM)
    middle = distance.on_earth(up)
    # The globe is no sphere: the second step corrects the length of each arc.
    for _ in range(2):
        rim = distance.on_earth(np.cos(arc) * up + np.sin(arc) * ahead)
        arc *= radius_km / distance.between_km(middle, rim)[:, None]
    lat, lon = distance.degrees(np.cos(arc) * up + np.sin(arc) * ahead)
    return shapely.Polygon(np.column_stack([lon, lat]))


def _whole(polygon: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shapely.make_valid(polygon))
    whole = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    if whole.is_empty or whole.area == 0:
        raise AreaUnusable(
            Phrase("The drawn area is empty. Draw at least three corners not in a line.")
        )
    return whole


def _shares(cells: grid.Cells, whole: BaseGeometry) -> tuple[np.ndarray, float]:
    """Share of each cell inside, and the area of all that is, in square degrees.

    Only the few hexagons on the outline are cut; the others lie inside or outside as a whole.
    """
    if not len(cells):
        return np.empty(0), 0.0
    hexagons = grid.polygons_of(cells)
    size = shapely.area(hexagons)
    shapely.prepare(whole)
    share = shapely.contains_properly(whole, hexagons).astype(np.float64)
    rim = np.flatnonzero((share == 0) & shapely.intersects(whole, hexagons))
    share[rim] = shapely.area(shapely.intersection(hexagons[rim], whole)) / size[rim]
    return share, float((share * size).sum())


def _near(polygon: BaseGeometry, cells: grid.Cells) -> grid.Cells:
    """Cells that may touch a polygon, by their centres and its box."""
    cells = np.asarray(cells, dtype=np.int64)
    west, south, east, north = polygon.bounds
    lat, lon = grid.centres_of(cells)
    edge_deg = 2 * grid.AVERAGE_EDGE_KM[grid.resolution_of(cells)] / 110
    beside_deg = edge_deg / np.maximum(np.cos(np.radians(lat)), 0.01)
    inside = (lat > south - edge_deg) & (lat < north + edge_deg)
    inside &= (lon > west - beside_deg) & (lon < east + beside_deg)
    return cells[inside]


def _table(cells: grid.Cells, fraction: np.ndarray) -> pd.DataFrame:
    """Each cell once, ascending, never more than whole."""
    once, group = np.unique(cells, return_inverse=True)
    total = np.minimum(np.bincount(group, fraction, len(once)), 1.0)
    return pd.DataFrame({"cell": once, "fraction": total})
