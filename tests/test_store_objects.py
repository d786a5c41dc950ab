"""The same store in a bucket: what holds for a folder, and what only a bucket can get wrong."""

import json
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from etl.__main__ import main
from geo_data import bucket, delta, doctor, lease, listing, parcel, retention, sweep, unpacking
from geo_data.errors import SettingInvalid, StoreBusy, StoreUnreachable, StoreUnsafe
from geo_data.location import Remote
from geo_data.repair import repair
from geo_data.settings import Settings
from geo_data.store import Store
from tests import crashes, objects
from tests.published import published, shown
from tests.test_store import *  # noqa: F403 -- once more, in a bucket
from tests.test_store_damage import (
    test_a_rollback_is_a_new_release,  # noqa: F401
    test_readers_fall_back_and_can_say_so,  # noqa: F401
)
from tests.test_store_retention import NOW

pytest.importorskip("moto", reason="moto is not installed")
pytest.importorskip("obstore", reason="obstore is not installed")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def server():
    "A bucket on this machine."
    with objects.served() as given:
        yield given


@pytest.fixture
def tmp_path(server):
    "A new prefix, where the tests of the folder expect a new folder."
    return Remote(objects.BUCKET, uuid.uuid4().hex)


@pytest.fixture
def folder(tmp_path_factory):
    "A folder of this machine."
    return tmp_path_factory.mktemp("local")


# ---------------------------------------------------------------------- where
@pytest.mark.parametrize(
    "text",
    ["gs://a/b", "s3://bucket", "s3://key:hush@bucket/x", "s3://Bucket/x", "s3://abc/../x y"],
)
def test_other_addresses_are_refused(text):
    "Only a bucket and a prefix; what may be a password is not repeated"
    with pytest.raises(SettingInvalid, match="s3://bucket/prefix") as problem:
        Settings.from_env({"WAYPOST_STORE": text})
    assert "hush" not in str(problem.value)


def test_without_the_package(monkeypatch):
    "A bucket without obstore: what is missing, and how to get it"
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(SettingInvalid, match="pip install obstore"):
        Store("s3://relief/store")


# ---------------------------------------------------------------------- writers and readers
WRITER = """
import sys
from geo_data.store import Store
from tests.crashes import tables_of
for number in range(int(sys.argv[2]), int(sys.argv[2]) + 2):
    Store(sys.argv[1]).publish(tables_of(number), {"n": number})
"""


def test_three_writers_and_a_reader(tmp_path):
    "Six publications of three processes: all there and whole; what is read is never a mix"
    store = Store(tmp_path)
    store.publish(crashes.tables_of(1), {"n": 1})
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*command, str(n)], cwd=ROOT) for n in (10, 20, 30)]
    torn, reads, seen = [], 0, set()
    while any(writer.poll() is None for writer in writers):
        newest = Store(tmp_path).latest()
        torn.append(crashes.fault_of(newest, newest.manifest["n"]))
        seen.add(newest.name)
        reads += 1
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert not any(torn)
    assert len(seen) > 2
    found = {row.manifest["n"]: row for row in store.releases()}
    assert sorted(found) == [1, 10, 11, 20, 21, 30, 31]
    assert not [row for n, row in found.items() if row.fault(deep=True) or crashes.fault_of(row, n)]


def test_a_run_that_slept_too_long_publishes_nothing(tmp_path, monkeypatch):
    "Its lease ended, another took over; the sleeper is told when it wakes up"
    monkeypatch.setattr(lease.Lease, "_keep", lambda self, end: None)
    sleeper, other = Store(tmp_path), Store(tmp_path)
    with pytest.raises(StoreBusy, match="another one took over"), sleeper.writing():
        with (
            pytest.raises(StoreBusy, match="being written by another run, since 20"),
            other.writing(),
        ):
            pass
        monkeypatch.setattr(lease, "LASTS_S", 0.0)
        apart = threading.Thread(
            target=lambda: Store(tmp_path).publish(crashes.tables_of(2), {"n": 2})
        )
        apart.start()
        apart.join()
        sleeper.publish(crashes.tables_of(1), {"n": 1})
    assert [row.manifest["n"] for row in Store(tmp_path).releases()] == [2]


def test_a_commit_between_is_never_overwritten(tmp_path, monkeypatch):
    "Even where a writer is overtaken after its last look at the lease, the bucket refuses it"
    store = published(tmp_path, 1)
    confirm, calls = lease.confirm, []

    def overtaken():
        confirm()
        if not calls:
            calls.append(1)
            made = delta.DeltaTable(str(tmp_path / "series"))
            delta.write_deltalake(made, store.latest().table("series"), mode="overwrite")

    monkeypatch.setattr(lease, "confirm", overtaken)
    with pytest.raises(StoreBusy, match="another run"):
        published(tmp_path, 2)
    assert [shown(row) for row in store.releases()] == [[1]]


def test_a_lease_is_renewed(tmp_path, monkeypatch):
    "A run may last longer than the lease; a second writer waits, or is told so"
    monkeypatch.setattr(lease, "LASTS_S", 2.0)
    with Store(tmp_path).writing():
        time.sleep(3.5)
        with pytest.raises(StoreBusy), Store(tmp_path).writing(wait_s=0):
            pass
        lease.confirm()
    with Store(tmp_path).writing(wait_s=0):
        pass
    assert len(list((tmp_path / lease.FOLDER).iterdir())) == 1  # old numbers go


