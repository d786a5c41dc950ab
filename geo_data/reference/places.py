"""Town labels of the base map: a label is ranked by the first zoom at which it has room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from math import asinh, ceil, log2, pi, radians, tan

from geo_data.reference.territories import Box

DETAIL: Box = (0.0, 15.0, 26.0, 40.0)
DETAIL_PEOPLE, WORLD_PEOPLE = 1_000, 500_000
DETAIL_LABELS = 320
RANKS = range(2, 9)
ROOM_PX, TILE_PX = (90.0, 30.0), 256
# A capital is worth a city of several times its size.
CAPITAL_WEIGHT = 5


@dataclass(frozen=True)
class Place:
    """A town of the GeoNames list; ``rank`` is the first zoom that shows it."""

    name: str
    lat_deg: float
    lon_deg: float
    people: int
    iso3: str
    capital: bool
    rank: int = RANKS.stop

    @property
    def weight(self) -> int:
        """What decides between two labels that want one spot."""
        return self.people * (CAPITAL_WEIGHT if self.capital else 1)

    @property
    def in_detail(self) -> bool:
        """Whether the place lies in the area with small towns."""
        west, south, east, north = DETAIL
        return west <= self.lon_deg <= east and south <= self.lat_deg <= north


def labels(places: Iterable[Place]) -> list[Place]:
    """Ranked places worth a label: cities of the world, and the towns of the detailed area."""
    wanted = [
        place
        for place in places
        if place.people >= (DETAIL_PEOPLE if place.in_detail else WORLD_PEOPLE) or place.capital
    ]
    ranked = _ranked(sorted(wanted, key=lambda place: (-place.weight, place.name)))
    by_rank = sorted(ranked, key=lambda place: place.rank)
    towns = [place for place in by_rank if place.in_detail][:DETAIL_LABELS]
    cities = [place for place in by_rank if not place.in_detail]
    return sorted(towns + cities, key=lambda place: place.rank)


def _ranked(heaviest_first: list[Place]) -> list[Place]:
    """Each place at the first zoom at which no heavier one stands in its room.

    Heavier places count at every zoom, shown or not, so a village never holds a city's spot.
    """
    return [
        replace(place, rank=rank)
        for number, place in enumerate(heaviest_first)
        if (rank := _first_free_zoom(place, heaviest_first[:number])) in RANKS
    ]


def _first_free_zoom(place: Place, heavier: list[Place]) -> int:
    taken = (_last_shared_zoom(place, other) for other in heavier)
    return max(chain((RANKS.start - 1,), taken)) + 1


def _last_shared_zoom(one: Place, other: Place) -> int:
    x = abs(one.lon_deg - other.lon_deg) / 360
    y = abs(_mercator(one.lat_deg) - _mercator(other.lat_deg))
    rooms = [room / TILE_PX / gap for room, gap in zip(ROOM_PX, (x, y), strict=True) if gap > 0]
    return ceil(log2(min(rooms))) - 1 if rooms else RANKS.stop


def _mercator(lat_deg: float) -> float:
    return asinh(tan(radians(lat_deg))) / (2 * pi)
