"""Damage is found, named and survived: readers get the last whole release and can say so."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from geo_data import delta, doctor, listing
from geo_data.errors import ReleaseMissing, StoreDamaged
from geo_data.repair import repair
from geo_data.store import Store
from tests.published import areas, data_file, last_entry, published, series, shown


def now():
    "The clock as it stands; a test may run long after this file was read"
    return datetime.now(UTC)


def cut(file):
    file.write_bytes(file.read_bytes()[:-20])


def alter(file):
    raw = bytearray(file.read_bytes())
    raw[8] ^= 1
    file.write_bytes(raw)


DAMAGE = {"missing": lambda file: file.unlink(), "cut": cut, "altered": alter}


def rules(found):
    return {finding.rule for finding in found.findings if finding.weight == "damage"}


def test_a_whole_store_is_called_whole(tmp_path):
    "Exit code 0 and nothing to say"
    found = doctor.examine(published(tmp_path, 1, 2), now())
    assert (found.exit_code, found.findings) == (0, [])


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_readers_fall_back_and_can_say_so(tmp_path, damage):
    "Of two releases the newer is damaged: the older one is shown"
    store = published(tmp_path, 1, 2)
    newest = store.latest()
    DAMAGE[damage](data_file(newest))
    assert shown(store.latest()) == [1]
    assert list(store.passed_over()) == [newest.name]
    assert [shown(release) for release in store.releases()] == [[1]]
    with pytest.raises(StoreDamaged, match="python -m etl doctor"):
        newest.table("series")


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_doctor_finds_it_and_repair_falls_back(tmp_path, damage):
    "Also one altered bit; afterwards the store is whole and shows the older values"
    store = published(tmp_path, 1, 2)
    bad = store.latest().name
    DAMAGE[damage](data_file(store.latest()))
    found = doctor.examine(store, now())
    assert (found.exit_code, rules(found)) == (2, {"release_broken"})
    assert data_file(store.release(bad)).name in str(found.findings)
    after = repair(store, now())
    assert after.exit_code == 0
    assert (store.latest().operation, shown(store.latest())) == ("repair", [1])
    assert bad in store.latest().reason
    assert json.loads((tmp_path / "set-aside" / f"{bad}.json").read_text())["manifest"]["n"] == 2


def test_a_damaged_file_is_evidence(tmp_path):
    "The altered file is moved, not deleted"
    store = published(tmp_path, 1, 2)
    file = data_file(store.latest())
    alter(file)
    raw = file.read_bytes()
    repair(store, now())
    (moved,) = (tmp_path / "set-aside").rglob("*.parquet")
    assert moved.read_bytes() == raw


def test_a_damaged_file_is_not_used_again(tmp_path):
    "The same values published once more are written once more"
    store = published(tmp_path, 1)
    alter(data_file(store.latest()))
    made = store.publish({"series": series(1), "areas": areas()}, {})
    assert made.fault(deep=True) == ""
    assert shown(made) == [1]


@pytest.mark.parametrize("table", ["series", "releases"])
@pytest.mark.parametrize("size", [0, 40])
def test_a_torn_last_log_entry(tmp_path, table, size):
    "Reported; what was readable stays so, repair brings the newest back, the next run goes in"
    store = published(tmp_path, 1, 2)
    entry = last_entry(store, table)
    entry.write_bytes(entry.read_bytes()[:size])
    assert shown(store.latest()) == [2 if table == "series" else 1]
    assert bool(store.passed_over()) == (table == "releases")
    found = doctor.examine(store, now())
    assert found.exit_code == 2
    assert "log_broken" in rules(found)
    assert repair(store, now()).exit_code == 0
    assert [shown(r) for r in store.releases()] == [[2], [1]]
    assert shown(store.publish({"series": series(3)}, {})) == [3]


def test_the_next_run_mends_a_torn_log_by_itself(tmp_path):
    "Nobody has to come to an unattended station after a power cut"
    store = published(tmp_path, 1, 2)
    for table in ("series", "releases"):
        last_entry(store, table).write_bytes(b"")
    assert shown(store.publish({"series": series(3)}, {})) == [3]
    assert [shown(r) for r in store.releases()] == [[3], [2], [1]]


@pytest.mark.parametrize("table", ["series", "releases"])
def test_a_gap_in_the_log(tmp_path, table):
    "A log entry in the middle is gone: nothing published is lost by the repair"
    store = published(tmp_path, 1, 2, 3)
    (tmp_path / table / "_delta_log" / f"{1:020}.json").unlink()
    assert "log_gap" in rules(doctor.examine(store, now()))
    repair(store, now())
    assert [shown(r) for r in store.releases()] == [[3], [2], [1]]
    assert shown(published(tmp_path, 4).latest()) == [4]


def test_a_gap_is_told_to_who_writes(tmp_path):
    "A sentence, not a traceback"
    published(tmp_path, 1, 2, 3)
    (tmp_path / "series" / "_delta_log" / f"{1:020}.json").unlink()
    with pytest.raises(StoreDamaged, match="doctor --repair"):
        published(tmp_path, 4)


@pytest.fixture(scope="module")
def ninety_nine(tmp_path_factory):
    "A table of ninety-nine commits: the next but one writes a checkpoint."
    folder = tmp_path_factory.mktemp("log") / "table"
    for number in range(99):
        delta.write(folder, pa.table({"n": [number]}))
    return folder


def test_old_versions_outlive_a_month(tmp_path, ninety_nine):
    "Left alone, delta-rs drops log entries of 30 days at every hundredth commit"
    shutil.copytree(ninety_nine, tmp_path / "table")
    for entry in delta.entries(tmp_path / "table"):
        os.utime(entry, (0, 0))
    for number in range(99, 103):
        delta.write(tmp_path / "table", pa.table({"n": [number]}))
    files = delta.files_at(tmp_path / "table", 5)
    assert delta.read(tmp_path / "table", files)["n"].to_pylist() == [5]


def test_a_torn_checkpoint(tmp_path, ninety_nine):
    "Set aside with the hint at it; the log alone says the same"
    shutil.copytree(ninety_nine, tmp_path / "table")
    for number in (99, 100):
        delta.write(tmp_path / "table", pa.table({"n": [number]}))
    (checkpoint,) = (tmp_path / "table" / "_delta_log").glob("*.checkpoint.parquet")
    checkpoint.write_bytes(b"")
    assert not delta.opens(tmp_path / "table")
    delta.heal(tmp_path, tmp_path / "table", only_last=True)
    assert delta.read(tmp_path / "table", delta.files_at(tmp_path / "table"))["n"][0].as_py() == 100


def test_a_list_without_a_readable_entry_is_not_an_empty_store(tmp_path):
    "The app must not build the demo over a damaged store"
    store = published(tmp_path, 1)
    last_entry(store, "releases").write_bytes(b"{")
    with pytest.raises(StoreDamaged):
        store.latest()
    assert repair(store, now()).exit_code == 0
    assert shown(store.latest()) == [1]


def test_nothing_whole_is_said(tmp_path):
    "One release, its file gone"
    store = published(tmp_path, 1)
    data_file(store.latest()).unlink()
    with pytest.raises(StoreDamaged, match="none of 1 releases"):
        store.latest()
    assert repair(store, now()).exit_code == 2


def test_a_newer_store_is_refused_not_misread(tmp_path, monkeypatch):
    "The format that a later version will write"
    store = published(tmp_path, 1)
    monkeypatch.setattr(listing, "FORMAT", listing.FORMAT + 1)
    store.publish({"series": series(2)}, {})
    monkeypatch.undo()
    listing._rows_at.cache_clear()
    with pytest.raises(StoreDamaged, match="newer Waypost"):
        store.latest()
    assert rules(doctor.examine(store, now())) == {"newer_store"}


def test_a_store_of_the_first_format_is_read(tmp_path):
    "Rows without the later columns, tables without a list of files"
    store = published(tmp_path, 1)
    row = listing._as_table([store.latest()]).to_pylist()[0]
    entries = json.loads(row["tables"])
    for entry in entries.values():
        del entry["files"]
    old = {n: row[n] for n in ("release", "at", "manifest")} | {"tables": json.dumps(entries)}
    listing.delta.write(
        tmp_path / "releases",
        pa.Table.from_pylist([old], schema=pa.schema(list(listing.SCHEMA)[:4])),
    )
    assert shown(store.latest()) == [1]
    assert doctor.examine(store, now()).exit_code == 0
    published(tmp_path, 2)
    assert [shown(r) for r in store.releases()] == [[2], [1]]


def test_a_clock_that_was_ahead(tmp_path):
    "A release from tomorrow is pointed out; the next one still comes after it"
    store = Store(tmp_path)
    later = now() + timedelta(days=1)
    store.publish({"series": series(1)}, {}, at=later)
    found = doctor.examine(store, now())
    assert (found.exit_code, [f.rule for f in found.findings]) == (1, ["clock"])
    store.publish({"series": series(2)}, {})
    assert shown(store.latest()) == [2]


def test_who_writes_is_said(tmp_path):
    "Process and since when; a run that died leaves a note, no lock"
    store = published(tmp_path, 1)
    with store.writing():
        (finding,) = doctor.examine(Store(tmp_path), now()).findings
    assert finding.rule == "locked"
    assert "process" in finding.found and "since 20" in finding.found
    (tmp_path / ".writer.json").write_text('{"pid": 1, "host": "h", "since": "2026-01-01"}')
    (finding,) = doctor.examine(store, now()).findings
    assert (finding.rule, finding.weight) == ("run_died", "note")


def test_leftovers_are_told_and_swept(tmp_path):
    "A file of a killed run; the next run removes it, and nothing else"
    store = published(tmp_path, 1)
    for name in ("part-0.parquet", "part-0.parquet#1"):
        (tmp_path / "series" / name).write_bytes(b"x")
    (finding,) = doctor.examine(store, now()).findings
    assert finding.found.startswith("2 files (2 bytes)")
    published(tmp_path, 2)
    assert [shown(r) for r in store.releases()] == [[2], [1]]
    assert doctor.examine(store, now()).findings == []


def test_a_rollback_is_a_new_release(tmp_path):
    "Three releases, the first is shown again; the second stays in the history"
    store = published(tmp_path, 1, 2)
    first = store.releases()[-1].name
    made = store.rollback(first, reason="doubled counts", actor="duty officer")
    assert [shown(r) for r in store.releases()] == [[1], [2], [1]]
    assert (made.of, made.reason, made.actor) == (first, "doubled counts", "duty officer")
    with pytest.raises(ReleaseMissing, match="history"):
        store.rollback("20200101", reason="no such")