def test_what_a_run_left_behind_is_swept_an_hour_later(tmp_path, monkeypatch):
    "Sooner it may belong to a run that slept; releases lose nothing"
    store = published(tmp_path, 1)
    delta.write(tmp_path / "series", store.latest().table("series"))
    before = len(delta.data_files(tmp_path / "series"))
    published(tmp_path, 2)
    assert len(delta.data_files(tmp_path / "series")) == before + 1
    monkeypatch.setattr(sweep, "READER_S", -1.0)
    published(tmp_path, 3)
    assert len(delta.data_files(tmp_path / "series")) == 3
    assert not [row for row in store.releases() if row.fault(deep=True)]


def test_retention_frees_the_bucket(tmp_path, monkeypatch):
    "Off the list, then away; what stays is whole"
    monkeypatch.setattr(sweep, "READER_S", -1.0)
    store = published(tmp_path, 1, 2, 3)
    rules = retention.Rules(last=1, days=0, session=timedelta(0))
    retention.retain(store, rules, datetime.now(UTC))
    done = retention.retain(store, rules, datetime.now(UTC))
    assert (len(done.kept), len(done.dropped), done.files > 0) == (1, 2, True)
    assert len(delta.data_files(tmp_path / "series")) == 1
    assert not store.latest().fault(deep=True)


# ---------------------------------------------------------------------- what a bucket gets wrong
def test_a_bucket_without_conditions_is_refused(tmp_path, monkeypatch):
    "The second creation of a key goes through: nothing is published, the doctor says why"
    import obstore

    put = obstore.put
    published(tmp_path, 1)
    monkeypatch.setattr(obstore, "put", lambda place, key, data, mode=None: put(place, key, data))
    with pytest.raises(StoreUnsafe, match="create one key twice"):
        published(tmp_path, 2)
    found = doctor.examine(Store(tmp_path), datetime.now(UTC))
    assert [finding.rule for finding in found.findings] == ["unsafe"]
    assert (found.exit_code, found.newest_whole) == (1, Store(tmp_path).latest().name)


def test_a_bucket_that_does_not_answer_is_not_damage(tmp_path, monkeypatch):
    "The list is not mended, no table set aside, and no secret is told"
    store = published(tmp_path, 1)
    before = sorted(str(one) for one in tmp_path.below())

    def silent(*_, **__):
        raise OSError(
            "Generic S3 error: Error performing GET http://x in 30s - operation timed out"
        )

    with monkeypatch.context() as patched:
        patched.setattr(delta, "DeltaTable", silent)
        listing._rows_at.cache_clear()
        for ask in (store.latest, lambda: published(tmp_path, 2), lambda: repair(store, NOW)):
            with pytest.raises(StoreUnreachable, match="timed out"):
                ask()
    assert [one for one in before if ".lease" not in one] == [
        str(one)
        for one in sorted(tmp_path.below())
        if ".lease" not in one.key and ".writer" not in one.key
    ]
    assert shown(store.latest()) == [1]


def test_a_wrong_address_is_one_sentence(tmp_path, monkeypatch, capsys):
    "No traceback, no secret: the bucket, and what to check"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setattr(bucket, "TRIES", 0)
    bucket.client.cache_clear()
    assert main(["status", "--store", str(tmp_path)]) == 2
    bucket.client.cache_clear()
    said = capsys.readouterr().err
    assert said.startswith(f"s3://{objects.BUCKET} cannot be used") and "AWS_ENDPOINT_URL" in said
    assert objects.SECRET not in said


# ---------------------------------------------------------------------- commands
def test_to_a_file_and_into_a_folder(tmp_path, folder):
    "A release of a bucket, carried on a stick into a folder, and back into another prefix"
    old = published(tmp_path, 5).latest()
    parcel.write(old, folder / "a.waypost")
    for store in (Store(folder / "store"), Store(tmp_path / "other")):
        made, new = unpacking.read(store, folder / "a.waypost", max_bytes=10**9)
        assert (made.name, new, shown(made)) == (old.name, True, [5])


def test_the_demo_in_a_bucket(tmp_path, folder, demo_store, monkeypatch):
    "The same tables as in a folder, to the bit; the app draws a tile of them; no secret is kept"
    from dashboard import access, data

    monkeypatch.setenv("WAYPOST_WORK", str(folder))
    assert main(["run", "--plain", "--store", str(tmp_path)]) == 0
    made, other = Store(tmp_path).latest(), Store(demo_store).latest()
    digests = [
        {name: entry["digest"] for name, entry in one.tables.items()} for one in (made, other)
    ]
    assert digests[0] == digests[1]
    settings = Settings(store=str(tmp_path), audience="cell")
    monkeypatch.setattr(access, "settings", lambda: settings)
    for held in (data._view, data._release):
        held.cache_clear()
    _, codes = data.classes(data.newest(), "population_people", data.STORED, 6)
    assert len(codes) > 100
    for held in (data._view, data._release):
        held.cache_clear()
    said = json.dumps(made.manifest, default=str)
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert objects.SECRET not in said and objects.SECRET.encode() not in kept
    assert main(["doctor", "--store", str(tmp_path)]) == 0
