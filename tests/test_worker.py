"""Reading in another process: the same release, and nothing that a reader does takes a run down."""

import faulthandler
import os
import re
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl import children, contributions, files, jobs, messages, runner
from etl.accounts import Contribution, HexValues, Repair
from etl.commands.run import SIMULATED
from etl.sandbox import OPEN, Sandbox
from geo_data import operations, tables
from geo_data.errors import WaypostError
from geo_data.settings import Settings
from geo_data.store import Store
from tests.declared import TODAY, operation, source

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs what the Linux kernel offers")
TEXTS = st.one_of(st.none(), st.just(np.nan), st.just(pd.NA), st.text(max_size=5))
COLUMNS = {
    "object": st.lists(TEXTS, min_size=3, max_size=3).map(lambda v: pd.Series(v, dtype=object)),
    "bytes": st.lists(st.one_of(st.none(), st.binary()), min_size=3, max_size=3).map(
        lambda v: pd.Series(v, dtype=object)),
    "whole": st.lists(st.one_of(st.just(pd.NA), st.integers(-(2**62), 2**62)), min_size=3,
                      max_size=3).map(lambda v: pd.Series(v, dtype=object)),
    "day": st.lists(st.one_of(st.just(pd.NaT), st.dates()), min_size=3, max_size=3).map(
        lambda v: pd.Series(v, dtype=object)),
    "str": st.lists(st.one_of(st.none(), st.text()), min_size=3, max_size=3).map(
        lambda v: pd.Series(v, dtype="str")),
    "float": st.lists(st.floats(), min_size=3, max_size=3).map(pd.Series),
    "flag": st.lists(st.sampled_from([True, False, None]), min_size=3, max_size=3).map(
        lambda v: pd.Series(v, dtype="boolean")),
    "time": st.just(pd.Series(pd.to_datetime(["2024-01-01", None, "1900-02-28"])).astype("M8[s]")),
    "Int64": st.just(pd.Series([1, None, 2**60], dtype="Int64")),
}  # fmt: skip


def same(left, right):
    pd.testing.assert_frame_equal(left, right, check_exact=True, check_index_type="exact")
    for name in left:
        assert [type(v) for v in left[name]] == [type(v) for v in right[name]]


@settings(deadline=None, max_examples=30)
@given(frame=st.fixed_dictionaries(COLUMNS), sparse=st.booleans())
def test_a_contribution_comes_back_exactly(tmp_path_factory, frame, sparse):
    "Types, texts, bytes, days and the kind of every null; a second writing is the first"
    folder, table = tmp_path_factory.mktemp("c"), pd.DataFrame(frame)
    table = table[[True, False, True]] if sparse else table
    hexes = HexValues("elevation_m", np.array([2**61]), np.array([np.nan]), np.array([0.5]), True)
    gave = Contribution(
        rows_in=3, accepted=3, quarantine=tables.empty("quarantine"), tables={"series": table},
        hexes=[hexes], repairs=[Repair("swapped", 2, "é")], warnings=["w"],
    )  # fmt: skip
    contributions.write(gave, folder)
    back = contributions.read(folder)
    same(table, back.tables["series"])
    same(gave.quarantine, back.quarantine)
    assert (back.repairs, back.warnings) == ((Repair("swapped", 2, "é"),), ("w",))
    assert back.hexes[0].cell[0] == 2**61 and np.isnan(back.hexes[0].value[0])


def test_half_a_contribution_is_none(tmp_path):
    "Without its document, and with a table cut short, a folder holds nothing"
    gave = Contribution(rows_in=0, accepted=0, quarantine=tables.empty("quarantine"))
    contributions.write(gave, tmp_path)
    (tmp_path / "quarantine.arrow").write_bytes(b"ARROW1")
    with pytest.raises(ValueError, match="no whole contribution"):
        contributions.read(tmp_path)


@pytest.fixture(scope="module")
def both(demo_store):
    "The demo as built through children, and again in this process."
    with_children = Store(demo_store).latest()
    folders = [demo_store / SIMULATED, operations.DEMO.parent]
    demo, store = operations.load(operations.DEMO), Store(demo_store.parent / "open")
    alone, _ = runner.run(demo, store, folders, Settings(sandbox="off"))
    return with_children, alone


@pytest.mark.parametrize("name", tables.SHAPES)
def test_the_demo_is_the_same_with_and_without_children(both, name):
    "Every table, to the last bit and null"
    # A store gives the rows of a large table in no promised order.
    ours, alone = (
        frame.sort_values([*frame.columns], ignore_index=True)
        for frame in (release.table(name).to_pandas() for release in both)
    )
    pd.testing.assert_frame_equal(ours, alone, check_exact=True)


def test_the_manifest_says_how_files_were_read(both):
    "What the children went without, or that there were none"
    ours, alone = (release.manifest["parsing"] for release in both)
    assert ours[0] == "in a child process" and alone == [OPEN]


