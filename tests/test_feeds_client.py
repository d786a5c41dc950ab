"""The client asks only whom it may, bears bad servers, and never changes what lies there."""

import gzip
import itertools
import shutil
import socket
import ssl
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpcore
import httpx
import pytest
from msgspec import structs

from etl.feeds import addresses
from etl.feeds.folders import commit, recover, staging
from geo_data.errors import FeedFailed
from geo_data.settings import Settings
from tests import replay
from tests.replay import Reply, fetch, source

DATA = {"rows": [1, 2, 3]}


def kept(folder, got):
    commit(got.staged, folder / "s")
    return got.pages


def test_an_answer_is_kept_as_it_is(tmp_path, server):
    "Byte by byte, with its origin"
    server.routes["/data.json"] = Reply(b'{"a":  1}', headers={"ETag": '"1"'})
    got = fetch(tmp_path, server, source(server, params={"x": "1"}))
    assert (got.staged / "data.json").read_bytes() == b'{"a":  1}'
    page = got.pages[0]
    assert (page.url, page.etag, page.bytes) == (server.url("/data.json?x=1"), '"1"', 9)


def test_what_has_not_changed_is_not_sent_again(tmp_path, server):
    "The second request carries the ETag and is answered 304; nothing is staged"
    server.routes["/data.json"] = lambda query, headers: (
        Reply(status=304) if headers.get("if-none-match") == '"1"'
        else Reply(DATA, headers={"ETag": '"1"'})
    )  # fmt: skip
    pages = kept(tmp_path, fetch(tmp_path, server, source(server)))
    got = fetch(tmp_path, server, source(server), kept=pages)
    assert (got.staged, got.pages) == (None, pages)
    assert len(server.asked) == 2


def test_a_lost_file_is_asked_for_in_full(tmp_path, server):
    "What no longer lies there cannot be unchanged"
    server.routes["/data.json"] = Reply(DATA, headers={"ETag": '"1"'})
    pages = kept(tmp_path, fetch(tmp_path, server, source(server)))
    (tmp_path / "s" / "data.json").unlink()
    assert fetch(tmp_path, server, source(server), kept=pages).staged is not None
    assert "if-none-match" not in server.asked[-1][2]


def test_a_strange_etag_is_not_sent_back(tmp_path, server):
    "It could not stand in a header; the next visit must not break over it"
    server.routes["/data.json"] = Reply(DATA, headers={"ETag": '"\u00e9"'})
    pages = kept(tmp_path, fetch(tmp_path, server, source(server)))
    assert fetch(tmp_path, server, source(server), kept=pages).staged is None


def test_the_same_bytes_are_no_news(tmp_path, server):
    "A server without ETag: equal content counts as unchanged"
    server.routes["/data.json"] = Reply(DATA)
    pages = kept(tmp_path, fetch(tmp_path, server, source(server)))
    assert fetch(tmp_path, server, source(server), kept=pages).staged is None


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_tired_server_is_asked_again(tmp_path, server, status):
    "Twice busy, then fine: three requests, two waits that grow"
    server.routes["/data.json"] = [Reply(status=status), Reply(status=status), Reply(DATA)]
    slept = []
    assert fetch(tmp_path, server, source(server), slept=slept).staged is not None
    assert len(server.asked) == 3
    assert 1 <= slept[0] <= 2 <= slept[1] <= 3


@pytest.mark.parametrize("form", ["number", "date"])
def test_retry_after_is_obeyed(tmp_path, server, form):
    "Seven seconds are asked for, in seconds or as a date, and waited"
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=7), usegmt=True)
    wait = "7" if form == "number" else at
    server.routes["/data.json"] = [Reply(status=429, headers={"Retry-After": wait}), Reply(DATA)]
    slept = []
    fetch(tmp_path, server, source(server), slept=slept)
    assert slept[0] == pytest.approx(7, abs=1.5 if form == "date" else 0)


def test_a_long_wait_is_left_to_the_next_tick(tmp_path, server):
    "An hour is longer than the feed may take: it fails at once and says how long"
    server.routes["/data.json"] = Reply(status=429, headers={"Retry-After": "3600"})
    with pytest.raises(FeedFailed) as failed:
        fetch(tmp_path, server, source(server))
    assert (failed.value.wait_s, len(server.asked)) == (3600, 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 204])
def test_a_clear_no_is_not_asked_twice(tmp_path, server, status):
    "Only what may pass is tried again"
    server.routes["/data.json"] = Reply(status=status)
    with pytest.raises(FeedFailed, match=f"status {status}"):
        fetch(tmp_path, server, source(server))
    assert len(server.asked) == 1


