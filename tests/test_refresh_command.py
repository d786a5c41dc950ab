"""Who asks for a refresh: the command, the app, and nobody else."""

import asyncio
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from dashboard import ticks as app_ticks
from etl import __main__ as command
from geo_data import operations
from geo_data.settings import Settings
from tests import replay
from tests.replay import Reply
from tests.test_refresh import drop, operation, rows
from tests.test_runner import GOOD

ROOT = Path(__file__).parent.parent


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
