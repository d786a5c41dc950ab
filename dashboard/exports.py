"""Files to hand over. They hold what the view shows, its units and its sources, nothing more."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_data import grid
from geo_data.quantities import BY_COLUMN, Quantity
from geo_data.view import View

HXL = {
    "cell": "#geo+h3", "h3": "#geo+h3", "lat_deg": "#geo+lat", "lon_deg": "#geo+lon",
    "name": "#loc+name", "source": "#meta+source", "simulated": "#meta+simulated",
    "release": "#meta+release", "date": "#date+reported", "status": "#status",
    "sector": "#sector", "organisation": "#org", "country": "#country+code",
    "population_people": "#population", "displaced_people": "#affected+displaced",
    "dead_missing_people": "#affected+killed+missing", "value": "#value",
}  # fmt: skip
# A cell that starts with one of these is run as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(value: object) -> object:
    """Text that a spreadsheet will not run; anything else unchanged.

    >>> neutral("=1+1"), neutral("  @cmd"), neutral(-3), neutral("Ghat")
    ("'=1+1", "'  @cmd", -3, 'Ghat')
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return "'" + value
    return value


def safe_table(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose text cells and column names spreadsheets will not run."""
    text = [
        name for name in table if table[name].dtype == object or str(table[name].dtype) == "str"
    ]
    changed = {name: table[name].map(neutral) for name in text}
    return table.assign(**changed).rename(columns=lambda name: str(neutral(str(name))))


def csv(table: pd.DataFrame) -> bytes:
    """CSV with a HXL row; blank is unknown, 0 is an observed zero."""
    safe = safe_table(table)
    tags = pd.DataFrame([[HXL.get(str(name), "#meta+" + _tag(name)) for name in safe]])
    out = io.StringIO()
    pd.DataFrame(columns=safe.columns).to_csv(out, index=False)
    tags.to_csv(out, index=False, header=False)
    safe.to_csv(out, index=False, header=False)
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def hexagon_table(view: View, quantity: Quantity, table: pd.DataFrame) -> pd.DataFrame:
    """Hexagons of one quantity with names, positions, unit and sources in every row."""
    spoken = table[table[f"{quantity.column}__cover"] > 0]
    lat_deg, lon_deg = grid.centres_of(spoken["cell"])
    named = pd.DataFrame(
        {
            "h3": grid.text(spoken["cell"]),
            "lat_deg": np.round(lat_deg, 5),
            "lon_deg": np.round(lon_deg, 5),
            quantity.column: spoken[quantity.column].to_numpy(),
            "covered_share": spoken[f"{quantity.column}__cover"].round(3).to_numpy(),
        }
    )
    return stamped(view, named, [quantity])


def stamped(view: View, table: pd.DataFrame, quantities: list[Quantity]) -> pd.DataFrame:
    """A table with where it comes from and whether it is simulated, in every row."""
    sources = {s["source"]: s for quantity in quantities for s in view.sources_of(quantity)}
    titles = "; ".join(f"{s['title']} ({s['licence']})" for s in sources.values())
    return table.assign(
        source=titles or "see the Data page",
        simulated="yes" if any(s["simulated"] for s in sources.values()) else "no",
        release=view.name,
    )


def geopackage(layers: dict[str, gpd.GeoDataFrame], notes: pd.DataFrame) -> bytes:
    """GeoPackage with one layer a name and a table ``about`` of sources and units."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.gpkg"
        for name, layer in layers.items():
            safe = gpd.GeoDataFrame(
                safe_table(pd.DataFrame(layer.drop(columns="geometry"))),
                geometry=layer.geometry.to_numpy(), crs="EPSG:4326",
            )  # fmt: skip
            safe.to_file(file, layer=name, driver="GPKG")
        about = gpd.GeoDataFrame(safe_table(notes), geometry=[None] * len(notes), crs="EPSG:4326")
        about.to_file(file, layer="about", driver="GPKG")
        return file.read_bytes()


def hexagon_layer(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Hexagons with their outline, for GIS; the id travels as text, whole numbers lose digits."""
    cells = table["cell"].to_numpy(np.int64)
    named = table.drop(columns="cell").assign(h3=grid.text(cells))
    return gpd.GeoDataFrame(named, geometry=grid.polygons_of(cells), crs="EPSG:4326")


def about(view: View) -> pd.DataFrame:
    """Sources of a release with owner, licence, age and accounts, for export."""
    rows = [
        {
            "source": s["title"], "owner": s["owner"], "licence": s["licence"],
            "reference_period": s["reference_period"] or "not stated",
            "fetched": str(s["fetched"] or "not stated"),
            "simulated": "yes" if s["simulated"] else "no",
            "rows_in": s["rows_in"], "accepted": s["accepted"], "quarantined": s["quarantined"],
            "release": view.name,
        }
        for s in view.sources
    ]  # fmt: skip
    return pd.DataFrame(rows)


def kml(title: str, points: pd.DataFrame) -> bytes:
    """KML placemarks that handhelds accept: plain names, plain text, no styles from outside.

    Parameters
    ----------
    points : DataFrame
        ``name``, ``lat_deg``, ``lon_deg``; every other column goes into the description.
    """
    marks = []
    for row in points.to_dict("records"):
        said = "\n".join(
            f"{_label(name)}: {value}"
            for name, value in row.items()
            if name not in ("name", "lat_deg", "lon_deg") and value == value and value is not None
        )
        marks.append(
            f"<Placemark><name>{_xml(row['name'])}</name><description>{_xml(said)}</description>"
            f"<Point><coordinates>{row['lon_deg']:.5f},{row['lat_deg']:.5f}</coordinates></Point>"
            "</Placemark>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document><name>{_xml(title)}</name>{''.join(marks)}</Document></kml>"
    ).encode()


def file_name(view: View, what: str, ending: str) -> str:
    """A file name that a person understands: operation, content, date."""
    parts = (view.operation["key"].replace("_", "-"), what.replace("_", "-"), f"{view.at:%Y-%m-%d}")
    return "_".join(parts) + "." + ending


def _label(column: object) -> str:
    quantity = BY_COLUMN.get(str(column))
    return f"{quantity.label} ({quantity.unit})" if quantity else str(column).replace("_", " ")


def _tag(name: object) -> str:
    return "".join(letter for letter in str(name).lower() if letter.isalnum()) or "column"


def _xml(value: object) -> str:
    printable = "".join(letter for letter in str(value) if letter >= " " or letter in "\n\t")
    return escape(printable)