BAD = {
    "cut by length": (Reply(b'{"a": 1', claimed=5_000), "no answer"),
    "cut json": (Reply(b'{"a": [1, 2'), "not JSON, or JSON that was cut"),
    "cut gzip": (
        Reply(gzip.compress(b'{"a": 1}')[:-4], headers={"Content-Encoding": "gzip"}),
        "packed body that was cut",
    ),
    "broken gzip": (Reply(b"{}", headers={"Content-Encoding": "gzip"}), "broken"),
    "login": (Reply(b"<!DOCTYPE html><title>Sign in</title>"), "web page, perhaps that of a login"),
    "typed html": (Reply(b"hello", headers={"Content-Type": "text/html"}), "web page"),
    "empty": (Reply(b""), "empty answer"),
    "too long": (Reply(b"x" * 300_000), "above 200,000 bytes"),
    "endless": (Reply(drip=itertools.repeat(b"x" * 10_000)), "above 200,000 bytes"),
    "bomb": (replay.zipped(b" " * 50_000_000), "above 200,000 bytes"),
    "slow": (Reply(drip=itertools.repeat(b" "), pause_s=0.02), "bytes in"),
    "coding": (Reply(DATA, headers={"Content-Encoding": "br"}), "packed as 'br'"),
    "deep": (Reply(b"[" * 100_000), "not JSON"),
    "text": (Reply(b"Service is down"), "not JSON"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_answer_changes_nothing(tmp_path, server, kind):
    "One sentence says what came; the last good file stays and nothing is left behind"
    server.routes["/data.json"] = Reply(DATA)
    pages = kept(tmp_path, fetch(tmp_path, server, source(server)))
    server.routes["/data.json"], said = BAD[kind]
    with pytest.raises(FeedFailed, match=said):
        fetch(tmp_path, server, source(server), kept=pages)
    assert (tmp_path / "s" / "data.json").read_bytes() == Reply(DATA).raw
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_bomb_is_never_unpacked(tmp_path, server):
    "Fifty megabytes out of fifty kilobytes: less than six are ever in memory"
    import tracemalloc

    server.routes["/data.json"] = replay.zipped(b" " * 50_000_000)
    tracemalloc.start()
    with pytest.raises(FeedFailed):
        fetch(tmp_path, server, source(server))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000


def test_headers_that_drip_end_with_the_time_of_the_feed(tmp_path, server):
    "A server that says nothing at all: the time of the feed is the longest wait"

    def silent(query, headers):
        import time

        time.sleep(1.5)
        return Reply(DATA)

    server.routes["/data.json"] = silent
    with pytest.raises(FeedFailed, match="no end after 0 s"):
        fetch(tmp_path, server, source(server), limits=replace(replay.LIMITS, total_s=0.4))


def test_a_redirect_on_the_same_server_is_followed(tmp_path, server):
    "One hop, same host"
    server.routes["/data.json"] = Reply(status=302, headers={"Location": "/new.json"})
    server.routes["/new.json"] = Reply(DATA)
    assert fetch(tmp_path, server, source(server)).staged is not None


def test_a_redirect_elsewhere_is_refused(tmp_path, server):
    "The other server is never asked, unless the operation names it"
    with replay.serving() as other:
        other.routes["/data.json"] = Reply(DATA)
        there = Reply(status=302, headers={"Location": other.url("/data.json")})
        server.routes["/data.json"] = there
        with pytest.raises(FeedFailed, match="does not name"):
            fetch(tmp_path, server, source(server))
        assert other.asked == []
        got = fetch(tmp_path, server, source(server), hosts=[server.host, other.host])
        assert got.staged is not None


@pytest.mark.parametrize("to", ["file:///etc/passwd", "http://[", "ftp://127.0.0.1/", "//"])
def test_a_redirect_to_something_else_is_refused(tmp_path, server, to):
    "Only https, and http on this machine where allowed"
    server.routes["/data.json"] = Reply(status=302, headers={"Location": to})
    with pytest.raises(FeedFailed):
        fetch(tmp_path, server, source(server))


def test_a_redirect_loop_ends(tmp_path, server):
    "Six requests, then a sentence"
    server.routes["/data.json"] = Reply(status=301, headers={"Location": "/data.json"})
    with pytest.raises(FeedFailed, match="5 redirects"):
        fetch(tmp_path, server, source(server))
    assert len(server.asked) == 6


PRIVATE = [
    "10.0.0.5", "172.16.3.1", "192.168.1.1", "169.254.169.254", "127.0.0.1", "0.0.0.0", "224.0.0.1",
    "100.64.0.1", "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:5",
    "2002:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_networks_are_refused_after_the_look_up(monkeypatch, address):
    "Also if only one of several addresses is private"
    found = [(0, 0, 0, "", (text, 443)) for text in ("93.184.216.34", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(FeedFailed, match="private or local"):
        addresses.resolved("data.example", 443, loopback=False)


def test_public_addresses_pass(monkeypatch):
    "Both, in the order of the look-up"
    found = [(0, 0, 0, "", (text, 443)) for text in ("93.184.216.34", "2606:4700::1111")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert addresses.resolved("data.example", 443, loopback=False) == [
        "93.184.216.34", "2606:4700::1111",
    ]  # fmt: skip


def test_a_name_is_looked_up_once(monkeypatch, server):
    "The address that was judged is the one connected to; a second look-up could say another"
    asked = []

    def look_up(host, *rest, **more):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    network = addresses.GuardedNetwork(lambda: 5.0, loopback=True)
    network.connect_tcp("data.example", server.port, timeout=2).close()
    assert [host for host in asked if host != "127.0.0.1"] == ["data.example"]


@pytest.fixture
def certificate(tmp_path):
    "A certificate of data.example that nobody knows yet."
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes a certificate for this test, is not installed")
    files = tmp_path / "key.pem", tmp_path / "cert.pem"
    names = ["-subj", "/CN=data.example", "-addext", "subjectAltName=DNS:data.example"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run([*make, "-keyout", files[0], "-out", files[1]], check=True, capture_output=True)
    return files


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [("data.example", True, None), ("other.example", True, "CERTIFICATE|certificate"),
     ("data.example", False, "CERTIFICATE|certificate")],
)  # fmt: skip
def test_https_is_that_of_the_name(tmp_path, monkeypatch, certificate, name, known, said):
    "Connected to the judged address, but the certificate must be that of the name, and known"
    key, cert = certificate
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]
    if known:
        trusting = ssl.create_default_context(cafile=cert)
        monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: trusting)
    with replay.serving(tls) as server:
        server.routes["/data.json"] = Reply(DATA)
        look_up = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo",
            lambda host, *rest, **more: there if host == name else look_up(host, *rest, **more),
        )  # fmt: skip
        one = source(server)
        feed = structs.replace(one.feed, url=f"https://{name}:{server.port}/data.json")
        asked = structs.replace(one, feed=feed), [f"{name}:{server.port}"]
        if said is None:
            assert fetch(tmp_path, server, asked[0], hosts=asked[1]).staged is not None
        else:
            with pytest.raises(FeedFailed, match=said):
                fetch(tmp_path, server, asked[0], hosts=asked[1])
            assert server.asked == []


def test_an_unknown_name_may_be_known_later(monkeypatch):
    "It is a transport error, which is tried again"

    def nobody(*_, **__):
        raise socket.gaierror("nobody")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(httpcore.ConnectError):
        addresses.resolved("data.example", 443, loopback=False)


def test_this_machine_is_refused_unless_allowed(tmp_path, server):
    "Without the setting neither http nor https reach it"
    for scheme in ("http", "https"):
        one = source(server)
        url = server.url("/data.json").replace("http:", scheme + ":")
        one = structs.replace(one, feed=structs.replace(one.feed, url=url))
        with pytest.raises(FeedFailed, match="https|private"):
            fetch(tmp_path, server, one, settings=Settings())
    assert server.asked == []


def test_proxies_of_the_system_are_ignored(tmp_path, server, monkeypatch):
    "A proxy in the environment that does not exist does not matter; one in the settings does"
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.routes["/data.json"] = Reply(DATA)
    assert fetch(tmp_path, server, source(server)).staged is not None
    through = Settings(loopback_feeds=True, proxy="http://127.0.0.1:9")
    with pytest.raises(FeedFailed, match="no answer"):
        fetch(tmp_path, server, source(server), settings=through)


def test_a_killed_commit_is_mended(tmp_path):
    "Between the two renames the folder is away; the next visit puts it back"
    folder = tmp_path / "s"
    (tmp_path / ".s.old").mkdir()
    (tmp_path / ".s.old" / "a.json").write_text("good")
    recover(folder)
    assert (folder / "a.json").read_text() == "good"
    new = staging(folder)
    (new / "a.json").write_text("newer")
    commit(new, folder)
    assert (folder / "a.json").read_text() == "newer"
    assert (tmp_path / ".s.old" / "a.json").read_text() == "good"
