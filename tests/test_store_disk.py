"""A disk that is full, failing or read-only: the last release stays, and the disk is named."""

import errno
import json
import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from etl.__main__ import main
from geo_data import delta, disk, doctor, listing
from geo_data.errors import StoreFull, StoreUnwritable
from geo_data.store import Store
from tests.crashes import run
from tests.published import MANIFEST, areas, published, series, shown
from tests.test_store_damage import now


def failing(real, at, problem, *, after=False):
    "The real thing, but for one call, which fails before or after it is done."
    calls = [0]

    def call(*args, **kwargs):
        calls[0] += 1
        if calls[0] == at and not after:
            raise problem
        done = real(*args, **kwargs)
        if calls[0] == at:
            raise problem
        return done

    call.calls = calls
    return call


STEPS = [
    (module, name, at, after)
    for module, name, count in ((delta, "write_deltalake", 3), (disk, "_fsync", 17))
    for at in range(1, count + 1)
    for after in (False, True)
]


@pytest.mark.parametrize(("module", "name", "at", "after"), STEPS)
def test_a_full_disk_at_every_step(tmp_path, monkeypatch, module, name, at, after):
    "Whatever write fails: readers have a whole release, and the next run repairs what is left"
    store = published(tmp_path, 1)
    full = OSError(errno.ENOSPC, "No space left on device")
    patched = failing(getattr(module, name), at, full, after=after)
    monkeypatch.setattr(module, name, patched)
    with pytest.raises(StoreFull, match=r"disk mounted at /.* MB needed, .* MB free"):
        store.publish({"series": series(2), "incidents": series(2)}, {})
    monkeypatch.undo()
    assert shown(Store(tmp_path).latest()) in ([1], [2])
    assert store.passed_over() == {}
    assert shown(store.publish({"series": series(3)}, {})) == [3]
    left = doctor.examine(store, now())
    assert [f.rule for f in left.findings if f.rule != "leftovers"] == []


def test_every_step_was_tried(tmp_path, monkeypatch):
    "The list of steps above ends where a publication ends"
    store = published(tmp_path, 1)
    counts = {}
    for module, name in ((delta, "write_deltalake"), (disk, "_fsync")):
        counts[name] = failing(getattr(module, name), 0, None)
        monkeypatch.setattr(module, name, counts[name])
    store.publish({"series": series(2), "incidents": series(2)}, {})
    tried = {name: max(at for _, n, at, _ in STEPS if n == name) for name in counts}
    assert {name: call.calls[0] for name, call in counts.items()} == tried


def test_a_failing_disk_is_told_from_a_full_one(tmp_path, monkeypatch):
    "Input/output error"
    store = published(tmp_path, 1)
    broken = failing(disk._fsync, 4, OSError(errno.EIO, "Input/output error"))
    monkeypatch.setattr(disk, "_fsync", broken)
    with pytest.raises(StoreUnwritable, match="Input/output error.*Check the disk"):
        store.publish({"series": series(2)}, {})
    assert shown(store.latest()) == [1]


def test_too_little_room_is_known_before_the_run(tmp_path, monkeypatch):
    "Three times the last release must be free"
    store = published(tmp_path, 1)
    size = store.latest().size_bytes
    monkeypatch.setattr(disk, "free_bytes", lambda folder: 3 * size - 1)
    with pytest.raises(StoreFull), store.writing():
        pass
    monkeypatch.setattr(disk, "free_bytes", lambda folder: 3 * size)
    with store.writing():
        pass


