"""A release travels as one file, arrives whole or is refused with a sentence."""

import json
import stat
import zipfile

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo_data import parcel, unpacking
from geo_data.errors import ParcelRefused
from geo_data.store import Store
from tests.published import MANIFEST, data_file, published, series, shown

LIMIT = 10_000_000


def packed(folder, number=1.0):
    "A parcel with one number in it, and its fingerprint."
    file = folder / "release.waypost"
    return file, parcel.write(published(folder / "from", number).latest(), file)


def rewritten(file, change):
    "The parcel with its entries changed; digests stay as they were."
    with zipfile.ZipFile(file) as old:
        entries = {info.filename: old.read(info) for info in old.infolist()}
    change(entries)
    with zipfile.ZipFile(file, "w") as new:
        for name, raw in entries.items():
            new.writestr(name, raw)


def said(entries, **changes):
    entries["manifest.json"] = json.dumps(json.loads(entries["manifest.json"]) | changes).encode()


def test_there_and_back(tmp_path):
    "Values, time and accounts arrive; the history says where it came from"
    file, told = packed(tmp_path)
    made, new = unpacking.read(Store(tmp_path / "to"), file, max_bytes=LIMIT, expect=told)
    old = Store(tmp_path / "from").latest()
    assert new
    assert all(made.table(name).equals(old.table(name)) for name in old.tables)
    assert (made.name, made.at, made.manifest) == (old.name, old.at, old.manifest)
    assert (made.operation, made.reason) == ("import", "from release.waypost")


def test_a_second_import_changes_nothing(tmp_path):
    "Idempotent"
    file, _ = packed(tmp_path)
    store = Store(tmp_path / "to")
    assert [unpacking.read(store, file, max_bytes=LIMIT)[1] for _ in range(2)] == [True, False]
    assert len(store.rows()) == 1


def test_an_older_release_takes_its_place_in_the_history(tmp_path):
    "The newest stays the newest"
    file, _ = packed(tmp_path, 1)
    store = published(tmp_path / "to", 2)
    unpacking.read(store, file, max_bytes=LIMIT)
    assert [shown(r) for r in store.releases()] == [[2], [1]]


def test_a_damaged_release_is_mended_by_its_parcel(tmp_path):
    "The stick as a backup: the same release, whole again, once in the list"
    file, _ = packed(tmp_path)
    store = Store(tmp_path / "from")
    data_file(store.latest()).unlink()
    unpacking.read(store, file, max_bytes=LIMIT)
    assert shown(store.latest()) == [1]
    assert len(store.rows()) == 1


def test_it_says_for_whom_it_is(tmp_path):
    "Readable without our program"
    file, _ = packed(tmp_path)
    with zipfile.ZipFile(file) as entries:
        assert "coordination cell only" in entries.read("READ-ME.txt").decode()
        assert json.loads(entries.read("manifest.json"))["audience"] == "cell"


