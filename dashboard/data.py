"""What the app holds in memory: protected views of releases, and the layers being drawn.

Both the pages and the map routes read here, in one process; nothing here belongs to a session.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np
import pandas as pd

from dashboard import access
from dashboard.tiles import TileGrid
from geo_data import changes, grid, rollup
from geo_data.columns import Columns
from geo_data.errors import ReleaseMissing
from geo_data.quantities import Quantity
from geo_data.rollup import cover_column
from geo_data.store import Release, Store
from geo_data.view import View
from geo_data.vocabulary import Audience
from layers import CATALOGUE
from layers.base import HexLayer
from layers.change import ChangeLayer

T = TypeVar("T")
STORED = "stored"
CHANGE_SINCE = "since-"
LESS = "-less-"
KEPT_VIEWS = 3
KEPT_DERIVED = 40
SUPPOSED = "~"
"""Stands in names of what-ifs only: the release, this, and the digest of its edits."""
_lock = threading.RLock()


def store() -> Store:
    """The store of this deployment."""
    return Store(access.settings().store)


def newest() -> str:
    """Name of the newest release; cheap enough to ask every few seconds."""
    return store().latest().name


def passed_over() -> list[str]:
    """Names of newer releases that are damaged, so that an older one is shown."""
    return list(store().passed_over())


def view(release: str) -> View:
    """One release as the audience of this deployment may see it today, or a what-if of one."""
    audience = access.audience()
    with _lock:
        _new_day(datetime.now(UTC).date())
        if SUPPOSED in release:
            return _what_if(release, audience)
        # What is protected today is protected in old releases too.
        judge = release if audience is Audience.CELL else newest()
        return _view(release, audience, judge)


def suppose(name: str, make: Callable[[], View]) -> View:
    """Hold a what-if of a release under a name of its own, so that pages and tiles find it."""
    return _supposed.get((name, access.audience()), make)


def _what_if(name: str, audience: Audience) -> View:
    found = _supposed.touched((name, audience))
    if found is None:
        raise ReleaseMissing(f"there is no what-if {name!r}; open its link again")
    return found


@lru_cache(maxsize=KEPT_VIEWS)
def _view(release: str, audience: Audience, judge: str) -> View:
    declared = {s["source"]: s["sensitivity"] for s in _release(judge).manifest["sources"]}
    return View(_release(release), audience, declared_now=declared)


def forget_daily(cached: Callable[[], None]) -> None:
    """Register what empties a cache: delays end at midnight, and everything is made anew."""
    _forget.append(cached)


def _new_day(today: date) -> None:
    if _day and _day[-1] != today:
        for cached in _forget:
            cached()
    _day[:] = [today]


_forget: list[Callable[[], None]] = []
_day: list[date] = []


@lru_cache(maxsize=KEPT_VIEWS)
def _release(name: str) -> Release:
    return store().release(name)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A layer that tiles may be asked for.

    Attributes
    ----------
    layer : HexLayer
    resolution_at : callable
        Map zoom to the resolution drawn there.
    table_at : callable
        Resolution to hexagons: cell, value, cover and source columns.
    """

    layer: HexLayer
    resolution_at: Callable[[int], int]
    table_at: Callable[[int], pd.DataFrame]

    def classes(self, zoom: int) -> tuple[TileGrid, np.ndarray]:
        """Cells drawn at a zoom and the class of each."""
        table = self.table_at(self.resolution_at(zoom))
        quantity = self.layer.quantity
        codes = self.layer.classes.of(table[quantity.column], table[cover_column(quantity)])
        return _grid(table["cell"].to_numpy(np.int64)), codes


class _Kept(Generic[T]):
    """Computes each key once, keeps the last few."""

    def __init__(self, size: int):
        self.size, self.held = size, OrderedDict[Hashable, T]()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with _lock:
            if key not in self.held:
                self.held[key] = make()
            self.held.move_to_end(key)
            while len(self.held) > self.size:
                self.held.popitem(last=False)
            return self.held[key]

    def touched(self, key: Hashable) -> T | None:
        """What is held under a key, as good as new; None if nothing is."""
        if key in self.held:
            self.held.move_to_end(key)
        return self.held.get(key)


_grids: _Kept[TileGrid] = _Kept(16)
_classes: _Kept[tuple[TileGrid, np.ndarray]] = _Kept(64)
_tables: _Kept[Columns] = _Kept(32)
_derived: _Kept[Drawn] = _Kept(KEPT_DERIVED)
_supposed: _Kept[View] = _Kept(8)


