"""Files that planners bring: read in a limited process, whole or not at all, every value checked."""

import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from dashboard import uploaded
from dashboard.rescue import uploads
from etl.__main__ import main
from geo_data import grid
from geo_data.errors import SourceUnreadable, WaypostError
from geo_data.uploads import Asked
from layers.sar import drift, effort, searched_areas
from tests import brought

BOX = shapely.box(12.0, 34.0, 12.5, 34.25)
EARTH = Geod(ellps="WGS84")
POSITIONS = pd.DataFrame({"lat_deg": [lat for _, lat in brought.PLACES],
                          "lon_deg": [lon for lon, _ in brought.PLACES]})  # fmt: skip


def fleet(**more):
    "The fleet with positions, as a table of text."
    return brought.FLEET.assign(**{"lat": [35.0, 32.9], "lon": [12.0, 13.5], **more})


def made(kind, tmp_path):
    "The fleet as a file of a kind."
    if kind == "csv":
        return fleet().to_csv(index=False).encode()
    if kind == "xlsx":
        return brought.book(fleet())
    how = {"driver": "LIBKML"} if kind == "kml" else {}
    return brought.points(tmp_path, f".{kind}", **how)


@pytest.fixture
def here(monkeypatch):
    "Reads in this process, as what a child gives is tested elsewhere and takes a second each."
    monkeypatch.setenv("WAYPOST_SANDBOX", "off")
    monkeypatch.setattr(uploaded, "_run", lambda command: str(main(command[3:])))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "gpkg", "geojson", "kml"])
def test_assets_in_every_kind_of_file(kind, tmp_path, here):
    "The same two assets, whoever wrote them"
    found, _ = uploads.assets(f"fleet.{kind}", made(kind, tmp_path))
    assert found["name"].tolist() == ["Alpha", "Bravo"]
    assert found["medium"].tolist() == ["sea", "air"] and found["ready"].all()
    assert found["speed_km_h"].tolist() == [50, 240]
    pd.testing.assert_frame_equal(found[["lat_deg", "lon_deg"]], POSITIONS, check_dtype=False)


def test_positions_as_people_write_them(here):
    "Degrees and minutes, a decimal comma, knots, French words; 12°15.5' is 12.258333"
    table = fleet(lat=["34°30.0'N", "34,5"], lon=["012 15.5 E", "10°15' O"])
    table = table.assign(speed_kn=[10, 20], ready=["non", None]).drop(columns="speed_km_h")
    found, _ = uploads.assets("flotte.csv", table.to_csv(index=False, sep=";").encode())
    assert found["lat_deg"].tolist() == [34.5, 34.5]
    assert found["lon_deg"].tolist() == pytest.approx([12.258333, -10.25], abs=1e-6)
    assert found["speed_km_h"].tolist() == pytest.approx([18.52, 37.04])
    assert found["ready"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lat": ["95", "35"]}, "row 2, column lat: '95, 12.0'"),
        ({"lon": [12.0, None]}, "row 3, column lon: nothing"),
        ({"lat": [35.0, 0.0], "lon": [12.0, 0.0]}, "row 3, column position: '0.0, 0.0'"),
        ({"medium": ["sea", "rail"]}, "row 3, column medium: 'rail'"),
        ({"speed_km_h": ["fast", 3]}, "row 2, column speed_km_h: 'fast'"),
        ({"endurance_h": [0, 3]}, "row 2, column endurance_h: '0'"),
        ({"ready": ["perhaps", "yes"]}, "row 2, column ready"),
        ({"sensor": ["telescope", None]}, "row 2, column sensor: 'telescope'"),
    ],
)  # fmt: skip
def test_the_first_bad_value_is_named(change, said, here):
    "File, row as the program shows it, the file's own column, what was found; nothing is taken"
    text = fleet(**change).to_csv(index=False).encode()
    with pytest.raises(SourceUnreadable, match=said):
        uploads.assets("fleet.csv", text)


def test_people_do_not_come_in(here):
    "Columns about people never leave the reader, and are named; formulas stay texts"
    table = fleet(name=["=HYPERLINK(1)", "<img src=x>"], contact=["Amal S.", "B"],
                  phone=["+218 91 123 4567", "+218 91 123 4568"])  # fmt: skip
    found, told = uploads.assets("f.csv", table.to_csv(index=False).encode())
    assert told.personal == ["contact", "phone"] and {*told.personal}.isdisjoint(found)
    assert found["name"].tolist() == ["=HYPERLINK(1)", "<img src=x>"]


