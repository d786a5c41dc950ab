"""Land, water, borders and towns of the basemap as shapes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from dashboard.assets import STATIC

Shapes = NDArray[np.object_]
FOLDER = STATIC / "basemap"
WORLD = "world"
CREDIT = "Natural Earth, GeoNames (CC BY 4.0)"
FINE_FROM_ZOOM = 6
SEAM_DEG = 0.01
AREAS = ("land", "lakes")
LINES = ("rivers", "settled", "disputed")
PARTS = (*AREAS, *LINES)
NOTHING: Shapes = np.empty(0, dtype=object)


@dataclass(frozen=True)
class Town:
    """A name on the map.

    Attributes
    ----------
    rank : int
        First zoom at which it has room.
    name : str
        In Latin letters.
    names : mapping
        Language to name, where it has another one there.
    """

    lat_deg: float
    lon_deg: float
    rank: int
    name: str
    names: Mapping[str, str]

    def called(self, language: str) -> str:
        """Its name in a language."""
        return self.names.get(language, self.name)


@dataclass(frozen=True, eq=False)
class Basemap:
    """What is drawn under and between the hexagons.

    Attributes
    ----------
    name : str
        Changes with the content.
    read : callable
        Part of ``PARTS`` and whether finely, to shapes in WGS84 degrees.
    towns : callable
        All towns, the most important first.
    credit : str
        Whose work is shown.
    """

    name: str
    read: Callable[[str, bool], Shapes]
    towns: Callable[[], tuple[Town, ...]]
    credit: str

    def shapes(self, part: str, zoom: int) -> Shapes:
        """Shapes of a part at a zoom of the map."""
        return self.read(part, zoom >= FINE_FROM_ZOOM)


def cut_to(basemap: Basemap, box: tuple[float, float, float, float]) -> Basemap:
    """Only what lies in a box: west, south, east, north."""
    west, south, east, north = box

    def read(part: str, fine: bool) -> Shapes:
        inside = shapely.clip_by_rect(basemap.read(part, fine), *box)
        return shapely.get_parts(inside[~shapely.is_empty(inside)])

    def towns() -> tuple[Town, ...]:
        return tuple(
            town
            for town in basemap.towns()
            if west <= town.lon_deg <= east and south <= town.lat_deg <= north
        )

    return Basemap(basemap.name, read, towns, basemap.credit)


@lru_cache(maxsize=1)
def world() -> Basemap:
    """The basemap of the app: the whole world, finer inside the box of its detail files."""
    content = b"".join(file.read_bytes() for file in sorted(FOLDER.glob("*.json")))
    tag = hashlib.sha256(content).hexdigest()[:12]
    return Basemap(f"{WORLD}.{tag}", _world, _world_towns, CREDIT)


@lru_cache(maxsize=16)
def _world(part: str, fine: bool) -> Shapes:
    if part in ("lakes", "rivers"):
        return NOTHING
    file, kind = ("land", None) if part == "land" else ("borders", part)
    coarse = _parts(_file(file), kind)
    return _joined(coarse, _file(f"{file}_detail"), kind) if fine else coarse


def _joined(coarse: Shapes, detail: dict[str, Any], kind: str | None) -> Shapes:
    """The finer shapes inside their box, the coarser ones around it, without a seam."""
    box, fine = shapely.box(*detail["bbox"]), _parts(detail, kind)
    cut = shapely.intersects(coarse, box)
    rest = shapely.difference(coarse[cut], box)
    edge = box.exterior.buffer(SEAM_DEG)
    seam, free = (
        np.concatenate([part[shapely.intersects(part, edge) == at_edge] for part in (fine, rest)])
        for at_edge in (True, False)
    )
    whole = shapely.union_all(seam)
    joined = shapely.get_parts(whole if kind is None else shapely.line_merge(whole))
    return np.concatenate([joined, free[~shapely.is_empty(free)], coarse[~cut]])


def _parts(document: dict[str, Any], kind: str | None) -> Shapes:
    found = [
        shapely.make_valid(shapely.geometry.shape(f["geometry"]))
        for f in document["features"]
        if kind is None or f["properties"]["kind"] == kind
    ]
    return shapely.get_parts(np.array(found, dtype=object))


@lru_cache(maxsize=1)
def _world_towns() -> tuple[Town, ...]:
    found = []
    for feature in _file("places")["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        told = feature["properties"]
        found.append(Town(lat, lon, told["rank"], told["name"], told.get("names", {})))
    return tuple(sorted(found, key=lambda town: town.rank))


def _file(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return read
