"""The tick asks what is due, rebuilds what has changed, and leaves the rest alone."""

import asyncio
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dashboard import ticks as app_ticks
from etl import __main__ as command
from etl import refresh
from etl.feeds.gather import Gathered
from etl.ledger import Ledger, Standing
from etl.sandbox import Sandbox
from geo_data import freshness, operations
from geo_data.errors import FeedFailed
from geo_data.settings import Settings
from geo_data.sources import Feed, Source
from geo_data.store import Store
from tests import replay
from tests.declared import CSV
from tests.replay import Reply
from tests.test_runner import GOOD, HEAD, SOURCE

ROOT = Path(__file__).parent.parent
START = datetime(2026, 6, 1, tzinfo=UTC)
LOCAL = Settings(loopback_feeds=True)
FED = """
[source.feed]
kind = "url"
url = "{url}"
every_h = 1
guard = "{guard}"
"""


@pytest.fixture
def server():
    with replay.serving() as running:
        yield running


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


class Clockwork:
    "Sources with invented feeds; the failing one always fails."

    def __init__(self, folder):
        self.ledger, self.asked = Ledger(folder, "o"), []
        every = {"quarter": 0.25, "daily": 24, "failing": 1}
        pattern = Source(
            key="", title="S", owner="O", licence="L", job="series", path="a", read=CSV,
        )  # fmt: skip
        self.sources = [
            replace(pattern, key=key, feed=Feed(kind="url", url="https://x.example", every_h=hours))
            for key, hours in every.items()
        ]

    def fetch(self, source, now):
        "Nothing new, or a failure."
        self.asked.append(source.key)
        if source.key == "failing":
            raise FeedFailed(source.key, "nothing", "something", "")
        return Gathered(None, [])

    def tick(self, now):
        "What was asked at a minute."
        self.asked = []
        found = refresh.due(self.sources, self.ledger, now)
        refresh.visit(found, self.ledger, self.fetch, now)
        return self.asked


def test_a_day_of_minute_ticks(tmp_path):
    "Every 15 min: 96 visits; daily: 1; hourly and always failing: 29 attempts; then 9 h off"
    clock, count = Clockwork(tmp_path), {"quarter": 0, "daily": 0, "failing": 0}
    clock.ledger.base.execute("pragma synchronous = off")
    for minute in range(24 * 60):
        for key in clock.tick(START + timedelta(minutes=minute)):
            count[key] += 1
    assert count == {"quarter": 96, "daily": 1, "failing": 29}
    later = START + timedelta(hours=33)
    assert sorted(clock.tick(later)) == ["daily", "failing", "quarter"]
    assert clock.tick(later + timedelta(seconds=30)) == []


@given(st.integers(0, 60), st.floats(0.1, 1000), st.integers(-2_000_000, 2_000_000))
def test_nothing_is_ever_due_twice_at_once_nor_never(fails, every_h, seconds):
    "Right after a visit nothing is due; after its interval, or with the clock set back, all is"
    last = START
    standing = Standing(None if fails else last, last, fails)
    due = refresh.is_due(every_h, standing, last + timedelta(seconds=seconds))
    if seconds < 0 or seconds >= 3600 * every_h:
        assert due
    elif seconds < min(60, 3600 * every_h):
        assert not due


def test_a_server_that_wants_to_be_left_alone_is(tmp_path, server):
    "Retry-After of two hours outlasts the doubling pause; an absurd one does not last for ever"
    standing = Standing(None, START, 1, START + timedelta(hours=2))
    assert not refresh.is_due(1, standing, START + timedelta(minutes=119))
    assert refresh.is_due(1, standing, START + timedelta(minutes=121))
    absurd = Standing(None, START, 1, START + timedelta(days=3000))
    assert refresh.is_due(1, absurd, START + timedelta(hours=1))


def test_a_killed_visit_counts_as_failed(tmp_path):
    "It was begun and never ended: the next tick waits a minute instead of crashing again"
    ledger = Ledger(tmp_path, "o")
    ledger.begin("s", START)
    standing = Ledger(tmp_path, "o").standing("s")
    assert (standing.fails, standing.error) == (1, "the visit was interrupted")
    assert not refresh.is_due(1, standing, START + timedelta(seconds=59))


def test_lateness_follows_the_last_success(tmp_path):
    "Failures do not renew it: after 2 h of an hourly feed it is late, after 4 h stale"
    ledger = Ledger(tmp_path, "o")
    ledger.end(ledger.begin("s", START), START, "unchanged")
    for hour in (1, 2, 3, 4):
        ledger.end(ledger.begin("s", START + timedelta(hours=hour)), START, "failed", error="no")
    last = ledger.standing("s").last_ok
    found = [freshness.state(last, 1, START + timedelta(hours=hour)) for hour in (1, 2, 4)]
    assert found == ["fresh", "late", "stale"]


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