def drawn(release: str, key: str, token: str) -> Drawn | None:
    """A stored layer, or a derived one that a page has registered; None for anything else."""
    if token.startswith(CHANGE_SINCE):
        stored = drawn(release, key, STORED)
        return stored and _less(
            stored, _stored(view(token.removeprefix(CHANGE_SINCE)), stored.layer)
        )
    if token != STORED:
        with _lock:
            return _derived.touched((release, key, token))
    layer = next((layer for layer in CATALOGUE if layer.key == key), None)
    return None if layer is None else _stored(view(release), layer)


def change_token(before: str) -> str:
    """Token under which the change of a layer since an earlier release is drawn."""
    return CHANGE_SINCE + before


def is_change(token: str) -> bool:
    """Whether what is drawn under a token is a later layer minus an earlier one."""
    return token.startswith(CHANGE_SINCE) or LESS in token


def classes(release: str, key: str, token: str, zoom: int) -> tuple[TileGrid, np.ndarray] | None:
    """Cells and classes of a layer at a zoom, kept for the next tile."""
    layer = drawn(release, key, token)
    if layer is None:
        return None
    level = layer.resolution_at(zoom)
    return _classes.get((release, key, token, level), lambda: layer.classes(zoom))


def register(release: str, layer: HexLayer, token: str, table: pd.DataFrame) -> None:
    """Make a derived layer drawable under a token made from its parameters."""
    finest = view(release).resolution

    def level(resolution: int) -> pd.DataFrame:
        if resolution >= finest:
            return table
        return rollup.roll_up(table, [layer.quantity], resolution)

    drawable = Drawn(layer, lambda zoom: grid.resolution_at_zoom(zoom, finest), level)
    _derived.get((release, layer.key, token), lambda: drawable)


def register_difference(
    layer: HexLayer, after: tuple[str, str], before: tuple[str, str]
) -> tuple[HexLayer, str]:
    """Make the difference of a derived layer drawable; ``(release, token)`` of each side.

    Raises
    ------
    KeyError
        If a side is not drawable itself.
    """
    new, old = (drawn(release, layer.key, token) for release, token in (after, before))
    if new is None or old is None:
        raise KeyError(layer.key)
    token = f"{after[1]}{LESS}{before[1]}"
    made = _less(new, old)
    _derived.get((after[0], layer.key, token), lambda: made)
    return made.layer, token


def hexagons(release: str, quantity: Quantity, resolution: int) -> pd.DataFrame:
    """Hexagons of a stored quantity at a resolution, kept packed for the next question."""
    seen = view(release)
    if resolution == seen.resolution and seen.rule(quantity).open:
        return seen.hexagons(quantity, resolution)  # the view holds them already
    key = (release, quantity.column, resolution)
    held = _tables.get(key, lambda: Columns.of(_narrow(seen.hexagons(quantity, resolution))))
    return held.frame(held.names)


def _narrow(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Values in 4 bytes and sources in 2, as they lie in the store; equal cells are held once."""
    kinds = {"f": np.float32, "i": np.int16}
    columns = {str(name): table[name].to_numpy() for name in table}
    cells = _grid(columns.pop("cell").astype(np.int64, copy=False)).cells
    return {"cell": cells} | {
        name: column.astype(kinds.get(column.dtype.kind, column.dtype), copy=False)
        for name, column in columns.items()
    }


def _stored(seen: View, layer: HexLayer) -> Drawn:
    return Drawn(
        layer,
        lambda zoom: seen.resolution_of(layer.quantity, zoom),
        lambda resolution: hexagons(seen.name, layer.quantity, resolution),
    )


def _less(after: Drawn, before: Drawn) -> Drawn:
    """One layer less another of the same quantity: each rolled up first, then subtracted."""

    def level(resolution: int) -> pd.DataFrame:
        return changes.change(
            after.table_at(resolution), before.table_at(resolution), after.layer.quantity
        )

    def resolution_at(zoom: int) -> int:
        return min(after.resolution_at(zoom), before.resolution_at(zoom))

    return Drawn(ChangeLayer.of(after.layer), resolution_at, level)


def _grid(cells: np.ndarray) -> TileGrid:
    """Map index of some cells, shared by all layers that lie on the same ones."""
    key = hashlib.sha256(cells.tobytes()).digest()
    return _grids.get(key, lambda: TileGrid.of(cells))


for _held in (_classes, _tables, _derived, _supposed):
    forget_daily(_held.held.clear)
forget_daily(_view.cache_clear)