TRACKS = {
    "t.gpx": brought.gpx(), "t.kml": brought.gx_track(), "l.kml": brought.kml_line(),
    "t.geojson": brought.geojson(shapely.LineString(brought.LINE), coordTimes=brought.TIMES),
    "t.csv": pd.DataFrame(brought.LINE, columns=["lon", "lat"]).assign(
        track_id="a", time=brought.TIMES).to_csv(index=False).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", TRACKS)
def test_tracks_in_every_kind_of_file(name, here):
    "The same three positions, in order; times where the kind of file has them"
    found, _ = uploads.searched(name, TRACKS[name])
    assert found.fixes[["lon_deg", "lat_deg"]].to_numpy().tolist() == [[*at] for at in brought.LINE]
    wanted = [pd.NaT] * 3 if name == "l.kml" else [*map(pd.Timestamp, brought.TIMES)]
    pd.testing.assert_series_equal(
        found.fixes["time"], pd.Series(wanted, dtype="datetime64[ns, UTC]"), check_names=False,
        check_dtype=False,
    )  # fmt: skip
    assert (found.tracks, found.areas, found.undated) == (1, 0, int(name == "l.kml"))


def test_tracks_of_a_geopackage(tmp_path, here):
    "Lines without times, and points with a column of times"
    lines = brought.layer({"name": ["x"]}, [shapely.LineString(brought.LINE)], tmp_path, ".gpkg")
    assert uploads.searched("l.gpkg", lines)[0].undated == 1
    dated = brought.layer({"track_id": ["a"] * 3, "time": brought.TIMES},
                          map(shapely.Point, brought.LINE), tmp_path, ".geojson")  # fmt: skip
    found, _ = uploads.searched("p.geojson", dated)
    assert found.undated == 0 and found.fixes["track_id"].unique().tolist() == ["p-a"]


def test_a_segment_is_a_track_and_parts_are_told_apart(here):
    "Two lines of one feature are two tracks"
    both = brought.geojson(shapely.MultiLineString([brought.LINE, brought.LINE]),
                           coordTimes=[brought.TIMES, brought.TIMES])  # fmt: skip
    found, _ = uploads.searched("m.geojson", both)
    assert found.tracks == 2 and found.undated == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("e.csv", b"", "an empty file"), ("e.gpx", b"", "XML that cannot be read"),
        ("e.gpx", b"<gpx></gpx>", "no positions of tracks"),
        ("w.kml", b"<!doctype html><html></html>", "a web page"),
        ("w.kml", b"<gml/>", "a document <gml>"),
        ("x.gpx", b'<!DOCTYPE x [<!ENTITY a "b">]><gpx>&a;</gpx>', "XML that cannot be read"),
        ("x.exe", b"MZ", "the ending '.exe'"), ("x.nc", b"CDF", "the ending '.nc'"),
        ("t.csv", b"lat,lon,time\n34,12,yesterday\n", "row 2, column time: 'yesterday'"),
        ("t.csv", b"a,b\n1,2\n", "also lat_deg, lon_deg"),
        ("t.geojson", brought.geojson(shapely.LineString(brought.LINE), coordTimes=["x"]),
         "1 times for 3 positions"),
        ("a.geojson", brought.geojson(BOX), "also spacing_nm"),
        ("a.geojson", brought.geojson(BOX, spacing_nm=1, pattern="zigzag"), "column pattern"),
        ("a.geojson", brought.geojson(shapely.box(0, 0, 9, 9), spacing_nm=1), "degrees wide"),
    ],
)  # fmt: skip
def test_what_is_no_track_says_why(name, content, said, here):
    "In one sentence that names the file; never a stack trace"
    with pytest.raises(WaypostError, match=said) as problem:
        uploads.searched(name, content)
    assert str(problem.value).startswith(name) and "WAYPOST" not in str(problem.value)


def test_an_area_in_a_pattern_is_swept_evenly(here):
    "Coverage inside is sweep width over spacing: 926 m over 1 nm is 0.5"
    found, _ = uploads.searched("a.geojson", brought.geojson(BOX, spacing_nm=1))
    assert (found.areas, found.undated) == (1, 1)
    swept = effort.effort(found.fixes.assign(sweep_width_m=926.0), 6)
    inside = grid.disks(grid.cells_of(lat_deg=[34.125], lon_deg=[12.25], resolution=6), 1)[1]
    covered = effort.coverage(swept.cells, pd.Series(grid.area_km2(inside), index=inside))
    assert covered["coverage_factor"].mean() == pytest.approx(0.5, rel=0.03)


def test_a_triangle_is_searched_inside_only():
    "Half of the rectangle: about half of the way, as turns along the slope are longer"
    half = shapely.Polygon([(12, 34), (12.5, 34), (12, 34.25)])
    table = pd.DataFrame({"track_id": ["a", "b"], "name": "n", "pattern": "parallel track",
                          "spacing_nm": 0.5, "geometry": [half, BOX]})  # fmt: skip
    fixes = searched_areas.fixes_of(table)
    corners = shapely.points(fixes["lon_deg"], fixes["lat_deg"])
    assert shapely.dwithin(corners[fixes["track_id"] == "a"], half, 1e-6).all()
    km = {name: EARTH.line_length(part["lon_deg"], part["lat_deg"]) / 1000
          for name, part in fixes.groupby("track_id")}  # fmt: skip
    assert km["a"] == pytest.approx(km["b"] / 2, rel=0.1)