def test_all_is_on_the_disk_before_readers_see_it(tmp_path, monkeypatch):
    "Data files, log entries and folders are synced, as long as they are, before the row"
    synced, rows = {}, []
    real_sync, real_append = disk._fsync, listing.append

    def sync(path):
        synced[path] = path.stat().st_size
        real_sync(path)

    def append(store, release):
        rows.append(dict(synced))
        real_append(store, release)

    monkeypatch.setattr(disk, "_fsync", sync)
    monkeypatch.setattr(listing, "append", append)
    published(tmp_path, 1)
    (before,) = rows
    for table in ("series", "areas"):
        for file in (tmp_path / table).rglob("*"):
            assert file.is_dir() or before[file] == file.stat().st_size, file
            assert file.parent in before
    for file in (tmp_path / "releases").rglob("*"):
        assert file.is_dir() or synced[file] == file.stat().st_size, file
    assert {tmp_path, tmp_path / "releases", tmp_path / "releases" / "_delta_log"} <= set(synced)


@pytest.fixture
def small_disk(tmp_path):
    "Three megabytes in memory."
    mount = tmp_path / "disk"
    mount.mkdir()
    try:
        run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(mount))
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting needs root")
    yield mount
    run("umount", str(mount))


def noise(size):
    return pa.table({"value": np.random.default_rng(0).random(size // 8)})


def test_a_disk_that_runs_full(small_disk, monkeypatch):
    "Four megabytes of noise do not fit: named, survived, and swept by the next run"
    store = published(small_disk / "store", 1)
    with pytest.raises(StoreFull, match=f"{small_disk}.*4.0 MB needed"):
        store.publish({"noise": noise(4_000_000)}, {})
    monkeypatch.setattr(disk, "room_for", lambda *_: None)
    with pytest.raises(StoreFull, match=str(small_disk)):
        store.publish({"series": series(2), "noise": noise(4_000_000)}, {})
    assert shown(store.latest()) == [1]
    monkeypatch.undo()
    assert shown(store.publish({"series": series(3), "areas": areas()}, MANIFEST)) == [3]
    assert doctor.examine(store, now()).findings == []


def test_a_read_only_disk(small_disk, capsys):
    "Readers read on; a writer is told which folder"
    folder = small_disk / "store"
    store = published(folder, 1)
    run("mount", "-o", "remount,ro", str(small_disk))
    assert shown(Store(folder).latest()) == [1]
    with pytest.raises(StoreUnwritable, match=f"{folder} cannot be written.*[Rr]ead-only"):
        store.publish({"series": series(2)}, {})
    assert main(["doctor", "--store", str(folder)]) == 1
    assert "unwritable" not in capsys.readouterr().err


def test_a_second_run_is_told_since_when(tmp_path, capsys):
    "Exit code 3, and the time in the sentence"
    store = published(tmp_path, 1)
    with store.writing():
        asked = [sys.executable, "-m", "etl", "retain", "--store", str(tmp_path)]
        done = subprocess.run(asked, capture_output=True, text=True, env=os.environ)
    assert done.returncode == 3
    assert "another run, since 20" in done.stderr


def test_commands_of_an_operator(tmp_path, capsys):
    "History, pin, rollback, retain, export, import: exit code 0, JSON in a fixed shape"
    store, place = published(tmp_path / "s", 1, 2), ["--store", str(tmp_path / "s")]
    first = store.releases()[-1].name
    assert main(["pin", first, *place]) == 0
    assert main(["rollback", first, "--reason", "doubled", *place]) == 0
    assert main(["retain", "--keep", "1", "--days", "0", *place]) == 0
    assert main(["export", "latest", "--to", str(tmp_path / "x.waypost"), *place]) == 0
    assert main(["import", str(tmp_path / "x.waypost"), "--store", str(tmp_path / "t")]) == 0
    capsys.readouterr()
    assert main(["history", "--json", *place]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [row["operation"] for row in said] == ["rollback", "run", "run"]
    assert said[2] | {"at": ""} == {
        "release": first, "at": "", "operation": "run", "rows": 1, "data": "real",
        "status": "whole", "pinned": "pinned", "reason": "",
    }  # fmt: skip
    assert main(["rollback", "no-such", "--reason", "x", *place]) == 2
    assert main(["doctor", "--json", *place]) == 0
