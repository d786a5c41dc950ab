"""When a feed is asked, when it is left alone, and when it is late."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from etl import refresh
from etl.feeds.gather import Gathered
from etl.ledger import Ledger, Standing
from geo_data import freshness
from geo_data.errors import FeedFailed
from geo_data.sources import Feed, Source
from tests.declared import CSV

START = datetime(2026, 6, 1, tzinfo=UTC)


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
