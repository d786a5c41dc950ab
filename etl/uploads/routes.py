"""Tracks of GPX and KML with the time of each position, which a map library leaves out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element  # noqa: S405 -- the type alone

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from etl import files, personal
from etl.readers.delimited import SNIFFED, WEB_PAGE
from etl.readers.marked import children, local, text_of
from geo_data.errors import SourceUnreadable, quoted

KINDS = (".gpx", ".kml", ".kmz")
Fix = dict[str, Any]
"""``track_id``, ``name``, ``lat_deg`` and ``lon_deg`` as text, and ``time`` if there is one."""


def fixes(file: Path) -> list[Fix]:
    """Positions of all tracks and routes of a GPX or KML file, in their order.

    Raises
    ------
    SourceUnreadable
        If it is no such file, or damaged.
    """
    found: list[Fix] = []
    for root in _roots(file):
        kind = local(root.tag).lower()
        if kind not in ("gpx", "kml"):
            raise SourceUnreadable(
                file.name, f"a document <{local(root.tag)[:40]}>", "a GPX or KML file",
                "Export it from the device again.",
            )  # fmt: skip
        tracks = _gpx(root) if kind == "gpx" else _kml(root)
        for number, (name, rows) in enumerate(tracks, start=1):
            track = f"{file.stem}-{number}"
            called = personal.masked(name) if name else track
            found += [{"track_id": track, "name": called, **row} for row in rows]
    return found


def _roots(file: Path) -> list[Element]:
    texts = [file.read_bytes()]
    if zipfile.is_zipfile(file):
        with files.archive(file) as packed:
            named = [name for name in packed.namelist() if name.lower().endswith(".kml")]
            texts = [packed.read(name) for name in sorted(named)]
    if any(WEB_PAGE.match(text[:SNIFFED]) for text in texts):
        raise SourceUnreadable(
            file.name, "a web page", "a GPX or KML file",
            "It was saved from a site that shows the file: download the file itself.",
        )  # fmt: skip
    try:
        return [ElementTree.fromstring(text, forbid_dtd=True) for text in texts]
    except (ElementTree.ParseError, DefusedXmlException, ValueError, RecursionError) as problem:
        raise SourceUnreadable(
            file.name, f"XML that cannot be read ({quoted(problem)[:120]})",
            "a GPX or KML file without entities", "Export it from the device again.",
        ) from None  # fmt: skip


def _gpx(root: Element) -> Iterator[tuple[str | None, list[Fix]]]:
    for track in _all(root, "trk"):
        for segment in _all(track, "trkseg"):
            yield text_of(track, "name"), [_point(one) for one in _all(segment, "trkpt")]
    for route in _all(root, "rte"):
        yield text_of(route, "name"), [_point(one) for one in _all(route, "rtept")]


def _point(point: Element) -> Fix:
    time = text_of(point, "time")
    return {"lat_deg": point.get("lat"), "lon_deg": point.get("lon"), "time": time}


def _kml(root: Element) -> Iterator[tuple[str | None, list[Fix]]]:
    """Tracks and lines of each placemark; dated points together are a track of their own."""
    dated: list[Fix] = []
    for mark in _all(root, "Placemark"):
        name = text_of(mark, "name")
        for track in _all(mark, "Track"):
            times = [(one.text or "").strip() for one in children(track, "when")]
            places = [_split(one.text, r"\s+") for one in children(track, "coord")]
            times += [""] * (len(places) - len(times))
            yield (
                name,
                [{**at, "time": time or None} for at, time in zip(places, times, strict=False)],
            )
        for line in _all(mark, "LineString"):
            corners = (text_of(line, "coordinates") or "").split()
            yield name, [_split(corner, ",") | {"time": None} for corner in corners]
        stamp = next(iter(_all(mark, "TimeStamp")), None)
        if stamp is None:
            continue
        for point in _all(mark, "Point"):
            at = _split((text_of(point, "coordinates") or "").strip(), ",")
            dated.append({**at, "time": text_of(stamp, "when")})
    if dated:
        yield None, dated


def _split(text: str | None, mark: str) -> Fix:
    lon, lat, *_ = [*re.split(mark, (text or "").strip()), "", ""]
    return {"lat_deg": lat or None, "lon_deg": lon or None}


def _all(node: Element, name: str) -> list[Element]:
    return [child for child in node.iter() if local(child.tag) == name]
