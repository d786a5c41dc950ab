"""KML and KMZ that handhelds accept: plain names, styles of their own, no icon from elsewhere."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from dashboard.handout.neutral import neutral, xml
from dashboard.handout.provenance import UNITS
from geo_data.quantities import BY_COLUMN

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
)
FOOT = "</Document></kml>"
UNKNOWN_COLOUR = "#9aa4ab"
FILL_ALPHA, LINE_ALPHA = "b0", "ff"
NOT_TOLD = ("name", "lat_deg", "lon_deg", "cell", "class_number", "id")
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)


def kml(title: str, points: pd.DataFrame) -> bytes:
    """Placemarks only.

    Parameters
    ----------
    points : DataFrame
        ``name``, ``lat_deg``, ``lon_deg``; every other column goes into the description.
    """
    return f"{HEAD}<name>{xml(neutral(title))}</name>{''.join(_points(points))}{FOOT}".encode()


def document(
    heading: Mapping[str, Any], hexagons: gpd.GeoDataFrame | None, colours: Sequence[str],
    period: str | None, places: Mapping[str, pd.DataFrame], lines: gpd.GeoDataFrame,
    sources: Iterable[str], attached: Mapping[str, gpd.GeoDataFrame] = MappingProxyType({}),
) -> bytes:  # fmt: skip
    """A picture: a folder of hexagons styled by class, one a kind of places, one of lines.

    What a page attached has a folder a table, its outlines drawn as lines.

    Parameters
    ----------
    hexagons : GeoDataFrame
        With ``class``, ``class_number`` and one measured column.
    colours : sequence of str
        ``#rrggbb`` of each class.
    period : str
        ISO 8601 period that the hexagons speak about.
    """
    said = [heading["title"], heading["date"], heading["audience"], heading["late"]]
    said += ["SIMULATED DATA"] if heading["simulated"] else []
    said += [*heading["notes"], *sources, heading["disclaimer"]]
    parts = [f"<name>{xml(neutral(heading['title']))}</name>",
             f"<description>{xml(_lines_of(said))}</description>", _styles(colours)]  # fmt: skip
    if hexagons is not None and len(hexagons):
        parts.append(_folder("hexagons", _hexagons(hexagons, period)))
    parts += [_folder(kind, _points(table, dated=True)) for kind, table in places.items()]
    if len(lines):
        parts.append(_folder("lines", _paths(lines)))
    parts += [_folder(name, _shapes(table)) for name, table in attached.items()]
    return f"{HEAD}{''.join(parts)}{FOOT}".encode()


def kmz(document: bytes) -> bytes:
    """The same, packed; equal contents give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("doc.kml", _FIRST_DATE), document, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _points(table: pd.DataFrame, *, dated: bool = False) -> list[str]:
    return [
        f"<Placemark><name>{xml(name_of(row))}</name>{_text(row)}"
        f"{_stamp(row.get('date')) if dated else ''}{_data(row)}<Point><coordinates>"
        f"{row['lon_deg']:.5f},{row['lat_deg']:.5f}</coordinates></Point></Placemark>"
        for row in table.to_dict("records")
    ]


def _hexagons(table: gpd.GeoDataFrame, period: str | None) -> list[str]:
    shapes = (_ring(shape) for shape in table.geometry)
    rows = table.drop(columns="geometry").to_dict("records")
    span = _span(period)
    return [
        f"<Placemark><name>{xml(row['class'])}</name>{span}"
        f"<styleUrl>#class{row['class_number']}</styleUrl>{_data(row)}<Polygon><outerBoundaryIs>"
        f"<LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark>"
        for row, ring in zip(rows, shapes, strict=True)
    ]


def _shapes(table: gpd.GeoDataFrame) -> list[str]:
    """Rows with a shape: points where they are, all else by its lines."""
    placed = table[table.geometry.notna()]
    rows = placed.drop(columns="geometry").to_dict("records")
    marks = []
    for row, shape in zip(rows, placed.geometry, strict=True):
        point = shapely.get_dimensions(shape) == 0
        style = "" if point else "<styleUrl>#line</styleUrl>"
        drawn = (
            f"<Point><coordinates>{_ring(shape)}</coordinates></Point>"
            if point
            else f"<MultiGeometry>{_strings(shape)}</MultiGeometry>"
        )
        marks.append(
            f"<Placemark><name>{xml(name_of(row))}</name>{_text(row)}{style}{_data(row)}{drawn}"
            "</Placemark>"
        )
    return marks


