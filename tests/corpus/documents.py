"""Documents of records: JSON and its pages, forms, alerts and feeds."""

from __future__ import annotations

import json

from tests.corpus.case import GOOD, PLACED, Case, places

RECORDS = [dict(zip(("name", "lat", "lon"), row, strict=True)) for row in GOOD]
JSON = {"file": "a.json", "read": {"format": "json"}}
KOBO = {"file": "a.json", "read": {"format": "kobo"},
        "columns": {"name": "post", "lat_deg": "_gps_latitude", "lon_deg": "_gps_longitude"}}  # fmt: skip


def _json(*values: object) -> str:
    return json.dumps(list(values))


def _paged(path: str, **more: object) -> dict[str, object]:
    return {"file": "a.json", "read": {"format": "json", "records": path}, **more}


def _answer(name: str, gps: str, **more: object) -> dict[str, object]:
    return {"_id": 1, "post": name, "gps": gps, **more}


ALERT = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a1</identifier>{}</alert>'
INFO = ("<info><language>{}</language><event>Flood</event><area><areaDesc>{}</areaDesc>"
        "<polygon>{}</polygon></area></info>")  # fmt: skip
RING = "32,13 32,14 33,14 33,13 32,13"
ITEM = "<item><title>{}</title><point xmlns='http://www.georss.org/georss'>{}</point></item>"
RSS = "<rss><channel>{}</channel></rss>"


def alert(name: str, *infos: str, kept: object = (("Coast", 32.5, 13.5),), raw: str = "",
          read: dict[str, object] | None = None, **more: object) -> Case:  # fmt: skip
    """An alert whose areas are places."""
    given = {"kept": () if "refused" in more else kept} | more
    return places(name, raw or ALERT.format("".join(infos)), file="a.xml",
                  read={"format": "cap"} | (read or {}), columns={"name": "areaDesc"}, **given)  # fmt: skip


def feed(name: str, content: str, **more: object) -> Case:
    """A feed whose items are places."""
    return places(name, content, file="a.xml", read={"format": "georss"},
                  columns={"name": "title"}, **more)  # fmt: skip


