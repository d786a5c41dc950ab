"""A secret is in one request header and nowhere else: no file, log, message, ledger or release."""

import logging
import traceback

import pytest

from etl.feeds.credentials import Credential
from etl.ledger import Ledger
from etl.refresh import tick, visit
from geo_data import operations
from geo_data.errors import FeedFailed, OperationInvalid, SettingInvalid
from geo_data.settings import Settings, secret
from geo_data.store import Store
from tests import replay
from tests.replay import Reply, fetch, source

PLANTED = "pl4nted-s3cret-XYZ"
ROWS = "name,lat,lon\nA,35.9,14.45\nB,35.5,12.6\n"
OPERATION = """
key = "o"
title = "O"
area = [11, 34, 15, 37]
resolution = 5
countries = ["ITA", "MLT"]
hosts = ["{host}"]
[[source]]
key = "s"
title = "S"
owner = "Nobody"
licence = "CC0"
job = "services"
path = "feeds/o/s/*.csv"
sensitivity = "low"
[source.feed]
kind = "url"
url = "{url}"
every_h = 1
secret = "KEY"
header = "X-Key"
{more}
[source.read]
format = "delimited"
[source.columns]
name = "name"
lat_deg = "lat"
lon_deg = "lon"
[source.constants]
sector = "health"
"""


@pytest.fixture(autouse=True)
def planted(monkeypatch):
    monkeypatch.setenv("WAYPOST_SECRET_KEY", PLANTED)


def written(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def operation(folder, server, **more):
    lines = "\n".join(f"{key} = {value!r}" for key, value in more.items())
    text = OPERATION.format(host=server.host, url=server.url("/a.csv"), more=lines)
    (folder / "op.toml").write_text(text)
    return operations.load(folder / "op.toml")


def test_a_whole_tick_writes_it_nowhere(tmp_path, server, caplog, capfd):
    "With every logger at DEBUG: it reaches the server and nothing below the folder holds it"
    server.routes["/a.csv"] = Reply(ROWS.encode(), headers={"ETag": f'"{PLANTED}"'})
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
        caplog.set_level(logging.DEBUG, logger=name)
    one = operation(tmp_path, server)
    store = Store(tmp_path / "store")
    done = tick(one, store, [tmp_path / "data"], Settings(loopback_feeds=True))
    assert done.release is not None and done.release.manifest["sources"][0]["accepted"] == 2
    assert server.asked[0][2]["x-key"] == PLANTED
    said = capfd.readouterr()
    assert PLANTED not in caplog.text + said.out + said.err + repr(done)
    assert PLANTED.encode() not in written(tmp_path)


@pytest.mark.parametrize("reply", [
    Reply({"isSuccess": False, "errorMessages": [f"invalid key {PLANTED}"]}),
    Reply(status=401), Reply(status=500), Reply(b"cut", claimed=99),
    Reply(status=302, headers={"Location": f"https://elsewhere.example/?key={PLANTED}"}),
    Reply({"isSuccess": True, "result": [PLANTED]}),
])  # fmt: skip
def test_no_failure_tells_it(tmp_path, server, caplog, reply):
    "Messages, tracebacks, the ledger: also when the server repeats it"
    caplog.set_level(logging.DEBUG)
    server.routes["/v3"] = reply
    one = source(server, "dtm", "/v3", secret="KEY")
    with pytest.raises(FeedFailed) as failed:
        fetch(tmp_path, server, one)
    said = "".join(traceback.format_exception(failed.value)) + repr(failed.value.parts)
    ledger = Ledger(tmp_path, "o")
    from datetime import UTC, datetime

    visit([one], ledger, lambda *_: fetch(tmp_path, server, one), datetime.now(UTC))
    ledger.close()
    assert PLANTED not in said + caplog.text
    assert PLANTED.encode() not in written(tmp_path)


def test_it_is_not_sent_after_a_redirect(tmp_path, server):
    "Another host that the operation names gets the request without it"
    with replay.serving() as other:
        other.routes["/v3"] = Reply({"isSuccess": True, "result": []})
        server.routes["/v3"] = Reply(status=307, headers={"Location": other.url("/v3")})
        one = source(server, "dtm", "/v3", secret="KEY")
        fetch(tmp_path, server, one, hosts=[server.host, other.host])
        assert PLANTED not in str(other.asked) and PLANTED in str(server.asked)


def test_it_is_not_in_its_own_picture(server):
    "repr of what carries it"
    one = Credential.of(source(server, "dtm", "/v3", secret="KEY").feed)
    assert one is not None and PLANTED not in repr(one)
    assert PLANTED not in repr(Settings(proxy=f"http://user:{PLANTED}@proxy"))


@pytest.mark.parametrize("value", ["", "  ", "two\nlines", "schlüssel"])
def test_a_secret_that_cannot_be_sent_is_named_not_shown(value):
    "A header with a line break would be another header"
    with pytest.raises(SettingInvalid, match="WAYPOST_SECRET_DTM") as wrong:
        secret("DTM", {"WAYPOST_SECRET_DTM": value})
    assert not value.strip() or value.strip() not in str(wrong.value)


BAD = {
    'url = "https://data.example/x?api_key=1"': "looks like a secret",
    'url = "https://user:pw@data.example/x"': "password",
    'url = "https://elsewhere.example/x"': "not among the operation's hosts",
    'url = "ftp://data.example/x"': "not an https address",
    'params = { app_identifier = "a" }': "looks like a secret",
    'secret = "abc-123"': "NAME after WAYPOST_SECRET_",
    'secret = "KEY"': "header must say",
    'file = "../a.csv"': "not a plain file name",
    "every_h = 0": "how often",
    'kind = "dtm"': "needs a secret",
    'kind = "ckan"': "resource or format",
    'kind = "ftp"': "Invalid enum",
    "evry_h = 1": "Did you mean 'every_h'",
    'path = "a.csv"': "where the files of the feed land",
}


@pytest.mark.parametrize("line", BAD)
def test_a_wrong_declaration_is_refused_with_its_line(tmp_path, line):
    "Before anything is asked"
    text = OPERATION.format(host="data.example", url="https://data.example/a.csv", more="")
    text = text.replace('secret = "KEY"\nheader = "X-Key"\n', "")
    key = line.split(" =")[0]
    kept = [one for one in text.splitlines() if not one.startswith(f"{key} =")]
    place = kept.index('sensitivity = "low"') if key == "path" else kept.index("[source.read]")
    (tmp_path / "op.toml").write_text("\n".join([*kept[:place], line, *kept[place:]]))
    with pytest.raises(OperationInvalid, match=BAD[line]) as wrong:
        operations.load(tmp_path / "op.toml")
    assert "op.toml, line " in str(wrong.value)