@pytest.mark.parametrize(("every_s", "ticks"), [(None, 0), (1, 1)])
def test_the_app_starts_ticks_only_if_told(tmp_path, monkeypatch, every_s, ticks):
    "A process each, none of which outlives the app"
    made = tmp_path / "ticks"
    said = [
        sys.executable,
        "-c",
        f"open({str(made)!r}, 'a').write('x'); import time; time.sleep(60)",
    ]
    monkeypatch.setattr(app_ticks, "command", lambda settings: said)
    monkeypatch.setattr(app_ticks.access, "settings", lambda: Settings(tick_s=every_s))

    async def live():
        async with app_ticks.lifespan(None):
            await asyncio.sleep(1.6)

    began = time.monotonic()
    # In a thread of its own: the tests' browser keeps a loop running in the first one.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(asyncio.run, live()).result()
    assert len(made.read_text() if made.exists() else "") == ticks
    assert time.monotonic() - began < 20


def test_the_app_ticks_what_it_shows(tmp_path):
    "Its operation, data and store, and only what is due"
    asked = app_ticks.command(Settings(operation=tmp_path / "o.toml", store=tmp_path))
    assert asked[3:6] == ["refresh", str(tmp_path / "o.toml"), "--due"]
    assert asked[-2:] == ["--store", str(tmp_path)]


def test_one_refresh_at_a_time(tmp_path, capsys):
    "A second one says so and does nothing; for a timer that is no failure"
    operation(tmp_path, "good")
    (tmp_path / "store").mkdir()
    asked = ["refresh", str(tmp_path / "op.toml"), "--store", str(tmp_path / "store"), "--due"]
    with FileLock(tmp_path / "store" / ".refresh.lock"):
        assert command.main(asked) == 0
    assert "nothing was done" in capsys.readouterr().out


def test_the_command(tmp_path, server, capsys, monkeypatch):
    "Standing, all, due, one by name, a wrong name; exact exit codes"
    server.routes["/fed.csv"] = [Reply(rows(4).encode()), Reply(status=404)]
    operation(tmp_path, "fed", "good", server=server)
    drop(tmp_path, "good", GOOD)
    monkeypatch.setenv("WAYPOST_LOOPBACK_FEEDS", "1")
    where = ["--data", str(tmp_path), "--store", str(tmp_path / "store")]
    said = []
    for more, code in ((), 0), (("--due",), 0), (("--due",), 0), (("fed",), 1), (("fad",), 2):
        assert command.main(["refresh", str(tmp_path / "op.toml"), *more, *where]) == code
        both = capsys.readouterr()
        said.append(both.out + both.err)
    assert said[0] == "fed: never, every 1 h\n" and len(server.asked) == 2
    assert "fed: ok" in said[1] and "release" in said[1]
    assert said[2] == "nothing changed\n"
    assert "status 404" in said[3] and "did you mean 'fed'" in said[4]


OFFLINE = """
import sys
def refuse(event, arguments):
    # A library that tries on import whether this machine knows IPv6 asks nobody.
    if event.startswith(("socket.connect", "socket.get", "socket.send")) and (
        event != "socket.gethostname"
    ):
        raise SystemExit(f"the run asked for {event}")
sys.addaudithook(refuse)
from etl.__main__ import main
where = sys.argv[1:]
print(main(["run", *where, "--plain"]), main(["refresh", *where]))
"""


def test_a_run_never_opens_a_socket(tmp_path):
    "Also of an operation that declares a feed; refresh without --due lists it and asks nobody"
    with replay.serving() as server:
        operation(tmp_path, "fed", "good", server=server)
        drop(tmp_path, "good", GOOD)
        where = [str(tmp_path / "op.toml"), "--data", str(tmp_path), "--store", str(tmp_path / "s")]
        done = subprocess.run(
            [sys.executable, "-c", OFFLINE, *where], cwd=ROOT, capture_output=True, text=True
        )
        assert (done.returncode, done.stdout.split()[-2:]) == (0, ["1", "0"]), done.stderr
        assert server.asked == []


@pytest.mark.parametrize("file", [operations.DEMO, *operations.OPERATIONS.glob("*.toml")])
def test_what_we_ship_asks_nobody(file):
    "No feed and no host is declared"
    one = operations.load(file)
    assert one.hosts == [] and not any(source.feed for source in one.source)


def test_the_examples_of_the_documents_are_valid(tmp_path):
    "Each block of docs/feeds.md, with a source around it"
    text = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
    blocks = [part.split("```")[0] for part in text.split("```toml\n")[1:]]
    assert len(blocks) >= 10
    for block in blocks:
        (tmp_path / "op.toml").write_text(block)
        one = operations.load(tmp_path / "op.toml")
        assert one.source[0].feed is not None