REFUSED = {
    "escapes": (lambda e: e.update({"../evil": b"x"}), "no release file holds"),
    "absolute": (lambda e: e.update({"/etc/evil": b"x"}), "no release file holds"),
    "program": (lambda e: e.update({"tables/x.py": b"x"}), "no release file holds"),
    "no manifest": (lambda e: e.pop("manifest.json"), "needs one manifest.json"),
    "not json": (lambda e: e.update({"manifest.json": b"{"}), "not as declared"),
    "deep json": (lambda e: e.update({"manifest.json": b"[" * 100_000}), "not as declared"),
    "newer": (lambda e: said(e, format=2), "newer Waypost"),
    "for others": (lambda e: said(e, audience="public"), "expected 'cell'"),
    "odd name": (lambda e: said(e, release="../../x"), "not the name of a release"),
    "unknown key": (lambda e: said(e, extra=1), "not as declared"),
    "missing table": (lambda e: e.pop("tables/series.parquet"), "its manifest names"),
    "unknown table": (
        lambda e: (said(e, tables={"evil": {"rows": 0, "bytes": 1, "sha256": ""}}),
                   e.update({"tables/evil.parquet": b"x"}), e.pop("tables/series.parquet"),
                   e.pop("tables/areas.parquet")), "no such table"),
    "altered": (lambda e: e.update({"tables/series.parquet": b"PAR1"}), "digest"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused(tmp_path, case):
    "One sentence, and the store is not even begun"
    file, _ = packed(tmp_path)
    change, sentence = REFUSED[case]
    rewritten(file, change)
    with pytest.raises(ParcelRefused, match=sentence):
        unpacking.read(Store(tmp_path / "to"), file, max_bytes=LIMIT)
    assert not (tmp_path / "to").exists()


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    "Compressed entries are never ours; stored ones are counted first"
    file, _ = packed(tmp_path)
    with pytest.raises(ParcelRefused, match="WAYPOST_MAX_BYTES"):
        unpacking.read(Store(tmp_path / "to"), file, max_bytes=100)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("manifest.json", b"0" * 50_000_000)
    with pytest.raises(ParcelRefused, match="compressed"):
        unpacking.read(Store(tmp_path / "to"), file, max_bytes=10**9)


def test_a_table_that_unpacks_to_much_more_is_refused(tmp_path):
    "Two million equal rows take a few kB in Parquet"
    rows = 2_000_000
    store = Store(tmp_path / "from")
    many = pa.table({"cell": pa.array([0]).take(pa.array([0] * rows))})
    store.publish({"area_cells": many}, MANIFEST)
    file = tmp_path / "bomb.waypost"
    parcel.write(store.latest(), file)
    assert file.stat().st_size < 100_000
    with pytest.raises(ParcelRefused, match="WAYPOST_MAX_BYTES"):
        unpacking.read(Store(tmp_path / "to"), file, max_bytes=1_000_000)


def test_another_shape_is_refused(tmp_path):
    "A column that is not declared, such as one with names"
    store = Store(tmp_path / "from")
    store.publish({"series": series(1).append_column("phone", pa.array(["1"]))}, MANIFEST)
    file = tmp_path / "x.waypost"
    parcel.write(store.latest(), file)
    with pytest.raises(ParcelRefused, match="phone"):
        unpacking.read(Store(tmp_path / "to"), file, max_bytes=LIMIT)


def test_a_link_is_refused(tmp_path):
    "An entry that says it is a symbolic link"
    file, _ = packed(tmp_path)
    with zipfile.ZipFile(file, "a") as entries:
        link = zipfile.ZipInfo("tables/sites.parquet")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        entries.writestr(link, "/etc/passwd")
    with pytest.raises(ParcelRefused, match="no release file holds"):
        unpacking.read(Store(tmp_path / "to"), file, max_bytes=LIMIT)


def test_another_operation_is_refused(tmp_path):
    "A store holds one operation"
    file, _ = packed(tmp_path)
    store = Store(tmp_path / "to")
    store.publish({"series": series(5)}, {**MANIFEST, "operation": {"key": "other_sea"}})
    with pytest.raises(ParcelRefused, match="'other_sea'.*--store"):
        unpacking.read(store, file, max_bytes=LIMIT)


def test_the_same_name_with_other_values_is_refused(tmp_path):
    "Somebody changed one of the two"
    file, _ = packed(tmp_path)
    store, old = Store(tmp_path / "to"), Store(tmp_path / "from").latest()
    store.publish({"series": series(9)}, MANIFEST, name=old.name, at=old.at)
    with pytest.raises(ParcelRefused, match="other values"):
        unpacking.read(store, file, max_bytes=LIMIT)


def test_a_wrong_fingerprint_is_refused(tmp_path):
    "A file that was made anew with right digests is still another one"
    file, told = packed(tmp_path)
    rewritten(file, lambda e: said(e, code="9.9"))
    with pytest.raises(ParcelRefused, match="fingerprint"):
        unpacking.read(Store(tmp_path / "to"), file, max_bytes=LIMIT, expect=told)


def test_a_damaged_release_is_not_exported(tmp_path):
    "And no half file is left"
    release = published(tmp_path / "from", 1).latest()
    data_file(release).write_bytes(b"")
    with pytest.raises(ParcelRefused, match="not exported"):
        parcel.write(release, tmp_path / "x.waypost")
    assert not list(tmp_path.glob("*.waypost*"))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_altered_byte_is_noticed_or_harmless(tmp_path_factory, data):
    "Flip or cut anywhere: refused with a sentence, or the very same values"
    folder = tmp_path_factory.mktemp("flip")
    file, _ = packed(folder)
    raw = bytearray(file.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    if data.draw(st.booleans()):
        raw[at] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del raw[at:]
    file.write_bytes(raw)
    try:
        made, _ = unpacking.read(Store(folder / "to"), file, max_bytes=LIMIT)
    except ParcelRefused:
        assert not (folder / "to").exists()
    else:
        assert shown(made) == [1]
