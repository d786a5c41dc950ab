"""Layers of tracks, packed KML, and bands by time and element."""

import zipfile

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from etl import files, pixels, steps
from etl.readers import read_table
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.sources import Band, Read
from tests.declared import read, source

WAYPOINT = '<wpt lat="32.9" lon="13.2"><name>port</name></wpt>'
TRACK = ('<trk><name>patrol</name><trkseg><trkpt lat="33" lon="13"/><trkpt lat="34" lon="14"/>'
         "</trkseg></trk>")  # fmt: skip
ROUTE = '<rte><name>way</name><rtept lat="33" lon="13"/><rtept lat="33" lon="15"/></rte>'


def gpx(*parts):
    return ('<?xml version="1.0"?><gpx version="1.1" creator="us" '
            f'xmlns="http://www.topografix.com/GPX/1/1">{"".join(parts)}</gpx>')  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "layer", "name"),
    [([WAYPOINT], None, "port"), ([TRACK], None, "patrol"), ([ROUTE], None, "way"),
     ([WAYPOINT, TRACK, ROUTE], "tracks", "patrol"), ([WAYPOINT, TRACK, ROUTE], "routes", "way")],
)  # fmt: skip
def test_layers_of_a_receiver(tmp_path, parts, layer, name):
    """The only layer that holds anything, or the declared one."""
    table = read(tmp_path, gpx(*parts), name="a.gpx", format="vector", layer=layer)
    assert table["name"].tolist() == [name]


def test_a_receiver_with_several_layers_asks(tmp_path):
    """Nothing is left out silently: those with features are listed."""
    with pytest.raises(SourceUnreadable, match="waypoints, tracks"):
        read(tmp_path, gpx(WAYPOINT, TRACK), name="a.gpx", format="vector")


def test_packed_kml(tmp_path):
    """KMZ is a zip with doc.kml."""
    document = ('<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Ghat</name>'
                "<Point><coordinates>10.18,24.96,0</coordinates></Point></Placemark></Document></kml>")  # fmt: skip
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as packed:
        packed.writestr("doc.kml", document)
    one = source(read=Read(format="vector"), path="a.kmz")
    table = read_table(one, files.find(one, [tmp_path], Settings()), Settings())
    assert (table["Name"][0], table.geometry[0].x) == ("Ghat", 10.18)


def stacked(folder):
    "Three bands that say nothing of time."
    path = folder / "a.tif"
    with rasterio.open(path, "w", driver="GTiff", width=2, height=2, count=3, dtype="float32",
                       crs="EPSG:4326", transform=from_origin(10, 30, 1, 1)) as dataset:  # fmt: skip
        dataset.write(np.ones((3, 2, 2), "float32"))
    return path


class Told:
    "A dataset that tells what drivers tell about times and elements."

    def __init__(self, bands, about):
        self.bands, self.about, self.count = bands, about, len(bands)

    def tags(self, number=None):
        "Of the file, or of a band."
        return self.about if number is None else self.bands[number - 1]


HOURS = Told([{"NETCDF_DIM_time": str(hours)} for hours in (0, 24, 36)],
             {"time#units": "hours since 2024-01-01 00:00:00", "time#calendar": "standard"})  # fmt: skip
GRIB = Told([{"GRIB_ELEMENT": name, "GRIB_VALID_TIME": time} for name, time in
             (("TMP", "1295092800"), ("UGRD", "1295092800"), ("TMP", "1295179200"))], {})  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "wanted", "band"),
    [
        (HOURS, {"time": "2024-01-02T00"}, 2), (HOURS, {"time": "2024-01-02T12:00"}, 3),
        (HOURS, {"time": "2024-01-01"}, 1), (HOURS, {}, 1), (HOURS, {"time": "2024-01-02", "band": 3}, 3),
        (GRIB, {"variable": "UGRD"}, 2), (GRIB, {"variable": "TMP", "time": "2011-01-16"}, 3),
    ],
)  # fmt: skip
def test_bands_by_time_and_element(dataset, wanted, band):
    """1295092800 seconds after 1970 are 15 January 2011, 12 UTC; 36 hours are a day and a half."""
    assert steps.chosen(dataset, Band(quantity="x", **wanted), "a").band == band


@pytest.mark.parametrize(
    ("dataset", "wanted"),
    [(HOURS, {"time": "2024-01-02"}), (HOURS, {"time": "2025"}), (GRIB, {"variable": "TMP"}),
     (GRIB, {"variable": "RAIN"})],
)  # fmt: skip
def test_none_or_several_bands_are_listed(dataset, wanted):
    """The error numbers what the file has."""
    with pytest.raises(SourceUnreadable, match=r"bands \d \("):
        steps.chosen(dataset, Band(quantity="x", **wanted), "a")


def test_a_file_without_times_says_so(tmp_path):
    """Asked for a day, three bands without one are listed."""
    one = source(job="raster", read=Read(format="raster"), path="a.tif")
    band, path = Band(quantity="x", time="2024"), stacked(tmp_path)
    with pytest.raises(SourceUnreadable, match="no time"), pixels.opened(path, band, one, 10**6):
        pass
