"""An outline that somebody hands in as a file: what of it is used, and what was done to it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo_data import outlines
from geo_data.uploads import GEOMETRY, Asked, Told
from geo_data.words import Number, Phrase
from layers.context.areas import AreaUnusable

MOST_BYTES = 20_000_000
FILES = ("geojson", "json", "kml", "kmz", "gpx", "gpkg", "zip", "fgb")


def asked(layer: str | None) -> Asked:
    """What is wanted of the file: the surfaces of one layer, the largest if none is chosen."""
    return Asked("outline", layer=layer)


def outline(table: pd.DataFrame, told: Told) -> tuple[BaseGeometry, tuple[str, ...]]:
    """The outline of a file that was read, WGS84, longitude first, and what was done to it.

    Raises
    ------
    AreaUnusable
        If the file holds no surface.
    """
    shapes = shapely.from_wkb(table[GEOMETRY].to_numpy(dtype=object)) if len(table) else []
    surfaces = [shape for shape in shapes if shapely.area(shape) > 0]
    if not surfaces or not np.isfinite(shapely.get_coordinates(surfaces)).all():
        raise AreaUnusable(Phrase("The file holds no surface. Hand in a polygon with an area."))
    return surfaces[0], tuple(_done(told))


def _done(told: Told) -> list[Phrase]:
    figures, said = told.figures, []
    if figures.get("mended"):
        said.append(Phrase("The outline crosses or touches itself and was mended."))
    before, after = (int(figures.get(name, 0)) for name in ("corners_before", "corners"))
    if before > outlines.MOST_CORNERS:
        changed = Number(figures.get("changed_share", 0), ".2%")
        said.append(
            Phrase(
                "The outline had {before} corners and was simplified to {after}; its area changed "
                "by {share}.", before=Number(before, ","), after=Number(after, ","), share=changed,
            )
        )  # fmt: skip
    return said