def _strings(shape: shapely.Geometry) -> str:
    whole = shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape
    return "".join(
        f"<LineString><coordinates>{_ring(part)}</coordinates></LineString>"
        for part in shapely.get_parts(whole)
    )


def _paths(lines: gpd.GeoDataFrame) -> list[str]:
    marks = []
    for name, shape in zip(lines["name"], lines.geometry, strict=True):
        marks.append(
            f"<Placemark><name>{xml(name)}</name><styleUrl>#line</styleUrl>"
            f"<MultiGeometry>{_strings(shape)}</MultiGeometry></Placemark>"
        )
    return marks


def _styles(colours: Sequence[str]) -> str:
    classes = {**dict(enumerate(colours)), 254: UNKNOWN_COLOUR}
    styles = [
        f'<Style id="class{number}"><LineStyle><color>{_colour(colour, FILL_ALPHA)}</color>'
        f"<width>0.5</width></LineStyle><PolyStyle><color>{_colour(colour, FILL_ALPHA)}</color>"
        "</PolyStyle></Style>"
        for number, colour in classes.items()
    ]
    line = f"<color>{_colour('#7b3294', LINE_ALPHA)}</color><width>2</width>"
    return "".join(styles) + f'<Style id="line"><LineStyle>{line}</LineStyle></Style>'


def _colour(colour: str, alpha: str) -> str:
    """KML writes alpha, blue, green, red.

    >>> _colour("#112233", "ff")
    'ff332211'
    """
    return alpha + colour[5:7] + colour[3:5] + colour[1:3]


def _folder(name: str, marks: Sequence[str]) -> str:
    return f"<Folder><name>{xml(neutral(name))}</name>{''.join(marks)}</Folder>"


def name_of(row: Mapping[str, Any]) -> str:
    """Name of a place; without one its kind and date, else its id."""
    for names in (("name",), ("symbol", "date"), ("id",)):
        known = [row.get(name) for name in names]
        said = " ".join(str(part) for part in known if not pd.isna(part) and part != "")
        if said:
            return said
    return ""


def told(row: Mapping[str, Any]) -> list[tuple[str, str, object]]:
    """Column, title with unit, and value of all that is known."""
    return [
        (str(name), _label(name), value)
        for name, value in row.items()
        if name not in NOT_TOLD and not pd.isna(value)
    ]


def _text(row: Mapping[str, Any]) -> str:
    said = _lines_of(f"{label}: {value}" for _, label, value in told(row))
    return f"<description>{xml(said)}</description>"


def _data(row: Mapping[str, Any]) -> str:
    parts = "".join(
        f'<Data name="{xml(name)}"><displayName>{xml(label)}</displayName>'
        f"<value>{xml(value)}</value></Data>"
        for name, label, value in told(row)
    )
    return f"<ExtendedData>{parts}</ExtendedData>"


def _label(column: object) -> str:
    quantity = BY_COLUMN.get(str(column))
    if quantity:
        return f"{quantity.label} ({quantity.unit})"
    unit = UNITS.get(str(column))
    plain = str(column).replace("_", " ")
    return f"{plain} ({unit})" if unit else plain


def _stamp(value: object) -> str:
    known = isinstance(value, date) and not pd.isna(value)
    return f"<TimeStamp><when>{value:%Y-%m-%d}</when></TimeStamp>" if known else ""


def _span(period: str | None) -> str:
    first, _, last = (period or "").partition("/")
    ends = (("begin", first), ("end", last or first))
    if not all(_DAY.fullmatch(day) for _, day in ends):
        return ""
    return "<TimeSpan>" + "".join(f"<{end}>{day}</{end}>" for end, day in ends) + "</TimeSpan>"


def _ring(shape: shapely.Geometry) -> str:
    return " ".join(f"{x:.5f},{y:.5f}" for x, y in shapely.get_coordinates(shape).tolist())


def _lines_of(texts: Iterable[object]) -> str:
    return "\n".join(str(text) for text in texts)
