"""Records of an uploaded file: the columns asked for, with positions in degrees, and no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from etl import angles, coordinates, personal, synonyms, values
from etl.readers import GEOMETRY, PROBLEM, ROW
from etl.uploads import layers
from geo_data import uploads
from geo_data.errors import SourceUnreadable
from geo_data.settings import Settings
from geo_data.uploads import Asked, Told

POSITION = "position"
# Names that files of devices and tools give to columns that no table of a release has.
HEADERS = {
    "track_id": ("track id", "track", "track fid", "trip", "sortie", "trace", "id"),
    "time": ("time", "timestamp", "datetime", "date time", "utc", "when", "heure", "hora", "date",
             "الوقت"),
    "speed_kn": ("speed kn", "speed knots", "knots"),
    "spacing_nm": ("spacing nm", "track spacing nm", "spacing"),
    "spacing_m": ("spacing m", "track spacing m"),
    "pattern": ("pattern", "search pattern"),
    "place_id": ("call sign",),
    "mobilise_h": ("mobilisation h", "mobilization h"),
}  # fmt: skip
NOTATIONS = ("pair", "unlocode", "dms", "mgrs", "utm", "wkt")


def read(file: Path, asked: Asked, settings: Settings) -> tuple[pd.DataFrame, Told]:
    """Rows of a file with the fields asked for.

    Returns
    -------
    DataFrame
        ``row``, as the file's own program counts; ``lat_deg``, ``lon_deg``, missing where nothing
        could be read; ``position``, how the file writes it; the fields as text; of layers
        ``geometry`` as WKB.
    Told

    Raises
    ------
    SourceUnreadable
        If it is no file of a known kind, a row is broken, or there are too many.
    """
    sounding, choice = layers.sounded(file, settings, asked.layer)
    table = sounding.table
    refuse_crowd(file.name, len(table), asked.most_rows)
    refuse_broken(file.name, table)
    shown = dict(zip(sounding.names, personal.shown_names(sounding.names), strict=True))
    found = personal.columns(table, sounding.names, table.attrs["hxl"])
    names = [name for name in sounding.names if name not in found]
    ours = matched(asked.fields, names, table.attrs["hxl"])
    told = Told(
        names={field: shown[name] for field, name in ours.items()},
        columns=[shown[name] for name in names], personal=[shown[name] for name in found],
        layers=choice, notes=[*sounding.doubts],
    )  # fmt: skip
    return _chosen(table, ours), told


def refuse_crowd(file: str, found: int, most: int, what: str = "rows") -> None:
    """Refuse more rows than a page can use, and none at all.

    Raises
    ------
    SourceUnreadable
    """
    if found > most:
        raise SourceUnreadable(
            file, f"{found:,} {what}", f"at most {most:,}", "Bring only what is needed."
        )
    if not found:
        raise SourceUnreadable(file, f"no {what}", "at least one", "Check that it was saved whole.")


def matched(fields: Sequence[str], names: Sequence[str], hxl: Mapping[str, str]) -> dict[str, str]:
    """Our field to the column that means it, by its own name, tag or header; each column once."""
    plain = {synonyms.plain(name): name for name in reversed(names)}
    ours: dict[str, str] = {
        field: plain[synonyms.plain(field)] for field in fields if synonyms.plain(field) in plain
    }
    for field in fields:
        tagged = synonyms.tagged(field, hxl)
        own = [plain[word] for word in HEADERS.get(field, ()) if word in plain]
        known = [tagged] if tagged in names else [*own, *synonyms.headed(field, names)]
        free = [name for name in known if name and name not in ours.values()]
        if field not in ours and free:
            ours[field] = free[0]
    return ours


def located(table: pd.DataFrame, ours: Mapping[str, str]) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Latitude, longitude and the text that they were read from."""
    nothing = pd.Series(None, index=table.index, dtype="str")
    if {"lat_deg", "lon_deg"} <= ours.keys():
        lat, lon = table[ours["lat_deg"]], table[ours["lon_deg"]]
        return _axis(lat, "lat"), _axis(lon, "lon"), lat + ", " + lon
    if POSITION in ours:
        texts = table[ours[POSITION]]
        read = [coordinates.NOTATIONS[form](texts) for form in NOTATIONS]
        lat, lon, _ = min(read, key=lambda one: one[2].sum())
        return lat, lon, texts
    if GEOMETRY in table:
        shapes = table[GEOMETRY].to_numpy(dtype=object)
        points = np.where(shapely.get_type_id(shapes) == 0, shapes, None)
        lat, lon = (pd.Series(part(points), table.index) for part in (shapely.get_y, shapely.get_x))
        kinds = [None if one is None else one.geom_type for one in shapes]
        return lat, lon, pd.Series(kinds, index=table.index, dtype="str")
    unknown = pd.Series(np.nan, index=table.index)
    return unknown, unknown, nothing


def _axis(texts: pd.Series, axis: angles.Axis) -> pd.Series:
    """Degrees as people write them: decimal, with a comma, in degrees and minutes."""
    most = 90 if axis == "lat" else 180
    decimal = values.number(texts)[0]
    spelled = angles.angle(texts.mask(decimal.abs() <= most), axis)[0]
    return decimal.where(decimal.abs() <= most, spelled)


def _chosen(table: pd.DataFrame, ours: Mapping[str, str]) -> pd.DataFrame:
    lat, lon, written = located(table, ours)
    kept = {field: table[name] for field, name in ours.items() if field not in uploads.TYPES}
    made = pd.DataFrame(
        {uploads.ROW: table[ROW], "lat_deg": lat, "lon_deg": lon, **kept, POSITION: written}
    )
    if GEOMETRY in table:
        made[uploads.GEOMETRY] = shapely.to_wkb(table[GEOMETRY].to_numpy(dtype=object))
    return made


def refuse_broken(file: str, table: pd.DataFrame) -> None:
    """Refuse a file for its first row that cannot be read.

    Raises
    ------
    SourceUnreadable
    """
    broken = table[PROBLEM].notna() if PROBLEM in table else pd.Series(False, index=table.index)
    if broken.any():
        row = table[broken].iloc[0]
        raise SourceUnreadable(
            file, f"row {row[ROW]}: {row[PROBLEM]}", "rows that can all be read",
            "Correct it and bring the file again; nothing was taken.",
        )  # fmt: skip
