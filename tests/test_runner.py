"""A run keeps what is good, explains what is not, and publishes whole releases only."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from etl import __main__ as command
from etl import runner
from geo_data import operations
from geo_data.errors import NothingUsable
from geo_data.settings import Settings
from geo_data.store import Store

ROOT = Path(__file__).parent.parent
HEAD = """\
key = "test"
title = "Test"
area = [11, 34, 15, 37]
resolution = 5
countries = ["ITA", "MLT"]
"""
SOURCE = """
[[source]]
key = "{key}"
title = "{key}"
owner = "Nobody"
licence = "CC0"
job = "services"
path = "{key}.csv"
sensitivity = "low"
[source.read]
format = "delimited"
[source.columns]
name = "name"
lat_deg = "lat"
lon_deg = "lon"
[source.constants]
sector = "health"
"""
GOOD = "name,lat,lon\nA,35.9,14.45\nB,35.5,12.6\nC,35.9,14.5\n"
BROKEN = {
    "empty": ("", "no header|empty|nothing"),
    "encoding": (b"name,lat,lon\nM\xe9decins,35.9,14.45\n", "utf-8"),
    "column": ("name,latitude,lon\nA,35.9,14.45\n", "lat"),
    "swapped": (
        "name,lat,lon\nA,14.45,35.9\nB,12.6,35.5\nC,14.5,35.9\n",
        "position_swapped|outside_operation",
    ),
}


def run(folder, **files):
    for key, content in files.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / f"{key}.csv").write_bytes(raw)
    text = HEAD + "".join(SOURCE.format(key=key) for key in files)
    (folder / "op.toml").write_text(text, encoding="utf-8")
    operation = operations.load(folder / "op.toml")
    store = Store(folder / "store")
    return runner.run(operation, store, [folder], Settings(), today=date(2026, 1, 1))


def accounts(release):
    return {source["source"]: source for source in release.manifest["sources"]}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_source_never_takes_the_others_down(tmp_path, kind):
    "Three good rows arrive whatever stands in the other file; the reason is told"
    content, said = BROKEN[kind]
    release, _ = run(tmp_path, good=GOOD, bad=content)
    found = accounts(release)
    assert (found["good"]["status"], found["good"]["accepted"]) == ("ok", 3)
    assert found["bad"]["accepted"] == 0
    told = str(found["bad"]["error"]) + str(found["bad"]["reasons"])
    assert any(word in told for word in said.split("|"))
    assert len(release.table("services")) == 3


def test_a_missing_file_fails_its_source_alone(tmp_path):
    "The message says where it was looked for"
    (tmp_path / "good.csv").write_text(GOOD)
    text = HEAD + SOURCE.format(key="good") + SOURCE.format(key="gone")
    (tmp_path / "op.toml").write_text(text)
    operation = operations.load(tmp_path / "op.toml")
    release, outcomes = runner.run(operation, Store(tmp_path / "s"), [tmp_path], Settings())
    assert accounts(release)["gone"]["status"] == "failed"
    assert "gone.csv" in outcomes[1].error


def test_mostly_wrong_is_refused_with_its_account(tmp_path):
    "Two of three positions are no numbers: nothing is used, and all three rows are accounted for"
    bad = "name,lat,lon\nA,35.9,14.45\nB,x,12.6\nC,y,14.5\n"
    release, _ = run(tmp_path, good=GOOD, bad=bad)
    account = accounts(release)["bad"]
    assert (account["status"], account["rows_in"], account["quarantined"]) == ("failed", 3, 3)
    assert account["reasons"]["source_failed"] == 1


def test_without_any_usable_source_nothing_is_published(tmp_path):
    "An empty release would look like an empty region"
    with pytest.raises(NothingUsable):
        run(tmp_path, bad="name,lat,lon\n")
    assert Store(tmp_path / "store").releases() == []


def test_services_of_one_cell_add_up(tmp_path):
    "Two clinics on Malta, one on Lampedusa: 3 in all, none elsewhere"
    release, _ = run(tmp_path, good=GOOD)
    hexagons = release.table("hexagons").to_pandas()
    assert hexagons["health_count"].sum() == 3
    assert (hexagons["health_count__cover"] == 1).all()


@pytest.mark.parametrize(
    ("files", "code"),
    [({"good": GOOD}, 0), ({"good": GOOD, "bad": ""}, 1), ({"bad": ""}, 2)],
)
def test_exit_codes(tmp_path, files, code, capsys):
    "0 all in, 1 some failed, 2 nothing usable"
    for key, content in files.items():
        (tmp_path / f"{key}.csv").write_text(content)
    text = HEAD + "".join(SOURCE.format(key=key) for key in files)
    (tmp_path / "op.toml").write_text(text)
    store = str(tmp_path / "store")
    asked = ["run", str(tmp_path / "op.toml"), "--data", str(tmp_path), "--store", store, "--plain"]
    assert command.main(asked) == code
    assert ("Traceback" in capsys.readouterr().err) is False


def test_status_is_a_contract(tmp_path, capsys):
    "The keys that other programs rely on, no more and no fewer"
    run(tmp_path, good=GOOD)
    assert command.main(["status", "--store", str(tmp_path / "store"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"release", "at", "operation", "simulated", "sources"}
    assert set(said["sources"][0]) == {
        "source", "status", "rows_in", "accepted", "quarantined", "reasons", "reference_period",
        "fetched", "age_h", "late", "simulated",
    }  # fmt: skip


def test_the_demo_accounts_add_up(demo_store):
    "Every simulated file: rows in = accepted + quarantined, and the flaws put there are found"
    release = Store(demo_store).latest()
    for source in release.manifest["sources"]:
        assert source["rows_in"] == source["accepted"] + source["quarantined"], source["source"]
    table = release.table("quarantine").to_pandas()
    wrong = table[~table["rule"].isin(["outside_operation", "not_selected", "repeated_row"])]
    assert wrong["count"].sum() == 5


def test_the_demo_is_whole(demo_store):
    "Every layer of the demo has values, and unknown is not everywhere"
    release = Store(demo_store).latest()
    hexagons = release.table("hexagons").to_pandas()
    used = [name for name in release.manifest["methods"]]
    assert len(used) >= 15
    assert hexagons[used].notna().any().all()
    assert pd.Series(hexagons["cell"]).is_monotonic_increasing


def test_the_process_ends_with_the_exit_code(tmp_path):
    "Eight processes in a row: none is aborted while it ends"
    run(tmp_path, good=GOOD)
    asked = [sys.executable, "-m", "etl", "status", "--store", str(tmp_path / "store")]
    codes = [subprocess.run(asked, cwd=ROOT, capture_output=True).returncode for _ in range(8)]
    assert codes == [0] * 8