def test_tracks_with_some_times_keep_their_order(here):
    "A time that lacks in the middle must not send its position to the end"
    found, _ = uploads.searched("t.gpx", brought.gpx([brought.TIMES[0], None, brought.TIMES[2]]))
    swept = effort.effort(found.fixes.assign(sweep_width_m=100.0), 6)
    metres = EARTH.line_length(*zip(*brought.LINE, strict=True))
    assert swept.cells["track_km"].sum() == pytest.approx(metres / 1000, rel=1e-4)
    assert swept.notes["problem"].tolist() == ["fixes without a time"]


def test_reversed_times_gaps_and_overlaps_of_files(here):
    "A clock that runs back is said; the same sortie twice counts twice, as two sorties would"
    back, _ = uploads.searched("b.gpx", brought.gpx(brought.TIMES[::-1]))
    assert "run backwards" in effort.effort(
        back.fixes.assign(sweep_width_m=1.0), 6).notes["problem"][0]  # fmt: skip
    late = [brought.TIMES[0], brought.TIMES[1], "2026-11-20T09:00:00Z"]
    gap, _ = uploads.searched("g.gpx", brought.gpx(late))
    assert "gaps left out" in effort.effort(
        gap.fixes.assign(sweep_width_m=1.0), 6).notes["done"].tolist()  # fmt: skip
    one, two = (uploads.searched(n, brought.gpx())[0].fixes for n in ("1.gpx", "2.gpx"))
    both = effort.effort(pd.concat([one, two]).assign(sweep_width_m=1.0), 5).cells
    alone = effort.effort(one.assign(sweep_width_m=1.0), 5).cells
    assert both["track_km"].sum() == pytest.approx(2 * alone["track_km"].sum())


def test_particles_add_up_to_one(tmp_path):
    "Ten: six afloat in one hexagon, two ashore, one beyond the model, one outside the operation"
    lat, lon = np.full((11, 3), 34.0), np.full((11, 3), 12.0)
    status = np.zeros((11, 3), dtype=int)
    status[6:8, 1:] = [1, -1]
    status[8, 2] = 2
    lon[9], status[10] = 60.0, -1
    content = brought.particles(tmp_path, lon, lat, status)
    table, told = uploads.particles("drift.nc", content)
    cells = grid.cells_in_box(11, 33, 13, 35, 6)
    moved = drift.of_particles(table)
    found, rest = drift.containment(moved, cells)
    assert found["area_probability"].tolist() == pytest.approx([0.6])
    assert rest == pytest.approx({"stranded": 0.2, "lost": 0.1, "outside": 0.1})
    assert told.figures["never_placed"] == 1
    assert moved.ends == pd.Timestamp("2023-11-15T00:13:20Z")


def test_the_last_known_place_of_each_particle_counts(tmp_path, here):
    "What is filled afterwards is not a place; longitudes from 0 to 360 are understood"
    content = brought.particles(
        tmp_path, [[350.0, 351.0, np.nan]], [[34.0, 34.5, np.nan]], [[0, 1, -1]]
    )
    table, _ = uploads.particles("d.nc", content)
    assert table[["lat_deg", "lon_deg", "status"]].to_numpy().tolist() == [[34.5, -9.0, "stranded"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "NetCDF"), (b"CDF\x01" + bytes(20), "too early"),
     (b"\x89HDF\r\n\x1a\n" + bytes(99), "cannot be opened"), (b"PK\x03\x04" + bytes(99), "NetCDF")],
)  # fmt: skip
def test_no_particles(content, said, here):
    "Empty, cut short, something else"
    with pytest.raises(SourceUnreadable, match=said):
        uploads.particles("d.nc", content)


def test_bombs_are_refused(tmp_path):
    "A workbook and a KMZ that unpack to a thousand times their size; a million corners"
    for name, member in (("a.xlsx", "xl/worksheets/sheet1.xml"), ("a.kmz", "doc.kml")):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr(member, bytes(300_000_000))
        with pytest.raises(SourceUnreadable, match="unpacks to|at most"):
            uploads.searched(name, (tmp_path / name).read_bytes())
    angle = np.linspace(0, 2 * np.pi, 1_000_000)
    ring = shapely.Polygon(np.c_[12 + np.cos(angle), 27 + np.sin(angle)])
    gpd.GeoDataFrame(geometry=[ring], crs=4326).to_file(tmp_path / "b.gpkg")
    with pytest.raises(SourceUnreadable, match="1,000,000 corners"):
        uploaded.read("b.gpkg", (tmp_path / "b.gpkg").read_bytes(), Asked("outline"),
                      most_bytes=20_000_000)  # fmt: skip


def test_a_reader_that_hangs_is_ended(monkeypatch):
    "The page waits so long and no longer"
    monkeypatch.setattr(uploaded, "SECONDS", 0)
    monkeypatch.setattr(uploaded, "START_S", 0.05)
    with pytest.raises(SourceUnreadable, match="nothing came back"):
        uploads.searched("t.gpx", brought.gpx())


def test_too_large_is_said_before_anything_is_read(monkeypatch):
    "No process is started"
    monkeypatch.setattr(uploaded, "_run", lambda _: pytest.fail("started"))
    with pytest.raises(SourceUnreadable, match="at most 5,000,000"):
        uploads.assets("a.csv", bytes(5_000_001))
