"""Layers: shapes that are broken, flat ones that are not, systems that nobody says."""

from __future__ import annotations

import json
import math
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely
from shapely import Point

from tests.corpus.case import GOOD, Case, places, shapes
from tests.hostile import bombs

SQUARE = [[10.0, 30.0], [12.0, 30.0], [12.0, 32.0], [10.0, 32.0], [10.0, 30.0]]
BOX = shapely.box(10, 30, 12, 32)
FAR = [[50.0, 0.0], [51.0, 0.0], [51.0, 1.0], [50.0, 1.0], [50.0, 0.0]]
NAMED = {"columns": {"name": "name"}}
VECTOR = {"read": {"format": "vector"}, **NAMED}


def feature(geometry: object, code: str | None = "A", **more: object) -> dict[str, object]:
    """One feature with a code."""
    return {"type": "Feature", "properties": {"code": code, **more}, "geometry": geometry}


def polygon(ring: list[list[float]] = SQUARE, code: str | None = "A", *holes: object) -> object:
    """One polygon with a code."""
    return feature({"type": "Polygon", "coordinates": [ring, *holes]}, code)


def layer(*features: object, **more: object) -> str:
    """Text of a collection."""
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def kept(name: str, *features: object, shape: object = BOX, said: tuple[str, ...] = (),
         out: dict[int | None, str] | None = None, **more: object) -> Case:  # fmt: skip
    """A layer of which one area with the code A stays."""
    return shapes(name, layer(*features), kept=[("A", shape)], said=said, out=out or {}, **more)


def lost(name: str, broken: object, rule: str = "empty_geometry", **more: object) -> Case:
    """A broken feature before a good one."""
    return kept(name, broken, polygon(), out={1: rule}, **more)


def written(name: str, driver: str, crs: object = 4326, edit: Callable[[Path], object] =
            lambda _: None) -> Callable[[Path], None]:  # fmt: skip
    """Writes the good places with a driver, then does something to the file."""

    def write(file: Path) -> None:
        table = gpd.GeoDataFrame({"name": [n for n, *_ in GOOD]},
                                 geometry=[Point(lon, lat) for _, lat, lon in GOOD], crs=4326)  # fmt: skip
        moved = table.to_crs(crs) if crs else table.set_crs(None, allow_override=True)
        moved.to_file(file.with_name(name), driver=driver)
        if driver == "ESRI Shapefile":
            with zipfile.ZipFile(file, "w") as packed:
                for part in file.parent.glob(f"{Path(name).stem}.*"):
                    if part != file:
                        packed.write(part, part.name)
        edit(file)

    return write


def _cut(share: float) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])


def _view(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("CREATE VIEW bad AS SELECT 1")
    database.close()


def geoparquet(crs: object = None, geometry: object = None) -> Callable[[Path], None]:
    """Writes GeoParquet by hand."""

    def write(file: Path) -> None:
        points = [Point(lon, lat).wkb for _, lat, lon in GOOD]
        about: dict[str, object] = {"encoding": "WKB", "geometry_types": []}
        about |= {"crs": crs} if crs != "absent" else {}
        geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": about}}
        table = pa.table({"name": [n for n, *_ in GOOD], "geometry": geometry or points})
        pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), file)

    return write


BOW = [[10.0, 30.0], [12.0, 32.0], [12.0, 30.0], [10.0, 32.0], [10.0, 30.0]]
MENDED = shapely.make_valid(shapely.Polygon(BOW))
# On the middle of a zone the northing is the distance from the equator, shortened by its scale.
NORTHING = 0.9996 * pyproj.Geod(ellps="WGS84").inv(9, 0, 9, 33)[2]
GPX = '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
MARK = "<Placemark><name>{}</name><Point><coordinates>{}</coordinates></Point></Placemark>"
TOPOLOGY = {
    "type": "Topology", "arcs": [SQUARE],
    "objects": {"x": {"type": "GeometryCollection", "geometries": [
        {"type": "Polygon", "arcs": [[0]], "properties": {"code": "A"}}]}},
}  # fmt: skip
TOPO = {"file": "a.topojson", "read": {"format": "topojson", "crs": "EPSG:4326"}}


def topology(**more: object) -> str:
    """A topology of one square, with some members replaced."""
    return json.dumps(TOPOLOGY | more)


