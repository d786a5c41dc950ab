"""Outlines as they arrive: mended where they cross, and with few enough corners to be used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

MOST_CORNERS = 5_000
FIRST_TOLERANCE_DEG = 0.0005


@dataclass(frozen=True)
class Outline:
    """One surface, or several as one.

    Attributes
    ----------
    shape : shapely polygon or multipolygon
        Valid, longitude first.
    corners_before : int
    changed_share : float
        By how much simplifying changed its area.
    mended : bool
        Whether it crossed or touched itself.
    """

    shape: BaseGeometry
    corners_before: int
    changed_share: float
    mended: bool


def outline(surfaces: np.ndarray) -> Outline | None:
    """Surfaces joined, mended and simplified; None if they have no area.

    Parameters
    ----------
    surfaces : array of shapely polygons
    """
    before = int(shapely.get_num_coordinates(surfaces).sum())
    valid = shapely.is_valid(surfaces)
    parts = shapely.get_parts(shapely.make_valid(surfaces))
    whole = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    if whole.is_empty or not whole.area:
        return None
    made = simplified(whole)
    changed = abs(made.area - whole.area) / whole.area
    return Outline(made, before, changed, not valid.all())


def simplified(whole: BaseGeometry) -> BaseGeometry:
    """A valid shape with at most ``MOST_CORNERS`` corners, if coarser lines can give that."""
    made, tolerance = whole, FIRST_TOLERANCE_DEG
    while shapely.get_num_coordinates(made) > MOST_CORNERS and tolerance < 1:
        made = shapely.simplify(whole, tolerance)
        tolerance *= 2
    return made
