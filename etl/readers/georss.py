"""RSS and Atom feeds with positions, such as those of GDACS: one record per item."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element  # noqa: S405 - types only

import pandas as pd
import shapely

from etl.readers import cells
from etl.readers.marked import circle, latitudes_first, local, polygon, together
from geo_data.errors import SourceUnreadable
from geo_data.sources import Read

ITEMS = ("item", "entry")
PREFIXES = {"gdacs.org": "gdacs:", "wgs84_pos": "geo:", "purl.org/dc": "dc:"}
# People who wrote an item.
LEFT_OUT = frozenset({"author", "creator", "dc:creator", "contributor", "managingEditor"})
SHAPES = frozenset({"point", "line", "polygon", "box", "circle", "where", "Point"})
DATES = frozenset({"pubDate", "gdacs:fromdate", "gdacs:todate", "gdacs:dateadded",
                   "gdacs:datemodified"})  # fmt: skip
BBOX = "gdacs:bbox"
METRES = 1.0


def read(root: Element, declared: Read, file: str) -> pd.DataFrame:
    """Items as text columns: ``title``, ``gdacs:eventtype``, ``gdacs:severity value`` and so on.

    Positions are latitude first in the file. With ``layer = "bbox"`` the geometry is the box of
    GDACS (west, east, south, north), else it is the item's own. Dates become ISO 8601.
    """
    items = [one for one in root.iter() if local(one.tag) in ITEMS]
    if declared.layer not in (None, "point", "bbox"):
        raise SourceUnreadable(
            file, f"layer {declared.layer!r} in its declaration", "'point' or 'bbox'",
            "Correct layer under read.",
        )  # fmt: skip
    records, shapes, problems = [], [], []
    for item in items:
        values = _values(item)
        shape, problem = _shape(item, values, boxed=declared.layer == "bbox")
        records.append(values)
        shapes.append(shape)
        problems.append(problem)
    return cells.shaped(records, shapes, problems, file)


def _values(item: Element) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for child in item:
        name = _named(child.tag)
        if name in LEFT_OUT or local(child.tag) in SHAPES:
            continue
        text = (child.text or "").strip() or None
        parts = {f"{name} {local(key)}": value for key, value in child.attrib.items()}
        if name == "link" and text is None:
            text, parts = child.get("href"), {}
        elif name == "category" and text is None:
            text, parts = child.get("term"), {}
        for key, value in {name: text, **parts}.items():
            told = _iso(value) if key in DATES else value
            values[key] = ", ".join(one for one in (values.get(key), told) if one) or None
    return values


def _named(tag: str) -> str:
    space, _, name = tag.rpartition("}") if isinstance(tag, str) else ("", "", "")
    prefix = next((short for part, short in PREFIXES.items() if part in space), "")
    return prefix + name


def _iso(text: str | None) -> str | None:
    try:
        return parsedate_to_datetime(text).isoformat(sep=" ") if text else None
    except ValueError:
        return text


def _shape(
    item: Element, values: dict[str, str | None], *, boxed: bool
) -> tuple[shapely.Geometry | None, str | None]:
    try:
        if boxed:
            west, east, south, north = map(float, (values.get(BBOX) or "").split())
            return shapely.box(west, south, east, north), None
        shapes = [made for child in item if (made := _made(child)) is not None]
        if not shapes and values.get("geo:lat") and values.get("geo:long"):
            text = f"{values['geo:lat']} {values['geo:long']}"
            shapes = [shapely.Point(latitudes_first(text)[0])]
        return together(shapes), None
    except (ValueError, shapely.errors.ShapelyError) as problem:
        return None, f"position that cannot be read ({problem})"


def _made(child: Element) -> shapely.Geometry | None:
    name, text = local(child.tag), child.text or ""
    if name == "point":
        return shapely.Point(latitudes_first(text)[0])
    if name == "line":
        return shapely.LineString(latitudes_first(text))
    if name == "polygon":
        return polygon(text)
    if name == "box":
        (west, south), (east, north) = latitudes_first(text)
        return shapely.box(west, south, east, north)
    if name == "circle":
        return circle(text, METRES)
    if name == "Point":
        inner = {local(part.tag): part.text or "" for part in child}
        if "lat" in inner and "long" in inner:
            return shapely.Point(latitudes_first(f"{inner['lat']} {inner['long']}")[0])
    if name in ("where", "Point"):
        positions = {local(part.tag): part.text or "" for part in child.iter()}
        if "posList" in positions:
            return polygon(positions["posList"])
        if "pos" in positions:
            return shapely.Point(latitudes_first(positions["pos"])[0])
    return None
