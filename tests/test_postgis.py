"""Releases in a real PostGIS that the tests start and stop."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pytest

from etl import postgis
from etl.__main__ import main
from geo_data import grid
from geo_data import quantities as q
from geo_data.errors import PublishingFailed
from geo_data.store import Store
from geo_data.view import View
from tests import builders

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
POSTGIS = sorted(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
pytestmark = pytest.mark.skipif(
    not (PROGRAMS and POSTGIS), reason="PostgreSQL with PostGIS is not installed"
)
OTHER = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


@pytest.fixture(scope="module")
def server():
    "A server of our own, as a user without rights, on loopback; its connection string."
    folder = Path(tempfile.mkdtemp(prefix="waypost-pg-"))
    if OTHER is not None:
        os.chown(folder, OTHER, -1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = PROGRAMS[-1].parent

    def run(program, *more):
        command = [str(home / program), "-D", str(folder / "data"), *more]
        subprocess.run(command, check=True, capture_output=True, user=OTHER, cwd=folder, timeout=60)

    try:
        run(
            "initdb",
            "--auth=trust",
            "--username=owner",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        )
        quick = "-c fsync=off -c listen_addresses=127.0.0.1 -c shared_buffers=32MB"
        run("pg_ctl", "-w", "-l", str(folder / "log"),
            "-o", f"-p {port} -k {folder} {quick}", "start")  # fmt: skip
        yield f"host=127.0.0.1 port={port} user=owner dbname=postgres"
        run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def base(server):
    "An empty database."
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("drop database if exists sea with (force)")
        admin.execute("create database sea")
    return server.replace("dbname=postgres", "dbname=sea")


def asked(dsn, query, *values):
    "Rows that a query of a reader gives."
    with psycopg.connect(dsn, autocommit=True) as reader:
        return reader.execute(query, values).fetchall()


def published(dsn, folder, audience="cell", kept=None):
    "Publish the newest release of a store."
    store = Store(folder)
    release = store.latest()
    names = {row.name for row in store.releases()} if kept is None else kept
    return postgis.publish(dsn, release, View(release, audience), names)


def release(folder, deaths=3.0, sensitivity="high"):
    "One release with twelve incidents and a count of people on land."
    import pandas as pd

    people = np.where(np.arange(len(builders.cells())) % 2, 100.0, 2.0)
    incidents = [builders.incident(n, 35.9, 14.4, dead=deaths) for n in range(12)]
    sources = [builders.account("incidents", job="incidents", sensitivity=sensitivity),
               builders.account("census")]  # fmt: skip
    return builders.release(
        folder,
        {"hexagons": builders.hexagons(population_people=people, elevation_m=people),
         "incidents": pd.DataFrame(incidents)},
        sources, {"population_people": ["census"], "elevation_m": ["census"]},
    )  # fmt: skip


def test_the_view_shows_what_the_release_holds(base, tmp_path):
    "As many hexagons and points as rows; valid, in WGS84, where the cell and the record say."
    made = release(tmp_path)
    done = published(base, tmp_path)
    cells = len(builders.cells())
    assert (done.rows["hex"], done.rows["incidents"]) == (cells, 12)
    ((rows, valid, srid, total),) = asked(base, (
        "select count(*), bool_and(st_isvalid(geom)), min(st_srid(geom)), sum(population_people) "
        "from waypost.hex_current"))  # fmt: skip
    people = made.table("hexagons")["population_people"].to_pandas().sum()
    assert (rows, valid, srid, total) == (cells, True, 4326, people)
    ((cell, h3, lat, lon),) = asked(base, "select cell, h3, st_y(st_centroid(geom)), "
        "st_x(st_centroid(geom)) from waypost.hex_current order by cell limit 1")  # fmt: skip
    (lat_deg,), (lon_deg,) = grid.centres_of([cell])
    assert (h3, lat, lon) == (
        grid.text([cell])[0],
        pytest.approx(lat_deg, abs=1e-3),
        pytest.approx(lon_deg, abs=1e-3),
    )
    points = asked(base, "select name, st_y(geom), st_x(geom), dead_missing_people, date::text, "
        "dead_people from waypost.incidents_current")  # fmt: skip
    assert points == [("Off {{7*7}} <b>x</b>", 35.9, 14.4, 3.0, "2026-01-01", None)] * 12


def test_rights_and_names_survive_a_second_publication(base, tmp_path):
    "A reader who may read the view may still do so, and sees the new release"
    release(tmp_path)
    first = published(base, tmp_path).release
    asked_ = psycopg.connect(base, autocommit=True)
    asked_.execute("drop role if exists reader")
    asked_.execute("create role reader login")
    asked_.execute("grant usage on schema waypost to reader")
    asked_.execute("grant select on waypost.hex_current, waypost.incidents_current to reader")
    asked_.execute("create view public.built_on_it as select max(dead_missing_people) as most "
                   "from waypost.incidents_current")  # fmt: skip
    before = asked(base, "select 'waypost.hex_current'::regclass::oid")
    release(tmp_path, deaths=5.0)
    second = published(base, tmp_path).release
    reader = base.replace("user=owner", "user=reader")
    assert asked(
        reader, "select distinct release, dead_missing_people from waypost.incidents_current"
    ) == [(second, 5.0)]
    assert asked(base, "select most from built_on_it") == [(5.0,)]
    assert asked(base, "select 'waypost.hex_current'::regclass::oid") == before
    assert asked(base, "select release, count(*) from waypost.hex_rel group by 1 order by 1") == [
        (name, len(builders.cells())) for name in (first, second)
    ]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asked(reader, "select * from waypost.hex_rel")
    asked_.execute("drop owned by reader cascade")
    asked_.execute("drop role reader")
    asked_.close()


def test_publishing_again_changes_nothing(base, tmp_path):
    "Twice the same release: the same rows, one partition per layer, hexagons once"
    release(tmp_path)
    state = []
    for _ in range(2):
        published(base, tmp_path)
        state.append([
            asked(base, "select md5(string_agg(r::text, '' order by cell)) from waypost.hex_current r"),
            asked(base, "select count(*) from waypost.hex_geom"),
            asked(base, "select count(*) from pg_inherits"),
            asked(base, "select count(*) from pg_class where relkind = 'r' and relnamespace = 'waypost'::regnamespace"),
        ])  # fmt: skip
    assert state[0] == state[1]
    assert state[0][2] == [(7,)]  # one partition of hexagons, six of places


def test_partitions_of_forgotten_releases_go(base, tmp_path):
    "What the store no longer lists leaves the database with the next publication"
    release(tmp_path)
    first = published(base, tmp_path).release
    release(tmp_path, deaths=5.0)
    done = published(base, tmp_path, kept=set())
    assert done.dropped == [first]
    assert asked(base, "select distinct release from waypost.hex_rel") == [(done.release,)]


@pytest.mark.parametrize("change", ["audience", "declaration"])
def test_what_was_shown_under_wider_rules_goes(base, tmp_path, change):
    "For other people, or with a source declared more sensitive, older partitions are no longer right"
    release(tmp_path)
    first = published(base, tmp_path).release
    release(tmp_path, sensitivity="high" if change == "audience" else "severe")
    done = published(base, tmp_path, "public" if change == "audience" else "cell")
    assert done.dropped == [first]
    assert asked(base, "select count(*) from waypost.incidents_rel where release = %s", first) == [
        (0,)
    ]


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_an_audience_gets_no_more_than_its_view(base, tmp_path, audience):
    "Cell for cell and point for point what the view shows: coarse positions, no small counts"
    made = release(tmp_path)
    published(base, tmp_path, audience)
    seen = View(made, audience)
    wide = seen.wide(list(q.HEX_QUANTITIES)).set_index("cell")
    for name in ("population_people", "elevation_m", "incidents_count"):
        there = dict(asked(base, f"select cell, {name} from waypost.hex_current"))
        expected = wide[name].reindex(list(there)).to_numpy(np.float32)
        np.testing.assert_array_equal(np.array(list(there.values()), np.float32), expected)
    points = asked(base, "select st_y(geom), st_x(geom) from waypost.incidents_current")
    places = seen.places("incidents")
    assert sorted(points) == sorted(zip(places["lat_deg"], places["lon_deg"], strict=True))
    assert (35.9, 14.4) not in points


def test_a_failure_leaves_what_was_there(base, tmp_path, monkeypatch):
    "Fewer rows than the manifest says, in the last layer: the old release is still shown, whole"
    release(tmp_path)
    first = published(base, tmp_path).release
    release(tmp_path, deaths=5.0)
    copied = postgis._Writer._copied

    def short(self, layer, table):
        if layer.name == "incidents":
            object.__setattr__(layer, "as_csv", lambda: b"")
        copied(self, layer, table)

    monkeypatch.setattr(postgis._Writer, "_copied", short)
    with pytest.raises(PublishingFailed, match="incidents: 0 rows, the release has 12"):
        published(base, tmp_path)
    assert asked(base, "select distinct release from waypost.hex_current") == [(first,)]
    assert asked(base, "select count(*) from pg_inherits") == [(7,)]


def test_a_gis_reads_the_view(base, tmp_path):
    "Through geopandas, as a GIS would: polygons in WGS84, as many as cells"
    import geopandas as gpd
    import shapely

    release(tmp_path)
    published(base, tmp_path)
    rows = asked(base, "select st_asbinary(geom), population_people from waypost.hex_current")
    frame = gpd.GeoSeries(shapely.from_wkb([shape for shape, _ in rows]), crs=4326)
    assert len(frame) == len(builders.cells())
    assert set(frame.geom_type) == {"Polygon"}
    declared = asked(
        base, "select type, srid from geometry_columns where f_table_name = 'hex_current'"
    )
    assert declared == [("POLYGON", 4326)]


def test_command(base, tmp_path, monkeypatch, capsys):
    "The connection from the environment, the public by default, and no word of the secret"
    release(tmp_path)
    monkeypatch.setenv("WAYPOST_SECRET_POSTGIS", f"{base} password=hush-hush")
    assert main(["publish", "--postgis", "--store", str(tmp_path)]) == 0
    assert asked(base, "select audience from waypost.current_release") == [("public",)]
    monkeypatch.setenv("WAYPOST_SECRET_POSTGIS", "host=127.0.0.1 port=1 password=hush-hush")
    assert main(["publish", "--postgis", "--store", str(tmp_path)]) == 2
    monkeypatch.setenv("WAYPOST_SECRET_POSTGIS", "hush-hush nonsense")
    assert main(["publish", "--postgis", "--store", str(tmp_path)]) == 2
    said = "".join(capsys.readouterr())
    assert "hex_current" in said and "cannot be reached" in said
    assert "hush" not in said


@pytest.mark.parametrize("dsn", ["host=x password=hush", "postgresql://me:hush@host/db"])
def test_passwords_do_not_stand_on_the_command_line(tmp_path, capsys, dsn):
    "Other users of a machine can list its processes"
    assert main(["publish", "--postgis", dsn, "--store", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "command line" in said and "hush" not in said


def test_names_are_only_names(base, tmp_path):
    "A schema of odd letters is a schema of odd letters"
    made = release(tmp_path)
    odd = 'x"; drop table users; --'
    postgis.publish(base, made, View(made, "cell"), [], odd)
    assert asked(base, "select count(*) from pg_namespace where nspname = %s", odd) == [(1,)]