@LINUX
@pytest.mark.parametrize("taken", ["network", "files", "sockets"])
def test_the_kernel_takes_away_what_it_can(both, taken):
    "Where this test runs all three are expected; elsewhere fewer may be had"
    found = both[0].manifest["parsing"]
    if not any(taken in words for words in found):
        pytest.skip(f"this kernel does not take {taken} away: {found}")


@pytest.fixture
def doing(tmp_path, monkeypatch):
    "Has a child do something instead of its job and gives its end, its folder and its sentence."
    monkeypatch.setattr(children, "_share_cells", lambda _: None)

    def do(action, **settings):
        given = Settings(**{"parse_bytes": 500_000_000, "parse_s": 60} | settings)
        monkeypatch.setattr(jobs, "run", lambda *_: action())
        request = messages.Request(tmp_path, source(), [], operation(), given, TODAY)
        end = children.in_child(request)
        with pytest.raises(WaypostError) as told:
            Sandbox(given)._answer(end, tmp_path, "a.csv", contributions.read)
        return end, str(told.value), (tmp_path / children.SAID).read_text()

    return do


def _abort():
    faulthandler.disable()  # that of the tests
    os.abort()


def _fault():
    faulthandler.disable()
    os.kill(os.getpid(), 11)


def _fill():
    return [bytearray(100_000_000) for _ in range(100)]


@LINUX
@pytest.mark.parametrize(
    ("action", "settings", "said"),
    [
        (_abort, {}, "ends its reader (SIGABRT)"),
        (_fault, {}, "ends its reader (SIGSEGV)"),
        (lambda: os._exit(0), {}, "leaves no whole answer behind"),
        (lambda: os._exit(9), {}, "ends its reader (code 9)"),
        (lambda: time.sleep(600), {"parse_s": 1}, "at most 1 s. Cut .* WAYPOST_PARSE_S"),
        (_fill, {}, "at most 500,000,000 bytes. Cut .* WAYPOST_PARSE_BYTES"),
        (lambda: 1 / 0, {}, "the job failed (ZeroDivisionError)"),
    ],
)  # fmt: skip
def test_whatever_ends_a_child_is_one_sentence(doing, action, settings, said):
    "Crash, silence, time, memory and our own fault each have their words and their setting"
    _, told, _ = doing(action, **settings)
    pattern = ".*".join(re.escape(part) for part in said.split(" .* "))
    assert re.search(pattern, told) and "\n" not in told


@LINUX
@pytest.mark.parametrize(
    "action",
    [
        lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
        lambda: socket.socket(socket.AF_INET),
        lambda: subprocess.run(["/bin/true"], check=True),
        lambda: os.execv("/bin/true", ["true"]),
        lambda: Path("/etc/hostname").read_text(),
        lambda: Path("/proc/self/environ").read_text(),
        lambda: Path("/var/tmp/waypost").write_text("x"),
        lambda: os.kill(os.getppid(), 0),
    ],
)  # fmt: skip
def test_a_child_reaches_nothing(doing, action):
    "Neither host nor program nor file nor process outside its own"
    if "sockets" not in str(children._withheld()) or "files" not in str(children._withheld()):
        pytest.skip("this kernel offers neither Landlock nor seccomp")
    _, told, log = doing(action)
    assert "the job failed (PermissionError)" in told, log


def test_the_server_knows_no_secret(tmp_path, monkeypatch):
    "A token in our environment is in no environment of the reading process"
    monkeypatch.setenv("KOBO_TOKEN", "swordfish-4711")
    with Sandbox(Settings()) as sandbox:
        if not sandbox.inside:
            pytest.skip("no child processes here")
        sandbox.how()
        environment = Path(f"/proc/{sandbox._server.pid}/environ").read_bytes()
    assert b"PATH" in environment and b"swordfish" not in environment


def test_a_dead_server_is_started_again(tmp_path):
    "The source after it is read as if nothing had been"
    (tmp_path / "a.csv").write_text("name,lat,lon\nA,32.9,13.2\n")
    columns = {"name": "name", "lat_deg": "lat", "lon_deg": "lon"}
    one = source(columns=columns, constants={"landmark_type": "town"})
    found = files.find(one, [tmp_path], Settings())
    with Sandbox(Settings()) as sandbox:
        assert sandbox.run(one, found, operation(), TODAY).accepted == 1
        if sandbox.inside:
            sandbox._server.kill()
            sandbox._server.wait()
        assert sandbox.run(one, found, operation(), TODAY).accepted == 1


def test_a_request_keeps_nan_and_days():
    "What a declaration may hold comes over as it is"
    one = source(constants={"name": float("inf")}, fetched=date(2024, 2, 29))
    asked = messages.Request(Path("/x"), one, [Path("a b")], operation(), Settings(), TODAY)
    assert messages.unpacked(messages.packed(asked), messages.Request) == asked
