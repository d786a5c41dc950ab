"""What is handed over: a layer, places and lines of one box, as they stand on the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dashboard import data, language
from dashboard.handout.attached import Attached
from dashboard.selection import Selection, view_of
from dashboard.stands import Place
from geo_data.view import View
from layers.base import HexLayer

Box = tuple[float, float, float, float]
# The map of a laptop, as long as no map has told its size.
SCREEN_PX = (1000, 640)
FARTHEST_DEG = 85.0


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture to hand over.

    Attributes
    ----------
    layer : HexLayer or None
        None: only places and lines.
    token : str
        Under which the layer is drawn.
    box : west, south, east, north
    places : tuple of str
        Kinds of places drawn on top.
    outlines : tuple of str
        Names of ``dashboard.outlines``.
    hidden : tuple of int
        Classes left out.
    title : str
        Empty: that of the layer.
    notes : tuple of str
        Parameters and limits of a computed layer, in the language of the picture.
    language : str
    figures : tuple of (label, value, remark)
        Key figures for sheets, in the language of the picture.
    tables : tuple of Attached
        What a page computed beside the map.
    whole : bool
        Whether the box is the whole operation and not what the map shows.
    """

    layer: HexLayer | None
    box: Box
    token: str = data.STORED
    places: tuple[str, ...] = ()
    outlines: tuple[str, ...] = ()
    hidden: tuple[int, ...] = ()
    title: str = ""
    notes: tuple[str, ...] = ()
    language: str = language.SOURCE
    figures: tuple[tuple[str, str, str], ...] = ()
    tables: tuple[Attached, ...] = ()
    whole: bool = False


def seen(selection: Selection, screen_px: tuple[int, int] = SCREEN_PX) -> Box:
    """What a screen of this size shows of a selection.

    >>> [round(side) for side in seen(Selection(lat_deg=0, lon_deg=10, zoom=2), (256, 256))]
    [-35, -41, 55, 41]
    """
    world = 256 * 2.0**selection.zoom
    wide, high = (0.5 * pixels / world for pixels in screen_px)
    middle = 0.5 - np.arctanh(np.sin(np.radians(selection.lat_deg))) / (2 * np.pi)
    edges = np.clip([middle + high, middle - high], 0, 1)
    south, north = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * edges))))
    west = max(-180.0, selection.lon_deg - 360 * wide)
    east = min(180.0, selection.lon_deg + 360 * wide)
    return (west, max(-FARTHEST_DEG, float(south)), east, min(FARTHEST_DEG, float(north)))


def standing(shown: Picture, place: Place | None) -> Picture:
    """The same picture of what the map shows by now."""
    if place is None:
        return shown
    return replace(shown, box=seen(Selection(**view_of(place.view)), place.size_px))


def picture(
    view: View, selection: Selection, layer: HexLayer | None, *, whole: bool = False,
    token: str = data.STORED, title: str = "", notes: tuple[str, ...] = (),
    figures: tuple[tuple[str, str, str], ...] = (), tables: tuple[Attached, ...] = (),
) -> Picture:  # fmt: skip
    """The picture of a selection: what its screen shows, or the whole operation."""
    everything = whole or not selection.zoom
    box = tuple(view.operation["area"]) if everything else seen(selection)
    return Picture(
        layer=layer, box=box, token=token, places=selection.places, outlines=selection.lines,
        hidden=selection.hidden, title=title, notes=notes, language=language.current(),
        figures=figures, tables=tables, whole=whole,
    )  # fmt: skip
