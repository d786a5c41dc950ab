"""A what-if as somebody declares it: a name and a few edits, in a link or in a file.

Edits name places and areas by their codes and hold nothing else of a release, so the same
scenario can be put to any release. What they do stands in ``layers/context/consequences.py``.
"""

from __future__ import annotations

import zlib
from typing import Annotated, Literal

import msgspec

from geo_data.errors import WaypostError
from geo_data.sources import Strict
from geo_data.words import N_
from layers.packing import packed, unpacked

MOST_EDITS = 100
MOST_BYTES = 100_000
UNREADABLE = N_(
    "The what-if in this link cannot be read and was left out. Ask for the link again, or bring "
    "the file."
)
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Spread = Literal["displaced", "residents", "even"]


class Flood(Strict, frozen=True, tag="flood", tag_field="edit"):
    """The flood of a return period comes: what stands deep enough in it is lost or closed."""

    depth_m: Annotated[float, msgspec.Meta(ge=0.01, le=50)] = 0.5
    """From this depth of a hexagon on a service is lost and a crossing closed: a rule of thumb."""
    return_years: Literal[100] = 100
    """The return period that the release has depths of."""
    ways: bool = False
    """Whether flooded hexagons also let nobody through, on foot or by car."""


class Crossing(Strict, frozen=True, tag="crossing", tag_field="edit"):
    """A crossing has another status."""

    place: Code
    status: Literal["open", "restricted", "closed", "unknown"] = "closed"


class Site(Strict, frozen=True, tag="site", tag_field="edit"):
    """A displacement site has another status."""

    place: Code
    status: Literal["open", "closed", "unknown"] = "closed"


class ServiceLost(Strict, frozen=True, tag="service_lost", tag_field="edit"):
    """A service point is gone."""

    place: Code


class Arrivals(Strict, frozen=True, tag="arrivals", tag_field="edit"):
    """So many more displaced people, around a crossing or in an area."""

    people: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    crossing: str = ""
    area: str = ""
    rings: Annotated[int, msgspec.Meta(ge=0, le=20)] = 2
    """Rings of hexagons around the crossing; 0: its own only."""
    spread: Spread = "displaced"
    """As displaced people are now, as residents are, or evenly over the land."""


Edit = Flood | Crossing | Site | ServiceLost | Arrivals


class Scenario(Strict, frozen=True):
    """A named what-if; the order of its edits matters, the last word on a place counts."""

    name: Annotated[str, msgspec.Meta(max_length=80)] = ""
    edits: Annotated[tuple[Edit, ...], msgspec.Meta(max_length=MOST_EDITS)] = ()

    def __bool__(self) -> bool:
        return bool(self.edits)


def to_text(scenario: Scenario) -> str:
    """A scenario for a link; empty if there is nothing in it."""
    return packed(msgspec.json.encode(scenario)) if scenario or scenario.name else ""


def from_text(text: str) -> Scenario:
    """The inverse of :func:`to_text`.

    Raises
    ------
    WaypostError
        If the text was not made by it, or is too long.
    """
    if not text:
        return Scenario()
    try:
        return _read(unpacked(text, MOST_BYTES))
    except (ValueError, zlib.error, msgspec.MsgspecError) as problem:
        raise WaypostError(UNREADABLE) from problem


def to_file(scenario: Scenario) -> bytes:
    """A scenario as a JSON file that a person can read."""
    return msgspec.json.format(msgspec.json.encode(scenario), indent=2)


def from_file(name: str, content: bytes) -> Scenario:
    """The inverse of :func:`to_file`.

    Raises
    ------
    WaypostError
        With the place in the file and what was expected there.
    """
    if len(content) > MOST_BYTES:
        raise WaypostError(f"{name}: found {len(content):,} bytes, expected at most {MOST_BYTES:,}")
    try:
        return _read(content)
    except (ValueError, msgspec.MsgspecError) as problem:
        raise WaypostError(
            f"{name}: {problem}. Expected a what-if as this page writes it."
        ) from problem


def _read(content: bytes) -> Scenario:
    found = msgspec.json.decode(content, type=Scenario)
    for edit in found.edits:
        if isinstance(edit, Arrivals) and bool(edit.crossing) == bool(edit.area):
            raise ValueError("arrivals need a crossing or an area, and not both")
    return found
