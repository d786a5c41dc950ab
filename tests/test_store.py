"""Releases appear whole or not at all, and old ones stay readable."""

import pandas as pd
import pytest

from geo_data import tables
from geo_data.errors import ReleaseMissing, TableInvalid, WaypostError
from geo_data.store import Store, digest_of


def series(*values):
    rows = [
        ("LBY", pd.Timestamp("2026-01-01").date(), "arrivals_people", v, "s", 1) for v in values
    ]
    names = ["place_code", "start", "quantity", "value", "source", "row"]
    return tables.as_arrow("series", pd.DataFrame(rows, columns=names))


def test_a_release_gives_back_what_was_published(tmp_path):
    "Two rows in, the same two rows out"
    Store(tmp_path).publish({"series": series(3, 4)}, {"n": 1})
    release = Store(tmp_path).latest()
    assert release.table("series")["value"].to_pylist() == [3, 4]
    assert release.manifest == {"n": 1}


def test_yesterdays_release_stays_readable(tmp_path):
    "A second release does not change what the first one says"
    store = Store(tmp_path)
    first = store.publish({"series": series(1)}, {})
    store.publish({"series": series(2, 2)}, {})
    assert first.table("series")["value"].to_pylist() == [1]
    assert [len(r.table("series")) for r in store.releases()] == [2, 1]


def test_an_unchanged_table_is_not_written_again(tmp_path):
    "Same content, same version of the table"
    store = Store(tmp_path)
    versions = [store.publish({"series": series(1)}, {}).tables["series"] for _ in range(2)]
    assert versions[0] == versions[1]


def test_without_a_release_row_nothing_is_seen(tmp_path, monkeypatch):
    "A run that dies after its tables and before its release leaves readers where they were"
    store = Store(tmp_path)
    store.publish({"series": series(1)}, {})
    from geo_data import listing

    def dies(*_):
        raise OSError("no space")

    monkeypatch.setattr(listing, "append", dies)
    with pytest.raises(OSError, match="no space"):
        store.publish({"series": series(9, 9)}, {})
    assert store.latest().table("series")["value"].to_pylist() == [1]


def test_missing_rows_are_noticed(tmp_path):
    "A table that lost rows is refused, not shown"
    store = Store(tmp_path)
    release = store.publish({"series": series(1, 2)}, {})
    entry = dict(release.tables["series"], rows=3)
    broken = type(release)(tmp_path, release.name, release.at, {"series": entry}, {})
    with pytest.raises(WaypostError, match="found 2 rows, published with 3"):
        broken.table("series")


def test_an_empty_store_says_what_to_run(tmp_path):
    "The message holds the command"
    with pytest.raises(ReleaseMissing, match="python -m etl run"):
        Store(tmp_path).latest()


def test_a_second_writer_is_told_so(tmp_path):
    "Two runs never write at once"
    first, second = Store(tmp_path).writing(), Store(tmp_path).writing()
    with first, pytest.raises(WaypostError, match="another run"), second:
        pass


def test_digest_sees_every_value(tmp_path):
    "Different values, different digests; the same values in other chunks, the same"
    import pyarrow as pa

    assert digest_of(series(1, 2)) != digest_of(series(1, 3))
    assert digest_of(pa.concat_tables([series(1), series(2)])) == digest_of(series(1, 2))


def test_undeclared_columns_do_not_enter():
    "A table may only hold declared columns"
    with pytest.raises(TableInvalid, match="phone"):
        tables.as_arrow("series", pd.DataFrame({"phone": ["1"]}))


def test_required_columns_must_be_there():
    "A row without its place is a fault"
    frame = series(1).to_pandas().assign(place_code=None)
    with pytest.raises(TableInvalid, match="place_code"):
        tables.as_arrow("series", frame)
