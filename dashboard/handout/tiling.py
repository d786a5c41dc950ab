"""The hexagons of a picture as binary tiles with their values, for a map without a server."""

from __future__ import annotations

import base64

import numpy as np

from dashboard import data
from dashboard.data import Drawn
from dashboard.handout.picture import Box, Picture
from dashboard.handout.used import inside
from dashboard.tiles import OUTSIDE, TileGrid, copies, encode, mercator
from geo_data import grid
from geo_data.view import View

SCREEN_PX = (1000, 560)
DEEPEST = 13
DIGITS = 3


def address(view: View, picture: Picture) -> str:
    """Address of the tiles, as the app itself writes it."""
    assert picture.layer is not None
    return f"/waypost/tiles/{view.name}/{picture.layer.key}/{picture.token}/{{z}}/{{x}}/{{y}}"


def zoom_of(box: Box) -> int:
    """Deepest zoom at which a laptop shows the whole box.

    >>> zoom_of((0, 15, 26, 40))
    4
    """
    (west, east), (top, bottom) = _span(box)
    fits = min(SCREEN_PX[0] / (east - west), SCREEN_PX[1] / (bottom - top)) / 256
    return int(np.clip(np.floor(np.log2(fits)), 2, DEEPEST))


def tiles(view: View, picture: Picture) -> tuple[dict[str, dict[str, str]], int]:
    """Tiles by address, and the deepest zoom that has any.

    Returns
    -------
    dict
        ``cells``: bytes of the tile in base64; ``values``: float32 of each cell in its order, to
        three digits, NaN where unknown.
    int
    """
    if picture.layer is None:
        return {}, 2
    drawn = data.drawn(view.name, picture.layer.key, picture.token)
    if drawn is None:
        raise KeyError(picture.layer.key)
    first = max(2, zoom_of(picture.box) - 1)
    finest = drawn.resolution_at(DEEPEST)
    last = next((z for z in range(first, DEEPEST) if drawn.resolution_at(z) == finest), DEEPEST)
    found: dict[str, dict[str, str]] = {}
    for z in range(first, last + 1):
        found |= _level(drawn, picture, address(view, picture), z)
    return found, last


def _level(drawn: Drawn, picture: Picture, url: str, z: int) -> dict[str, dict[str, str]]:
    cells, codes = drawn.classes(z)
    values = drawn.table_at(drawn.resolution_at(z))[drawn.layer.quantity.column].to_numpy()
    shown = inside(picture.box, *grid.centres_of(cells.cells)) & ~np.isin(codes, picture.hidden)
    codes = np.where(shown, codes, OUTSIDE).astype(np.uint8)
    (west, east), (top, bottom) = _span(picture.box)
    count = 2**z
    made = {}
    for x in range(int(west * count), min(int(east * count), count - 1) + 1):
        for y in range(int(top * count), min(int(bottom * count), count - 1) + 1):
            index = cells.tile(z, x, y)
            body = encode(cells, index, codes, z, x, y)
            if body is not None:
                name = url.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y))
                told = _values(cells, index[codes[index] != OUTSIDE], values, z, x, y)
                made[name] = {"cells": base64.b64encode(body).decode(), "values": told}
    return made


def _values(cells: TileGrid, index: np.ndarray, values: np.ndarray, z: int, x: int, y: int) -> str:
    order, _ = copies(cells, index, z, x, y)
    found = values[order].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        step = 10.0 ** (np.floor(np.log10(np.abs(found))) - (DIGITS - 1))
        rounded = np.where(found == 0, 0.0, np.round(found / step) * step)
    return base64.b64encode(rounded.astype("<f4").tobytes()).decode()


def _span(box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """West and east, north and south, in widths of the world."""
    west, south, east, north = box
    x, y = mercator(lat_deg=np.array([north, south]), lon_deg=np.array([west, east - 1e-9]))
    return (float(x[0]), float(x[1])), (float(y[0]), float(y[1]))
