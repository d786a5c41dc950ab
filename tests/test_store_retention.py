"""What stays: the last ones, one a day, all pinned, and what may still be on a screen."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from geo_data import disk, parcel, retention, unpacking
from geo_data.errors import ReleaseMissing, StoreDamaged
from geo_data.retention import Rules, retain
from geo_data.store import Store
from tests.published import MANIFEST, areas, data_file, published, series, shown

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
NOBODY = timedelta(0)


def aged(folder, *hours):
    "A store whose releases were made so many hours ago, oldest first; each shows its age."
    store = Store(folder)
    for age in hours:
        at = NOW - timedelta(hours=age)
        name = at.strftime("%Y%m%dT%H%M%S.%fZ")
        tables = {"series": series(age), "areas": areas()}
        store.publish(tables, MANIFEST, name=name, at=at)
    return store


def ages(store):
    return [shown(release)[0] for release in store.releases()]


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        (Rules(last=2, days=0, session=NOBODY), [1, 2]),
        (Rules(last=0, days=0, session=NOBODY), [1]),
        (Rules(last=1, days=2, session=NOBODY), [1, 14]),  # 14 h ago was yesterday, 22 h
        (Rules(last=1, days=3, session=NOBODY), [1, 14, 40]),
        (Rules(last=1, days=0, session=timedelta(hours=1.5)), [1, 2]),
        (Rules(last=1, days=0, session=timedelta(hours=3)), [1, 2, 14]),  # replaced 2 h ago
    ],
)
def test_what_stays(tmp_path, rules, left):
    "Releases of 60, 40, 20, 14, 2 and 1 hours ago, judged at noon"
    store = aged(tmp_path, 60, 40, 20, 14, 2, 1)
    retain(store, rules, NOW)
    assert ages(store) == left


def test_a_pinned_release_stays(tmp_path):
    "Until the pin is taken away"
    store = aged(tmp_path, 60, 40, 1)
    oldest = store.releases()[-1].name
    store.pin(oldest)
    rules = Rules(last=1, days=0, session=NOBODY)
    retain(store, rules, NOW)
    assert ages(store) == [1, 60]
    store.pin(oldest, pinned=False)
    retain(store, rules, NOW)
    assert ages(store) == [1]


def test_files_go_one_session_later(tmp_path):
    "Off the list at once; who holds the release can read it for 24 h more; then it is gone"
    store = aged(tmp_path, 60, 40, 1)
    held = store.releases()[-1]
    rules = Rules(last=1, days=0)
    assert retain(store, rules, NOW).retired == [r.name for r in (store.rows()[2],)]
    assert shown(held) == [60]
    with pytest.raises(ReleaseMissing):
        store.release(held.name)
    retain(store, rules, NOW + timedelta(hours=23))
    assert shown(held) == [60]
    done = retain(store, rules, NOW + timedelta(hours=25))
    assert held.name in done.dropped
    with pytest.raises(StoreDamaged):
        held.table("series")


def test_shared_files_stay(tmp_path):
    "A table that did not change belongs to both releases"
    store = Store(tmp_path)
    for number, age in ((1, 60), (2, 1)):
        at = NOW - timedelta(hours=age)
        name = at.strftime("%Y%m%dT%H%M%S.%fZ")
        tables = {"series": series(7), "incidents": series(number)}
        store.publish(tables, MANIFEST, name=name, at=at)
    rules = Rules(last=1, days=0, session=NOBODY)
    retain(store, rules, NOW)
    done = retain(store, rules, NOW)
    assert (done.files, len(done.dropped)) == (1, 1)
    assert shown(store.latest()) == [7]
    assert store.latest().fault(deep=True) == ""


def test_a_dry_run_changes_nothing_and_tells_the_truth(tmp_path):
    "The same verdict, then the same deed"
    store = aged(tmp_path, 60, 40, 1)
    rules = Rules(last=1, days=0, session=NOBODY)
    before = {file: file.stat().st_size for file in tmp_path.rglob("*.parquet")}
    said = retain(store, rules, NOW, dry_run=True)
    assert {file: file.stat().st_size for file in tmp_path.rglob("*.parquet")} == before
    done = retain(store, rules, NOW)
    assert replace(done, files=0, freed_bytes=0) == replace(said, files=0, freed_bytes=0)


def test_a_pin_brings_back_what_was_just_taken_off(tmp_path):
    "Its files are still there"
    store = aged(tmp_path, 60, 40, 1)
    oldest = store.releases()[-1].name
    retain(store, Rules(last=1, days=0), NOW)
    assert ages(store) == [1, 40]
    store.pin(oldest)
    assert ages(store) == [1, 40, 60]


def test_an_import_brings_back_what_was_just_taken_off(tmp_path):
    "Once, not twice"
    store = aged(tmp_path / "s", 60, 40, 1)
    oldest = store.releases()[-1]
    parcel.write(oldest, tmp_path / "x.waypost")
    retain(store, Rules(last=1, days=0), NOW)
    unpacking.read(store, tmp_path / "x.waypost", max_bytes=10**7)
    assert ages(store) == [1, 40, 60]
    assert len(store.rows()) == 3


def test_room_is_made_on_a_full_disk(tmp_path, monkeypatch):
    "Retention is what the message of a full disk advises; it must not ask for room itself"
    store = aged(tmp_path, 60, 40, 1)
    monkeypatch.setattr(disk, "free_bytes", lambda folder: 0)
    retain(store, Rules(last=1, days=0, session=NOBODY), NOW)
    assert ages(store) == [1]


def test_a_damaged_newest_release_does_not_push_out_the_last_whole_one(tmp_path):
    "Keep one: the one that can be read"
    store = aged(tmp_path, 60, 40, 1)
    data_file(store.latest()).unlink()
    retain(store, Rules(last=1, days=0, session=NOBODY), NOW)
    assert ages(store) == [40]
    assert len(store.passed_over()) == 1


def test_with_readers_running(tmp_path):
    "Thirty releases come and go under two readers; none of their reads fails"
    store = published(tmp_path, 0)
    rules, stop, wrong, reads = Rules(2, 0, timedelta(seconds=0.8)), threading.Event(), [], [0]

    def reader():
        while not stop.is_set():
            release = Store(tmp_path).latest()
            stop.wait(0.02)  # a screen that takes its time
            if shown(release) != [release.manifest["n"]]:
                wrong.append(release.name)
            reads[0] += 1

    def guarded():
        try:
            reader()
        except Exception as problem:
            wrong.append(problem)

    readers = [threading.Thread(target=guarded) for _ in range(2)]
    for thread in readers:
        thread.start()
    dropped = 0
    for number in range(1, 31):
        published(tmp_path, number)
        dropped += len(retain(store, rules, datetime.now(UTC)).dropped)
    stop.set()
    for thread in readers:
        thread.join()
    assert wrong == []
    assert reads[0] > 20
    assert dropped > 0
    assert shown(store.latest()) == [30]


def test_the_newest_release_stays_whatever_the_rules(tmp_path):
    "Keep nothing, for no day: the newest is still there"
    store = aged(tmp_path, 1000)
    assert retention.reasons(store.releases(), Rules(0, 0, NOBODY), NOW) == {
        store.latest().name: "one of the last 1"
    }
