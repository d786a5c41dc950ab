"""Files built to do harm: each defence alone stops what it is for, and without it harm is done."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from etl import drivers, files, jobs
from etl.sandbox import Sandbox
from geo_data.errors import WaypostError
from geo_data.settings import Settings
from geo_data.sources import Band, Read
from tests.declared import TODAY, operation, source
from tests.hostile import bombs, fuzz, leaks

ROOT = Path(__file__).parent.parent
OUTWARD = {  # the path on our server that each of them asks for
    "vrt_of_an_address.tif": "/vrt_of_an_address", "wms_named_tiff.tif": "/",
    "geojson_with_linked_crs.geojson": "/geojson_with_linked_crs", "wfs.geojson": "/wfs",
}  # fmt: skip
ALL = [*leaks.RASTERS, *leaks.VECTORS]


class Listener:
    "A server on this machine that remembers what it was asked for."

    def __init__(self):
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_error(404)

            do_HEAD = do_GET  # noqa: N815

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def taken(self):
        "What was asked since the last look."
        found, self.asked[:] = list(self.asked), []
        return found


def careless(how, paths, environment=None):
    "What a careless program gives for each file, and how it ended."
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | (environment or {})
    command = [sys.executable, "-m", "tests.hostile.careless", how, *map(str, paths)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    return dict(json.loads(line) for line in done.stdout.splitlines()), done


@pytest.fixture(scope="module")
def trap(tmp_path_factory):
    "The files, and what the ways to read them leak: by name, the secrets and the addresses asked."
    folder, listener = tmp_path_factory.mktemp("hostile"), Listener()
    made = leaks.make(folder / "data", leaks.targets(folder / "outside", listener.url))
    ways = {"open": ("open", {}), "drivers": ("open", drivers.environment()),
            "kernel": ("confined", {})}  # fmt: skip
    found = {}
    for name, (how, environment) in ways.items():
        said, _ = careless(how, made, environment)
        assert set(said) == set(ALL)
        found[name] = said, listener.taken()
    yield folder / "data", listener, found
    listener.server.shutdown()


def leaked(name, said, asked):
    secret = leaks.SECRET in said or f"[{leaks.PIXEL}, {leaks.PIXEL}" in said
    return secret or any(path.startswith(OUTWARD.get(name, "never")) for path in asked)


@pytest.mark.parametrize("name", ALL)
def test_without_any_defence_the_file_does_harm(trap, name):
    "The control of all that follows: a careless read gives the secret away or calls the address"
    said, asked = trap[2]["open"]
    assert leaked(name, said[name], asked)


@pytest.mark.parametrize("name", ALL)
def test_the_kernel_alone_stops_it(trap, name):
    "With all drivers and no check of ours, a confined process reaches no other file or host"
    said, asked = trap[2]["kernel"]
    assert not leaked(name, said[name], []) and not asked


@pytest.mark.parametrize("name", [n for n in ALL if n != "tiff_with_foreign_overview.tif"])
def test_the_list_of_drivers_alone_stops_it(trap, name):
    "All but the honest GeoTIFF that names a foreign overview, for which another check is"
    said, asked = trap[2]["drivers"]
    assert not leaked(name, said[name], []) and not asked


def declared(name):
    if name.endswith(".tif"):
        return source(job="raster", read=Read(format="raster"), path=name,
                      bands=[Band(quantity="elevation_m")])  # fmt: skip
    kinds = {".xlsx": "excel", ".csv": "delimited", ".xml": "shakemap"}
    read = Read(format=kinds.get(Path(name).suffix, "vector"))
    return source(read=read, path=name, columns={"landmark_type": "name", "name": "name"})


def given(run, file, settings=None):
    "What reading a file through a job says: the sentence of its refusal, or all its tables."
    one = declared(file.name)
    try:
        found = files.find(one, [file.parent], settings or Settings())
        gave = run(one, found, operation(), TODAY)
    except WaypostError as problem:
        return str(problem)
    return "accepted " + " ".join(str(table.to_dict()) for table in gave.tables.values())


def in_process(one, found, where, today):
    return jobs.run(one, found, where, Settings(), today)


@pytest.mark.parametrize("name", ALL)
def test_the_readers_alone_stop_it(trap, name):
    "In a process with all drivers and rights our readers neither leak nor call"
    folder, listener, _ = trap
    said = given(in_process, folder / name)
    assert not leaked(name, said, listener.taken())
    assert said.startswith("accepted") == (name == "geojson_with_linked_crs.geojson")


@pytest.fixture(scope="module")
def sandbox():
    "One server for all files; a gigabyte and ten seconds for each."
    with Sandbox(Settings(parse_bytes=1_000_000_000, parse_s=10)) as opened:
        yield opened


@pytest.mark.parametrize("name", ALL)
def test_all_together_give_one_sentence(trap, sandbox, name):
    "Through the child: nothing leaks, and a refusal names the file"
    folder, listener, _ = trap
    said = given(sandbox.run, folder / name)
    assert not leaked(name, said, listener.taken())
    assert said.startswith(("accepted", name)) and "Traceback" not in said


def big(folder):
    return bombs.workbook(
        folder / "a.xlsx", bombs.text_cell("A1", "name") + '<row r="2"><c r="A2" t="inlineStr">'
        "<is><t>", says=400,
    )  # fmt: skip


def corner(folder):
    ends = bombs.text_cell("A1", "x") + bombs.text_cell("XFD1048576", "y")
    return bombs.workbook(folder / "a.xlsx", ends)


POINT = b'{"type":"FeatureCollection","features":[]}'
BOMBS = {
    "2e9 x 2e9 pixels in 624 bytes": (
        lambda d: bombs.tiff(d / "a.tif", width=2_000_000_000, height=2_000_000_000),
        "4,000,000,000,000,000,000 pixels.*WAYPOST_MAX_PIXELS",
    ),
    "1e5 x 1e5 pixels, none stored": (
        lambda d: bombs.sparse_tiff(d / "a.tif", 100_000), "10,000,000,000 pixels.*at most"),
    "20,000 bands": (
        lambda d: bombs.tiff(d / "a.tif", width=100, height=100, bands=20_000),
        "20,000 bands, expected at most 16",
    ),
    "one block of 1.6 GB": (
        lambda d: bombs.sparse_tiff(
            d / "a.tif", 5_000, count=16, interleave="pixel", tiled=False, blockysize=5_000),
        "blocks of 5,000 x 5,000 pixels, 1,600,000,000 bytes.*TILED",
    ),
    "two cells at the ends of a sheet": (corner, "1,048,576 rows and 16,384 columns"),
    "a cell of 400 MB": (big, "unpacks to .* times its size"),
    "a member that lies about its size": (
        lambda d: bombs.lying_archive(d / "a.zip", "a.geojson", 50_000_000, 1_000),
        "unpacks to more than it says",
    ),
    "a member that grows 1,000 times": (
        lambda d: bombs.archive(d / "a.zip", ("a.geojson", b" " * 50_000_000)), "times its size"),
    "a zip named geojson": (
        lambda d: bombs.archive(d / "a.geojson", ("a.geojson", b" " * 50_000_000)),
        "times its size",
    ),
    "an archive in an archive": (
        lambda d: bombs.archive(d / "a.zip", ("b.zip", b"PK"), ("a.geojson", POINT)),
        "an archive in the archive",
    ),
    "a member outside": (
        lambda d: bombs.archive(d / "a.zip", ("../../a.geojson", POINT)), "names below the archive"
    ),
    "a member on a drive": (
        lambda d: bombs.archive(d / "a.kmz", ("C:/a.kml", b"<kml/>")), "names below the archive"),
    "a member that is a link": (
        lambda d: bombs.archive(d / "a.zip", ("a.geojson", POINT), link="b.geojson"),
        "which is a link",
    ),
    "a locked member": (
        lambda d: bombs.archive(d / "a.zip", ("a.geojson", POINT), locked=True), "password"),
    "two members of one name": (
        lambda d: bombs.archive(d / "a.zip", ("a.geojson", POINT), ("a.geojson", b"{}")),
        "two members named",
    ),
    "ten thousand members": (
        lambda d: bombs.archive(d / "a.zip", *((f"{n}.geojson", b"") for n in range(10_000))),
        "10,000 members, expected at most 5,000",
    ),
    "an endless view": (
        lambda d: bombs.geopackage(d / "a.gpkg", bombs.ENDLESS_VIEW, bombs.REGISTERED),
        "a view 'bad'",
    ),
    "a trigger": (
        lambda d: bombs.geopackage(
            d / "a.gpkg", "CREATE TRIGGER t AFTER INSERT ON good BEGIN DELETE FROM good; END"),
        "a trigger 't'",
    ),
    "entities in KML": (lambda d: bombs.entity_bomb(d / "a.kml", "kml"), "DOCTYPE"),
    "entities in GPX": (lambda d: bombs.entity_bomb(d / "a.gpx", "gpx"), "DOCTYPE|another kind"),
    "entities in a shake map": (
        lambda d: bombs.entity_bomb(d / "a.xml", "shakemap_grid"), "XML that declares entities"),
    "100,000 open brackets": (
        lambda d: _written(d / "a.geojson", b"[" * 100_000), "not JSON|JSON of type"),
}  # fmt: skip


def _written(file, content):
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_before_they_go_off(tmp_path, sandbox, name):
    "At once, by the check that knows them and not by a limit, in one sentence"
    make, expected = BOMBS[name]
    file, began = make(tmp_path), time.monotonic()
    said = given(sandbox.run, file)
    assert re.search(expected, said, re.DOTALL), said
    assert said.startswith(file.name) and "WAYPOST_PARSE" not in said
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "name",
    ["2e9 x 2e9 pixels in 624 bytes", "two cells at the ends of a sheet", "an endless view"],
)
def test_without_the_check_the_bomb_goes_off(tmp_path, name):
    "A careless read needs more than a gigabyte or two seconds, or takes the process with it"
    file = BOMBS[name][0](tmp_path)
    said, done = careless("limited", [file])
    went_off = done.returncode != 0 or re.search("emory|alloc|Read failed", said[file.name])
    assert went_off, said


@pytest.mark.parametrize("path", ["/etc/hostname", "../x.csv", "C:/x.csv", "http://x/y.csv"])
def test_a_declared_path_never_leaves_the_folder(tmp_path, path):
    "Absolute, climbing and remote paths are refused by name"
    with pytest.raises(WaypostError, match="leaves the data folder"):
        files.find(source(path=path), [tmp_path], Settings())


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    "A link to a file elsewhere is no file of ours"
    (tmp_path / "data").mkdir()
    (tmp_path / "secret.csv").write_text("a\n1\n")
    (tmp_path / "data" / "a.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(WaypostError, match="link that leaves"):
        files.find(source(path="a.csv"), [tmp_path / "data"], Settings())


def test_a_driver_that_an_upgrade_brings_is_found():
    "In the child's environment both libraries have the accepted drivers and no other"
    program = (
        "import rasterio, pyogrio\nwith rasterio.Env() as env: print(*env.drivers(), sep='\\n')\n"
        "print(*pyogrio.list_drivers(), sep='\\n')"
    )
    env = {"PATH": os.environ["PATH"], **drivers.environment()}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True)
    assert {"GTiff", "netCDF", "GRIB", "GPKG"} <= set(done.stdout.split("\n"))
    assert set(done.stdout.strip().split("\n")) <= set(drivers.ACCEPTED)


def test_every_sample_is_valid(tmp_path, sandbox):
    "The control of the next test: unchanged, each kind of file is accepted"
    samples = fuzz.samples(tmp_path)
    assert {fuzz.outcome(sandbox, *sample) for sample in samples.values()} == {"accepted"}
    assert len(samples) == 12


def test_damaged_files_always_have_an_outcome(tmp_path, sandbox):
    "Random bytes, cuts and repeats: 144 files, each accepted or refused in a sentence"
    found = [said for _, said, _ in fuzz.outcomes(sandbox, tmp_path, 144, seed=7)]
    assert len(found) == 144 and sandbox._server.poll() is None
    assert {fuzz.sort_of(said) for said in found} <= {"accepted", "refused", "crash", "limit"}
    assert not any("Traceback" in said or "\n" in said.strip() for said in found)
