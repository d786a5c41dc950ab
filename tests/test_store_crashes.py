"""Killed writers, writers at the same time, and power cuts: nothing torn, nothing lost."""

import json
import multiprocessing
import os
import subprocess
import sys

import pytest

from geo_data.store import Store
from tests import crashes
from tests.published import published, series, shown


def campaign(*asked):
    "A campaign of crashes in a process of its own."
    command = [sys.executable, "-m", "tests.crashes", *map(str, asked)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_writer_killed_again_and_again(tmp_path):
    "Two readers see no torn, mixed or older release; what was acknowledged is there"
    said = campaign("kill", tmp_path, "--times", 20)
    assert said["bad"] == []
    assert said["lost"] == []
    assert said["leftovers"] == []
    assert said["in_commit"] > 10
    assert said["reads"] > 50
    assert said["restart_mean_s"] < 5


def publishes(folder, base):
    for number in range(base, base + 8):
        Store(folder).publish({"series": series(number)}, {"n": number})


def test_three_writers_at_once(tmp_path):
    "Three processes publish eight releases each: 24 releases, each with its own value"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=publishes, args=(tmp_path, 100 * k)) for k in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    found = Store(tmp_path).releases()
    assert [shown(release) for release in found] == [[r.manifest["n"]] for r in found]
    assert sorted(r.manifest["n"] for r in found) == [
        100 * k + i for k in range(3) for i in range(8)
    ]
    assert len({release.name for release in found}) == 24


def test_sixteen_racing_publishers(tmp_path):
    "Sixteen threads: sixteen names, one after the other"
    from concurrent.futures import ThreadPoolExecutor

    published(tmp_path, 0)
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda n: published(tmp_path, n).folder, range(1, 17)))
    found = Store(tmp_path).releases()
    assert len(made) == 16
    assert sorted(shown(release)[0] for release in found) == list(range(17))
    assert len({release.name for release in found}) == 17


def test_power_is_cut(tmp_path):
    "The disk as it is at some moment holds every release that was acknowledged until then"
    if reason := crashes.can_mount(tmp_path / "try"):
        pytest.skip(reason)
    for cut in campaign("cut", tmp_path / "cuts", "--times", 3):
        assert cut["acknowledged"] > 0
        assert (cut["lost"], cut["error"]) == ([], "")


def test_the_power_cut_is_a_real_one(tmp_path):
    "Without fsync the same cut loses releases; so the test above can fail"
    if reason := crashes.can_mount(tmp_path / "try"):
        pytest.skip(reason)
    cuts = campaign("cut", tmp_path / "cuts", "--times", 3, "--unsynced")
    assert any(cut["lost"] for cut in cuts)