CASES = (
    places("records in a list", _json(*RECORDS), kept=GOOD, **JSON),
    places("records of which some lack a member", _json(RECORDS[0], {"name": "X"}, *RECORDS[1:]),
           kept=GOOD, out={2: "missing_required"}, **JSON),
    places("records that are words", _json(RECORDS[0], "x", None, *RECORDS[1:]), kept=GOOD,
           out={2: "ragged_row", 3: "ragged_row"}, **JSON),
    places("an empty list", "[]", **JSON),
    places("numbers written with their zeros", '[{"name": "0201", "lat": 33.10, "lon": 12.0}]',
           kept=[("0201", 33.1, 12)], **JSON),
    places("a name given twice in one record", '[{"name": "A", "lat": 1, "lat": 33.1, "lon": 12}]',
           kept=[("A", 33.1, 12)], **JSON),
    places("values that are not numbers", '[{"name": "A", "lat": NaN, "lon": Infinity}]',
           fails=True, out={1: "not_a_position"}, **JSON),
    places("true for a number", _json({"name": "A", "lat": True, "lon": 12}, *RECORDS), kept=GOOD,
           out={1: "not_a_position"}, **JSON),
    places("records in records", _json({"name": {"en": "A"}, "lat": 33.1, "lon": 12.5}),
           kept=[('{"en": "A"}', 33.1, 12.5)], **JSON),
    places("half a list", _json(*RECORDS)[:-20], refused="not JSON", **JSON),
    places("a comma behind the last record", '[{"name": "A"},]', refused="not JSON", **JSON),
    places("a path that the document lacks", json.dumps({"result": RECORDS}), refused="'results'",
           **_paged("results")),
    places("a path to no list", json.dumps({"data": {"rows": RECORDS}}), **_paged("data"),
           refused="Lists there: rows"),
    places("pages in one list", _json({"data": RECORDS[:2]}, {"data": RECORDS[2:]}), kept=GOOD,
           **_paged("data")),
    places("fewer records than the pages promise", json.dumps(
           {"count": 50, "next": None, "data": RECORDS}), kept=GOOD, said=["3 records out of 50"],
           **_paged("data")),
    places("an error of the server", json.dumps({"detail": "Invalid token."}), refused="results",
           **KOBO),
    places("answers with positions", json.dumps({"results": [_answer("Ras Jedir", "33.14 11.55 0 5"),
           _answer("Ghat", ""), _answer("Sabha", "27.04 14.43 0 0")]}), kept=[GOOD[0], GOOD[2]],
           out={2: "missing_required"}, **KOBO),
    places("answers that name who gave them", json.dumps({"results": [_answer("Ras Jedir",
           "33.14 11.55 0 5", _submitted_by="amal.s", **{"meta/instanceName": "Amal S., F, 34",
           "deviceid": "imei:352099001761481", "phonenumber": "+218 91 123 4567"})]}),
           kept=[GOOD[0]], never=["amal.s", "Amal", "352099001761481", "4567"], **KOBO),
    places("answers in semicolons", 'post;_gps_latitude;_gps_longitude;username\n'
           'Ras Jedir;33.14;11.55;amal.s\n', file="a.csv", read={"format": "kobo"},
           columns=KOBO["columns"], kept=[GOOD[0]], never=["amal.s"]),
    alert("an alert with its area", INFO.format("en", "Coast", RING)),
    alert("an alert of two languages", INFO.format("en", "Coast", RING), INFO.format("fr", "Côte",
          RING), kept=[("Coast", 32.5, 13.5), ("Côte", 32.5, 13.5)], said=["several languages"]),
    alert("an alert of which one language is wanted", INFO.format("en", "Coast", RING),
          INFO.format("fr", "Côte", RING), kept=[("Côte", 32.5, 13.5)], read={"language": "fr"},
          said=["other languages left out: en"]),
    alert("an alert with half a corner", INFO.format("en", "Coast", RING),
          INFO.format("en", "Sea", RING + " 34"), out={2: "ragged_row"}),
    alert("an alert beyond the pole", INFO.format("en", "Coast", RING),
          INFO.format("en", "Sea", RING.replace("32,", "95,")), out={2: "ragged_row"}),
    alert("an alert without an area", INFO.format("en", "Coast", RING), "<info><event>x</event></info>",
          out={2: "missing_required"}),
    alert("an alert with entities", raw='<!DOCTYPE alert [<!ENTITY a "b">]><alert>&a;</alert>',
          refused="entities or a DOCTYPE"),
    alert("half an alert", raw=ALERT.format(INFO.format("en", "Coast", RING))[:200],
          refused="XML that cannot be read"),
    alert("a feed for an alert", raw=RSS.format(""), refused="no alert"),
    alert("a page for an alert", raw="<html><body/></html>", refused="root 'html'"),
    alert("an alert in letters that nobody knows", raw="<?xml version='1.0' encoding='x-1'?><alert/>",
          refused="XML that cannot be read"),
    feed("a feed with positions", RSS.format("".join(ITEM.format(n, f"{lat} {lon}")
         for n, lat, lon in GOOD)), kept=GOOD),
    feed("a feed with a word for a position", RSS.format(ITEM.format("A", "33.1 12.5")
         + ITEM.format("B", "north")), kept=[("A", 33.1, 12.5)], out={2: "ragged_row"}),
    feed("a feed with longitude first", RSS.format(ITEM.format("A", "11.55 133.14")
         + ITEM.format("B", "33.1 12.5")), kept=[("B", 33.1, 12.5)], out={1: "outside_operation"}),
    feed("a feed without items today", RSS.format("")),
    feed("a feed with its writers", RSS.format("<item><title>A</title><author>amal@example.org "
         "(Amal S.)</author><point>33.1 12.5</point></item>"), kept=[("A", 33.1, 12.5)],
         never=["amal@", "Amal"]),
    places("a grid of shaking", '<shakemap_grid xmlns="http://earthquake.usgs.gov/eqcenter/shakemap">'
           '<grid_field index="1" name="LON"/><grid_field index="2" name="LAT"/><grid_data>\n'
           "12.5 33.1\n13.5\n</grid_data></shakemap_grid>", file="a.xml", out={2: "ragged_row"},
           read={"format": "shakemap"}, columns=PLACED | {"name": "LON", "lat_deg": "LAT",
           "lon_deg": "LON"}, kept=[("12.5", 33.1, 12.5)]),
)  # fmt: skip