CASES = (
    kept("an outline that crosses itself", polygon(BOW), shape=MENDED, said=("invalid_geometry: 1",)),
    kept("an outline the wrong way round", polygon(SQUARE[::-1])),
    kept("an outline with heights", polygon([[*point, 9.5] for point in SQUARE])),
    kept("a collection with a line beside the area", feature({"type": "GeometryCollection",
         "geometries": [{"type": "LineString", "coordinates": SQUARE[:2]},
                        {"type": "Polygon", "coordinates": [SQUARE]}]})),
    lost("a point among areas", feature({"type": "Point", "coordinates": [11, 31]})),
    lost("no geometry", feature(None)),
    lost("an empty polygon", feature({"type": "Polygon", "coordinates": []})),
    lost("a ring of two corners", polygon(SQUARE[:2]), "broken_row"),
    lost("words for coordinates", polygon([["x", "y"]] * 5), "broken_row"),
    lost("coordinates in too few brackets", feature({"type": "Polygon", "coordinates": SQUARE}),
         "broken_row"),
    lost("no kind of geometry", feature({"coordinates": [1, 2]}), "broken_row"),
    lost("a kind of geometry that nobody knows", feature({"type": "Curve", "coordinates": SQUARE}),
         "broken_row"),
    lost("a feature that is a number", 7, "broken_row"),
    lost("properties in a list", {"type": "Feature", "properties": [1], "geometry": None},
         "broken_row"),
    lost("no properties", {"type": "Feature", "geometry": {"type": "Polygon",
         "coordinates": [SQUARE]}}, "missing_area_code"),
    lost("a null code", polygon(SQUARE, None), "missing_area_code"),
    lost("corners that are not numbers", polygon([[math.nan, 30.0], *SQUARE]), "broken_row"),
    lost("corners at infinity", polygon([[math.inf, 30.0], *SQUARE]), "broken_row"),
    kept("an area elsewhere", polygon(), polygon(FAR, "B"), out={2: "outside_operation"}),
    shapes("metres without a system", layer(polygon([[x * 1e5, y * 1e5] for x, y in SQUARE])),
           refused="longitude and latitude in degrees"),
    shapes("a system that nobody knows", layer(polygon(), crs={"type": "name", "properties":
           {"name": "EPSG:999999"}}), refused="a CRS known to PROJ"),
    shapes("a system in words", layer(polygon(), crs={"type": "name", "properties":
           {"name": "our own grid"}}), refused="an EPSG code or none"),
    shapes("a system behind a link", layer(polygon(), crs={"type": "link", "properties":
           {"href": "http://127.0.0.1:9/crs", "type": "ogcwkt"}}), kept=[("A", BOX)]),
    places("metres of a zone with their system", layer(*[feature({"type": "Point", "coordinates":
           [500_000.0, NORTHING]}, name="P")], crs={"type": "name", "properties":
           {"name": "urn:ogc:def:crs:EPSG::32632"}}), file="a.geojson", **VECTOR,
           kept=[("P", 33.0, 9.0)]),
    places("points with latitude first", layer(*[feature({"type": "Point", "coordinates":
           [lat, lon]}, name=n) for n, lat, lon in GOOD]), file="a.geojson", **VECTOR, fails=True,
           out=dict.fromkeys((1, 2, 3), "position_swapped")),
    places("a point that is not a number", layer(feature({"type": "Point", "coordinates":
           [math.nan, 33.1]}, name="X"), *[feature({"type": "Point", "coordinates": [lon, lat]},
           name=n) for n, lat, lon in GOOD]), file="a.geojson", **VECTOR, kept=GOOD,
           out={1: "ragged_row"}),
    shapes("no features", layer()),
    shapes("features that are no list", json.dumps({"type": "FeatureCollection", "features": {}}),
           refused="with features"),
    shapes("a lone geometry", json.dumps({"type": "Polygon", "coordinates": [SQUARE]}),
           refused="FeatureCollection"),
    shapes("half a document", layer(polygon())[:150], refused="not JSON"),
    shapes("two documents", layer(polygon()) * 2, refused="not JSON"),
    shapes("a document a line", "\n".join(json.dumps(polygon()) for _ in range(2)),
           refused="not JSON"),
    shapes("brackets a hundred thousand deep", '{"type":"FeatureCollection","features":'
           + "[" * 100_000, refused="not JSON"),
    shapes("a mark before the document", "\ufeff" + layer(polygon()), kept=[("A", BOX)]),
    shapes("a word for the type", json.dumps({"type": {"a": 1}, "features": []}),
           refused="FeatureCollection"),
    shapes("a topology that is whole", topology(), kept=[("A", BOX)], **TOPO),
    shapes("a topology that lacks an arc", topology(arcs=[]), refused="a broken topology", **TOPO),
    shapes("a topology whose arcs are words", topology(arcs=["ab"]), refused="a broken topology",
           **TOPO),
    shapes("a topology of several objects", topology(objects={"x": {}, "y": {}}),
           refused="one object", **TOPO),
    shapes("a topology without objects", topology(objects=[]), refused="objects none", **TOPO),
    places("waypoints", GPX.format('<wpt lat="33.14" lon="11.55"><name>Ras Jedir</name></wpt>'),
           file="a.gpx", **VECTOR, kept=[GOOD[0]]),
    places("a waypoint beyond the pole", GPX.format(
           '<wpt lat="95" lon="11"><name>X</name></wpt><wpt lat="33.14" lon="11.55"><name>Ras '
           'Jedir</name></wpt>'), file="a.gpx", **VECTOR, kept=[GOOD[0]], out={1: "out_of_range"}),
    places("half a track", GPX.format("<wpt lat='33' lon='11'>")[:-20], file="a.gpx", **VECTOR,
           refused="cannot be read"),
    places("entities in a track", '<!DOCTYPE gpx [<!ENTITY x "y">]>' + GPX.format("&x;"),
           file="a.gpx", **VECTOR, refused="without a DOCTYPE"),
    places("marks with heights", KML.format(MARK.format("Ras Jedir", "11.55,33.14,20")),
           file="a.kml", columns={"name": "Name"}, read={"format": "vector"}, kept=[GOOD[0]]),
    places("a mark without a position", KML.format(MARK.format("X", "") + MARK.format("Ras Jedir",
           "11.55,33.14")), file="a.kml", columns={"name": "Name"}, read={"format": "vector"},
           kept=[GOOD[0]], out={1: "position_zero"}),
    places("a mark with latitude first", KML.format(MARK.format("X", "33.14,11.55")),
           file="a.kml", columns={"name": "Name"}, read={"format": "vector"}, fails=True,
           out={1: "position_swapped"}),
    places("a map that is a link", KML.format(
           "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"),
           file="a.kml", **VECTOR),
    places("a web map under the name of a layer",
           "<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", file="a.geojson",
           **VECTOR, refused="another kind"),
    places("a packed shapefile without its system", written("s.shp", "ESRI Shapefile", None),
           file="a.zip", **VECTOR, refused="a layer without a CRS"),
    places("a packed shapefile, its system declared", written("s.shp", "ESRI Shapefile", None),
           file="a.zip", columns=NAMED["columns"], kept=GOOD,
           read={"format": "vector", "crs": "EPSG:4326"}),
    places("a packed shapefile in metres", written("s.shp", "ESRI Shapefile", 3857), file="a.zip",
           **VECTOR, kept=GOOD),
    places("a shapefile without its parts", lambda file: bombs.archive(file, ("s.shp",
           b"\x00\x00\x27\x0a" + bytes(96))), file="a.zip", **VECTOR, refused="cannot be read"),
    places("a database of places", written("a.gpkg", "GPKG"), file="a.gpkg", **VECTOR, kept=GOOD),
    places("a database with a view", written("a.gpkg", "GPKG", 4326, _view), file="a.gpkg",
           **VECTOR, refused="a view 'bad'"),
    places("half a database", written("a.gpkg", "GPKG", 4326, _cut(0.5)), file="a.gpkg",
           **VECTOR, refused="a whole"),
    places("a database in metres", written("a.gpkg", "GPKG", 32632), file="a.gpkg", **VECTOR,
           kept=GOOD),
    places("half a flatgeobuf", written("a.fgb", "FlatGeobuf", 4326, _cut(0.6)), file="a.fgb",
           **VECTOR, refused="layers none"),
    places("a flatgeobuf without its system", written("a.fgb", "FlatGeobuf", None), file="a.fgb",
           **VECTOR, refused="a layer without a CRS"),
    places("geoparquet without a word on its system", geoparquet("absent"), file="a.parquet",
           read={"format": "parquet"}, **NAMED, kept=GOOD),
    places("geoparquet with shapes that are none", geoparquet(None, [b"xyz", None, b""]),
           file="a.parquet", read={"format": "parquet"}, **NAMED, refused="cannot be read"),
    places("geoparquet with a system that is none", geoparquet({"type": "x"}), file="a.parquet",
           read={"format": "parquet"}, **NAMED, refused="a CRS known to PROJ"),
    places("half a parquet file", lambda file: (geoparquet()(file), _cut(0.5)(file)),
           file="a.parquet", read={"format": "parquet"}, **NAMED, refused="cannot be read"),
    places("numbers of all kinds in parquet", lambda file: pq.write_table(pa.table({
           "name": pa.array(["A", "B"]).dictionary_encode(), "lat": pa.array([33.1, 33.2],
           pa.float32()), "lon": pa.array([12, 13], pa.int8())}), file), file="a.parquet",
           read={"format": "parquet"}, kept=[("A", 33.1, 12), ("B", 33.2, 13)]),
)  # fmt: skip
