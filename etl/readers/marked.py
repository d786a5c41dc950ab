"""What readers of XML share: names without their namespaces, positions written latitude first."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element  # noqa: S405 - types only

import numpy as np
import pyproj
import shapely

NUMBERS = re.compile(r"[,\s]+")
# Corners of the polygon that stands for a circle.
CORNERS = 72
WGS84 = pyproj.Geod(ellps="WGS84")


def local(tag: object) -> str:
    """Name of a tag without its namespace; comments and instructions have none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, name: str) -> list[Element]:
    """Elements of a name right below one, whatever their namespace."""
    return [child for child in element if local(child.tag) == name]


def text_of(element: Element, name: str) -> str | None:
    """Texts of all elements of a name right below one, joined; None if there is none."""
    texts = [(child.text or "").strip() for child in children(element, name)]
    return ", ".join(text for text in texts if text) or None


def latitudes_first(text: str) -> np.ndarray:
    """Pairs "lat,lon lat,lon" as an array (n, 2), longitude first.

    Raises
    ------
    ValueError
        If a number is missing, or no position on the globe.
    """
    numbers = [float(part) for part in NUMBERS.split(text.strip()) if part]
    if not numbers or len(numbers) % 2:
        raise ValueError("an odd number of coordinates")
    pairs = np.array(numbers).reshape(-1, 2)
    if not (np.abs(pairs[:, 0]) <= 90).all() or not (np.abs(pairs[:, 1]) <= 180).all():
        raise ValueError("a latitude beyond 90 or a longitude beyond 180 degrees")
    return pairs[:, ::-1]


def polygon(text: str) -> shapely.Geometry:
    """A ring of latitude-first pairs, closed or not."""
    return shapely.polygons(shapely.linearrings(latitudes_first(text)))


def circle(text: str, unit_m: float) -> shapely.Geometry:
    """A latitude-first centre and a radius as a polygon; a point if the radius is 0."""
    *centre, radius = NUMBERS.split(text.strip())
    (lon, lat), metres = latitudes_first(" ".join(centre))[0], float(radius) * unit_m
    if not 0 <= metres < 20_000_000:
        raise ValueError("a radius that does not fit on the globe")
    if metres == 0:
        return shapely.Point(lon, lat)
    azimuths = np.linspace(0, 360, CORNERS, endpoint=False)
    same = np.ones(CORNERS)
    east, north, _ = WGS84.fwd(lon * same, lat * same, azimuths, metres * same)
    return shapely.polygons(np.column_stack([east, north]))


def together(shapes: list[shapely.Geometry]) -> shapely.Geometry | None:
    """Several shapes as one; None if there is none."""
    return shapes[0] if len(shapes) == 1 else shapely.union_all(shapes) if shapes else None
