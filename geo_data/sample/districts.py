"""Simulated administrative areas: each country cut into the neighbourhoods of its larger towns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo_data.sample.lattice import KM_PER_DEG

ISO2 = {
    "LBY": "LY", "TUN": "TN", "DZA": "DZ", "NER": "NE", "TCD": "TD", "EGY": "EG", "SDN": "SD",
    "ITA": "IT", "MLT": "MT", "GRC": "GR",
}  # fmt: skip
NUMBER = {
    "LBY": 22, "TUN": 18, "DZA": 26, "NER": 7, "TCD": 5, "EGY": 2, "SDN": 1, "ITA": 10, "MLT": 1,
    "GRC": 9,
}  # fmt: skip
# Seats that are not the largest town of their country.
CAPITALS = ("Valletta",)
# Wide where people are few, so that desert towns get districts too.
APART_KM = {"LBY": 90, "TUN": 45, "DZA": 115, "NER": 120, "TCD": 110, "ITA": 60, "GRC": 70}
OTHERS_APART_KM = 40


@dataclass(frozen=True)
class District:
    """One simulated area.

    Attributes
    ----------
    code : str
        Like ``XLY01``; the X marks that it is no P-code.
    town : str
        Real town it is named after.
    lat_deg, lon_deg : float
        Of that town.
    """

    code: str
    town: str
    iso3: str
    lat_deg: float
    lon_deg: float
    shape: BaseGeometry


def districts(shapes: dict[str, BaseGeometry], towns: pd.DataFrame) -> list[District]:
    """Districts that fill each country of the operation without gap or overlap.

    Parameters
    ----------
    shapes : dict
        Polygon of each country by ISO 3166-1 alpha-3 code.
    towns : DataFrame
        Largest first within a country.
    """
    return [
        district
        for iso3, number in NUMBER.items()
        for district in _of_country(iso3, shapes[iso3], _seats(towns, iso3, number))
    ]


def as_geojson(areas: list[District]) -> dict:
    """Districts as a GeoJSON document with the columns ADM_CODE, ADM_NAME and ISO3."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "ADM_CODE": area.code, "ADM_NAME": f"{area.town} district (simulated)",
                "ISO3": area.iso3,
            },
            "geometry": shapely.geometry.mapping(shapely.set_precision(area.shape, 1e-4)),
        }
        for area in areas
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _seats(towns: pd.DataFrame, iso3: str, number: int) -> pd.DataFrame:
    """The largest towns of a country that are not close to a larger one."""
    own = towns[towns["iso3"] == iso3]
    own = pd.concat([own[own["name"].isin(CAPITALS)], own[~own["name"].isin(CAPITALS)]])
    lat, lon = own["latitude"].to_numpy(), own["longitude"].to_numpy()
    chosen: list[int] = []
    for town in range(len(own)):
        x = (lon[chosen] - lon[town]) * np.cos(np.radians(lat[town]))
        away_km = KM_PER_DEG * np.hypot(x, lat[chosen] - lat[town])
        if (away_km > APART_KM.get(iso3, OTHERS_APART_KM)).all():
            chosen.append(town)
        if len(chosen) == number:
            break
    return own.iloc[chosen]


def _of_country(iso3: str, shape: BaseGeometry, seats: pd.DataFrame) -> list[District]:
    if seats.empty:
        middle = shape.representative_point()
        return [District(f"X{ISO2[iso3]}01", "Northern", iso3, middle.y, middle.x, shape)]
    points = shapely.points(seats["longitude"], seats["latitude"])
    cells = shapely.intersection(_neighbourhoods(points, shape), shape)
    rows = zip(seats["name"], points, cells, strict=True)
    return [
        District(
            f"X{ISO2[iso3]}{number:02d}", town, iso3, at.y, at.x,
            shapely.multipolygons(_polygons(cell)),
        )
        for number, (town, at, cell) in enumerate(rows, start=1)
    ]  # fmt: skip


def _neighbourhoods(points: NDArray[np.object_], shape: BaseGeometry) -> NDArray[np.object_]:
    """The Voronoi cell of each point, in the order of the points."""
    if len(points) == 1:
        return np.array([shape.envelope])
    found = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shape.envelope)
    )
    point, cell = shapely.STRtree(found).query(points, "intersects")
    return found[cell[np.argsort(point)]]


def _polygons(shape: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
