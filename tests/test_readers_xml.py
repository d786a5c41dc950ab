"""Alerts and feeds, written here after their public shapes."""

import pyproj
import pytest

from geo_data.errors import SourceUnreadable
from tests.declared import read

INFO = """<info><language>{lang}</language><category>Met</category><event>{event}</event>
<urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
<onset>2026-05-01T06:00:00+02:00</onset><expires>2026-05-02T06:00:00+02:00</expires>
<contact>Somebody, +218 91 000 0000</contact>{areas}</info>"""
SQUARE = """<area><areaDesc>Coast</areaDesc><polygon>32,13 32,14 33,14 33,13 32,13</polygon>
<geocode><valueName>UNLOC</valueName><value>LYTIP</value></geocode></area>"""
ROUND = "<area><areaDesc>Sea</areaDesc><circle>33.5,12.0 50</circle></area>"
CODED = "<area><areaDesc>Sirt</areaDesc><geocode><valueName>P</valueName><value>LY02</value></geocode></area>"


def alert(*infos, start=""):
    return (f'<?xml version="1.0"?>{start}<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
            "<identifier>a1</identifier><sender>met.example</sender><sent>2026-05-01T05:00:00+02:00"
            "</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
            f"{''.join(infos)}</alert>")  # fmt: skip


def cap(folder, *infos, **declared):
    return read(folder, alert(*infos), name="a.xml", format="cap", **declared)


def test_areas_are_latitude_first_and_circles_in_kilometres(tmp_path):
    """A square of one degree, a circle whose edge is 50 km away, an area of codes only."""
    table = cap(tmp_path, INFO.format(lang="en", event="Flood", areas=SQUARE + ROUND + CODED))
    assert table["areaDesc"].tolist() == ["Coast", "Sea", "Sirt"]
    assert table.geometry[0].bounds == (13, 32, 14, 33)
    ring = table.geometry[1].exterior.coords
    metres = {round(pyproj.Geod(ellps="WGS84").inv(12, 33.5, *point)[2]) for point in ring}
    assert metres == {50_000}
    assert table.geometry[2] is None
    assert table.loc[2, ["geocode P", "severity", "identifier"]].tolist() == [
        "LY02",
        "Severe",
        "a1",
    ]


def test_contacts_stay_outside(tmp_path):
    """No column and no cell tells whom to call."""
    table = cap(tmp_path, INFO.format(lang="en", event="Flood", areas=SQUARE))
    assert "contact" not in table
    assert "218" not in table.to_csv()


def test_languages_are_said_or_chosen(tmp_path):
    """Undeclared, each is a record and that is said; declared, the others are named as left out."""
    infos = [INFO.format(lang=lang, event=event, areas=SQUARE)
             for lang, event in (("fr-FR", "Crue"), ("ar", "فيضان"))]  # fmt: skip
    both = cap(tmp_path, *infos)
    assert len(both) == 2
    assert "several languages" in both.attrs["warnings"][0]
    french = cap(tmp_path, *infos, language="fr")
    assert french["event"].tolist() == ["Crue"]
    assert french.attrs["warnings"] == ["1 information blocks in other languages left out: ar"]


@pytest.mark.parametrize("area", ["32,13 32", "95,13 96,14 97,13", "32;13", "", "a,b c,d e,f"])
def test_a_broken_polygon_is_a_problem_of_its_row(tmp_path, area):
    """The row stays, with what is wrong; nothing is raised."""
    table = cap(
        tmp_path, INFO.format(lang="en", event="x", areas=f"<area><polygon>{area}</polygon></area>")
    )
    assert table["_problem"].str.contains("cannot be read").tolist() == [True]


BOMB = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("form", ["cap", "georss", "shakemap", "xml"])
@pytest.mark.parametrize(
    "content", [alert(start=BOMB), alert()[:90], "", "<a/>", "<?xml version='1.0' encoding='x-y'?><a/>",
                "<rss><channel>&nope;</channel></rss>"]
)  # fmt: skip
def test_hostile_and_broken_documents(tmp_path, form, content):
    """One sentence, whatever is wrong, and no entity is followed."""
    with pytest.raises(SourceUnreadable, match=r"a\.xml"):
        read(tmp_path, content, name="a.xml", format=form)


def test_the_root_decides_and_names_the_format(tmp_path):
    """An alert is no feed; declared as xml it is read for what it is."""
    with pytest.raises(SourceUnreadable, match="format = 'cap'"):
        read(tmp_path, alert(INFO), name="a.xml", format="georss")
    assert (
        len(read(tmp_path, alert(INFO.format(lang="en", event="x", areas=SQUARE)), format="xml"))
        == 1
    )


GDACS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:gdacs="http://www.gdacs.org"
 xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" xmlns:georss="http://www.georss.org/georss"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Feed</title>
<item><title>Flood in Libya</title><link>https://example.org/1</link><dc:creator>A. Person</dc:creator>
<pubDate>Mon, 11 Sep 2023 06:00:00 GMT</pubDate><geo:Point><geo:lat>32.7</geo:lat>
<geo:long>22.6</geo:long></geo:Point><georss:point>32.7 22.6</georss:point>
<gdacs:bbox>20 25 31 33</gdacs:bbox><gdacs:eventtype>FL</gdacs:eventtype>
<gdacs:severity unit="Magnitude" value="7.2">Severe</gdacs:severity></item>
<item><title>Nowhere</title></item></channel></rss>"""


def test_gdacs_items_with_their_own_names(tmp_path):
    """Point latitude first, dates in ISO 8601, attributes as columns, no author."""
    table = read(tmp_path, GDACS, name="a.xml", format="georss")
    assert (table.geometry[0].x, table.geometry[0].y) == (22.6, 32.7)
    assert table.geometry[1] is None
    told = table.loc[0, ["gdacs:eventtype", "gdacs:severity value", "pubDate"]].tolist()
    assert told == ["FL", "7.2", "2023-09-11 06:00:00+00:00"]
    assert not [name for name in table.columns if "creator" in name]


def test_gdacs_boxes_are_west_east_south_north(tmp_path):
    """Asked for as a layer; an item without one is a problem of its row."""
    table = read(tmp_path, GDACS, name="a.xml", format="georss", layer="bbox")
    assert table.geometry[0].bounds == (20, 31, 25, 33)
    assert table["_problem"].notna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("shape", "bounds"),
    [
        ("<georss:point>32 13</georss:point>", (13, 32, 13, 32)),
        ("<georss:line>32 13 33 14</georss:line>", (13, 32, 14, 33)),
        ("<georss:polygon>32 13 32 14 33 14 32 13</georss:polygon>", (13, 32, 14, 33)),
        ("<georss:box>32 13 33 14</georss:box>", (13, 32, 14, 33)),
        ("<georss:where><gml:Point xmlns:gml='g'><gml:pos>32 13</gml:pos></gml:Point></georss:where>",
         (13, 32, 13, 32)),
    ],
)  # fmt: skip
def test_shapes_of_atom_entries(tmp_path, shape, bounds):
    """GeoRSS simple and GML are latitude first."""
    feed = ('<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss">'
            f'<entry><title>x</title><link href="https://example.org/x"/>{shape}</entry></feed>')  # fmt: skip
    table = read(tmp_path, feed, name="a.xml", format="georss")
    assert table.geometry[0].bounds == bounds
    assert table["link"][0] == "https://example.org/x"
