"""Each kind of feed asks what its service documents, and takes a whole set of pages or nothing."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from geo_data.errors import FeedFailed
from tests import replay
from tests.replay import Reply, fetch, source

TODAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("WAYPOST_SECRET_KEY", "abc")


def documents(got):
    return [json.loads(file.read_bytes()) for file in sorted(got.staged.iterdir())]


DTM_ROW = {"operation": "Libya", "admin1Pcode": "LY01", "numPresentIdpInd": 5, "roundNumber": 51}


def test_dtm_is_one_answer_with_a_key_in_a_header(tmp_path, server):
    "The subscription key is a header, the operation a parameter"
    server.routes["/v3/displacement/admin1"] = Reply({"isSuccess": True, "result": [DTM_ROW]})
    one = source(
        server, "dtm", "/v3/displacement/admin1", secret="KEY", params={"Operation": "Libya"}
    )
    assert documents(fetch(tmp_path, server, one))[0]["result"] == [DTM_ROW]
    _, query, headers = server.asked[0]
    assert (query, headers["ocp-apim-subscription-key"]) == ({"Operation": "Libya"}, "abc")


@pytest.mark.parametrize("answer", [
    {"isSuccess": False, "errorMessages": ["No operation Lybia"], "result": None},
    {"result": []}, [], {"isSuccess": True, "result": None},
])  # fmt: skip
def test_dtm_fails_with_status_200(tmp_path, server, answer):
    "Its own word counts, and its reason is told"
    server.routes["/v3"] = Reply(answer)
    with pytest.raises(FeedFailed, match="No operation Lybia|without success|without a list"):
        fetch(tmp_path, server, source(server, "dtm", "/v3", secret="KEY"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("rows", "asked", "files"), [(0, 1, 1), (3, 1, 1), (10, 2, 1), (25, 3, 3)])
def test_hapi_pages_end_with_a_short_one(tmp_path, server, rows, asked, files):
    "Pages of 10: 25 rows are three pages; 10 rows want a second look that is not kept"

    def page(query, headers):
        first = int(query["offset"])
        return Reply({"data": list(range(first, min(rows, first + int(query["limit"]))))})

    server.routes["/api/v2/affected-people/idps"] = page
    one = source(
        server, "hapi", "/api/v2/affected-people/idps", secret="KEY",
        params={"location_code": "LBY", "limit": "10"},
    )  # fmt: skip
    found = [row for page in documents(fetch(tmp_path, server, one)) for row in page["data"]]
    assert found == list(range(rows))
    assert len(server.asked) == asked
    assert len(list((tmp_path / ".s.new").iterdir())) == files
    assert server.queries()[0]["output_format"] == "json"
    assert server.asked[0][2]["x-hdx-hapi-app-identifier"] == "abc"


PAGES = {
    "deep": (b"[" * 100_000, "not JSON"),
    "not utf-8": (b'"\xff\xfe"', "not JSON"),
    "cut": (b'{"data": [1, 2', "JSON that was cut"),
    "too large to hold": (b" " * 150_000, "above 100,000 bytes"),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_that_cannot_be_followed_is_refused(tmp_path, server, kind):
    "What must be parsed to find the next page is held, so it is limited more closely than a file"
    body, said = PAGES[kind]
    server.routes["/api"] = Reply(body)
    closer = replace(replay.LIMITS, held_bytes=100_000)
    with pytest.raises(FeedFailed, match=said):
        fetch(tmp_path, server, source(server, "hapi", "/api", secret="KEY"), limits=closer)


def test_a_set_of_pages_is_all_or_nothing(tmp_path, server):
    "The third page stays broken: the two good ones are not kept either"

    def page(query, headers):
        first = int(query["offset"])
        return Reply(status=500) if first == 20 else Reply({"data": list(range(10))})

    server.routes["/api"] = page
    with pytest.raises(FeedFailed, match="status 500, 5 times"):
        fetch(
            tmp_path, server, source(server, "hapi", "/api", secret="KEY", params={"limit": "10"})
        )
    assert list(tmp_path.iterdir()) == []


def test_pages_without_end_are_given_up(tmp_path, server):
    "A server that ignores the offset would be asked for ever; 30 pages are the limit here"
    server.routes["/api"] = Reply({"data": [1]})
    with pytest.raises(FeedFailed, match="more than 30 pages"):
        fetch(tmp_path, server, source(server, "hapi", "/api", secret="KEY", params={"limit": "1"}))


def test_unhcr_asks_for_iso_codes_and_all_pages(tmp_path, server):
    "maxPages 3: three requests, all with cf_type=ISO"
    server.routes["/population/v1/population/"] = lambda query, headers: Reply(
        {"page": int(query["page"]), "maxPages": 3, "items": [{"coo_iso": "SDN", "refugees": "0"}]}
    )
    one = source(server, "unhcr", "/population/v1/population/", params={"coa": "LBY"})
    assert len(documents(fetch(tmp_path, server, one))) == 3
    assert [query["page"] for query in server.queries()] == ["1", "2", "3"]
    assert {query["cf_type"] for query in server.queries()} == {"ISO"}


def dataset(server, *resources):
    return Reply({"success": True, "result": {"resources": list(resources)}})


def resource(server, name, form="CSV", at="2026-01-01", path="/files/a.csv"):
    return {"name": name, "format": form, "last_modified": at, "url": server.url(path)}


def test_ckan_takes_the_newest_that_fits(tmp_path, server):
    "Of three CSV files named alike the one modified last; the format is compared without case"
    server.routes["/api/3/action/package_show"] = dataset(
        server, resource(server, "idps 2024", at="2024-05-01"),
        resource(server, "idps 2026", at="2026-05-01", path="/files/new%20file.csv?sig=s3cr3t"),
        resource(server, "idps 2025", at="2025-05-01"), resource(server, "idps 2026", "XLSX"),
        resource(server, "readme", at="2026-06-01"),
    )  # fmt: skip
    server.routes["/files/new%20file.csv"] = Reply(b"a,b\n1,2\n")
    one = source(
        server, "ckan", "/api/3/action/package_show", resource="idps*", format="csv",
        params={"id": "lby-idps"},
    )  # fmt: skip
    got = fetch(tmp_path, server, one)
    assert [file.name for file in got.staged.iterdir()] == ["new_file.csv"]
    assert "s3cr3t" not in str(got.pages)


def test_ckan_never_leaves_the_named_hosts(tmp_path, server):
    "The dataset points elsewhere: nothing is asked there, and our secret stays here"
    with replay.serving() as other:
        server.routes["/show"] = dataset(server, resource(other, "a"))
        other.routes["/files/a.csv"] = Reply(b"a\n1\n")
        one = source(server, "ckan", "/show", resource="*", secret="KEY", header="Authorization")
        with pytest.raises(FeedFailed, match="does not name"):
            fetch(tmp_path, server, one)
        fetch(tmp_path, server, one, hosts=[server.host, other.host])
        assert server.asked[0][2]["authorization"] == "abc"
        assert "authorization" not in other.asked[0][2]


@pytest.mark.parametrize(
    "answer", [{"success": False}, {"success": True, "result": {"resources": []}}]
)
def test_ckan_without_the_resource_says_so(tmp_path, server, answer):
    "Nothing is downloaded instead"
    server.routes["/show"] = Reply(answer)
    with pytest.raises(FeedFailed, match="without success|resources none"):
        fetch(tmp_path, server, source(server, "ckan", "/show", format="CSV"))


@pytest.mark.parametrize(
    "url", ["http://[", "", "https://", "http://a b/", "https://x\n.example/a"]
)
def test_an_address_out_of_an_answer_may_be_none(tmp_path, server, url):
    "One sentence, nothing asked"
    bad = resource(server, "a") | {"url": url}
    server.routes["/show"] = dataset(server, bad)
    with pytest.raises(FeedFailed):
        fetch(tmp_path, server, source(server, "ckan", "/show", resource="*"))
    assert len(server.asked) == 1 and list(tmp_path.iterdir()) == []


def gdacs(events):
    "A search that cuts at a hundred."

    def search(query, headers):
        first, last = (date.fromisoformat(query[name]) for name in ("fromDate", "toDate"))
        found = [n for n, day in enumerate(events) if first <= day <= last]
        return Reply({"type": "FeatureCollection", "features": [{"id": n} for n in found][:100]})

    return search


def test_gdacs_halves_a_cut_period(tmp_path, server):
    "240 events over 30 days, never 100 in a half that is kept: every event is there once"
    days = [TODAY - timedelta(days=number % 31) for number in range(240)]
    server.routes["/SEARCH"] = gdacs(days)
    got = fetch(tmp_path, server, source(server, "gdacs", "/SEARCH"), today=TODAY)
    found = [one["id"] for page in documents(got) for one in page["features"]]
    assert sorted(found) == list(range(240))
    assert len(server.asked) == 7 and len(list(got.staged.iterdir())) == 4


def test_gdacs_says_when_a_day_is_cut(tmp_path, server):
    "A hundred events in one day cannot be halved further"
    server.routes["/SEARCH"] = gdacs([TODAY] * 150)
    with pytest.raises(FeedFailed, match="100 events or more on 2026-06-30"):
        fetch(tmp_path, server, source(server, "gdacs", "/SEARCH"), today=TODAY)


RSS = """<?xml version="1.0"?><rss><channel><title>Alerts</title>
<item><title>A</title><link>{a}</link></item><item><link>/cap/b.xml</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom">
<entry><link type="text/html" href="/page"/><link type="application/cap+xml" href="{a}"/></entry>
<entry><link href="/cap/b.xml"/></entry></feed>"""


def test_gdacs_rss_is_kept_as_it_is(tmp_path, server):
    "One conditional request"
    server.routes["/xml/rss.xml"] = Reply(RSS.encode())
    got = fetch(tmp_path, server, source(server, "gdacs", "/xml/rss.xml"))
    assert (got.staged / "rss.xml").read_bytes() == RSS.encode()


@pytest.mark.parametrize("index", [RSS, ATOM])
def test_cap_fetches_each_alert_of_the_index(tmp_path, server, index):
    "Two alerts, of RSS or Atom, relative or whole addresses; the index itself is not kept"
    server.routes["/index.xml"] = Reply(index.format(a=server.url("/cap/a.xml")).encode())
    for name in "ab":
        server.routes[f"/cap/{name}.xml"] = Reply(f"<alert>{name}</alert>".encode())
    got = fetch(tmp_path, server, source(server, "cap", "/index.xml"))
    texts = {file.read_text() for file in got.staged.iterdir()}
    assert texts == {"<alert>a</alert>", "<alert>b</alert>"}


@pytest.mark.parametrize("index", [
    b'<!DOCTYPE r [<!ENTITY a "b">]><rss><item><link>&a;</link></item></rss>',
    b"<rss><channel><item>", b"no xml",
])  # fmt: skip
def test_cap_refuses_an_index_that_is_not_plain(tmp_path, server, index):
    "Entities, cut and other text"
    server.routes["/index.xml"] = Reply(index)
    with pytest.raises(FeedFailed, match="not plain XML|cut|not XML"):
        fetch(tmp_path, server, source(server, "cap", "/index.xml"))


GRID = b'<?xml version="1.0"?><shakemap_grid event_id="x"><grid_data>1 2 3</grid_data></shakemap_grid>\n'


def test_shakemap_is_found_through_its_event(tmp_path, server):
    "The event names the grid; the grid is kept"
    product = {"contents": {"download/grid.xml": {"url": server.url("/product/grid.xml")}}}
    server.routes["/detail/x.geojson"] = Reply(
        {"properties": {"products": {"shakemap": [product]}}}
    )
    server.routes["/product/grid.xml"] = Reply(GRID)
    got = fetch(tmp_path, server, source(server, "shakemap", "/detail/x.geojson"))
    assert [(file.name, file.read_bytes()) for file in got.staged.iterdir()] == [("grid.xml", GRID)]


def test_shakemap_refuses_other_xml(tmp_path, server):
    "An error document is no grid"
    server.routes["/grid.xml"] = Reply(b"<Error><Code>NoSuchKey</Code></Error>")
    with pytest.raises(FeedFailed, match="no ShakeMap grid"):
        fetch(tmp_path, server, source(server, "shakemap", "/grid.xml"))


def kobo(server, next_host=None):
    def page(query, headers):
        start = int(query.get("start", 0))
        people = [{"_id": n, "group/sex": "f", "name": "Amina", "_submitted_by": "enumerator7"}
                  for n in range(start, min(start + 1000, 2300))]  # fmt: skip
        link = f"{next_host or server.url('')}/api/v2/assets/u/data.json?limit=1000&start={start + 1000}"
        return Reply({"count": 2300, "next": link if start < 2000 else None, "results": people})

    return page


def test_kobo_keeps_the_declared_questions_only(tmp_path, server):
    "2300 submissions on three pages; names and enumerators never touch the disk"
    server.routes["/api/v2/assets/u/data.json"] = kobo(server)
    one = source(
        server, "kobo", "/api/v2/assets/u/data.json", secret="KEY", fields=["_id", "group/sex"]
    )
    got = fetch(tmp_path, server, one)
    rows = [row for page in documents(got) for row in page["results"]]
    assert [row["_id"] for row in rows] == list(range(2300))
    assert set().union(*rows) == {"_id", "group/sex"}
    assert not any(b"Amina" in file.read_bytes() for file in got.staged.iterdir())
    assert {headers["authorization"] for _, _, headers in server.asked} == {"Token abc"}


def test_kobo_follows_next_on_its_own_server_only(tmp_path, server):
    "Even another host that the operation names is not asked for submissions"
    with replay.serving() as other:
        server.routes["/data.json"] = kobo(server, next_host=other.url(""))
        one = source(server, "kobo", "/data.json", secret="KEY", fields=["_id"])
        with pytest.raises(FeedFailed, match="next page on another server"):
            fetch(tmp_path, server, one, hosts=[server.host, other.host])
        assert other.asked == []


def test_a_page_that_leads_to_itself_ends(tmp_path, server):
    "The second request would be the first again"
    link = server.url("/data.json?limit=1000")
    server.routes["/data.json"] = Reply({"next": link, "results": [{"_id": 1}]})
    with pytest.raises(FeedFailed, match="leads back to itself"):
        fetch(tmp_path, server, source(server, "kobo", "/data.json", secret="KEY", fields=["_id"]))


@pytest.mark.parametrize(("path", "name"), [
    ("/a/b/data.csv", "data.csv"), ("/a/%2e%2e%2f%2e%2e%2fetc/passwd", "passwd.csv"),
    ("/a/..%5c..%5cx.csv", "x.csv"), ("/", "s.csv"), ("/.hidden.csv", "hidden.csv"),
    ("/a%0Ab.csv", "a_b.csv"),
])  # fmt: skip
def test_a_file_is_named_by_its_address_within_the_folder(tmp_path, server, path, name):
    "No address leads out of the folder or hides in it"
    from etl.feeds.plain import name_of

    one = source(server, "url", "/x.csv")
    assert name_of(server.url(path), one) == name
