"""Files of every kind that a user may bring, written as devices and programs write them."""

import io
import json
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.io import netcdf_file

FLEET = pd.DataFrame(
    {
        "name": ["Alpha", "Bravo"], "medium": ["sea", "air"], "speed_km_h": [50, 240],
        "endurance_h": [14, 4], "mobilise_h": [0.5, 0.75],
    }
)  # fmt: skip
PLACES = [(12.0, 35.0), (13.5, 32.9)]
TIMES = ["2026-11-20T06:00:00Z", "2026-11-20T06:10:00Z", "2026-11-20T06:20:00Z"]
LINE = [(12.0, 34.0), (12.1, 34.0), (12.1, 34.1)]


def layer(table, shapes, tmp_path, ending, **how):
    "A layer as GDAL writes it."
    file = tmp_path / f"layer{ending}"
    gpd.GeoDataFrame(table, geometry=list(shapes), crs=how.pop("crs", 4326)).to_file(file, **how)
    return file.read_bytes()


def points(tmp_path, ending, **how):
    "The fleet as a layer of points."
    return layer(FLEET, map(shapely.Point, PLACES), tmp_path, ending, **how)


def geojson(shape, **properties):
    "One feature; lists of times are kept as lists."
    feature = {"type": "Feature", "properties": properties,
               "geometry": shapely.geometry.mapping(shape)}  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def gpx(times=TIMES, line=LINE):
    "A track of a device; a time of None is left out."
    rows = "".join(
        f'<trkpt lat="{lat}" lon="{lon}">{f"<time>{time}</time>" if time else ""}</trkpt>'
        for (lon, lat), time in zip(line, times, strict=True)
    )
    return (
        '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Patrol boat 3'
        f"</name><trkseg>{rows}</trkseg></trk></gpx>"
    ).encode()


def kml(inside):
    "A document around some placemarks."
    return (
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">'
        f"<Document>{inside}</Document></kml>"
    ).encode()


def gx_track(times=TIMES, line=LINE):
    "A track with its times, as phones write it."
    rows = "".join(f"<when>{time}</when>" for time in times)
    rows += "".join(f"<gx:coord>{lon} {lat} 0</gx:coord>" for lon, lat in line)
    return kml(f"<Placemark><name>Boat</name><gx:Track>{rows}</gx:Track></Placemark>")


def kml_line():
    "A line without times."
    corners = " ".join(f"{lon},{lat},0" for lon, lat in LINE)
    return kml(f"<Placemark><name>Boat</name><LineString><coordinates>{corners}</coordinates>"
               "</LineString></Placemark>")  # fmt: skip


def kml_area(corners):
    "A polygon."
    ring = " ".join(f"{lon},{lat}" for lon, lat in corners)
    return kml(
        "<Placemark><name>Area</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    )


def shapefile(shape, tmp_path):
    "A zipped Shapefile with its parts."
    gpd.GeoDataFrame({"n": [1]}, geometry=[shape], crs=4326).to_file(tmp_path / "area.shp")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for part in tmp_path.glob("area.*"):
            out.write(part, part.name)
    return packed.getvalue()


def book(table):
    "A workbook."
    out = io.BytesIO()
    table.to_excel(out, index=False)
    return out.getvalue()


def particles(tmp_path, lon, lat, status, times=None, *, name="drift.nc"):
    "Particles in the layout of OpenDrift, classic NetCDF; NaN and negative states are filled."
    file = tmp_path / name
    lon, lat, status = np.atleast_2d(lon), np.atleast_2d(lat), np.atleast_2d(status)
    with netcdf_file(file, "w") as out:
        out.createDimension("trajectory", lon.shape[0])
        out.createDimension("time", lon.shape[1])
        when = out.createVariable("time", "f8", ("time",))
        when[:] = 1.7e9 + 3600 * np.arange(lon.shape[1]) if times is None else times
        when.units = b"seconds since 1970-01-01 00:00:00"
        for key, values, kind, filled in (
            ("lon", lon, "f4", np.float32(9.96921e36)), ("lat", lat, "f4", np.float32(9.96921e36)),
            ("status", status, "i4", np.int32(-2147483647)),
        ):  # fmt: skip
            one = out.createVariable(key, kind, ("trajectory", "time"))
            one._FillValue = filled
            gone = ~np.isfinite(values) if kind == "f4" else values < 0
            one[:] = np.where(gone, filled, values)
        one.flag_values = np.array([0, 1, 2], dtype="i4")
        one.flag_meanings = b"active stranded outside"
    return file.read_bytes()
