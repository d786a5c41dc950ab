"""The tick asks what is due, rebuilds what has changed, and leaves the rest alone."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from etl import refresh
from etl.ledger import Ledger
from etl.sandbox import Sandbox
from geo_data import operations
from geo_data.settings import Settings
from geo_data.store import Store
from tests.replay import Reply
from tests.test_runner import GOOD, HEAD, SOURCE

LOCAL = Settings(loopback_feeds=True)
FED = """
[source.feed]
kind = "url"
url = "{url}"
every_h = 1
guard = "{guard}"
"""


def rows(count, first=0):
    return "name,lat,lon\n" + "".join(
        f"P{first + n},35.9,{14.4 + n / 1000}\n" for n in range(count)
    )


def operation(folder, *keys, server=None, guard="warn", **replaced):
    "An operation with one source a key; the first is fed if there is a server."
    text = HEAD + (f'hosts = ["{server.host}"]\n' if server else "")
    for number, key in enumerate(keys):
        block = SOURCE.format(key=key)
        if server and not number:
            block = block.replace(f'"{key}.csv"', f'"feeds/test/{key}/*.csv"')
            fed = FED.format(url=server.url(f"/{key}.csv"), guard=guard)
            block = block.replace("[source.read]", fed + "[source.read]")
        text += block
    for old, new in replaced.items():
        text = text.replace(old, new)
    (folder / "op.toml").write_text(text)
    return operations.load(folder / "op.toml")


def drop(folder, key, text):
    "Put a file into the drop folder, written a minute ago."
    path = folder / f"{key}.csv"
    path.write_text(text)
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 60))


def tick(folder, one, at=None, **more):
    now = datetime.now(UTC) if at is None else at
    return refresh.tick(one, Store(folder / "store"), [folder], LOCAL, now=now, **more)


def test_what_has_not_changed_makes_no_release(tmp_path):
    "First tick: a release; second: none; a new file: one; the same bytes written again: none"
    one = operation(tmp_path, "good", "other")
    drop(tmp_path, "good", GOOD)
    drop(tmp_path, "other", rows(4))
    assert set(tick(tmp_path, one).changed) == {"good", "other"}
    assert tick(tmp_path, one).release is None
    drop(tmp_path, "other", rows(5))
    again = tick(tmp_path, one)
    assert (again.changed, again.release.manifest["sources"][1]["accepted"]) == (
        {"other": "other files"}, 5
    )  # fmt: skip
    drop(tmp_path, "other", rows(5))
    assert tick(tmp_path, one).release is None
    assert len(Store(tmp_path / "store").releases()) == 2


def test_only_what_changed_is_read_again(tmp_path, monkeypatch):
    "Of three sources one changes: one job runs, and the release equals that of a full run"
    one = operation(tmp_path, "a", "b", "c")
    for key, count in (("a", 3), ("b", 4), ("c", 5)):
        drop(tmp_path, key, rows(count, 100 * count))
    tick(tmp_path, one)
    drop(tmp_path, "b", rows(6, 900))
    ran, run = [], Sandbox.run
    monkeypatch.setattr(
        Sandbox, "run", lambda own, source, *rest: ran.append(source.key) or run(own, source, *rest)
    )
    quick = tick(tmp_path, one).release
    assert ran == ["b"]
    full, _ = refresh.runner.run(one, Store(tmp_path / "full"), [tmp_path], LOCAL)
    digests = [{n: t["digest"] for n, t in r.tables.items()} for r in (quick, full)]
    assert digests[0] == digests[1]


def test_a_changed_declaration_is_a_change(tmp_path):
    "The same file, read in another way; a source no longer declared"
    drop(tmp_path, "good", GOOD)
    drop(tmp_path, "other", rows(4))
    tick(tmp_path, operation(tmp_path, "good", "other"))
    done = tick(tmp_path, operation(tmp_path, "good", **{"Nobody": "Somebody"}))
    assert set(done.changed) == {"good", "other"}
    assert done.changed["other"] == "no longer declared"


def test_a_file_on_its_way_waits(tmp_path):
    "Written to a second ago it may be half; gone it empties nothing"
    one = operation(tmp_path, "good")
    drop(tmp_path, "good", GOOD)
    tick(tmp_path, one)
    (tmp_path / "good.csv").write_text(rows(7))
    assert tick(tmp_path, one).changed == {}
    later = datetime.now(UTC) + timedelta(seconds=20)
    assert tick(tmp_path, one, later).changed == {"good": "other files"}
    (tmp_path / "good.csv").unlink()
    assert tick(tmp_path, one, later).changed == {}


def test_a_failed_release_is_not_tried_every_minute(tmp_path):
    "Nothing usable: one attempt, then a pause, also when the tick comes at once again"
    one = operation(tmp_path, "good")
    drop(tmp_path, "good", "name,lat,lon\n")
    assert "none of its" in tick(tmp_path, one).problem
    waiting = tick(tmp_path, one)
    assert waiting.changed and waiting.release is None


def test_a_feed_becomes_a_release_with_its_origin(tmp_path, server):
    "Fetched, placed, read; the manifest says when, from where and which bytes"
    server.routes["/fed.csv"] = Reply(rows(4).encode(), headers={"ETag": '"x"'})
    one = operation(tmp_path, "fed", server=server)
    done = tick(tmp_path, one, datetime(2026, 6, 1, 12, tzinfo=UTC))
    account = done.release.manifest["sources"][0]
    assert (account["accepted"], account["fetched"]) == (4, "2026-06-01")
    assert account["reference_end"] == "2026-06-01"
    page = account["feed"]["pages"][0]
    assert (page["url"], page["etag"], page["bytes"]) == (
        server.url("/fed.csv"),
        '"x"',
        len(rows(4)),
    )
    assert page["sha256"] == account["files"][0]["sha256"]
    assert tick(tmp_path, one, datetime(2026, 6, 1, 12, 30, tzinfo=UTC)).visits == []


def test_an_unchanged_feed_makes_no_release(tmp_path, server):
    "304 is a success: visited, fresh, nothing rebuilt"
    server.routes["/fed.csv"] = lambda query, headers: (
        Reply(status=304) if "if-none-match" in headers
        else Reply(rows(4).encode(), headers={"ETag": '"x"'})
    )  # fmt: skip
    one = operation(tmp_path, "fed", server=server)
    tick(tmp_path, one)
    later = tick(tmp_path, one, datetime.now(UTC) + timedelta(hours=2))
    assert ([v.status for v in later.visits], later.changed) == (["unchanged"], {})


def test_a_failing_feed_leaves_its_last_files(tmp_path, server):
    "The release stays, the file stays, the ledger knows why"
    server.routes["/fed.csv"] = [Reply(rows(4).encode()), Reply(b"<html>maintenance</html>")]
    one = operation(tmp_path, "fed", server=server)
    tick(tmp_path, one)
    later = tick(tmp_path, one, datetime.now(UTC) + timedelta(hours=2))
    assert later.visits[0].status == "failed" and later.release is None
    assert "web page" in Ledger(tmp_path / "store", "test").standing("fed").error
    assert (tmp_path / "feeds" / "test" / "fed" / "fed.csv").read_text() == rows(4)


ABSURD = {
    "no rows": ("name,lat,lon\n", "no row|nothing|empty"),
    "fewer rows": (rows(4), "4 rows are accepted; the last release had 10"),
    "other columns": ("a,b\n1,2\n", "lat|name"),
    "mostly wrong": (
        "name,lat,lon\n" + "".join(f"A{n},x,14.4\n" for n in range(12)) + "B,35.9,14.4\n",
        "rows are wrong",
    ),
}


@pytest.mark.parametrize("kind", ABSURD)
def test_a_guarded_feed_keeps_its_last_good_files(tmp_path, server, kind):
    "What came is put aside and explained; nothing is released"
    text, said = ABSURD[kind]
    server.routes["/fed.csv"] = [Reply(rows(10).encode()), Reply(text.encode())]
    one = operation(tmp_path, "fed", server=server, guard="keep")
    tick(tmp_path, one)
    later = tick(tmp_path, one, datetime.now(UTC) + timedelta(hours=2))
    assert later.release is None and later.visits[0].status == "failed"
    assert any(word in later.visits[0].error for word in said.split("|"))
    assert (tmp_path / "feeds/test/fed/fed.csv").read_text() == rows(10)
    assert (tmp_path / "feeds/test/.fed.refused/fed.csv").read_text() == text


def test_an_unguarded_feed_is_taken_with_a_warning(tmp_path, server):
    "Ten rows, then four: released, and said"
    server.routes["/fed.csv"] = [Reply(rows(10).encode()), Reply(rows(4).encode())]
    one = operation(tmp_path, "fed", server=server)
    tick(tmp_path, one)
    account = tick(tmp_path, one, datetime.now(UTC) + timedelta(hours=2)).release.manifest[
        "sources"
    ][0]
    assert (account["accepted"], account["status"]) == (4, "warning")
    assert account["warnings"] == ["4 rows are accepted; the last release had 10"]


def test_files_are_not_placed_while_a_run_reads(tmp_path, server):
    "Half of one set and half of another would be read; the visit fails and comes again"
    server.routes["/fed.csv"] = Reply(rows(4).encode())
    one, store = operation(tmp_path, "fed", server=server), Store(tmp_path / "store")
    with store.writing():
        assert "written by another run" in tick(tmp_path, one).visits[0].error
    assert Ledger(tmp_path / "store", "test").standing("fed").fails == 1
    assert not (tmp_path / "feeds/test/fed").exists()
    soon = datetime.now(UTC) + timedelta(minutes=2)
    assert [v.status for v in tick(tmp_path, one, soon).visits] == ["ok"]
